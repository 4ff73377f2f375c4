"""The calls that bring about changes of schedules (OA-R75 to OA-R82)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Final

from reconciler.model.change import Change, Value, Verb
from reconciler.model.document import Address
from reconciler.model.json import Json, canonical
from reconciler.model.kind import Kind
from reconciler.model.plan import Call, Effect, Phase, Role
from reconciler.model.record import replace
from reconciler.providers.omni_analytics.endpoints import ENDPOINTS, of_one
from reconciler.providers.omni_analytics.schedule_asked import OWNER, RECIPIENTS
from reconciler.providers.omni_analytics.schedule_parse import A_TILE
from reconciler.providers.omni_analytics.schedule_recipients import (
    EVERYBODY,
    SETS,
    addresses,
    call_for,
    recipients_alone,
    repair,
)
from reconciler.providers.omni_analytics.schedule_review import HALF_READ, PAUSED
from reconciler.providers.rest.bodies import delta_of
from reconciler.providers.rest.sets import own_id

SPREAD: Final = ("alert", "options")
"""Fields whose parts lie flat in a body."""
PASSWORD: Final = "password"  # noqa: S105 - the name of a field


def calls(kind: Kind, changes: Sequence[Change]) -> list[Call]:
    """Per schedule its own call, then recipients, pause or resume, transfer, one after the other (OA-R85)."""
    found = [c for change in changes if change.writes for c in _in_a_row(_calls(kind, change))]
    return _names_in_order(changes, found)


def _calls(kind: Kind, change: Change) -> Iterator[Call]:
    if change.removes:
        yield _delete(change)
        return
    if change.verb in (Verb.CREATE, Verb.REPLACE):
        yield from _made(kind, change)
    elif change.changed - {PAUSED, OWNER}:
        yield from _put(kind, change)
    else:
        yield from recipients_alone(change)
    new = change.verb in (Verb.CREATE, Verb.REPLACE)
    if change.wire.get(PAUSED) is True if new else PAUSED in change.changed:
        yield _pause(change, paused=change.wire.get(PAUSED) is True)
    if OWNER in (change.wire if new else change.changed):
        yield _transfer(change)


# The schedule itself


def _delete(change: Change) -> Call:
    call = call_for(change, "delete", of_one("deleteSchedule"), Phase.DELETE, "delete")
    own = change.live.id if change.live else None
    return replace(call, args={"id": own or own_id(change)}, live_id=own, effect=Effect(gone=True))


def _made(kind: Kind, change: Change) -> Iterator[Call]:
    """The whole declared object (OA-R75); in place of another one, after that is gone (OA-R81)."""
    create = call_for(change, "create", ENDPOINTS["createSchedule"], Phase.CREATE, "create")
    fields = {n: v for n, v in _shown(change.wire).items() if n not in (PAUSED, OWNER)}
    sets = {n: [e.id for e in delta_of(change, n).whole] for n in SETS if n in change.deltas}
    body = _body(kind, change, secret=True)
    effect = Effect(key=change.key, fields={**fields, **sets}, scope=change.scope)
    create = replace(create, body=body, effect=effect, new_id="/id")
    if change.verb is Verb.REPLACE:
        gone = _delete(change)
        yield gone
        create = replace(create, after=frozenset({gone.id}))
    yield create


def _put(kind: Kind, change: Change) -> Iterator[Call]:
    """Always the whole declared object (OA-R76). Whether its recipients replace is not documented: where somebody
    is to go, one look follows, and what that shows amiss is repaired (OA-R77)."""
    renamed = "name" in change.changed
    put = call_for(change, "update", of_one("updateSchedule"), Phase.UPDATE, "rename" if renamed else "update")
    sets = {n: [e.id for e in change.deltas[n].whole] for n in SETS if n in change.deltas}
    changed = {n: change.wire[n] for n in sorted(change.changed - {PAUSED, OWNER})}
    effect = Effect(key=change.key if renamed else None, fields={**_shown(changed), **sets})
    overwritten = {n for n in change.wire if n not in (PAUSED, OWNER)} | set(sets)
    body = _body(kind, change, secret=PASSWORD in change.changed)
    put = replace(put, body=body, effect=effect, clobbers=tuple(sorted(overwritten | _mail(change))))
    yield put
    if any(d.remove for d in change.deltas.values()):
        yield from repair(change, put)


def _mail(change: Change) -> set[str]:
    """What the PUT overwrites of a schedule whose recipients nobody compares."""
    to_people = change.live is not None and RECIPIENTS in change.live.fields
    return {EVERYBODY} if to_people and not set(SETS) & change.deltas.keys() else set()


def _body(kind: Kind, change: Change, *, secret: bool) -> dict[str, Value]:
    """Everything declared, flat, and everybody who is to get the mail (OA-R76, OA-R77)."""
    left_out = {PAUSED, OWNER, *(() if secret else (PASSWORD,))}
    body: dict[str, Value] = {}
    for name in change.wire.keys() - left_out:
        body |= _flat(kind, name, _value(change, name))
    everybody = addresses(change)
    body |= {"recipients": everybody} if everybody else {}
    return {name: body[name] for name in sorted(body) if body[name] is not None}


def _value(change: Change, name: str) -> Value:
    """As declared; what others may change, and what waits, as it is live, None where no read shows it."""
    if name not in _kept(change):
        return change.wire[name]
    return change.live.fields.get(name) if change.live and name not in HALF_READ else None


def _flat(kind: Kind, name: str, value: Value) -> dict[str, Value]:
    one = kind.fields[name]
    if name in SPREAD and isinstance(value, dict):
        return {one.entries[n].wire_name: v for n, v in value.items()}
    return {one.wire_name: value}


def _kept(change: Change) -> set[str]:
    """The fields of a live thing that are sent as they are."""
    if change.live is None or change.verb is Verb.REPLACE or change.document is None:
        return set()
    ignored = {name.removeprefix("spec.") for name in change.document.lifecycle.ignore}
    return ignored | {h.only for h in change.holds if h.only}


def _shown(values: Mapping[str, Value]) -> dict[str, Value]:
    """Values as a read shows them. What no read shows stays: then nobody can say anything against it."""
    shown = {"tile": A_TILE}
    found = {n: shown.get(n, v) for n, v in values.items()}
    alert = found.get("alert")
    return {**found, "alert": {"when": alert["when"]}} if isinstance(alert, dict) else found


# Its state and its owner


def _pause(change: Change, *, paused: bool) -> Call:
    word = "pause" if paused else "resume"
    call = call_for(change, word, of_one(f"{word}Schedule"), Phase.CHANGE, word)
    return replace(call, effect=Effect(fields={PAUSED: paused}), clobbers=(PAUSED,))


def _transfer(change: Change) -> Call:
    """Last of all. A 400 may say that he owns it already: a look at his schedules tells (OA-R80)."""
    line = of_one("transferScheduleOwnership")
    call = call_for(change, "transfer", line, Phase.CHANGE, "transfer the ownership of")
    owner = change.wire[OWNER]
    return replace(call, body={"userId": owner}, effect=Effect(fields={OWNER: owner}), looks=True)


# Order


def _in_a_row(row: Iterable[Call]) -> Iterator[Call]:
    """Each call on an object waits for those before it, and for what was to repair them."""
    before: frozenset[str] = frozenset()
    for call in row:
        yield call if call.trigger and call.phase is Phase.ADD else replace(call, waits=call.waits | before)
        before |= {call.id}


def _names_in_order(changes: Sequence[Change], found: Sequence[Call]) -> list[Call]:
    """Who takes a name goes after who leaves it. Names need not be unique here: where they go round in a circle,
    one is taken before it is left (OA-R66)."""
    leaving = {_place(c.live.scope, c.live.key): c for c in changes if c.live and _leaves(c)}
    taking = {c.address: _place(c.scope, c.key) for c in changes if _takes(c)}
    first = {c.address: c.id for c in reversed(found) if c.phase in (Phase.UPDATE, Phase.DELETE) and not c.trigger}
    after: dict[Address, Address] = {}
    for address, place in sorted(taking.items()):
        leaver = leaving.get(place)
        if leaver and leaver.address != address and leaver.address in first and not _leads(after, leaver, address):
            after[address] = leaver.address
    return [
        replace(c, after=c.after | {first[after[c.address]]})
        if c.address in after and c.phase in (Phase.CREATE, Phase.UPDATE) and c.role is Role.WRITE
        else c
        for c in found
    ]


def _leads(after: Mapping[Address, Address], leaver: Change, taker: Address) -> bool:
    here: Address | None = leaver.address
    while here is not None:
        if here == taker:
            return True
        here = after.get(here)
    return False


def _leaves(change: Change) -> bool:
    return change.verb in (Verb.DELETE, Verb.REPLACE) or "name" in change.changed


def _takes(change: Change) -> bool:
    return change.verb in (Verb.CREATE, Verb.REPLACE) or "name" in change.changed


def _place(scope: Sequence[Value], key: Json) -> str:
    return canonical([list(scope), key])
