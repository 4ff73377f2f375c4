"""What left git and stays live, where it matters to what is declared now."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from collections.abc import Set as AbstractSet

from reconciler.model.document import Address, Desired
from reconciler.model.json import Json, canonical
from reconciler.model.kind import Kind
from reconciler.model.normalise import normal
from reconciler.model.recorded import Bond, Recorded


def kept_under_our_keys(
    desired: Desired,
    recorded: Recorded,
    declared: AbstractSet[Address],
    declaring: Mapping[tuple[str, str], Kind],
) -> Iterator[Bond]:
    """Bonds of documents that left git, by whose key a document of now means its thing.

    Such a thing is the one that is meant, or is in its way. It is asked for by the id that we know: a search may
    not show it yet (OC-R126), and it would be made twice. Where each container has a list of its own, the
    document's list shows what is in it. `declared`: the addresses that documents bear or bore; `declaring`: the
    kinds of the documents by (provider, name)."""
    left = [b for a, b in recorded.bonds.items() if a.target in desired.targets and a not in declared]
    kinds = _kinds(desired, {(b.address.target, b.address.kind) for b in left}, declaring) if left else {}
    keys = {
        (*at, _as_key(kinds[at], key))
        for d in (desired.documents if kinds else ())
        if (at := (d.address.target, d.kind)) in kinds
        for key in (d.spec.get(kinds[at].key), d.previous_key)
        if key is not None
    }
    for bond in left:
        at = (bond.address.target, bond.address.kind)
        if at in kinds and (*at, _as_key(kinds[at], bond.key)) in keys:
            yield bond


def _kinds(
    desired: Desired, left: AbstractSet[tuple[str, str]], declaring: Mapping[tuple[str, str], Kind]
) -> dict[tuple[str, str], Kind]:
    """The kinds, by (target, name), of which something left git and something is declared, and whose things are
    found by their keys in one list of all."""
    found = {
        (d.address.target, d.kind): declaring[d.provider, d.kind]
        for d in desired.documents
        if (d.address.target, d.kind) in left
    }
    return {at: k for at, k in found.items() if k.findable and k.rest.list is not None and not k.rest.list.by}


def _as_key(kind: Kind, key: Json) -> str:
    return canonical(normal(kind.key_field, key))
