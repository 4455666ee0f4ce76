"""The kept data beside this folder."""

from __future__ import annotations

from pathlib import Path

HERE = Path(__file__).resolve().parent.parent


def read_table(name: str) -> list[list[str]]:
    """Rows of a kept TSV file without its comments."""
    lines = (HERE / name).read_text().splitlines()
    return [line.split("\t") for line in lines if line and not line.startswith("#")]
