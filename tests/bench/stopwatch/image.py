"""Layers to images: docker-archive (as Docker 25 and later save it), OCI folder and OCI archive
with gzip or zstd layers."""

import concurrent.futures
import dataclasses
import hashlib
import io
import json
import os
import pathlib
import shutil
import subprocess
import tarfile

OCI = "application/vnd.oci.image"
LAYOUT = '{"imageLayoutVersion":"1.0.0"}'
# As `docker push` and BuildKit compress: zlib's and zstd's usual levels, one stream per layer.
COMPRESSORS = {"gzip": ["gzip", "-6", "-n", "-c"], "zstd": ["zstd", "-q", "-3", "-c"]}


@dataclasses.dataclass
class Image:
    name: str
    layers: list
    config: dict


def to_json(value):
    return json.dumps(value, separators=(",", ":")).encode()


def digest_of(data):
    return "sha256:" + hashlib.sha256(data).hexdigest()


def blob(digest):
    return "blobs/" + digest.replace(":", "/")


def descriptor(media_type, digest, size):
    return {"mediaType": media_type, "digest": digest, "size": size}


def configuration(image):
    history = [{"created_by": layer.created_by} for layer in image.layers]
    return to_json({
        "architecture": "amd64", "os": "linux", "config": image.config,
        "history": [*history, {"created_by": "CMD " + json.dumps(image.config.get("Cmd", [])),
                               "empty_layer": True}],
        "rootfs": {"type": "layers", "diff_ids": [layer.diff_id for layer in image.layers]},
    })


def index(manifest, name):
    entry = descriptor(f"{OCI}.manifest.v1+json", digest_of(manifest), len(manifest))
    entry["annotations"] = {"org.opencontainers.image.ref.name": name}
    return to_json({"schemaVersion": 2, "mediaType": f"{OCI}.index.v1+json", "manifests": [entry]})


def manifest_of(config, layers):
    return to_json({
        "schemaVersion": 2, "mediaType": f"{OCI}.manifest.v1+json",
        "config": descriptor(f"{OCI}.config.v1+json", digest_of(config), len(config)),
        "layers": layers,
    })


def add_bytes(tar, name, data):
    info = tarfile.TarInfo(name)
    info.size, info.mode = len(data), 0o644
    tar.addfile(info, io.BytesIO(data))


def write_docker_archive(image, path):
    """What `docker save` writes: uncompressed layers as blobs, found by manifest.json."""
    config = configuration(image)
    manifest = manifest_of(config, [descriptor(f"{OCI}.layer.v1.tar", layer.diff_id, layer.size)
                                    for layer in image.layers])
    legacy = to_json([{"Config": blob(digest_of(config)), "RepoTags": [f"bench/{image.name}:1"],
                       "Layers": [blob(layer.diff_id) for layer in image.layers]}])
    partial = path.with_suffix(".partial")
    with tarfile.open(partial, "w", format=tarfile.PAX_FORMAT) as tar:
        for layer in image.layers:
            tar.add(layer.path, blob(layer.diff_id), filter=anonymous)
        for data in (config, manifest):
            add_bytes(tar, blob(digest_of(data)), data)
        add_bytes(tar, "index.json", index(manifest, image.name))
        add_bytes(tar, "manifest.json", legacy)
        add_bytes(tar, "oci-layout", LAYOUT.encode())
    partial.replace(path)


def anonymous(info):
    info.uid = info.gid = info.mtime = 0
    info.uname = info.gname = ""
    return info


def compressed(layer, method):
    """(file, descriptor) of a layer's compressed form, made if it is not there."""
    path = layer.path.with_suffix(f".{method}")
    if not path.exists():
        partial = path.with_suffix(f".{method}-partial")
        with open(layer.path, "rb") as source, open(partial, "wb") as out:
            subprocess.run(COMPRESSORS[method], stdin=source, stdout=out, check=True)
        partial.replace(path)
    data = path.read_bytes()
    return path, descriptor(f"{OCI}.layer.v1.tar+{method}", digest_of(data), len(data))


def write_oci_dir(image, path, method):
    partial = path.with_suffix(".partial")
    shutil.rmtree(partial, ignore_errors=True)
    (partial / "blobs/sha256").mkdir(parents=True)
    with concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
        layers = list(pool.map(lambda layer: compressed(layer, method), image.layers))
    for file, entry in layers:
        if not (partial / blob(entry["digest"])).exists():
            os.link(file, partial / blob(entry["digest"]))
    config = configuration(image)
    manifest = manifest_of(config, [entry for _, entry in layers])
    for data in (config, manifest):
        (partial / blob(digest_of(data))).write_bytes(data)
    (partial / "index.json").write_bytes(index(manifest, image.name))
    (partial / "oci-layout").write_text(LAYOUT)
    partial.rename(path)


def write_oci_archive(folder, path):
    partial = path.with_suffix(".partial")
    with tarfile.open(partial, "w", format=tarfile.PAX_FORMAT) as tar:
        for name in ("oci-layout", "index.json"):
            tar.add(folder / name, name, filter=anonymous)
        for file in sorted((folder / "blobs/sha256").iterdir()):
            tar.add(file, f"blobs/sha256/{file.name}", filter=anonymous)
    partial.replace(path)


def layer_blobs(folder):
    """The compressed layers of an OCI folder, lowest first."""
    folder = pathlib.Path(folder)
    entry = json.loads((folder / "index.json").read_bytes())["manifests"][0]
    manifest = json.loads((folder / blob(entry["digest"])).read_bytes())
    return [folder / blob(layer["digest"]) for layer in manifest["layers"]]
