"""Values and field changes in words. What is returned is raw: the output that uses it escapes it."""

from __future__ import annotations

import json

from reconciler.model.change import FieldChange
from reconciler.model.json import Json, Missing
from reconciler.model.record import Record
from reconciler.report.late_words import named

LONGEST = 400
"""A value of more characters than this is cut, and the cut says how much is missing."""
_CONTEXT = 40


class Difference(Record, frozen=True):
    """One field change in words: `field: + what`, `field: - what`, or `field: what before -> after`.

    `sign`: `+` for what comes, `-` for what goes, empty for a value that turns into another. `what`: the entry
    of a set and its subfield, else empty. `before`, `after`: None where there is nothing (more) to show.
    """

    field: str
    sign: str
    what: str
    before: str | None
    after: str | None


def value_text(value: Json) -> str:
    """A value as JSON on one line, however long; an id not known yet reads `<id of call 3>`."""
    return json.dumps(named(value), ensure_ascii=False)


def difference(change: FieldChange) -> Difference:
    """What differs, in words."""
    came, went = isinstance(change.before, Missing), isinstance(change.after, Missing)
    sign = "" if came == went else "+" if came else "-"
    field, *rest = change.path
    before, after = _both(change.before, change.after)
    if sign and rest:
        known = (json.dumps(rest[-1], ensure_ascii=False), "{}", "null")
        before, after = (None if text in known else text for text in (before, after))
        if isinstance(change.before, dict):
            before = None  # what a server keeps of an entry is full of its ids; the entry's name says enough
    return Difference(field, sign, " ".join(rest), before, after)


def _both(before: Json | Missing, after: Json | Missing) -> tuple[str | None, str | None]:
    """Both sides as text; where they are long, from shortly before the first character that differs."""
    old = None if isinstance(before, Missing) else value_text(_plain(before))
    new = None if isinstance(after, Missing) else value_text(_plain(after))
    start = 0
    if old is not None and new is not None and max(len(old), len(new)) > LONGEST:
        alike = zip(old, new, strict=False)
        apart = next((i for i, (a, b) in enumerate(alike) if a != b), min(len(old), len(new)))
        start = max(apart - _CONTEXT, 0)
    return (cut(old, start) if old is not None else None), (cut(new, start) if new is not None else None)


def _plain(value: Json) -> Json:
    """`4.0` is `4`, as it is where values are compared."""
    if isinstance(value, float) and value.is_integer():
        return int(value)
    if isinstance(value, dict):
        return {k: _plain(v) for k, v in value.items()}
    return [_plain(v) for v in value] if isinstance(value, list) else value


def cut(text: str, start: int = 0) -> str:
    """At most `LONGEST` characters of a text; says what was left out before and after."""
    piece = text[start : start + LONGEST]
    left_out = len(text) - len(piece)
    if not left_out:
        return piece
    head = "..." if start else ""
    tail = "..." if start + len(piece) < len(text) else ""
    return f"{head}{piece}{tail} [{left_out} of {len(text)} characters not shown]"
