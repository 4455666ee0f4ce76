#!/usr/bin/env python3
"""The program without shared libraries, in roots that have nothing but it and what it reads: no
library, no shell, no /proc, /dev, /etc, /tmp. What it says there is compared byte for byte with what
the ordinary program says here.

usage: static_test.py STATIC_MUSLCHECK MUSLCHECK [UNITTEST_OPTION...]
STATIC_MUSLCHECK may be "none", where there is none: then it says why the test is skipped.
"""
import argparse
import gzip
import os
import pathlib
import shutil
import subprocess
import sys
import tempfile
import unittest

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path += [str(ROOT / "tests/hostile"), str(ROOT / "tests/e2e")]
import images  # noqa: E402
import run_case  # noqa: E402

NOBODY = 65534
STATIC = pathlib.Path()
ORDINARY = pathlib.Path()
# What a root of Debian's package musl has: the loader, which is the C library, under its two names.
MUSL = ["lib/ld-musl-x86_64.so.1", "lib/x86_64-linux-musl/libc.so",
        "usr/lib/x86_64-linux-musl/libc.so"]


def enter(root, user):
    """Run in the child: from here on there is nothing but the root."""
    os.chroot(root)
    os.chdir("/input")
    if user:
        os.setgroups([])
        os.setgid(user)
        os.setuid(user)


