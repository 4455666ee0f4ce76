#!/usr/bin/env python3
"""Prints the ELF files of a folder, ended by zero bytes as `xargs -0` wants them:
find_elf.py FOLDER [--loadable]. With --loadable without object files, which need no libraries."""

import os
import sys

MAGIC = b"\x7fELF"
TYPE_OFFSET = 16  # e_type, little-endian
LOADABLE = (2, 3)  # ET_EXEC, ET_DYN


def is_wanted(path, loadable):
    with open(path, "rb") as file:
        head = file.read(TYPE_OFFSET + 2)
    if len(head) < TYPE_OFFSET + 2 or not head.startswith(MAGIC):
        return False
    return not loadable or head[TYPE_OFFSET] in LOADABLE


def main(folder, loadable):
    for parent, _, names in os.walk(folder):
        for name in names:
            path = os.path.join(parent, name)
            if not os.path.islink(path) and os.path.isfile(path) and is_wanted(path, loadable):
                sys.stdout.write(path + "\0")


if __name__ == "__main__":
    main(sys.argv[1], "--loadable" in sys.argv[2:])
