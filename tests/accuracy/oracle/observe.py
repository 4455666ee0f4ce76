"""Asks the real loader about every ELF file of a folder."""

from __future__ import annotations

import shutil
from fnmatch import fnmatchcase
from pathlib import Path

from . import elf, messages, musl, root as oracle_root
from .musl import FileRecord

# The ways a file is loaded. LIST is as a program is started; in the others a process is there
# before, which has libc, or (…_NODE) what node has.
LIST, LIST_PLAIN, LIST_NODE = "list", "list-plain", "list-node"
NOW, LAZY, NOW_NODE, LAZY_NODE = "now", "lazy", "now-node", "lazy-node"
# In the process of a program of the same tree that has symbols which the file lacks ("list:bin/x"),
# or of a host that the tree does not have ("list:python"), which has the names of its interface.
INTERFACES = {
    "bare": ("js_*", "uv_*", "bare_*"),                # holepunchto/libjs include/js.h
    "python": ("Py*", "_Py*"),                         # CPython, "C API Stability"
    "perl": ("Perl_*", "PL_*", "PerlIO_*"),            # perlapi
    "java": ("JNI_*", "JVM_*"),                        # OpenJDK hotspot/share/include/jvm.h
}


def runs_in(program: str) -> tuple[str, str, str]:
    """Names of the runs in a program's process: list, lazy, now."""
    return f"list:{program}", f"lazy:{program}", f"now:{program}"



def observe(root: Path, folder: str = "node_modules") -> list[FileRecord]:
    """Records of all ELF files below a folder of the root, by path."""
    records = []
    for path in sorted((root / folder).rglob("*")):
        facts = elf.read_elf(path) if path.is_file() and not path.is_symlink() else None
        if facts is None:
            continue
        elf.disarm(path, facts)
        records.append(_record(path.relative_to(root), facts))
    judged = [record for record in records if record.judged]
    for record in judged:
        record.runs[LIST] = musl.list_file(root, "/" + record.path, musl.BARE)
        if record.interpreter:
            record.exec_error = musl.exec_error(root, "/" + record.path, record.interpreter)
    oracle_root.make_node_host(root, _missing_symbols(judged))
    for record in judged:
        _observe_dlopen(root, record)
    _observe_in_programs(root, judged)
    return records


def _record(path: Path, facts: elf.ElfFile) -> FileRecord:
    is_static = facts.is_64_little and facts.dynamic is None
    return FileRecord(str(path), facts.machine, facts.elf_type, facts.os_abi, facts.interpreter,
                      facts.judged, is_static)


def _missing_symbols(records: list[FileRecord]) -> set[str]:
    return {error.subject for record in records for error in record.runs[LIST].errors
            if error.kind == messages.SYMBOL}


def _observe_in_programs(root: Path, judged: list[FileRecord]) -> None:
    everything = _missing_symbols(judged)
    programs = {host: {name for name in everything
                       if any(fnmatchcase(name, glob) for glob in globs)}
                for host, globs in INTERFACES.items()}
    for record in judged:
        if record.interpreter:
            programs[record.path] = everything & oracle_root.exports_of(root / record.path).keys()
    for number, (program, provided) in enumerate(sorted(programs.items())):
        users = [record for record in judged if record.elf_type != elf.ET_EXEC and
                 record.path != program and _missing_symbols([record]) & provided]
        if not users:
            continue
        host = oracle_root.make_host(root, number, provided)
        for record in users:
            _observe_in(root, record, program, host)


def _observe_in(root: Path, record: FileRecord, program: str, host: str) -> None:
    listing, lazy, now = runs_in(program)
    path = "/" + record.path
    record.runs[listing] = musl.list_file(root, path, host)
    record.runs[lazy] = musl.dlopen_file(root, path, "lazy", host)
    record.runs[now] = musl.dlopen_file(root, path, "now", host)


def _observe_dlopen(root: Path, record: FileRecord) -> None:
    path = "/" + record.path
    record.runs[LIST_PLAIN] = musl.list_file(root, path, musl.PLAIN)
    record.runs[LIST_NODE] = musl.list_file(root, path, musl.NODE)
    if record.elf_type == elf.ET_EXEC:
        return  # would be mapped over the host
    record.runs[NOW] = musl.dlopen_file(root, path, "now", musl.BARE)
    record.runs[LAZY] = musl.dlopen_file(root, path, "lazy", musl.BARE)
    record.runs[NOW_NODE] = musl.dlopen_file(root, path, "now", musl.NODE)
    record.runs[LAZY_NODE] = musl.dlopen_file(root, path, "lazy", musl.NODE)


def clear(root: Path, folder: str = "node_modules") -> None:
    """Takes the packages out of the root again."""
    shutil.rmtree(root / folder, ignore_errors=True)
