"""Which file would a host take on musl? Runs the packages' own loaders under node, with a C library
that says it is musl (fake-musl.js), and compares with what muslcheck says of the same folder.

Each package is installed as npm does for glibc, for musl, and both together. A loader's run is a
list of files that were given to dlopen, and an error if it ended in one. muslcheck agrees if

    a file that was opened is not passed over, and the last one opened is not inert either (a loader
    may try glibc's first and then take musl's),
    a .node file of the package that was not opened is not judged, unless another was opened before,
    an error's text is what it prints of the package's missing variant.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
from collections import defaultdict
from dataclasses import dataclass, field
from fnmatch import fnmatchcase
from pathlib import Path

from . import predict
from .compare import is_passed_over
from .tables import HERE, read_table

STATES = ("glibc", "both", "musl")
ABI_TAG = re.compile(r"(?:^|[.-])(?:abi)?\d{2,3}(?:[.-]|$)")  # node.abi93.node, node-93.node


@dataclass(frozen=True)
class Package:
    spec: str
    request: str
    exercises: str

    @property
    def name(self) -> str:
        at = self.spec.rfind("@")
        return self.spec[:at] if at > 0 else self.spec


@dataclass
class Run:
    """What a loader did."""

    opened: list[str] = field(default_factory=list)  # paths below the tree, in order
    errors: list[str] = field(default_factory=list)  # its message and those of its causes


@dataclass
class Comparison:
    package: str
    state: str
    said: str = ""
    seen: str = ""
    files: list[str] = field(default_factory=list)  # .node files that were compared
    differences: list[str] = field(default_factory=list)


def read_packages() -> list[Package]:
    return [Package(*row) for row in read_table("choice.tsv")]


def names_of_package(package: Package, manifest: dict) -> set[str]:
    """The package and those that its loader may look into."""
    return {package.name} | set(manifest.get("optionalDependencies", {}))


def owner_of(path: str) -> str:
    """The package whose folder a path below node_modules is in."""
    parts = path.rpartition("node_modules/")[2].split("/")
    return "/".join(parts[:2] if parts[0].startswith("@") else parts[:1])


def as_pattern(text: str) -> re.Pattern:
    """A text of muslcheck, in which "…" stands for what it cannot know."""
    return re.compile(".*?".join(re.escape(part) for part in text.split("…")))


def compare(package: Package, state: str, names: set[str], modules: dict[str, dict],
            run: Run) -> Comparison:
    result = Comparison(package.name, state)
    own = {path: module for path, module in modules.items()
           if owner_of(path) in names and module["disposition"] != "foreign"
           and module["role"] != "library"}
    passed = {path for path, module in own.items() if is_passed_over(module)}
    inert = {path for path, module in own.items() if module["disposition"] == "inert"}
    judged = set(own) - passed - inert
    result.files = sorted(path for path in own if path.endswith(".node"))
    result.seen = _summary(run)
    result.said = " ".join(f"{len(group)} {word}" for group, word in
                           ((judged, "judged"), (inert, "inert"), (passed, "passed over")) if group)
    result.said = result.said or "nothing"
    for path in run.opened:
        if path in passed or (path in inert and path == run.opened[-1]):
            result.differences.append(f"opened, but muslcheck says it is not: {path}")
    if not run.opened:
        result.differences += [f"judged, but nothing is opened: {path}" for path in sorted(judged)
                               if path.endswith(".node") and not ABI_TAG.search(Path(path).name)]
    if passed and not run.errors:
        result.differences.append("passed over, but the loader succeeds")
    result.differences += _compare_texts([own[path] for path in sorted(passed)], run)
    return result


def _compare_texts(modules: list[dict], run: Run) -> list[str]:
    texts = {error["text"] for module in modules for error in module["errors"] if error.get("text")}
    return [f"muslcheck's text: {text}\n      the loader's: {' | '.join(run.errors)}"
            for text in sorted(texts) if run.errors
            and not any(as_pattern(text).match(message) for message in run.errors)]


def _summary(run: Run) -> str:
    opened = f"opens {Path(run.opened[-1]).name}" if run.opened else "opens nothing"
    return opened + (", fails" if run.errors else "")


def parse_events(text: str, tree: Path) -> Run:
    run = Run()
    for line in text.splitlines():
        event = json.loads(line)
        if event["kind"] == "dlopen":
            run.opened.append(os.path.relpath(event["value"], tree))
        else:
            run.errors = [message.replace(str(tree), "") for message in event["value"]]
    return run


def run_loader(package: Package, tree: Path, failing: list[str]) -> Run:
    events = tree.parent / "events"
    events.write_text("")
    environment = os.environ | {
        "CHOICE_EVENTS": str(events),
        "CHOICE_FAILING": "\n".join(str((tree / path).resolve()) for path in failing)}
    # import() also takes what is written as a module; a failed one is an uncaught rejection.
    script = ("const {createRequire} = require('module');"
              "const [request, call] = process.argv[1].split('#');"
              "const found = createRequire(process.cwd() + '/x.js').resolve(request);"
              "import(found).then(module => call && module.default[call]())"
              ".catch(error => { process.nextTick(() => { throw error; }); })")
    try:
        subprocess.run(["node", "-r", HERE / "fake-musl.js", "-e", script, package.request],
                       cwd=tree, env=environment, capture_output=True, timeout=60, check=False)
    except subprocess.TimeoutExpired:  # a package that starts workers does not end by itself
        pass
    return parse_events(events.read_text(), tree.resolve())


def lay_out(packages: list[Package], work: Path) -> dict[str, Path]:
    """The three trees; what is there from an earlier run of the same table is used again."""
    trees = {state: work / "choice" / state for state in STATES}
    key = "\n".join(package.spec for package in packages)
    stamp = work / "choice" / "stamp"
    if stamp.exists() and stamp.read_text() == key:
        return trees
    shutil.rmtree(work / "choice", ignore_errors=True)
    for state in ("glibc", "musl"):
        trees[state].mkdir(parents=True)
        (trees[state] / "package.json").write_text('{"name": "app", "version": "1.0.0"}\n')
        subprocess.run(["npm", "install", "--os=linux", "--cpu=x64", f"--libc={state}", "--silent",
                        "--ignore-scripts", "--no-audit", "--no-fund", "--force",
                        *(package.spec for package in packages)],
                       cwd=trees[state], stdin=subprocess.DEVNULL, check=True)
        shutil.copytree(trees[state], trees["both"], ignore=shutil.ignore_patterns(".bin"),
                        dirs_exist_ok=True)
    stamp.write_text(key)
    return trees


def run_choice(work: Path, only: str, program: Path) -> int:
    packages = read_packages()
    work.mkdir(parents=True, exist_ok=True)
    trees = lay_out(packages, work)
    comparisons = []
    for state, tree in trees.items():
        modules = predict.scan(program, tree)
        failing = [path for path, module in modules.items() if module["libc"] == "glibc"]
        for package in packages:
            folder = tree / "node_modules" / package.name
            if fnmatchcase(package.name, only) and folder.is_dir():
                manifest = json.loads((folder / "package.json").read_text())
                comparisons.append(compare(package, state, names_of_package(package, manifest),
                                           modules, run_loader(package, tree, failing)))
    print_comparisons(comparisons)
    return 1 if any(comparison.differences for comparison in comparisons) else 0


def print_comparisons(comparisons: list[Comparison]) -> None:
    by_package = defaultdict(list)
    for comparison in comparisons:
        by_package[comparison.package].append(comparison)
    width = max(map(len, by_package), default=0)
    for package, group in by_package.items():
        for c in group:
            verdict = "DIFFERS" if c.differences else "agree"
            print(f"{package:{width}}  {c.state:5}  {c.seen:48} {c.said:32} {verdict}")
            for difference in c.differences:
                print(f"    {difference}")
    wrong = sum(bool(c.differences) for c in comparisons)
    print(f"\n{len(by_package)} packages, {len(comparisons)} runs of their loaders: "
          f"{len(comparisons) - wrong} agree, {wrong} differ")
