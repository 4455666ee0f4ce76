PYTHONPATH="$SOURCE_DIR/tests/hostile" python3 - <<'END'
from images import Layout, entry, named, tar
layout = Layout()
lost = tar(entry("lost"))
manifest = layout.image([tar(entry("there")), lost], annotations=named("shop:1.4"))
del layout.files["blobs/sha256/" + layout.blob(lost, Layout.LAYER)["digest"][7:]]
open("images.tar", "wb").write(layout.finish(manifest).tar())
END
