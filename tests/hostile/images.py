"""Makes `docker save` archives, right ones and wrong ones, in memory."""

import gzip
import hashlib
import io
import json
import pathlib
import struct
import subprocess
import tarfile
import tempfile
import zlib

ZSTD_MAGIC = b"\x28\xb5\x2f\xfd"
ZSTD_BLOCK = 128 << 10  # the largest there is

SOURCE = """
extern void *__memcpy_chk(void *, const void *, unsigned long, unsigned long);
int use(char *a, char *b) { return __memcpy_chk(a, b, 3, 4) != 0; }
"""


def addon():
    """A small shared object that needs glibc."""
    if not hasattr(addon, "bytes"):
        with tempfile.TemporaryDirectory() as folder:
            path = pathlib.Path(folder)
            (path / "addon.c").write_text(SOURCE)
            subprocess.run(["gcc", "-shared", "-fPIC", "-s", "-o", "addon.node", "addon.c"],
                           cwd=folder, check=True)
            addon.bytes = (path / "addon.node").read_bytes()
    return addon.bytes


def entry(name, content=b"", **fields):
    info = tarfile.TarInfo(name)
    info.size = len(content)
    for field, value in fields.items():
        setattr(info, field, value)
    return info, content


def link(name, target, hard=False):
    return entry(name, linkname=target, type=tarfile.LNKTYPE if hard else tarfile.SYMTYPE)


def tar(*entries, format=tarfile.PAX_FORMAT):
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w", format=format) as archive:
        for info, content in entries:
            archive.addfile(info, io.BytesIO(content) if content else None)
    return out.getvalue()


def layer():
    return tar(entry("app/package.json", b'{"name":"app","version":"1.0.0"}'),
               entry("app/build/Release/addon.node", addon()))


def diff_id(layer):
    """The digest of what a layer unpacks to; of a damaged one, the digest of its bytes."""
    digest = hashlib.sha256()
    try:
        with gzip.open(io.BytesIO(layer)) as unpacked:
            for piece in iter(lambda: unpacked.read(1 << 20), b""):
                digest.update(piece)
    except (OSError, EOFError, zlib.error):
        digest = hashlib.sha256(layer)
    return "sha256:" + digest.hexdigest()


def config(layers):
    """It starts nothing: that a program is not there would be a problem of its own."""
    digests = [diff_id(layer) for layer in layers]
    return {"architecture": "amd64", "os": "linux", "config": {},
            "rootfs": {"type": "layers", "diff_ids": digests}}


def as_bytes(value):
    return value if isinstance(value, bytes) else json.dumps(value).encode()


def image(layers=None, manifest=None, configuration=None, extra=(), leave_out=()):
    """An archive; every part can be replaced by something that is wrong."""
    layers = [layer()] if layers is None else layers
    names = [f"{number}/layer.tar" for number in range(len(layers))]
    if manifest is None:
        manifest = [{"Config": "config.json", "RepoTags": ["hostile:1"], "Layers": names}]
    if configuration is None:
        configuration = config(layers)
    entries = [entry(name, text) for name, text in zip(names, layers)]
    entries.append(entry("config.json", as_bytes(configuration)))
    entries.append(entry("manifest.json", as_bytes(manifest)))
    return tar(*[e for e in entries if e[0].name not in leave_out], *extra)


def bomb(size):
    """`size` zero bytes as gzip."""
    return gzip.compress(bytes(size), 9)


def zstd(content):
    """One zstd frame of blocks that are stored as they are (RFC 8878)."""
    return (ZSTD_MAGIC + b"\xa0" + struct.pack("<I", len(content)) +
            _blocks([(0, len(piece), piece) for piece in _pieces(content)]))


def zstd_zeros(size):
    """`size` zero bytes in about a thirty-thousandth of that; a multiple of 128 KiB."""
    return ZSTD_MAGIC + b"\x00\x38" + _blocks([(1, ZSTD_BLOCK, b"\0")] * (size // ZSTD_BLOCK))


def zstd_skippable(content=b""):
    return struct.pack("<II", 0x184d2a50, len(content)) + content


def _pieces(content):
    return [content[at:at + ZSTD_BLOCK] for at in range(0, len(content), ZSTD_BLOCK)] or [b""]


def _blocks(blocks):
    out = bytearray()
    for number, (kind, size, content) in enumerate(blocks):
        last = number == len(blocks) - 1
        out += struct.pack("<I", last | kind << 1 | size << 3)[:3] + content
    return bytes(out)


class Layout:
    """An OCI image layout, file by file."""

    INDEX = "application/vnd.oci.image.index.v1+json"
    MANIFEST = "application/vnd.oci.image.manifest.v1+json"
    CONFIG = "application/vnd.oci.image.config.v1+json"
    LAYER = "application/vnd.oci.image.layer.v1.tar"

    def __init__(self):
        self.files = {"oci-layout": b'{"imageLayoutVersion": "1.0.0"}'}

    def blob(self, value, media_type, **more):
        """Keeps the content; gives its descriptor."""
        content = as_bytes(value)
        digest = hashlib.sha256(content).hexdigest()
        self.files[f"blobs/sha256/{digest}"] = content
        return {"mediaType": media_type, "digest": f"sha256:{digest}", "size": len(content), **more}

    def image(self, layers, architecture="amd64", pack=bytes, **more):
        """The manifest's descriptor; the layers are stored as `pack` makes them."""
        configuration = dict(config(layers), architecture=architecture)
        return self.blob({"schemaVersion": 2, "mediaType": self.MANIFEST,
                          "config": self.blob(configuration, self.CONFIG),
                          "layers": [self.blob(pack(text), self.LAYER) for text in layers]},
                         self.MANIFEST, **more)

    def index(self, *descriptors, **more):
        """An index as a blob, to be nested in another."""
        return self.blob({"schemaVersion": 2, "manifests": list(descriptors)}, self.INDEX, **more)

    def finish(self, *descriptors):
        self.files["index.json"] = as_bytes({"schemaVersion": 2, "manifests": list(descriptors)})
        return self

    def tar(self):
        return tar(*[entry(name, content) for name, content in sorted(self.files.items())])

    def write(self, folder):
        for name, content in self.files.items():
            path = pathlib.Path(folder) / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content)


def platform(architecture):
    return {"os": "linux", "architecture": architecture}


def named(name):
    return {"org.opencontainers.image.ref.name": name}
