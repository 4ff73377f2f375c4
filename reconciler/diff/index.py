"""Live things by id and by normal key, and names resolved to ids."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from difflib import get_close_matches
from typing import TypeAlias

from reconciler.model.catalog import Catalog
from reconciler.model.change import Value
from reconciler.model.document import Address, Desired, Document
from reconciler.model.json import Json, canonical
from reconciler.model.kind import Kind
from reconciler.model.live import Collection, Live, Resource
from reconciler.model.normalise import normal, spoken
from reconciler.model.recorded import Bond, Recorded


def key_text(kind: Kind, key: Json) -> str:
    """One text per key, in normal form."""
    return canonical(normal(kind.key_field, key))


def _last_name(kind: Kind, key: Json) -> str:
    chain = normal(kind.key_field, key)
    return canonical(chain[-1] if isinstance(chain, list) and chain else chain)


Thing: TypeAlias = "tuple[str, str, str]"
"""(target, kind, remote id)."""


@dataclass(slots=True)
class Shelf:
    """One collection, looked up in constant time."""

    kind: Kind
    collection: Collection
    by_id: dict[str, Resource] = field(default_factory=dict)
    by_key: dict[str, list[Resource]] = field(default_factory=dict)
    by_last_name: dict[str, list[Resource]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for resource in self.collection.resources:
            self.by_id[resource.id] = resource
            self.by_key.setdefault(key_text(self.kind, resource.key), []).append(resource)
            if not resource.placed:
                self.by_last_name.setdefault(_last_name(self.kind, resource.key), []).append(resource)

    def keyed(self, key: Json) -> list[Resource]:
        return self.by_key.get(key_text(self.kind, key), [])

    def unplaced(self, key: Json) -> list[Resource]:
        """The things of the same last name whose place in the tree is not known."""
        return self.by_last_name.get(_last_name(self.kind, key), []) if self.by_last_name else []

    def recorded(self, remote_id: str) -> Resource | None:
        """A recorded id; where the id is the name itself, its spelling may have changed."""
        found = self.by_id.get(remote_id)
        if found is None and self.kind.rest.id == self.kind.key_field.wire:
            found = next(iter(self.keyed(remote_id)), None)
        return found


@dataclass(frozen=True, slots=True)
class Miss:
    """A name that leads to nothing, or to more than one thing. `source`: a thing of a kind that is only read."""

    why: str
    source: bool = False


@dataclass(slots=True)
class Index:
    """Everything desired, live and recorded, by what one looks for. `matched`: document -> its live thing;
    `orphans`: live thing -> the bond of an address that no document bears."""

    desired: Desired
    live: Live
    recorded: Recorded
    catalog: Catalog
    shelves: dict[tuple[str, str], Shelf] = field(default_factory=dict)
    documents: dict[Address, Document] = field(default_factory=dict)
    matched: dict[Address, Resource] = field(default_factory=dict)
    keys: dict[tuple[str, str, str], Document] = field(default_factory=dict)
    previous_keys: dict[tuple[str, str, str], Document] = field(default_factory=dict)
    orphans: dict[Thing, Bond] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for document in self.desired.documents:
            self.documents[document.address] = document
            kind = self.kind_of(document)
            at = (document.address.target, kind.name, key_text(kind, document.spec.get(kind.key)))
            self.keys.setdefault(at, document)
            if document.previous_key is not None:
                old = (*at[:2], key_text(kind, document.previous_key))
                self.previous_keys.setdefault(old, document)
        for bond in self.unmatched_bonds():
            resource = self.thing_of(bond)
            if resource is not None:
                self.orphans.setdefault((bond.address.target, bond.address.kind, resource.id), bond)

    def kind_of(self, document: Document) -> Kind:
        return self.catalog.kind(document.provider, document.kind)

    def shelf(self, target: str, kind: Kind) -> Shelf:
        at = (target, kind.name)
        if at not in self.shelves:
            self.shelves[at] = Shelf(kind, self.live.of(target, kind.name))
        return self.shelves[at]

    def thing_of(self, bond: Bond) -> Resource | None:
        """The live thing that a bond ties to its address."""
        kind = self.catalog.kind(self.desired.targets[bond.address.target].provider, bond.address.kind)
        return self.shelf(bond.address.target, kind).recorded(bond.id)

    def resolve(self, document: Document, ref_kind: str, name: str) -> Value | Miss:
        """The id a name stands for: a document's live id, `$id` if it is yet to be created, or a live key's id."""
        kind = self.catalog.kind(document.provider, ref_kind)
        address = Address(document.address.target, ref_kind, name)
        if address in self.documents:
            matched = self.matched.get(address)
            return matched.id if matched else {"$id": str(address)}
        return self.by_key(document.address.target, kind, name)

    def by_key(self, target: str, kind: Kind, key: Json) -> Value | Miss:
        """The live thing with this key, else the document that will create it."""
        found = self.shelf(target, kind).keyed(key)
        if len(found) > 1:
            ids = ", ".join(r.id for r in found)
            return Miss(f"'{spoken(key)}' is more than one {kind.name} ({ids})", kind.source)
        document = self.keys.get((target, kind.name, key_text(kind, key)))
        if found:
            return found[0].id
        if document is not None:
            matched = self.matched.get(document.address)
            return matched.id if matched else {"$id": str(document.address)}
        where = "live" if kind.source else "declared or live"
        return Miss(f"no {kind.name} '{spoken(key)}' is {where}{self._nearest(target, kind, key)}", kind.source)

    def _nearest(self, target: str, kind: Kind, key: Json) -> str:
        names = [spoken(r.key) for r in self.shelf(target, kind).collection.resources]
        near = get_close_matches(spoken(key), names, n=3, cutoff=0.6)
        return f"; did you mean {' or '.join(near)}?" if near else ""

    def shown(self, document: Document, ref_kind: str, remote_id: Json) -> Json:
        """The key people know a referred thing by; its id where it was not read."""
        kind = self.catalog.kind(document.provider, ref_kind)
        found = self.shelf(document.address.target, kind).by_id.get(str(remote_id))
        return found.key if found else remote_id

    def unmatched_bonds(self) -> Iterator[Bond]:
        """Bonds of the selected targets whose address no document bears."""
        for address, bond in sorted(self.recorded.bonds.items()):
            known = address.target in self.desired.targets and address not in self.desired.left_out
            if known and address not in self.documents and self.desired.selects(address):
                yield bond


def labels(of: Mapping[str, Json], kind: Kind) -> str:
    """What people call a thing: its title field, else its key."""
    text = of.get(kind.title)
    return text if isinstance(text, str) else spoken(of.get(kind.key))
