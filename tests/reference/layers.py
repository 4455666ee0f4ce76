"""Layers as lists of entries, and how each dialect of tar writes them down.

The headers are written here byte by byte, because Python's tarfile never writes v7, numbers in
base 256 or sparse files, and because some cases are about what no program would write."""

import dataclasses
import random

BLOCK = 512


@dataclasses.dataclass(frozen=True)
class Entry:
    name: bytes
    kind: str  # file, directory, symlink, hardlink, fifo, character, block, or sparse
    content: bytes = b""
    target: bytes = b""
    mode: int = 0o644


TYPES = {"file": b"0", "hardlink": b"1", "symlink": b"2", "character": b"3", "block": b"4",
         "directory": b"5", "fifo": b"6"}


def _bytes(text):
    return text if isinstance(text, bytes) else text.encode()


def content(tag, size=64):
    """Bytes that are different for each tag and do not compress. With the magic of ELF muslcheck
    makes a digest of them."""
    return (b"\x7fELF" + random.Random(repr(tag)).randbytes(max(size, 4)))[:size]


def file(name, data=None, mode=0o644):
    return Entry(_bytes(name), "file", content(name) if data is None else _bytes(data), mode=mode)


def directory(name, mode=0o755):
    return Entry(_bytes(name), "directory", mode=mode)


def symlink(name, target):
    return Entry(_bytes(name), "symlink", target=_bytes(target), mode=0o777)


def hardlink(name, target):
    return Entry(_bytes(name), "hardlink", target=_bytes(target))


def special(name, kind, mode=0o600):
    return Entry(_bytes(name), kind, mode=mode)


def sparse(name, data):
    """A file that is written without its blocks of zeros."""
    return Entry(_bytes(name), "sparse", data)


def whiteout(name):
    folder, slash, last = _bytes(name).rpartition(b"/")
    return file(folder + slash + b".wh." + last, b"", mode=0)


def opaque(name):
    return file(_bytes(name) + b"/.wh..wh..opq" if name else b".wh..wh..opq", b"", mode=0)


# One header of 512 bytes.


def _octal(number, width):
    text = b"%0*o" % (width - 1, number)
    if len(text) >= width:
        raise ValueError(f"{number} has no place in {width} octal digits")
    return text + b"\0"


def _base256(number, width):
    return b"\x80" + number.to_bytes(width - 1, "big")


def _header(name, kind, size=0, mode=0o644, target=b"", magic=b"ustar\x0000", prefix=b"",
            number=_octal, tail=None):
    if len(name) > 100 or len(target) > 100 or len(prefix) > 155:
        raise ValueError(f"{name[:200]} has no place in a header")
    head = b"".join((
        name.ljust(100, b"\0"), number(mode, 8), number(0, 8), number(0, 8), number(size, 12),
        number(1_000_000_000, 12), b" " * 8, kind, target.ljust(100, b"\0"), magic,
        bytes(64), _octal(1, 8), _octal(3, 8),
        prefix.ljust(155, b"\0") if tail is None else tail)).ljust(BLOCK, b"\0")
    return head[:148] + b"%06o\0 " % sum(head) + head[156:]


def _padded(data):
    return data + b"\0" * (-len(data) % BLOCK)


# A dialect is a function from an entry to its bytes.


def ustar(entry):
    name, prefix = entry.name, b""
    if len(name) > 100:
        cut = name.rfind(b"/", 0, 156)
        name, prefix = name[cut + 1:], name[:cut]
    return _header(name, TYPES[entry.kind], len(entry.content), entry.mode, entry.target,
                   prefix=prefix) + _padded(entry.content)


def v7(entry):
    """No magic. A directory is a file whose name ends with a slash."""
    name = entry.name.rstrip(b"/") + b"/" if entry.kind == "directory" else entry.name
    kind = b"\0" if entry.kind in ("file", "directory") else TYPES[entry.kind]
    return _header(name, kind, len(entry.content), entry.mode, entry.target,
                   magic=b"\0" * 8) + _padded(entry.content)


def gnu(entry, number=_octal):
    """Long names stand in entries of their own, L for the path and K for the target."""
    magic = b"ustar  \0"
    long_ones = b"".join(
        _header(b"././@LongLink", kind, len(text) + 1, magic=magic) + _padded(text + b"\0")
        for kind, text in ((b"K", entry.target), (b"L", entry.name)) if len(text) > 100)
    return long_ones + _header(entry.name[:100], TYPES[entry.kind], len(entry.content), entry.mode,
                               entry.target[:100], magic, number=number) + _padded(entry.content)


def base256(entry):
    return gnu(entry, number=_base256)


def _pax_records(**fields):
    """Each record says its own length: "18 path=some/name\\n"."""
    records = b""
    for key, value in fields.items():
        rest = b" " + key.replace("__", ".").encode() + b"=" + _bytes(value) + b"\n"
        length = len(rest) + 1
        while len(b"%d" % length) + len(rest) != length:
            length += 1
        records += b"%d" % length + rest
    return _header(b"PaxHeaders/x", b"x", len(records)) + _padded(records)


def _is_text(name):
    try:
        return bool(name.decode()) or not name
    except UnicodeDecodeError:
        return False


def pax(entry):
    """Path, link and size stand in records; the header has other values, which do not count."""
    fields = {"path": entry.name}
    if entry.target:
        fields["linkpath"] = entry.target
    if not _is_text(entry.name + entry.target):
        fields = {"hdrcharset": b"BINARY", **fields}
    if entry.content:
        fields["size"] = b"%d" % len(entry.content)
    return _pax_records(**fields) + _header(
        b"not-the-name", TYPES[entry.kind], len(entry.content), entry.mode,
        b"not-the-target" if entry.target else b"") + _padded(entry.content)


def _pieces(data):
    """[(offset, bytes)] of the parts of a sparse file that are not zeros, in blocks."""
    pieces = []
    for offset in range(0, len(data), BLOCK):
        block = data[offset:offset + BLOCK]
        if block.strip(b"\0"):
            pieces.append((offset, block))
    return pieces


def sparse_gnu(entry):
    """The old form: type S, at most four pieces in the header here."""
    pieces = _pieces(entry.content)
    data = b"".join(block for _, block in pieces)
    table = b"".join(_octal(offset, 12) + _octal(len(block), 12) for offset, block in pieces)
    tail = bytes(41) + table.ljust(96, b"\0") + b"\0" + _octal(len(entry.content), 12)
    if len(pieces) > 4:
        raise ValueError("more than four pieces")
    return _header(entry.name, b"S", len(data), entry.mode, magic=b"ustar  \0",
                   tail=tail) + _padded(data)


def sparse_pax(entry):
    """Version 1.0: the table of pieces stands before the data."""
    pieces = _pieces(entry.content)
    table = b"%d\n" % len(pieces) + b"".join(
        b"%d\n%d\n" % (offset, len(block)) for offset, block in pieces)
    data = _padded(table) + b"".join(block for _, block in pieces)
    return _pax_records(GNU__sparse__major=b"1", GNU__sparse__minor=b"0",
                        GNU__sparse__name=entry.name,
                        GNU__sparse__realsize=b"%d" % len(entry.content)) + _header(
        b"GNUSparseFile.0/x", b"0", len(data), entry.mode) + _padded(data)


DIALECTS = {"ustar": ustar, "v7": v7, "gnu": gnu, "base256": base256, "pax": pax}


def layer(entries, dialect=pax):
    """The tar of a layer. Bytes between the entries are taken as they are."""
    return b"".join(entry if isinstance(entry, bytes) else dialect(entry)
                    for entry in entries) + bytes(2 * BLOCK)
