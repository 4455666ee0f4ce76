"""ELF files with a few bytes changed, cut or repeated, always the same ones. Whatever comes out, the
scan ends well and every file is a module or a problem, or was no ELF file any more.

MUSLCHECK_MUTANTS says how many; MUSLCHECK_ELF_FILES are the files to change (separated by ':')."""

import os
import pathlib
import random
import shutil
import struct
import subprocess
import tempfile
import unittest

import images
from harness import HostileTest

PER_SCAN = 250
INTERESTING = [0, 1, 0x7f, 0x80, 0xff, 0x7fff, 0xffff, 0x7fffffff, 0xffffffff, 0x7fffffffffffffff,
               0xffffffffffffffff]


def originals(folder):
    named = os.environ.get("MUSLCHECK_ELF_FILES", "")
    if named:
        return [pathlib.Path(name).read_bytes() for name in named.split(":")]
    program = folder / "program"
    subprocess.run(["gcc", "-x", "c", "-", "-o", program], check=True, text=True,
                   input="#include <stdio.h>\nint main(void) { return puts(\"x\"); }\n")
    return [images.addon(), program.read_bytes()]


def mutate(original, numbers):
    """Most changes go where the structure is: the headers at the start and the tables at the end."""
    mutant = bytearray(original)
    for _ in range(numbers.choice([1, 1, 1, 2, 3, 8])):
        span = numbers.choice([64, 64 + 56 * 12, 4096, len(mutant)])
        at = numbers.randrange(min(span, len(mutant)) or 1)
        kind = numbers.randrange(6)
        if kind == 0:
            mutant[at] ^= 1 << numbers.randrange(8)
        elif kind == 1:
            mutant[at] = numbers.randrange(256)
        elif kind == 2:
            size, code = numbers.choice([(2, "<H"), (4, "<I"), (8, "<Q")])
            at -= at % size
            value = numbers.choice(INTERESTING) & ((1 << 8 * size) - 1)
            mutant[at:at + size] = struct.pack(code, value)
        elif kind == 3:
            size = min(numbers.choice([8, 24, 64]), len(mutant) - at)
            source = numbers.randrange(len(mutant) - size)
            mutant[at:at + size] = mutant[source:source + size]
        elif kind == 4 and numbers.random() < 0.2:
            del mutant[numbers.randrange(64, len(mutant)):]
        else:
            size, code = numbers.choice([(4, "<I"), (8, "<Q")])
            at -= at % size
            value = numbers.choice([at, len(mutant), len(mutant) - 1, len(mutant) + 1, 64])
            mutant[at:at + size] = struct.pack(code, value)
    return bytes(mutant)


class Mutants(HostileTest):
    def test_mutants_are_examined_or_reported(self):
        folder = pathlib.Path(tempfile.mkdtemp())
        self.addCleanup(shutil.rmtree, folder)
        files = originals(folder)
        numbers = random.Random(20)
        left = int(os.environ.get("MUSLCHECK_MUTANTS", "250"))
        round_number = 0
        while left > 0:
            scanned = folder / str(round_number)
            scanned.mkdir()
            for number in range(min(left, PER_SCAN)):
                (scanned / f"{number:04}.so").write_bytes(mutate(numbers.choice(files), numbers))
            run = self.run_scan(f"dir:{scanned}")
            self.assertNotEqual(run.code, 2, run.err)
            self.check_accounted_for(scanned, run.report)
            shutil.rmtree(scanned)
            left -= PER_SCAN
            round_number += 1

    def check_accounted_for(self, scanned, report):
        told = {m["path"] for m in report["modules"]} | {p["path"] for p in report["problems"]}
        for path in sorted(scanned.iterdir()):
            head = path.read_bytes()[:18]
            if path.name in told or not head.startswith(b"\x7fELF"):
                continue
            order = ">" if head[5] == 2 else "<"
            kind = struct.unpack(order + "H", head[16:18])[0]
            self.assertIn(kind, (1, 4), f"{path.name} is in no list")  # ET_REL, ET_CORE

        for problem in report["problems"]:
            self.assertNotIn(problem["code"], ("exception", "worker-lost"), problem)


if __name__ == "__main__":
    unittest.main()
