"""The facts that were read: of everything that a reading showed, declared or not."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TypeAlias

from reconciler.access.declared import thing_of
from reconciler.access.facts import PERSON, Facts, Thing, person
from reconciler.access.told import Told, facts_of, tells
from reconciler.model.catalog import Catalog
from reconciler.model.document import Address, Desired
from reconciler.model.entries import pinned
from reconciler.model.json import Json, canonical
from reconciler.model.kind import Field, Kind
from reconciler.model.live import Live, Resource
from reconciler.model.normalise import normal, spoken
from reconciler.model.record import Record, field
from reconciler.model.recorded import Recorded

MADE = "\x00made/"
"""How the id of something begins that is known by its kind and key alone, until a call has made it."""
Words: TypeAlias = "Mapping[tuple[str, str, str], tuple[str, ...]]"


class World(Record, frozen=True):
    """Live things by target and kind, as they are or as they will be. `unsure`: thing -> its fields, and
    `field/entry`, of which nobody can tell how they were before. `told`: thing -> its id or key, where no reading
    tells it but the ledger, a pin or a document: the first that leads to a live thing; the last is its name.
    `by_id`: a thing stays the same whatever it is called."""

    things: Mapping[tuple[str, str], Sequence[Resource]]
    providers: Mapping[str, str]
    unsure: Mapping[tuple[str, str, str], frozenset[str]] = field(default_factory=dict)
    told: Words = field(default_factory=dict)
    by_id: bool = False


def as_read(live: Live, providers: Mapping[str, str], told: Words, *, by_id: bool = False) -> World:
    return World({at: c.resources for at, c in live.collections.items()}, providers, told=told, by_id=by_id)


def told_ids(
    desired: Desired, recorded: Recorded, catalog: Catalog, ids: Mapping[Address, str] | None = None
) -> dict[tuple[str, str, str], tuple[str, ...]]:
    """(target, kind, id) -> key of whatever the ledger or a pin tells the id of; and of each document, by its name
    and by its key, the id and the keys that it may have live: some answers are told in the words of manifests, and
    what is about to be renamed has another key there. `ids`: of the documents whose live things are known."""
    found: dict[tuple[str, str, str], tuple[str, ...]] = {}
    for address, bond in recorded.bonds.items():
        for name, remote_id in bond.names.items():
            kind, _, key = name.partition("/")
            found[address.target, kind, remote_id] = (key,)
    for document in desired.documents:
        kind_ = catalog.kind(document.provider, document.kind)
        at, called = document.address, _words(kind_, document.spec.get(kind_.key))
        former = at._replace(name=document.previous_name or at.name)
        bond_ = recorded.bonds.get(at) or recorded.bonds.get(former)
        own = [(ids or {}).get(at), document.pinned_id, bond_.id if bond_ else None, called]
        led = tuple(w for w in (*own, _words(kind_, document.previous_key), called or at.name) if w)
        for word in filter(None, (at.name, called)):
            found.setdefault((at.target, at.kind, word), led)
    for document in desired.documents:
        for ref, name, remote_id in pinned(catalog.kind(document.provider, document.kind), document.spec):
            found[document.address.target, ref, remote_id] = (name,)
    return found


def _words(kind: Kind, key: Json) -> str | None:
    """A key that is one word, and singles a thing out by itself."""
    return key if isinstance(key, str) and not kind.scope else None


def _key_text(kind: Kind, key: Json) -> str:
    return canonical(normal(kind.key_field, key))


def _named_by(one: Field) -> set[str]:
    """The kinds that a field names."""
    own = {one.ref, one.gives.kind if one.gives else None}
    return {ref for ref in own | {sub.ref for sub in one.entries.values()} if ref}


def seen(world: World, catalog: Catalog) -> Facts:
    """What all live things say of access."""
    return _Seen(world, catalog).facts()


class _Seen:
    def __init__(self, world: World, catalog: Catalog) -> None:
        self._world, self._catalog, self._found = world, catalog, Facts()
        self._by_id = {(*at, r.id): r for at, there in world.things.items() for r in there}
        self._by_key: dict[tuple[str, str], dict[str, Resource]] = {}
        self._named: dict[str, set[str]] = {}

    def facts(self) -> Facts:
        things = self._world.things.items()
        known = [(t, k, r) for (t, name), there in things for k in self._concerned(t, name) for r in there]
        for target, kind, resource in known:
            at = self._thing(target, kind, resource)
            self._found.call(at, self._name(target, kind, resource), resource.label)
            self._found.entitle(at, kind, resource.label)
            self._found.homes.setdefault(at, set()).add(target)
            told = resource.fields.get("name")
            self._found.call(at, "", told if isinstance(told, str) else "")
        for target, kind, resource in known:
            self._found.add(facts_of(self._told(target, kind, resource)))
        return self._found

    def _kinds(self, target: str, name: str) -> list[Kind]:
        kind = self._catalog.kinds.get((self._world.providers.get(target, ""), name))
        return [kind] if kind else []

    def _concerned(self, target: str, name: str) -> list[Kind]:
        """The kind, if anything of access speaks of its things."""
        provider = self._world.providers.get(target, "")
        if provider not in self._named:
            mine = (k for k in self._catalog.of(provider) if tells(k))
            self._named[provider] = {r for kind in mine for one in kind.fields.values() for r in _named_by(one)}
        return [k for k in self._kinds(target, name) if tells(k) or name in self._named[provider]]

    def _told(self, target: str, kind: Kind, resource: Resource) -> Told:
        def lead(ref: str, value: Json, beside: Mapping[str, Json]) -> Thing | None:  # noqa: ARG001 - ids say all
            return self._lead(target, ref, value, resource.names)

        fields: dict[str, Json] = {kind.key: resource.key, **dict(zip(kind.scope, resource.scope, strict=False))}
        fields |= resource.fields
        above = self._lead(target, kind.name, resource.parent, {}) if kind.tree and resource.parent else None
        unsure = self._world.unsure.get((target, kind.name, resource.id), frozenset())
        at = self._thing(target, kind, resource)
        return Told(kind, target, at, fields, lead, self._found.name, above=above, unsure=unsure)

    def _thing(self, target: str, kind: Kind, resource: Resource) -> Thing:
        if kind.access.person:
            return person(spoken(resource.key))
        if self._world.by_id:
            return Thing(target, kind.name, resource.id)
        return thing_of(kind, target, resource.key, tuple(self._scope(target, kind, resource)))

    def _scope(self, target: str, kind: Kind, resource: Resource) -> list[str]:
        found = []
        for name, value in zip(kind.scope, resource.scope, strict=False):
            ref = kind.fields[name].ref
            there = self._lead(target, ref, value, resource.names) if ref else None
            found.append(there.ref if there else spoken(value))
        return found

    def _name(self, target: str, kind: Kind, resource: Resource) -> str:
        above = []
        for name, value in zip(kind.scope, resource.scope, strict=False):
            ref = kind.fields[name].ref
            there = self._by_id.get((target, ref, str(value))) if ref else None
            above.append(spoken(there.key) if there else spoken(value))
        return "/".join([*above, spoken(resource.key)])

    def _lead(self, target: str, ref: str, value: Json, names: Mapping[str, str]) -> Thing | None:
        """What an id means; what was not read keeps it, and is called as whoever names it calls it."""
        if isinstance(value, int) and not isinstance(value, bool):
            value = str(value)
        if not isinstance(value, str):
            return None
        kinds = self._kinds(target, ref)
        there = self._by_id.get((target, ref, value))
        if there is not None and kinds:
            return self._thing(target, kinds[0], there)
        words = self._world.told.get((target, ref, value)) or (value.removeprefix(f"{MADE}{ref}/"),)
        for word in words if kinds else ():
            there = self._by_id.get((target, ref, word)) or self._keyed(target, kinds[0]).get(
                _key_text(kinds[0], word)
            )
            if there is not None:
                return self._thing(target, kinds[0], there)
        key = words[-1]
        if kinds and kinds[0].access.person:
            return self._somebody(target, ref, key, names.get(value, key))
        found = Thing(target, ref, key)
        self._found.call(found, names.get(value, key))
        return found

    def _keyed(self, target: str, kind: Kind) -> dict[str, Resource]:
        """The things of a kind by their keys, where a key alone singles one out."""
        at = (target, kind.name)
        if at not in self._by_key:
            there = self._world.things.get(at, ()) if not kind.scope else ()
            self._by_key[at] = {_key_text(kind, one.key): one for one in reversed(there)}
        return self._by_key[at]

    def _somebody(self, target: str, ref: str, key: str, shown: str) -> Thing:
        """A person whom no list that was read names: by the address, if anything tells it, else by the id."""
        for text in (key, shown):
            if "@" in text:
                return person(text)
        found = Thing("", PERSON, f"{target}:{key}")
        self._found.strangers.add((target, ref))
        self._found.call(found, shown)
        return found
