#!/usr/bin/env python3
"""What the options of muslcheck do, seen from outside.

usage: options_test.py MUSLCHECK RULES

What is scanned is the program itself, which asks for glibc's loader (an error), and a file that is
only the start of an ELF file (a warning, and an incomplete report).
"""
import io
import json
import os
import pathlib
import re
import shutil
import subprocess
import sys
import tarfile
import tempfile
import unittest

PROGRAM = pathlib.Path()
RULES = pathlib.Path()


class OptionsTest(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = pathlib.Path(folder.name)
        self.broken = self.folder / "broken"
        self.broken.mkdir()
        (self.broken / "cut.so").write_bytes(PROGRAM.read_bytes()[:20])

    def run_program(self, *arguments, **options):
        options.setdefault("stdout", subprocess.PIPE)
        environment = {"PATH": os.environ["PATH"], **options.pop("environment", {})}
        return subprocess.run([PROGRAM, *arguments], stderr=subprocess.PIPE, cwd=self.folder,
                              env=environment, text=True, timeout=120, **options)

    def scan_program(self, *arguments, **options):
        return self.run_program("scan", f"file:{PROGRAM}", *arguments, **options)

    def scan_broken(self, *arguments):
        return self.run_program("scan", f"dir:{self.broken}", *arguments)

    def read_json(self, name):
        return json.loads((self.folder / name).read_text(encoding="utf-8"))

    def assert_refused(self, result, *words):
        """Exit code 2, nothing on stdout, and one line that says what is wrong."""
        self.assertEqual(result.returncode, 2, result.stderr)
        self.assertEqual(result.stdout, "")
        for word in words:
            self.assertIn(word, result.stderr)

    # Command lines that make no sense

    def test_a_slip_of_the_pen_is_answered_with_what_was_meant(self):
        for arguments, words in (
                (("scn",), ('unknown command "scn"; did you mean scan?', "muslcheck --help")),
                (("target", "imprt"), ("did you mean import?", "muslcheck target --help")),
                (("scan", "dir:.", "--targt", "3.22"),
                 ("unknown option --targt; did you mean --target?", "muslcheck scan --help")),
                (("scan", "dir:.", "--formt=json"), ("did you mean --format?",)),
                (("--hlp",), ("unknown option --hlp; did you mean --help?",))):
            with self.subTest(arguments):
                self.assert_refused(self.run_program(*arguments), *words)

    def test_what_is_near_nothing_gets_no_guess(self):
        for arguments, words in (
                (("scan", "dir:.", "--format", "\x1b[31mx"), ("--format: \\x1b[31mx",)),
                ((), ("a command is missing: scan, ",)),
                (("",), ('unknown command ""; known are scan, ',)),
                (("xyzzy",), ('unknown command "xyzzy"; known are scan, ',)),
                (("scan", "dir:.", "-x"), ("unknown option -x\n",)),
                (("scan", "dir:.", "more"), ('unexpected argument "more"\n',)),
                (("scan",), ("SOURCE is required", "muslcheck scan --help"))):
            with self.subTest(arguments):
                result = self.run_program(*arguments)
                self.assert_refused(result, *words)
                self.assertNotIn("did you mean", result.stderr)

    # Exit codes

    def test_openssl_is_not_asked_how_this_machine_has_it(self):
        # A provider without SHA-256, as FIPS set-ups come near to.
        (self.folder / "openssl.cnf").write_text(
            "openssl_conf = init\n[init]\nproviders = all\n[all]\nbase = it\n[it]\nactivate = 1\n")
        here = self.scan_program()
        there = self.scan_program(
            environment={"OPENSSL_CONF": str(self.folder / "openssl.cnf")})
        self.assertEqual((there.returncode, there.stderr, there.stdout),
                         (here.returncode, here.stderr, here.stdout))

    def test_findings_at_the_threshold_give_1(self):
        for options, code in (((), 1), (("--fail-on", "error"), 1), (("--fail-on", "note"), 1),
                              (("--fail-on", "never"), 0)):
            with self.subTest(options):
                self.assertEqual(self.scan_program(*options).returncode, code)

    def test_findings_below_the_threshold_give_0(self):
        for options, code in (((), 0), (("--fail-on", "warning"), 1), (("--fail-on", "note"), 1),
                              (("--fail-on", "error"), 0), (("--fail-on", "never"), 0)):
            with self.subTest(options):
                self.assertEqual(self.scan_broken(*options).returncode, code)

    def test_strict_gives_3_for_what_could_not_be_examined(self):
        self.assertEqual(self.scan_broken("--strict").returncode, 3)
        self.assertEqual(self.scan_broken("--strict", "--fail-on", "warning").returncode, 3)

    def test_strict_changes_nothing_for_a_complete_scan(self):
        self.assertEqual(self.scan_program("--strict").returncode, 1)

    def test_usage_errors_give_2(self):
        for arguments in ((), ("scan",), ("scan", "dir:.", "--no-such-option"),
                          ("scan", "dir:.", "--fail-on", "bad"), ("scan", "dir:.", "-f", "xml"),
                          ("scan", "dir:.", "--jobs", "0"), ("explain",), ("no-such-command",)):
            with self.subTest(arguments):
                self.assert_refused(self.run_program(*arguments))

    # Time

    def test_what_takes_longer_than_its_timeout_is_an_error(self):
        result = self.scan_program("--timeout", "1ms", "--no-cache", "-o", "json=r.json")
        self.assert_refused(result, "not done after 0.001 s", "--timeout")
        self.assertEqual(result.stderr.count("\n"), 1)
        self.assertEqual(os.listdir(self.folder), ["broken"])

    def test_an_archive_is_not_unpacked_beyond_the_timeout(self):
        with tarfile.open(self.folder / "app.tar.gz", "w:gz", compresslevel=1) as archive:
            entry = tarfile.TarInfo("zeros")
            entry.size = 64 << 20
            archive.addfile(entry, io.BytesIO(bytes(entry.size)))
        result = self.run_program("scan", "docker-archive:app.tar.gz", "--timeout", "1ms")
        self.assert_refused(result, "not done after 0.001 s")

    def test_what_is_done_in_time_is_the_same_as_without_a_timeout(self):
        timed = self.scan_program("--timeout", "1h30m", "-f", "json")
        self.assertEqual((timed.returncode, timed.stdout),
                         (1, self.scan_program("-f", "json").stdout))

    def test_a_timeout_that_is_no_time_is_refused(self):
        for time in ("5", "0s", "soon", "-5s"):
            with self.subTest(time):
                self.assert_refused(self.scan_program("--timeout=" + time), "--timeout",
                                    "write it like 90s, 5m or 1h30m")

    def test_a_timeout_can_be_a_setting(self):
        result = self.scan_program(environment={"MUSLCHECK_TIMEOUT": "1ms"})
        self.assert_refused(result, "not done after")
        (self.folder / "muslcheck.json").write_text('{"timeout": "1ms"}', encoding="utf-8")
        self.assert_refused(self.scan_program(), "not done after")
        self.assertEqual(self.scan_program("--timeout", "1h").returncode, 1)

    # Output

    def test_the_table_goes_to_standard_output(self):
        result = self.scan_program()
        self.assertIn("missing-loader", result.stdout)
        self.assertEqual(result.stderr, "")
        self.assertNotIn("\x1b", result.stdout)

    def test_each_output_has_its_own_format(self):
        result = self.scan_program("-o", "json=r.json", "-o", "table=r.txt")
        self.assertEqual((result.returncode, result.stdout), (1, ""))
        self.assertEqual(self.read_json("r.json")["findings"][0]["name"], "missing-loader")
        self.assertIn("missing-loader", (self.folder / "r.txt").read_text(encoding="utf-8"))

    def test_a_file_without_format_takes_that_of_f(self):
        self.scan_program("-f", "json", "-o", "r.out")
        self.assertEqual(self.read_json("r.out")["schemaVersion"], "1.0")

    def test_an_equals_sign_after_no_format_is_part_of_the_name(self):
        self.scan_program("-f", "json", "-o", "odd=name")
        self.assertEqual(self.read_json("odd=name")["schemaVersion"], "1.0")

    def test_a_minus_is_standard_output(self):
        self.assertEqual(json.loads(self.scan_program("-o", "json=-").stdout)["schemaVersion"], "1.0")

    def test_an_old_file_is_replaced_and_nothing_else_is_left(self):
        (self.folder / "r.json").write_text("old", encoding="utf-8")
        self.scan_program("-o", "json=r.json")
        self.assertEqual(self.read_json("r.json")["schemaVersion"], "1.0")
        self.assertEqual(sorted(os.listdir(self.folder)), ["broken", "r.json"])

    def test_a_file_that_cannot_be_written_is_an_error(self):
        result = self.scan_program("-o", "json=absent/r.json")
        self.assert_refused(result, "absent/r.json", "cannot write")
        self.assertEqual(result.stderr.count("\n"), 1)

    @unittest.skipUnless(os.path.exists("/dev/full"), "no /dev/full")
    def test_a_full_standard_output_is_an_error(self):
        with open("/dev/full", "w", encoding="utf-8") as full:
            for arguments in (("rules",), ("explain", "MC101"), ("targets",), ("version",)):
                with self.subTest(arguments):
                    result = self.run_program(*arguments, stdout=full)
                    self.assertEqual(result.returncode, 2, result.stderr)

    def test_quiet_prints_no_table_but_writes_files(self):
        result = self.scan_program("-q")
        self.assertEqual((result.returncode, result.stdout, result.stderr), (1, "", ""))
        self.scan_program("-q", "-o", "r.txt")
        self.assertIn("missing-loader", (self.folder / "r.txt").read_text(encoding="utf-8"))

    def test_verbose_names_modules_that_move(self):
        self.assertIn("Modules that move", self.scan_program("-v").stdout)
        self.assertNotIn("Modules that move", self.scan_program().stdout)

    # What is judged

    def test_platform_decides_the_architecture(self):
        result = self.scan_program("--platform", "linux/arm64", "-f", "json")
        self.assertEqual(json.loads(result.stdout)["target"]["arch"], "aarch64")

    def test_an_image_is_chosen_in_archives_only(self):
        self.assert_refused(self.scan_program("--image", "shop:1.4"), "--image")

    def test_an_unknown_platform_is_refused(self):
        self.assert_refused(self.scan_program("--platform", "windows/amd64"), "windows/amd64")

    def test_the_number_of_jobs_changes_nothing(self):
        reports = [self.scan_broken("-f", "json", "--jobs", jobs).stdout for jobs in ("1", "4")]
        self.assertEqual(reports[0], reports[1])
        self.assertIn("MC901", reports[0])

    def test_the_default_target_is_the_newest(self):
        newest = self.run_program("targets").stdout.splitlines()[1].split()[0]
        self.assertEqual(json.loads(self.scan_program("-f", "json").stdout)["target"]["name"], newest)

    # Dockerfile

    def test_a_dockerfile_for_what_has_no_history_makes_the_report_incomplete(self):
        (self.folder / "Dockerfile").write_text("FROM a\nRUN b\n", encoding="utf-8")
        result = self.scan_program("--dockerfile", "Dockerfile", "-f", "json")
        report = json.loads(result.stdout)
        self.assertEqual(result.returncode, 1)
        self.assertEqual([problem["code"] for problem in report["problems"]],
                         ["dockerfile-mismatch"])
        self.assertTrue(report["incomplete"])

    def test_a_dockerfile_without_steps_is_no_problem(self):
        (self.folder / "Dockerfile").write_text("FROM a\nCMD b\n", encoding="utf-8")
        result = self.scan_program("--dockerfile", "Dockerfile", "-f", "json")
        self.assertEqual(json.loads(result.stdout)["problems"], [])

    def test_a_build_argument_can_be_given(self):
        (self.folder / "Dockerfile").write_text("ARG A\nFROM a:$A\n", encoding="utf-8")
        self.assert_refused(self.scan_program("--dockerfile", "Dockerfile"), "Dockerfile:2",
                            "--build-arg A=VALUE")
        result = self.scan_program("--dockerfile", "Dockerfile", "--build-arg", "A=1")
        self.assertEqual(result.returncode, 1, result.stderr)

    def test_dockerfiles_that_cannot_be_read_are_refused(self):
        os.mkfifo(self.folder / "fifo")
        (self.folder / "good").write_text("FROM a AS b\n", encoding="utf-8")
        for arguments, word in ((("--dockerfile", "absent"), "absent"),
                                (("--dockerfile", "broken"), "not a regular file"),
                                (("--dockerfile", "fifo"), "not a regular file"),
                                (("--dockerfile", "good", "--stage", "c"), "it has b"),
                                (("--dockerfile", "good", "--build-arg", "A"), "NAME=VALUE"),
                                (("--stage", "b"), "--dockerfile"),
                                (("--build-arg", "A=1"), "--dockerfile")):
            with self.subTest(arguments):
                self.assert_refused(self.scan_program(*arguments), word)

    # Rules

    def test_rules_of_a_folder_are_used_instead_of_the_built_in_ones(self):
        shutil.copytree(RULES, self.folder / "rules")
        checks = self.folder / "rules" / "checks" / "mc1xx.json"
        text = checks.read_text(encoding="utf-8")
        title = "The program asks for glibc's dynamic loader"
        self.assertIn(title, text)
        checks.write_text(text.replace(title, "Another title"), encoding="utf-8")
        self.assertIn("Another title", self.run_program("--rules", "rules", "rules").stdout)
        self.assertNotIn("Another title", self.run_program("rules").stdout)

    def test_a_rule_of_an_unknown_kind_is_refused(self):
        shutil.copytree(RULES, self.folder / "rules")
        checks = self.folder / "rules" / "checks" / "mc1xx.json"
        text = checks.read_text(encoding="utf-8")
        checks.write_text(text.replace('"relocation-ifunc"', '"relocation-ifnc"'), encoding="utf-8")
        self.assert_refused(self.scan_program("--rules", "rules"), "MC111", "relocation-ifnc")

    def test_a_rules_folder_that_is_not_there_is_refused(self):
        self.assert_refused(self.run_program("--rules", "absent", "rules"), "absent")

    # Built-in texts

    def test_every_rule_can_be_explained_on_80_columns(self):
        rules = re.findall(r"^MC.*", self.run_program("rules").stdout, re.MULTILINE)
        self.assertGreater(len(rules), 20)
        for rule in rules:
            identifier, name = rule.split()[:2]
            text = self.run_program("explain", identifier).stdout
            self.assertTrue(text.startswith(f"{identifier} {name} ("), text)
            self.assertEqual(text, self.run_program("explain", name).stdout)
            self.assertNotRegex(text, r"\{[a-z_]+\}")
            for line in text.splitlines():
                self.assertTrue(len(line) <= 80 or line.startswith("  $ "), line)

    def test_lists_and_help_fit_80_columns(self):
        for arguments in (("rules",), ("targets",), ("--help",), ("scan", "--help"),
                          ("explain", "--help")):
            for line in self.run_program(*arguments).stdout.splitlines():
                self.assertLessEqual(len(line), 80, line)

    def test_help_names_every_command(self):
        result = self.run_program("--help")
        self.assertEqual(result.returncode, 0)
        for command in ("scan", "explain", "targets", "rules", "version"):
            self.assertIn(command, result.stdout)

    def test_version_is_the_same_as_a_command_and_as_an_option(self):
        version = self.run_program("version").stdout
        self.assertRegex(version, r"^muslcheck \d+\.\d+\.\d+\n$")
        self.assertEqual(version, self.run_program("--version").stdout)


if __name__ == "__main__":
    PROGRAM, RULES = (pathlib.Path(argument).resolve() for argument in sys.argv[1:3])
    unittest.main(argv=sys.argv[:1])
