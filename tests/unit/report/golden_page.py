"""Golden HTML reports as a browser gets them. Style, script and the policy that has their hashes are
the same in all of them, so one golden page has them and the others have a gap instead."""
import pathlib
import re

WHOLE = "hostile.html"
GAPS = (r"(<style>)(.*?)(</style>)", r"(<script>)(.*?)(</script>)",
        r'("Content-Security-Policy" content=")(.*?)(">)')


def whole_page(path):
    path = pathlib.Path(path)
    text = path.read_text(encoding="utf-8")
    source = (path.parent / WHOLE).read_text(encoding="utf-8")
    for gap in GAPS:
        own = re.search(gap, text, re.S)
        if own is None:
            raise SystemExit(f"{path}: nothing matches {gap}")
        if not own[2]:
            content = re.search(gap, source, re.S)[2]
            text = text[:own.start(2)] + content + text[own.end(2):]
    return text
