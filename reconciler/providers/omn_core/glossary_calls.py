"""The calls of glossaries and entries: one request each for many, which ride along in it (OC-R94 to OC-R96)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from math import ceil
from typing import Final

from reconciler.model.change import Change, Value, Verb
from reconciler.model.document import Address
from reconciler.model.json import Json, JsonObject
from reconciler.model.kind import Kind
from reconciler.model.plan import Call, Effect, Phase, Role
from reconciler.model.record import Record, field, replace
from reconciler.providers.omn_core import carrying, entry_riders, glossary_bodies, glossary_records
from reconciler.providers.omn_core.batch import batch_size, batches
from reconciler.providers.omn_core.entry_riders import ENTRY, moves, persists
from reconciler.providers.omn_core.glossary_names import Persisted, Turns, renames, slot, takes, turns
from reconciler.providers.omn_core.translations import goes_along, leaves, removed

GLOSSARY: Final = "glossary"
BOXES: Final = {GLOSSARY: "glossaries", ENTRY: "glossaryEntries"}
PLURALS: Final = {GLOSSARY: "Glossaries", ENTRY: "GlossaryEntries"}


def calls(kind: Kind, changes: Sequence[Change]) -> list[Call]:
    """At most nine kinds of requests, each for as many objects as go into one: deletes that free a name, entries
    first; glossaries, and those that take a name which another gave up; a list, for the ids of new ones that
    entries go into; entries; moves; deletes, entries first."""
    writing = [c for c in changes if c.writes and (c.live is not None or c.verb is Verb.CREATE)]
    if not writing:
        return []
    own = [c for c in writing if c.address.kind == kind.name]
    entries = [c for c in writing if c.address.kind != kind.name]
    needed = frozenset(str(c.live.scope[0]) for c in entries if moves(c) and c.live)
    ways = [
        _Writer(kind, entries, turns(kind, own, early, needed), batch_size(changes)) for early in (True, False)
    ]
    return list(min(ways, key=lambda w: w.requests).calls())


class _Writer(Record):
    kind: Kind
    entries: Sequence[Change]
    turns: Turns
    most: int
    count: int = 0
    made: dict[str, str] = field(default_factory=dict)  # address of a new glossary -> the call that makes it
    keys: dict[str, Json] = field(default_factory=dict)  # the same -> its name
    own: dict[str, list[str]] = field(default_factory=dict)  # id of a glossary -> calls that empty it
    gives: dict[Address, str] = field(default_factory=dict)  # glossary -> the call by which it gives its name up
    leaving: set[str] = field(default_factory=set)  # ids of entries that are no more where they are

    def __post_init__(self) -> None:
        self.leaving = {i for change in self.entries for i in leaves(change)}

    @property
    def requests(self) -> int:
        """How many it takes, but for those that are the same whatever the turns."""
        early, late = self._doomed()
        going = _things(early), _things(late) + sum(len(list(removed(c))) for c in self.entries)
        sizes = [
            *([sum(going)] if self._at_once else going),
            *map(len, (self.turns.early, self.turns.first, self.turns.second, self.turns.late)),
        ]
        return sum(ceil(n / self.most) for n in sizes)

    def calls(self) -> Iterator[Call]:
        early, late = self._doomed()
        first = self._deletes(early)
        last = [r for c in self.entries for r in self._emptying(c, entry_riders.removals(c))]
        last += self._deletes(late)
        if self._at_once:
            first, last = [*first, *last], []
        yield from self._requests(ENTRY, first, "perform")
        yield from self._requests(GLOSSARY, [self._gone(c) for c in self.turns.early], "perform")
        yield from self._glossaries()
        yield from self._requests(ENTRY, self._persisted(), "persist")
        yield from self._requests(ENTRY, self._moved(), "perform")
        yield from self._requests(ENTRY, last, "perform")
        yield from self._requests(GLOSSARY, [self._gone(c) for c in self.turns.late], "perform")

    @property
    def _at_once(self) -> bool:
        """Whether every entry that goes may go with the first: there are such, and none that others wait for is to
        be in a glossary which is made after these (OC-R104)."""
        new = {str(c.address) for c, _ in (*self.turns.first, *self.turns.second) if c.live is None}
        return bool(self._doomed()[0]) and not any(_to_come(c) in new for c in self.entries)

    def _doomed(self) -> tuple[list[Change], list[Change]]:
        """The entries that go: with a glossary that goes early, and the others."""
        free = {g.live.id for g in self.turns.early if g.live}
        doomed = [c for c in self.entries if c.verb is Verb.DELETE and c.live]
        early = {c.address for c in doomed if c.live and c.live.scope[0] in free}
        return [c for c in doomed if c.address in early], [c for c in doomed if c.address not in early]

    def _glossaries(self) -> Iterator[Call]:
        carriers = []
        for persisted in (self.turns.first, self.turns.second):
            found = list(self._requests(GLOSSARY, [self._glossary(*p, persisted) for p in persisted], "persist"))
            carriers += [c.id for c in found if c.carrier is None]
            yield from found
        wanted = {a for c in self.entries if (a := _to_come(c)) in self.made}
        if wanted:
            yield self._list(wanted, carriers)

    def _list(self, wanted: set[str], carriers: Sequence[str]) -> Call:
        """The ids of new glossaries, which no answer has to tell (OC-R96); held where each of those is."""
        at = self.entries[0].address
        everybody = [c for c, _ in (*self.turns.first, *self.turns.second) if str(c.address) in wanted]
        held = all(any(not h.only for h in c.holds) for c in everybody)
        creates = frozenset(self.made[a] for a in wanted)
        return Call(
            id=self._found,
            target=at.target,
            kind=self.kind.name,
            address=Address(at.target, self.kind.name, "(list)"),
            method="POST",
            path=glossary_records.PATH,
            phase=Phase.UPDATE,
            body=glossary_records.BOTH,
            role=Role.FIND,
            after=creates if held or len(creates) == 1 else frozenset(),
            follows=frozenset(carriers),
            summary="list the glossaries, for the ids of new ones",
        )

    @property
    def _found(self) -> str:
        return f"{self.kind.name}#(list)"

    def _requests(self, word: str, riders: Sequence[Call], how: str) -> Iterator[Call]:
        for some in batches(riders, self.most):
            one = self._carrier(word, some[0], how)
            yield one
            yield from (replace(r, carrier=one.id, path=one.path) for r in some)

    def _carrier(self, word: str, rider: Call, how: str) -> Call:
        """One request for many, under the name of the kind that writes them all."""
        self.count += 1
        box = BOXES[word] if how == "persist" else carrying.ACTIONS
        path, what = f"/common/{BOXES[word]}/{how}", f"{how} {PLURALS[word]}"
        return carrying.carrier(self.kind, rider.target, self.count, path, what, box=box)

    def _glossary(self, change: Change, name: str, among: Sequence[Persisted]) -> Call:
        """Made, changed, renamed, or given a temporary name; after whoever had that name has given it up."""
        aside = among is self.turns.first and name != change.key
        rider = carrying.rider(change, "aside" if aside else "persist")
        first = self._first(change) if not aside else frozenset()
        rider = replace(rider, body=glossary_bodies.glossary(change, name), after=first)
        if aside or renames(self.kind, change):
            self.gives[change.address] = rider.id
        if change.live is None:
            self.made[str(change.address)], self.keys[str(change.address)] = rider.id, change.key
            effect = Effect(key=change.key, fields=glossary_bodies.glossary_fields(change))
            return replace(rider, phase=Phase.CREATE, effect=effect, summary=f"create Glossary {name}")
        was, changed = change.live.label, change.changed - {self.kind.key}
        fields = glossary_bodies.glossary_fields(change, changed)
        if aside or renames(self.kind, change):
            fields |= {"name": name}
        words = f"rename Glossary {was} to {name}" if "name" in fields else f"update Glossary {was}"
        return replace(
            rider, verify=not aside, effect=Effect(fields=fields), clobbers=("attributes",), summary=words
        )

    def _first(self, change: Change) -> frozenset[str]:
        """The calls by which whoever has its new name gives that up."""
        if not takes(self.kind, change):
            return frozenset()
        givers = self.turns.givers.get(slot(str(change.key)), ())
        return frozenset(self.gives[a] for a in givers if a in self.gives)

    def _gone(self, change: Change) -> Call:
        """After everything in it has gone."""
        own = change.live.id if change.live else ""
        rider, first = carrying.rider(change, "delete"), self.gives.get(change.address)
        self.gives[change.address] = rider.id
        return replace(
            rider,
            phase=Phase.DELETE,
            after=frozenset({*self.own.get(own, ()), *([first] if first else [])}),
            body={"dataType": GLOSSARY, "id": own, "type": "delete"},
            effect=Effect(gone=True),
            clobbers=("contained",),
            args=self._inside(change),
            summary=f"delete Glossary {change.label}",
        )

    def _inside(self, change: Change) -> JsonObject:
        """What keeps it from going: something in it that nothing of this plan takes out, since what was to do so
        is held for good."""
        there = change.live.fields.get("contained") if change.live else None
        staying = [i for i in (there if isinstance(there, list) else []) if i not in self.leaving]
        return {"inside": {"$id": f"what takes entry {staying[0]} out of it"}} if staying else {}

    def _persisted(self) -> list[Call]:
        coming = (c for c in self.entries if persists(c))
        return [entry_riders.persist(c, self._into(c), self._makes(c)) for c in coming]

    def _moved(self) -> list[Call]:
        return [
            r
            for c in self.entries
            if moves(c)
            for r in self._emptying(c, [entry_riders.move(c, self._into(c), self._makes(c))])
        ]

    def _into(self, change: Change) -> Value:
        """The id of the glossary that it is to be in, as far as it is known."""
        at = _to_come(change)
        if at not in self.made:
            return change.scope[0]
        return {"$find": {"read": self._found, "key": self.keys[at], "scope": []}}

    def _makes(self, change: Change) -> frozenset[str]:
        at = _to_come(change)
        return frozenset({self.made[at]} if at in self.made else ())

    def _emptying(self, change: Change, riders: Iterable[Call]) -> list[Call]:
        """The same, remembered as what takes something out of the glossary that it is in."""
        found = list(riders)
        at = str(change.live.scope[0]) if change.live else ""
        self.own.setdefault(at, []).extend(r.id for r in found)
        return found

    def _deletes(self, doomed: Iterable[Change]) -> list[Call]:
        own = {c.live.id: c.address for c in self.entries if c.live and c.verb is Verb.DELETE}
        return [r for c in doomed for r in self._emptying(c, entry_riders.deletes(c, own))]


def _things(doomed: Sequence[Change]) -> int:
    """The entries, and the translations that go along."""
    return sum(1 + len(goes_along(c)) for c in doomed)


def _to_come(change: Change) -> str:
    """The address of the glossary that an entry is to be in, where that is yet to be made."""
    into = change.scope[0] if change.scope else None
    return str(into.get("$id")) if isinstance(into, dict) else ""
