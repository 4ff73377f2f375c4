"""What declared documents refer to: by the ids that their references lead to, and by the keys that they write."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
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
        for name, one in kinds(change).fields.items() if change.document else ():
            for ref, value in _references(one, change.wire.get(name), change.deltas.get(name)):
                if isinstance(value, str):
                    found.setdefault((change.address.target, ref, value), change.address)
    return found


def _references(one: Field, value: Value, delta: Delta | None) -> Iterator[tuple[str, Value]]:
    """(kind, id) of what a field names, by itself or in the entries that are to be in it."""
    if one.ref:
        yield one.ref, value
    for entry in (*delta.kept, *delta.change, *delta.add) if delta else ():
        if one.ref:
            yield one.ref, entry.id
        yield from ((sub.ref, entry.wire.get(n)) for n, sub in one.entries.items() if sub.ref)


def made_by(
    changes: Sequence[Change], desired: Desired, kinds: Callable[[Change], Kind]
) -> dict[Address, Address]:
    """Deletes of things whose kind brings about another one with the same key (`Kind.makes`), which a declared
    document refers to, selected or not: the delete's address -> that document's. Keys compare in normal form,
    whether anybody knows the thing by now or not."""
    going = [c for c in changes if c.verb is Verb.DELETE and kinds(c).makes]
    if not going:
        return {}
    declared = {c.address: c.document for c in changes if c.document is not None}
    declared |= {d.address: d for d in desired.declared}
    keys: dict[tuple[str, str], dict[str, Address]] = {}
    targets = {c.address.target for c in going}
    for address in sorted(a for a in declared if a.target in targets):
        document = declared[address]
        for ref, key in _written(kinds(_as_it_is(document)).fields, document.spec):
            keys.setdefault((address.target, ref), {}).setdefault(key, address)
    tables: dict[tuple[str, str], dict[str, Address]] = {}
    found: dict[Address, Address] = {}
    for change in going:
        kind, target = kinds(change), change.address.target
        at = (target, kind.name)
        if at not in tables:
            written = keys.get((target, kind.makes), {})
            tables[at] = {canonical(normal(kind.key_field, key)): a for key, a in written.items()}
        own = change.live.key if change.live else change.key
        if (by := tables[at].get(canonical(normal(kind.key_field, own)))) is not None:
            found[change.address] = by
    return found


def _as_it_is(document: Document) -> Change:
    return Change(Verb.NONE, document.address, document)


def _written(fields: Mapping[str, Field], values: Mapping[str, Json]) -> Iterator[tuple[str, str]]:
    """(kind, key) of every reference, as a document writes it."""
    for name, one in fields.items():
        value = values.get(name)
        for item in value if isinstance(value, list) else [value]:
            if one.ref and isinstance(item, str):
                yield one.ref, item
            elif isinstance(item, dict):
                yield from _written(one.entries, item)
