"""Fitting Markdown into a number of bytes: what must be said, in ever shorter words; then what still fits."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence

from reconciler.model.record import Record

SORTS = 32
"""The sorts of what is left out are named if that takes no more than this part of all bytes."""

_BETWEEN = 2  # bytes of the empty line between two parts


class Must(Record, frozen=True):
    """A part that has to be said. `forms`: the same in ever fewer words, the fullest first; at least one."""

    forms: tuple[str, ...]


class May(Record, frozen=True):
    """A part of which lines can be left out from the end. `items`: line and how many it stands for of what `of`
    says; `what`: of which sort these are, if that is to be named where any is left out."""

    head: str
    items: tuple[tuple[str, int], ...]
    tail: str
    of: str = "changes"
    what: str = ""


def size(text: str) -> int:
    return len(text.encode())


def fitted(must: Sequence[Must], may: Sequence[May], foot: str, limit: int) -> str:
    """One text of at most `limit` bytes, unless even the shortest forms of what must be said need more.

    The same parts and limit give the same text. What is left out is counted at the end.
    """
    every = {part.what: sum(weight for _, weight in part.items) for part in may if part.what}
    sorts = size(_of_which(every)) if size(_of_which(every)) * SORTS <= limit else 0
    ending = size(_left_out(dict.fromkeys((part.of for part in may), 10**9))) + sorts
    room = limit - size(foot) - ending - 2 * _BETWEEN
    said = _shortened(must, room)
    room -= _needed(said)
    dropped: Counter[str] = Counter()
    whose: Counter[str] = Counter()
    for part in may:
        text, left_out = _filled(part, room)
        dropped[part.of] += left_out
        whose[part.what] += left_out
        if text:
            said.append(text)
            room -= size(text) + _BETWEEN
    if any(dropped.values()):
        said.append(_left_out(dropped) + (_of_which(whose) if sorts else ""))
    return "\n\n".join(part for part in (*said, foot) if part) + "\n"


def _left_out(counts: Mapping[str, int]) -> str:
    words = " and ".join(f"{count} more {of}" for of, count in counts.items() if count)
    return f"_{words} are not listed here for want of room; the plan itself lists them all._"


def _of_which(sorts: Mapping[str, int]) -> str:
    """` Left out: 300 core/NodeAttribute, 12 core/Keyword.`"""
    words = ", ".join(f"{count} {what}" for what, count in sorts.items() if what and count)
    return f" Left out: {words}." if words else ""


def _needed(parts: Sequence[str]) -> int:
    return sum(size(part) + _BETWEEN for part in parts)


def _shortened(must: Sequence[Must], room: int) -> list[str]:
    """The fullest forms that fit together; all parts are shortened alike."""
    for level in range(max(len(part.forms) for part in must)):
        said = [part.forms[min(level, len(part.forms) - 1)] for part in must]
        if _needed(said) <= room:
            break
    return said


def _filled(part: May, room: int) -> tuple[str, int]:
    """As many items as fit, and how many changes do not."""
    used = size(part.head) + size(part.tail) + 1 + _BETWEEN
    kept: list[str] = []
    for text, _ in part.items:
        used += size(text) + 1
        if used > room:
            break
        kept.append(text)
    left_out = sum(weight for _, weight in part.items[len(kept) :])
    return ("\n".join([part.head, *kept, part.tail]) if kept else ""), left_out
