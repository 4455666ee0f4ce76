"""Compressed layers and archives that no honest program would write."""

import gzip
import io
import pathlib
import struct
import tarfile
import tempfile
import time
import unittest

import images
from harness import HostileTest, amount
from images import addon, bomb, entry, image, layer, tar, zstd, zstd_skippable, zstd_zeros

UNKNOWN = {"architecture": "amd64", "os": "linux", "config": {}}  # says no digests
EMPTY_MEMBER = gzip.compress(b"")


class CompressionTest(HostileTest):
    def setUp(self):
        self.folder = tempfile.TemporaryDirectory()
        self.addCleanup(self.folder.cleanup)
        self.path = pathlib.Path(self.folder.name) / "image.tar"

    def scan(self, content, *arguments, **options):
        self.path.write_bytes(content)
        return self.run_scan(f"docker-archive:{self.path}", *arguments, **options)

    def scan_layers(self, *layers, **options):
        return self.scan(image(layers=list(layers), configuration=UNKNOWN), **options)

    def scan_repeated(self, packed, count, **options):
        return self.scan(image(layers=[packed], configuration=UNKNOWN, manifest=[
            {"Config": "config.json", "Layers": ["0/layer.tar"] * count}]), **options)

    def assert_read(self, run, *codes):
        self.assertEqual(len(run.report["modules"]), 1)
        self.assertEqual(run.codes, list(codes))


class Gzip(CompressionTest):
    def test_members_of_nothing_by_the_million(self):
        plain = layer()
        members = EMPTY_MEMBER * amount(10_000_000)
        run = self.scan_layers(gzip.compress(plain[:512]) + members + gzip.compress(plain[512:]))
        self.assert_read(run)

    def test_optional_fields_of_any_size(self):
        packed = gzip.compress(layer())
        start, rest = packed[:3], packed[10:]
        times = packed[4:10]
        for flags, fields in ((8, b"n" * (1 << 20) + b"\0"), (16, b"c" * (1 << 20) + b"\0"),
                              (4, struct.pack("<H", 65535) + b"e" * 65535), (1, b""), (224, b"")):
            with self.subTest(flags=flags):
                self.assert_read(self.scan_layers(start + bytes([flags]) + times + fields + rest))
        for flags, fields in ((8, b"n" * 100_000), (4, struct.pack("<H", 65535) + b"e" * 60_000)):
            with self.subTest(flags=flags, cut=True):
                self.assert_error(self.scan_layers(start + bytes([flags]) + times + fields),
                                  "ends early")

    def test_members_that_end_early_or_lie(self):
        packed = gzip.compress(layer())
        for content in (packed[:-4] + packed, packed[:-8] + bytes(8), packed[:40] + packed):
            run = self.scan_layers(content)
            if run.code != 2:
                self.assertNotEqual(run.codes, [])

    def test_compression_in_compression_is_no_layer(self):
        plain = layer()
        for outer in (gzip.compress, zstd):
            for inner in (gzip.compress, zstd):
                self.assert_error(self.scan_layers(outer(inner(plain))), "0/layer.tar")
        self.assert_error(self.scan(gzip.compress(gzip.compress(image()))), str(self.path))


