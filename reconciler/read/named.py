"""What the names mean that documents use for each other: ids, as far as they are known."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from reconciler.model.document import Address, Document
from reconciler.model.json import Json, canonical, same
from reconciler.model.kind import Kind
from reconciler.model.live import Collection, Resource
from reconciler.model.normalise import normal
from reconciler.model.record import Record, aside, field
from reconciler.model.recorded import Bond


@aside("keys")
class Named(Record, frozen=True):
    """What the names that documents use for each other stand for."""

    documents: Mapping[Address, Document] = field(default_factory=dict)
    bonds: Mapping[Address, Bond] = field(default_factory=dict)
    kinds: Mapping[str, Kind] = field(default_factory=dict)  # by name, of one provider
    keyed: Mapping[tuple[str, str, str], Document] = field(default_factory=dict)  # target, kind, key
    owners: Mapping[tuple[str, str, str], Address] = field(default_factory=dict)  # target, kind, recorded id
    told: Mapping[tuple[str, str, str], str] = field(default_factory=dict)  # target, kind, key -> id
    keys: dict[int, tuple[tuple[Resource, ...], dict[str, list[Resource]]]] = field(default_factory=dict)
    """Of the collections looked into so far: their things by key; the things are kept, so that no other collection
    can be taken for theirs."""

    def live_id(
        self, at: Address, there: Collection, others: Mapping[str, Collection] | None = None
    ) -> str | None:
        """The id of the one live thing that a name means: a document's, found by its name or key, by its id or the
        key it has or had, else that of the thing with this key. `others`: what else was read, which tells the
        scope that a document is in."""
        kind = self.kinds.get(at.kind)
        document = self.documents.get(at)
        if document is None and kind is not None:
            document = self.keyed.get((at.target, at.kind, canonical(normal(kind.key_field, at.name))))
        live = there.filed("id", id_of)
        known = self._known_id(document) if document else None
        if known in live:
            return known
        keys: list[Json] = [at.name]
        if document and kind:
            keys = [document.spec.get(kind.key), document.previous_key]
        scope = self._scope(kind, document, others or {}) if document and kind else ()
        found = [i for key in keys if (i := _only(self._with_key(kind, there, key), scope)) is not None]
        # What the ledger knows under another address may be about to lose this key.
        free = (i for i in found if document and (at.target, at.kind, i) not in self.owners)
        return next(free, next(iter(found), None))

    def _scope(self, kind: Kind, document: Document, others: Mapping[str, Collection]) -> list[Json]:
        """What singles a document's thing out together with its key; None for what is not known."""
        found: list[Json] = []
        for name in kind.scope:
            value, ref = document.spec.get(name, kind.default(name)), kind.fields[name].ref
            at = Address(document.address.target, ref or "", str(value))
            there = others.get(ref) if ref else None
            found.append(self.live_id(at, there, others) if there else None if ref else value)
        return found

    def _with_key(self, kind: Kind | None, there: Collection, key: Json) -> Sequence[Resource]:
        """The things with this key."""
        if key is None or kind is None:
            return [r for r in there.resources if key is not None and same(r.key, key)]
        at = id(there.resources)
        if at not in self.keys:
            by_key: dict[str, list[Resource]] = {}
            for one in there.resources:
                by_key.setdefault(canonical(normal(kind.key_field, one.key)), []).append(one)
            self.keys[at] = there.resources, by_key
        return self.keys[at][1].get(canonical(normal(kind.key_field, key)), ())

    def told_id(self, at: Address, there: Collection) -> str | None:
        """The id that a pin or the ledger tells; not that of a thing which was read and is called otherwise."""
        kind = self.kinds.get(at.kind)
        key = str(normal(kind.key_field, at.name)) if kind else at.name
        found = self.told.get((at.target, at.kind, key))
        shown = [r.key for r in there.filed("id", id_of).get(found, ())] if found else []
        return found if found and (not shown or any(_alike(kind, k, at.name) for k in shown)) else None

    def bond(self, document: Document) -> Bond | None:
        """The ledger's word on a document, under the name that it has or had."""
        former = document.address._replace(name=document.previous_name or document.address.name)
        return self.bonds.get(document.address) or self.bonds.get(former)

    def _known_id(self, document: Document) -> str | None:
        bond = self.bond(document)
        return document.pinned_id or (bond.id if bond else None)


def id_of(one: Resource) -> str:
    return one.id


def _only(those: Sequence[Resource], scope: Sequence[Json]) -> str | None:
    """The id of the one of those with a key that is in a scope, as far as that is known; None where there is none,
    or several."""
    found = {
        r.id
        for r in those
        if all(wanted is None or same(wanted, own) for wanted, own in zip(scope, r.scope, strict=False))
    }
    return found.pop() if len(found) == 1 else None


def _alike(kind: Kind | None, a: Json, b: Json) -> bool:
    return same(normal(kind.key_field, a), normal(kind.key_field, b)) if kind else same(a, b)
