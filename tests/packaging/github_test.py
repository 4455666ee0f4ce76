#!/usr/bin/env python3
"""The GitHub Action: its steps are run as the runner runs them, with files in place of the service.

usage: github_test.py MUSLCHECK
"""
import json
import pathlib
import re
import shutil
import subprocess

import support

EXPRESSION = re.compile(r"\$\{\{ inputs\.([a-z0-9-]+) \}\}")


class ActionTest(support.PackagingTest):
    def setUp(self):
        super().setUp()
        self.action = support.load("packaging/github/action.yml")
        self.install, self.scan = self.action["runs"]["steps"]

    def run_step(self, step, path=None, **inputs):
        known = {name: entry.get("default", "") for name, entry in self.action["inputs"].items()}
        known.update({name.replace("_", "-"): value for name, value in inputs.items()})
        environment = {name: EXPRESSION.sub(lambda match: known[match[1]], value)
                       for name, value in step["env"].items()}
        for name in ("GITHUB_OUTPUT", "GITHUB_STEP_SUMMARY", "GITHUB_PATH"):
            environment[name] = str(self.folder / name)
        environment["RUNNER_TEMP"] = str(self.folder)
        script = self.folder / "step.sh"
        script.write_text(step["run"])
        if path:
            environment["PATH"] = path
        return self.run_command("sh", "-e", str(script), **environment)

    def test_scripts_have_no_expressions(self):
        self.assertEqual(self.action["runs"]["using"], "composite")
        for step in self.action["runs"]["steps"]:
            self.assertNotIn("${{", step["run"])
            self.assertEqual(step["shell"], "sh")
            for value in step["env"].values():
                self.assertIn(EXPRESSION.fullmatch(value)[1], self.action["inputs"])

    def test_scripts_are_for_a_posix_shell(self):
        for step in self.action["runs"]["steps"]:
            done = subprocess.run(["dash", "-n"], input=step["run"], text=True, capture_output=True)
            self.assertEqual((done.returncode, done.stderr), (0, ""))

    def test_scripts_satisfy_shellcheck(self):
        if shutil.which("shellcheck") is None:
            self.skipTest("shellcheck is missing")
        for step in self.action["runs"]["steps"]:
            done = subprocess.run(["shellcheck", "-s", "sh", "-"], input=step["run"], text=True,
                                  capture_output=True)
            self.assertEqual(done.stdout, "")

    def test_scan_fails_the_job_after_its_files_are_written(self):
        done = self.run_step(self.scan, source=self.source, target="alpine:3.22")
        self.assertEqual(done.returncode, 1, done.stderr)
        self.assertEqual(json.loads(self.read("muslcheck.sarif"))["version"], "2.1.0")
        self.assertIn("alpine:3.22", self.read("muslcheck.md"))
        self.assertEqual(self.read("GITHUB_STEP_SUMMARY"), self.read("muslcheck.md"))
        self.assertEqual(self.read("GITHUB_OUTPUT"), "exit-code=1\n")

    def test_fail_on(self):
        done = self.run_step(self.scan, source=self.source, fail_on="never")
        self.assertEqual(done.returncode, 0, done.stderr)

    def test_no_files(self):
        self.run_step(self.scan, source=self.source, sarif="", markdown="")
        self.assertIsNone(self.read("muslcheck.sarif"))
        self.assertIsNone(self.read("muslcheck.md"))
        self.assertIn("muslcheck", self.read("GITHUB_STEP_SUMMARY"))

    def test_each_line_of_args_is_an_argument(self):
        self.run_step(self.scan, source=self.source, args="-o\njson=a report.json\n\n--jobs=1\n")
        self.assertIsNotNone(self.read("a report.json"))

    def test_a_source_is_no_script(self):
        done = self.run_step(self.scan, source="dir:a $(touch owned) b", fail_on="never")
        self.assertEqual(done.returncode, 0, done.stderr)
        for source in ('"; touch owned; "', "--help", "`touch owned`"):
            with self.subTest(source):
                done = self.run_step(self.scan, source=source)
                self.assertEqual(done.returncode, 2)
                self.assertIn("exit-code=2\n", self.read("GITHUB_OUTPUT"))

    def test_a_summary_of_before_is_not_shown(self):
        (self.folder / "muslcheck.md").write_text("of before")
        self.run_step(self.scan, source="dir:missing")
        self.assertIsNone(self.read("GITHUB_STEP_SUMMARY"))

    def test_what_is_on_path_is_used(self):
        done = self.run_step(self.install)
        self.assertEqual((done.returncode, done.stdout), (0, ""))

    def test_nothing_to_install_says_so(self):
        (self.bin / "muslcheck").unlink()
        if shutil.which("muslcheck"):
            self.skipTest("muslcheck is installed")
        done = self.run_step(self.install)
        self.assertEqual(done.returncode, 2)
        self.assertIn("::error title=muslcheck::not on PATH", done.stdout)

    def install_tarball(self, path=None):
        _, digest = self.make_tarball("muslcheck-1.2.tar.gz")
        url = f"file://{self.folder}/muslcheck-{{version}}.tar.gz"
        done = self.run_step(self.install, path, download_url=url, version="1.2", sha256=digest)
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertRegex(done.stdout, r"^muslcheck [0-9.]+\n$")
        return self.read("GITHUB_PATH").strip()

    def test_a_tarball_is_installed(self):
        self.assertTrue((pathlib.Path(self.install_tarball()) / "muslcheck").exists())

    def test_a_container_of_alpine_is_a_runner(self):
        path = self.only_busybox()
        added = self.install_tarball(path)
        done = self.run_step(self.scan, f"{added}:{path}", source=self.source, args="-v\n\n--jobs=1")
        self.assertEqual((done.returncode, done.stderr), (1, ""))
        self.assertIn("muslcheck", self.read("GITHUB_STEP_SUMMARY"))

    def test_without_curl_the_digest_is_needed(self):
        path = self.only_busybox()
        tarball, digest = self.make_tarball("muslcheck-1.2.tar.gz")
        self.fake("wget", f'cp "{tarball}" "$3"')
        inputs = {"download_url": "https://h/muslcheck-{version}.tar.gz", "version": "1.2"}
        done = self.run_step(self.install, path, **inputs)
        self.assertEqual(done.returncode, 2)
        self.assertIn("give the input sha256", done.stdout)
        done = self.run_step(self.install, path, **inputs, sha256="0" * 64)
        self.assertEqual(done.returncode, 1)
        self.assertIsNone(self.read("GITHUB_PATH"))
        done = self.run_step(self.install, path, **inputs, sha256=digest)
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertTrue(self.read("wget.log").endswith(" https://h/muslcheck-1.2.tar.gz\n"))

    def test_a_deb_is_installed(self):
        (self.folder / "muslcheck_1.2_amd64.deb").write_bytes(b"")
        for name in ("apt-get", "sudo"):
            self.fake(name)
        url = f"file://{self.folder}/muslcheck_1.2_amd64.deb"
        done = self.run_step(self.install, download_url=url)
        self.assertEqual(done.returncode, 0, done.stderr)
        said = (self.read("apt-get.log") or "") + (self.read("sudo.log") or "")
        self.assertRegex(said, r"install .*/muslcheck\.deb\n")

    def test_what_is_not_what_it_should_be_is_not_installed(self):
        url = self.make_tarball("muslcheck-1.2.tar.gz")[0].as_uri()
        for inputs in ({"download_url": url, "sha256": "0" * 64},
                       {"download_url": url.replace("1.2", "{version}")},
                       {"download_url": url.replace("1.2", "{version}"), "version": "1.2/x"},
                       {"download_url": "https://h/{version}/{version}.tar.gz", "version": "1"},
                       {"download_url": url + ".zip"}):
            with self.subTest(inputs):
                done = self.run_step(self.install, **inputs)
                self.assertNotEqual(done.returncode, 0)
                self.assertIsNone(self.read("GITHUB_PATH"))

    def test_plain_http_is_refused(self):
        self.fake("curl")
        done = self.run_step(self.install, download_url="http://127.0.0.1/muslcheck-1.2.tar.gz")
        self.assertEqual(done.returncode, 2)
        self.assertIsNone(self.read("curl.log"))
        # Nor is it where a redirection leads.
        self.run_step(self.install, download_url="https://127.0.0.1/muslcheck-1.2.tar.gz")
        self.assertIn("--proto =https ", self.read("curl.log"))


if __name__ == "__main__":
    support.main()
