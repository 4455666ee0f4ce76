#!/usr/bin/env python3
"""Installs the library, moves it elsewhere, and builds and runs the example against it.

usage: library_test.py --build FOLDER --source FOLDER --muslcheck PROGRAM --cmake PROGRAM
                       --generator NAME --compiler PROGRAM [--flags FLAGS]

The flags are those that the archive was compiled with: one with sanitizers needs their runtime.
"""
import argparse
import os
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile
import unittest

OPTIONS = argparse.Namespace()
WARNINGS = "-Wall -Wextra -Wpedantic -Wshadow -Wconversion -Wold-style-cast -Werror"
INCLUDE = re.compile(r'^#include "(muslcheck/[^"]+)"', re.MULTILINE)
CASE = "tests/e2e/fortified-addon-in-a-node-package/recipe.sh"


def run(*command, **options):
    """What the command did; its output is text."""
    return subprocess.run([str(word) for word in command], capture_output=True, text=True,
                          timeout=300, **options)


def closure_of(include):
    """muslcheck.hpp and all that it includes, by their paths below include/."""
    found, waiting = set(), ["muslcheck/muslcheck.hpp"]
    while waiting:
        header = waiting.pop()
        if header not in found:
            found.add(header)
            waiting += INCLUDE.findall((include / header).read_text(encoding="utf-8"))
    return found


