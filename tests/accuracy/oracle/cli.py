"""scripts/accuracy: fetch, lay out, ask muslcheck, ask musl, compare."""

from __future__ import annotations

import argparse
import fcntl
import hashlib
import json
import os
import shutil
import subprocess
import sys
from dataclasses import asdict
from fnmatch import fnmatchcase
from pathlib import Path

from . import choice, compare, observe, packages, predict, report, root as oracle_root, smoke, trees
from .musl import FileRecord
from .tables import HERE

SKIPPED = 77  # what ctest takes for "skipped"
NEEDED = {"musl-gcc": "musl-tools", "npm": "npm", "gcc": "gcc", "readelf": "binutils"}
# What an observation depends on; a cached one is dropped when any of it changes.
INPUTS = ("oracle/elf.py", "oracle/messages.py", "oracle/musl.py", "oracle/observe.py",
          "oracle/root.py", "host.c", "libstdc++-alpine.tsv", "node-provides.tsv")


def parse_arguments(argv: list[str]) -> argparse.Namespace:
    cache = Path(os.environ.get("XDG_CACHE_HOME", Path.home() / ".cache"))
    parser = argparse.ArgumentParser(
        prog="scripts/accuracy", description="Compares muslcheck with musl's real loader.")
    parser.add_argument("--muslcheck", type=Path, help="the program (default: build/*/muslcheck)")
    parser.add_argument("--work", type=Path, default=cache / "muslcheck/accuracy",
                        help="downloads and observations (default: %(default)s)")
    parser.add_argument("--only", default="*", metavar="GLOB", help="layouts of packages.tsv, or names of trees.tsv")
    parser.add_argument("--json", type=Path, metavar="OUT", help="also write everything here")
    parser.add_argument("--oracle-only", action="store_true", help="observe, do not compare")
    parser.add_argument("--smoke", action="store_true",
                        help="small fixtures built on the spot instead of packages; offline")
    parser.add_argument("--trees", action="store_true",
                        help="whole trees (trees.tsv) instead of packages, musl's own as control")
    parser.add_argument("--choice", action="store_true",
                        help="which file packages' own loaders take on musl, instead of how it loads")
    return parser.parse_args(argv)


def main(argv: list[str]) -> int:
    options = parse_arguments(argv)
    if options.choice:
        return compare_choice(options)
    reason = become_root(argv)
    if reason:
        print(f"SKIPPED: {reason}", file=sys.stderr)
        return SKIPPED
    program = None if options.oracle_only else predict.find_muslcheck(options.muslcheck)
    if program is None and not options.oracle_only:
        print("accuracy: no muslcheck program; build it or name it with --muslcheck",
              file=sys.stderr)
        return 2
    if options.smoke:
        return smoke.run(program)
    install_missing()
    return run_packages(options, program)


def compare_choice(options: argparse.Namespace) -> int:
    missing = [tool for tool in ("node", "npm") if not shutil.which(tool)]
    if missing:
        print(f"SKIPPED: {', '.join(missing)} not installed", file=sys.stderr)
        return SKIPPED
    program = predict.find_muslcheck(options.muslcheck)
    if program is None:
        print("accuracy: no muslcheck program; build it or name it with --muslcheck",
              file=sys.stderr)
        return 2
    return choice.run_choice(options.work, options.only, program)


def become_root(argv: list[str]) -> str:
    """chroot needs root. Another user becomes root of a user namespace. "" or why it cannot be."""
    if os.geteuid() == 0:
        return ""
    if not shutil.which("unshare") or \
            subprocess.run(["unshare", "-r", "true"], capture_output=True, check=False).returncode:
        return "neither root nor user namespaces: musl's loader cannot get a root of its own"
    program = str(predict.SOURCE / "scripts/accuracy")
    os.execvp("unshare", ["unshare", "-r", sys.executable, program, *argv])
    return ""


def install_missing() -> None:
    missing = {package for tool, package in NEEDED.items() if not shutil.which(tool)}
    if not oracle_root.DEBIAN_LOADER.exists():
        missing.add("musl")
    if missing:
        subprocess.run(["apt-get", "update", "-qq"], check=True)
        subprocess.run(["apt-get", "install", "-y", "-qq", "--no-install-recommends",
                        *sorted(missing)], check=True, stdout=subprocess.DEVNULL)


