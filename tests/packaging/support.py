"""What the tests of packaging/ share: a folder with muslcheck on PATH, and scripts run in it."""
import hashlib
import os
import pathlib
import shutil
import subprocess
import sys
import tarfile
import tempfile
import unittest

ROOT = pathlib.Path(__file__).resolve().parents[2]
PROGRAM = pathlib.Path()


def load(path):
    import yaml
    return yaml.safe_load((ROOT / path).read_text())


class PackagingTest(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = pathlib.Path(folder.name)
        self.bin = self.folder / "bin"
        self.bin.mkdir()
        (self.bin / "muslcheck").symlink_to(PROGRAM)
        # A program for glibc: one error. The name has what a careless script would split or run.
        (self.folder / "a $(touch owned) b").mkdir()
        (self.folder / "a $(touch owned) b/tool").symlink_to(PROGRAM)
        self.source = f"file:{PROGRAM}"

    def run_command(self, *command, **environment):
        done = subprocess.run(command, cwd=self.folder, capture_output=True, text=True, timeout=60,
                              env={"PATH": f"{self.bin}:{os.environ['PATH']}",
                                   "XDG_CACHE_HOME": str(self.folder / "cache"), **environment})
        self.assertFalse((self.folder / "owned").exists(), "text of an input was run")
        return done

    def fake(self, name, then=""):
        """A program of this name that writes its arguments to the file NAME.log."""
        path = self.bin / name
        path.unlink(missing_ok=True)
        path.write_text(f'#!/bin/sh\necho "$@" >>"{self.folder}/{name}.log"\n{then}\n')
        path.chmod(0o755)

    def make_tarball(self, name):
        """What a release of version 1.2 is, with the program that is tested."""
        path = self.folder / name
        with tarfile.open(path, "w:gz", compresslevel=1) as archive:
            archive.add(PROGRAM, "muslcheck-1.2-linux-x86_64/bin/muslcheck")
        return path, hashlib.sha256(path.read_bytes()).hexdigest()

    def only_busybox(self):
        """A PATH like Alpine's: no bash, no curl, and no muslcheck."""
        (self.bin / "muslcheck").unlink()
        if shutil.which("busybox") is None:
            self.skipTest("busybox is missing")
        applets = subprocess.run(["busybox", "--list"], capture_output=True, text=True, check=True)
        for name in applets.stdout.split():
            (self.bin / name).symlink_to(shutil.which("busybox"))
        return str(self.bin)

    def read(self, name):
        path = self.folder / name
        return path.read_text() if path.exists() else None


def main():
    global PROGRAM
    try:
        import yaml  # noqa: F401
    except ImportError:
        print("SKIPPED: packaging/ was not tested, python3-yaml is missing", file=sys.stderr)
        sys.exit(77)
    PROGRAM = pathlib.Path(sys.argv[1]).resolve()
    unittest.main(argv=sys.argv[:1], module="__main__")
