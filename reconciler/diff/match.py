"""What a document means among the live things, as far as it is known, and what tells one thing from another."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TypeAlias

from reconciler.diff.index import Index, Thing
from reconciler.model.change import Hold, Value
from reconciler.model.document import Address, Document
from reconciler.model.json import Json, canonical, digest
from reconciler.model.kind import Kind
from reconciler.model.live import Resource
from reconciler.model.normalise import normal
from reconciler.model.record import Record
from reconciler.model.recorded import Bond


class Match(Record, frozen=True):
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
    address = document.address
    return address.target, address.kind, resource.id


def bond_of(index: Index, document: Document) -> Bond | None:
    """The ledger's word on this address, or on the one it had before."""
    if not index.recorded.bonds:
        return None
    bond = index.recorded.bonds.get(document.address)
    if bond is None and document.previous_name:
        old = document.address._replace(name=document.previous_name)
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


def key_of(kind: Kind, document: Document, live: Resource | None) -> Json:
    """The desired key; the live one of a thing that its document finds by something else."""
    if kind.key not in document.spec and live is not None:
        return live.key
    return document.spec.get(kind.key)


def made(bond: Bond | None, live: Resource | None) -> bool:
    """Ours by creation: the ledger says so of this very thing."""
    return bond is not None and bond.made and (live is None or live.id == bond.id)


def found_by(kind: Kind, live: Mapping[str, Json], wire: Mapping[str, Value]) -> dict[str, str]:
    """What decides in which list a thing is found, as the ledger will remember it: as it is live, declared or not,
    else as it will be created; the id of a thing to come is filled in when it is known."""
    names = kind.rest.list.by if kind.rest.list else ()
    if not names:
        return {}
    found = {n: live.get(n, wire.get(n)) for n in names}
    return {n: canonical(v) if isinstance(v, dict) else v for n, v in found.items() if isinstance(v, str | dict)}
