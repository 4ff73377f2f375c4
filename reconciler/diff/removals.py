"""What the ledger knows and no document declares any more: deleted, or let go, as its lifecycle said."""

from __future__ import annotations

from reconciler.diff.index import Index
from reconciler.model.change import Change, Verb
from reconciler.model.document import Address
from reconciler.model.normalise import spoken
from reconciler.model.recorded import Bond

DELETE = "delete"


def removals(index: Index, moved: frozenset[Address]) -> list[Change]:
    """One change per bond without a document, but for those whose thing has a new address."""
    return [_removal(index, bond) for bond in index.unmatched_bonds() if bond.address not in moved]


def _removal(index: Index, bond: Bond) -> Change:
    provider = index.desired.targets[bond.address.target].provider
    kind = index.catalog.kind(provider, bond.address.kind)
    if bond.on_remove != DELETE:
        why = "left git; it stays as it is, and is ours no more"
        return Change(Verb.RELEASE, bond.address, key=bond.key, label=bond.label, was_made=bond.made, notes=(why,))
    resource = index.shelf(bond.address.target, kind).recorded(bond.id)
    if resource is None:
        why = "left git, and is live no more"
        return Change(Verb.RELEASE, bond.address, key=bond.key, label=bond.label, notes=(why,), also_gone=True)
    return Change(
        Verb.DELETE,
        bond.address,
        live=resource,
        key=resource.key,
        label=resource.label or spoken(resource.key),
        was_made=bond.made,
        parent=resource.parent,
        by=bond.by,
    )
