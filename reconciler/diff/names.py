"""What the ledger is to remember of names: the ids they led to, where no list would tell them again (ST-R27)."""

from __future__ import annotations

from collections.abc import Iterator

from reconciler.diff.fields import Compared
from reconciler.diff.index import Index, Miss
from reconciler.diff.sets import ComparedSets
from reconciler.model.change import Delta, Value
from reconciler.model.document import Document
from reconciler.model.json import Json
from reconciler.model.kind import Field, Kind
from reconciler.model.normalise import normal


def led_to(index: Index, document: Document, kind: Kind, out: Compared, sets: ComparedSets) -> dict[str, Value]:
    """`<Kind>/<key>` -> id, of all that a document names of such kinds."""
    return {f"{at}/{key}": value for at, key, value, _ in _named(index, document, kind, out, sets)}


def taken_on_trust(
    index: Index, document: Document, kind: Kind, out: Compared, sets: ComparedSets
) -> Iterator[str]:
    """A sentence for each that is about to be written, and that nothing read shows."""
    for at, key, value, writes in _named(index, document, kind, out, sets):
        shelf = index.shelf(document.address.target, index.catalog.kind(kind.provider, at))
        if writes and isinstance(value, str) and value not in shelf.by_id:
            yield f"not verifiable: that {key} is {value} (no list was asked that could tell)"


def _named(
    index: Index, document: Document, kind: Kind, out: Compared, sets: ComparedSets
) -> Iterator[tuple[str, str, Value, bool]]:
    """(kind, key in normal form, id, whether it is about to be written)."""
    for name, value in out.wire.items():
        ref, called = kind.fields[name].ref, document.spec.get(name)
        if ref and isinstance(called, str) and (key := _key(index, kind, ref, called)):
            yield ref, key, value, name in out.changed
    for name, delta in sets.deltas.items():
        field = kind.fields[name]
        ref = field.entries[field.entry_key].ref if field.entry_key else field.ref
        for entry in (*delta.kept, *delta.change, *delta.add):
            if ref and (key := _key(index, kind, ref, entry.shown)):
                yield ref, key, entry.id, entry in delta.add
    for name, field in kind.fields.items():
        if field.local or field.entry_parts:
            sent = _sent(sets.deltas.get(name))
            for ref, called in dict.fromkeys(_called(field, document.spec.get(name))):
                found = index.resolve(document, ref, called)
                if (key := _key(index, kind, ref, called)) and not isinstance(found, Miss):
                    yield ref, key, found, found in sent


def _called(field: Field, value: Json) -> Iterator[tuple[str, str]]:
    """(kind, name) of everything that is named anywhere in a value: of entries known by several parts, and of what
    is for people only, no delta and no wire value tells."""
    for item in value if isinstance(value, list) else [value]:
        if field.ref and isinstance(item, str):
            yield field.ref, item
        if isinstance(item, dict):
            for name, sub in field.entries.items():
                yield from _called(sub, item.get(name))


def _sent(delta: Delta | None) -> list[Value]:
    """The parts of the entries that are about to be written."""
    entries = (*delta.add, *delta.change) if delta else ()
    return [part for entry in entries if isinstance(entry.id, list) for part in entry.id]


def _key(index: Index, kind: Kind, ref: str, called: str) -> str:
    """Empty for kinds that the ledger need not remember."""
    there = index.catalog.kind(kind.provider, ref)
    return str(normal(there.key_field, called)) if there.remembered else ""
