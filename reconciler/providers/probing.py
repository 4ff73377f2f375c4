"""What the probes of all providers have in common: reading records out of answers, and counting them in words."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TypeAlias

from reconciler.model.call import Request
from reconciler.model.doctor import MOST_CALLS, Finding, Heard, confirmed, refuted, untold
from reconciler.model.json import Json, JsonObject, pick
from reconciler.providers.rest.reads import get

Wanted: TypeAlias = "str | tuple[str, ...]"
"""A field that has to be there, or several of which one has to be."""
MANY = {"person": "people", "directory": "directories"}

__all__ = ["filled", "get", "has", "rows", "settled", "shape", "some", "text"]


def some(count: int, word: str) -> str:
    """`no team`, `1 team`, `3 teams`."""
    if count in (0, 1):
        return f"{count or 'no'} {word}"
    return f"{count} {MANY.get(word, word + 's')}"


def rows(heard: Heard, request: Request, *pointers: str) -> list[JsonObject] | None:
    """The objects of the list at the first of these pointers where there is one; None where none has a list, or
    holds anything but objects."""
    answer = heard.of(request)
    lists = (found for at in pointers if isinstance(found := pick(answer.body if answer else None, at), list))
    items: list[Json] | None = next(lists, None)
    if items is None or not all(isinstance(i, dict) for i in items):
        return None
    return [i for i in items if isinstance(i, dict)]


def text(record: Json, pointer: str) -> str:
    """The text at a pointer, empty where there is none."""
    found = pick(record, pointer)
    return found if isinstance(found, str) else ""


def has(record: Json, wanted: Wanted) -> bool:
    """Whether a record shows the field, or one of the fields, as a text that is not empty."""
    return any(text(record, at) for at in ((wanted,) if isinstance(wanted, str) else wanted))


def filled(records: Iterable[Json], wanted: Sequence[Wanted]) -> int:
    """How many records show everything that is wanted."""
    return sum(all(has(record, one) for one in wanted) for record in records)


def settled(heard: Heard, request: Request) -> Finding | None:
    """The finding where an answer is missing or says no: nothing can be told. None where there is a good one."""
    answer = heard.of(request)
    if answer is None:
        why = (
            f"the {MOST_CALLS} calls of one look were used up" if heard.spent else "there was nothing to ask about"
        )
        return untold(f"it was not asked: {why}")
    return None if answer.good else untold(f"`{request.method} {request.path}` {answer}")


def shape(heard: Heard, request: Request, at: Sequence[str], wanted: Sequence[Wanted], word: str) -> Finding:
    """Whether a list shows these fields in every record."""
    if (finding := settled(heard, request)) is not None:
        return finding
    found = rows(heard, request, *at)
    if found is None:
        return refuted("the answer holds no such list of objects")
    if not found:
        return untold(f"the list is there, and shows no {word}")
    good = filled(found, wanted)
    seen = f"{some(good, word)} of {len(found)} with all of these fields"
    return confirmed(seen) if good == len(found) else refuted(seen)
