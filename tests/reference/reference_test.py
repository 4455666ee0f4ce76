#!/usr/bin/env python3
"""Compares the file system that muslcheck sees with the one that umoci unpacks.

usage: reference_test.py --list-tree PROGRAM [--seeds N] [--first-seed N] [TEST...]

Hard cases with a name (cases.py), random images, and the same images in every container format.
Skipped (exit code 77) where umoci is not installed."""

import argparse
import os
import pathlib
import shutil
import sys
import tempfile
import unittest

import images
import oracle
import random_images
from cases import CASES

SKIPPED = 77
FORMATS = {**images.DOCKER_FORMATS, **images.OCI_FORMATS, **images.ZSTD_FORMATS}
OPTIONS = argparse.Namespace(list_tree=None, seeds=60, first_seed=0)


class ReferenceTest(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = pathlib.Path(folder.name)

    def muslcheck(self, name, layers):
        """The listing of the image in one format; the image is removed."""
        reference = images.write(name, FORMATS, self.folder, layers)
        try:
            return oracle.muslcheck(OPTIONS.list_tree, reference)
        finally:
            path = self.folder / name
            shutil.rmtree(path) if path.is_dir() else path.unlink()

    def assert_same(self, expected, actual, what):
        lines = oracle.differences(expected, actual)
        self.assertEqual(lines, [], what + "\n" + "\n".join(lines))


class NamedCases(ReferenceTest):
    def test_cases(self):
        for name, case in CASES.items():
            with self.subTest(case=name):
                if case.needs_root and os.geteuid() != 0:
                    print(f"{name}: SKIPPED, it needs root", file=sys.stderr)
                    continue
                self.check(name, case)

    def check(self, name, case):
        layers = case.tars()
        actual, problems = self.muslcheck("docker-legacy", layers)
        self.assertEqual(tuple(problems), case.problems, name)
        if case.expected is None:
            self.assert_same(oracle.unpack(layers, self.folder), actual, name)
            return
        types = {os.fsdecode(path): facts["type"] for path, facts in actual.items()}
        self.assertEqual(types, case.expected, f"{name}: {case.why}")
        self.assert_umoci_differs(layers, actual, name)

    def assert_umoci_differs(self, layers, actual, name):
        """A case that umoci does right by now needs no listing of its own."""
        try:
            reference = oracle.unpack(layers, self.folder)
        except oracle.Refused:
            return
        self.assertNotEqual(oracle.differences(reference, actual), [], name)


class RandomImages(ReferenceTest):
    def test_random_images(self):
        refused = 0
        for seed in range(OPTIONS.first_seed, OPTIONS.first_seed + OPTIONS.seeds):
            with self.subTest(seed=seed):
                image = random_images.RandomImage(seed)
                expected, dropped = image.unpack(self.folder)
                refused += dropped
                actual, problems = self.muslcheck("docker-legacy", image.tars())
                self.assert_same(expected, actual, f"seed {seed}\n{image}")
                self.assertEqual(problems, [], f"seed {seed}\n{image}")
        print(f"{OPTIONS.seeds} random images; umoci refused {refused} entries, which were left out",
              file=sys.stderr)


class Formats(ReferenceTest):
    def test_every_format_shows_the_same(self):
        for name, layers in self.images().items():
            expected, _ = self.muslcheck("docker-legacy", layers)
            for format_name in FORMATS:
                if format_name.startswith("skopeo") and not shutil.which("skopeo"):
                    continue
                with self.subTest(image=name, format=format_name):
                    actual, problems = self.muslcheck(format_name, layers)
                    self.assert_same(expected, actual, f"{name} as {format_name}")
                    self.assertEqual(problems, [])

    def images(self):
        named = ["whiteout-of-a-directory-that-comes-back", "everything-in-pax", "everything-in-gnu",
                 "everything-in-ustar", "large-files", "empty-layers", "hard-links-in-a-chain-over-layers",
                 "names-that-are-no-ascii", "entry-below-links-in-a-chain", "sparse-pax"]
        found = {name: CASES[name].tars() for name in named}
        twice = CASES["everything-in-pax"].tars()
        found["repeated-layers"] = twice + twice + twice[:1]
        image = random_images.RandomImage(1)
        image.unpack(self.folder)  # takes out what no program would unpack
        found["random"] = image.tars()
        return found

    def test_skopeo_is_there(self):
        if not shutil.which("skopeo"):
            print("SKIPPED: skopeo is not installed, so its formats were not tried", file=sys.stderr)


def main():
    parser = argparse.ArgumentParser(description=__doc__,
                                     formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--list-tree", required=True)
    parser.add_argument("--seeds", type=int, default=OPTIONS.seeds)
    parser.add_argument("--first-seed", type=int, default=OPTIONS.first_seed)
    parser.add_argument("tests", nargs="*", help="such as NamedCases")
    parser.parse_args(namespace=OPTIONS)
    if not oracle.is_there():
        print("SKIPPED: umoci is not installed (scripts/install-dependencies test)")
        return SKIPPED
    unittest.main(argv=[sys.argv[0], *OPTIONS.tests])
    return 0


if __name__ == "__main__":
    sys.exit(main())
