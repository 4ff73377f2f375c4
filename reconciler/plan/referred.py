"""What declared documents refer to: by the ids that their references lead to, and by the keys that they write."""

from __future__ import annotations

from collections.abc import Callable, Container, Iterator, Mapping, Sequence
from typing import TypeAlias

from reconciler.model.change import Change, Delta, Value, Verb
from reconciler.model.document import Address, Desired, Document
from reconciler.model.json import Json, canonical
from reconciler.model.kind import Field, Kind
from reconciler.model.normalise import normal

Thing: TypeAlias = "tuple[str, str, str]"
"""(target, kind, remote id)."""


def named(changes: Sequence[Change], kinds: Callable[[Change], Kind]) -> dict[Thing, Address]:
    """Every live thing that a declared document names, and that document."""
    found: dict[Thing, Address] = {}
    for change in changes:
        live = change.live.fields if change.live else {}
        for name, one in kinds(change).fields.items() if change.document else ():
            # What nobody declares stays as it is live: an owner, say (OA-R194).
            stays = change.wire.get(name, live.get(name) if not one.is_set else None)
            for ref, value in _references(one, stays, change.deltas.get(name)):
                if isinstance(value, str):
                    found.setdefault((change.address.target, ref, value), change.address)
    return found


def _references(one: Field, value: Value, delta: Delta | None) -> Iterator[tuple[str, Value]]:
    """(kind, id) of what a field names, by itself, in its parts or in the entries that are to be in it."""
    if one.ref:
        yield one.ref, value
    if isinstance(value, dict):
        yield from ((sub.ref, value.get(n)) for n, sub in one.entries.items() if sub.ref)
    for entry in (*delta.kept, *delta.change, *delta.add) if delta is not None else ():  # one in sync is false
        if one.ref:
            yield one.ref, entry.id
        yield from ((sub.ref, entry.wire.get(n)) for n, sub in one.entries.items() if sub.ref)


def named_elsewhere(
    changes: Sequence[Change], desired: Desired, kinds: Callable[[Change], Kind]
) -> dict[Address, Address]:
    """Deletes of things that a declared document names which was not selected, by the name of the document that
    left git or by the key in normal form: the delete's address -> that document's. Of things whose key alone says
    which one is meant."""
    going = [c for c in changes if c.verb is Verb.DELETE and not kinds(c).scope]
    known = {c.address for c in changes}
    others = {d.address: d for d in desired.declared if going and d.address not in known}
    written = _all_written(others, kinds, {c.address.target for c in going})
    tables: dict[str, dict[Thing, Address]] = {}
    for kind in map(kinds, going):
        tables[kind.name] = {
            (target, word, text): by
            for (target, ref, key), by in written.items()
            if ref == kind.name
            for word, text in (("name", key), ("key", canonical(normal(kind.key_field, key))))
        }
    found: dict[Address, Address] = {}
    for change in going:
        kind, at = kinds(change), change.address
        key = canonical(normal(kind.key_field, change.live.key if change.live else change.key))
        table = tables[kind.name]
        by = table.get((at.target, "key", key)) or table.get((at.target, "name", at.name))
        if by is not None:
            found[at] = by
    return found


def made_by(
    changes: Sequence[Change], desired: Desired, kinds: Callable[[Change], Kind]
) -> dict[Address, Address]:
    """Deletes of things whose kind brings about another one with the same key (`Kind.makes`), which a declared
    document refers to, selected or not: the delete's address -> that document's. Keys compare in normal form,
    whether anybody knows the thing by now or not."""
    going = [c for c in changes if c.verb is Verb.DELETE and kinds(c).makes]
    declared = {c.address: c.document for c in changes if c.document is not None and going}
    declared |= {d.address: d for d in desired.declared if going}
    written = _all_written(declared, kinds, {c.address.target for c in going})
    makers = {(k.provider, k.name): k for k in map(kinds, going)}
    tables = {
        at: {_thing(kind, target, key): a for (target, ref, key), a in written.items() if ref == kind.makes}
        for at, kind in makers.items()
    }
    found: dict[Address, Address] = {}
    for change in going:
        kind, key = kinds(change), change.live.key if change.live else change.key
        by = tables[kind.provider, kind.name].get(_thing(kind, change.address.target, key))
        if by is not None:
            found[change.address] = by
    return found


def _thing(kind: Kind, target: str, key: Json) -> Thing:
    """By its key in normal form, in the place of an id."""
    return target, kind.makes, canonical(normal(kind.key_field, key))


def _all_written(
    declared: Mapping[Address, Document], kinds: Callable[[Change], Kind], targets: Container[str]
) -> dict[Thing, Address]:
    """(target, kind, key) of everything that documents of these targets refer to, and the first that does."""
    found: dict[Thing, Address] = {}
    for address in sorted(a for a in declared if a.target in targets):
        fields = kinds(Change(Verb.NONE, address, declared[address])).fields
        for ref, key in _written(fields, declared[address].spec):
            found.setdefault((address.target, ref, key), address)
    return found


def _written(fields: Mapping[str, Field], values: Mapping[str, Json]) -> Iterator[tuple[str, str]]:
    """(kind, key) of every reference, as a document writes it; a plain entry stands for its key alone."""
    for name, one in fields.items():
        value = values.get(name)
        for item in value if isinstance(value, list) else [value]:
            if one.ref and isinstance(item, str):
                yield one.ref, item
            elif one.entry_key and isinstance(item, str):
                yield from _written(one.entries, {one.entry_key: item})
            elif isinstance(item, dict):
                yield from _written(one.entries, item)
