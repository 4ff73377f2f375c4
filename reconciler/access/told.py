"""One thing and the values of its fields -> the facts that its kind's schema says they hold."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping

from reconciler.access.facts import (
    Fact,
    Grant,
    Inside,
    Membership,
    Source,
    Thing,
    everybody,
    everything,
    person,
    place,
)
from reconciler.model.access import EVERYTHING
from reconciler.model.entries import spread
from reconciler.model.json import Json
from reconciler.model.kind import EVERYBODY, ITSELF, THIS, Field, FieldAccess, Kind
from reconciler.model.place import SpecPath
from reconciler.model.record import Record, field

BECAUSE = "because"


def no_source(path: SpecPath, entry: Json) -> Source:  # noqa: ARG001 - the shape of a look-up
    """What was read stands in no file."""
    return Source()


def tells(kind: Kind) -> bool:
    """Whether things of a kind have anything to do with access: by what they say, or by being people."""
    return kind.access.person or kind.access.inherits or any(one.gives for one in kind.fields.values())


class Told(Record, frozen=True):
    """A thing as one side tells it. `lead(kind, value, beside)`: the thing that a value names, None where it names
    none; `beside`: the fields around the value, which may single it out. `name`: what a thing is called. `unsure`:
    fields, and `field/entry`, of which nobody can tell how they were."""

    kind: Kind
    target: str
    at: Thing
    fields: Mapping[str, Json]
    lead: Callable[[str, Json, Mapping[str, Json]], Thing | None]
    name: Callable[[Thing], str]
    source: Callable[[SpecPath, Json], Source] = no_source
    above: Thing | None = None
    unsure: frozenset[str] = field(default_factory=frozenset)


def facts_of(told: Told) -> Iterator[Fact]:
    """Everything the thing says of access."""
    if told.above is not None and told.kind.access.inherits:
        yield Inside(told.at, told.above, told.kind.access.assumed)
    for one in told.kind.fields.values():
        if one.gives is not None and told.fields.get(one.name) is not None and _applies(told, one.gives):
            yield from _of_field(told, one, one.gives, told.fields[one.name])


def _applies(told: Told, gives: FieldAccess) -> bool:
    said = ((told.fields.get(n, told.kind.default(n)), values) for n, values in gives.when.items())
    return all(value in values for value, values in said)


def _of_field(told: Told, one: Field, gives: FieldAccess, value: Json) -> Iterator[Fact]:
    if gives.inherits:
        within = told.lead(one.ref or gives.kind, value, told.fields)
        if within is not None and within != told.at:
            yield Inside(told.at, within)
        return
    items = spread(one, value) if isinstance(value, list) else [((), value)]
    for path, item in items:
        entry = _Entry(told, one, gives, item, (one.name, *path))
        yield from entry.facts()


class _Entry(Record, frozen=True):
    """One entry of a set, or the value of a plain field."""

    told: Told
    one: Field
    gives: FieldAccess
    item: Json
    path: SpecPath

    def facts(self) -> Iterator[Fact]:
        role, on = self._role(), self._on()
        if not role or on is None:
            return
        source = self.told.source(self.path, self.item)
        for who, raw in self._who():
            yield Grant(
                who=who,
                role=role,
                on=on,
                target=self.told.target,
                flags=tuple(f for f in self.gives.flags if self._said(f)[1] is True),
                gives=role not in self.told.kind.access.nothing,
                reaches=self.gives.reaches,
                opens=self.gives.opens,
                unknown=self._unknown(raw),
                source=source,
            )
            if self.gives.member:
                yield Membership(who, on, source)

    def _unknown(self, raw: str) -> bool:
        return self.one.name in self.told.unsure or f"{self.one.name}/{raw}" in self.told.unsure

    def _said(self, name: str) -> tuple[Field | None, Json]:
        """A field by its name, of the entry or beside it, with its value."""
        if name == ITSELF:
            return self.one, self.item
        if name in self.one.entries:
            return self.one.entries[name], self.item.get(name) if isinstance(self.item, dict) else None
        name, _, inner = name.partition(".")
        one, value = self.told.kind.fields.get(name), self.told.fields.get(name)
        if not inner or one is None:
            return one, value
        return one.entries.get(inner), value.get(inner) if isinstance(value, dict) else None

    def _lead(self, kind: str, value: Json) -> Thing | None:
        return self.told.lead(kind, value, self.item if isinstance(self.item, dict) else self.told.fields)

    def _role(self) -> str:
        one, value = self._said(self.gives.role_from) if self.gives.role_from else (None, self.gives.role)
        kind = (one.ref if one else None) or (self.gives.kind if one is self.one else "")
        named = self._lead(kind, value) if kind and value is not None else None
        role = self.told.name(named) if named else str(value) if isinstance(value, str) else ""
        return self.told.kind.access.alike.get(role, role)

    def _on(self) -> Thing | None:
        for name in self.gives.on:
            if name == THIS:
                return self.told.at
            if name == EVERYTHING:
                return everything(self.told.target)
            one, value = self._said(name)
            kind = (one.ref if one else None) or (self.gives.kind if one is self.one else "")
            found = self._lead(kind, value) if kind and value is not None else None
            if found is not None:
                return found
        return None

    def _who(self) -> Iterator[tuple[Thing, str]]:
        """Everybody who is meant, and what stands there for him."""
        for name in self.gives.who:
            if name == EVERYBODY:
                yield everybody(self.told.target), ""
                continue
            one, value = self._said(name)
            for single in value if isinstance(value, list) else [value]:
                found = self._somebody(one, single)
                if found is not None:
                    yield found, str(single)

    def _somebody(self, one: Field | None, value: Json) -> Thing | None:
        if one is not None and one.ref is not None:
            return self._lead(one.ref, value) if value is not None else None
        if not isinstance(value, str) or not value:
            return None
        return place(value) if self.gives.place else person(value)
