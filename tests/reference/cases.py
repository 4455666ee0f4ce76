"""Images that are hard to apply, each with a name.

What umoci makes of the layers is what muslcheck must see. Where umoci refuses an image or does
other than the specification says, the case says so (`why`) and has the listing itself
(`expected`: path to type, or to type and link target): never is a difference just left out."""

import dataclasses

import layers as tar
from layers import directory, file, hardlink, opaque, sparse, special, symlink, whiteout


@dataclasses.dataclass(frozen=True)
class Case:
    layers: list  # of lists of entries
    dialect: object = tar.pax
    why: str = ""  # umoci is no reference here, because
    expected: dict = None
    problems: tuple = ()
    needs_root: bool = False

    def tars(self):
        return [tar.layer(entries, self.dialect) for entries in self.layers]


LONG = "long/" + "n" * 90 + "/" + "m" * 120 + "/end"
USR_MERGE = [directory("usr"), directory("usr/lib"), file("usr/lib/x.so"), file("usr/lib/y.so"),
             symlink("lib", "usr/lib")]
LOWER = [directory("d"), file("d/old"), directory("d/sub"), file("d/sub/old"), file("keep")]
HOLES = b"\x7fELF" + bytes(9996) + b"middle" + bytes(40000) + b"end".ljust(512, b".")

