#!/usr/bin/env python3
"""Validates the golden reports in other people's formats, and what their readers ask for beside it.

usage: check_formats.py SCHEMAS REPORT...      by ending: .sarif .cdx .codequality .xml .md

Exit status: 0 all valid, 1 something is not, 77 (ctest: skipped) without python3-jsonschema.
Each SARIF and CycloneDX report is also damaged so that the schema must refuse it.
"""
import copy
import json
import pathlib
import re
import sys
import warnings
import xml.etree.ElementTree

try:
    import jsonschema
except ImportError:
    print("SKIPPED: python3-jsonschema is not installed; no report was validated")
    sys.exit(77)

warnings.simplefilter("ignore", DeprecationWarning)
# RFC 3986: a reference without a scheme, whose first segment has no colon, or an absolute file.
URI = re.compile(r"^(file:///)?([A-Za-z0-9._~+,=@/-]|%[0-9a-f]{2})+$")
CONTROL = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")


class Schemas:
    def __init__(self, folder):
        self.folder = pathlib.Path(folder)
        self.sarif = jsonschema.Draft4Validator(self.load("sarif-2.1.0-rtm.5.json"))
        bom = self.load("bom-1.6.SNAPSHOT.schema.json")
        base = bom["$id"].rsplit("/", 1)[0]
        names = ("spdx.SNAPSHOT.schema.json", "jsf-0.82.SNAPSHOT.schema.json")
        store = {f"{base}/{name}": self.load(name) for name in names}
        resolver = jsonschema.RefResolver(bom["$id"], bom, store=store)
        self.cyclonedx = jsonschema.Draft7Validator(bom, resolver=resolver)

    def load(self, name):
        return json.loads((self.folder / name).read_text(encoding="utf-8"))


def by_schema(validator, report, damages):
    for error in validator.iter_errors(report):
        yield f"/{'/'.join(map(str, error.absolute_path))}: {error.message[:300]}"
    for how, damage in damages.items():
        broken = copy.deepcopy(report)
        damage(broken)
        if validator.is_valid(broken):
            yield f"the schema accepts it {how}"


def texts_of(value):
    """All strings inside a JSON value."""
    open_values = [value]
    while open_values:
        value = open_values.pop()
        if isinstance(value, str):
            yield value
        elif isinstance(value, dict):
            open_values.extend(value.values())
        elif isinstance(value, list):
            open_values.extend(value)


def raw_controls(value):
    for text in texts_of(value):
        if CONTROL.search(text):
            yield f"a control character in {text[:80]!r}"


def check_sarif(schemas, text):
    report = json.loads(text)
    yield from by_schema(schemas.sarif, report, {
        "without version": lambda r: r.pop("version"),
        "without a driver": lambda r: r["runs"][0]["tool"].pop("driver"),
        "with an extra key": lambda r: r["runs"][0].update(extra=1)})
    yield from raw_controls(report)
    run = report["runs"][0]
    rules = run["tool"]["driver"]["rules"]
    # What GitHub's documentation asks for.
    hashes = [result["partialFingerprints"]["primaryLocationLineHash"] for result in run["results"]]
    if len(set(hashes)) != len(hashes):
        yield "primaryLocationLineHash is not unique"
    for rule in rules:
        for key in ("id", "shortDescription", "fullDescription", "help"):
            if key not in rule:
                yield f"rule {rule['id']} has no {key}"
    for result in run["results"]:
        if rules[result["ruleIndex"]]["id"] != result["ruleId"]:
            yield "ruleIndex and ruleId differ"
        if len(result["locations"]) != 1:
            yield "not one location"
        for location in result["locations"] + result.get("relatedLocations", []):
            physical = location["physicalLocation"]
            if not URI.match(physical["artifactLocation"]["uri"]):
                yield f"no URI: {physical['artifactLocation']['uri']}"
            if physical["region"]["startLine"] < 1:
                yield "startLine below 1"


def check_cyclonedx(schemas, text):
    report = json.loads(text)
    yield from by_schema(schemas.cyclonedx, report, {
        "with another bomFormat": lambda r: r.update(bomFormat="SPDX"),
        "with a component without name": lambda r: r["metadata"]["component"].pop("name"),
        "with a number as a property": lambda r: r["metadata"]["component"].update(
            properties=[{"name": "x", "value": 1}])})
    yield from raw_controls(report)
    references = []
    components = [report["metadata"]["component"]] + report["components"]
    while components:
        component = components.pop()
        references.append(component["bom-ref"])
        components.extend(component.get("components", []))
    if len(set(references)) != len(references):
        yield "a bom-ref is there twice"


def check_gitlab(_, text):
    issues = json.loads(text)
    yield from raw_controls(issues)
    fingerprints = [issue["fingerprint"] for issue in issues]
    if len(set(fingerprints)) != len(fingerprints):
        yield "a fingerprint is there twice"
    for issue in issues:
        if issue["severity"] not in ("info", "minor", "major", "critical", "blocker"):
            yield f"severity {issue['severity']}"
        if not issue["description"] or not issue["check_name"]:
            yield "an empty text"
        path = issue["location"]["path"]
        if not path or path.startswith(("/", "./")) or issue["location"]["lines"]["begin"] < 1:
            yield f"location {issue['location']}"


def counts_of(element):
    """What the attributes say. Jenkins' schema has no "skipped" for all suites together."""
    names = ["tests", "failures", "errors"] + ["skipped"] * (element.tag == "testsuite")
    return {name: int(element.get(name)) for name in names}


def counted(element):
    tags = {"tests": "testcase", "failures": "failure", "errors": "error", "skipped": "skipped"}
    return {name: len(list(element.iter(tags[name]))) for name in counts_of(element)}


def check_junit(_, text):
    root = xml.etree.ElementTree.fromstring(text.encode())
    for element in [root, *root.iter("testsuite")]:
        if counts_of(element) != counted(element):
            yield f"{element.get('name')}: says {counts_of(element)}, has {counted(element)}"
    for test in root.iter("testcase"):
        if not test.get("name") or not test.get("classname"):
            yield "a test without a name"
        if len(test.findall("failure")) > 1:
            yield "two failures in one test"
    for element in root.iter():
        yield from raw_controls([element.text or "", *element.attrib.values()])


def check_markdown(_, text):
    if len(text.encode()) > 60000:
        yield f"{len(text.encode())} bytes"
    yield from raw_controls([text])
    if text.count("<details>") != text.count("</details>"):
        yield "details are not closed"
    tags = set(re.findall(r"</?[a-z!][^>]*>", text))
    known = {"<details>", "</details>", "<summary>", "</summary>", "<code>", "</code>",
             "<!-- muslcheck -->"}
    if tags - known:
        yield f"HTML of its own: {sorted(tags - known)}"


CHECKS = {".sarif": check_sarif, ".cdx": check_cyclonedx, ".codequality": check_gitlab,
          ".xml": check_junit, ".md": check_markdown}


def main(schema_folder, paths):
    schemas = Schemas(schema_folder)
    failures = 0
    for path in map(pathlib.Path, paths):
        for complaint in CHECKS[path.suffix](schemas, path.read_text(encoding="utf-8")):
            print(f"{path.name}: {complaint}")
            failures += 1
    missing = set(CHECKS) - {pathlib.Path(path).suffix for path in paths}
    print(f"{len(paths)} reports, {failures} failures" + (f", none of {missing}" if missing else ""))
    return 1 if failures or missing else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1], sys.argv[2:]))
