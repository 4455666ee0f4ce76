"""The model against the real loader on small fixtures (cases.py): no network, a few seconds."""

from __future__ import annotations

import shutil
import subprocess
import sys
import tempfile
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from . import cases, compare, observe, predict, root as oracle_root
from .musl import FileRecord

SKIPPED = 77


def run(program: Path | None) -> int:
    missing = [tool for tool in ("gcc", "musl-gcc", "readelf") if not shutil.which(tool)]
    if missing or not oracle_root.DEBIAN_LOADER.exists():
        print(f"SKIPPED: needs {' '.join(missing) or 'the musl package'}", file=sys.stderr)
        return SKIPPED
    with tempfile.TemporaryDirectory(prefix="muslcheck-smoke-") as folder:
        return _run_in(Path(folder), program)


def _run_in(folder: Path, program: Path | None) -> int:
    folder.chmod(0o755)  # nobody reads below it
    root, tree = folder / "root", folder / "tree"
    oracle_root.make_root(root, folder / "debs", stubs=())
    with ThreadPoolExecutor() as pool:
        list(pool.map(lambda case: build(case, tree / "node_modules" / case.name), cases.CASES))
    modules = predict.scan(program, tree) if program else {}
    (tree / "node_modules").rename(root / "node_modules")
    records = {record.path: record for record in observe.observe(root)}
    failures = sum(not _check(case, modules, records, program) for case in cases.CASES)
    print(f"{len(cases.CASES)} cases, {failures} failed")
    return 1 if failures else 0


def build(case: cases.Case, folder: Path) -> None:
    """Compiles the case's files; those that are only linked against are removed again."""
    for item in case.builds:
        output = folder / item.output
        output.parent.mkdir(parents=True, exist_ok=True)
        if item.raw:
            output.write_text(item.source)
            continue
        command = ["gcc", "-O1", "-w", "-U_FORTIFY_SOURCE", "-fno-stack-protector", "-o", output,
                   "-x", "c", "-", "-x", "none"]
        command += [flag.replace("{DIR}", str(folder)) for flag in item.flags.split()]
        if item.versions:
            script = folder / "versions.map"
            script.write_text(item.versions)
            command.append(f"-Wl,--version-script={script}")
        subprocess.run(command, input=item.source, text=True, check=True)
    for item in case.builds:
        if item.absent:
            (folder / item.output).unlink()


def _check(case: cases.Case, modules: dict[str, dict], records: dict[str, FileRecord],
           program: Path | None) -> bool:
    """Prints the case's row; True if musl does what the case says and muslcheck says the same."""
    prefix = f"node_modules/{case.name}/"
    main = records[prefix + case.builds[-1].output]
    assumed = {"role": _role(main), "host": "node" if main.path.endswith(".node") else ""}
    complaints = _fixture_complaints(case, assumed, main)
    said = "-"
    if program:
        own = [record for path, record in records.items() if path.startswith(prefix)]
        result = compare.compare_layout(case.name, modules, own)
        compare.explain(result, compare.read_explanations())
        complaints += [f"{d.path}: {d.aspect}: {d.subject} (only {d.side}) {d.detail}"
                       for d in result.differences]
        said = modules.get(main.path, {}).get("outcome", "absent")
        if modules.get(main.path, {}).get("disposition") != "payload":
            complaints.append("muslcheck does not judge it")
    seen = compare.observed_outcome(assumed, main)
    print(f"{'FAIL' if complaints else 'ok':4}  {case.name:45} musl: {seen:15} muslcheck: {said}")
    for complaint in complaints:
        print(f"        {complaint}")
    return not complaints


def _role(record: FileRecord) -> str:
    if record.path.endswith(".node"):
        return "plugin"
    return "library" if record.path.endswith(".so") else "executable"


def _fixture_complaints(case: cases.Case, assumed: dict, record: FileRecord) -> list[str]:
    complaints = []
    seen = compare.observed_outcome(assumed, record)
    if seen != case.outcome:
        complaints.append(f"fixture: musl says {seen}, the case expects {case.outcome}")
    if not compare.is_started_by_kernel(assumed, record):
        run = record.runs[compare.runs_for(assumed, record)[0]]
        found = {f"{error.kind} {error.subject}" for error in run.errors}
        if found != set(case.errors):
            complaints.append(f"fixture: musl says {sorted(found)}, "
                              f"the case expects {sorted(case.errors)}")
    return complaints