CASES = {
    # Whiteouts and opaque directories.
    "opaque-before-its-entries": Case([LOWER, [directory("d"), opaque("d"), file("d/new")]]),
    "opaque-after-its-entries": Case([LOWER, [directory("d"), file("d/new"), file("d/sub/new"),
                                              opaque("d")]]),
    "opaque-twice-around-an-entry": Case([LOWER, [opaque("d"), file("d/old"), opaque("d")]]),
    "opaque-keeps-the-directory-and-its-mode":
        Case([[directory("d", 0o1700), file("d/old")], [opaque("d")]]),
    "opaque-root": Case([LOWER, [opaque(""), file("new")]]),
    "opaque-in-the-parent-of-a-new-directory":
        Case([LOWER, [directory("d"), directory("d/sub"), file("d/sub/new"), opaque("d")]]),
    "opaque-of-what-is-not-there-or-is-a-file": Case([LOWER, [opaque("nothing"), opaque("keep")]]),
    "opaque-of-a-directory-that-replaces-a-link":
        Case([[directory("d"), file("d/x"), symlink("l", "d")],
              [directory("l"), opaque("l"), file("l/y")]]),
    "opaque-through-a-link": Case([USR_MERGE, [opaque("lib"), file("lib/z.so")]]),
    "whiteout-of-a-directory-that-comes-back":
        Case([LOWER, [whiteout("d"), directory("d"), file("d/new")]]),
    "whiteout-of-a-directory-after-it-came-back":
        Case([LOWER, [directory("d"), file("d/new"), whiteout("d")]]),
    "whiteout-after-an-entry-below-an-implied-directory":
        Case([[directory("d", 0o700), file("d/old")], [file("d/new"), whiteout("d")]]),
    "whiteout-before-and-after-the-file-of-that-name":
        Case([[file("a", "1"), file("b", "1")],
              [whiteout("a"), file("a", "2"), file("b", "2"), whiteout("b")]]),
    "whiteout-of-what-is-not-there": Case([LOWER, [whiteout("x"), whiteout("x/y/z"),
                                                   whiteout("keep/z")]]),
    "whiteouts-inside-each-other":
        Case([LOWER, [whiteout("d/sub/old"), whiteout("d/sub"), whiteout("d"), whiteout("d/old")]]),
    "whiteout-then-back-then-gone": Case([LOWER, [whiteout("d")], [file("d/again")],
                                          [whiteout("d/again"), file("end")]]),
    "whiteout-of-a-link-and-through-a-link":
        Case([USR_MERGE + [symlink("l", "keep"), file("keep")],
              [whiteout("l"), whiteout("lib/x.so")]]),
    "whiteout-below-a-directory-that-replaces-a-link":
        Case([USR_MERGE, [directory("lib"), whiteout("lib/x.so"), file("lib/z.so")]]),
    "whiteout-below-a-link-of-the-same-layer":
        Case([LOWER, [symlink("l", "d"), whiteout("l/old")]]),
    "whiteout-of-a-link-then-a-directory-with-whiteouts":
        Case([USR_MERGE, [whiteout("lib"), directory("lib"), whiteout("lib/x.so"), opaque("lib")]]),
    "whiteout-that-is-a-directory": Case([LOWER, [directory("d/.wh.old")]]),
    "marks-of-aufs": Case([LOWER, [directory(".wh..wh.plnk"), file(".wh..wh.plnk/1.2", ""),
                                   file("d/.wh..wh.aufs", "")]],
                          why="umoci 0.4 takes .wh..wh.plnk/1.2 for a file in a directory; the "
                              "specification: 'it is not possible to create a filesystem which has "
                              "a file or directory with a name beginning with .wh.'",
                          expected={"d": "directory", "d/old": "regular", "d/sub": "directory",
                                    "d/sub/old": "regular", "keep": "regular"}),
    # Types that change.
    "every-type-over-every-other":
        Case([[make(f"{old}-{new}") for old, make in tar_types for new, _ in tar_types]
              for tar_types in [[("file", file), ("directory", directory),
                                 ("link", lambda n: symlink(n, "t")),
                                 ("fifo", lambda n: special(n, "fifo"))]]]
             + [[make(f"{old}-{new}") for old, _ in tar_types for new, make in tar_types]
                for tar_types in [[("file", file), ("directory", directory),
                                   ("link", lambda n: symlink(n, "t")),
                                   ("fifo", lambda n: special(n, "fifo"))]]]),
    "directory-with-files-becomes-a-file-and-a-link":
        Case([[file("a/x/y"), file("b/x/y"), file("t/z")], [file("a"), symlink("b", "t")]]),
    "link-to-a-directory-becomes-a-directory": Case([USR_MERGE, [directory("lib"), file("lib/z")]]),
    "directory-over-directory-takes-the-new-mode":
        Case([[directory("d", 0o755), file("d/x")], [directory("d", 0o2750)]]),
    "file-becomes-a-directory-and-back":
        Case([[file("a")], [directory("a"), file("a/b")], [file("a", "again")]]),
    "directory-takes-the-place-of-a-file-that-is-a-parent":
        Case([[file("a")], [file("a/b")]], why="umoci does not make a directory where a file is; an "
             "overlay shows the directory of the upper layer",
             expected={"a": "directory", "a/b": "regular"}),
    # Hard links.
    "hard-link-to-a-lower-layer": Case([[file("bin/tool", mode=0o755)],
                                        [hardlink("bin/alias", "bin/tool")]]),
    "hard-links-in-a-chain-over-layers":
        Case([[file("a"), hardlink("b", "a")], [hardlink("c", "b")], [hardlink("d", "c"),
                                                                    whiteout("a")]]),
    "hard-link-to-a-link": Case([[file("x"), symlink("s", "x"), hardlink("h", "s")],
                                 [hardlink("h2", "s")]]),
    "hard-link-to-a-link-to-a-directory-and-below-it":
        Case([USR_MERGE, [hardlink("l2", "lib"), hardlink("z.so", "l2/x.so")]]),
    "hard-link-to-a-file-that-is-replaced-later":
        Case([[file("a", tar.content("1"))], [hardlink("b", "a"), file("a", tar.content("2"))]]),
    "hard-link-to-a-file-replaced-before":
        Case([[file("a", tar.content("1"))], [file("a", tar.content("2")), hardlink("b", "a")]]),
    "hard-link-before-its-target-is-whited-out":
        Case([[file("a")], [hardlink("b", "a"), whiteout("a")]]),
    "hard-link-to-a-fifo": Case([[special("f", "fifo", 0o640), hardlink("g", "f")]]),
    "hard-link-with-slash-and-dots":
        Case([[file("a/b")], [hardlink("c", "/a/../a/./b"), hardlink("d", "../../a/b")]]),
    "hard-link-between-two-of-the-same-name":
        Case([[file("a", tar.content("1")), hardlink("b", "a"), file("a", tar.content("2"))]],
             why="known difference: what a layer says of its files is kept by path, so the last of "
             "two entries speaks for both ('Layer Changesets ... MUST NOT include duplicate "
             "entries'); names, types and sizes are right", expected={"a": "regular",
                                                                      "b": "regular"}),
    "hard-link-before-its-target-in-the-archive":
        Case([[hardlink("b", "a"), file("a")]], why="umoci links at once and finds nothing; what "
             "archives sorted by name need", expected={"a": "regular", "b": "regular"}),
    "hard-link-to-what-is-not-there":
        Case([[hardlink("b", "a"), file("c")]], why="umoci refuses the image",
             expected={"c": "regular"}, problems=("hardlink-target-missing",)),
    # Links in the way of an entry.
    "entry-below-a-link-to-a-directory": Case([USR_MERGE, [file("lib/z.so"), file("lib/n/z.so")]]),
    "entry-below-links-in-a-chain":
        Case([[directory("a/b"), symlink("one", "/two"), symlink("two", "./a/../a/b")],
              [file("one/x"), hardlink("y", "two/x"), directory("one/z", 0o700)]]),
    "entry-below-links-that-leave-the-root":
        Case([[directory("d"), symlink("up", "../../../../d"), symlink("abs", "/../d"),
               symlink("d/back", "..")], [file("up/x"), file("abs/y"), file("d/back/z"),
                                          file("d/back/d/back/w")]]),
    "entry-below-a-link-that-leads-nowhere":
        Case([[symlink("a", "gone/further"), symlink("b", "/c"), symlink("c", "new")],
              [file("a/x"), file("b/y")]]),
    "links-are-kept-as-they-are-written":
        Case([[symlink("a", "//usr//lib/"), symlink("b", "../../x"), symlink("c", "."),
               symlink("d", "a/../b"), symlink("e", "e")]]),
    "parent-that-becomes-a-link-within-the-layer":
        Case([[directory("e"), file("d/x"), symlink("d", "e"), file("d/y")]]),
    # Names.
    "duplicates": Case([[file("a", "1"), file("a", "22"), directory("d"), file("d/x"), file("d"),
                         directory("d", 0o700), symlink("a2", "x"), symlink("a2", "y")]]),
    "names-with-dots-and-slashes":
        Case([[directory("./"), directory("./a/"), file("./a/b"), file("/c"), file("a//d"),
               file("a/./e"), file("../../f"), file("a/../g"), file("/../h/../i")],
              [file("./a/.wh.b", "")]]),
    "missing-parents": Case([[file("a/b/c/d/e")], [directory("a/b", 0o700)]]),
    "names-that-are-no-ascii": Case([[file("ünï/cødé"), file("日本/語"), symlink("→", "ünï"),
                                      file("spaces and\ttabs\nand lines"), file(b"q\"\\'")],
                                     [whiteout("日本/語"), file("→/x"), file("n\u0303"),
                                      file("\u00f1")]]),
    "names-that-are-no-text-in-pax": Case([[file(b"\xff\xfe/\x80"), symlink(b"l\xe9", b"\xff\xfe")],
                                           [file(b"l\xe9/x"), whiteout(b"l\xe9/\x80")]]),
    "names-that-are-no-text-in-gnu":
        Case([[file(b"\xff\xfe/\x80"), symlink(b"l\xe9", b"\xff\xfe"), file(b"\xe9" * 200)],
              [file(b"l\xe9/x"), whiteout(b"l\xe9/\x80")]], tar.gnu),
    "names-that-look-like-markers":
        Case([[file("wh.x"), file(".wh"), file("x.wh."), file("y"), directory("..x"),
               file("..x/...")], [whiteout("..x/..."), whiteout(".wh"), whiteout("x.wh.")]]),
    "long-names-in-pax": Case([[file(LONG), symlink("l", "x/" * 120 + LONG), hardlink(LONG + "2",
                                                                                      LONG)],
                               [whiteout(LONG)]]),
    "long-names-in-gnu": Case([[file(LONG), symlink("l", "x/" * 120 + LONG), hardlink(LONG + "2",
                                                                                      LONG)],
                               [whiteout(LONG)]], tar.gnu),
    "long-names-in-ustar": Case([[file("p" * 70 + "/" + "q" * 70 + "/" + "n" * 99),
                                  file("n" * 100), directory("p" * 70 + "/" + "q" * 40)]],
                                tar.ustar),
    # Modes, sizes, special files.
    "modes": Case([[file("suid", mode=0o4755), file("sgid", mode=0o2755), file("none", mode=0),
                    directory("sticky", 0o1777), directory("sgid-dir", 0o2775),
                    file("all", mode=0o7777)]]),
    "fifos": Case([[special("f", "fifo", 0o640)], [special("d/g", "fifo"), file("f")]]),
    "devices": Case([[special("null", "character", 0o666), special("sda", "block", 0o660)],
                     [file("null"), special("d/null", "character")]], needs_root=True),
    "empty-layers": Case([[], [file("a")], [], []]),
    "empty-files": Case([[file("a", ""), file("b", "", 0o755)], [hardlink("c", "a")]]),
    "large-files": Case([[file("a", tar.content("a", 3_000_000)),
                          file("b", tar.content("b", 70_001))]], tar.base256),
    "sparse-pax": Case([[tar.sparse_pax(sparse("holes", HOLES)), file("after")]]),
    "sparse-gnu": Case([[tar.sparse_gnu(sparse("holes", HOLES)), file("after")]], tar.gnu,
                       why="umoci 0.4 knows no entries of type S",
                       expected={"holes": "regular", "after": "regular"}),
    **{f"everything-in-{name}":
       Case([USR_MERGE + LOWER + [hardlink("h", "usr/lib/x.so"), special("f", "fifo")],
             [file("lib/z.so", mode=0o4711), whiteout("d/old"), opaque("d/sub"),
              hardlink("h2", "h"), file("e", "")]], dialect)
       for name, dialect in tar.DIALECTS.items()},
}
