"""Which live names are near enough to one that leads nowhere to be proposed in its place."""

from __future__ import annotations

import re
from collections.abc import Iterable
from difflib import SequenceMatcher, get_close_matches
from typing import Final

CUTOFF: Final = 0.6
"""How alike two names are at least, from 0 to 1."""
MOST: Final = 3
_WORD: Final = re.compile(r"[^\W_]{3,}")


def near(name: str, names: Iterable[str]) -> list[str]:
    """At most `MOST` of the names, the nearest first. Of an e-mail address both halves have to be near, or have a
    word in common before the `@`, as `jane` and `jane.smith`: all people of one domain are no namesakes."""
    known = [*dict.fromkeys(names)]
    if "@" in name:
        known = [other for other in known if "@" not in other or _alike(name, other)]
    return get_close_matches(name, known, n=MOST, cutoff=CUTOFF)


def _alike(name: str, other: str) -> bool:
    (who, where), (whom, there) = (n.casefold().split("@", 1) for n in (name, other))
    namesakes = set(_WORD.findall(who)) & set(_WORD.findall(whom))
    return (bool(namesakes) or _near(who, whom)) and _near(where, there)


def _near(a: str, b: str) -> bool:
    return SequenceMatcher(None, a, b).ratio() >= CUTOFF
