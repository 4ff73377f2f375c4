"""Bringing both sides of a comparison to one form. Normalisers are named by `x-normalise` and `format`."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import UTC, datetime

from reconciler.model.json import Json, as_text, canonical, same
from reconciler.model.kind import Field


def casefold(value: Json) -> Json:
    """Names that the server compares without regard to case."""
    return value.casefold() if isinstance(value, str) else value


def trim(value: Json) -> Json:
    return value.strip() if isinstance(value, str) else value


def instant(value: Json) -> Json:
    """A date or date-time as UTC with milliseconds; what is neither stays as it is."""
    if not isinstance(value, str):
        return value
    try:
        moment = datetime.fromisoformat(value)
        moment = moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)
    except (ValueError, OverflowError):
        return value
    return moment.isoformat(timespec="milliseconds").replace("+00:00", "Z")


def segments(value: Json) -> Json:
    """A chain of names: `Finance/Reports` and `[Finance, Reports]` are one; a name with a slash needs the list."""
    return list(value.split("/")) if isinstance(value, str) else value


def file(value: Json) -> Json:
    """A file of the project by what it holds, wherever it lies: its sha256 in hexadecimal."""
    held = value.get("$file") if isinstance(value, dict) else None
    return held.get("sha256") if isinstance(held, dict) else value


def unordered(value: Json) -> Json:
    """A list whose order and repetitions mean nothing; of an object, every such list in it."""
    if isinstance(value, dict):
        return {name: unordered(one) for name, one in value.items()}
    return (
        [one for _, one in sorted({canonical(v): v for v in value}.items())] if isinstance(value, list) else value
    )


def cron(value: Json) -> Json:
    """A cron text, whatever its case, its leading zeros and its blanks: `0 09  ? * mon *` is `0 9 ? * MON *`."""
    if not isinstance(value, str):
        return value
    return re.sub(r"(?<![0-9])0+(?=[0-9])", "", " ".join(value.split()).upper())


def texts(value: Json) -> Json:
    """An object whose values count by their text; one that says nothing (null, an empty text or list) is as if it
    was not there. In a value that is an object itself, as one by locale, a list of one counts as that one: where
    another locale has several, this one is shown as a list, too."""
    if not isinstance(value, dict):
        return value
    return {name: _single(as_text(one)) for name, one in value.items() if one not in (None, "", [])}


def _single(value: Json) -> Json:
    if not isinstance(value, dict):
        return value
    return {name: one[0] if isinstance(one, list) and len(one) == 1 else one for name, one in value.items()}


NORMALISERS: Mapping[str, Callable[[Json], Json]] = {
    "casefold": casefold,
    "trim": trim,
    "instant": instant,
    "segments": segments,
    "file": file,
    "unordered": unordered,
    "cron": cron,
    "texts": texts,
}


def normal(field: Field, value: Json) -> Json:
    """The comparable form of a field's value."""
    for name in field.normalise:
        value = NORMALISERS[name](value)
    return value


AS_A_WHOLE = frozenset({"file"})
"""The normalisers for which the names of an object are more than each by itself."""


def by_names(field: Field) -> bool:
    """Whether the form of an object is that of each name in it: where one is as it was, so is its form."""
    return AS_A_WHOLE.isdisjoint(field.normalise)


def unlike_names(field: Field, live: Json, wanted: Json) -> list[str]:
    """The names of an object that the API merges (`Field.merged`) whose live value means something else than the
    wanted one; null is as if it was not there."""
    there, asked = normal(field, live), normal(field, wanted)
    if not isinstance(wanted, dict) or not isinstance(asked, dict) or not isinstance(there, dict):
        return [*wanted] if isinstance(wanted, dict) else []
    return [name for name in wanted if not same(there.get(name), asked.get(name))]


def spoken(value: Json) -> str:
    """A key or value as people write it."""
    return "/".join(str(v) for v in value) if isinstance(value, list) else str(value)
