"""Which files of a tree take part on musl: what muslcheck says of each, against what the hosts
themselves do (choice.py, importing.py) and the ELF header.

    foreign    another machine than x86_64, or a folder of prebuilds that is named after a system
    npm        the package's own loader, run under node: its .node files opened or not
    python     CPython's own finder: this file, another one instead, nothing
    all else   is not compared here: musl's loader says how it loads
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, field
from pathlib import Path

from . import choice, compare, elf, importing
from .importing import CHOSEN, INERT, MISSING
from .musl import FileRecord

FOREIGN = "foreign"
OTHER_SYSTEM = re.compile(r"(^|[/-])(android|freebsd|openbsd|darwin|win32)([/.-]|$)")


@dataclass
class Dispositions:
    agreed: int = 0
    only_musl: list[str] = field(default_factory=list)       # taken, and muslcheck says it is not
    only_muslcheck: list[str] = field(default_factory=list)  # the other way round

    def note(self, path: str, seen: str, said: str) -> None:
        if seen == said:
            self.agreed += 1
        elif seen == CHOSEN:
            self.only_musl.append(f"{path}: {seen} != {said}")
        else:
            self.only_muslcheck.append(f"{path}: {seen} != {said}")


def said_of(module: dict) -> str:
    if compare.is_passed_over(module):
        return MISSING
    return CHOSEN if module["disposition"] == "payload" else module["disposition"]


def is_foreign(record: FileRecord) -> bool:
    return record.machine != elf.EM_X86_64 or bool(OTHER_SYSTEM.search(record.path))


def compare_foreign(modules: dict[str, dict], records: list[FileRecord],
                    result: Dispositions) -> None:
    for record in records:
        said = said_of(modules.get(record.path, {"disposition": "not in the report"}))
        if is_foreign(record):
            result.note(record.path, FOREIGN, said)
        elif said == FOREIGN:
            result.note(record.path, CHOSEN, said)


def compare_python(tree: Path, folder: str, modules: dict[str, dict], result: Dispositions) -> None:
    for path, module in sorted(modules.items()):
        file = tree / path
        if path.startswith(folder) and module["disposition"] != FOREIGN and \
                importing.is_extension(file):
            result.note(path, importing.find(file, tree / folder), said_of(module))


def compare_npm(tree: Path, modules: dict[str, dict], result: Dispositions) -> None:
    """Every package of choice.tsv that the tree has, in whatever version it has it."""
    failing = [path for path, module in modules.items() if module["libc"] == "glibc"]
    for package in choice.read_packages():
        manifest = tree / "node_modules" / package.name / "package.json"
        if manifest.exists():
            names = choice.names_of_package(package, json.loads(manifest.read_text()))
            run = choice.run_loader(package, tree, failing)
            note_package(choice.compare(package, "", names, modules, run), result)


def note_package(comparison: choice.Comparison, result: Dispositions) -> None:
    """Each .node file of the package that no difference is about agrees."""
    result.only_musl += [text for text in comparison.differences if text.startswith("opened")]
    result.only_muslcheck += [text for text in comparison.differences
                              if not text.startswith("opened")]
    result.agreed += sum(not any(text.endswith(path) for text in comparison.differences)
                         for path in comparison.files)
