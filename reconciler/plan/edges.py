"""Which call must follow which: values, references, the delete rule; and the numbers of all in their order."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Final, TypeAlias

from reconciler.model.change import Change, Value
from reconciler.model.document import Address
from reconciler.model.holding import CARRIED
from reconciler.model.json import Json, canonical
from reconciler.model.kind import Field, Kind
from reconciler.model.normalise import normal
from reconciler.model.plan import Call, Effect, Phase, Role
from reconciler.model.record import replace
from reconciler.model.values import sources
from reconciler.plan.look_ups import looked_up
from reconciler.plan.order import earlier, riders_of

Thing: TypeAlias = "tuple[str, str, str | None]"
"""(target, kind, id), as far as it is known."""


def fill_ids(calls: Sequence[Call]) -> list[Call]:
    """Every `{"$id": address}` becomes `{"$from": …}` of the call that creates it, and an edge to that call."""
    creators = {str(c.address): c for c in calls if c.new_id is not None and not c.contingent}

    def fill(value: Value) -> Value:
        if isinstance(value, dict):
            if set(value) == {"$id"}:
                creator = creators.get(str(value["$id"]))
                return {"$from": {"call": creator.id, "path": creator.new_id}} if creator else value
            made = value.get("$made")
            if set(value) == {"$made"} and isinstance(made, dict):
                creator = creators.get(str(made["by"]))
                return looked_up(creator, made) if creator else value
            return {k: fill(v) for k, v in value.items()}
        return [fill(v) for v in value] if isinstance(value, list) else value

    return [_with_sources(_mapped(call, fill) if _open(call) else call) for call in calls]


def _open(call: Call) -> bool:
    """Whether anything of a call waits for a thing that is yet to be made."""
    effect = call.effect
    told: list[Value] = [call.body, dict(call.args), dict(call.query), dict(call.expect), dict(effect.fields)]
    told += [*effect.absent, *effect.scope]
    return any(map(promises, told)) or any(promises(i) or promises(dict(w)) for i, w in effect.present)


def promises(value: Value) -> set[str]:
    """The addresses whose ids a value still waits for, with no call in sight that would create them."""
    if isinstance(value, dict):
        if set(value) == {"$id"}:
            return {str(value["$id"])}
        if set(value) == {"$made"} and isinstance(made := value["$made"], dict):
            return {str(made["by"])}
        return {p for v in value.values() for p in promises(v)}
    return {p for v in value for p in promises(v)} if isinstance(value, list) else set()


def _mapped(call: Call, fill: Callable[[Value], Value]) -> Call:
    effect = call.effect

    def each(values: Mapping[str, Json]) -> dict[str, Json]:
        return {k: fill(v) for k, v in values.items()}

    return replace(
        call,
        args=each(call.args),
        query=each(call.query),
        body=fill(call.body),
        expect=each(call.expect),
        effect=Effect(
            effect.key,
            effect.gone,
            each(effect.fields),
            effect.set_field,
            tuple((fill(i), each(w)) for i, w in effect.present),
            tuple(fill(i) for i in effect.absent),
            tuple(fill(v) for v in effect.scope),
        ),
    )


def _with_sources(call: Call) -> Call:
    """A call comes after those whose answers it needs; also one that names a thing by its key where its effect has
    the id: the thing has to be there (a fall-back comes after what it stands in for, which is enough)."""
    effect = {} if call.contingent else dict(call.effect.fields)
    needed = sources([dict(call.args), dict(call.query), call.body, effect]) - {call.id}
    return call if needed <= call.after else replace(call, after=call.after | needed)


Kinds: TypeAlias = "Mapping[tuple[str, str], Kind]"
"""(target, name of the kind) -> the kind."""


def delete_rule(calls: Sequence[Call], changes: Mapping[Address, Change], kinds: Kinds) -> list[Call]:
    """Deletes go upward, after every other write of their scope has succeeded: their own kind, and the kinds that
    refer to it. A delete that frees a name for another call is the exception; and what goes along with the thing,
    after its delete, is not waited for by it."""
    children = _children(calls, changes)
    frees = _freeing(calls, children)
    scopes: dict[tuple[str, str], frozenset[str]] = {}
    found = []
    for call in calls:
        if call.phase is Phase.DELETE and not call.contingent:
            after = call.after | children.get(_thing(call), frozenset())
            at = (call.target, call.kind)
            if at not in scopes and call.id not in frees:
                scopes[at] = _scope(call, calls, kinds)
            waits = frozenset() if call.id in frees else scopes[at]
            waits = _but(waits, after)
            found.append(replace(call, after=after, waits=call.waits | waits if call.waits else waits))
        else:
            found.append(call)
    return found


def _freeing(calls: Sequence[Call], children: Mapping[Thing, frozenset[str]]) -> set[str]:
    """The deletes that free a name for another call, and those that have to go before them."""
    deletes = {c.id: c for c in calls if c.phase is Phase.DELETE}
    left = [i for c in calls if c.phase is not Phase.DELETE for i in c.after if i in deletes]
    found = set[str]()
    while left:
        here = left.pop()
        if here not in found:
            found.add(here)
            first = deletes[here].after | children.get(_thing(deletes[here]), frozenset())
            left += [i for i in first if i in deletes]
    return found


def _thing(call: Call) -> Thing:
    return call.target, call.kind, call.live_id


def _children(calls: Sequence[Call], changes: Mapping[Address, Change]) -> dict[Thing, frozenset[str]]:
    """Live thing -> the deletes of what lies in it."""
    found: dict[Thing, set[str]] = {}
    for call in calls:
        change = changes.get(call.address)
        parent = change.live.parent if change and change.live else None
        if call.phase is Phase.DELETE and parent is not None:
            found.setdefault((call.target, call.kind, parent), set()).add(call.id)
    return {thing: frozenset(ids) for thing, ids in found.items()}


def _scope(call: Call, calls: Sequence[Call], kinds: Kinds) -> frozenset[str]:
    refer = {name for (target, name), kind in kinds.items() if target == call.target and _refers(kind, call.kind)}
    near = {call.kind} | refer
    carriers = {c.carrier for c in calls}
    along = _behind(call, calls)
    return frozenset(
        c.id
        for c in calls
        if c.target == call.target
        and c.role is Role.WRITE
        and c.id not in carriers
        and c.kind in near
        and (c.phase is not Phase.DELETE or (c.kind != call.kind and c.id not in along))
    )


def _behind(call: Call, calls: Sequence[Call]) -> set[str]:
    """The deletes that come after one of the kind of this, or after what one of this kind comes after itself: they
    go along with it, or beside it, and it cannot wait for them."""
    followers: dict[str, list[str]] = {}
    deletes = [c for c in calls if c.phase is Phase.DELETE and c.target == call.target]
    for one in deletes:
        for before in one.after:
            followers.setdefault(before, []).append(one.id)
    found, left = set[str](), [i for c in deletes if c.kind == call.kind for i in (c.id, *c.after)]
    while left:
        fresh = [i for i in followers.get(left.pop(), ()) if i not in found]
        found.update(fresh)
        left += fresh
    return found


def _refers(kind: Kind, to: str) -> bool:
    fields = [*kind.fields.values(), *(s for f in kind.fields.values() for s in f.entries.values())]
    return any(to in (f.ref, f.mentions) for f in fields)


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
        return _but(_but(followed[at], call.after), call.waits)

    return [
        replace(c, follows=c.follows | before if c.follows else before)
        if c.phase is not Phase.DELETE and (before := first(c))
        else c
        for c in calls
    ]


def _but(ids: frozenset[str], others: frozenset[str]) -> frozenset[str]:
    """The very same set where nothing is to be taken out of it."""
    return ids if ids.isdisjoint(others) else ids - others


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


def numbered(calls: Sequence[Call]) -> list[Call]:
    """The calls under their numbers, from 1."""
    names = {call.id: str(n) for n, call in enumerate(calls, 1)}

    def rename(value: Value) -> Value:
        if isinstance(value, dict):
            [word] = value if len(value) == 1 else [""]
            source = value.get(word)
            if word in ("$from", "$find") and isinstance(source, dict):
                at = "call" if word == "$from" else "read"
                return {word: {**{k: rename(v) for k, v in source.items()}, at: names[str(source[at])]}}
            if word in CARRIED:
                return {word: names[str(source)]}
            return {k: rename(v) for k, v in value.items()}
        return [rename(v) for v in value] if isinstance(value, list) else value

    sets: dict[frozenset[str], frozenset[str]] = {}  # what many wait for in common stays one set

    def known(ids: frozenset[str]) -> frozenset[str]:
        if ids not in sets:
            sets[ids] = frozenset(names[i] for i in ids if i in names)
        return sets[ids]

    return [_renamed(_mapped(call, rename), names, known) for call in calls]


def _renamed(call: Call, names: Mapping[str, str], known: Callable[[frozenset[str]], frozenset[str]]) -> Call:
    trigger = call.trigger
    return replace(
        call,
        id=names[call.id],
        after=known(call.after),
        waits=known(call.waits),
        follows=known(call.follows),
        carrier=names[call.carrier] if call.carrier else None,
        trigger=replace(trigger, refused=names[trigger.refused], chain=names.get(trigger.chain or ""))
        if trigger
        else None,
    )
