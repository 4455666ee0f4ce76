# index.json names an index, that one two platforms and an attestation of each.
PYTHONPATH="$SOURCE_DIR/tests/hostile" python3 - <<'END'
from images import Layout, entry, named, platform, tar
layout = Layout()
entries = []
for architecture in ("amd64", "arm64"):
    files = tar(entry("etc/machine", architecture.encode()))
    entries.append(layout.image([files], architecture, platform=platform(architecture)))
    entries.append(layout.image([tar(entry("in-toto"))], "unknown", annotations={
        "vnd.docker.reference.type": "attestation-manifest",
        "vnd.docker.reference.digest": entries[-1]["digest"]},
        platform={"os": "unknown", "architecture": "unknown"}))
layout.finish(layout.index(*entries, annotations=named("two:1")))
open("two.tar", "wb").write(layout.tar())
END
