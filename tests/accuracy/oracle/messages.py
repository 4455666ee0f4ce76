"""musl's messages (ldso/dynlink.c), taken apart. The oracle and muslcheck both speak them, so both
sides of the comparison go through this one parser."""

from __future__ import annotations

import re
from dataclasses import dataclass

LIBRARY = "library"
SYMBOL = "symbol"
RELOCATION = "relocation"
TLS = "tls"
OTHER = "other"

_FORMS = (
    (LIBRARY, re.compile(r"^Error loading shared library (?P<subject>.*?): (?P<detail>.*?)"
                         r"(?: \(needed by (?P<file>.*)\))?$")),
    (RELOCATION, re.compile(r"^Error relocating (?P<file>.*): "
                            r"unsupported relocation type (?P<subject>\d+)$")),
    (TLS, re.compile(r"^Error relocating (?P<file>.*?): (?P<subject>.*): "
                     r"initial-exec TLS resolves to dynamic definition in (?P<detail>.*)$")),
    (SYMBOL, re.compile(r"^Error relocating (?P<file>.*): (?P<subject>.*): symbol not found$")),
)


@dataclass(frozen=True, order=True)
class LoaderError:
    """One message; `file` is the object that asked, as musl names it."""

    kind: str
    subject: str
    file: str = ""
    text: str = ""

    @property
    def key(self) -> tuple[str, str, str]:
        """Identity for comparison: STRERROR may differ, and so may the spelling of a path. For a
        TLS relocation without a symbol musl prints whatever name the relocation before had, so
        the name says nothing (do_relocs sets `name` only if there is a symbol)."""
        subject = "" if self.kind == TLS else self.subject
        return (self.kind, subject, self.file.rsplit("/", 1)[-1])


def parse_line(line: str) -> LoaderError | None:
    """None for an empty line; kind `other` for what is no known message."""
    line = line.strip()
    if not line:
        return None
    for kind, form in _FORMS:
        match = form.match(line)
        if match:
            groups = match.groupdict()
            return LoaderError(kind, groups["subject"], groups.get("file") or "", line)
    return LoaderError(OTHER, line, "", line)


def parse_messages(text: str) -> list[LoaderError]:
    """Every distinct message, in order: musl repeats one for each relocation."""
    errors: dict[LoaderError, None] = {}
    for line in text.splitlines():
        error = parse_line(line)
        if error:
            errors[error] = None
    return list(errors)
