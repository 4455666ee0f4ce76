#!/usr/bin/env python3
"""Makes a docker archive of folders, one per layer: make_archive.py OUT.tar NAME CONFIG.json FOLDER...

CONFIG.json is an image configuration without rootfs; architecture and os are those of this machine
unless it says otherwise. The same folders make the same bytes, so that archives share layers.
"""

import hashlib
import io
import json
import pathlib
import platform
import sys
import tarfile

MACHINES = {"x86_64": "amd64", "aarch64": "arm64"}


def sha256(data):
    return hashlib.sha256(data).hexdigest()


def tar_of(entries):
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w", format=tarfile.PAX_FORMAT) as tar:
        for info, data in entries:
            tar.addfile(info, io.BytesIO(data))
    return buffer.getvalue()


def file_entry(name, data, mode=0o644):
    info = tarfile.TarInfo(name)
    info.size, info.mode = len(data), mode
    return info, data


def layer(folder):
    entries = []
    for path in sorted(folder.rglob("*")):
        name = str(path.relative_to(folder))
        if path.is_symlink():
            info = tarfile.TarInfo(name)
            info.type, info.linkname = tarfile.SYMTYPE, str(path.readlink())
            entries.append((info, b""))
        elif path.is_file():
            entries.append(file_entry(name, path.read_bytes(), path.stat().st_mode & 0o777))
    return tar_of(entries)


def main(output, name, config_file, *folders):
    layers = [layer(pathlib.Path(folder)) for folder in folders]
    config = {"os": "linux", "architecture": MACHINES[platform.machine()],
              **json.loads(pathlib.Path(config_file).read_text())}
    config["rootfs"] = {"type": "layers", "diff_ids": [f"sha256:{sha256(data)}" for data in layers]}
    config_text = json.dumps(config).encode()
    paths = [f"{sha256(data)}/layer.tar" for data in layers]
    manifest = [{"Config": "config.json", "RepoTags": [name], "Layers": paths}]
    files = [("manifest.json", json.dumps(manifest).encode()), ("config.json", config_text),
             *zip(paths, layers)]
    pathlib.Path(output).write_bytes(tar_of(file_entry(*file) for file in files))


if __name__ == "__main__":
    main(*sys.argv[1:])
