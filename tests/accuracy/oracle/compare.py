"""Compares what musl's loader said with what muslcheck predicted, file by file.

Both sides are sets of messages (messages.LoaderError.key) and an outcome. muslcheck's report says
how a file is loaded (role and host); the oracle's run of the same kind is held against it:

    executable                    --list as the program itself, and execve of its interpreter
    plugin or library of node     --list and dlopen LAZY with what node has loaded
    of a program of the tree      --list and dlopen with what that program exports (of a server such
                                  as postgres: of the tree's own, if it has one)
    of a host of observe.py       --list and dlopen with the names of its interface
    of another lazy host          the same with libc alone
    of any other or no host       --list and dlopen NOW with libc alone
    library that others need      what those others' runs say about it and its dependencies

The last is as muslcheck sees it: the search path and scope of such a library are its needers'.
"""

from __future__ import annotations

import posixpath
import re
from collections import Counter, defaultdict
from dataclasses import dataclass, field
from fnmatch import fnmatchcase

from . import elf, messages, observe
from .messages import LoaderError
from .musl import FileRecord
from .tables import read_table

LAZY_HOSTS = ("node", "java", "ruby", "php", "perl", "dotnet", "bare", "odbc")
# Where a host's own program is, when it comes with its modules in one tree.
HOST_PROGRAMS = {"postgres": "*/bin/postgres", "redis": "*/bin/redis-server"}
LOADED_BY = re.compile(r"^/(?P<program>.*) loads it$")  # an assumption of muslcheck
SETS = (messages.LIBRARY, messages.SYMBOL, messages.RELOCATION)
MUSL, MUSLCHECK = "musl", "muslcheck"
KINDS = {"library-missing": messages.LIBRARY, "library-unusable": messages.LIBRARY,
         "symbol-missing": messages.SYMBOL, "relocation-unsupported": messages.RELOCATION,
         "tls-initial-exec": messages.TLS}


@dataclass(frozen=True, order=True)
class Difference:
    """Something that only one side says. `aspect` is a message kind, "outcome", "message" (the
    first one) or "file"."""

    layout: str
    path: str
    aspect: str
    subject: str
    side: str
    detail: str = ""
    confidence: str = "certain"  # likely: muslcheck names an assumption for the file


@dataclass(frozen=True)
class Explanation:
    """A kept reason for differences: globs over the fields of Difference."""

    layout: str
    path: str
    aspect: str
    subject: str
    side: str
    confidence: str
    reason: str

    def covers(self, difference: Difference) -> bool:
        fields = ("layout", "path", "aspect", "subject", "side", "confidence")
        return all(fnmatchcase(getattr(difference, name), getattr(self, name)) for name in fields)


@dataclass
class Result:
    agreed: Counter = field(default_factory=Counter)  # by aspect
    differences: list[Difference] = field(default_factory=list)
    explained: list[tuple[Difference, str]] = field(default_factory=list)
    not_judged: list[tuple[str, str, str]] = field(default_factory=list)  # layout, path, why
    files: int = 0

    def only_in(self, aspect: str, side: str) -> int:
        return sum(d.aspect == aspect and d.side == side for d in self.differences)

    def precision(self, aspect: str) -> float:
        return _ratio(self.agreed[aspect], self.only_in(aspect, MUSLCHECK))

    def recall(self, aspect: str) -> float:
        return _ratio(self.agreed[aspect], self.only_in(aspect, MUSL))

    def merge(self, other: "Result") -> None:
        self.agreed += other.agreed
        self.differences += other.differences
        self.explained += other.explained
        self.not_judged += other.not_judged
        self.files += other.files


def _ratio(good: int, bad: int) -> float:
    return good / (good + bad) if good + bad else 1.0


def predicted_errors(module: dict) -> list[LoaderError]:
    """A module's errors, read from the text that musl would print; the fields where there is no
    such text."""
    errors = []
    for error in module.get("errors", []):
        parsed = messages.parse_line(error.get("text", ""))
        if parsed is None or parsed.kind == messages.OTHER:
            kind = KINDS.get(error["kind"], messages.OTHER)
            parsed = LoaderError(kind, error["subject"], error.get("neededBy", ""))
        errors.append(parsed)
    return errors


