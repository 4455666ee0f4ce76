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

    def test_the_package_is_installed(self):
        (self.bin / "muslcheck").unlink()
        if shutil.which("muslcheck"):
            self.skipTest("muslcheck is installed")
        self.assertEqual(self.run_script("before_script").returncode, 2)
        for name in ("apt-get", "curl"):
            self.fake(name)
        done = self.run_script("before_script", SCAN_PACKAGE="https://h/a.deb")
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertIn("-- https://h/a.deb\n", self.read("curl.log"))
        self.assertIn("/tmp/muslcheck.deb\n", self.read("apt-get.log"))
        (self.folder / "apt-get.log").unlink()
        done = self.run_script("before_script", SCAN_PACKAGE="https://h/a.deb",
                               SCAN_PACKAGE_SHA256="0" * 64)
        self.assertNotEqual(done.returncode, 0)
        self.assertNotIn("muslcheck.deb", self.read("apt-get.log"))


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
        self.assertEqual(done.stdout.count("\n-FROM debian:12"), 2)

    def test_what_it_copies_and_runs_is_there(self):
        text = self.PATH.read_text()
        for name in ("scripts/install-dependencies", "CMakePresets.json"):
            self.assertTrue((support.ROOT / name).exists())
        presets = json.loads((support.ROOT / "CMakePresets.json").read_text())
        for kind in ("configurePresets", "buildPresets", "packagePresets"):
            self.assertIn("release", [preset["name"] for preset in presets[kind]])
        self.assertIn("COPY scripts/install-dependencies scripts/\n", text)


if __name__ == "__main__":
    support.main()
