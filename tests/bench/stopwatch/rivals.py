"""The commands that are timed against each other, per image and form."""

import json
import os
import pathlib
import shlex
import shutil
import tarfile

from . import image
from .measure import Command

DECOMPRESS = {"docker": None, "gzip": "gzip -dc", "zstd": "zstd -q -dc"}
KINDS = {"docker": "docker-archive", "dir": "oci-dir", "archive": "oci-archive"}
FIND_ELF = pathlib.Path(__file__).resolve().parent.parent / "find_elf.py"


def quoted(*words):
    return " ".join(shlex.quote(str(word)) for word in words)


def method_of(form):
    return form.partition("-")[0]


def reference(form, path):
    """The image as `muslcheck scan` takes it."""
    return f"{KINDS[form.rpartition('-')[2]]}:{path}"


class Scans:
    """muslcheck's commands; which options there are is asked of the program."""

    def __init__(self, program, target, help_text, scratch):
        self.base = [program, "scan", "--target", target]
        self.has_cache = "--cache-dir" in help_text and "--no-cache" in help_text
        self.scratch = scratch

    def fresh(self, source):
        """Without the cache of facts."""
        extra = ["--no-cache"] if self.has_cache else []
        return Command("scan", [*self.base, *extra, source], (0, 1))

    def cached(self, source):
        """With a cache that is empty, and with one that has all layers."""
        if not self.has_cache:
            return []
        cold, warm = self.scratch / "cold-cache", self.scratch / "warm-cache"
        return [Command("scan, cold cache", [*self.base, "--cache-dir", cold, source], (0, 1),
                        before=lambda: shutil.rmtree(cold, ignore_errors=True)),
                Command("scan, warm cache", [*self.base, "--cache-dir", warm, source], (0, 1))]


def layer_names(archive):
    """The layers of a docker archive, lowest first."""
    with tarfile.open(archive) as tar:
        manifest = json.load(tar.extractfile("manifest.json"))
    return manifest[0]["Layers"]


def layer_streams(form, path):
    """One shell command per layer that writes its tar to standard output."""
    if method_of(form) == "docker":
        return [f"tar -xOf {quoted(path)} {quoted(name)}" for name in layer_names(path)]
    return [f"{DECOMPRESS[method_of(form)]} {quoted(blob)}" for blob in image.layer_blobs(path)]


def readers(form, path):
    """What merely reads or decompresses the same bytes. The first is the yardstick."""
    if method_of(form) == "docker":
        return [Command("cat", f"cat {quoted(path)} >/dev/null")]
    blobs = quoted(*image.layer_blobs(path))
    commands = [Command(DECOMPRESS[method_of(form)].replace(" -q", ""),
                        f"{DECOMPRESS[method_of(form)]} {blobs} >/dev/null")]
    if method_of(form) == "gzip":
        commands.append(Command("igzip -dc", f"igzip -dc {blobs} >/dev/null"))
    return commands


def listing(form, path):
    streams = [f"{stream} | tar -t >/dev/null" for stream in layer_streams(form, path)]
    return Command("tar -t of every layer", " && ".join(streams))


def unpack(form, path, folder):
    """The layers over each other into a folder, as by hand: whiteouts are not applied."""
    return " && ".join([f"rm -rf {quoted(folder)} && mkdir {quoted(folder)}"] +
                       [f"{stream} | tar -x -C {quoted(folder)}"
                        for stream in layer_streams(form, path)])


def over_elf_files(folder, tool, *options):
    """Runs a tool over all ELF files of a folder, on all processors. What it says about single
    files does not matter here (xargs ends with 123 then)."""
    return (f"python3 {quoted(FIND_ELF, folder, *options)} | "
            f"xargs -0 -n 50 -P {os.cpu_count()} {tool} >/dev/null 2>&1 || [ $? -eq 123 ]")


def unpack_then_readelf(form, path, folder, most):
    return Command("unpack, then readelf -dsW of every ELF file",
                   f"{unpack(form, path, folder)} && {over_elf_files(folder, 'readelf -dsW')}",
                   most=most, before=lambda: shutil.rmtree(folder, ignore_errors=True))


def over_the_tree(folder, most):
    """What works on an unpacked tree, and is timed without the unpacking. libtree knows no other
    root, so it finds this machine's libraries; lddtree finds those of the tree."""
    # Debian's lddtree takes any python3 on PATH, which may lack its library.
    lddtree = quoted("/usr/bin/python3", shutil.which("lddtree"), "-R", folder, "--no-auto-root")
    return [
        Command("readelf -dsW of every ELF file, unpacked before",
                over_elf_files(folder, "readelf -dsW"), most=most),
        Command("libtree over them, unpacked before",
                over_elf_files(folder, "libtree", "--loadable"), most=most),
        Command("lddtree over them, unpacked before",
                over_elf_files(folder, lddtree, "--loadable"), most=1),
    ]
