#!/usr/bin/env python3
"""The GitLab job, the pre-commit hooks and the Dockerfile, as far as they work without a service.

usage: recipes_test.py MUSLCHECK
"""
import json
import os
import shlex
import shutil
import xml.etree.ElementTree

import support


class GitlabTest(support.PackagingTest):
    def setUp(self):
        super().setUp()
        self.job = support.load("packaging/gitlab/muslcheck.gitlab-ci.yml")["muslcheck"]

    def run_script(self, part, **variables):
        return self.run_command("sh", "-e", "-c", "\n".join(self.job[part]),
                                **{**self.job["variables"], **variables})

    def test_the_reports_are_written(self):
        done = self.run_script("script", SCAN_SOURCE=self.source, MUSLCHECK_TARGET="alpine:3.22")
        self.assertEqual(done.returncode, 1, done.stderr)
        self.assertIn("alpine:3.22", done.stdout)
        reports = self.job["artifacts"]["reports"]
        issue = json.loads(self.read(reports["codequality"]))[0]
        self.assertLessEqual({"description", "check_name", "fingerprint", "severity", "location"},
                             issue.keys())
        suites = xml.etree.ElementTree.fromstring(self.read(reports["junit"]))
        self.assertEqual(suites.tag, "testsuites")
        for path in self.job["artifacts"]["paths"]:
            self.assertIsNotNone(self.read(path))
        self.assertEqual(self.job["artifacts"]["when"], "always")

    def test_options_are_variables(self):
        done = self.run_script("script", SCAN_SOURCE=self.source, MUSLCHECK_FAIL_ON="never")
        self.assertEqual(done.returncode, 0, done.stderr)

    def test_a_source_is_no_script(self):
        done = self.run_script("script", SCAN_SOURCE='"; touch owned; $(touch owned)')
        self.assertEqual(done.returncode, 2)
        done = self.run_script("script", SCAN_SOURCE="dir:a $(touch owned) b",
                               MUSLCHECK_FAIL_ON="never")
        self.assertEqual(done.returncode, 0, done.stderr)

    def test_a_program_that_is_there_is_used(self):
        done = self.run_script("before_script")
        self.assertEqual((done.returncode, done.stdout, done.stderr), (0, "", ""))

    def run_job(self, path, **variables):
        """Both parts, in one shell as GitLab runs them."""
        return self.run_command("sh", "-e", "-c", "\n".join(
            self.job["before_script"] + self.job["script"]),
            **{**self.job["variables"], "SCAN_SOURCE": self.source, "PATH": path, **variables})

    def test_the_tarball_is_installed(self):
        (self.bin / "muslcheck").unlink()
        path = f"{self.bin}:{os.environ['PATH']}"
        if shutil.which("muslcheck"):
            self.skipTest("muslcheck is installed")
        self.assertEqual(self.run_job(path).returncode, 2)
        tarball, digest = self.make_tarball("tarball")
        # The file that follows -o is the seventh argument.
        self.fake("curl", f'cp "{tarball}" "$7"')
        done = self.run_job(path, SCAN_PACKAGE="https://h/a.tar.gz", SCAN_PACKAGE_SHA256=digest)
        self.assertEqual(done.returncode, 1, done.stderr)
        self.assertIn("--proto =https ", self.read("curl.log"))
        self.assertIn("-- https://h/a.tar.gz\n", self.read("curl.log"))
        self.assertIsNotNone(self.read("muslcheck.json"))

    def test_the_image_of_the_job_has_what_it_needs(self):
        self.assertTrue(self.job["image"].startswith("alpine:"))
        path = self.only_busybox()
        tarball, digest = self.make_tarball("tarball")
        self.fake("wget", f'cp "{tarball}" "$3"')
        done = self.run_job(path, SCAN_PACKAGE="https://h/a.tar.gz")
        self.assertEqual(done.returncode, 2)
        self.assertIn("set SCAN_PACKAGE_SHA256", done.stderr)
        done = self.run_job(path, SCAN_PACKAGE="https://h/a.tar.gz", SCAN_PACKAGE_SHA256="0" * 64)
        self.assertEqual(done.returncode, 1)
        self.assertIsNone(self.read("muslcheck.json"))
        done = self.run_job(path, SCAN_PACKAGE="https://h/a.tar.gz", SCAN_PACKAGE_SHA256=digest)
        self.assertEqual(done.returncode, 1, done.stderr)
        self.assertIsNotNone(self.read("muslcheck.json"))


class PreCommitTest(support.PackagingTest):
    def setUp(self):
        super().setUp()
        self.hooks = {hook["id"]: hook for hook in support.load(".pre-commit-hooks.yaml")}
        (self.folder / "alpine.dockerfile").write_text("FROM node:20-alpine\nRUN apk add curl\n")
        (self.folder / "Dockerfile").write_text("FROM node:20\nRUN echo $(touch owned)\n")
        (self.folder / "broken.dockerfile").write_text("RUN x\n")

    def run_hook(self, name, *arguments):
        entry = shlex.split(self.hooks[name]["entry"])
        if self.hooks[name]["language"] == "script":
            entry[0] = str(support.ROOT / entry[0])
            self.assertTrue(os.access(entry[0], os.X_OK))
        return self.run_command(*entry, *arguments)

    def test_a_dockerfile_on_alpine_passes(self):
        done = self.run_hook("muslcheck-dockerfile", "--target=alpine:3.22", "alpine.dockerfile")
        self.assertEqual((done.returncode, done.stdout), (0, ""), done.stderr)

    def test_a_dockerfile_on_debian_fails_with_the_change(self):
        done = self.run_hook("muslcheck-dockerfile", "Dockerfile", "alpine.dockerfile")
        self.assertEqual(done.returncode, 1, done.stderr)
        self.assertIn("+FROM node:20-alpine\n", done.stdout)

    def test_one_that_cannot_be_read_does_not_hide_the_others(self):
        done = self.run_hook("muslcheck-dockerfile", "broken.dockerfile", "Dockerfile")
        self.assertEqual(done.returncode, 2)
        self.assertIn("+FROM node:20-alpine\n", done.stdout)

    def test_a_file_is_no_option(self):
        (self.folder / "--output=owned").write_text("FROM node:20\n")
        done = self.run_hook("muslcheck-dockerfile", "--output=owned", "Dockerfile",
                             "--output=owned")
        self.assertEqual(done.returncode, 1)
        self.assertEqual(done.stdout.count("+FROM node:20-alpine\n"), 3)
        self.assertEqual(self.read("--output=owned"), "FROM node:20\n")

    def test_a_folder_is_scanned(self):
        hook = self.hooks["muslcheck-scan"]
        self.assertFalse(hook["pass_filenames"])
        done = self.run_hook("muslcheck-scan", self.source)
        self.assertEqual(done.returncode, 1)
        self.assertIn("native module", done.stdout)


class DockerfileTest(support.PackagingTest):
    PATH = support.ROOT / "packaging/docker/Dockerfile"

    def test_muslcheck_understands_it(self):
        done = self.run_command("muslcheck", "dockerfile", str(self.PATH))
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertIn("\n-FROM debian:12 AS build", done.stdout)

    def test_what_it_copies_and_runs_is_there(self):
        text = self.PATH.read_text()
        for name in ("scripts/install-dependencies", "packaging/static/build"):
            self.assertTrue(os.access(support.ROOT / name, os.X_OK))
            self.assertIn(name, text)
        self.assertIn("\nFROM scratch\n", text)


if __name__ == "__main__":
    support.main()
