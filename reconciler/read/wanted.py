"""One collection to be read: what of it is wanted, and by whom."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from reconciler.model.catalog import Details
from reconciler.model.document import Address, Document
from reconciler.model.json import JsonObject, digest, same
from reconciler.model.kind import REPLACE, Field, Kind
from reconciler.model.live import Collection, Demand, Resource
from reconciler.model.normalise import normal
from reconciler.model.record import Record, field, replace, worked_out
from reconciler.model.recorded import Bond
from reconciler.read.named import Named, id_of
from reconciler.read.references import references


class Supposed(Record, frozen=True):
    """A document of a kind whose things may have to be made anew, and the key of another thing it mentions."""

    kind: Kind
    document: Document
    key: str

    def made_anew(self, named: Named, there: Collection, others: Mapping[str, Collection]) -> bool:
        """Whether its live thing differs where only another thing will do. A field that no read returns does so
        where it is not what was sent last."""
        at = named.live_id(self.document.address, there, others)
        live = next(iter(there.filed("id", id_of).get(at, ())), None) if at else None
        return live is not None and any(
            self._differs(one, live, named.bond(self.document)) for one in self.kind.fields.values()
        )

    def _differs(self, one: Field, live: Resource, bond: Bond | None) -> bool:
        if one.name not in self.document.spec:
            return False
        wanted = normal(one, self.document.spec[one.name])
        if one.name == self.kind.key:
            return self.kind.rename == REPLACE and not same(wanted, normal(one, live.key))
        if not one.replaces or one.ref is not None:
            return False
        if one.name in live.fields and not one.unreadable:
            return not same(wanted, normal(one, live.fields[one.name]))
        return bond is not None and one.name in bond.digests and bond.digests[one.name] != digest(wanted)


class Wanted(Record):
    """One collection to be read. `by`: fields as written, references not yet ids; `known_by`: those from the
    ledger, already ids. `supposed`: what may be asked for besides, once other kinds are read; `certain`: whether
    anything is wanted in any case."""

    target: str
    kind: Kind
    by: list[dict[str, str]] = field(default_factory=list)
    known_by: list[dict[str, str]] = field(default_factory=list)
    names: dict[str, str] = field(default_factory=dict)  # in normal form -> one way it is written
    ids: set[str] = field(default_factory=set)
    removing: bool = False
    documents: list[Document] = field(default_factory=list)
    bonds: list[Bond] = field(default_factory=list)
    named: Named = field(default_factory=Named)
    supposed: list[Supposed] = field(default_factory=list)
    certain: bool = True
    _projections: set[tuple[tuple[str, str], ...]] = worked_out()
    _details: tuple[JsonObject, ...] | None = None

    def __post_init__(self) -> None:
        self._projections = set()

    @property
    def idle(self) -> bool:
        """Whether nothing of it is wanted: all that spoke for it was supposed, and has not come true."""
        return bool(self.supposed) and not self.certain

    def suppose(self, one: Supposed, *, certain: bool) -> None:
        """One of these things is asked for by its key if a document turns out to have its thing made anew.
        `certain`: whether anything else of the kind is wanted."""
        self.supposed.append(one)
        self.certain = certain

    def come_true(self, live: Mapping[str, Collection]) -> None:
        """Call by its key whatever a thing needs that is to be made anew. `live`: what was read of its kind."""
        for one in self.supposed:
            there = live.get(one.document.kind)
            if there is not None and one.made_anew(self.named, there, live):
                self.call(one.key)
                self.certain = True

    def add_document(self, document: Document) -> None:
        """A declared thing; one that no list shows is asked for by the id that its document pins."""
        self.documents.append(document)
        if document.pinned_id is not None and not self.kind.findable:
            self.ids.add(document.pinned_id)
        listing = self.kind.rest.list
        if listing and listing.by:
            projection = {n: str(document.spec[n]) for n in listing.by if n in document.spec}
            if (at := tuple(projection.items())) not in self._projections:
                self._projections.add(at)
                self.by.append(projection)

    def add_bond(self, bond: Bond) -> None:
        """A recorded thing."""
        self.ids.add(bond.id)
        self.bonds.append(bond)
        if self.kind.rest.list and self.kind.rest.list.by:
            self.known_by.append(dict(bond.by))

    def details(
        self, of: Details, bonds: Sequence[Bond], others: Mapping[str, Collection]
    ) -> tuple[JsonObject, ...]:
        """What has to be asked thing by thing. Where the documents alone have a say in that, it is worked out
        once."""
        if bonds or others:
            return of(self.kind, self.documents, bonds, self.known(others))
        if self._details is None:
            self._details = of(self.kind, self.documents, (), {})
        return self._details

    def call(self, name: str) -> None:
        """Somebody refers to one of these things by this name."""
        one = str(normal(self.kind.key_field, name))
        self.names[one] = max(name, self.names.get(one, name))

    def demand(self, references: Mapping[str, Collection]) -> Demand:
        """The demand, with the names in `by` replaced by the ids that the other kinds' readings gave."""
        by = [b for raw in self.by if (b := self._with_ids(raw, references)) is not None]
        distinct = {tuple(sorted(b.items())): b for b in (*by, *self.known_by)}
        return Demand(
            self.target,
            self.kind.name,
            tuple(distinct[key] for key in sorted(distinct)),
            tuple(sorted(self.names.values())),
            tuple(sorted(self.ids)),
            self.removing,
        )

    def _with_ids(self, raw: Mapping[str, str], references: Mapping[str, Collection]) -> dict[str, str] | None:
        """None where a name leads to nobody: the comparison reports the miss, no list can be read for it."""
        found: dict[str, str] = {}
        for name, value in raw.items():
            ref = self.kind.fields[name].ref
            there = references.get(ref, Collection(ref)) if ref else None
            one = (
                self.named.live_id(Address(self.target, there.kind, value), there, references) if there else value
            )
            if one is None:
                return None
            found[name] = one
        return found

    def known(self, others: Mapping[str, Collection]) -> dict[str, Collection]:
        """What was read before, with the names by which the documents of this kind call its things."""
        names: dict[str, dict[str, str]] = {}
        for document in self.documents if others else ():
            for ref, name in references(self.kind, document.spec):
                if ref in others and name not in names.setdefault(ref, {}):
                    at = Address(self.target, ref, name)
                    found = self.named.told_id(at, others[ref]) or self.named.live_id(at, others[ref], others)
                    names[ref] |= {name: found} if found else {}
        return {name: replace(there, names=names.get(name, {})) for name, there in others.items()}
