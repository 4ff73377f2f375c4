"""What a document means among the live things, as far as it is known, and what tells one thing from another."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import TypeAlias

from reconciler.diff.index import Index, Thing
from reconciler.model.change import Hold
from reconciler.model.document import Address, Document
from reconciler.model.json import digest
from reconciler.model.kind import Kind
from reconciler.model.live import Resource
from reconciler.model.normalise import normal
from reconciler.model.recorded import Bond


@dataclass(frozen=True, slots=True)
class Match:
    """The live thing a document means, if any, and what stands in the way. `renames`: its key is to change.

    `previous`: the address the ledger knows this thing under, where it is another one.
    """

    resource: Resource | None = None
    bond: Bond | None = None
    renames: bool = False
    previous: Address | None = None
    holds: tuple[Hold, ...] = ()


Claimed: TypeAlias = "Mapping[Thing, Document]"
Found: TypeAlias = "Mapping[Address, Match]"


def thing_at(document: Document, resource: Resource) -> Thing:
    return document.address.target, document.kind, resource.id


def bond_of(index: Index, document: Document) -> Bond | None:
    """The ledger's word on this address, or on the one it had before."""
    bond = index.recorded.bonds.get(document.address)
    if bond is None and document.previous_name:
        old = replace(document.address, name=document.previous_name)
        bond = index.recorded.bonds.get(old) if old not in index.documents else None
    return bond


def same_lookups(kind: Kind, document: Document, bond: Bond | None) -> bool:
    """Whether the fields that stand in the place of the key are as they were when the ledger learnt the id: others
    lead to somebody else."""
    written = [name for name in kind.lookups if name in document.spec]
    known = bond.digests if bond else {}
    return all(known.get(n) == digest(normal(kind.fields[n], document.spec[n])) for n in written)


def left_by(document: Document, bond: Bond | None) -> Address | None:
    """The address that the document had before, where the ledger still uses it."""
    return bond.address if bond is not None and bond.address != document.address else None
