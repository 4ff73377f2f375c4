"""A far end that shows what it was given in other words: eleven normalisations, each where the schema admits it.

What a reading gives of the kind in question is put into another form of the same meaning before anything compares
it, always in the same way.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta, timezone
from typing import Final, TypeAlias

from reconciler.model.catalog import Catalog, Parse, Verbs
from reconciler.model.json import Json
from reconciler.model.kind import Field, Kind
from reconciler.model.live import Collection, Demand, Replies, Resource
from reconciler.model.normalise import instant
from reconciler.model.record import replace

Form: TypeAlias = "Callable[[Field, Json], Json]"
ELSEWHERE: Final = timezone(timedelta(hours=5, minutes=30))


def letters(field: Field, value: Json) -> Json:
    """A text whose case means nothing, in the other case."""
    return value.swapcase() if "casefold" in field.normalise and isinstance(value, str) else value


def zones(field: Field, value: Json) -> Json:
    """A moment, as it is called in another zone."""
    return _moment(field, value, lambda at: at.astimezone(ELSEWHERE).isoformat())


def fractions(field: Field, value: Json) -> Json:
    """A moment to the microsecond."""
    return _moment(field, value, lambda at: at.isoformat(timespec="microseconds"))


def _moment(field: Field, value: Json, form: Callable[[datetime], str]) -> Json:
    shown = instant(value) if "instant" in field.normalise else None
    if not isinstance(shown, str) or not shown.endswith("Z"):
        return value
    return form(datetime.fromisoformat(shown).astimezone(UTC))


def orders(field: Field, value: Json) -> Json:
    """A set backwards, and a list whose order means nothing."""
    free = field.is_set or "unordered" in field.normalise
    return [*reversed(value)] if free and isinstance(value, list) else value


def repetitions(field: Field, value: Json) -> Json:
    """A list whose repetitions mean nothing, with its first item twice."""
    free = "unordered" in field.normalise and isinstance(value, list) and value
    return [*value, value[0]] if free and isinstance(value, list) else value


def names(_: Field, value: Json) -> Json:
    """An object with its names the other way round, however deep."""
    if isinstance(value, dict):
        return {name: names(_, value[name]) for name in reversed(value)}
    return [names(_, one) for one in value] if isinstance(value, list) else value


def numbers(field: Field, value: Json) -> Json:
    """A whole number with a point."""
    if isinstance(value, bool) or not {"integer", "number"} & {*field.type}:
        return value
    return float(value) if isinstance(value, int) else value


def chains(field: Field, value: Json) -> Json:
    """A chain of names as one text, where none of them has a slash."""
    plain = isinstance(value, list) and all(isinstance(v, str) and v and "/" not in v for v in value)
    return (
        "/".join(map(str, value)) if "segments" in field.normalise and plain and isinstance(value, list) else value
    )


def schedules(field: Field, value: Json) -> Json:
    """A cron text in small letters, with more blanks and zeros."""
    if "cron" not in field.normalise or not isinstance(value, str):
        return value
    return "  ".join(f"0{w}" if w.isdigit() else w.lower() for w in value.split())


def texts(field: Field, value: Json) -> Json:
    """An object whose values count by their text: numbers as texts, and names that say nothing left out."""
    if "texts" not in field.normalise or not isinstance(value, dict):
        return value
    said = {name: one for name, one in value.items() if one not in (None, "", [])}
    return {n: str(v) if isinstance(v, int) and not isinstance(v, bool) else v for n, v in said.items()}


FORMS: Final[Mapping[str, Form]] = {
    "letters": letters,
    "zones": zones,
    "fractions": fractions,
    "orders": orders,
    "repetitions": repetitions,
    "names": names,
    "numbers": numbers,
    "chains": chains,
    "schedules": schedules,
    "texts": texts,
    "defaults": lambda _, value: value,
}
NORMALISATIONS: Final = tuple(FORMS)


def normalising(catalog: Catalog, at: tuple[str, str], words: tuple[str, ...]) -> Catalog:
    """The catalog with this kind's readings in these forms. A kind that looks at answers by itself before a write
    (verb `guarding`) stays as it is: it would see one form there and another here."""
    verbs = catalog.verbs[at]
    if not words or verbs.guarding is not None:
        return catalog
    return replace(catalog, verbs={**catalog.verbs, at: replace(verbs, parse=_parse(verbs, words))})


def _parse(verbs: Verbs, words: tuple[str, ...]) -> Parse:
    def parse(kind: Kind, demand: Demand, replies: Replies) -> Collection:
        found = verbs.parse(kind, demand, replies)
        return replace(found, resources=tuple(_shown(kind, one, words) for one in found.resources))

    return parse


def _shown(kind: Kind, one: Resource, words: tuple[str, ...]) -> Resource:
    fields = {name: _formed(kind.fields.get(name), value, words) for name, value in one.fields.items()}
    if "defaults" in words:
        given = {name: kind.default(name) for name in kind.fields}
        fields |= {n: v for n, v in given.items() if v is not None and n in fields and fields[n] is None}
    return replace(one, fields=fields)


def _formed(field: Field | None, value: Json, words: tuple[str, ...]) -> Json:
    if field is None:
        return value
    if field.entries:
        value = _entries(field, value, words)
    for word in words:
        value = FORMS[word](field, value)
    return value


def _entries(field: Field, value: Json, words: tuple[str, ...]) -> Json:
    if isinstance(value, list):
        return [_entries(field, one, words) if isinstance(one, dict) else one for one in value]
    if isinstance(value, dict):  # what an entry is known by may stand in a path, as it was read
        keys = {*field.keys}
        return {n: v if n in keys else _formed(field.entries.get(n), v, words) for n, v in value.items()}
    return value
