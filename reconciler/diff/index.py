"""Live things of every collection, and names resolved to ids."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Final, TypeAlias

from reconciler.diff.nearness import near
from reconciler.diff.shelf import Shelf, key_text
from reconciler.diff.told import Told, Unsure
from reconciler.model.catalog import Catalog
from reconciler.model.change import Named, Value
from reconciler.model.document import Address, Desired, Document, Manage
from reconciler.model.json import Json
from reconciler.model.kind import Field, Kind
from reconciler.model.live import Live, Resource
from reconciler.model.normalise import normal, spoken
from reconciler.model.record import Record, field, worked_out
from reconciler.model.recorded import Bond, Recorded

MISSING: Final = "$missing"
"""Stands, in a scope, beside a name that leads nowhere."""
BACK: Final = "put its document back, or name another one here, or none"
Thing: TypeAlias = "tuple[str, str, str]"
"""(target, kind, remote id)."""


def _given(kind: Kind) -> bool:
    """Whether things of this kind are never made by us."""
    return kind.source or (kind.rest.create is None and kind.rest.list is not None)


class Miss(Record, frozen=True):
    """A name that leads to nothing, or to more than one thing. `source`: a thing of a kind that is only read.
    `otherwise`: a way out of its own; `remedy`: what the kind itself says of how such a thing comes about.
    `aside`: what declares it, and was not selected. `kind`, `name`: what was looked for, where that is known."""

    why: str
    source: bool = False
    otherwise: str = ""
    remedy: str = ""
    aside: str = ""
    kind: str = ""
    name: str = ""


class Index(Record):
    """Everything desired, live and recorded, by what one looks for. `matched`: document -> its live thing;
    `orphans`: live thing -> the bond of an address that no document bears; `owners`: live thing -> the document
    that means it, known once all are matched; `places`: where documents are looked up that are in no scope."""

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
    bound: dict[Thing, Document] = field(
        default_factory=dict
    )  # live thing -> who has a pin on it, or the ledger's word
    owners: dict[Thing, Document] = field(default_factory=dict)
    told: Told = worked_out()
    _kinds: dict[tuple[str, str], Kind] = field(default_factory=dict)
    _declared: set[tuple[str, str]] = worked_out()
    places: dict[Address, tuple[str, str, str]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.documents = {d.address: d for d in self.desired.documents}
        self._declared = {(d.provider, d.address.kind) for d in self.desired.documents}
        self.told = Told.by(self.desired, self.recorded, self.catalog)
        for bond in self.unmatched_bonds():
            resource = self.thing_of(bond)
            if resource is not None:
                self.orphans.setdefault((bond.address.target, bond.address.kind, resource.id), bond)

    def enter(self, kind: Kind, documents: Iterable[Document]) -> None:
        """Let these documents of a kind be found by their keys. Their scopes must be known by now."""
        for document in documents if kind.findable else ():
            self.keys.setdefault(self.place_of(document, kind), document)
            if document.previous_key is not None:
                self.previous_keys.setdefault(self.at(document, kind, document.previous_key), document)

    def at(self, document: Document, kind: Kind, key: Json) -> tuple[str, str, str]:
        """Where a key in a document's scope is looked up."""
        return document.address.target, kind.name, key_text(kind, key, self.scope_of(document, kind))

    def place_of(self, document: Document, kind: Kind) -> tuple[str, str, str]:
        """Where a document's own key is looked up. A scope may come to be known later; all else stays."""
        if kind.scope:
            return self.at(document, kind, document.spec.get(kind.key))
        found = self.places.get(document.address)
        if found is None:
            found = self.places[document.address] = self.at(document, kind, document.spec.get(kind.key))
        return found

    def scope_of(
        self, document: Document, kind: Kind, beside: Mapping[str, Json] | None = None
    ) -> tuple[Value, ...]:
        """The values of a kind's scope fields, as a document of that kind, or one that refers to it, has them;
        `beside`: the entry in which it does so, if in one. A name that leads nowhere stands for itself in braces,
        and matches nothing."""
        if not kind.scope:
            return ()
        values = {**document.spec, **(beside or {})}
        return tuple(self._in_scope(document, kind, name, values) for name in kind.scope)

    def _in_scope(self, document: Document, kind: Kind, name: str, values: Mapping[str, Json]) -> Value:
        value, ref = values.get(name, kind.default(name)), kind.fields[name].ref
        if ref is None or not isinstance(value, str):
            return normal(kind.fields[name], value)
        found = self.resolve(document, ref, value)
        return {MISSING: value} if isinstance(found, Miss) else found

    def keyed(self, document: Document, key: Json) -> list[Resource]:
        """The live things with this key in the document's scope."""
        kind = self.kind_of(document)
        return self.shelf(document.address.target, kind).keyed(key, self.scope_of(document, kind))

    def keyed_alike(self, document: Document, kind: Kind) -> list[Resource]:
        """The live things with the document's own key."""
        place = None if kind.scope else self.places.get(document.address)
        if place is None:
            place = self.place_of(document, kind)
        shelf = self.shelves.get(place[:2]) or self.shelf(place[0], kind)
        return shelf.by_key.get(place[2], [])

    def kind_of(self, document: Document) -> Kind:
        at = (document.provider, document.address.kind)
        found = self._kinds.get(at)
        if found is None:
            found = self._kinds[at] = self.catalog.kind(*at)
        return found

    def any_kind(self, true: Callable[[Kind], bool]) -> bool:
        """Whether it is true of a kind of which anything is declared."""
        return any(true(self.catalog.kind(*at)) for at in self._declared)

    def shelf(self, target: str, kind: Kind) -> Shelf:
        at = (target, kind.name)
        found = self.shelves.get(at)
        if found is None:
            found = self.shelves[at] = Shelf(kind, self.live.of(target, kind.name))
        return found

    def thing_of(self, bond: Bond) -> Resource | None:
        """The live thing that a bond ties to its address."""
        kind = self.catalog.kind(self.desired.targets[bond.address.target].provider, bond.address.kind)
        return self.shelf(bond.address.target, kind).recorded(bond.id)

    def resolve(
        self, document: Document, ref_kind: str, name: str, beside: Mapping[str, Json] | None = None
    ) -> Value | Miss:
        """The id a name stands for: a document's live id, `$id` if it is yet to be created, or a live key's id.
        `beside`: the entry that names it, which may also say in which scope it is."""
        kind = self.catalog.kind(document.provider, ref_kind)
        address = Address(document.address.target, ref_kind, name)
        if address in self.documents and self._in_reach(document, self.documents[address], kind, beside):
            matched = self.matched.get(address)
            return matched.id if matched else {"$id": str(address)}
        scope = self.scope_of(document, kind, beside)
        return self.by_key(document.address.target, kind, name, scope, by_name=True)

    def declaring(self, document: Document, one: Field, value: Json) -> Document | None:
        """The document that declares the thing whose key this value is, where the field mentions such things; of
        what comes about with a thing of another kind (`x-tree`), that one's."""
        if one.mentions is None or value is None:
            return None
        kind, target = self.catalog.kind(document.provider, one.mentions), document.address.target
        found = self.keys.get((target, kind.name, key_text(kind, value)))
        if found is None and (root := self._root(kind, value)) is not None:
            roots, name = root
            found = self.keys.get((target, roots.name, key_text(roots, name)))
        return found

    def _root(self, kind: Kind, key: Json) -> tuple[Kind, Json] | None:
        """The kind of what brings a root of a tree about, and its key; None for what is no such root."""
        chain = normal(kind.key_field, key) if kind.roots else None
        if not isinstance(chain, list) or len(chain) != 1:
            return None
        return self.catalog.kind(kind.provider, kind.roots), chain[0]

    def left_aside(self, target: str, kind: Kind, key: Json) -> Address | None:
        """The document of the thing with this key, where it was not selected."""
        root = self._root(kind, key)
        for one, own in ((kind, key), *([root] if root is not None else [])):
            declared = (d for d in self.desired.declared if (d.address.target, d.kind) == (target, one.name))
            wanted = key_text(one, own)
            texts = ((d.address, "" if one.scope else key_text(one, d.spec.get(one.key))) for d in declared)
            found = next((a for a, text in texts if a not in self.documents and text == wanted), None)
            if found is not None:
                return found
        return None

    def is_live(self, target: str, kind: Kind, key: Json) -> bool:
        """Whether a thing has this key by now."""
        return bool(self.shelf(target, kind).live(key))

    def _in_reach(
        self, document: Document, other: Document, kind: Kind, beside: Mapping[str, Json] | None
    ) -> bool:
        """Whether a document may be meant by its name: one that has a scope of its own means what is in it."""
        scoped = kind.scope and all(name in {*document.spec, *(beside or ())} for name in kind.scope)
        return not scoped or self.scope_of(document, kind, beside) == self.scope_of(other, kind)

    def by_key(
        self, target: str, kind: Kind, key: Json, scope: Sequence[Json] = (), *, by_name: bool = False
    ) -> Value | Miss:
        """What the document with this key means, or will create; else the live thing with this key, which may be
        about to leave it. `by_name`: the name of a document could stand in its place, and may be proposed."""
        document = self.keys.get((target, kind.name, key_text(kind, key, scope)))
        if document is not None and (matched := self.matched.get(document.address)):
            return matched.id
        found = self.shelf(target, kind).keyed(key, scope)
        made = self._brought_about(target, kind, key) if kind.source and not found else None
        read = self.shelf(target, kind).collection.resources
        told = self.told.of(target, kind, key, read, coming=made is not None)
        if told is not None:
            return Miss(told.why, otherwise=told.otherwise) if isinstance(told, Unsure) else told
        if len(found) > 1:
            ids = ", ".join(r.id for r in found)
            return Miss(f"'{spoken(key)}' is more than one {kind.name} ({ids})", _given(kind))
        if document is not None:
            return {"$id": str(document.address)}
        if found:
            return found[0].id
        if made is not None:
            return made
        return self._nowhere(target, kind, key, scope, by_name=by_name)

    def _nowhere(self, target: str, kind: Kind, key: Json, scope: Sequence[Json], *, by_name: bool) -> Miss:
        """What leads to nothing: where it went, if that is known, else what it may have been meant to be."""
        wanted = key_text(kind, key, scope)
        declared = (d for d in self.desired.declared if (d.address.target, d.kind) == (target, kind.name))
        aside = self._named_so(key, wanted, ((d.address, self._text_of(d, kind)) for d in declared))
        if aside is not None:
            return Miss(f"{aside} is not live; it is declared, but left out by the selection", aside=str(aside))
        bonds = (b for b in self.unmatched_bonds() if (b.address.target, b.address.kind) == (target, kind.name))
        texts = ((b.address, "" if kind.scope else key_text(kind, b.key)) for b in bonds)
        left = self._named_so(key, wanted, texts)
        if left is not None:
            return Miss(f"{left} is declared no more: its document left git with this plan", otherwise=BACK)
        where = "live" if _given(kind) else "declared or live"
        why = f"no {kind.name} '{spoken(key)}' is {where}{self._nearest(target, kind, key, by_name=by_name)}"
        return Miss(why, _given(kind), remedy=kind.refused if kind.source else "")

    def _text_of(self, document: Document, kind: Kind) -> str:
        return key_text(kind, document.spec.get(kind.key), self.scope_of(document, kind))

    def _named_so(self, key: Json, wanted: str, known: Iterable[tuple[Address, str]]) -> Address | None:
        """The first of these that is no document here, and has this name or this key."""
        found = (a for a, text in known if a not in self.documents and (a.name == key or text == wanted))
        return next(found, None)

    def _brought_about(self, target: str, kind: Kind, key: Json) -> Value:
        """A thing that does not exist yet, but will with one that is declared and not live."""
        for maker in self.catalog.of(kind.provider):
            found = self.keys.get((target, maker.name, key_text(maker, key))) if maker.makes == kind.name else None
            if found is not None and found.address not in self.matched:
                return {"$made": {"by": str(found.address), "kind": kind.name, "key": key}}
        return None

    def _nearest(self, target: str, kind: Kind, key: Json, *, by_name: bool) -> str:
        live = (spoken(r.key) for r in self.shelf(target, kind).collection.resources)
        here = (d for a, d in self.documents.items() if (a.target, a.kind) == (target, kind.name))
        ours = (d.address.name if by_name else spoken(d.spec.get(kind.key)) for d in here)
        ours = (name for name in ours if by_name or not name.startswith(f"{spoken(key)}/"))  # what lies beneath
        names = {name.casefold(): name for name in (*ours, *live)}  # a document and its thing are one proposal
        found = [name for name in near(spoken(key), names.values()) if name != spoken(key)]  # in another scope
        return f"; did you mean {' or '.join(found)}?" if found else ""

    def shown(self, document: Document, ref_kind: str, remote_id: Json) -> Json:
        """The key people know a referred thing by; its id where it was not read."""
        kind = self.catalog.kind(document.provider, ref_kind)
        found = self.shelf(document.address.target, kind).by_id.get(str(remote_id))
        return found.key if found else remote_id

    def meant(self, document: Document, ref_kind: str, value: Value) -> Document | None:
        """The document of what a resolved reference leads to, once all are matched."""
        promised = value.get("$id") if isinstance(value, dict) else None
        if isinstance(promised, str):
            return self.documents.get(Address.parse(promised))
        if not self.owners:
            self.owners = {(a.target, a.kind, r.id): self.documents[a] for a, r in self.matched.items()}
        return self.owners.get((document.address.target, ref_kind, value)) if isinstance(value, str) else None

    def formerly(self, document: Document, ref_kind: str, value: Value) -> Value:
        """A resolved reference as it was when its address was applied last: another thing may stand there now."""
        meant = self.meant(document, ref_kind, value)
        bond = self.recorded.bonds.get(meant.address) if meant is not None else None
        return bond.id if bond is not None else value

    def named(self, document: Document, ref_kind: str, value: Value) -> Named:
        """What a resolved reference leads to, as its own document, if it has one, will have it called."""
        kind = self.catalog.kind(document.provider, ref_kind)
        target = document.address.target
        now = self.shelf(target, kind).by_id.get(value) if isinstance(value, str) else None
        owner = self.meant(document, ref_kind, value)
        if owner is not None and (now is None or owner.lifecycle.manage is Manage.FULL):
            return Named(owner.spec.get(kind.key), labels(owner.spec, kind), now)
        return Named(now.key if now else value, now.label if now else str(value), now)

    def unmatched_bonds(self) -> Iterator[Bond]:
        """Bonds of the selected targets whose address no document bears."""
        for address in sorted(a for a in self.recorded.bonds if a not in self.documents):
            known = address.target in self.desired.targets and address not in self.desired.left_out
            if known and self.desired.selects(address):
                yield self.recorded.bonds[address]


def labels(of: Mapping[str, Json], kind: Kind) -> str:
    """What people call a thing: its title field, else its key."""
    text = of.get(kind.title)
    return text if isinstance(text, str) else spoken(of.get(kind.key))
