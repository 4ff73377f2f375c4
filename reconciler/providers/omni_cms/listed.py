"""`order: listed`: sequences that follow from the order of the documents, as few of them new as possible."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence

LISTED = "listed"
"""What `order` says of a component, or of a space."""


def sequences(live: Sequence[int | None]) -> list[int]:
    """A rising sequence for siblings in the order in which they are listed (CM-R28). `live`: what each has now,
    None where it has none yet. Those on a longest run that rises, with room between, keep theirs."""
    kept = _run(live)
    found: list[int] = []
    for place, number in enumerate(live):
        if place in kept and number is not None:
            found.append(number)
        elif found:
            found.append(found[-1] + 1)
        else:
            first = min(kept, default=None)
            before = live[first] if first is not None else None
            found.append(place + 1 if first is None or before is None else _start(before, first))
    return found


def _start(before: int, count: int) -> int:
    """Where `count` numbers begin that all stand before a number."""
    return 1 if before > count else before - count


def _run(live: Sequence[int | None]) -> set[int]:
    """The places of a longest run in which each number leaves room for the places between it and the one before;
    of several the one that begins earliest, so that new numbers rather follow than precede. Looked for from the
    end: a longest run of `place - number` that does not fall."""
    ends: list[int] = []
    places: list[int] = []
    behind: dict[int, int | None] = {}
    for place in range(len(live) - 1, -1, -1):
        number = live[place]
        if number is None:
            continue
        at = bisect_right(ends, place - number)
        behind[place] = places[at - 1] if at else None
        ends[at : at + 1] = [place - number]
        places[at : at + 1] = [place]
    found: set[int] = set()
    here = places[-1] if places else None
    while here is not None:
        found.add(here)
        here = behind[here]
    return found
