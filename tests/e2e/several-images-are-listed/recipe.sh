PYTHONPATH="$SOURCE_DIR/tests/hostile" python3 - <<'END'
from images import Layout, entry, named, tar
layout = Layout()
layout.finish(*[layout.image([tar(entry(name))], annotations=named(name))
                for name in ("shop:1.4", "quay.io/me/worker:2")])
open("images.tar", "wb").write(layout.tar())
END
