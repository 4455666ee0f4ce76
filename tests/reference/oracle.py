"""The reference: umoci applies the layers to a folder, and the folder is listed.

Both listings are {path: facts}, where facts are what can be compared: the type, the mode of all but
links, size and digest of files, the target of links, and which other names the same file has."""

import hashlib
import json
import os
import pathlib
import re
import shutil
import stat
import subprocess

import images


class Refused(Exception):
    """umoci does not unpack this: it stopped at the entry `path` of the layer `layer`."""

    def __init__(self, text):
        super().__init__(text)
        found = re.search(r"unpack entry: (.*?): ", text)
        self.path = found.group(1) if found else None
        self.layer = text.count("unpack layer: sha256:") - 1


def is_there():
    return shutil.which("umoci") is not None


def _type(mode):
    for name, test in (("regular", stat.S_ISREG), ("directory", stat.S_ISDIR),
                       ("symlink", stat.S_ISLNK)):
        if test(mode):
            return name
    return "other"


def _facts(path, status):
    kind = _type(status.st_mode)
    facts = {"type": kind}
    if kind == "symlink":
        facts["target"] = os.readlink(path)
    else:
        facts["mode"] = stat.S_IMODE(status.st_mode)
    if kind == "regular":
        if not os.access(path, os.R_OK):  # not root, and a file that nobody may read
            os.chmod(path, stat.S_IMODE(status.st_mode) | stat.S_IRUSR)
        data = pathlib.Path(os.fsdecode(path)).read_bytes()
        facts["size"] = len(data)
        if data.startswith(b"\x7fELF"):
            facts["sha256"] = hashlib.sha256(data).hexdigest()
            facts["inode"] = status.st_ino
    return facts


def _with_names(listing):
    """Instead of a number of the inode, the other names of the file."""
    names = {}
    for path, facts in listing.items():
        if "inode" in facts:
            names.setdefault(facts["inode"], []).append(path)
    for path, facts in listing.items():
        if "inode" in facts:
            facts["links"] = sorted(set(names[facts.pop("inode")]) - {path})
    return listing


def list_folder(root):
    """The listing of a folder; the root itself is not in it."""
    root = os.fsencode(root)
    listing = {}
    for folder, folders, files in os.walk(root):
        for name in folders + files:
            path = os.path.join(folder, name)
            listing[os.path.relpath(path, root)] = _facts(path, os.lstat(path))
    return _with_names(listing)


def unpack(layers, folder):
    """What umoci makes of these layers. Without root it makes no devices and keeps no owner."""
    images.oci_directory(folder / "oci", layers)
    command = ["umoci", "--log", "info", "unpack", "--image", f"{folder / 'oci'}:latest"]
    if os.geteuid() != 0:
        command.append("--rootless")
    bundle = folder / "bundle"
    run = subprocess.run([*command, str(bundle)], capture_output=True, umask=0o022, check=False)
    try:
        if run.returncode != 0:
            raise Refused(run.stderr.decode("utf-8", "surrogateescape"))
        return list_folder(bundle / "rootfs")
    finally:
        shutil.rmtree(bundle, ignore_errors=True)
        shutil.rmtree(folder / "oci")


def muslcheck(list_tree, reference):
    """The listing of muslcheck, and the codes of its problems."""
    run = subprocess.run([list_tree, reference], capture_output=True, check=False)
    if run.returncode != 0:
        raise AssertionError(f"list_tree {reference}: exit {run.returncode}, {run.stderr!r}")
    listing, problems = {}, []
    for line in run.stdout.splitlines():
        facts = json.loads(line)
        path = facts.pop("path").encode("latin-1")
        if "problem" in facts:
            problems.append(facts["problem"])
            continue
        del facts["layer"]
        if facts["type"] == "symlink":
            facts["target"] = facts["target"].encode("latin-1")
            del facts["mode"]
        if facts["type"] != "regular":
            del facts["size"]
        listing[path] = facts
    return _with_names(listing), problems


def differences(expected, actual):
    """One line for each path that differs; empty if nothing does."""
    return [f"{os.fsdecode(path)!r}: expected {expected.get(path)}, muslcheck has {actual.get(path)}"
            for path in sorted(expected.keys() | actual.keys())
            if expected.get(path) != actual.get(path)]