def program_of(module: dict, record: FileRecord) -> str:
    """In which process of those that the oracle has for the file it is loaded: a program of the
    tree, which muslcheck names or which is the host's own, or a host's interface; "" for none."""
    matches = [LOADED_BY.match(text) for text in module.get("assumptions", [])]
    programs = [match["program"] for match in matches if match]
    host = module.get("host", "")
    glob = HOST_PROGRAMS.get(host)
    if not programs and glob:
        programs = sorted(name.removeprefix("list:") for name in record.runs
                          if name.startswith("list:") and fnmatchcase(name, "list:" + glob))
    return programs[0] if programs else host


def runs_for(module: dict, record: FileRecord) -> tuple[str, str, str]:
    """The oracle's runs that correspond to the way muslcheck loads the module: all errors, the
    dlopen that decides, and the strict dlopen."""
    if module["role"] == "executable":
        return observe.LIST, "", ""
    listing, lazy, now = observe.runs_in(program_of(module, record))
    if listing in record.runs:
        return listing, lazy if module.get("host") in LAZY_HOSTS else now, now
    if module.get("host") == "node":
        return observe.LIST_NODE, observe.LAZY_NODE, observe.NOW_NODE
    if module.get("host") in LAZY_HOSTS:
        return observe.LIST_PLAIN, observe.LAZY, observe.NOW
    return observe.LIST_PLAIN, observe.NOW, observe.NOW


def is_started_by_kernel(module: dict, record: FileRecord) -> bool:
    """A static program, position independent or not: musl's loader never sees it."""
    return record.is_static or (module["role"] == "executable" and not record.interpreter)


def observed_outcome(module: dict, record: FileRecord) -> str:
    """In muslcheck's words. "unseen" where the oracle cannot tell, "crashes" for a signal."""
    if is_started_by_kernel(module, record):
        return "loads"
    listing, deciding, strict = runs_for(module, record)
    if module["role"] == "executable":
        failed = record.exec_error or not record.runs[listing].loads
        return "fails-to-start" if failed else "loads"
    if deciding not in record.runs:
        return "unseen"
    first, second = record.runs[deciding], record.runs[strict]
    if first.status < 0 or second.status < 0:
        return "crashes"
    if not first.loads:
        return "fails-to-load"
    return "loads" if second.loads else "loads-lazily"


@dataclass
class Observed:
    """What musl says about a file in the way it is loaded."""

    outcome: str
    errors: list[LoaderError] = field(default_factory=list)


def observed(module: dict, record: FileRecord, needers: list[tuple[dict, FileRecord]]) -> Observed:
    """`needers` are the programs and plugins whose load brings the file in, for a library."""
    outcome = observed_outcome(module, record)
    if is_started_by_kernel(module, record):
        return Observed(outcome)
    run = record.runs[runs_for(module, record)[0]]
    if module["role"] != "library" or not needers:
        return Observed(outcome, run.errors)
    own = {_normal(path) for path in run.libraries.values()} | {record.path}
    errors = [error for needer, other in needers
              for error in other.runs[runs_for(needer, other)[0]].errors if _normal(error.file) in own]
    loaded = any(observed_outcome(needer, other) == "loads" for needer, other in needers)
    return Observed("loads" if loaded or not errors else outcome, errors)


def _normal(path: str) -> str:
    """musl keeps the "../.." of an rpath in the names of what it loads."""
    return posixpath.normpath(path).lstrip("/")


def find_needers(modules: dict[str, dict], records: list[FileRecord]) -> dict:
    """By path of a library: who loads it, as musl's own listing says."""
    needers = defaultdict(list)
    for record in records:
        module = modules.get(record.path)
        if module is None or module["disposition"] != "payload" or module["role"] == "library":
            continue
        run = record.runs.get(runs_for(module, record)[0])
        for path in {_normal(path) for path in (run.libraries if run else {}).values()}:
            needers[path].append((module, record))
    return needers


def compare_file(layout: str, module: dict, record: FileRecord,
                 needers: list[tuple[dict, FileRecord]]) -> Result:
    result = Result(files=1)
    seen = observed(module, record, needers)
    _compare_sets(layout, module, seen.errors, result)
    _compare_first_message(layout, module, record, result)
    said = module["outcome"]
    if said == seen.outcome:
        result.agreed["outcome"] += 1
    elif seen.outcome != "unseen":
        result.differences.append(_difference(layout, module, "outcome",
                                              f"{seen.outcome} != {said}", MUSL))
    return result


