"""The pages of docs/apis as data: their tables, row by row."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

ROOT = Path(__file__).parents[2]
FOLDER = ROOT / "docs" / "apis"
ALL = sorted(f.stem for f in FOLDER.glob("*.md") if f.stem != "README")
IDS = re.compile(r"^\| \*\*([A-Z]{2}-[A-Z]\d+)\*\*", re.MULTILINE)


@cache
def page(provider: str) -> str:
    return (FOLDER / f"{provider}.md").read_text(encoding="utf-8")


def defined(provider: str) -> list[str]:
    """Every id that a page defines, in its order."""
    return IDS.findall(page(provider))


def section(provider: str, heading: str) -> str:
    """What stands under a `##` heading. Raises ValueError where there is none."""
    _, found, rest = page(provider).partition(f"\n## {heading}\n")
    if not found:
        raise ValueError(f"{provider} has no section {heading}")
    return re.split(r"\n## ", rest)[0]


def rows(text: str) -> Iterator[list[str]]:
    """The cells of every table row but the headers and their rules; `\\|` is a bar inside a cell."""
    for line in text.splitlines():
        if line.startswith("| ") and not line.startswith("| ---"):
            cells = [cell.strip().replace("\\|", "|") for cell in re.split(r"(?<!\\)\|", line)[1:-1]]
            yield cells


def entries(provider: str, heading: str) -> dict[str, list[str]]:
    """Rows of a table whose first cell is an id in bold: id -> the other cells."""
    found = {}
    for cells in rows(section(provider, heading)):
        if match := IDS.match(f"| {cells[0]}"):
            found[match[1]] = cells[1:]
    return found


def code(cell: str) -> list[str]:
    """The texts in backticks."""
    return re.findall(r"`([^`]+)`", cell)
