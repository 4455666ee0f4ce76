"""Jars that no honest program would make, in folders and in images."""

import io
import pathlib
import struct
import tempfile
import unittest
import zipfile

import images
from harness import HostileTest, amount


def jar(members, method=zipfile.ZIP_DEFLATED):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", method) as archive:
        for name, content in members:
            archive.writestr(zipfile.ZipInfo(name), content, method)
    return out.getvalue()


def overlapping(content, names):
    """An archive whose directory has a record per name, all of the same bytes."""
    first = jar([(names[0], content)])
    at = first.index(b"PK\1\2")
    record = first[at:first.index(b"PK\5\6")]
    fixed, tail = record[:46], record[46 + len(names[0]):]
    records = b"".join(fixed[:28] + struct.pack("<H", len(name)) + fixed[30:] + name.encode() + tail
                       for name in names)
    return first[:at] + records + b"PK\5\6" + struct.pack("<HHHHIIH", 0, 0, len(names), len(names),
                                                          len(records), at, 0)


class Jars(HostileTest):
    def setUp(self):
        self.folder = tempfile.TemporaryDirectory()
        self.addCleanup(self.folder.cleanup)
        self.path = pathlib.Path(self.folder.name)

    def scan(self, content, name="x.jar"):
        (self.path / name).write_bytes(content)
        return self.run_scan(f"dir:{self.path}")

    def test_a_right_jar_is_the_measure(self):
        run = self.scan(jar([("linux/libx.so", images.addon())]))
        self.assertEqual([m["path"] for m in run.report["modules"]], ["x.jar!/linux/libx.so"])
        self.assertEqual(run.report["problems"], [])

    def test_a_bomb_is_not_unpacked(self):
        zeros = b"\x7fELF" + bytes(amount(4 << 30))
        run = self.scan(jar([("x.so", zeros)]))
        self.assertIn("archive-expansion", run.codes)

    def test_a_bomb_of_members_that_share_their_bytes(self):
        content = b"\x7fELF" + bytes(8 << 20)
        run = self.scan(overlapping(content, [f"{i}.so" for i in range(amount(60_000))]))
        self.assertIn("archive-expansion", run.codes)

    def test_jars_in_jars_that_share_their_bytes(self):
        inner = overlapping(jar([]), [f"{i}.jar" for i in range(amount(60_000))])
        run = self.scan(overlapping(inner, [f"{i}.jar" for i in range(amount(60_000))]))
        self.assertTrue({"archives-too-large", "archive-expansion"} & set(run.codes))

    def test_a_jar_that_has_itself_in_it_many_times(self):
        content = jar([("x.so", images.addon())], zipfile.ZIP_STORED)
        for _ in range(20):
            content = jar([("a.jar", content), ("b.jar", content)], zipfile.ZIP_STORED)
            if len(content) > 4 << 20:
                break
        self.assertIn("archive-too-deep", self.scan(content).codes)

    def test_names_that_leave_the_archive(self):
        for name in ("../x.so", "/etc/x.so", "a/../../x.so", "b.jar!/x.so", "\x1b[2J/../x.so"):
            with self.subTest(name=name):
                run = self.scan(jar([(name, images.addon())]))
                self.assertEqual(run.report["modules"], [])
                self.assertEqual(run.codes, ["archive-member-name"])

    def test_every_byte_of_the_directory(self):
        content = jar([("a.so", images.addon()), ("META-INF/MANIFEST.MF", b"A: b\n")])
        at = content.index(b"PK\1\2")
        for place in range(at, len(content), 3):
            wrong = bytearray(content)
            wrong[place] ^= 0xFF
            with self.subTest(place=place):
                self.scan(bytes(wrong))

    def test_a_file_in_the_place_of_the_members(self):
        (self.path / "x.jar!").mkdir()
        (self.path / "x.jar!" / "libx.so").write_bytes(images.addon())
        run = self.scan(jar([("libx.so", images.addon())]))
        self.assertEqual([m["path"] for m in run.report["modules"]], ["x.jar!/libx.so"])
        self.assertEqual(run.codes, ["archive-name-taken"])


if __name__ == "__main__":
    unittest.main()
