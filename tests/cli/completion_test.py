#!/usr/bin/env python3
"""Completion for shells and the manual page, held against what --help says.

usage: completion_test.py MUSLCHECK

The script for bash runs in a bash; those for zsh and fish do so only where these shells are
installed, and only their text is looked at elsewhere.
"""
import os
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile
import unittest

PROGRAM = pathlib.Path()
FORMATS = ["table", "json", "html", "markdown", "sarif", "gitlab", "junit", "cyclonedx"]


def run(*command, **options):
    return subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
                          timeout=60, **options)


def muslcheck(*arguments):
    result = run(PROGRAM, *arguments)
    assert result.returncode == 0 and not result.stderr, result
    return result.stdout


def commands_in(help_text):
    section = help_text.partition("Subcommands:\n")[2]
    return re.findall(r"^  (\w+) ", section, re.MULTILINE)


def options_in(help_text):
    """{"-f", "--format"}: the names in the first column."""
    names = set()
    for column in re.findall(r"^  (-\S+)", help_text, re.MULTILINE):
        names.update(name for name in column.split(",") if name)
    return names


def walk(path=()):
    """Each command as its words, with its help."""
    text = muslcheck(*path, "--help")
    yield path, text
    for name in commands_in(text):
        yield from walk((*path, name))


