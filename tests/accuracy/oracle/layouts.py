"""Whole trees (trees.tsv): laid out as npm and dpkg do, kept between runs."""

from __future__ import annotations

import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path

from . import elf
from .tables import read_table

SITE_PACKAGES = "usr/local/lib/python3.11/site-packages"
FOLDERS = {"npm-glibc": "node_modules", "npm-musl": "node_modules", "python": SITE_PACKAGES,
           "python-untagged": SITE_PACKAGES, "jni": "app/lib", "musl-root": "usr/lib"}
GLIBC_TAG = ".cpython-311-x86_64-linux-gnu"


@dataclass(frozen=True)
class Tree:
    name: str
    kind: str
    control: str
    spec: str
    exercises: str

    @property
    def folder(self) -> str:
        """What of the tree is observed."""
        return FOLDERS[self.kind]

    @property
    def packages(self) -> tuple[str, ...]:
        return tuple(self.spec.split(" "))

    @property
    def is_control(self) -> bool:
        return self.control == "yes"


def read_trees() -> list[Tree]:
    return [Tree(*row) for row in read_table("trees.tsv")]


def lay_out(tree: Tree, work: Path) -> Path:
    """The tree's folder; made unless an earlier run made it from the same line."""
    target, stamp = work / "trees" / tree.name, work / "trees" / f"{tree.name}.stamp"
    key = f"{tree.kind} {tree.spec}"
    if stamp.exists() and stamp.read_text() == key:
        return target
    shutil.rmtree(target, ignore_errors=True)
    (target / tree.folder).mkdir(parents=True)
    if tree.kind.startswith("npm-"):
        _install(tree, target)
    else:
        _unpack(tree, work / "debs", target)
    stamp.write_text(key)
    return target


def _install(tree: Tree, target: Path) -> None:
    (target / "package.json").write_text('{"name": "app", "version": "1.0.0"}\n')
    libc = tree.kind.removeprefix("npm-")
    subprocess.run(["npm", "install", "--os=linux", "--cpu=x64", f"--libc={libc}", "--silent",
                    "--ignore-scripts", "--no-audit", "--no-fund", "--force", *tree.packages],
                   cwd=target, stdin=subprocess.DEVNULL, check=True)


def _unpack(tree: Tree, debs: Path, target: Path) -> None:
    for package in tree.packages:
        unpacked = fetch_deb(debs, package)
        if tree.kind == "jni":
            for path in sorted(unpacked.rglob("*.so*")):
                if path.is_file() and not path.is_symlink() and elf.read_elf(path):
                    shutil.copy(path, target / tree.folder / path.name)
        else:
            shutil.copytree(unpacked / "usr/lib/python3/dist-packages", target / tree.folder,
                            dirs_exist_ok=True)
    if tree.kind == "python-untagged":
        for path in sorted(target.rglob(f"*{GLIBC_TAG}.so")):
            path.rename(path.with_name(path.name.replace(GLIBC_TAG, "")))


def fetch_deb(debs: Path, package: str) -> Path:
    """A Debian package, unpacked without running anything of it."""
    folder = debs / package
    if not folder.exists():
        debs.mkdir(parents=True, exist_ok=True)
        subprocess.run(["apt-get", "download", "-qq", "-o", "APT::Sandbox::User=root", package],
                       cwd=debs, check=True)
        (archive,) = debs.glob(f"{package}_*.deb")
        subprocess.run(["dpkg-deb", "-x", archive, folder], check=True)
    return folder
