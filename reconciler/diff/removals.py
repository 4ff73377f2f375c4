"""What the ledger knows and no document declares any more: deleted, or let go, as its lifecycle said."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from reconciler.diff.index import Index, Thing
from reconciler.diff.lists import Lists
from reconciler.diff.shelf import key_text
from reconciler.model.change import REMOVALS, Change, Hold, Verb
from reconciler.model.document import Address
from reconciler.model.live import Resource
from reconciler.model.normalise import spoken
from reconciler.model.recorded import Bond


def removals(index: Index, moved: frozenset[Address]) -> list[Change]:
    """One change per bond without a document, but for those whose thing has a new address."""
    gone = [bond for bond in index.unmatched_bonds() if bond.address not in moved]
    heirs = {(a.target, a.kind, r.id): a for a, r in index.matched.items()} if gone else {}
    lists = Lists.of(index.desired) if gone else Lists({})
    return [_removal(index, lists, bond, heirs) for bond in gone]


def _removal(index: Index, lists: Lists, bond: Bond, heirs: Mapping[Thing, Address]) -> Change:
    if bond.on_remove not in REMOVALS or lists.let_go(bond):
        stays = "it stays as it is, and is ours no more"
        why = f"left git; {stays if bond.on_remove not in REMOVALS else f'its list is exact no more: {stays}'}"
        return Change(Verb.RELEASE, bond.address, key=bond.key, label=bond.label, was_made=bond.made, notes=(why,))
    resource = index.thing_of(bond)
    heir = heirs.get((bond.address.target, bond.address.kind, resource.id)) if resource else None
    if heir is not None:
        why = f"left git; it is {heir} now"
        return Change(Verb.RELEASE, bond.address, key=bond.key, label=bond.label, notes=(why,))
    if resource is None:
        why = "left git, and is live no more"
        return Change(Verb.RELEASE, bond.address, key=bond.key, label=bond.label, notes=(why,), also_gone=True)
    return Change(
        Verb(bond.on_remove),
        bond.address,
        bond=bond,
        scope=resource.scope,
        live=resource,
        key=resource.key,
        label=resource.label or spoken(resource.key),
        was_made=bond.made,
        parent=resource.parent,
        by=bond.by,
        holds=tuple(_doubts(index, bond.address, resource)),
    )


def _doubts(index: Index, address: Address, resource: Resource) -> Iterator[Hold]:
    """A document that has this very key and no live thing yet may mean this one."""
    kind = index.catalog.kind(index.desired.targets[address.target].provider, address.kind)
    document = index.keys.get((address.target, address.kind, key_text(kind, resource.key, resource.scope)))
    if document is not None and document.address not in index.matched:
        reason = f"{document.address} has the key '{spoken(resource.key)}' and may mean it"
        yield Hold("ambiguous", reason, "say with metadata.id which one that is", final=True)
