"""Image layouts that no honest program would write."""

import gzip
import json
import os
import pathlib
import random
import tempfile
import unittest

from harness import HostileTest
from images import Layout, as_bytes, layer, named, tar, entry, addon

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
