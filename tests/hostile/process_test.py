"""The surroundings of the process: streams that are closed or full, signals, few resources."""

import os
import pathlib
import shutil
import signal
import subprocess
import tempfile
import time
import unittest

import images
from harness import IS_INSTRUMENTED, MUSLCHECK, HostileTest, limits, start, wait


class ProcessTest(HostileTest):
    def setUp(self):
        self.folder = pathlib.Path(tempfile.mkdtemp())
        self.addCleanup(shutil.rmtree, self.folder, ignore_errors=True)
        for number in range(20):
            (self.folder / f"{number}.node").write_bytes(images.addon())
        self.source = f"dir:{self.folder}"

    def shell(self, script):
        """Runs a shell script that finds the program and the source in $M and $S."""
        done = subprocess.run(["bash", "-c", script], capture_output=True, timeout=60, text=True,
                              env=dict(os.environ, M=MUSLCHECK, S=self.source))
        return done


class Streams(ProcessTest):
    def test_closed_standard_output_is_an_error(self):
        done = self.shell('"$M" scan "$S" >&-')
        self.assertEqual(done.returncode, 2)
        self.assertIn("standard output", done.stderr)

    def test_closed_streams_do_not_become_files(self):
        report = self.folder / "report.json"
        done = self.shell(f'"$M" scan "$S" -f json -o {report} <&- >&- 2>&-')
        self.assertEqual(done.returncode, 0)
        self.assertTrue(report.read_text().startswith("{"))

    def test_full_standard_output_is_an_error(self):
        for command in ('scan "$S"', 'scan "$S" -f json', "rules", "targets", "version", "--help",
                        "explain MC101", "--version"):
            done = self.shell(f'"$M" {command} > /dev/full')
            self.assertEqual(done.returncode, 2, command)
            self.assertIn("No space left", done.stderr)

    def test_a_reader_that_goes_away_is_no_noise(self):
        done = self.shell('"$M" scan "$S" -f json | head -1; echo ${PIPESTATUS[0]}')
        self.assertEqual(done.stderr, "")
        self.assertIn(done.stdout.split()[-1], ("0", str(128 + signal.SIGPIPE)))

    def test_output_that_cannot_be_written(self):
        (self.folder / "d").mkdir()
        for path, reason in ((self.folder / "d", "directory"), ("/nonexistent/x", "No such file"),
                             ("/dev/full", "No space"), ("/proc/x", "")):
            run = self.run_program("scan", self.source, "-f", "json", "-o", path)
            self.assert_error(run, str(path), reason)
        self.assertEqual(sorted(p.name for p in self.folder.iterdir() if "node" not in p.name), ["d"])


class Arguments(ProcessTest):
    def test_nonsense_is_told_on_one_line(self):
        cases = (["--target", "nonsense"], ["--target", ""], ["--target", "alpine:"],
                 ["--target", "alpine:99.99"], ["--target", "alpine:3.22\n\x1b[2J"],
                 ["--platform", "nonsense"], ["--platform", "linux/"], ["--platform", "windows/amd64"],
                 ["--platform", "x" * 100_000], ["--target", "y" * 100_000])
        for case in cases:
            with self.subTest(case=[text[:30] for text in case]):
                self.assertEqual(self.run_scan(self.source, *case).code, 2)

    def test_sources_that_are_something_else(self):
        node = self.folder / "0.node"
        for source in ("-", "", "dir:", "dir:-", f"dir:{node}", f"docker-archive:{self.folder}",
                       f"file:{self.folder}", f"docker-archive:{node}", "/dev/null", "/dev/zero",
                       "docker-archive:/dev/zero", "file:/dev/stdin", "dir:/nonexistent",
                       "docker-archive:/etc/hostname", "oci-archive:x", "x:y", "x" * 5000,
                       "dir:" + "x" * 5000, "\x1b[2J", "file:/etc/hostname"):
            with self.subTest(source=source[:40]):
                self.assertEqual(self.run_scan(source, stdin=subprocess.DEVNULL).code, 2)


class Signals(ProcessTest):
    def many_files(self):
        for number in range(3000):
            (self.folder / f"n{number}.node").write_bytes(images.addon() + bytes([number % 256]))

    def test_interrupt_leaves_nothing_behind(self):
        self.many_files()
        report = self.folder / "out" / "report.json"
        report.parent.mkdir()
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGKILL):
            for delay in (0.05, 0.3, 0.8):
                process = start(["scan", self.source, "-f", "json", "-o", report],
                                stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
                time.sleep(delay)
                os.killpg(process.pid, number)
                error = process.stderr.read()
                process.stderr.close()
                wait(process)
                self.assertIn(process.returncode, (-number, 0, 1))
                self.assertEqual(error, b"")
                self.assert_gone(process.pid)
                if number != signal.SIGKILL:
                    self.assertIn(os.listdir(report.parent), ([], ["report.json"]))


class Resources(ProcessTest):
    @unittest.skipIf(IS_INSTRUMENTED, "needs terabytes of address space")
    def test_little_address_space(self):
        for size in (20 << 20, 60 << 20, 100 << 20, 200 << 20):
            done = subprocess.run([MUSLCHECK, "scan", self.source], capture_output=True, timeout=60,
                                  preexec_fn=limits(as_=size), text=True)
            if done.returncode == 127:  # not even the program's libraries fit
                continue
            self.assertIn(done.returncode, (0, 2), done.stderr)
            self.assertNotIn("internal error", done.stderr)
            if done.returncode == 2:
                self.assert_one_line(done.stderr, size)

    def test_few_descriptors(self):
        for count in (6, 8, 10, 16, 32):
            run = self.run_scan(self.source, preexec_fn=limits(nofile=count), allowed=(0, 2))
        self.assertEqual(run.report["problems"], [])

    def test_many_jobs(self):
        self.run_scan(self.source, "--jobs", "256", preexec_fn=limits(nofile=100), allowed=(2,))
        run = self.run_scan(self.source, "--jobs", "64")
        self.assertEqual(run.report["problems"], [])

    @unittest.skipUnless(os.geteuid() == 0, "only root can become somebody with no processes")
    def test_few_processes(self):
        program = self.folder / "muslcheck"
        shutil.copy(MUSLCHECK, program)
        os.chmod(self.folder, 0o755)
        for count in (1, 2, 3, 4, 8):
            done = subprocess.run([program, "scan", self.source, "-f", "json"], user=54321,
                                  group=54321, extra_groups=[], capture_output=True, timeout=60,
                                  preexec_fn=limits(nproc=count))
            self.assertIn(done.returncode, (0, 1, 2), done.stderr)

    def test_odd_surroundings(self):
        for change in ({"LC_ALL": "xx_YY.nonsense"}, {"LC_ALL": "tr_TR.UTF-8"}, {"TMPDIR": "/nonexistent"},
                       {"TERM": "\x1b[2J"}, {"NO_COLOR": ""}, {"HOME": ""}):
            run = self.run_scan(self.source, env=dict(os.environ, **change))
            self.assertEqual((run.code, run.report["problems"]), (0, []))
        self.assertEqual(self.run_scan(self.source, env={}).code, 0)

    def test_one_processor(self):
        run = self.run_scan(self.source, preexec_fn=lambda: os.sched_setaffinity(0, {0}))
        self.assertEqual(run.report["problems"], [])


if __name__ == "__main__":
    unittest.main()
