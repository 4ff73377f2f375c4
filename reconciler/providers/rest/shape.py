"""Records as a kind's schema names them. What is the same for every record is found out once: a list may hold tens
of thousands of them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TypeAlias

from reconciler.model.json import ABSENT, NOTHING, Json, JsonObject, Missing, pick
from reconciler.model.kind import Field, Kind
from reconciler.model.live import Resource

Look: TypeAlias = "Callable[[Json], Json | Missing]"
"""What stands at one place of a value, as `pick` tells it."""


def looking(pointer: str) -> Look:
    """`pick` at one pointer, without taking the pointer apart again for every value."""
    name = _step(pointer)
    if name is None:
        return lambda value: pick(value, pointer)

    def look(value: Json) -> Json | Missing:
        return value.get(name, ABSENT) if isinstance(value, dict) else pick(value, pointer)

    return look


def _step(pointer: str) -> str | None:
    """The name that is all there is to a pointer."""
    name = pointer[1:]
    return None if not pointer.startswith("/") or "/" in name or "~" in name else name


class Shape:
    """How the records of one kind become live things."""

    __slots__ = ("_contents", "_fields", "_key", "_kind", "_scope", "_title", "id")

    def __init__(self, kind: Kind) -> None:
        self._kind = kind
        self.id = looking(kind.rest.id)
        self._key, self._title = looking(kind.key_field.wire), looking(title_field(kind).wire)
        self._fields = _looks(kind.fields)
        self._scope = [looking(kind.fields[name].wire) for name in kind.scope]
        self._contents = [(name, looking(at)) for name, at in kind.rest.contents.items()]

    def resource(self, record: Json) -> Resource:
        """One record of a list, or the answer of a single read. Raises ValueError where it has no id or no key."""
        remote_id, key = self.id(record), self._key(record)
        if not isinstance(remote_id, str) or not remote_id or not self._keyed(key):
            raise ValueError(f"a {self._kind.name} record has no usable id and {self._kind.key}")
        return Resource(
            remote_id,
            None if isinstance(key, Missing) else key,
            _seen(self._fields, record),
            self.title(record),
            contents=self.contents(record),
            scope=self.scope(record),
        )

    def _keyed(self, key: Json | Missing) -> bool:
        return isinstance(key, str | list) or not self._kind.findable

    def fields(self, record: Json) -> JsonObject:
        """The record under the schema's names; what the record does not hold is left out."""
        return _seen(self._fields, record)

    def title(self, record: Json) -> str:
        text = self._title(record)
        return text if isinstance(text, str) else ""

    def scope(self, record: Json) -> tuple[Json, ...]:
        """What singles a thing out together with its key; None where its record does not say."""
        if not self._scope:
            return ()
        found = (look(record) for look in self._scope)
        return tuple(None if isinstance(value, Missing) else value for value in found)

    def contents(self, record: Json) -> Mapping[str, int | None]:
        """What the thing contains or is used by, as counts; None where the record does not say."""
        if not self._contents:
            return NOTHING
        found = ((name, look(record)) for name, look in self._contents)
        return {n: v if isinstance(v, int) and not isinstance(v, bool) else None for n, v in found}


def title_field(kind: Kind) -> Field:
    """The field that people know a thing by."""
    return kind.fields.get(kind.title, kind.key_field)


_Inward: TypeAlias = "Callable[[Json], Json] | None"


_Looks: TypeAlias = "list[tuple[str, str | None, Look, _Inward]]"


def _looks(known: Mapping[str, Field]) -> _Looks:
    """Name, where it stands, in one step or in several, and what is to be done with what stands there (None:
    nothing)."""
    shown = {name: field for name, field in known.items() if field.read_only or not field.refused}
    return [(name, _step(field.wire), looking(field.wire), _inward(field)) for name, field in shown.items()]


def _seen(looks: _Looks, record: Json) -> JsonObject:
    found: JsonObject = {}
    for name, step, look, inward in looks:
        value = look(record) if step is None or not isinstance(record, dict) else record.get(step, ABSENT)
        if not isinstance(value, Missing):
            found[name] = value if inward is None else inward(value)
    return found


def _inward(field: Field) -> _Inward:
    """A set of entries, or an object, under the schema's names."""
    if not field.entries:
        return None
    looks = _looks({name: sub for name, sub in field.entries.items() if not sub.local})

    def inward(value: Json) -> Json:
        if field.is_set and isinstance(value, list):
            return [_seen(looks, one) for one in value]
        return _seen(looks, value) if isinstance(value, dict) else value

    return inward
