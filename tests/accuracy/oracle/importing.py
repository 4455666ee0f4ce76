"""Which extension modules would CPython import on musl? Asked of CPython's own import machinery:
importlib's FileFinder with the suffixes of a musl build, over the folders of a tree. Nothing is
imported. (CPython's configure puts the platform triplet into EXTENSION_SUFFIXES; on musl it is
x86_64-linux-musl. Extensions come before source files, as in _get_supported_file_loaders.)"""

from __future__ import annotations

from importlib import machinery
from pathlib import Path

from . import root as oracle_root

MUSL_SUFFIXES = [".cpython-311-x86_64-linux-musl.so", ".abi3.so", ".so"]
CHOSEN, INERT, MISSING = "chosen", "inert", "missing"


def is_extension(path: Path) -> bool:
    """Whether it has the function that an import of its name would call."""
    return f"PyInit_{stem_of(path)}" in oracle_root.exports_of(path)


def stem_of(path: Path) -> str:
    return path.name.partition(".")[0]


def find(path: Path, package_root: Path) -> str:
    """What an import of the file's dotted name gives on musl: the file, another one, or nothing."""
    finder = machinery.FileFinder(str(path.parent),
                                  (machinery.ExtensionFileLoader, MUSL_SUFFIXES),
                                  (machinery.SourceFileLoader, machinery.SOURCE_SUFFIXES))
    parts = (*path.parent.relative_to(package_root).parts, stem_of(path))
    spec = finder.find_spec(".".join(parts))
    if spec is None or spec.loader is None:
        return MISSING
    return CHOSEN if spec.origin == str(path) else INERT
