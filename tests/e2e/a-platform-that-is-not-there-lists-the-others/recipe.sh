PYTHONPATH="$SOURCE_DIR/tests/hostile" python3 - <<'END'
from images import Layout, entry, platform, tar
layout = Layout()
layout.finish(*[layout.image([tar(entry(word))], word, platform=platform(word))
                for word in ("amd64", "arm64")])
layout.write("layout")
END