def _difference(layout: str, module: dict, aspect: str, subject: str, side: str,
                detail: str = "") -> Difference:
    return Difference(layout, module["path"], aspect, subject, side, detail,
                      "likely" if module.get("assumptions") else "certain")


def _compare_sets(layout: str, module: dict, errors: list[LoaderError],
                  result: Result) -> None:
    seen = {error.key: error for error in errors}
    said = {error.key: error for error in predicted_errors(module)}
    for key in sorted(seen.keys() | said.keys()):
        if key[0] not in SETS:
            continue
        if key in seen and key in said:
            result.agreed[key[0]] += 1
        else:
            side, error = (MUSL, seen[key]) if key in seen else (MUSLCHECK, said[key])
            result.differences.append(
                _difference(layout, module, error.kind, error.subject, side, error.text))


def _compare_first_message(layout: str, module: dict, record: FileRecord, result: Result) -> None:
    """dlopen stops at the first error: the predicted list must begin with the same text."""
    run = record.runs.get(runs_for(module, record)[1])
    if module["role"] != "plugin" or run is None or not run.errors:
        return
    fatal = [error.get("text", "") for error in module["errors"] if error.get("fatal", True)]
    said, seen = (fatal or [""])[0], run.errors[0].text
    tls = messages.parse_line(said)
    if said == seen or (tls and tls.kind == messages.TLS and tls.key == run.errors[0].key):
        result.agreed["message"] += 1
    else:
        result.differences.append(_difference(layout, module, "message", seen, MUSL,
                                              f"muslcheck: {said or 'no error'}"))


def compare_layout(layout: str, modules: dict[str, dict], records: list[FileRecord]) -> Result:
    """All files of one layout; `modules` by path, of muslcheck's report."""
    result = Result()
    needers = find_needers(modules, records)
    for record in records:
        module = modules.get(record.path)
        if module is None:
            result.differences.append(Difference(layout, record.path, "file", "not in the report",
                                                 MUSL))
        elif module["disposition"] != "payload" or is_passed_over(module):
            _note_not_judged(layout, module, record, result)
        elif not record.judged and not record.is_static:
            result.differences.append(Difference(layout, record.path, "file", "not for x86_64",
                                                 MUSL, "but muslcheck judges it"))
        else:
            result.merge(compare_file(layout, module, record, needers[record.path]))
    return result


def is_passed_over(module: dict) -> bool:
    """Its host never opens it on musl, whatever the loader would say (scripts/accuracy --choice)."""
    return any(error["kind"] == "variant-missing" for error in module.get("errors", []))


def _note_not_judged(layout: str, module: dict, record: FileRecord, result: Result) -> None:
    why = module.get("dispositionReason", module["disposition"])
    if is_passed_over(module):
        why = "not opened on musl"
    if module["disposition"] == "foreign" and record.machine != elf.EM_X86_64:
        why = "another architecture"
    result.not_judged.append((layout, record.path, why))


def read_explanations() -> list[Explanation]:
    return [Explanation(*row) for row in read_table("explained.tsv")]


def explain(result: Result, explanations: list[Explanation]) -> None:
    """Moves the differences that have a kept reason to `explained`. A difference of the outcome
    or the first message follows from the same cause, so it needs a reason of its own only if
    none of the file's other differences has one."""
    open_ones, reasons = [], {}
    for difference in result.differences:
        reason = next((e.reason for e in explanations if e.covers(difference)), None)
        if reason:
            result.explained.append((difference, reason))
            reasons.setdefault((difference.layout, difference.path), reason)
        else:
            open_ones.append(difference)
    unexplained_files = {(d.layout, d.path) for d in open_ones if d.aspect in SETS}
    result.differences = []
    for difference in open_ones:
        file = (difference.layout, difference.path)
        follows = difference.aspect in ("outcome", "message") and file not in unexplained_files
        if follows and file in reasons:
            result.explained.append((difference, reasons[file]))
        else:
            result.differences.append(difference)
