"""Live as it will be once a plan is carried out: all of it, or what is not held."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from reconciler.access.seen import MADE, World
from reconciler.model.change import Change, Delta, Entry, Value, Verb
from reconciler.model.document import Address
from reconciler.model.entries import entry_text
from reconciler.model.json import Json, canonical
from reconciler.model.kind import Field, Kind
from reconciler.model.live import Resource
from reconciler.model.plan import Call, Plan, Role
from reconciler.model.record import Record, field, replace
from reconciler.model.shows import entries_by_id

NEW = "\x00new/"
"""How the id of a thing begins that is yet to be created."""


class Ids(Record, frozen=True):
    """What stands for ids that are not known yet, as one text each. `calls`: those of the plan, by id."""

    calls: Mapping[str, Call] = field(default_factory=dict)

    def text(self, value: Value) -> str:
        if isinstance(value, str):
            return value
        word, at = next(iter(value.items())) if isinstance(value, dict) and len(value) == 1 else ("", None)
        if word == "$id":
            return f"{NEW}{at}"
        if word == "$from" and isinstance(at, dict) and str(at.get("call")) in self.calls:
            return f"{NEW}{self.calls[str(at['call'])].address}"
        if word == "$made" and isinstance(at, dict):
            return f"{MADE}{at.get('kind')}/{at.get('key')}"
        if word == "$find" and isinstance(at, dict) and str(at.get("read")) in self.calls:
            return f"{MADE}{self.calls[str(at['read'])].kind}/{at.get('key')}"
        return entry_text(value)

    def resolved(self, value: Value) -> Json:
        """A value with every id to come as its text."""
        if isinstance(value, dict):
            if len(value) == 1 and next(iter(value)) in ("$id", "$from", "$made", "$find"):
                return self.text(value)
            return {k: self.resolved(v) for k, v in value.items()}
        return [self.resolved(v) for v in value] if isinstance(value, list) else value


class Held(Record, frozen=True):
    """What of one address stays as it is. `entries`: set field -> texts of the ids of its entries that do."""

    whole: bool = False
    removals: bool = False
    fields: frozenset[str] = frozenset()
    entries: Mapping[str, frozenset[str]] = field(default_factory=dict)


def held_of(plan: Plan, ids: Ids) -> dict[Address, Held]:
    """What the plan holds, by its holds and by the calls that are kept back with something else."""
    calls: dict[Address, list[Call]] = {}
    for call in plan.calls:
        if not call.contingent and call.role is Role.WRITE:
            calls.setdefault(call.address, []).append(call)
    return {a.address: _held(a.holds, calls.get(a.address, []), ids) for a in plan.actions}


def _held(holds: Iterable[object], calls: Sequence[Call], ids: Ids) -> Held:
    words = [getattr(hold, "only", "") for hold in holds]
    kept = [c for c in calls if c.held]
    entries: dict[str, set[str]] = {}
    for call in kept:
        if call.set_field is not None:
            named = (*(i for i, _ in call.effect.present), *call.effect.absent)
            entries.setdefault(call.set_field, set()).update(map(ids.text, named))
    return Held(
        whole="" in words or bool(calls and len(kept) == len(calls)),
        removals="remove" in words,
        fields=frozenset(n for c in kept if c.set_field is None for n in c.effect.fields),
        entries={name: frozenset(found) for name, found in entries.items()},
    )


def believed(world: World, changes: Iterable[Change], kinds: Mapping[tuple[str, str], Kind], ids: Ids) -> World:
    """Live as it was read, with what no read shows as far as it was last sent as it is declared: entries, and
    roles in objects."""
    things = {at: {r.id: r for r in there} for at, there in world.things.items()}
    unsure = dict(world.unsure)
    for change in changes:
        at, live = (change.address.target, change.address.kind), change.live
        if live is None or change.verb is Verb.REPLACE or live.id not in things.get(at, {}):
            continue
        for name in _sent_before(kinds[at], change):
            here = things[at][live.id]
            held = {**here.fields, name: ids.resolved(change.wire[name])}
            things[at][live.id] = replace(here, fields=held)
            unsure[*at, live.id] = unsure.get((*at, live.id), frozenset()) | {name}
        for name, delta in change.deltas.items():
            one, here = kinds[at].fields[name], things[at][live.id]
            shown = entries_by_id(one, live.fields.get(name))
            hidden = {text: e for e in delta.kept if (text := ids.text(e.id)) not in shown}
            if hidden:
                there = [*shown.values(), *(_entry(one, e, ids) for e in hidden.values())]
                things[at][live.id] = replace(here, fields={**here.fields, name: there})
                known = unsure.get((*at, live.id), frozenset())
                unsure[*at, live.id] = known | {f"{name}/{text}" for text in hidden}
    return replace(world, things={at: tuple(there.values()) for at, there in things.items()}, unsure=unsure)


def _sent_before(kind: Kind, change: Change) -> list[str]:
    """The objects that no read returns, and in which the role is what was sent last."""
    known = change.bond.digests if change.bond and change.live and change.bond.id == change.live.id else {}
    roles = {n: f"{n}.{one.gives.role_from}" for n, one in kind.fields.items() if one.gives and one.unreadable}
    return [
        n for n, at in roles.items() if n in change.wire and at in known and known[at] == change.digests.get(at)
    ]


def after(
    before: World,
    changes: Iterable[Change],
    kinds: Mapping[tuple[str, str], Kind],
    ids: Ids,
    held: Mapping[Address, Held] | None = None,
) -> World:
    """The world with these changes made, those left out that are held. `held` None: with all that waits."""
    things = {at: {r.id: r for r in there} for at, there in before.things.items()}
    unsure = dict(before.unsure)
    for change in sorted(changes if held is not None else map(lifted, changes), key=_depth):
        kept = (held or {}).get(change.address, Held())
        if kept.whole or not change.writes or change.verb in (Verb.OBSERVE, Verb.RELEASE, Verb.ARCHIVE):
            continue
        at = (change.address.target, change.address.kind)
        there = things.setdefault(at, {})
        if change.verb in (Verb.DELETE, Verb.DEACTIVATE):
            there.pop(change.live.id if change.live else "", None)
            continue
        made = _Made(change, kinds[at], kept, ids)
        one = made.resource(there)
        there[one.id] = one
        unsure[*at, one.id] = unsure.get((*at, one.id), frozenset()) | made.unsure
    return replace(before, things={at: tuple(there.values()) for at, there in things.items()}, unsure=unsure)


def lifted(change: Change) -> Change:
    """The change with what a hold has left out of it."""
    if not change.withheld and not any(h.only for h in change.holds):
        return change
    fields = {n: v for n, v in change.withheld.items() if not isinstance(v, Delta)}
    sets = {n: v for n, v in change.withheld.items() if isinstance(v, Delta)}
    wire = {**change.wire, **fields}
    waiting = {*fields, *(h.only for h in change.holds if h.only in wire)}
    deltas = {n: _both(change.deltas.get(n, Delta()), d) for n, d in sets.items()}
    return replace(change, wire=wire, changed=change.changed | waiting, deltas={**change.deltas, **deltas})


def _both(one: Delta, other: Delta) -> Delta:
    return Delta(
        (*one.add, *other.add),
        (*one.change, *other.change),
        (*one.remove, *other.remove),
        (*one.kept, *other.kept),
        (*one.others, *other.others),
    )


def _depth(change: Change) -> tuple[int, Address]:
    """What stands above comes first: a new child has its parent's value of some fields."""
    return (len(change.key) if isinstance(change.key, list) else 0), change.address


