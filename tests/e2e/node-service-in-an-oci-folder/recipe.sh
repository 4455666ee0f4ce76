# The same image as in node-service-in-a-docker-archive: the report must say the same.
"$SOURCE_DIR/scripts/make-sample-image" --small shop.tar
PYTHONPATH="$SOURCE_DIR/tests/hostile" python3 - <<'END'
import gzip, json, tarfile
from images import Layout, named
with tarfile.open("shop.tar") as archive:
    read = lambda name: archive.extractfile(name).read()
    saved = json.loads(read("manifest.json"))[0]
    layout = Layout()
    pack = lambda text: gzip.compress(text, mtime=0)
    manifest = {"schemaVersion": 2, "config": layout.blob(read(saved["Config"]), Layout.CONFIG),
                "layers": [layout.blob(pack(read(name)), Layout.LAYER + "+gzip")
                           for name in saved["Layers"]]}
layout.finish(layout.blob(manifest, Layout.MANIFEST, annotations=named("shop:1.4"))).write("shop")
END