class LibraryTest(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        folder = tempfile.TemporaryDirectory()
        cls.addClassCleanup(folder.cleanup)
        cls.folder = pathlib.Path(folder.name)
        cls.installed = cls.folder / "first"
        cls.check(run(OPTIONS.cmake, "--install", OPTIONS.build, "--component", "development",
                      "--prefix", cls.installed))
        cls.prefix = cls.folder / "elsewhere" / "muslcheck"
        cls.prefix.parent.mkdir()
        cls.installed.rename(cls.prefix)
        cls.tree = cls.folder / "build"
        cls.check(cls.configure(OPTIONS.source / "tests/install/example", cls.tree))
        cls.check(run(OPTIONS.cmake, "--build", cls.tree))
        cls.image = cls.folder / "image"
        cls.image.mkdir()
        cls.check(run("sh", "-e", OPTIONS.source / CASE, cwd=cls.image))

    @staticmethod
    def check(result):
        if result.returncode != 0:
            raise AssertionError(f"{result.args} failed:\n{result.stdout}{result.stderr}")
        return result

    @classmethod
    def configure(cls, source, tree, *arguments):
        return run(OPTIONS.cmake, "-G", OPTIONS.generator, "-S", source, "-B", tree,
                   f"-DCMAKE_PREFIX_PATH={cls.prefix}", f"-DCMAKE_CXX_COMPILER={OPTIONS.compiler}",
                   f"-DCMAKE_CXX_FLAGS={OPTIONS.flags} {WARNINGS}",
                   # The headers of an installed package are -isystem, where nothing warns.
                   "-DCMAKE_NO_SYSTEM_FROM_IMPORTED=ON", *arguments)

    def configure_project(self, name, text, *arguments):
        source = self.folder / name
        source.mkdir()
        (source / "CMakeLists.txt").write_text(
            f"cmake_minimum_required(VERSION 3.25)\nproject({name} LANGUAGES CXX)\n{text}\n")
        return self.configure(source, source / "build", *arguments)

    def run_example(self, program, name):
        """The lines that it prints, and the bytes of its report."""
        report = self.folder / name
        result = self.check(run(program, f"dir:{self.image}", report))
        self.assertEqual(result.stderr, "")
        return result.stdout.splitlines(), report.read_bytes()

    def scan(self, *arguments):
        result = run(OPTIONS.muslcheck, "scan", f"dir:{self.image}", "--target", "alpine:3.22",
                     "--no-cache", "--fail-on", "never", *arguments)
        return self.check(result).stdout

    def test_the_example_says_what_the_program_says(self):
        lines, sarif = self.run_example(self.tree / "example", "report.sarif")
        self.assertEqual(sarif, self.scan("-f", "sarif").encode())
        self.assertIn("warning MC206 node_modules/demo/build/Release/demo.node "
                      "(pkg:npm/demo@1.2.3)", lines)

    def test_an_error_is_a_value(self):
        result = run(self.tree / "example", "dir:/does/not/exist", self.folder / "none.sarif")
        self.assertEqual((result.returncode, result.stdout), (2, ""))
        self.assertIn("/does/not/exist", result.stderr)
        self.assertFalse((self.folder / "none.sarif").exists())

    def test_headers_are_those_of_the_api(self):
        include = self.prefix / "include"
        installed = {str(path.relative_to(include)) for path in include.rglob("*") if path.is_file()}
        self.assertEqual(installed, closure_of(OPTIONS.source / "include"))

    def test_nothing_else_is_installed(self):
        names = {path.name for path in self.prefix.rglob("*") if path.is_file()}
        names -= {pathlib.Path(header).name for header in closure_of(self.prefix / "include")}
        build_type = {name for name in names if re.fullmatch(r"muslcheckTargets-\w+\.cmake", name)}
        self.assertEqual(len(build_type), 1)
        self.assertEqual(names - build_type, {
            "libmuslcheck.a", "muslcheckConfig.cmake", "muslcheckConfigVersion.cmake",
            "muslcheckTargets.cmake", "FindLief.cmake", "FindCompressors.cmake", "muslcheck.pc"})

    def test_without_a_component_the_program_alone_is_installed(self):
        prefix = self.folder / "program"
        self.check(run(OPTIONS.cmake, "--install", OPTIONS.build, "--prefix", prefix))
        self.assertTrue((prefix / "bin/muslcheck").exists())
        self.assertEqual([*prefix.rglob("*.a"), *prefix.rglob("*.hpp"), *prefix.rglob("*.cmake")], [])

    def test_no_file_names_where_it_was_made(self):
        places = [str(OPTIONS.source), str(OPTIONS.build), str(self.installed)]
        for path in self.prefix.rglob("*"):
            if path.suffix in (".cmake", ".pc", ".hpp"):
                text = path.read_text(encoding="utf-8")
                self.assertEqual([place for place in places if place in text], [], path)

    def test_another_minor_version_is_refused(self):
        for version in ("0.2", "1.0", "0.0"):
            with self.subTest(version):
                result = self.configure_project("v" + version.replace(".", "_"),
                                                f"find_package(muslcheck {version} REQUIRED)")
                self.assertNotEqual(result.returncode, 0)
                self.assertIn("muslcheckConfig.cmake, version: 0.1.", result.stderr)

    def test_a_library_that_is_missing_is_named(self):
        for variable, library, package in (("ISAL_LIBRARY", "Compressors", "libisal-dev"),
                                           ("LIEF_LIBRARY", "Lief", "liblief-dev")):
            with self.subTest(library):
                # An empty value that is no cache entry is what find_library() keeps.
                result = self.configure_project(
                    library, f'set({variable} "")\nset(CMAKE_DISABLE_FIND_PACKAGE_LIEF ON)\n'
                    "find_package(muslcheck REQUIRED)")
                self.assertNotEqual(result.returncode, 0)
                self.assertIn(f"Could NOT find {library} (missing: {variable})", result.stderr)
                self.assertIn(package, result.stderr)

    def test_without_required_it_is_just_not_found(self):
        result = self.configure_project("optional", """
            find_package(muslcheck QUIET)
            message(STATUS "found=${muslcheck_FOUND} ${muslcheck_NOT_FOUND_MESSAGE}")""",
                                        "-DCMAKE_DISABLE_FIND_PACKAGE_SQLite3=ON")
        self.check(result)
        self.assertIn("found=0 muslcheck could not be found because dependency SQLite3",
                      result.stdout)

    def test_it_can_be_looked_for_twice(self):
        self.check(self.configure_project("twice", "find_package(muslcheck REQUIRED)\n" * 2))

    def test_pkg_config_links_it_too(self):
        if shutil.which("pkg-config") is None:
            self.skipTest("SKIPPED: muslcheck.pc was not tested, pkg-config is missing")
        environment = {**os.environ, "PKG_CONFIG_PATH": str(self.prefix / "lib/pkgconfig")}
        words = self.check(run("pkg-config", "--cflags", "--libs", "muslcheck", env=environment))
        self.assertIn(f"-I{self.prefix}/lib/pkgconfig/../../include", words.stdout.split())
        program = self.folder / "linked"
        # The example is compiled once; what matters here is what it is linked with.
        compiled = next(self.tree.rglob("main.cpp.o"))
        self.check(run(OPTIONS.compiler, *OPTIONS.flags.split(), compiled, *words.stdout.split(),
                       "-o", program))
        self.assertEqual(self.run_example(program, "linked.sarif"),
                         self.run_example(self.tree / "example", "again.sarif"))


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    for name in ("build", "source"):
        parser.add_argument("--" + name, type=pathlib.Path, required=True)
    for name in ("muslcheck", "cmake", "generator", "compiler"):
        parser.add_argument("--" + name, required=True)
    parser.add_argument("--flags", default="")
    parser.parse_args(namespace=OPTIONS)
    OPTIONS.build, OPTIONS.source = OPTIONS.build.resolve(), OPTIONS.source.resolve()
    unittest.main(argv=sys.argv[:1])


if __name__ == "__main__":
    main()
