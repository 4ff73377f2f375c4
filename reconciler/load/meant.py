"""Keys that are references, in one form: what people may call by the name of its document, by its key."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from reconciler.model.document import Address, Document
from reconciler.model.kind import Kind
from reconciler.model.record import replace


def with_keys(documents: Iterable[Document], kinds: Mapping[tuple[str, str], Kind]) -> list[Document]:
    """The documents; where the key of one names another document, it has that one's key in its place: a thing is
    found by what its key is live, not by what we call it."""
    known = [*documents]
    by_kind = {at: kinds[at] for at in {(d.provider, d.kind) for d in known}}
    if all(kind.key_field.ref is None for kind in by_kind.values()):
        return known
    named = {d.address: d for d in known}
    return [_with_key(d, kinds, named) for d in known]


def _with_key(
    document: Document, kinds: Mapping[tuple[str, str], Kind], named: Mapping[Address, Document]
) -> Document:
    kind = kinds[document.provider, document.kind]
    ref, value = kind.key_field.ref, document.spec.get(kind.key)
    if ref is None or not isinstance(value, str):
        return document
    meant = named.get(Address(document.address.target, ref, value))
    key = meant.spec.get(kinds[document.provider, ref].key) if meant else None
    return document if key is None or key == value else replace(document, spec={**document.spec, kind.key: key})
