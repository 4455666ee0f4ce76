"""Compares what musl's loader said with what muslcheck predicted, file by file.

Both sides are sets of messages (messages.LoaderError.key) and an outcome. muslcheck's report says
how a file is loaded (role and host); the oracle's run of the same kind is held against it:

    executable                    --list as the program itself, and execve of its interpreter
    plugin or library of node     --list and dlopen LAZY with what node has loaded
    of another lazy host          the same with libc alone
    of any other or no host       --list and dlopen NOW with libc alone
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from fnmatch import fnmatchcase

from . import elf, messages, observe
from .messages import LoaderError
from .musl import FileRecord
from .tables import read_table

LAZY_HOSTS = ("node", "java", "ruby", "php", "perl", "dotnet")
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


@dataclass(frozen=True)
class Explanation:
    """A kept reason for differences: globs over the fields of Difference."""

    layout: str
    path: str
    aspect: str
    subject: str
    side: str
    reason: str

    def covers(self, difference: Difference) -> bool:
        fields = ("layout", "path", "aspect", "subject", "side")
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


def runs_for(module: dict) -> tuple[str, str, str]:
    """The oracle's runs that correspond to the way muslcheck loads the module: all errors, the
    dlopen that decides, and the strict dlopen."""
    if module["role"] == "executable":
        return observe.LIST, "", ""
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
    listing, deciding, strict = runs_for(module)
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


def compare_file(layout: str, module: dict, record: FileRecord) -> Result:
    result = Result(files=1)
    if is_started_by_kernel(module, record):
        for error in predicted_errors(module):
            result.differences.append(_difference(layout, record, error, MUSLCHECK))
    else:
        _compare_sets(layout, module, record, result)
        _compare_first_message(layout, module, record, result)
    said, seen = module["outcome"], observed_outcome(module, record)
    if said == seen:
        result.agreed["outcome"] += 1
    elif seen != "unseen":
        result.differences.append(Difference(layout, record.path, "outcome", f"{seen} != {said}",
                                             MUSL, f"musl: {seen}, muslcheck: {said}"))
    return result


def _compare_sets(layout: str, module: dict, record: FileRecord, result: Result) -> None:
    seen = {error.key: error for error in record.runs[runs_for(module)[0]].errors}
    said = {error.key: error for error in predicted_errors(module)}
    for kind in SETS:
        of_kind = {key for key in seen.keys() | said.keys() if key[0] == kind}
        result.agreed[kind] += sum(key in seen and key in said for key in of_kind)
        for key in sorted(of_kind):
            if key not in said:
                result.differences.append(_difference(layout, record, seen[key], MUSL))
            elif key not in seen:
                result.differences.append(_difference(layout, record, said[key], MUSLCHECK))


def _difference(layout: str, record: FileRecord, error: LoaderError, side: str) -> Difference:
    return Difference(layout, record.path, error.kind, error.subject, side, error.text)


def _compare_first_message(layout: str, module: dict, record: FileRecord, result: Result) -> None:
    """dlopen stops at the first error: the predicted list must begin with the same text."""
    run = record.runs.get(runs_for(module)[1])
    if module["role"] != "plugin" or run is None or not run.errors:
        return
    fatal = [error.get("text", "") for error in module["errors"] if error.get("fatal", True)]
    said, seen = (fatal or [""])[0], run.errors[0].text
    tls = messages.parse_line(said)
    if said == seen or (tls and tls.kind == messages.TLS and tls.key == run.errors[0].key):
        result.agreed["message"] += 1
    else:
        result.differences.append(Difference(layout, record.path, "message", seen, MUSL,
                                             f"muslcheck: {said or 'no error'}"))


def compare_layout(layout: str, modules: dict[str, dict], records: list[FileRecord]) -> Result:
    """All files of one layout; `modules` by path, of muslcheck's report."""
    result = Result()
    for record in records:
        module = modules.get(record.path)
        if module is None:
            result.differences.append(Difference(layout, record.path, "file", "not in the report",
                                                 MUSL))
        elif module["disposition"] != "payload":
            _note_not_judged(layout, module, record, result)
        elif not record.judged and not record.is_static:
            result.differences.append(Difference(layout, record.path, "file", "not for x86_64",
                                                 MUSL, "but muslcheck judges it"))
        else:
            result.merge(compare_file(layout, module, record))
    return result


def _note_not_judged(layout: str, module: dict, record: FileRecord, result: Result) -> None:
    why = module.get("dispositionReason", module["disposition"])
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
