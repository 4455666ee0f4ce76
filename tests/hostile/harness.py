"""Runs muslcheck on hostile input and checks what must hold whatever the input is: it ends in
time, with an exit code the README lists, within memory, without leaving a process behind; an error
is one line, and JSON is valid against the published schema."""

import dataclasses
import json
import os
import pathlib
import resource
import subprocess
import tempfile
import threading
import time
import unittest

ROOT = pathlib.Path(__file__).resolve().parents[2]
MUSLCHECK = os.environ.get("MUSLCHECK", str(ROOT / "build/dev/muslcheck"))
# An instrumented program reserves terabytes of address space and needs more of everything.
IS_INSTRUMENTED = os.environ.get("MUSLCHECK_INSTRUMENTED") == "1"
# With MUSLCHECK_LARGE=1 the tests of amounts are as large as their names say.
IS_LARGE = os.environ.get("MUSLCHECK_LARGE") == "1"
# A cache of its own: neither the user's nor what an earlier build kept.
CACHE = tempfile.TemporaryDirectory()
os.environ["XDG_CACHE_HOME"] = CACHE.name
TIME_LIMIT = 120
MEMORY_LIMIT = 1500 << 20
LONGEST_ERROR = 1000

try:
    import jsonschema

    VALIDATOR = jsonschema.Draft202012Validator(
        json.loads((ROOT / "rules/schema/report-1.schema.json").read_text()))
except ImportError:
    VALIDATOR = None


@dataclasses.dataclass
class Run:
    code: int
    out: bytes
    err: str
    peak: int  # bytes of resident memory of the largest process

    @property
    def report(self):
        return json.loads(self.out)

    @property
    def codes(self):
        """The codes of the problems in the report."""
        return [problem["code"] for problem in self.report["problems"]]


def amount(number):
    """How much of something a test makes; a twentieth unless everything is asked for."""
    return number if IS_LARGE else number // 20


def start(arguments, **options):
    """Starts muslcheck in a session of its own, so that what it leaves behind can be found."""
    return subprocess.Popen([MUSLCHECK, *map(str, arguments)], start_new_session=True, **options)


def processes_of(session):
    """Processes of a session that are neither gone nor zombies waiting for their parent."""
    found = []
    for status in pathlib.Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = status.read_text().rpartition(")")[2].split()
        except OSError:
            continue
        if int(fields[3]) == session and fields[0] not in "ZX":
            found.append(int(status.parent.name))
    return found


def wait(process):
    """Waits for the end; the peak memory is that of this process alone."""
    timer = threading.Timer(TIME_LIMIT, process.kill)
    timer.start()
    try:
        _, status, usage = os.wait4(process.pid, 0)
    finally:
        timer.cancel()
    process.returncode = os.waitstatus_to_exitcode(status)
    return usage.ru_maxrss * 1024


def read_into(texts, descriptor):
    with open(descriptor, "rb") as stream:
        texts[descriptor] = stream.read()


def limits(**wanted):
    """A function for preexec_fn: limits(nofile=32, as_=1 << 28)."""
    def apply():
        for name, value in wanted.items():
            resource.setrlimit(getattr(resource, "RLIMIT_" + name.rstrip("_").upper()),
                               (value, value))
    return apply


class HostileTest(unittest.TestCase):
    def run_scan(self, *arguments, allowed=(0, 1, 2, 3), **options):
        """Runs `scan ARGUMENTS -f json` and checks everything that must always hold."""
        return self.run_program("scan", *arguments, "-f", "json", allowed=allowed, **options)

    def run_program(self, *arguments, allowed=(0, 1, 2, 3), **options):
        out_read, out_write = os.pipe()
        err_read, err_write = os.pipe()
        process = start(arguments, stdout=out_write, stderr=err_write, **options)
        os.close(out_write)
        os.close(err_write)
        texts = {}
        readers = [threading.Thread(target=read_into, args=(texts, end))
                   for end in (out_read, err_read)]
        for reader in readers:
            reader.start()
        peak = wait(process)
        for reader in readers:
            reader.join()
        run = Run(process.returncode, texts[out_read],
                  texts[err_read].decode("utf-8", "replace"), peak)
        self.check(run, process.pid, arguments, allowed, options)
        return run

    def check(self, run, session, arguments, allowed, options):
        what = f"{arguments}: exit {run.code}, stderr {run.err[:2000]!r}"
        self.assertIn(run.code, allowed, what)
        self.assert_gone(session)
        self.assertNotIn("internal error", run.err, what)
        if run.code == 2:
            self.assertEqual(run.out, b"", what)
            self.assert_one_line(run.err, what)
        else:
            self.assertEqual(run.err, "", what)
        if run.code != 2 and "json" in arguments:
            self.check_report(run, what)
        if not IS_INSTRUMENTED and "preexec_fn" not in options:
            self.assertLess(run.peak, MEMORY_LIMIT, what)

    def assert_gone(self, session):
        """A worker ends a moment after the program that it works for."""
        until = time.monotonic() + 5
        while processes_of(session) and time.monotonic() < until:
            time.sleep(0.02)
        self.assertEqual(processes_of(session), [])

    def assert_one_line(self, text, what):
        self.assertTrue(text.startswith("muslcheck: "), what)
        self.assertEqual(text.count("\n"), 1, what)
        self.assertLess(len(text), LONGEST_ERROR, what)
        self.assertTrue(text.strip().isprintable(), what)

    def check_report(self, run, what):
        report = json.loads(run.out)  # strict UTF-8 or it throws
        if VALIDATOR is not None:
            VALIDATOR.validate(report)
        self.assertEqual(report["incomplete"], bool(report["problems"]), what)
        for problem in report["problems"]:
            self.assertLess(len(problem["message"]), LONGEST_ERROR, what)

    def assert_error(self, run, *words):
        self.assertEqual(run.code, 2, run.err)
        for word in words:
            self.assertIn(word, run.err)
