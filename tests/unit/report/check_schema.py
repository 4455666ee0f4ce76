#!/usr/bin/env python3
"""Validates JSON reports against rules/schema/report-1.schema.json.

usage: check_schema.py SCHEMA REPORT...

Exit status: 0 all valid, 1 something is not, 77 (ctest: skipped) without python3-jsonschema.
Each report is also damaged in three ways that the schema must refuse, so that a schema which
accepts everything is noticed.
"""
import copy
import json
import sys

try:
    import jsonschema
except ImportError:
    print("SKIPPED: python3-jsonschema is not installed; no report was validated")
    sys.exit(77)


def damaged(report):
    for key in ("modules", "problems"):
        without = copy.deepcopy(report)
        del without[key]
        yield f"without {key}", without
    null_list = copy.deepcopy(report)
    null_list["findings"] = None
    yield "with findings null", null_list
    unknown = copy.deepcopy(report)
    unknown["verdict"] = "fine"
    yield "with verdict fine", unknown
    extra = copy.deepcopy(report)
    extra["plan"]["extra"] = []
    yield "with an extra key in plan", extra


def main(schema_path, report_paths):
    with open(schema_path, encoding="utf-8") as file:
        schema = json.load(file)
    jsonschema.Draft202012Validator.check_schema(schema)
    validator = jsonschema.Draft202012Validator(schema)
    failures = 0
    for path in report_paths:
        with open(path, encoding="utf-8") as file:
            report = json.load(file)
        for error in validator.iter_errors(report):
            print(f"{path}: /{'/'.join(map(str, error.absolute_path))}: {error.message}")
            failures += 1
        for how, broken in damaged(report):
            if validator.is_valid(broken):
                print(f"{path}: the schema accepts it {how}")
                failures += 1
    print(f"{len(report_paths)} reports, {failures} failures")
    return 1 if failures or not report_paths else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1], sys.argv[2:]))
