"""What the ledger is to remember of names: the ids they led to, where no list would tell them again (ST-R27)."""

from __future__ import annotations

from collections.abc import Iterator

from reconciler.diff.fields import Compared
from reconciler.diff.index import Index
from reconciler.diff.sets import ComparedSets
from reconciler.model.change import Value
from reconciler.model.document import Document
from reconciler.model.kind import Kind
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


def _key(index: Index, kind: Kind, ref: str, called: str) -> str:
    """Empty for kinds that the ledger need not remember."""
    there = index.catalog.kind(kind.provider, ref)
    return str(normal(there.key_field, called)) if there.remembered else ""
