"""No pattern that is tried on what people or servers write takes longer than the text is long."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from reconciler.load import events
from reconciler.load.formats import CHECKS
from reconciler.load.shape import validator
from reconciler.load.words import LONGEST_MATCHED

ROOT = Path(__file__).parents[2]
ends_soon = pytest.mark.timeout(60)
"""All texts of one pattern take a fraction of a second; what goes wrong here takes minutes."""


def _patterns(node: Any) -> Iterator[str]:
    if isinstance(node, dict):
        for word, value in node.items():
            if word == "pattern" and isinstance(value, str):
                yield value
            yield from _patterns(value)
    for item in node if isinstance(node, list) else []:
        yield from _patterns(item)


def _of_all_schemas() -> list[str]:
    files = sorted((ROOT / "schemas").rglob("*.yaml"))
    found = {
        p
        for path in files
        for d in events.read(path.read_bytes(), path.name).documents
        for p in _patterns(d.value)
    }
    return sorted(found)


def hostile(pattern: str) -> Iterator[str]:
    """Texts that nearly match, again and again, as long as any that a pattern is tried on; each with an end that
    cannot match."""
    signs = {c for c in re.sub(r"\\.|\[\^?|[(){}?*+|$^\]]", "", pattern) if c.isprintable()} | set("a0A-_./:@ ,")
    pieces = [
        *sorted(signs),
        "aa",
        "a.",
        ".a",
        "a-",
        "-a",
        "a/",
        "/a",
        "0 ",
        "a@",
        "@a",
        "a.a@",
        "a b",
        "\n",
        "é",
        "\u202e",
    ]
    for piece in pieces:
        whole = (piece * LONGEST_MATCHED)[: LONGEST_MATCHED - 2]
        for end in ("", "!", "\x00", "\n", "@", "."):
            yield whole + end


def test_there_are_patterns() -> None:
    assert len(_of_all_schemas()) > 15


@ends_soon
@pytest.mark.parametrize("pattern", _of_all_schemas())
def test_no_pattern_of_a_schema_can_be_made_slow(pattern: str) -> None:
    form = validator({"pattern": pattern})
    for text in hostile(pattern):
        form.is_valid(text)


@ends_soon
@pytest.mark.parametrize("name", CHECKS)
def test_no_format_can_be_made_slow(name: str) -> None:
    for text in hostile("@.-:TZ+0"):
        for longer in (text, text * 50):
            CHECKS[name](longer)
