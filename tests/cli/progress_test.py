#!/usr/bin/env python3
"""The progress bar, seen from the terminal that it is drawn on.

usage: progress_test.py MUSLCHECK

A bar is drawn after one second. So the tests need a scan that takes longer, on any machine: of an
image with one layer of zeros, as many as it takes. What is measured for that is the processor's
time of a scan with one thread, which cannot be more than the scan takes whatever else the machine
does.
"""
import errno
import fcntl
import io
import json
import os
import pathlib
import pty
import resource
import select
import signal
import struct
import subprocess
import sys
import tarfile
import tempfile
import termios
import time
import unittest
import zlib

PROGRAM = pathlib.Path()
TIME_LIMIT = 60
LONG_SCAN = 1.4  # seconds
LARGEST_SIZE = 16 << 30
ERASE = b"\r\x1b[K"


def gzip_of_zeros_tar(size):
    """A gzip member of a tar with one file of zeros, and the digest of the tar.

    Deflate allows to end a block at a byte, so the block of a piece of zeros can be repeated
    without compressing it again."""
    header = tarfile.TarInfo("zeros")
    header.size = size
    piece = bytes(1 << 20)
    packer = zlib.compressobj(9, zlib.DEFLATED, -15)
    start = packer.compress(header.tobuf()) + packer.flush(zlib.Z_FULL_FLUSH)
    block = packer.compress(piece) + packer.flush(zlib.Z_FULL_FLUSH)
    end = packer.compress(bytes(1024)) + packer.flush()
    checksum = zlib.crc32(header.tobuf())
    for _ in range(size >> 20):
        checksum = zlib.crc32(piece, checksum)
    checksum = zlib.crc32(bytes(1024), checksum)
    length = (512 + size + 1024) & 0xffffffff
    return (b"\x1f\x8b\x08\0\0\0\0\0\0\x03" + start + block * (size >> 20) + end +
            struct.pack("<II", checksum, length))


def write_archive(path, layer):
    """A docker archive of this one layer. Its diff_id is not of an algorithm that is checked."""
    config = json.dumps({"os": "linux", "architecture": "amd64",
                         "rootfs": {"diff_ids": ["sha512:" + "0" * 128]}}).encode()
    manifest = json.dumps([{"Config": "config.json", "RepoTags": ["zeros:1"],
                            "Layers": ["layer.tar"]}]).encode()
    with tarfile.open(path, "w") as archive:
        for name, content in (("config.json", config), ("manifest.json", manifest),
                              ("layer.tar", layer)):
            header = tarfile.TarInfo(name)
            header.size = len(content)
            archive.addfile(header, io.BytesIO(content))


class Terminal:
    """A program with its standard error, or more, on a terminal of its own."""

    def __init__(self, arguments, columns=80, stdout=None, environment=()):
        self.master, slave = pty.openpty()
        fcntl.ioctl(slave, termios.TIOCSWINSZ, struct.pack("HHHH", 24, columns, 0, 0))
        environment = {"PATH": os.environ["PATH"], "TERM": "xterm", **dict(environment)}
        self.process = subprocess.Popen([PROGRAM, *map(str, arguments)], stdin=slave, stderr=slave,
                                        stdout=slave if stdout is None else stdout,
                                        env=environment, start_new_session=True)
        os.close(slave)
        self.text = b""

    def read_until(self, word=None):
        """Reads until the terminal shows this, or is left by the last program."""
        until = time.monotonic() + TIME_LIMIT
        while word is None or word not in self.text:
            if not select.select([self.master], [], [], max(0, until - time.monotonic()))[0]:
                self.process.kill()
                raise TimeoutError(self.text[-500:])
            try:
                piece = os.read(self.master, 65536)
            except OSError as error:
                if error.errno != errno.EIO:
                    raise
                return
            self.text += piece

    def finish(self):
        self.read_until()
        os.close(self.master)
        return self.process.wait(TIME_LIMIT)


