"""Image layouts that no honest program would write."""

import gzip
import json
import os
import pathlib
import random
import stat
import tempfile
import threading
import unittest

from harness import HostileTest
from images import Layout, as_bytes, config, layer, named, tar, entry, addon

WRONG_VALUES = [None, True, -1.5e300, "../../etc/passwd", [], [None, [7]], {"": [{}]},
                "\x00\x1b[2J" + "é" * 500]


class LayoutTest(HostileTest):
    def setUp(self):
        self.folder = tempfile.TemporaryDirectory()
        self.addCleanup(self.folder.cleanup)
        self.path = pathlib.Path(self.folder.name) / "layout.tar"

    def scan(self, content, *arguments, **options):
        self.path.write_bytes(content.tar() if isinstance(content, Layout) else content)
        return self.run_scan(f"oci-archive:{self.path}", *arguments, **options)

    def test_a_right_layout_is_the_measure(self):
        layout = Layout()
        run = self.scan(layout.finish(layout.index(layout.image([layer()], pack=gzip.compress))))
        self.assertEqual([m["path"] for m in run.report["modules"]],
                         ["app/build/Release/addon.node"])
        self.assertEqual(run.codes, [])

    def test_wrong_types_in_the_index(self):
        for wrong in WRONG_VALUES:
            layout = Layout()
            right = layout.image([layer()], annotations=named("a:1"),
                                 platform={"os": "linux", "architecture": "amd64"})
            with self.subTest(index=wrong):
                layout.files["index.json"] = json.dumps(wrong).encode()
                self.assert_error(self.scan(layout), str(self.path))
                layout.files["index.json"] = json.dumps({"manifests": wrong}).encode()
                self.assert_error(self.scan(layout), str(self.path))
            for key in right:
                with self.subTest(key=key, value=wrong):
                    self.scan(layout.finish(dict(right, **{key: wrong})))

    def test_wrong_types_in_the_manifest(self):
        for wrong in WRONG_VALUES:
            for key in ("config", "layers", "mediaType"):
                layout = Layout()
                right = layout.image([layer()])
                text = layout.files["blobs/sha256/" + right["digest"][7:]]
                manifest = dict(json.loads(text), **{key: wrong})
                with self.subTest(key=key, value=wrong):
                    self.scan(layout.finish(layout.blob(manifest, Layout.MANIFEST)))

    def test_digests_that_are_paths(self):
        for digest in ("sha256:../../../../etc/passwd", "../../etc:passwd", "sha256:/etc/passwd",
                       "sha256:" + "A" * 64, "sha256:", ":", "", "sha256:" + "a" * 63 + "/"):
            layout = Layout()
            right = layout.image([layer()])
            with self.subTest(digest=digest):
                self.assert_error(self.scan(layout.finish(dict(right, digest=digest))))

    def test_an_index_that_names_itself(self):
        layout = Layout()
        layout.image([layer()])
        digest = "0" * 64
        inner = as_bytes({"manifests": [{"mediaType": Layout.INDEX, "digest": f"sha256:{digest}"}]})
        layout.files[f"blobs/sha256/{digest}"] = inner
        self.assert_error(self.scan(layout.finish(
            {"mediaType": Layout.INDEX, "digest": f"sha256:{digest}"})), digest)

    def test_indexes_that_multiply(self):
        layout = Layout()
        child = layout.image([layer()])
        for _ in range(6):
            child = layout.index(*[dict(child, annotations=named(f"n{n}")) for n in range(100)])
        self.assert_error(self.scan(layout.finish(child)), "manifests")

    def test_a_blob_that_is_a_device_or_a_pipe(self):
        layout = Layout()
        right = layout.image([layer(), tar(entry("b.node", addon()))])
        layout.finish(right)
        manifest = json.loads(layout.files["blobs/sha256/" + right["digest"][7:]])
        second = "blobs/sha256/" + manifest["layers"][1]["digest"][7:]
        folder = pathlib.Path(self.folder.name) / "layout"
        layout.write(folder)
        os.remove(folder / second)
        os.mkfifo(folder / second)
        run = self.run_scan(f"oci-dir:{folder}")
        self.assertEqual((len(run.report["modules"]), run.codes), (1, ["not-a-regular-file"]))
        for target in ("/dev/zero", "/etc/passwd", "../../oci-layout", second):
            os.remove(folder / second)
            os.symlink(target, folder / second)
            run = self.run_scan(f"oci-dir:{folder}")
            self.assertEqual((len(run.report["modules"]), run.codes), (1, ["link-in-layout"]))

    def test_an_index_of_a_hundred_thousand(self):
        layout = Layout()
        right = layout.image([layer()])
        self.assert_error(self.scan(layout.finish(*[right] * 100_000)), "100000 manifests")
        layout.finish(layout.index(*[right] * 100_000))
        self.assert_error(self.scan(layout), "manifests")

    def test_nested_too_deep(self):
        for text in (b'{"manifests":' + b"[" * 100_000, b'{"a":' * 100_000,
                     b'{"manifests":' + b"[" * 50_000 + b"]" * 50_000 + b"}"):
            layout = Layout()
            layout.files["index.json"] = text
            self.assert_error(self.scan(layout), str(self.path))
            self.scan(Layout().finish(layout.blob(text, Layout.MANIFEST)))

    def test_files_of_many_small_values(self):
        for value in (b"[]", b"{}", b'""', b"0"):
            text = b"[" + (value + b",") * ((15 << 20) // (len(value) + 1)) + value + b"]"
            layout = Layout()
            for content in (text, b'{"manifests":' + text + b"}"):
                layout.files["index.json"] = content
                self.assert_error(self.scan(layout), "index.json")
            package = tar(entry("app/package.json", text[:3_000_000].rpartition(b",")[0] + b"]"))
            run = self.scan(layout.finish(layout.image([package])))
            self.assertEqual(run.codes, ["package-json-invalid"])

    def test_sizes_that_cannot_be(self):
        for size in (-1, -2 ** 63, 0, 1, 2 ** 63, 2 ** 64 - 1, 2 ** 64, 1e300):
            for part in ("manifest", "config", "layer"):
                layout = Layout()
                right = layout.image([layer()])
                manifest = json.loads(layout.files["blobs/sha256/" + right["digest"][7:]])
                named_by = {"manifest": right, "config": manifest["config"],
                            "layer": manifest["layers"][0]}[part]
                named_by["size"] = size
                if part != "manifest":
                    right = layout.blob(manifest, Layout.MANIFEST)
                with self.subTest(part=part, size=size):
                    self.scan(layout.finish(right))

    def test_long_words_are_not_multiplied(self):
        layout = Layout()
        right = layout.image([layer()])
        inner = layout.index(*[dict(right, annotations=named(f"n{n}")) for n in range(900)])
        for word in ("platform", "annotations", "digest"):
            long = "x" * (6 << 20)
            value = {"platform": {"os": "linux", "architecture": long},
                     "annotations": named(long), "digest": f"sha256:{long}"}[word]
            layout.finish(*[dict(inner, **{word: value})] * 2)
            self.assert_error(self.scan(layout, "--image", "n"))

    def test_names_are_not_compared_for_hours(self):
        layout = Layout()
        tags = [f"n{number}" for number in range(300_000)]
        layout.files["0.tar"] = layer()
        layout.files["config.json"] = as_bytes(config([layer()]))
        layout.files["manifest.json"] = as_bytes(
            [{"Config": "config.json", "RepoTags": names, "Layers": ["0.tar"]}
             for names in (tags, ["other:1"])])
        images = [layout.image([tar(entry(str(number), b"x"))], annotations=named(f"r{number}:1"))
                  for number in range(500)]
        self.path.write_bytes(layout.finish(*images).tar())
        run = self.run_scan(f"docker-archive:{self.path}", "--image", "n7")
        self.assertEqual(len(run.report["modules"]), 1)

    def test_other_things_in_place_of_every_file(self):
        layout = Layout()
        layout.finish(layout.index(layout.image([layer()])))
        for number, name in enumerate(sorted(layout.files)):
            for kind in ("fifo", "folder", "link", "device", "empty"):
                folder = pathlib.Path(self.folder.name) / f"{number}-{kind}"
                layout.write(folder)
                path = folder / name
                path.unlink()
                if kind == "fifo":
                    os.mkfifo(path)
                elif kind == "folder":
                    path.mkdir()
                elif kind == "link":
                    path.symlink_to("/dev/zero")
                elif kind == "device":
                    try:
                        os.mknod(path, 0o600 | stat.S_IFCHR, os.makedev(1, 5))  # /dev/zero
                    except PermissionError:
                        continue
                elif kind == "empty":
                    path.write_bytes(b"")
                with self.subTest(name=name, kind=kind):
                    run = self.run_scan(f"oci-dir:{folder}")
                    if name != "oci-layout":
                        self.assertTrue(run.code == 2 or run.codes)
                    self.run_scan(folder)

    def test_folders_that_are_links(self):
        layout = Layout()
        layout.finish(layout.image([layer()]))
        folder = pathlib.Path(self.folder.name) / "layout"
        layout.write(folder)
        os.rename(folder / "blobs", folder / "elsewhere")
        for target in ("elsewhere", "/", "blobs"):
            os.symlink(target, folder / "blobs")
            self.assert_error(self.run_scan(f"oci-dir:{folder}"), "is a link")
            os.remove(folder / "blobs")

    def test_a_layer_that_shrinks_while_it_is_read(self):
        layout = Layout()
        start = tar(entry("a.node", addon())).rstrip(b"\0")
        large = start + bytes(-len(start) % 512) + tar(*[
            entry(f"f{number}", os.urandom(1 << 20)) for number in range(100)])
        for pack in (bytes, lambda text: gzip.compress(text, 1)):
            layout = Layout()
            layout.finish(layout.image([large], pack=pack))
            folder = pathlib.Path(self.folder.name) / "shrinking"
            layout.write(folder)
            blob = max((folder / "blobs" / "sha256").iterdir(), key=lambda path: path.stat().st_size)
            for delay in (0, 0.01, 0.05, 0.1):
                timer = threading.Timer(delay, os.truncate, (blob, 10_000))
                blob.write_bytes(layout.files[f"blobs/sha256/{blob.name}"])
                timer.start()
                self.run_scan(f"oci-dir:{folder}")
                timer.join()

    def test_scans_at_the_same_time(self):
        layout = Layout()
        self.path.write_bytes(layout.finish(layout.image([layer()], pack=gzip.compress)).tar())
        reports = []

        def run():
            reports.append(self.run_scan(f"oci-archive:{self.path}").out)
        threads = [threading.Thread(target=run) for _ in range(6)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        self.assertEqual((len(reports), len(set(reports))), (6, 1))

    def test_flipped_bits(self):
        layout = Layout()
        whole = layout.finish(layout.index(layout.image([layer()], pack=gzip.compress))).tar()
        numbers = random.Random(2)
        for number in range(int(os.environ.get("MUSLCHECK_MUTANTS", "60"))):
            mutant = bytearray(whole)
            for _ in range(numbers.choice([1, 1, 2, 8])):
                mutant[numbers.randrange(len(mutant))] ^= 1 << numbers.randrange(8)
            with self.subTest(number=number):
                self.scan(bytes(mutant))


if __name__ == "__main__":
    unittest.main()
