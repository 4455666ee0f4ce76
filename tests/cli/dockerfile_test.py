#!/usr/bin/env python3
"""Patches of `muslcheck dockerfile`, applied with patch(1).

usage: dockerfile_test.py MUSLCHECK DOCKERFILES

Every Dockerfile of the folder is moved, in one stage and in two; the patch must apply without an
offset, and what comes out must need no further patch.
"""
import pathlib
import shutil
import subprocess
import sys
import tempfile
import unittest

PROGRAM = pathlib.Path()
DOCKERFILES = pathlib.Path()


class DockerfileTest(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = pathlib.Path(folder.name)

    def run_program(self, *arguments):
        return subprocess.run([PROGRAM, "dockerfile", *arguments], cwd=self.folder, timeout=60,
                              capture_output=True)

    def test_patches_apply(self):
        for path in sorted(DOCKERFILES.iterdir()):
            for options in ((), ("--multi-stage",), ("--target", "alpine:3.21")):
                with self.subTest(path.name, options=options):
                    self.check_patch(path, options)

    def check_patch(self, path, options):
        shutil.copy(path, self.folder / "Dockerfile")
        made = self.run_program("Dockerfile", *options)
        self.assertEqual(made.returncode, 0, made.stderr)
        if not made.stdout:
            return
        done = subprocess.run(["patch", "--binary", "Dockerfile"], cwd=self.folder,
                              input=made.stdout, capture_output=True)
        self.assertEqual(done.returncode, 0, done.stdout)
        self.assertNotIn(b"offset", done.stdout)
        self.assertNotIn(b"fuzz", done.stdout)
        again = self.run_program("Dockerfile", *options)
        self.assertEqual((again.returncode, again.stdout), (0, b""))

    def test_notes_go_to_standard_error(self):
        (self.folder / "Dockerfile").write_text("FROM acme/app:1\n")
        made = self.run_program("Dockerfile")
        self.assertEqual((made.returncode, made.stdout), (0, b""))
        self.assertIn(b"line 1: acme/app:1", made.stderr)

    def test_output_goes_into_a_file(self):
        (self.folder / "Dockerfile").write_text("FROM node:20\n")
        made = self.run_program("Dockerfile", "-o", "alpine.patch")
        self.assertEqual((made.returncode, made.stdout), (0, b""))
        self.assertIn("+FROM node:20-alpine", (self.folder / "alpine.patch").read_text())

    def test_what_cannot_be_used_gives_2(self):
        (self.folder / "Dockerfile").write_text("FROM node:20\n")
        (self.folder / "bad").write_text("RUN x\n")
        for arguments in (("missing",), ("bad",), ("Dockerfile", "--target", "alpine:1.0"),
                          ("Dockerfile", "--stage", "none"), ("Dockerfile", "--build-arg", "x")):
            with self.subTest(arguments):
                made = self.run_program(*arguments)
                self.assertEqual((made.returncode, made.stdout), (2, b""))
                self.assertNotEqual(made.stderr, b"")


if __name__ == "__main__":
    if shutil.which("patch") is None:
        print("SKIPPED: patches were not applied, the program patch is missing", file=sys.stderr)
        sys.exit(77)
    PROGRAM = pathlib.Path(sys.argv[1]).resolve()
    DOCKERFILES = pathlib.Path(sys.argv[2])
    unittest.main(argv=sys.argv[:1])