class CompletionTest(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.helps = dict(walk())

    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = pathlib.Path(folder.name)
        for shell in ("bash", "zsh", "fish"):
            (self.folder / shell).write_text(muslcheck("completion", shell), encoding="utf-8")

    def script(self, shell):
        return (self.folder / shell).read_text(encoding="utf-8")

    def complete(self, *words):
        """What bash offers for the last of the words after the program's name."""
        (self.folder / "work").mkdir(exist_ok=True)
        for name in ("app.tar", "app two.tar"):
            (self.folder / "work" / name).touch()
        body = ('source ../bash; COMP_WORDS=(muslcheck "$@"); COMP_CWORD=$#; _muslcheck; '
                'if [ ${#COMPREPLY[@]} -gt 0 ]; then printf "%s\\n" "${COMPREPLY[@]}"; fi')
        result = run("bash", "--norc", "--noprofile", "-c", body, "bash", *words,
                     cwd=self.folder / "work")
        self.assertEqual((result.returncode, result.stderr), (0, ""))
        return result.stdout.splitlines()

    def require(self, shell):
        if shutil.which(shell) is None:
            print(f"SKIPPED: {shell} is not installed, its script is not run", file=sys.stderr)
            self.skipTest(f"{shell} is not installed")

    # What is compared with --help

    def test_help_is_understood(self):
        self.assertIn(("target", "import"), self.helps)
        self.assertLessEqual({"-f", "--format", "-h", "--help"}, options_in(self.helps["scan",]))

    def test_bash_offers_what_help_lists(self):
        for path, text in self.helps.items():
            with self.subTest(path):
                self.assertLessEqual(options_in(text), {*self.complete(*path, "-"), "-h"})
                self.assertIn("-h", self.complete(*path, "-"))
                if commands_in(text):
                    self.assertEqual(self.complete(*path, ""), commands_in(text))

    def test_zsh_and_fish_have_what_help_lists(self):
        for path, text in self.helps.items():
            name = " ".join(path)
            zsh = self.script("zsh").partition(f"\n    ('{name}')\n")[2].partition(" ;;\n")[0]
            seen = "; and ".join(f"__fish_seen_subcommand_from {word}" for word in path)
            fish = [line for line in self.script("fish").splitlines()
                    if line.startswith(f"complete -c muslcheck -n '{seen or 'not '}")]
            for option in options_in(text):
                with self.subTest(path=path, option=option):
                    self.assertRegex(zsh, rf"'[^']*{option}=?\[")
                    word = f" -l {option[2:]} " if option[1] == "-" else f" -s {option[1:]} "
                    self.assertTrue(any(word in line for line in fish))

    def test_manual_has_what_help_lists(self):
        manual = muslcheck("man").replace("\\-", "-")
        options_of_all = manual.partition(".SH OPTIONS")[2].partition(".SH COMMANDS")[0]
        for path, text in self.helps.items():
            name = " ".join(path)
            section = manual.partition(f".SS {name}\n")[2].partition("\n.S")[0]
            for option in options_in(text):
                with self.subTest(path=path, option=option):
                    self.assertIn(f"\\fB{option}\\fR", section + options_of_all)
                    if path and option not in ("-h", "--help"):
                        self.assertIn(f"\\fB{option}\\fR", section)

    # bash

    def test_bash_accepts_its_script(self):
        self.assertEqual(run("bash", "-n", self.folder / "bash").stderr, "")

    def test_values_of_options(self):
        self.assertEqual(self.complete("scan", "x.tar", "-f", ""), FORMATS)
        self.assertEqual(self.complete("diff", "--format", "j"), ["json"])
        self.assertEqual(self.complete("scan", "--fail-on", "w"), ["warning"])
        self.assertEqual(self.complete("completion", ""), ["bash", "zsh", "fish"])
        self.assertEqual(self.complete("cache", "c"), ["clean"])

    def test_values_behind_an_equals_sign_which_bash_takes_as_a_word(self):
        self.assertEqual(self.complete("scan", "--format", "="), FORMATS)
        self.assertEqual(self.complete("scan", "--format", "=", "sa"), ["sarif"])

    def test_files(self):
        files = ["app two.tar", "app.tar"]
        for words in (("scan",), ("scan", "docker-archive", ":"), ("scan", "--baseline"),
                      ("convert", "x", "-o", "json", "="), ("target", "import"), ("--rules",)):
            with self.subTest(words):
                self.assertEqual(sorted(self.complete(*words, "app")), files)

        self.assertEqual(sorted(self.complete("scan", "docker-archive", ":")), files)

    def test_nothing_where_nothing_is_known(self):
        for words in (("explain", ""), ("scan", "--jobs", ""), ("version", ""), ("scam", "-x")):
            with self.subTest(words):
                self.assertEqual(self.complete(*words), [])

    def test_the_command_is_found_behind_options(self):
        self.assertEqual(self.complete("--rules", "scan", "ta"), ["target", "targets"])
        self.assertEqual(self.complete("--rules", "r", "diff", "--fai"), ["--fail-on"])
        self.assertEqual(self.complete("target", "import", "--pl"), ["--platform"])

    # The other shells

    def test_zsh_accepts_its_script(self):
        self.require("zsh")
        self.assertEqual(run("zsh", "-n", self.folder / "zsh").stderr, "")

    def test_fish_completes(self):
        self.require("fish")
        self.assertEqual(run("fish", "-n", self.folder / "fish").stderr, "")
        environment = {**os.environ, "HOME": str(self.folder)}
        for line, expected in (("scan x -f ", FORMATS), ("completion ", ["bash", "zsh", "fish"]),
                               ("target ", ["import"]), ("target import --pl", ["--platform"])):
            result = run("fish", "--no-config", "-c",
                         f"source {self.folder}/fish; complete -C 'muslcheck {line}'",
                         env=environment)
            offered = [word.split("\t")[0] for word in result.stdout.splitlines()]
            self.assertEqual(sorted(offered), sorted(expected), result.stderr)

    def test_other_shells_are_refused(self):
        result = run(PROGRAM, "completion", "tcsh")
        self.assertEqual((result.returncode, result.stdout), (2, ""))
        self.assertIn("bash", result.stderr)


class ManualTest(unittest.TestCase):
    def test_sections(self):
        self.assertEqual(re.findall(r"^\.SH (.*)$", muslcheck("man"), re.MULTILINE),
                         ["NAME", "SYNOPSIS", "DESCRIPTION", "OPTIONS", "COMMANDS", "EXIT STATUS",
                          "ENVIRONMENT", "FILES", "EXAMPLES"])

    def test_no_line_of_text_is_a_request(self):
        for line in muslcheck("man").splitlines():
            self.assertRegex(line, r"^(\.(TH|SH|SS|TP|PP|nf|fi)\b|[^.'\s])")

    def test_roff_has_no_complaints(self):
        checkers = (("mandoc", "-Tlint", "-Wwarning"), ("groff", "-man", "-ww", "-z"))
        found = [command for command in checkers if shutil.which(command[0])]
        if not found:
            print("SKIPPED: neither mandoc nor groff is installed", file=sys.stderr)
            self.skipTest("neither mandoc nor groff is installed")
        for command in found:
            result = run(*command, input=muslcheck("man"))
            self.assertEqual(result.stdout + result.stderr, "", command)

    def test_is_the_same_each_time(self):
        self.assertEqual(muslcheck("man"), muslcheck("man"))


if __name__ == "__main__":
    PROGRAM = pathlib.Path(sys.argv[1]).resolve()
    unittest.main(argv=sys.argv[:1])
