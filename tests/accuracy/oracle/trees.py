"""scripts/accuracy --trees: whole trees instead of single packages. Of each file: does it take part
on musl (disposition.py), and how does it load (compare.py)? Of a control: is nothing said of it?"""

from __future__ import annotations

import json
import shutil
from dataclasses import asdict, dataclass, field
from fnmatch import fnmatchcase
from pathlib import Path

from . import compare, disposition, layouts, observe, packages, predict, report
from . import root as oracle_root
from .disposition import Dispositions
from .layouts import Tree
from .musl import FileRecord

STUBS = ("stubs.tsv", "tree-stubs.tsv")
INSTALLABLE = "MC105"  # "apk add": a musl build may need a package as well


@dataclass
class TreeResult:
    tree: str
    files: int
    dispositions: Dispositions
    loads: compare.Result
    findings: list[str] = field(default_factory=list)  # of a control

    @property
    def agrees(self) -> bool:
        return not (self.findings or self.loads.differences or self.dispositions.only_musl
                    or self.dispositions.only_muslcheck)

    def to_json(self) -> dict:
        return {"tree": self.tree, "files": self.files, "findings": self.findings,
                "dispositions": asdict(self.dispositions), "agreed": self.loads.agreed,
                "differences": [asdict(difference) for difference in self.loads.differences],
                "explained": [asdict(difference) | {"reason": reason}
                              for difference, reason in self.loads.explained],
                "notJudged": self.loads.not_judged}


def run(options, program: Path, observations) -> int:
    explanations = compare.read_explanations()
    results = []
    for tree in layouts.read_trees():
        if fnmatchcase(tree.name, options.only):
            results.append(run_tree(tree, options.work, program, observations))
            compare.explain(results[-1].loads, explanations)
    observations.save()
    report.print_trees(results)
    if options.json:
        data = {"target": predict.TARGET, "trees": [result.to_json() for result in results]}
        options.json.write_text(json.dumps(data, indent=1, sort_keys=True) + "\n")
    return 0 if all(result.agrees for result in results) else 1


def run_tree(tree: Tree, work: Path, program: Path, observations) -> TreeResult:
    if tree.kind == "musl-root":
        folder, records = observe_root(tree, work)
    else:
        folder = layouts.lay_out(tree, work)
        records = observations_of(tree, folder, work, observations)
    modules = predict.scan(program, folder)
    result = TreeResult(tree.name, len(records), Dispositions(),
                        compare.compare_layout(tree.name, modules, records))
    disposition.compare_foreign(modules, records, result.dispositions)
    if tree.kind.startswith("npm-"):
        disposition.compare_npm(folder, modules, result.dispositions)
    if tree.kind.startswith("python"):
        disposition.compare_python(folder, tree.folder, modules, result.dispositions)
    if tree.is_control:
        result.findings = complaints(predict.scan_report(program, folder, newest=True))
    return result


def observations_of(tree: Tree, folder: Path, work: Path, observations) -> list[FileRecord]:
    """What musl says about a copy of the tree: the files are changed for it (elf.disarm)."""
    layout = packages.Layout(f"tree {tree.name}", (tree.kind, *tree.packages), tree.exercises)
    known = observations.get(layout)
    if known is not None:
        return known
    copy = work / "tree"
    shutil.rmtree(copy, ignore_errors=True)
    shutil.copytree(folder / tree.folder, copy / tree.folder, symlinks=True)
    records = observations.make(layout, copy, tree.folder)
    shutil.rmtree(copy)
    return records


def observe_root(tree: Tree, work: Path) -> tuple[Path, list[FileRecord]]:
    """The root that the loader is asked in, as a tree of its own."""
    root = work / "musl-root"
    oracle_root.make_root(root, work / "debs", STUBS)
    return root, observe.observe(root, tree.folder)


def complaints(report_of_control: dict) -> list[str]:
    """Findings that nobody wants to read about files that were built for musl."""
    return [f"{finding['ruleId']} {finding['severity']}: {finding['message']}"
            for finding in report_of_control["findings"]
            if finding["severity"] in ("error", "warning") and finding["ruleId"] != INSTALLABLE]
