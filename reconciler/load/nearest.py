"""The one place that guesses what somebody meant to write."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterable
from itertools import islice
from typing import Final

LONGEST_WORD = 200
MOST_CHOICES = 1_000
NEAR: Final = 0.6
"""How alike two words are at least, from 0 to 1, for one to be proposed in place of the other."""
SURE: Final = 0.8
"""How alike they are where it is hardly anything but a slip of the pen."""
_PARTS: Final = re.compile("[-_./]")


def nearest(word: object, choices: Iterable[str], *, sure: bool = False) -> str | None:
    """The choice most like the word, whatever its case; None where none is alike. Between what is hardly more than
    misspelt and what is just alike comes the one choice that begins with the whole word. `sure`: nothing that is
    just alike. Same input, same answer."""
    if not isinstance(word, str) or len(word) > LONGEST_WORD:
        return None
    known = list(islice(choices, MOST_CHOICES))
    folded: dict[str, str] = {}
    for choice in known:
        folded.setdefault(_plain(choice), choice)
    found = difflib.get_close_matches(_plain(word), folded, n=1, cutoff=NEAR)
    if found and _ratio(word, found[0]) >= SURE:
        return folded[found[0]]
    begun = {choice for choice in known if _PARTS.split(choice.casefold())[0] == word.casefold()}
    if len(begun) == 1:
        return begun.pop()
    return folded[found[0]] if found and not sure else None


def did_you_mean(word: object, choices: Iterable[str], otherwise: str = "", *, sure: bool = False) -> str:
    """`did you mean 'x'?`, else the text given for when nothing is near."""
    found = nearest(word, choices, sure=sure)
    return f"did you mean '{found}'?" if found else otherwise


def listed(choices: Iterable[str], limit: int = 12) -> str:
    """Choices in one line, cut where there are too many to read."""
    names = list(choices)
    more = len(names) - limit
    return ", ".join(names[:limit]) + (f" and {more} more" if more > 0 else "")


def _ratio(word: str, plain: str) -> float:
    return difflib.SequenceMatcher(None, plain, _plain(word)).ratio()


def _plain(word: str) -> str:
    return word.casefold().replace("_", "").replace("-", "")
