"""The same layers in every container format: what docker, podman, skopeo and buildkit write.

A format is a function (path, layers) that writes an image; layers are uncompressed tars."""

import gzip
import hashlib
import io
import json
import pathlib
import shutil
import struct
import subprocess
import tarfile

OCI = "application/vnd.oci.image."
DOCKER = "application/vnd.docker.image.rootfs.diff.tar"
NAME = "reference:1"


# Compression of layers.


def plain(data):
    return data


def gzipped(data):
    return gzip.compress(data, 1, mtime=0)


def gzip_members(data):
    """Several members in one stream, cut anywhere, as eStargz has them."""
    step = max(1, len(data) // 5 + 7)
    return b"".join(gzipped(data[i:i + step]) for i in range(0, len(data), step)) + gzipped(b"")


def zstd(data):
    """By the program if it is installed, else in frames that do not compress."""
    if shutil.which("zstd") is None:
        return _zstd_raw(data)
    return subprocess.run(["zstd", "-q", "-c", "-1"], input=data, capture_output=True,
                          check=True).stdout


def _zstd_raw(data):
    """One frame of raw blocks (RFC 8878): size in 8 bytes, no checksum, window as large as needed."""
    frame = struct.pack("<IBBQ", 0xFD2FB528, 0xC0, 0x50, len(data))
    step = 1 << 17
    blocks = [data[i:i + step] for i in range(0, len(data), step)] or [b""]
    for number, block in enumerate(blocks):
        head = len(block) << 3 | (number == len(blocks) - 1)
        frame += head.to_bytes(3, "little") + block
    return frame


def _skippable(data, number=0):
    return struct.pack("<II", 0x184D2A50 + number, len(data)) + data


def zstd_frames(data):
    """Several frames with skippable ones around them, as zstd:chunked has them."""
    step = max(1, len(data) // 3 + 5)
    frames = [_zstd_raw(data[i:i + step]) for i in range(0, len(data), step)]
    return (_skippable(b"") + b"".join(f + _skippable(b"x" * 9, 3) for f in frames)
            + _skippable(b"table of contents" * 9, 5))


SUFFIXES = {plain: "", gzipped: "+gzip", gzip_members: "+gzip", zstd: "+zstd", zstd_frames: "+zstd"}


# Parts that formats share.


def _digest(data):
    return "sha256:" + hashlib.sha256(data).hexdigest()


def _hex(data):
    return hashlib.sha256(data).hexdigest()


def _json(value):
    return json.dumps(value).encode()


def _config(layers):
    history = [{"created_by": f"step {number}"} for number in range(len(layers))]
    return _json({"architecture": "amd64", "os": "linux", "config": {"Cmd": ["/bin/app"]},
                  "rootfs": {"type": "layers", "diff_ids": [_digest(l) for l in layers]},
                  "history": history})


def _write_tar(path, members):
    """Members are (name, bytes) or (name, target) with the target as text for a symbolic link."""
    with tarfile.open(path, "w", format=tarfile.PAX_FORMAT) as archive:
        for name, data in members:
            info = tarfile.TarInfo(name)
            if isinstance(data, str):
                info.type, info.linkname, data = tarfile.SYMTYPE, data, b""
            info.size = len(data)
            archive.addfile(info, io.BytesIO(data))


def _docker_manifest(config, layers):
    return ("manifest.json", _json([{"Config": config, "RepoTags": [NAME], "Layers": layers}]))


def _unique(members):
    return list(dict(members).items())


# docker-archive.


def docker_legacy(path, layers, compress=plain):
    """docker save before 25: a folder for each layer, named by anything but the content."""
    config = _config(layers)
    names = [f"{_hex(b'%d' % number + layer)}" for number, layer in enumerate(layers)]
    members = []
    for name, layer in zip(names, layers):
        members += [(f"{name}/VERSION", b"1.0"), (f"{name}/json", b"{}"),
                    (f"{name}/layer.tar", compress(layer))]
    members += [(_hex(config) + ".json", config),
                _docker_manifest(_hex(config) + ".json", [f"{name}/layer.tar" for name in names]),
                ("repositories", _json({"reference": {"1": names[-1] if names else ""}}))]
    _write_tar(path, members)


def docker_legacy_gzip_layers(path, layers):
    docker_legacy(path, layers, gzipped)


def docker_legacy_gzip_members(path, layers):
    docker_legacy(path, layers, gzip_members)


def docker_gzip_whole(path, layers):
    """docker save | gzip"""
    docker_legacy(path, layers)
    path.write_bytes(gzipped(path.read_bytes()))


def podman(path, layers):
    """A layer that comes twice is there once; the names in the manifest are links to it."""
    config = _config(layers)
    links = [f"{_hex(b'%d' % number + layer)}/layer.tar" for number, layer in enumerate(layers)]
    members = _unique([(_hex(layer) + ".tar", layer) for layer in layers])
    members += [(link, f"../{_hex(layer)}.tar") for link, layer in zip(links, layers)]
    members += [(_hex(config) + ".json", config), _docker_manifest(_hex(config) + ".json", links)]
    _write_tar(path, members)


def docker_25(path, layers):
    """Blobs as in an OCI layout, with a manifest.json that leads to them."""
    _write_tar(path, _with_docker_manifest(layers, plain, _layout(layers, plain, docker=True)))


def docker_containerd(path, layers):
    """docker save from the containerd store: compressed layers, an index in the index."""
    members = _layout(layers, gzipped, nested=True, attestation=True)
    _write_tar(path, _with_docker_manifest(layers, gzipped, members))


def _with_docker_manifest(layers, compress, members):
    blobs = [f"blobs/sha256/{_hex(compress(layer))}" for layer in layers]
    return members + [_docker_manifest(f"blobs/sha256/{_hex(_config(layers))}", blobs)]


# OCI layouts.


def _descriptor(blobs, data, media_type, **more):
    blobs[f"blobs/sha256/{_hex(data)}"] = data
    return {"mediaType": media_type, "digest": _digest(data), "size": len(data), **more}


def _media_type(compress, lie):
    suffix = SUFFIXES[compress]
    if lie:
        suffix = "+gzip" if suffix != "+gzip" else ""
    return OCI + "layer.v1.tar" + suffix


def _attestation(blobs, image):
    """Provenance that buildkit puts beside an image; no file system."""
    statement = _descriptor(blobs, b'{"_type":"statement"}', "application/vnd.in-toto+json")
    config = _descriptor(blobs, _json({"architecture": "unknown", "os": "unknown"}),
                         OCI + "config.v1+json")
    manifest = _json({"schemaVersion": 2, "mediaType": OCI + "manifest.v1+json", "config": config,
                      "layers": [statement]})
    return _descriptor(
        blobs, manifest, OCI + "manifest.v1+json",
        platform={"architecture": "unknown", "os": "unknown"},
        annotations={"vnd.docker.reference.type": "attestation-manifest",
                     "vnd.docker.reference.digest": image["digest"]})


def _layout(layers, compress, nested=False, attestation=False, lie=False, docker=False):
    blobs = {}
    media_type = DOCKER if docker else _media_type(compress, lie)
    config = _descriptor(blobs, _config(layers), OCI + "config.v1+json")
    manifest = _json({"schemaVersion": 2, "mediaType": OCI + "manifest.v1+json", "config": config,
                      "layers": [_descriptor(blobs, compress(layer), media_type)
                                 for layer in layers]})
    names = {"org.opencontainers.image.ref.name": "latest"}
    image = _descriptor(blobs, manifest, OCI + "manifest.v1+json",
                        platform={"architecture": "amd64", "os": "linux"})
    top = [image] + ([_attestation(blobs, image)] if attestation else [])
    if nested:
        inner = _json({"schemaVersion": 2, "mediaType": OCI + "index.v1+json", "manifests": top})
        top = [_descriptor(blobs, inner, OCI + "index.v1+json")]
    top[0] = dict(top[0], annotations=names)
    return [("oci-layout", b'{"imageLayoutVersion":"1.0.0"}'), *blobs.items(),
            ("index.json", _json({"schemaVersion": 2, "manifests": top}))]


def oci_directory(path, layers, compress=plain, **options):
    for name, data in _layout(layers, compress, **options):
        file = pathlib.Path(path) / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(data)


def oci_archive(path, layers, compress=plain, **options):
    _write_tar(path, _layout(layers, compress, **options))


# What real programs write, out of an OCI layout.


def _skopeo(path, layers, kind, *arguments):
    source = path.with_name(path.name + ".source")
    oci_directory(source, layers)
    try:
        subprocess.run(["skopeo", "copy", "--insecure-policy", "--quiet", *arguments,
                        f"oci:{source}:latest", f"{kind}:{path}:{NAME}"],
                       check=True, capture_output=True)
    finally:
        shutil.rmtree(source)


def skopeo_docker_archive(path, layers):
    _skopeo(path, layers, "docker-archive")


def skopeo_oci_archive(path, layers):
    _skopeo(path, layers, "oci-archive")


def skopeo_oci_zstd(path, layers):
    _skopeo(path, layers, "oci", "--dest-compress", "--dest-compress-format", "zstd")


def _with(function, *arguments, **options):
    return lambda path, layers: function(path, layers, *arguments, **options)


# name: (kind of source, function)
DOCKER_FORMATS = {
    "docker-legacy": ("docker-archive", docker_legacy),
    "docker-legacy-gzip-layers": ("docker-archive", docker_legacy_gzip_layers),
    "docker-legacy-gzip-members": ("docker-archive", docker_legacy_gzip_members),
    "docker-gzip-whole": ("docker-archive", docker_gzip_whole),
    "docker-25": ("docker-archive", docker_25),
    "docker-containerd": ("docker-archive", docker_containerd),
    "podman": ("docker-archive", podman),
    "skopeo-docker-archive": ("docker-archive", skopeo_docker_archive),
}
OCI_FORMATS = {
    "oci-archive": ("oci-archive", oci_archive),
    "oci-archive-gzip": ("oci-archive", _with(oci_archive, gzipped)),
    "oci-dir": ("oci-dir", oci_directory),
    "oci-dir-gzip": ("oci-dir", _with(oci_directory, gzipped)),
    "oci-dir-gzip-members": ("oci-dir", _with(oci_directory, gzip_members)),
    "oci-dir-nested": ("oci-dir", _with(oci_directory, gzipped, nested=True)),
    "oci-archive-attestation": ("oci-archive", _with(oci_archive, gzipped, attestation=True)),
    "oci-archive-nested-attestation":
        ("oci-archive", _with(oci_archive, gzipped, nested=True, attestation=True)),
    "oci-dir-plain-that-says-gzip": ("oci-dir", _with(oci_directory, plain, lie=True)),
    "oci-dir-gzip-that-says-plain": ("oci-dir", _with(oci_directory, gzipped, lie=True)),
    "skopeo-oci-archive": ("oci-archive", skopeo_oci_archive),
}
ZSTD_FORMATS = {
    "docker-legacy-zstd-layers": ("docker-archive", _with(docker_legacy, zstd)),
    "oci-archive-zstd": ("oci-archive", _with(oci_archive, zstd)),
    "oci-dir-zstd-frames": ("oci-dir", _with(oci_directory, zstd_frames)),
    "oci-dir-zstd-that-says-gzip": ("oci-dir", _with(oci_directory, zstd, lie=True)),
    "skopeo-oci-zstd": ("oci-dir", skopeo_oci_zstd),
}


def write(name, formats, folder, layers):
    """Writes the image; returns how muslcheck is told of it."""
    kind, function = formats[name]
    path = pathlib.Path(folder) / name
    function(path, layers)
    return f"{kind}:{path}"