class Observations:
    """What musl said, per layout; kept between runs."""

    def __init__(self, work: Path, name: str = "oracle", stubs: tuple[str, ...] = ("stubs.tsv",)):
        self.file = work / f"{name}.json"
        self.root = work / "root"
        self.stubs = stubs
        self.work = work
        self.root_made = False
        self.known = json.loads(self.file.read_text()) if self.file.exists() else {}
        self.inputs = b"".join((HERE / name).read_bytes() for name in INPUTS)
        self.inputs += b"".join((HERE / table).read_bytes() for table in stubs)
        self.inputs += oracle_root.DEBIAN_LOADER.read_bytes()

    def key(self, layout: packages.Layout) -> str:
        return hashlib.sha256(self.inputs + " ".join(layout.packages).encode()).hexdigest()

    def get(self, layout: packages.Layout) -> list[FileRecord] | None:
        entry = self.known.get(layout.name)
        if entry is None or entry["key"] != self.key(layout):
            return None
        return [FileRecord.from_json(record) for record in entry["files"]]

    def make(self, layout: packages.Layout, tree: Path,
             folder: str = "node_modules") -> list[FileRecord]:
        """Moves the tree into the root and asks musl about it."""
        if not self.root_made:
            oracle_root.make_root(self.root, self.work / "debs", self.stubs)
            self.root_made = True
        (self.root / folder).parent.mkdir(parents=True, exist_ok=True)
        (tree / folder).rename(self.root / folder)
        records = observe.observe(self.root, folder)
        observe.clear(self.root, folder)
        self.known[layout.name] = {"key": self.key(layout),
                                   "files": [record.to_json() for record in records]}
        return records

    def save(self) -> None:
        temporary = self.file.with_suffix(".new")
        temporary.write_text(json.dumps(self.known, indent=1, sort_keys=True) + "\n")
        temporary.rename(self.file)


def run_packages(options: argparse.Namespace, program: Path | None) -> int:
    options.work.mkdir(parents=True, exist_ok=True)
    with (options.work / "lock").open("w") as lock:  # two runs share the folder one after another
        fcntl.flock(lock, fcntl.LOCK_EX)
        if options.trees:
            return trees.run(options, program, Observations(options.work, "trees", trees.STUBS))
        return run_layouts(options, program)


def run_layouts(options: argparse.Namespace, program: Path | None) -> int:
    observations = Observations(options.work)
    layouts = [layout for layout in packages.read_layouts()
               if fnmatchcase(layout.name, options.only)]
    result = compare.Result()
    for layout in layouts:
        print(f"{layout.name}", file=sys.stderr, flush=True)
        result.merge(run_layout(layout, options.work, observations, program))
    observations.save()
    specs = {spec for layout in layouts for spec in layout.packages}
    files = sum(len(observations.known[layout.name]["files"]) for layout in layouts)
    print(f"{len(specs)} packages in {len(layouts)} layouts, {files} ELF files")
    if program is None:
        return 0
    compare.explain(result, compare.read_explanations())
    report.print_result(result)
    if options.json:
        write_json(options.json, result, observations, layouts)
    return 1 if result.differences else 0


def run_layout(layout: packages.Layout, work: Path, observations: Observations,
               program: Path | None) -> compare.Result:
    records = observations.get(layout)
    if records is not None and program is None:
        return compare.Result()
    tree = work / "tree"
    shutil.rmtree(tree, ignore_errors=True)
    packages.lay_out(layout, work / "tarballs", tree)
    modules = predict.scan_each_variant(program, tree) if program else {}
    if records is None:
        records = observations.make(layout, tree)
    shutil.rmtree(tree)
    return compare.compare_layout(layout.name, modules, records) if program else compare.Result()


def write_json(path: Path, result: compare.Result, observations: Observations,
               layouts: list[packages.Layout]) -> None:
    data = {"target": predict.TARGET,
            "agreed": result.agreed,
            "differences": [asdict(difference) for difference in result.differences],
            "explained": [asdict(difference) | {"reason": reason}
                          for difference, reason in result.explained],
            "notJudged": result.not_judged,
            "observed": {layout.name: observations.known[layout.name]["files"]
                         for layout in layouts}}
    path.write_text(json.dumps(data, indent=1, sort_keys=True) + "\n")