class StaticTest(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.root = pathlib.Path(folder.name)
        self.input = self.root / "input"
        self.input.mkdir()
        # mkdtemp's folder is closed to others, which nobody in the root would be.
        self.root.chmod(0o755)
        self.add(STATIC, "muslcheck")

    def add(self, path, name):
        target = self.root / name
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(path, target)

    def run_bare(self, *arguments, user=0, **environment):
        return subprocess.run(["/muslcheck", *arguments], env=environment, capture_output=True,
                              timeout=120, preexec_fn=lambda: enter(self.root, user))

    def run_ordinary(self, *arguments):
        return subprocess.run([str(ORDINARY), *arguments], cwd=self.input, capture_output=True,
                              timeout=120, env={})

    def assert_says_the_same(self, *arguments, user=0):
        bare = self.run_bare(*arguments, user=user)
        ordinary = self.run_ordinary(*arguments)
        self.assertEqual((bare.returncode, bare.stderr.decode(), bare.stdout.decode()),
                         (ordinary.returncode, ordinary.stderr.decode(), ordinary.stdout.decode()),
                         arguments)
        return bare

    def add_images(self):
        """One image in three forms: plain layers, gzip and zstd; names that are not ASCII."""
        layers = [images.layer(),
                  images.tar(images.entry("app/bin/prüfen", ORDINARY.read_bytes()),
                             images.entry("app/bin/ls", pathlib.Path("/bin/ls").read_bytes()))]
        (self.input / "plain.tar").write_bytes(images.image(layers))
        for name, pack in (("gzip", lambda text: gzip.compress(text, 1)), ("zstd", images.zstd)):
            layout = images.Layout()
            layout.finish(layout.image(layers, pack=pack)).write(self.input / name)
        return ["docker-archive:plain.tar", "oci-dir:gzip", "oci-dir:zstd"]

    def test_it_needs_no_loader_and_no_library(self):
        said = subprocess.run(["readelf", "-ldW", str(STATIC)], capture_output=True, text=True,
                              check=True).stdout
        self.assertNotIn("INTERP", said)
        self.assertNotIn("NEEDED", said)

    def test_muslcheck_says_that_it_is_ready_for_alpine(self):
        done = self.run_bare("scan", "file:/muslcheck", "--target", "all", "--fail-on", "note")
        self.assertEqual((done.returncode, done.stderr), (0, b""), done.stdout.decode())
        self.assertTrue(done.stdout.startswith(b"ready: "), done.stdout)

    def test_commands_that_read_nothing(self):
        for arguments in (["--version"], ["--help"], ["rules"], ["targets"], ["explain", "MC203"],
                          ["explain", "fcntl64"], ["man"], ["completion", "bash"],
                          ["completion", "zsh"], ["completion", "fish"]):
            with self.subTest(arguments):
                done = self.assert_says_the_same(*arguments)
                self.assertEqual(done.returncode, 0)

    def test_images_in_every_form(self):
        for source in self.add_images():
            for form in ("table", "json", "sarif", "html", "cyclonedx"):
                with self.subTest(source, form=form):
                    done = self.assert_says_the_same("scan", source, "-f", form, "--jobs", "4")
                    self.assertEqual(done.returncode, 1)
                    self.assertIn("prüfen", done.stdout.decode())

    def test_files_are_written(self):
        source = self.add_images()[0]
        for name in ("report.json", "report.html"):
            form = name.partition(".")[2]
            done = self.run_bare("scan", source, "-o", f"{form}={name}")
            self.assertEqual((done.returncode, done.stderr), (1, b""))
            self.assertEqual((self.input / name).read_bytes(),
                             self.run_ordinary("scan", source, "-f", form).stdout)

    def test_a_cache_is_kept(self):
        source = self.add_images()[1]
        first = self.run_bare("scan", source, XDG_CACHE_HOME="/cache")
        self.assertTrue(any((self.root / "cache").rglob("*")))
        # What is read a second time would be missing.
        for blob in (self.input / "gzip/blobs/sha256").iterdir():
            if blob.read_bytes().startswith(b"\x1f\x8b"):
                blob.write_bytes(bytes(blob.stat().st_size))
        second = self.run_bare("scan", source, XDG_CACHE_HOME="/cache")
        self.assertEqual((first.returncode, first.stdout), (second.returncode, second.stdout))

    def test_nobody_in_a_root_that_nobody_can_write(self):
        for source in self.add_images():
            with self.subTest(source):
                self.assert_says_the_same("scan", source, "-f", "json", user=NOBODY)
        self.assertFalse((self.root / "cache").exists())
        done = self.run_bare("scan", source, "-o", "json=report.json", user=NOBODY)
        self.assertEqual(done.returncode, 2)
        self.assertIn(b"cannot write: Permission denied", done.stderr)

    def test_a_root_of_musl(self):
        there = [name for name in MUSL if pathlib.Path("/", name).exists()]
        if not there:
            self.skipTest("Debian's package musl is missing")
        for name in there:
            self.add(pathlib.Path("/", name), name)
        # It is a root where programs for musl start and this program's ordinary build does not.
        self.add(ORDINARY, "ordinary")
        with self.assertRaises(FileNotFoundError):
            subprocess.run(["/ordinary"], preexec_fn=lambda: enter(self.root, 0))
        for source in self.add_images():
            with self.subTest(source):
                self.assert_says_the_same("scan", source, "-f", "json")

    def test_a_closed_output_is_not_taken_for_a_file(self):
        source = self.add_images()[0]

        def close_and_enter():
            enter(self.root, 0)
            os.close(1)
        done = subprocess.run(["/muslcheck", "scan", source], stderr=subprocess.PIPE, env={},
                              preexec_fn=close_and_enter)
        self.assertEqual(done.returncode, 2)
        self.assertIn(b"cannot write", done.stderr)

    def test_nothing_of_the_machine_is_looked_for(self):
        # Whoever opens one of these waits for a writer, who never comes.
        for name in ("etc/ld.so.cache", "etc/nsswitch.conf", "usr/lib/ssl/openssl.cnf",
                     "lib/x86_64-linux-gnu/libtbbmalloc.so.2", "lib/x86_64-linux-gnu/libirml.so.1"):
            (self.root / name).parent.mkdir(parents=True, exist_ok=True)
            os.mkfifo(self.root / name)
        self.assertEqual(self.run_bare("scan", self.add_images()[1]).returncode, 1)

    def test_readme_says_what_muslcheck_says_about_itself(self):
        text = (ROOT / "README.md").read_text()
        text = text[text.index("### muslcheck about itself"):text.index("## Exit codes")]
        self.add(ORDINARY, "input/usr/bin/muslcheck")
        self.add(STATIC, "input/usr/local/bin/muslcheck")
        for name in ("usr/bin/muslcheck", "usr/local/bin/muslcheck"):
            arguments = ["scan", f"file:{name}", "--target", "alpine:3.22"]
            said = self.run_bare(*arguments).stdout.decode()
            # The verdict and what to do about it.
            summary = said.partition("\n\nFiles of no package")[0].rstrip()
            self.assertIn(f"$ muslcheck {' '.join(arguments)}\n{summary}\n", text)

    def test_every_end_to_end_case(self):
        options = argparse.Namespace(fixtures=pathlib.Path("/nonexistent"), muslcheck=ORDINARY)

        def run_program(_, arguments, folder, environment):
            return self.run_bare(*arguments)
        cases = sorted(path.parent for path in (ROOT / "tests/e2e").glob("*/arguments"))
        self.assertGreater(len(cases), 50)
        for case in cases:
            with self.subTest(case.name), tempfile.TemporaryDirectory() as cache:
                shutil.rmtree(self.input)
                self.input.mkdir()
                said = run_case.run(case, options, self.input, pathlib.Path(cache), run_program)
                if said is None:
                    print(f"SKIPPED {case.name}: something it needs is missing", file=sys.stderr)
                else:
                    self.assertEqual(said, (case / "expected.txt").read_text())


def main():
    global STATIC, ORDINARY
    if len(sys.argv) < 3:
        sys.exit(__doc__)
    reason = ("packaging/static/libraries was not run before cmake" if sys.argv[1] == "none" else
              "only root can enter another root" if os.geteuid() != 0 else None)
    if reason:
        print(f"SKIPPED: the program without shared libraries was not tested: {reason}",
              file=sys.stderr)
        sys.exit(77)
    STATIC, ORDINARY = (pathlib.Path(name).resolve() for name in sys.argv[1:3])
    unittest.main(argv=[sys.argv[0], *sys.argv[3:]])


if __name__ == "__main__":
    main()
