"""A layer is a tar file; these write one, streaming, and keep its digest and counts beside it."""

import dataclasses
import hashlib
import io
import json
import os
import pathlib
import stat
import tarfile


@dataclasses.dataclass
class Layer:
    """A finished layer: where its tar is, and what the image's configuration says about it."""
    path: pathlib.Path
    created_by: str
    diff_id: str
    size: int
    files: int


class HashingFile:
    """What is written to it goes to the file and into the digest."""

    def __init__(self, path):
        self.file, self.digest, self.size = open(path, "wb"), hashlib.sha256(), 0

    def write(self, data):
        self.digest.update(data)
        self.size += len(data)
        return self.file.write(data)

    def tell(self):
        return self.size

    def close(self):
        self.file.close()


class LayerWriter:
    """Adds entries to a tar. Missing parent folders are added, and no folder twice."""

    def __init__(self, path):
        self.out = HashingFile(path)
        self.tar = tarfile.open(fileobj=self.out, mode="w", format=tarfile.PAX_FORMAT)
        self.folders = set()
        self.files = 0

    def put(self, info, file=None):
        info.name = info.name.strip("/")
        if info.isdir():
            if info.name in self.folders:
                return
            self.folders.add(info.name)
        for parent in reversed(pathlib.PurePosixPath(info.name).parents):
            if str(parent) != "." and str(parent) not in self.folders:
                self.folder(str(parent))
        self.files += not info.isdir()
        self.tar.addfile(info, file)

    def folder(self, name):
        info = tarfile.TarInfo(name)
        info.type, info.mode = tarfile.DIRTYPE, 0o755
        self.put(info)

    def text(self, name, text, mode=0o644):
        info = tarfile.TarInfo(name)
        data = text.encode() if isinstance(text, str) else text
        info.size, info.mode = len(data), mode
        self.put(info, io.BytesIO(data))

    def link(self, name, target):
        info = tarfile.TarInfo(name)
        info.type, info.linkname, info.mode = tarfile.SYMTYPE, target, 0o777
        self.put(info)

    def from_disk(self, path, name):
        """A file, link or whole folder of this machine, owned by root and without times."""
        found = os.lstat(path)
        if stat.S_ISLNK(found.st_mode):
            self.link(name, os.readlink(path))
        elif stat.S_ISDIR(found.st_mode):
            self.folder(name)
            for entry in sorted(os.listdir(path)):
                self.from_disk(os.path.join(path, entry), f"{name}/{entry}")
        elif stat.S_ISREG(found.st_mode):
            info = tarfile.TarInfo(name)
            info.size, info.mode = found.st_size, stat.S_IMODE(found.st_mode)
            with open(path, "rb") as file:
                self.put(info, file)

    def close(self):
        self.tar.close()
        self.out.close()


def make(path, created_by, fill):
    """The layer at `path`; `fill(writer)` is asked for its entries if it is not there yet."""
    notes = path.with_suffix(".json")
    if not (path.exists() and notes.exists()):
        path.parent.mkdir(parents=True, exist_ok=True)
        partial = path.with_suffix(".partial")
        writer = LayerWriter(partial)
        fill(writer)
        writer.close()
        notes.write_text(json.dumps({"diff_id": "sha256:" + writer.out.digest.hexdigest(),
                                     "size": writer.out.size, "files": writer.files}))
        partial.replace(path)
    return Layer(path=path, created_by=created_by, **json.loads(notes.read_text()))


def copy_of(layer, number):
    """Fills a layer with the entries of another one below srv/copy-NUMBER. Every file gets a line
    of blanks at its end that no other copy has: so no two copies share a digest, ELF and JSON files
    stay valid, and everything compresses as before."""
    mark = (format(number, "07b").replace("0", " ").replace("1", "\t") + "\n").encode()
    prefix = f"srv/copy-{number}/"

    def fill(writer):
        with tarfile.open(layer.path) as tar:
            for info in tar:
                content = tar.extractfile(info) if info.isreg() else None
                info.name = prefix + info.name
                info.pax_headers = {}
                if info.islnk():
                    info.linkname = prefix + info.linkname
                if content:
                    info.size += len(mark)
                    content = io.BytesIO(content.read() + mark)
                writer.put(info, content)

    return fill
