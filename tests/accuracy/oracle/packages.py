"""npm packages as folders: fetched once with npm itself, unpacked without running anything."""

from __future__ import annotations

import shutil
import subprocess
import tarfile
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from .tables import read_table


@dataclass(frozen=True)
class Layout:
    """Packages that are laid out together in one node_modules folder."""

    name: str
    packages: tuple[str, ...]  # NAME@VERSION
    exercises: str


def read_layouts() -> list[Layout]:
    rows = read_table("packages.tsv")
    return [Layout(name, tuple(packages.split(" ")), why) for name, packages, why in rows]


def split_spec(spec: str) -> tuple[str, str]:
    """ "@scope/name@1.0.0" as name and version."""
    name, _, version = spec.rpartition("@")
    return name, version


def tarball_name(spec: str) -> str:
    """The file name that `npm pack` gives a package."""
    name, version = split_spec(spec)
    return f"{name.lstrip('@').replace('/', '-')}-{version}.tgz"


def fetch(spec: str, folder: Path) -> Path:
    """The package's tarball, downloaded unless it is there. `npm pack` runs no scripts of it."""
    tarball = folder / tarball_name(spec)
    if not tarball.exists():
        folder.mkdir(parents=True, exist_ok=True)
        partial = folder / "partial"
        shutil.rmtree(partial, ignore_errors=True)
        partial.mkdir()
        subprocess.run(["npm", "pack", "--ignore-scripts", "--silent", spec], cwd=partial,
                       stdout=subprocess.DEVNULL, stdin=subprocess.DEVNULL, check=True)
        (partial / tarball.name).rename(tarball)
        partial.rmdir()
    return tarball


def lay_out(layout: Layout, tarballs: Path, target: Path) -> None:
    """Unpacks every package of the layout under target/node_modules."""
    for spec in layout.packages:
        name, _ = split_spec(spec)
        _unpack(fetch(spec, tarballs), target / "node_modules" / name)


def _unpack(tarball: Path, folder: Path) -> None:
    """Regular files only, as npm does, without the archive's first folder."""
    with tarfile.open(tarball) as archive:
        for member in archive:
            parts = PurePosixPath(member.name).parts[1:]
            if not member.isreg() or not parts or ".." in parts:
                continue
            path = folder.joinpath(*parts)
            path.parent.mkdir(parents=True, exist_ok=True)
            with archive.extractfile(member) as source, path.open("wb") as target:
                shutil.copyfileobj(source, target, 1 << 20)
            path.chmod(0o755 if member.mode & 0o111 else 0o644)
