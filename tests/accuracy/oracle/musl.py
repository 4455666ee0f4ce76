"""Runs the real loader: Debian's musl, in a root of its own, and notes what it says.

Every run is a child in the chroot as user nobody, without network, with limits on time and memory.
What runs there is musl's loader and host.c; nothing of the examined packages (see elf.disarm).
"""

from __future__ import annotations

import ctypes
import os
import resource
import subprocess
from dataclasses import asdict, dataclass, field
from pathlib import Path

from . import messages

LOADER = "/lib/ld-musl-x86_64.so.1"
HOST = "/host/plain"
# What a process has loaded before the examined file comes: nothing, libc, or what node has.
BARE, PLAIN, NODE = "", "/host/plain.so", "/host/node.so"
TIME_LIMIT = 20  # seconds
FILE_LIMIT = 64
CLONE_NEWNET = 0x40000000
NOBODY = 65534


@dataclass
class Observation:
    """One run: `status` 0 is success, negative a signal; errors in the loader's order."""

    status: int
    errors: list[messages.LoaderError] = field(default_factory=list)
    libraries: dict[str, str] = field(default_factory=dict)

    @property
    def loads(self) -> bool:
        return self.status == 0

    def to_json(self) -> dict:
        return {"status": self.status, "errors": [error.text for error in self.errors],
                "libraries": self.libraries}

    @staticmethod
    def from_json(data: dict) -> "Observation":
        return Observation(data["status"], messages.parse_messages("\n".join(data["errors"])),
                           data["libraries"])


@dataclass
class FileRecord:
    """All that was seen of one file. `runs` is by the name of the run (RUNS)."""

    path: str
    machine: int
    elf_type: int
    os_abi: int
    interpreter: str = ""
    judged: bool = False
    is_static: bool = False
    exec_error: str = ""
    runs: dict[str, Observation] = field(default_factory=dict)

    def to_json(self) -> dict:
        data = {name: value for name, value in asdict(self).items() if name != "runs"}
        return data | {"runs": {name: run.to_json() for name, run in self.runs.items()}}

    @staticmethod
    def from_json(data: dict) -> "FileRecord":
        runs = {name: Observation.from_json(run) for name, run in data["runs"].items()}
        return FileRecord(**(data | {"runs": runs}))


def _enter(root: Path):
    """The child's side of a run, before exec."""
    libc = ctypes.CDLL(None)

    def enter() -> None:
        libc.unshare(CLONE_NEWNET)  # best effort: nothing here opens a socket
        os.chroot(root)
        os.chdir("/")
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
        resource.setrlimit(resource.RLIMIT_CPU, (TIME_LIMIT, TIME_LIMIT))
        resource.setrlimit(resource.RLIMIT_NOFILE, (FILE_LIMIT, FILE_LIMIT))
        try:
            os.setgroups([])
            os.setgid(NOBODY)
            os.setuid(NOBODY)
        except OSError:
            pass  # in a user namespace there is no other user, and root is not root

    return enter


def _run(root: Path, command: list[str], preload: str) -> subprocess.CompletedProcess:
    environment = {"LD_PRELOAD": preload} if preload else {}
    try:
        return subprocess.run(command, env=environment, preexec_fn=_enter(root),
                              stdin=subprocess.DEVNULL, capture_output=True, text=True,
                              errors="replace", timeout=TIME_LIMIT, check=False)
    except subprocess.TimeoutExpired:
        return subprocess.CompletedProcess(command, -9, "", "timeout")


def list_file(root: Path, path: str, preload: str) -> Observation:
    """`ld-musl --list`: loads and relocates as if started, reports every error, runs nothing."""
    result = _run(root, [LOADER, "--list", path], preload)
    return Observation(result.returncode, messages.parse_messages(result.stderr),
                       _parse_listing(result.stdout))


def _parse_listing(text: str) -> dict[str, str]:
    """Lines such as "\\tlibfoo.so.1 => /usr/lib/libfoo.so.1 (0x7f...)"."""
    found = {}
    for line in text.splitlines():
        name, arrow, place = line.strip().partition(" => ")
        if arrow:
            found[name] = place.rpartition(" (")[0]
    return found


def dlopen_file(root: Path, path: str, mode: str, preload: str) -> Observation:
    """dlopen from the host program; dlerror has the first error only."""
    result = _run(root, [HOST, mode, path], preload)
    said = result.stdout.strip()
    errors = [] if said == "ok" else messages.parse_messages(said or result.stderr)
    return Observation(result.returncode, errors)


def exec_error(root: Path, path: str, interpreter: str) -> str:
    """What execve says about a program whose interpreter is absent; "" if it is there (then the
    program is not run). A missing interpreter is found before any of its code could run."""
    if os.path.lexists(root / interpreter.lstrip("/")):
        return ""
    try:
        _run(root, [path], BARE)
    except (FileNotFoundError, PermissionError) as error:
        return error.strerror
    raise RuntimeError(f"{path} ran although {interpreter} is missing")