class ProgressTest(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        folder = tempfile.TemporaryDirectory()
        cls.addClassCleanup(folder.cleanup)
        cls.folder = pathlib.Path(folder.name)
        cls.short = cls.folder / "short"
        cls.short.mkdir()
        (cls.short / "file").write_text("text", encoding="utf-8")
        cls.long = cls.folder / "long.tar"
        size = 256 << 20
        while (seconds := cls.time_scan(size)) < LONG_SCAN and size < LARGEST_SIZE:
            size = min(LARGEST_SIZE, int(size * 1.1 * LONG_SCAN / seconds) >> 20 << 20)

    @classmethod
    def time_scan(cls, size):
        """The processor's time that a scan of so many zeros takes."""
        write_archive(cls.long, gzip_of_zeros_tar(size))
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        subprocess.run([PROGRAM, *cls.scan_of(cls.long, "-q")], check=False, timeout=TIME_LIMIT)
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime

    @staticmethod
    def scan_of(source, *arguments):
        return ["scan", source, "--jobs", "1", *arguments]

    def scan(self, source, *arguments, **options):
        terminal = Terminal(self.scan_of(source, *arguments), **options)
        code = terminal.finish()
        return code, terminal.text

    def assert_clean_end(self, text, rest=b""):
        """All that was drawn is erased, and only `rest` follows."""
        self.assertEqual(text[text.rindex(ERASE) + len(ERASE):], rest)
        self.assertNotIn(b"\n", text[:text.rindex(ERASE)])

    def drawn(self, text):
        """The lines of the bar as they were drawn. On a busy machine opening takes long, too."""
        lines = text[:text.rindex(ERASE)].replace(b"\x1b[K", b"").decode().split("\r")
        return [line for line in lines if line not in ("", "opening the source")]

    def test_a_long_scan_shows_a_bar_and_removes_it_before_the_report(self):
        code, text = self.scan(self.long)
        self.assertEqual(code, 0)
        lines = self.drawn(text)
        self.assertGreater(len(lines), 1)
        for line in lines:
            self.assertRegex(line, r"^scanning +\d+% \[=*>? *\]  .* of .*B  \d files?(  \d+ s left)?$")
            self.assertLess(len(line), 80)
        shares = [int(line.split()[1].rstrip("%")) for line in lines]
        self.assertEqual(shares, sorted(shares))
        self.assertGreater(shares[-1], shares[0])
        report = text[text.rindex(ERASE) + len(ERASE):]
        self.assertTrue(report.startswith(b"\x1b[") or report.startswith(b"ready"), report)
        self.assertIn(b"zeros:1", report)

    def test_a_report_elsewhere_leaves_the_terminal_as_it_was(self):
        path = self.folder / "report.json"
        with open(path, "wb") as report:
            code, text = self.scan(self.long, "-f", "json", stdout=report, columns=20)
        self.assertEqual(code, 0)
        self.assertIn(b"%", text)
        self.assert_clean_end(text)
        self.assertEqual(json.loads(path.read_bytes())["problems"], [])
        for line in self.drawn(text):
            self.assertLess(len(line), 20)

    def test_an_error_stands_alone_on_its_line(self):
        code, text = self.scan(self.long, "-o", "/nonexistent/report")
        self.assertEqual(code, 2)
        self.assertIn(b"%", text)
        rest = text[text.rindex(ERASE) + len(ERASE):]
        self.assertTrue(rest.startswith(b"muslcheck: /nonexistent/report"), rest)
        self.assertEqual(rest.count(b"\n"), 1)

    def test_a_signal_leaves_a_clean_line(self):
        runs = [(number, Terminal(self.scan_of(self.long)))
                for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)]
        for number, terminal in runs:
            terminal.read_until(b"%")
            terminal.process.send_signal(number)
        for number, terminal in runs:
            with self.subTest(number):
                self.assertEqual(terminal.finish(), -number)
                self.assert_clean_end(terminal.text)

    def test_a_signal_before_the_first_line_ends_the_program_as_well(self):
        for delay in (0, 0.05, 0.3):
            terminal = Terminal(self.scan_of(self.long))
            time.sleep(delay)
            terminal.process.send_signal(signal.SIGINT)
            self.assertEqual((terminal.finish(), terminal.text), (-signal.SIGINT, b""))

    def test_a_short_scan_draws_nothing(self):
        code, text = self.scan(f"dir:{self.short}", "-o", os.devnull)
        self.assertEqual((code, text), (0, b""))

    def test_nothing_is_drawn_where_it_is_not_wanted(self):
        cases = ((["--no-progress"], {}), (["-q"], {}), ([], {"TERM": "dumb"}), ([], {"TERM": ""}))
        terminals = [Terminal(self.scan_of(self.long, "-o", os.devnull, *arguments),
                              environment=environment)
                     for arguments, environment in cases]
        with subprocess.Popen([PROGRAM, *self.scan_of(self.long, "-o", os.devnull)],
                              stderr=subprocess.PIPE, env={**os.environ, "TERM": "xterm"}) as piped:
            # When the one that was started last draws, the others would have drawn long ago.
            wanted = Terminal(self.scan_of(self.long))
            wanted.read_until(b"%")
            for process in (terminal.process for terminal in (*terminals, wanted)):
                process.kill()
            piped.kill()
            self.assertEqual(piped.stderr.read(), b"")
        wanted.finish()
        for case, terminal in zip(cases, terminals):
            with self.subTest(case):
                terminal.finish()
                self.assertEqual(terminal.text, b"")


if __name__ == "__main__":
    PROGRAM = pathlib.Path(sys.argv[1]).resolve()
    unittest.main(argv=sys.argv[:1])
