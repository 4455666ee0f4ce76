#!/usr/bin/env python3
"""The cache of layers, seen from outside: what a second scan reads, and what it may believe.

usage: cache_test.py MUSLCHECK HOSTILE_FOLDER
"""
import gzip
import json
import os
import pathlib
import subprocess
import sys
import tempfile
import time
import unittest

PROGRAM = pathlib.Path()
images = None


class CacheTest(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = pathlib.Path(folder.name)
        self.cache = self.folder / "cache"
        self.image = self.folder / "image.tar"

    def run_program(self, *arguments, **environment):
        return subprocess.run([PROGRAM, *arguments], capture_output=True, text=True, timeout=120,
                              cwd=self.folder,
                              env={"PATH": os.environ["PATH"], **environment})

    def scan(self, *arguments):
        """The report; scans with findings are fine."""
        result = self.run_program("scan", f"docker-archive:{self.image}", "-f", "json",
                                  *(arguments or ("--cache-dir", str(self.cache))))
        self.assertIn(result.returncode, (0, 1), result.stderr)
        return json.loads(result.stdout)

    def write(self, content, age=60):
        """An image that was last changed a while ago: one changed just now has no identity."""
        self.image.write_bytes(content)
        settled = time.time() - age
        os.utime(self.image, (settled, settled))

    def write_settled(self, content):
        self.write(content)
        time.sleep(3)  # the time of the last change of the inode cannot be set

    def entries(self):
        return sorted(path.name for path in self.cache.rglob("*.facts"))

    def test_a_second_scan_gives_the_same_report_and_stores_nothing_new(self):
        layer = images.layer()
        for packed, prefix in ((gzip.compress(layer), "sha256-"), (layer, "file-")):
            with self.subTest(prefix):
                self.run_program("cache", "clean", "--cache-dir", str(self.cache))
                self.write_settled(images.image(layers=[packed]))
                first = self.scan()
                entries = self.entries()
                self.assertEqual([name[:len(prefix)] for name in entries], [prefix])
                self.assertEqual(self.scan(), first)
                self.assertEqual(self.entries(), entries)
                self.assertEqual(len(first["modules"]), 1)

    def test_what_the_cache_has_is_not_read_again(self):
        self.write(images.image(layers=[gzip.compress(images.layer())]))
        self.scan()
        (entry,) = self.cache.rglob("*.facts")
        before = entry.stat().st_mtime_ns
        content = bytearray(self.image.read_bytes())
        at = content.index(b"\x1f\x8b\x08")
        content[at + 30:at + 60] = bytes(30)  # damages the layer, not its size
        self.write(bytes(content))
        self.assertEqual(self.scan()["problems"], [])
        self.assertGreaterEqual(entry.stat().st_mtime_ns, before)
        # --verify reads it.
        damaged = self.run_program("scan", f"docker-archive:{self.image}", "--verify",
                                   "--cache-dir", str(self.cache))
        self.assertTrue("layer-damaged" in damaged.stdout + damaged.stderr or
                        damaged.returncode == 2, damaged.stdout)

    def test_a_layer_that_is_not_what_it_claims_never_speaks_for_another(self):
        """An image says that its layer has the digest of somebody else's."""
        good = gzip.compress(images.layer())
        digest = images.diff_id(good)
        other = gzip.compress(images.tar(images.entry("harmless", b"text")))
        config = images.config([other])
        config["rootfs"]["diff_ids"] = [digest]
        self.write_settled(images.image(layers=[other], configuration=config))
        report = self.scan()
        self.assertEqual([problem["code"] for problem in report["problems"]],
                         ["diff-id-mismatch"])
        self.assertFalse(any(name.startswith("sha256-") for name in self.entries()))
        self.write(images.image(layers=[good]))
        self.assertEqual(len(self.scan()["modules"]), 1)

    def test_a_plain_layer_that_claims_the_digest_of_another_is_kept_for_its_file_only(self):
        good = images.layer()
        other = images.tar(images.entry("harmless", b"text"))
        config = images.config([other])
        config["rootfs"]["diff_ids"] = [images.diff_id(good)]
        self.write_settled(images.image(layers=[other], configuration=config))
        self.assertEqual(len(self.scan()["modules"]), 0)
        self.assertFalse(any(name.startswith("sha256-") for name in self.entries()))
        self.write_settled(images.image(layers=[good]))
        self.assertEqual(len(self.scan()["modules"]), 1)

    def test_a_file_that_changes_in_place_is_read_again(self):
        self.write_settled(images.image(layers=[images.tar(images.entry("a", b"1" * 4096))]))
        self.assertEqual(len(self.scan()["modules"]), 0)
        self.write_settled(images.image(layers=[images.layer()]))
        self.assertEqual(len(self.scan()["modules"]), 1)

    def test_an_absent_layer_is_not_made_up_for(self):
        layers = [gzip.compress(images.layer()), gzip.compress(images.tar(images.entry("a", b"b")))]
        self.write(images.image(layers=layers))
        self.assertEqual(len(self.scan()["modules"]), 1)
        self.write(images.image(layers=layers, leave_out=["0/layer.tar"]))
        report = self.scan()
        self.assertEqual([problem["code"] for problem in report["problems"]], ["layer-missing"])
        self.assertEqual(report["modules"], [])

    def test_no_cache_leaves_no_trace(self):
        self.write(images.image(layers=[gzip.compress(images.layer())]))
        home = self.folder / "home"
        home.mkdir()
        arguments = ("scan", f"docker-archive:{self.image}", "-q", "--no-cache")
        self.run_program(*arguments, HOME=str(home))
        self.assertEqual(list(home.iterdir()), [])
        self.run_program(*arguments[:-1], HOME=str(home))
        self.assertTrue((home / ".cache/muslcheck/layers").is_dir())
        xdg = self.folder / "xdg"
        self.run_program(*arguments[:-1], HOME="/nonexistent", XDG_CACHE_HOME=str(xdg))
        self.assertTrue((xdg / "muslcheck/layers").is_dir())

    def test_a_cache_that_cannot_be_written_changes_nothing(self):
        self.write(images.image(layers=[gzip.compress(images.layer())]))
        (self.folder / "file").write_text("")
        report = self.scan("--cache-dir", str(self.folder / "file" / "cache"))
        self.assertEqual(report, self.scan("--no-cache"))

    def test_a_damaged_entry_is_replaced(self):
        self.write(images.image(layers=[gzip.compress(images.layer())]))
        first = self.scan()
        (entry,) = self.cache.rglob("*.facts")
        whole = entry.read_bytes()
        for bad in (b"", whole[:100], whole[:-1] + b"x", b"x" * len(whole)):
            entry.write_bytes(bad)
            self.assertEqual(self.scan(), first)
            self.assertEqual(entry.read_bytes(), whole)

    def test_scans_at_the_same_time_share_it(self):
        self.write(images.image(layers=[gzip.compress(images.layer())] * 3))
        scans = [subprocess.Popen([PROGRAM, "scan", f"docker-archive:{self.image}", "-f", "json",
                                   "--cache-dir", str(self.cache)],
                                  stdout=subprocess.PIPE, text=True) for _ in range(6)]
        reports = {scan.communicate(timeout=120)[0] for scan in scans}
        self.assertEqual(len(reports), 1)
        self.assertEqual(len(self.entries()), 1)

    def test_info_and_clean(self):
        self.write(images.image(layers=[gzip.compress(images.layer())]))
        self.scan()
        info = self.run_program("cache", "info", "--cache-dir", str(self.cache))
        self.assertRegex(info.stdout, r"cache: 1 layer, \d+\.\d MiB\n")
        clean = self.run_program("cache", "clean", "--cache-dir", str(self.cache))
        self.assertRegex(clean.stdout, r"removed 1 layer, ")
        self.assertEqual(self.entries(), [])
        nowhere = self.run_program("cache", "info")
        self.assertEqual(nowhere.returncode, 2)
        self.assertIn("--cache-dir", nowhere.stderr)


if __name__ == "__main__":
    PROGRAM = pathlib.Path(sys.argv[1]).resolve()
    sys.path.insert(0, sys.argv[2])
    import images
    unittest.main(argv=sys.argv[:1] + sys.argv[3:])
