#!/usr/bin/env python3
"""Reports that are read again, what users accept, and options from elsewhere.

usage: reports_test.py MUSLCHECK

What is scanned is the program itself, which asks for glibc's loader (an error).
"""
import json
import os
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile
import unittest

PROGRAM = pathlib.Path()
ENTRY = {"rule": "MC101", "path": "*muslcheck", "reason": "it is never moved"}


class ReportsTest(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = pathlib.Path(folder.name)

    def run_program(self, *arguments, **options):
        environment = {"PATH": os.environ["PATH"], **options.pop("environment", {})}
        return subprocess.run([PROGRAM, *arguments], cwd=self.folder, env=environment, text=True,
                              capture_output=True, timeout=120, **options)

    def scan(self, *arguments, **options):
        return self.run_program("scan", f"file:{PROGRAM}", *arguments, **options)

    def scan_json(self, *arguments, **options):
        result = self.scan("-f", "json", *arguments, **options)
        self.assertIn(result.returncode, (0, 1), result.stderr)
        return json.loads(result.stdout)

    def write(self, name, content):
        path = self.folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        text = content if isinstance(content, str) else json.dumps(content)
        path.write_text(text, encoding="utf-8")
        return name

    def read(self, name):
        return (self.folder / name).read_text(encoding="utf-8")

    def assert_refused(self, result, *words):
        self.assertEqual((result.returncode, result.stdout), (2, ""), result.stderr)
        self.assertEqual(result.stderr.count("\n"), 1, result.stderr)
        for word in words:
            self.assertIn(word, result.stderr)

    def formats(self):
        text = self.run_program("scan", "--help").stdout
        return re.search(r"-f,--format FORMAT\s+(.*?)\s*\(default", text, re.S)[1] \
            .replace(",", " ").split()

    # Convert

    def test_every_format_made_from_the_json_is_the_same_byte_for_byte(self):
        formats = self.formats()
        self.assertIn("json", formats)
        self.scan(*(word for name in formats for word in ("-o", f"{name}=direct.{name}")))
        for name in formats:
            with self.subTest(name):
                result = self.run_program("convert", "direct.json", "-f", name)
                self.assertEqual(result.returncode, 0, result.stderr)
                self.assertEqual(result.stdout, self.read(f"direct.{name}"))

    def test_a_conversion_has_the_outputs_of_a_scan(self):
        self.scan("-o", "json=r.json", "-o", "table=r.txt")
        self.run_program("convert", "r.json", "-o", "json=a.json", "-o", "b.txt")
        self.assertEqual(self.read("a.json"), self.read("r.json"))
        self.assertEqual(self.read("b.txt"), self.read("r.txt"))

    def test_a_report_is_read_from_standard_input(self):
        text = self.scan("-f", "json").stdout
        result = self.run_program("convert", "-", "-f", "json", input=text)
        self.assertEqual((result.returncode, result.stdout), (0, text))
        self.assert_refused(self.run_program("convert", "-", input="{"), "standard input")

    def test_what_is_no_report_is_named(self):
        self.scan("-o", "json=r.json")
        report = json.loads(self.read("r.json"))
        report["modules"][0]["layer"] = "top"
        self.write("bad.json", report)
        self.write("new.json", {**report, "schemaVersion": "2.1"})
        self.assert_refused(self.run_program("convert", "bad.json"), "bad.json",
                            "/modules/0/layer")
        self.assert_refused(self.run_program("convert", "new.json"), "new.json", "2.1", "1.x")
        self.assert_refused(self.run_program("convert", "absent.json"), "absent.json")
        self.assert_refused(self.run_program("convert", "."), "cannot read")

    # Diff and baseline

    def two_reports(self):
        self.scan("-o", "json=new.json")
        report = json.loads(self.read("new.json"))
        report["findings"] = []
        self.write("old.json", report)

    def test_a_new_finding_gives_1_and_a_fixed_one_0(self):
        self.two_reports()
        result = self.run_program("diff", "old.json", "new.json")
        self.assertEqual(result.returncode, 1, result.stderr)
        self.assertRegex(result.stdout, r"^\d+ new, 0 fixed, 0 unchanged\.\n")
        self.assertIn("MC101", result.stdout)
        result = self.run_program("diff", "new.json", "old.json")
        self.assertEqual(result.returncode, 0)
        self.assertRegex(result.stdout, r"^0 new, [1-9]\d* fixed, 0 unchanged\.\n")
        self.assertEqual(self.run_program("diff", "new.json", "new.json").returncode, 0)

    def test_the_threshold_of_a_diff(self):
        self.two_reports()
        result = self.run_program("diff", "old.json", "new.json", "--fail-on", "never")
        self.assertEqual(result.returncode, 0)

    def test_a_rebuild_of_another_version_of_a_package_is_the_same_ticket(self):
        for version, suffix in (("1.0.0", b""), ("2.3.4", b"rebuilt")):
            package = self.folder / version / "node_modules" / "tool"
            package.mkdir(parents=True)
            manifest = {"name": "tool", "version": version}
            self.write(f"{version}/node_modules/tool/package.json", manifest)
            (package / "tool").write_bytes(PROGRAM.read_bytes() + suffix)
            self.run_program("scan", f"dir:{version}", "-o", f"json={version}.json")
        old, new = (json.loads(self.read(f"{version}.json")) for version in ("1.0.0", "2.3.4"))
        self.assertNotEqual(old["packages"], new["packages"])
        self.assertEqual(old["packages"][0]["purl"], "pkg:npm/tool@1.0.0")
        result = self.run_program("diff", "1.0.0.json", "2.3.4.json", "--fail-on", "note")
        self.assertEqual(result.returncode, 0)
        self.assertRegex(result.stdout, r"^0 new, 0 fixed, [1-9]\d* unchanged\.\n$")

    def test_a_diff_in_json_and_to_a_file(self):
        self.two_reports()
        self.run_program("diff", "old.json", "new.json", "-f", "json", "-o", "d.json")
        difference = json.loads(self.read("d.json"))
        self.assertEqual(list(difference), ["new", "fixed", "unchanged"])
        self.assertIn("MC101", [finding["ruleId"] for finding in difference["new"]])
        self.assertTrue(self.run_program("diff", "old.json", "new.json", "-f", "markdown")
                        .stdout.startswith("**muslcheck:**"))

    def test_what_the_baseline_has_does_not_fail(self):
        self.assertEqual(self.scan("-o", "json=old.json").returncode, 1)
        result = self.scan("--baseline", "old.json", "--fail-on", "note")
        self.assertEqual(result.returncode, 0)
        self.assertIn("(in the baseline)", result.stdout)
        report = self.scan_json("--baseline", "old.json")
        self.assertTrue(all(finding["baseline"] for finding in report["findings"]))
        self.assertEqual(report["summary"]["baseline"], len(report["findings"]))
        self.assertEqual(report["verdict"], json.loads(self.read("old.json"))["verdict"])

    def test_what_the_baseline_lacks_fails(self):
        self.two_reports()
        self.assertEqual(self.scan("--baseline", "old.json").returncode, 1)

    def test_a_baseline_that_is_no_report_is_refused(self):
        self.write("old.json", "{}")
        self.assert_refused(self.scan("--baseline", "old.json"), "old.json", "schemaVersion")

    # Ignore file

    def test_what_is_ignored_neither_fails_nor_counts_but_is_told(self):
        before = self.scan_json()
        self.write("i.json", {"ignore": [ENTRY]})
        report = self.scan_json("--ignore-file", "i.json")
        ignored = [entry["finding"] for entry in report["suppressed"]]
        self.assertEqual([finding["ruleId"] for finding in ignored], ["MC101"])
        self.assertEqual(report["suppressed"][0]["reason"], ENTRY["reason"])
        self.assertEqual(report["summary"]["suppressed"], 1)
        self.assertEqual(report["summary"]["findings"]["error"],
                         before["summary"]["findings"]["error"] - 1)
        self.assertNotIn("MC101", [finding["ruleId"] for finding in report["findings"]])
        result = self.scan("--ignore-file", "i.json")
        self.assertIn("1 finding ignored: it is never moved", result.stdout)
        self.assertEqual(result.stderr, "")

    def test_all_ignored_gives_0_and_is_ready(self):
        self.write("i.json", {"ignore": [{"path": "*", "reason": "x"}]})
        self.assertEqual(self.scan("--ignore-file", "i.json").returncode, 0)
        self.assertEqual(self.scan_json("--ignore-file", "i.json")["verdict"], "ready")

    def test_the_ignore_file_of_the_working_directory_is_used(self):
        self.write(".muslcheckignore.json", {"ignore": [{"path": "*", "reason": "x"}]})
        self.assertEqual(self.scan().returncode, 0)

    def test_an_expired_entry_does_not_apply_and_is_told(self):
        self.write("i.json", {"ignore": [{**ENTRY, "expires": "2020-02-29"}]})
        result = self.scan("--ignore-file", "i.json", "--strict")
        self.assertEqual(result.returncode, 1)
        self.assertIn("i.json: the entry for rule MC101, path *muslcheck expired on 2020-02-29",
                      result.stderr)
        self.assertIn("Known already", result.stdout)
        self.assertNotIn("Could not examine", result.stdout)
        report = self.scan_json("--ignore-file", "i.json")
        self.assertEqual([problem["code"] for problem in report["problems"]], ["ignore-expired"])
        self.assertFalse(report["incomplete"])

    def test_a_wrong_ignore_file_is_named_with_its_pointer(self):
        self.write("i.json", {"ignore": [{"rule": "MC101", "because": "x"}]})
        self.assert_refused(self.scan("--ignore-file", "i.json"), "i.json", "/ignore/0/because")
        self.assert_refused(self.scan("--ignore-file", "absent.json"), "absent.json")

    # Environment and configuration file

    def test_options_come_from_the_environment(self):
        result = self.scan(environment={"MUSLCHECK_FAIL_ON": "never", "MUSLCHECK_FORMAT": "json",
                                        "MUSLCHECK_TARGET": "alpine:3.19"})
        self.assertEqual(result.returncode, 0, result.stderr)
        self.assertEqual(json.loads(result.stdout)["target"]["release"], "3.19")

    def test_the_command_line_wins_over_the_environment_over_the_file(self):
        self.write("muslcheck.json", {"target": "alpine:3.18", "fail-on": "never"})
        self.assertEqual(self.scan_json()["target"]["release"], "3.18")
        environment = {"MUSLCHECK_TARGET": "alpine:3.19"}
        self.assertEqual(self.scan_json(environment=environment)["target"]["release"], "3.19")
        report = self.scan_json("--target", "alpine:3.20", environment=environment)
        self.assertEqual(report["target"]["release"], "3.20")
        self.assertEqual(self.scan().returncode, 0)

    def test_configuration_files_are_searched_in_order(self):
        environment = {"XDG_CONFIG_HOME": str(self.folder / "xdg")}
        for release, name in (("3.18", "xdg/muslcheck/config.json"), ("3.19", ".muslcheck.json"),
                              ("3.20", "muslcheck.json")):
            self.write(name, {"target": f"alpine:{release}"})
            self.assertEqual(self.scan_json(environment=environment)["target"]["release"], release)
        self.write("other.json", {"target": "alpine:3.21"})
        report = self.scan_json("--config", "other.json", environment=environment)
        self.assertEqual(report["target"]["release"], "3.21")
        environment["MUSLCHECK_CONFIG"] = "other.json"
        self.assertEqual(self.scan_json(environment=environment)["target"]["release"], "3.21")

    def test_switches_and_lists_in_a_configuration_file(self):
        self.write("muslcheck.json", {"quiet": True, "verbose": False, "jobs": 2, "no-cache": True,
                                      "output": ["json=a.json", "table=b.txt"]})
        self.assertEqual(self.scan().stdout, "")
        self.assertIn("MC101", self.read("a.json"))
        self.assertIn("MC101", self.read("b.txt"))

    def test_an_option_rules_out_its_opposite_from_elsewhere(self):
        cache = self.folder / "cache"
        environment = {"MUSLCHECK_CACHE_DIR": str(cache)}
        self.assertEqual(self.scan("--no-cache", environment=environment).returncode, 1)
        self.assertFalse(cache.exists())

    def test_wrong_settings_are_named_with_where_they_are_from(self):
        self.assert_refused(self.scan(environment={"MUSLCHECK_FAIL_ON": "bad"}),
                            "MUSLCHECK_FAIL_ON", "bad")
        self.assert_refused(self.scan(environment={"MUSLCHECK_JOBS": "0"}), "MUSLCHECK_JOBS")
        for content, word in (({"fail-on": "bad"}, "bad"), ({"fail_on": "error"}, "/fail_on"),
                              ({"help": True}, "/help"), ({"config": "x"}, "/config"),
                              ('{\n"target": }', "line 2"), ({"jobs": {}}, "/jobs")):
            with self.subTest(content):
                self.write("c.json", content)
                self.assert_refused(self.scan("--config", "c.json"), "c.json", word)
        self.assert_refused(self.scan("--config", "absent.json"), "absent.json")

    # Formats

    def test_no_format_has_a_placeholder_that_nothing_filled(self):
        for name in self.formats():
            with self.subTest(name):
                text = self.scan("-f", name).stdout
                self.assertTrue(text)
                self.assertEqual(re.findall(r"\{[a-z]+\}", text), [])

    # Tickets

    @unittest.skipUnless(shutil.which("jq"), "NOT CHECKED: jq is missing")
    def test_the_jq_line_of_the_readme_makes_one_ticket_per_package(self):
        readme = pathlib.Path(__file__).resolve().parents[2] / "README.md"
        script = re.search(r"jq -c '(.*?)' report\.json", readme.read_text(encoding="utf-8"), re.S)
        self.scan("-o", "json=report.json")
        result = subprocess.run(["jq", "-c", script[1], "report.json"], cwd=self.folder, text=True,
                                capture_output=True, check=True)
        tickets = [json.loads(line) for line in result.stdout.splitlines()]
        self.assertEqual(len(tickets), 1)
        self.assertIn("MC101", tickets[0]["body"])


if __name__ == "__main__":
    PROGRAM = pathlib.Path(sys.argv[1]).resolve()
    unittest.main(argv=sys.argv[:1])
