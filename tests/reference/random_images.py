"""Random images from seeds: few names, so that what later layers do hits what earlier ones did."""

import os
import random

import layers as tar
import oracle

NAMES = ["a", "b", "c"]
DEPTHS = [1, 1, 2, 2, 2, 3, 3, 4]
MODES = [0o644, 0o755, 0o600, 0o4755, 0o2700]
# None with 02000: what is made below such a directory inherits the bit from the kernel with umoci,
# and not with containerd, which changes the mode of the directories that it makes.
DIRECTORY_MODES = [0o755, 0o700, 0o1777]
LINK_STARTS = ["", "", "/", "../", "./", "../../../"]


class RandomImage:
    def __init__(self, seed):
        self.numbers = random.Random(seed)
        self.count = 0
        self.kinds = {}  # of all paths that were used, so that links and whiteouts hit something
        self.dialect = self.numbers.choice(list(tar.DIALECTS.values()))
        self.layers = [self.layer() for _ in range(self.numbers.randint(2, 6))]

    def layer(self):
        self.files = set()  # paths of the files of this layer
        entries = [self.entry() for _ in range(self.numbers.randint(0, 14))]
        if self.numbers.random() < 0.2:
            entries.sort(key=lambda entry: entry.name)
        return entries

    def path(self):
        depth = self.numbers.choice(DEPTHS)
        return "/".join(self.numbers.choice(NAMES) for _ in range(depth))

    def known(self, *kinds):
        """Mostly a path that something (of these kinds) was put at."""
        paths = [path for path, kind in self.kinds.items() if not kinds or kind in kinds]
        if paths and (kinds or self.numbers.random() < 0.8):
            return self.numbers.choice(paths)
        return self.path()

    def is_usable(self, path):
        """False below what is a file, as far as this is known without following links, and for a
        second entry of a file: see hard-link-between-two-of-the-same-name in cases.py."""
        if path in self.files:
            return False
        parents = [path[:end] for end, byte in enumerate(path) if byte == "/"]
        return all(self.kinds.get(parent) in (None, "directory", "symlink") for parent in parents)

    def entry(self):
        kind = self.numbers.choices(
            ["file", "directory", "symlink", "hardlink", "whiteout", "opaque", "fifo"],
            [30, 20, 12, 10, 12, 8, 2])[0]
        if kind == "whiteout":
            return self.hide(self.known())
        if kind == "opaque":
            return tar.opaque(self.known("directory", "symlink")
                              if self.numbers.random() < 0.95 else "")
        path = next(filter(self.is_usable, (self.path() for _ in range(20))), None)
        if path is None:
            return self.hide(self.known())
        entry = self.make(kind, path)
        if kind == "file":
            self.files.add(path)
        self.kinds[path] = kind
        return entry

    def hide(self, path):
        """Sometimes the name can be used for something else from here on."""
        if self.numbers.random() < 0.5:
            self.kinds.pop(path, None)
        return tar.whiteout(path)

    def make(self, kind, path):
        self.count += 1
        mode = self.numbers.choice(MODES)
        if kind == "file":
            size = self.numbers.choice([0, 40, 64, 511, 513, 5000])
            return tar.file(path, tar.content(self.count, size), mode)
        if kind == "directory":
            return tar.directory(path, self.numbers.choice(DIRECTORY_MODES))
        if kind == "symlink":
            target = self.known()
            while target.startswith(path):  # most of these would lead to themselves
                target = self.path()
            return tar.symlink(path, self.numbers.choice(LINK_STARTS) + target)
        if kind == "hardlink":
            return tar.hardlink(path, self.known("file", "hardlink", "symlink"))
        return tar.special(path, "fifo", mode)

    def tars(self):
        return [tar.layer(entries, self.dialect) for entries in self.layers]

    def unpack(self, folder):
        """What umoci makes of the image, and how many entries it refused (a hard link to nothing,
        a directory where a file is, a path through a link to itself). These are taken out."""
        refused = 0
        while True:
            try:
                return oracle.unpack(self.tars(), folder), refused
            except oracle.Refused as refusal:
                self.drop(refusal)
                refused += 1

    def drop(self, refusal):
        """Takes out the entry that umoci stopped at, which is the first of that name in its layer
        that was not taken out before."""
        for entry in self.layers[refusal.layer]:
            if os.path.normpath(os.fsdecode(entry.name)) == refusal.path:
                self.layers[refusal.layer].remove(entry)
                return
        raise refusal

    def __str__(self):
        lines = [f"dialect {self.dialect.__name__}"]
        for number, entries in enumerate(self.layers):
            lines += [f"  {number} {entry.kind:9} {entry.name.decode()} {entry.target.decode()}"
                      f" {oct(entry.mode)} {len(entry.content)}" for entry in entries]
        return "\n".join(lines)
