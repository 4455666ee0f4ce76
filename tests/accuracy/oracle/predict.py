"""Asks muslcheck."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from pathlib import Path

TARGET = "alpine:3.17"  # musl 1.2.3, as Debian 12's
PLATFORM = "linux/amd64"  # a package with files for several would be judged for any of them
SOURCE = Path(__file__).resolve().parents[3]


def find_muslcheck(given: Path | None) -> Path | None:
    builds = [SOURCE / "build" / preset / "muslcheck" for preset in ("release", "dev")]
    return next((path for path in ([given] if given else builds) if path.is_file()), None)


def scan(program: Path, tree: Path) -> dict[str, dict]:
    """muslcheck's modules by path."""
    return {module["path"]: module for module in scan_report(program, tree)["modules"]}


def scan_report(program: Path, tree: Path, newest: bool = False) -> dict:
    """muslcheck's report, for the oracle's release or the newest one."""
    command = [program, "scan", f"dir:{tree}", "--platform", PLATFORM, "-f", "json"]
    command += [] if newest else ["--target", TARGET]
    result = subprocess.run(command, capture_output=True, text=True, check=False)
    if result.returncode not in (0, 1):
        raise RuntimeError(f"muslcheck ended with {result.returncode}: {result.stderr.strip()}")
    return json.loads(result.stdout)


def scan_each_variant(program: Path, tree: Path) -> dict[str, dict]:
    """As scan; a file that is inert because of a musl sibling is judged by a second scan, of the
    same folder without any file that has "musl" in its path."""
    modules = scan(program, tree)
    inert = [path for path, module in modules.items() if module["disposition"] == "inert"]
    if inert:
        other = tree.with_name(tree.name + "-without-musl")
        shutil.rmtree(other, ignore_errors=True)
        shutil.copytree(tree, other, copy_function=os.link,
                        ignore=lambda _folder, names: [name for name in names if "musl" in name])
        second = scan(program, other)
        modules |= {path: second[path] for path in inert if path in second}
        shutil.rmtree(other)
    return modules
