#!/usr/bin/env python3
"""Runs one end-to-end case and compares what muslcheck prints with what is kept.

A case is a folder named after a behaviour:
  recipe.sh      makes the input in the current folder (optional; gets $FIXTURES, $SOURCE_DIR, $MUSLCHECK)
  arguments      one line of arguments; the current folder is the one the recipe filled
  expected.txt   standard output, then "--- stderr" and standard error if there is any,
                 then "--- exit N"
JSON output is checked against the published schema as well.

  run_case.py CASE --muslcheck PROGRAM [--fixtures DIR] [--update]
Exit code 77: the case needs something that is missing, and says so loudly.
"""

import argparse
import json
import os
import pathlib
import re
import shlex
import subprocess
import sys
import tempfile

SKIPPED = 77
ROOT = pathlib.Path(__file__).resolve().parents[2]
SCRUBBERS = [
    (re.compile(r'("sha256|"buildId|"digest|"blobDigest|"fingerprint)": "(sha256:)?[0-9a-f]{16,}"'), r'\1": "HEX"'),
    (re.compile(r'"version": "\d+\.\d+\.\d+"'), '"version": "VERSION"'),
    (re.compile(r'"muslcheck \d+\.\d+\.\d+ from '), '"muslcheck VERSION from '),
]


def scrub(text, folder):
    text = text.replace(str(folder), "FOLDER")
    for pattern, replacement in SCRUBBERS:
        text = pattern.sub(replacement, text)
    return text


def check_schema(text):
    try:
        import jsonschema
    except ImportError:
        print("NOT CHECKED against the schema: python3-jsonschema is missing", file=sys.stderr)
        return
    document = json.loads(text)
    name = "target-profile" if "profileVersion" in document else "report-1"
    schema = json.loads((ROOT / f"rules/schema/{name}.schema.json").read_text())
    jsonschema.validate(document, schema)


def run_here(program, arguments, folder, environment):
    return subprocess.run([str(program), *arguments], cwd=folder, env=environment,
                          capture_output=True, timeout=60)


def run(case, options, folder, cache, run_program=run_here):
    """What the case prints, None if it is skipped. `run_program` starts muslcheck in the folder."""
    # A cache of its own, or an earlier build's facts would be what is tested.
    environment = dict(os.environ, FIXTURES=str(options.fixtures), SOURCE_DIR=str(ROOT), LC_ALL="C",
                       TZ="UTC", XDG_CACHE_HOME=str(cache), MUSLCHECK=str(options.muslcheck))
    recipe = case / "recipe.sh"
    if recipe.exists():
        made = subprocess.run(["bash", "-euo", "pipefail", str(recipe)], cwd=folder,
                              env=environment, stdout=sys.stderr)
        if made.returncode == SKIPPED:
            return None
        made.check_returncode()
    arguments = shlex.split((case / "arguments").read_text())
    done = run_program(options.muslcheck, arguments, folder, environment)
    out = done.stdout.decode("utf-8", "replace")
    if out.startswith("{"):
        check_schema(out)
    text = out
    if done.stderr:
        text += "--- stderr\n" + done.stderr.decode("utf-8", "replace")
    return scrub(text + f"--- exit {done.returncode}\n", folder)


def main():
    parser = argparse.ArgumentParser(description=__doc__,
                                     formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("case", type=pathlib.Path)
    parser.add_argument("--muslcheck", type=pathlib.Path, required=True)
    parser.add_argument("--fixtures", type=pathlib.Path, default=pathlib.Path("/nonexistent"))
    parser.add_argument("--update", action="store_true")
    options = parser.parse_args()
    options.case = options.case.resolve()
    options.muslcheck = options.muslcheck.resolve()
    with tempfile.TemporaryDirectory() as folder, tempfile.TemporaryDirectory() as cache:
        actual = run(options.case, options, pathlib.Path(folder), pathlib.Path(cache))
    if actual is None:
        print(f"SKIPPED {options.case.name}: something it needs is missing")
        return SKIPPED
    expected = options.case / "expected.txt"
    if options.update:
        expected.write_text(actual)
        return 0
    if expected.read_text() == actual:
        return 0
    import difflib
    sys.stdout.writelines(difflib.unified_diff(expected.read_text().splitlines(True),
                                               actual.splitlines(True), "expected", "actual"))
    return 1


if __name__ == "__main__":
    sys.exit(main())
