"""The fold that knows which address is tied to which live thing."""

from __future__ import annotations

from collections.abc import Mapping

from reconciler.ledger.event import Event, Type
from reconciler.model.document import Address
from reconciler.model.entries import entry_text
from reconciler.model.json import Json, JsonObject
from reconciler.model.outcome import End, Fact
from reconciler.model.record import Record, field, replace
from reconciler.model.recorded import Bond


class Doubt(Record, frozen=True):
    """A create that no reading will ever tell anything about: its request, the call of which run it was, and the
    one-shot tokens that have acted if it has."""

    line: str
    run: str
    call: str
    key: Json = None
    label: str = ""
    once: Mapping[str, str] = field(default_factory=dict)


class Bonds:
    """Bonds and doubts by address, after all events taken so far. A doubt lasts until the address is bound or
    released, by a run or by a person.

    `bind` sets a bond, `release` drops it. An outcome that is done works at once through its facts, so that a
    crash before the final `bind` keeps what is ours: a thing created, wholly or not, has a provisional bond (made
    by us; what the bond before it said of protection and removal still holds), a deleted one has none.
    """

    def __init__(self) -> None:
        self.current: dict[Address, Bond] = {}
        self.doubts: dict[Address, Doubt] = {}
        self.places: dict[str, str] = {}  # target -> where it was said to be last
        self.pages: dict[str, dict[str, int]] = {}  # target -> how long its lists were when they were last read
        self._bound_by: dict[Address, str] = {}  # the run that last tied this address to a thing

    def take(self, event: Event) -> None:
        """Raises KeyError, TypeError or ValueError for a body of another shape."""
        match event.type:
            case Type.BIND:
                self._bind(event.run, event.content)
            case Type.RELEASE:
                self.current.pop(Address.parse(event.address), None)
                self.doubts.pop(Address.parse(event.address), None)
            case Type.OUTCOME:
                self._ended(event.run, Address.parse(event.address), event.content)
            case Type.NOTE if event.target and not event.address:
                self._noted(event.target, event.content)

    def _noted(self, target: str, content: Mapping[str, Json]) -> None:
        if "pages" in content:
            self.pages.setdefault(target, {}).update(_counts(content["pages"]))
        else:
            self.places[target] = str(content["place"])

    def _ended(self, run: str, address: Address, content: Mapping[str, Json]) -> None:
        told = _object(content["result"])
        if content["end"] == End.DONE:
            self._done(run, address, told)
        elif content["end"] == End.IN_DOUBT and Fact.DOUBT in told:
            line, call = str(told[Fact.DOUBT]), str(content["call"])
            key, label, once = told.get(Fact.KEY), str(told.get(Fact.LABEL, "")), _texts(told.get(Fact.ONCE, {}))
            self.doubts[address] = Doubt(line, run, call, key, label, once)
        elif Fact.BEGUN in told:
            self._set(run, self._provisional(address, _object(told[Fact.BEGUN])))
        elif Fact.DIFFERS in told and address in self.current:
            bond = self.current[address]
            self.current[address] = replace(bond, differs={**bond.differs, **_texts(told[Fact.DIFFERS])})

    def _bind(self, run: str, content: Mapping[str, Json]) -> None:
        bond = Bond.from_json(_object(content["bond"]))
        if content["previous"] is not None:
            self._leave(run, Address.parse(str(content["previous"])), bond)
        self._set(run, bond)

    def _leave(self, run: str, previous: Address, bond: Bond) -> None:
        """Drop the bond of the address that a thing leaves, unless another thing moved in during the same run:
        where two addresses swap, the second bind must not undo the first."""
        tenant = self.current.get(previous)
        if tenant is not None and (tenant.id == bond.id or self._bound_by[previous] != run):
            del self.current[previous]

    def _done(self, run: str, address: Address, facts: Mapping[str, Json]) -> None:
        if facts.get(Fact.GONE) is True:
            self.current.pop(address, None)
        if Fact.ID in facts:
            self._set(run, self._provisional(address, facts))
        bond = self.current.get(address)
        if bond is None:  # adopted by this very run: its first bind says everything
            return
        if Fact.BECOMES in facts:
            bond = replace(bond, id=str(facts[Fact.BECOMES]))
        if Fact.ADDED in facts:
            field, ids = _entries(facts[Fact.ADDED])
            had = bond.entries.get(field, ())
            bond = _with_entries(bond, field, (*had, *(i for i in dict.fromkeys(ids) if i not in had)))
            there = {f"{field}/{i}" for i in ids}
            bond = replace(bond, kept={at: v for at, v in bond.kept.items() if at not in there})
        if Fact.REMOVED in facts:
            field, ids = _entries(facts[Fact.REMOVED])
            bond = _with_entries(bond, field, tuple(i for i in bond.entries.get(field, ()) if i not in ids))
        if Fact.KEPT in facts:
            bond = replace(bond, kept={**bond.kept, **_kept(facts[Fact.KEPT])})
        if Fact.ONCE in facts:  # what was lost has been issued anew
            bond = replace(bond, once={**bond.once, **_texts(facts[Fact.ONCE])}, lost=())
        if Fact.LOST in facts:
            bond = replace(bond, lost=tuple(dict.fromkeys((*bond.lost, str(facts[Fact.LOST])))))
        self.current[address] = _with_told(bond, facts)

    def _provisional(self, address: Address, facts: Mapping[str, Json]) -> Bond:
        remote_id, key, label = str(facts[Fact.ID]), facts.get(Fact.KEY), str(facts.get(Fact.LABEL, ""))
        before = self.current.get(address)
        if before is None:
            return Bond(address, remote_id, key=key, made=True, label=label)
        if before.id == remote_id:
            return replace(before, made=True, key=facts.get(Fact.KEY, before.key), label=label or before.label)
        mine = replace(before, id=remote_id, key=key, made=True, label=label, digests={}, entries={})
        return replace(mine, once={}, sent={}, differs={}, lost=(), told={})

    def _set(self, run: str, bond: Bond) -> None:
        self.current[bond.address] = bond
        self.doubts.pop(bond.address, None)
        self._bound_by[bond.address] = run


def _with_entries(bond: Bond, field: str, ids: tuple[str, ...]) -> Bond:
    return replace(bond, entries={**bond.entries, field: ids})


def _with_told(bond: Bond, facts: Mapping[str, Json]) -> Bond:
    """The bond with what an answer said of its entries."""
    if Fact.TOLD not in facts:
        return bond
    more = {at: {**bond.told.get(at, {}), **one} for at, one in _kept(facts[Fact.TOLD]).items()}
    return replace(bond, told={**bond.told, **more})


def _entries(value: Json) -> tuple[str, tuple[str, ...]]:
    match value:
        case [str(field), [*ids]]:
            return field, tuple(map(entry_text, ids))
    raise TypeError("expected [field, [entry ids]]")


def _kept(value: Json) -> dict[str, JsonObject]:
    match value:
        case [str(field), dict(entries)]:
            return {f"{field}/{i}": dict(_object(kept)) for i, kept in entries.items()}
    raise TypeError("expected [field, {entry: {subfield: value}}]")


def _texts(value: Json) -> dict[str, str]:
    return {name: str(text) for name, text in _object(value).items()}


def _counts(value: Json) -> dict[str, int]:
    counts = {name: n for name, n in _object(value).items() if isinstance(n, int)}
    if len(counts) < len(_object(value)):
        raise TypeError("expected numbers")
    return counts


def _object(value: Json) -> Mapping[str, Json]:
    if not isinstance(value, dict):
        raise TypeError("expected an object")
    return value
