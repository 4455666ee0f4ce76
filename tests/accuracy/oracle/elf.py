"""The little that the oracle itself must know of ELF: which files the loader can be asked about,
and where their constructors are listed.

A library's constructors would run inside dlopen. They are not needed to see what the loader says,
and nothing of a foreign package shall run here, so `disarm` renames the tags DT_INIT, DT_FINI,
DT_INIT_ARRAY and DT_FINI_ARRAY (with their sizes) in the dynamic table to numbers that no loader
knows. Relocation, symbols and search are untouched. (musl never calls IFUNC resolvers.)
"""

from __future__ import annotations

import struct
from dataclasses import dataclass
from pathlib import Path

EM_X86_64 = 62
ET_EXEC = 2
ET_DYN = 3
PT_LOAD = 1
PT_DYNAMIC = 2
PT_INTERP = 3
CONSTRUCTOR_TAGS = (12, 13, 25, 26, 27, 28)
DISARMED = 0x6F000000  # an unassigned number between DT_LOOS and DT_HIOS


@dataclass(frozen=True)
class ElfFile:
    """Header facts of one ELF file; `dynamic` is the file offset and size of PT_DYNAMIC."""

    machine: int
    elf_type: int
    os_abi: int
    is_64_little: bool
    interpreter: str = ""
    dynamic: tuple[int, int] | None = None

    @property
    def judged(self) -> bool:
        """Whether x86_64 musl can be asked about it."""
        native = self.is_64_little and self.machine == EM_X86_64
        return native and self.dynamic is not None and self.elf_type in (ET_EXEC, ET_DYN)


def read_elf(path: Path) -> ElfFile | None:
    """None for what is not an ELF program or library (or is cut off inside its headers)."""
    with path.open("rb") as file:
        head = file.read(64)
        if len(head) < 52 or head[:4] != b"\x7fELF":
            return None
        order = "<" if head[5] == 1 else ">"
        elf_type, machine = struct.unpack_from(order + "HH", head, 16)
        if elf_type not in (ET_EXEC, ET_DYN):
            return None
        if head[4] != 2 or head[5] != 1 or len(head) < 64:
            return ElfFile(machine, elf_type, head[7], is_64_little=False)
        return _read_segments(file, head, machine, elf_type)


def _read_segments(file, head: bytes, machine: int, elf_type: int) -> ElfFile:
    (table,) = struct.unpack_from("<Q", head, 32)
    entry_size, count = struct.unpack_from("<HH", head, 54)
    interpreter, dynamic = "", None
    for index in range(count):
        file.seek(table + index * entry_size)
        entry = file.read(56)
        if len(entry) < 56:
            break
        kind, _flags, offset, _vaddr, _paddr, size = struct.unpack_from("<IIQQQQ", entry)
        if kind == PT_DYNAMIC and size:
            dynamic = (offset, size)
        elif kind == PT_INTERP:
            file.seek(offset)
            interpreter = file.read(min(size, 4096)).split(b"\0")[0].decode("utf-8", "replace")
    return ElfFile(machine, elf_type, head[7], True, interpreter, dynamic)


def disarm(path: Path, elf: ElfFile) -> None:
    """Makes the loader overlook the file's constructors and destructors."""
    if elf.dynamic is None:
        return
    offset, size = elf.dynamic
    with path.open("r+b") as file:
        file.seek(offset)
        table = bytearray(file.read(size))
        for at in range(0, len(table) - 15, 16):
            (tag,) = struct.unpack_from("<q", table, at)
            if tag == 0:
                break
            if tag in CONSTRUCTOR_TAGS:
                struct.pack_into("<q", table, at, DISARMED | tag)
        file.seek(offset)
        file.write(table)
