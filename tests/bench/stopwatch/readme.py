"""The part of README.md that holds the measured tables."""

import re

PART = re.compile(r"(<!-- bench:begin[^>]*-->\n).*?(<!-- bench:end -->)", re.S)


def updated(text, tables):
    """The text with its part replaced; None if it has none."""
    if not PART.search(text):
        return None
    return PART.sub(lambda match: match[1] + tables.rstrip() + "\n" + match[2], text)