class _Made(Record):
    """One thing after its change. `unsure`: what nobody could tell of it before."""

    change: Change
    kind: Kind
    held: Held
    ids: Ids
    unsure: set[str] = field(default_factory=set)

    def resource(self, others: Mapping[str, Resource]) -> Resource:
        change = self.change
        anew = change.verb is Verb.REPLACE
        if change.live is None:
            parent = self.ids.text(change.parent) if change.parent is not None else None
            scope = tuple(self.ids.resolved(v) for v in change.scope)
            fields = self._fields({}, self._assumed(others.get(parent or "")))
            return Resource(f"{NEW}{change.address}", change.key, fields, change.label, parent, scope=scope)
        now = others.get(change.live.id, change.live)
        fields = self._fields({} if anew else now.fields, {})
        renamed = change.verb is Verb.RENAME
        parent = self.ids.text(change.parent) if renamed and change.parent is not None else change.live.parent
        key = change.key if renamed and change.key is not None else change.live.key
        return replace(now, fields=fields, key=key, parent=parent)

    def _assumed(self, above: Resource | None) -> dict[str, Json]:
        """What the API assumes of a new thing, or gives it from the one above."""
        found: dict[str, Json] = {}
        for one in self.kind.fields.values():
            if one.gives is not None:
                value = above.fields.get(one.name) if one.inherited and above else self.kind.default(one.name)
                found |= {one.name: value} if value is not None else {}
        return found

    def _fields(self, before: Mapping[str, Json], assumed: Mapping[str, Json]) -> dict[str, Json]:
        change, anew = self.change, self.change.live is None or self.change.verb is Verb.REPLACE
        own = [n for n in change.wire if n in self.kind.fields and n not in self.held.fields]
        names = [n for n in own if anew or n in change.changed]
        if not anew and change.live is not None:
            self.unsure |= {n for n in names if n not in change.live.fields}
        found = {**assumed, **before}
        for name in names:
            found |= dict.fromkeys(self._alike(name, before), self.ids.resolved(change.wire[name]))
        for name, delta in change.deltas.items():
            if name in self.kind.fields and name not in self.held.fields:
                found[name] = self._entries(self.kind.fields[name], delta, before)
        return found

    def _alike(self, name: str, before: Mapping[str, Json]) -> list[str]:
        """A field, and those that show the same value of a live thing in other words."""
        wire = self.kind.fields[name].wire
        return [
            name,
            *(n for n, one in self.kind.fields.items() if n != name and one.wire == wire and n in before),
        ]

    def _entries(self, one: Field, delta: Delta, before: Mapping[str, Json]) -> list[Json]:
        kept = self.held.entries.get(one.name, frozenset())
        there = dict(entries_by_id(one, before.get(one.name)))
        live = self.change.live
        untold = set(live.unknown.get(one.name, ())) if live else set()
        hidden = live is not None and one.name not in live.fields and self.change.verb is not Verb.REPLACE
        if self.change.live is None or self.change.verb is Verb.REPLACE:
            there = {self.ids.text(e.id): _entry(one, e, self.ids) for e in (*delta.kept, *delta.others)}
        for entry in delta.remove if not self.held.removals else ():
            if (text := self.ids.text(entry.id)) not in kept:
                there.pop(text, None)
        for entry in (*delta.add, *delta.change):
            if (text := self.ids.text(entry.id)) not in kept:
                before_ = there.get(text)
                new = _entry(one, entry, self.ids)
                there[text] = {**before_, **new} if isinstance(before_, dict) and isinstance(new, dict) else new
                self.unsure |= {f"{one.name}/{text}"} if hidden or text in untold else set()
        return [e for found in there.values() for e in (found if isinstance(found, list) else [found])]


def _entry(one: Field, entry: Entry, ids: Ids) -> Json:
    """An entry as a reading would show it."""
    if not one.entries:
        return ids.text(entry.id) if isinstance(entry.id, str | dict) else canonical(entry.id)
    return {**entry.live, **{n: ids.resolved(v) for n, v in entry.wire.items()}}
