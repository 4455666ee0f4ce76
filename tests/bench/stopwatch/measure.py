"""Runs a command and says how long it took, or how much memory it took: in separate runs, since
looking at memory costs time."""

import dataclasses
import os
import pathlib
import statistics
import subprocess
import tempfile
import time

SAMPLE_SECONDS = 0.005


class Failed(Exception):
    """A command ended with an exit code that means it did not do its work."""


@dataclasses.dataclass
class Command:
    """A program with arguments, or with one string a bash script; `good` are the exit codes of
    success."""
    name: str
    arguments: list
    good: tuple = (0,)
    before: object = None  # called before each run, not timed
    most: int = 1000  # repetitions, where one run takes long


@dataclasses.dataclass
class Memory:
    """Peaks in bytes. `largest`: resident set of the largest process, from wait4, exact.
    `together`: all processes at one moment, shared pages counted once (Pss), sampled. `own`: the
    same without mapped files, so what the kernel cannot simply drop."""
    largest: int
    together: int
    own: int


def start(command, errors):
    arguments = command.arguments
    if isinstance(arguments, str):
        arguments = ["bash", "-c", "set -o pipefail; " + arguments]
    return subprocess.Popen([str(word) for word in arguments], stdin=subprocess.DEVNULL,
                            stdout=subprocess.DEVNULL, stderr=errors)


def finish(command, process, status, errors):
    """Checks how a process ended that os.wait4 has collected."""
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode not in command.good:
        errors.seek(0)
        text = errors.read().decode(errors="replace").strip()
        last = text.splitlines()[-1] if text else f"exit code {process.returncode}"
        raise Failed(f"{command.name}: {last}")


def seconds(command):
    """Wall-clock time of one run, from before the program is started until it has ended."""
    if command.before:
        command.before()
    with tempfile.TemporaryFile() as errors:
        begin = time.perf_counter()
        process = start(command, errors)
        _, status, _ = os.wait4(process.pid, 0)
        taken = time.perf_counter() - begin
        finish(command, process, status, errors)
    return taken


def memory(command):
    if command.before:
        command.before()
    together = own = 0
    with tempfile.TemporaryFile() as errors:
        process = start(command, errors)
        while True:
            pid, status, usage = os.wait4(process.pid, os.WNOHANG)
            if pid:
                break
            sums = [proportional(one) for one in family(process.pid)]
            together = max(together, sum(total for total, _ in sums))
            own = max(own, sum(private for _, private in sums))
            time.sleep(SAMPLE_SECONDS)
        finish(command, process, status, errors)
    largest = usage.ru_maxrss * 1024
    return Memory(largest=largest, together=max(largest, together), own=own)


def family(pid):
    """A process and all its descendants."""
    found = [pid]
    for one in found:
        for children in pathlib.Path(f"/proc/{one}/task").glob("*/children"):
            try:
                found += [int(child) for child in children.read_text().split()]
            except OSError:  # it ended meanwhile
                pass
    return found


def proportional(pid):
    """(Pss, its part that is no mapped file) in bytes; zeros for a process that ended meanwhile."""
    try:
        lines = pathlib.Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()[1:]
    except OSError:
        return 0, 0
    value = {line.split()[0]: int(line.split()[1]) * 1024 for line in lines}
    return value.get("Pss:", 0), value.get("Pss_Anon:", 0) + value.get("Pss_Shmem:", 0)


def is_skipped(command, turn, repetitions):
    """What takes long gets fewer rounds, and none that does not count."""
    return turn > command.most or (turn == 0 and command.most < repetitions)


def interleaved(commands, repetitions, say):
    """{name: median seconds, or None if it failed}. Every round runs every command once, so that a
    slow minute of the machine falls on all of them; a first round that is not counted fills the
    page cache."""
    times = {command.name: [] for command in commands}
    for turn in range(repetitions + 1):
        for command in commands:
            taken = times[command.name]
            if taken is None or is_skipped(command, turn, repetitions):
                continue
            try:
                value = seconds(command)
            except Failed as failure:
                say(str(failure))
                times[command.name] = None
                continue
            if turn > 0:
                taken.append(value)
    return {name: statistics.median(taken) if taken else None for name, taken in times.items()}
