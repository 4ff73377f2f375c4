"""The one place that guesses what somebody meant to write."""

from __future__ import annotations

import difflib
from collections.abc import Iterable
from itertools import islice

LONGEST_WORD = 200
MOST_CHOICES = 1_000


def nearest(word: object, choices: Iterable[str]) -> str | None:
    """The choice most like the word, whatever its case; None where none is alike. Same input, same answer."""
    if not isinstance(word, str) or len(word) > LONGEST_WORD:
        return None
    folded: dict[str, str] = {}
    for choice in islice(choices, MOST_CHOICES):
        folded.setdefault(_plain(choice), choice)
    found = difflib.get_close_matches(_plain(word), folded, n=1, cutoff=0.6)
    return folded[found[0]] if found else None


def did_you_mean(word: object, choices: Iterable[str], otherwise: str = "") -> str:
    """`did you mean 'x'?`, else the text given for when nothing is near."""
    found = nearest(word, choices)
    return f"did you mean '{found}'?" if found else otherwise


def listed(choices: Iterable[str], limit: int = 12) -> str:
    """Choices in one line, cut where there are too many to read."""
    names = list(choices)
    more = len(names) - limit
    return ", ".join(names[:limit]) + (f" and {more} more" if more > 0 else "")


def _plain(word: str) -> str:
    return word.casefold().replace("_", "").replace("-", "")