class Zstd(CompressionTest):
    def test_frames_of_nothing_by_the_million(self):
        for nothing in (zstd(b""), zstd_skippable(), zstd_skippable(b"x" * 100)):
            run = self.scan_layers(nothing * amount(4_000_000) + zstd(layer()))
            self.assert_read(run)

    def test_nothing_but_frames_of_nothing(self):
        for nothing in (zstd(b""), zstd_skippable(), zstd_skippable(b"x" * 100)):
            self.scan_layers(nothing * 1000)

    def test_windows_and_sizes_beyond_all_memory(self):
        for header in (b"\x00\xa8",  # 2 GiB, as with --long=31
                       b"\x00\xff", b"\xe0" + struct.pack("<Q", 1 << 62)):
            run = self.scan_layers(images.ZSTD_MAGIC + header + bytes(1000))
            self.assert_error(run, "0/layer.tar", "too much memory")

    def test_a_skippable_frame_that_promises_more_than_there_is(self):
        self.assert_error(self.scan_layers(struct.pack("<II", 0x184d2a50, 0xffffffff) + b"x" * 9),
                          "ends early")
        run = self.scan_layers(zstd(layer()) + struct.pack("<II", 0x184d2a5f, 0xfffffff0) + b"x")
        self.assert_read(run, "layer-truncated")

    def test_a_dictionary_that_nobody_has(self):
        self.assert_error(self.scan_layers(images.ZSTD_MAGIC + b"\x21\x07\x10" + bytes(100)),
                          "ictionary")

    def test_garbage_behind_the_last_frame_is_a_problem(self):
        for tail in (b"garbage" * 100, bytes(100), images.ZSTD_MAGIC):
            run = self.scan_layers(zstd(layer()) + tail)
            self.assertEqual((len(run.report["modules"]), len(run.codes)), (1, 1))

    def test_bombs(self):
        info, _ = entry("zeros")
        info.size = 60 << 30
        large = info.tobuf(format=tarfile.GNU_FORMAT)
        for content in (zstd_zeros(amount(20 << 30)), zstd(large) + zstd_zeros(amount(20 << 30))):
            run = self.scan_layers(layer(), content)
            self.assert_read(run, "expansion-limit")

    def test_a_million_entries(self):
        headers = b"".join(entry(f"d/{number}")[0].tobuf(format=tarfile.GNU_FORMAT)
                           for number in range(amount(1_000_000)))
        self.assertEqual(self.scan_layers(zstd(headers + bytes(1024))).codes, [])


class Together(CompressionTest):
    """What is harmless once is harmless many times."""

    def test_bombs_in_a_bomb(self):
        inner = image(layers=[zstd_zeros(1 << 30)] * 5, configuration=UNKNOWN)
        run = self.scan(gzip.compress(inner))
        if run.code != 2:
            self.assertIn("expansion-limit", run.codes)

    def test_an_archive_that_is_a_bomb(self):
        for content in (zstd_zeros(8 << 30), bomb(1 << 27), zstd(image()[:3000]) + zstd_zeros(1 << 30)):
            self.assert_error(self.scan(content), str(self.path))

    def test_one_bomb_as_a_thousand_layers(self):
        zeros = gzip.compress(tar(entry("zeros", bytes(amount(10 << 30)))), 1)
        started = time.monotonic()
        run = self.scan_repeated(zeros, 1000)
        self.assertLess(time.monotonic() - started, 30)
        if run.code != 2:
            self.assertIn("expansion-limit", run.codes)

    def test_large_files_in_many_layers_at_the_same_time(self):
        out = io.BytesIO()
        with gzip.GzipFile(fileobj=out, mode="wb", compresslevel=1) as stream:
            for number in range(2):
                info, start = entry(f"{number}.so", addon())
                info.size = amount(12 << 30) // 8 // 512 * 512
                stream.write(info.tobuf() + start)
                for _ in range((info.size - len(start)) >> 20):
                    stream.write(bytes(1 << 20))
                stream.write(bytes((info.size - len(start)) % (1 << 20)))
        packed = [out.getvalue() + EMPTY_MEMBER * number for number in range(8)]
        self.path.write_bytes(image(layers=packed, configuration=UNKNOWN))
        run = self.run_scan(f"docker-archive:{self.path}", "--jobs", "8")
        self.assertEqual(run.codes, [])

    def test_metadata_of_many_layers(self):
        text = b"/usr/x\n" * ((31 << 20) // 7)
        packed = gzip.compress(tar(*[entry(f"var/lib/dpkg/info/p{n}.list", text)
                                     for n in range(7)]), 1)
        run = self.scan(image(layers=[packed + EMPTY_MEMBER * n for n in range(amount(400))],
                              configuration=UNKNOWN))
        self.assertIn("too-much-in-layers", run.codes)


if __name__ == "__main__":
    unittest.main()
