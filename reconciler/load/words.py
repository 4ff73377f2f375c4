"""The words of a schema that have a meaning of our own: what a pattern matches, a format takes, a set repeats."""

from __future__ import annotations

import functools
import re
from collections.abc import Iterator, Sequence
from typing import Final

from reconciler.load.formats import CHECKS
from reconciler.model.json import Json, canonical

LONGEST_MATCHED: Final = 4_096
"""Characters of a text that a pattern is tried on; longer ones do not match."""


def fits(name: str, text: str) -> bool:
    """Whether a text is of a format; one that nobody knows takes all."""
    check = CHECKS.get(name)
    return check is None or check(text)


def matches(pattern: str, text: str) -> bool:
    """Whether a pattern is found somewhere in a text."""
    return len(text) <= LONGEST_MATCHED and _compiled(pattern).search(text) is not None


@functools.lru_cache(maxsize=1_000)
def _compiled(pattern: str) -> re.Pattern[str]:
    """In JSON Schema `$` is the very end; in Python it would let a line break through."""
    ends = pattern.endswith("$") and not pattern.endswith(r"\$")
    return re.compile(pattern[:-1] + r"\Z" if ends else pattern)


def again(items: Sequence[Json]) -> Iterator[tuple[int, int]]:
    """The position of each item that stands there already, and that of the first such; in linear time."""
    seen: dict[str, int] = {}
    for i, item in enumerate(items):
        first = seen.setdefault(canonical(_plain(item)), i)
        if first != i:
            yield i, first


def _plain(value: Json) -> Json:
    """1 and 1.0 are one number in JSON."""
    if isinstance(value, float) and value.is_integer():
        return int(value)
    if isinstance(value, list):
        return [_plain(v) for v in value]
    return {k: _plain(v) for k, v in value.items()} if isinstance(value, dict) else value
