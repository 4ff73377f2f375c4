"""What a document means among the live things, as far as it is known, and what tells one thing from another."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import TypeAlias

from reconciler.diff.index import Index, Thing
from reconciler.model.change import Hold
from reconciler.model.document import Address, Document
from reconciler.model.live import Resource
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


def left_by(document: Document, bond: Bond | None) -> Address | None:
    """The address that the document had before, where the ledger still uses it."""
    return bond.address if bond is not None and bond.address != document.address else None
