"""Which call must follow which besides: what mentions a thing, kinds that follow kinds, renames."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Final

from reconciler.model.change import Change, Value
from reconciler.model.document import Address
from reconciler.model.json import canonical
from reconciler.model.kind import Field, Kind
from reconciler.model.normalise import normal
from reconciler.model.plan import Call, Phase
from reconciler.model.record import replace
from reconciler.plan.deletes import Kinds, but
from reconciler.plan.order import earlier, riders_of


def mentioned_first(calls: Sequence[Call], kinds: Kinds) -> list[Call]:
    """Whatever writes the key of a thing (`x-mentions`) comes after the call that makes one with this key. A
    person may be of several kinds with one address: mentioned before any is made, it could be made as another."""
    makers = {
        (c.target, c.kind, canonical(normal(kind.key_field, c.effect.key))): c.id
        for c in calls
        if c.effect.key is not None and not c.contingent and (kind := kinds.get((c.target, c.kind)))
    }

    people = {at for at in {(target, name) for target, name, _ in makers} if kinds[at].access.person}

    def made(call: Call) -> Iterator[str]:
        kind = kinds.get((call.target, call.kind))
        for field, value in _written(kind, call) if kind else ():
            there = kinds.get((call.target, field.mentions or ""))
            also = [kinds[at] for at in people if at[0] == call.target] if there and there.access.person else []
            for one in [there, *also] if there else ():
                yield makers.get((call.target, one.name, canonical(normal(one.key_field, value))), "")

    return [
        replace(c, after=first) if (first := c.after | ({*made(c)} - {"", c.id})) != c.after else c for c in calls
    ]


def replaced_late(calls: Sequence[Call], plain: Sequence[Call]) -> list[Call]:
    """The first half of a replace comes after whatever its second half mentions has been made: should that fail,
    the thing is still there. `plain`: the same calls as they were before anything mentioned had its edge. Not
    where both halves would wait for each other, as when all of it goes in one request."""
    was = {c.id: c.after for c in plain}
    by_id, riders = {c.id: c for c in calls}, riders_of(calls)
    first: dict[str, set[str]] = {}
    for call in calls:
        makers = call.after - was[call.id]
        for half in (by_id[i] for i in was[call.id] if i in by_id and makers):
            if half.phase is Phase.DELETE and half.address == call.address:
                own = {half.id, *([half.carrier] if half.carrier else ())}
                free = {i for i in makers if own.isdisjoint(_all_before(i, by_id, riders))}
                first.setdefault(half.id, set()).update(free)
    return [replace(c, after=c.after | first[c.id]) if first.get(c.id) else c for c in calls]


def _all_before(call_id: str, by_id: Mapping[str, Call], riders: Mapping[str, set[str]]) -> set[str]:
    """Whatever comes before a call, and before the request that carries it."""
    carrier = by_id[call_id].carrier
    seen, left = set[str](), [call_id, *([carrier] if carrier else ())]
    while left:
        here = left.pop()
        if here not in seen:
            seen.add(here)
            left += earlier(by_id[here], by_id, riders, (by_id[here].waits, by_id[here].follows))
    return seen


def _written(kind: Kind, call: Call) -> Iterator[tuple[Field, Value]]:
    """Every field and subfield that a call writes, with the value; of a list of plain values each of these."""
    for name, value in call.effect.fields.items():
        plain = isinstance(value, list) and kind.fields[name].is_set
        yield from ((kind.fields[name], one) for one in (value if plain and isinstance(value, list) else [value]))
    own = kind.fields.get(call.set_field or "")
    if own is not None and own.mentions is not None:
        yield from ((own, entry) for entry, _ in call.effect.present)
    subs = kind.fields[call.effect.set_field].entries if call.effect.set_field else {}
    yield from ((subs[n], value) for _, wire in call.effect.present for n, value in wire.items() if n in subs)


EVERY: Final = ""
"""Stands for every thing of a kind, where no field says which one is followed."""


def kinds_in_order(calls: Sequence[Call], changes: Mapping[Address, Change], kinds: Kinds) -> list[Call]:
    """What makes or changes a thing begins once the writes to the things that it follows (`x-follows`) have ended,
    however they did; deletes go their own way."""
    writing: dict[tuple[str, str, str], set[str]] = {}
    for call in calls:
        change, kind = changes.get(call.address), kinds.get((call.target, call.kind))
        if call.phase is not Phase.DELETE and not call.contingent:
            for name in (EVERY, *(_names_of(change, kind) if change and kind else ())):
                writing.setdefault((call.target, call.kind, name), set()).add(call.id)

    followed: dict[tuple[tuple[str, str, str], ...], frozenset[str]] = {}  # one set for all who follow the same

    def first(call: Call) -> frozenset[str]:
        kind, change = kinds.get((call.target, call.kind)), changes.get(call.address)
        wire = change.wire if change else {}
        follows = kind.follows.items() if kind else ()
        at = tuple((call.target, o, canonical(wire.get(by)) if by else EVERY) for o, by in follows)
        if at not in followed:
            followed[at] = frozenset(i for one in at for i in writing.get(one, ()))
        return but(but(followed[at], call.after), call.waits)

    return [
        replace(c, follows=c.follows | before if c.follows else before)
        if c.phase is not Phase.DELETE and (before := first(c))
        else c
        for c in calls
    ]


def _names_of(change: Change, kind: Kind) -> set[str]:
    """What may stand in another document for the thing that a change is about: its id, the promise of one, its
    key."""
    own: Value = {"$id": str(change.address)}
    ids = [change.live.id] if change.live else []
    return {canonical(one) for one in (own, change.key, change.wire.get(kind.key), *ids) if one is not None}


def renamed_last(calls: Sequence[Call], kinds: Kinds) -> list[Call]:
    """Where the id is the name itself, what sends the old name goes before the call that changes it, unless it
    comes after that one for another reason."""
    by_id = {c.id: c for c in calls}
    sending: dict[tuple[str, str], dict[str, list[str]]] = {}
    for target, name in {(c.target, c.kind) for c in calls if c.becomes is not None and c.live_id is not None}:
        found = sending.setdefault((target, name), {})
        for call in (c for c in calls if c.target == target):
            for remote_id in _sent_ids(kinds, call, name):
                found.setdefault(remote_id, []).append(call.id)

    def first(call: Call) -> set[str]:
        if call.becomes is None or call.live_id is None:
            return set()
        others = sending[call.target, call.kind].get(call.live_id, ())
        return {i for i in others if i != call.id and not _comes_after(by_id, i, call.id)}

    return [replace(c, follows=c.follows | before) if (before := first(c)) else c for c in calls]


def _sent_ids(kinds: Kinds, call: Call, of: str) -> set[str]:
    """The ids of things of a kind that a call sends, or takes out of a set."""
    kind, found = kinds.get((call.target, call.kind)), set[str]()
    if kind is None:
        return found
    values = [(kind.fields[n], v) for n, v in call.effect.fields.items() if n in kind.fields]
    own = kind.fields.get(call.effect.set_field or "")
    entries = [*(i for i, _ in call.effect.present), *call.effect.absent]
    values += [(own, i) for i in entries] if own else []
    values += [(one, v) for one, v in _written(kind, call) if one.ref == of]
    for one, value in values:
        refs = {one.ref, *(one.entries[key].ref for key in one.keys)}
        if of in refs:
            found |= {i for i in (value if isinstance(value, list) else [value]) if isinstance(i, str)}
    return found


def _comes_after(by_id: Mapping[str, Call], one: str, other: str) -> bool:
    """Whether a call waits for another, directly or not."""
    seen, left = set[str](), [one]
    while left:
        here = left.pop()
        if here == other:
            return True
        if here not in seen and here in by_id:
            seen.add(here)
            left += (*by_id[here].after, *by_id[here].waits, *by_id[here].follows)
    return False
