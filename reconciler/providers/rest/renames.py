"""Renames in an order that never needs two things under one name; a cycle gets one temporary name."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence

from reconciler.model.change import Change, Value, Verb
from reconciler.model.document import Address
from reconciler.model.json import Json, canonical
from reconciler.model.kind import Kind
from reconciler.model.normalise import normal, spoken
from reconciler.model.plan import Call, Effect, Phase
from reconciler.model.record import replace


def moves_key(kind: Kind, change: Change) -> bool:
    """Whether the change gives a live thing another key."""
    return change.live is not None and kind.key in change.changed and not _goes(change)


def cycles(kind: Kind, changes: Sequence[Change]) -> list[list[Change]]:
    """Every circle of renames (A to B, B to A), each from its smallest address on."""
    by_old = {_old(kind, c): c for c in changes if moves_key(kind, c)}
    found, seen = [], set[str]()
    for start in sorted(by_old.values(), key=lambda c: c.address):
        path: list[Change] = []
        here: Change | None = start
        while here is not None and str(here.address) not in seen:
            seen.add(str(here.address))
            path.append(here)
            here = by_old.get(_new(kind, here))
            if here is start and len(path) > 1:
                found.append(path)
    return found


def order_renames(kind: Kind, changes: Sequence[Change], calls: Sequence[Call]) -> list[Call]:
    """Who takes a name goes after who leaves it, by rename or delete; each cycle starts with a temporary name."""
    if not calls:
        return []
    leaving = {_old(kind, c): c for c in changes if c.live and _leaves(kind, c)}
    writes = {c.address: c for c in calls if c.phase in (Phase.CREATE, Phase.UPDATE, Phase.DELETE)}
    circles = {path[0].address: path for path in cycles(kind, changes)}
    ordered: list[Call] = []
    takers = {c.address: c for c in changes if c.verb is Verb.CREATE or moves_key(kind, c)}
    for call in calls:
        taker = takers.get(call.address)
        leaver = leaving.get(_new(kind, taker)) if taker else None
        before = writes.get(leaver.address) if leaver and leaver.address != call.address else None
        linked = replace(call, after=call.after | {before.id}) if before else call
        if call.address in circles:
            ordered += through_temporary(kind, circles[call.address], linked)
        else:
            ordered.append(_redirected(circles, linked))
    return ordered


def _leaves(kind: Kind, change: Change) -> bool:
    return moves_key(kind, change) or _goes(change)


def _goes(change: Change) -> bool:
    """Whether the live thing is deleted, perhaps to be made anew."""
    return change.verb in (Verb.DELETE, Verb.REPLACE)


def through_temporary(kind: Kind, circle: Sequence[Change], call: Call) -> list[Call]:
    """First to a temporary name, and last from there to the real one."""
    name = temporary(call)
    id_is_key = kind.rest.id == kind.key_field.wire
    aside = replace(
        call,
        id=f"{call.address}#aside",
        body=_under(kind, call, name),
        summary=f"rename {kind.name} {spoken(circle[0].live.key) if circle[0].live else ''} aside to {name}",
        expect={at: name for at in call.expect if at.endswith(kind.key_field.wire)},
        effect=Effect(key=name, fields={kind.key: name}),
        becomes=name if id_is_key else None,
        after=frozenset(),
    )
    final = replace(
        call,
        after=call.after | {aside.id},
        live_id=name if id_is_key else call.live_id,
        args={**call.args, "id": name} if id_is_key else call.args,
    )
    return [aside, final]


def _under(kind: Kind, call: Call, name: str) -> Value:
    """The body that gives the thing a name: the whole object where the endpoint wants that, else the name
    alone."""
    whole = kind.rest.update is not None and kind.rest.update.body == "declared" and isinstance(call.body, dict)
    return {**(call.body if whole and isinstance(call.body, dict) else {}), kind.key_field.wire_name: name}


def _redirected(circles: Mapping[Address, Sequence[Change]], call: Call) -> Call:
    """Who takes the name that a temporary rename has freed waits for that one, not for the last step."""
    for address in circles:
        if f"{address}#update" in call.after:
            return replace(call, after=(call.after - {f"{address}#update"}) | {f"{address}#aside"})
    return call


def temporary(call: Call) -> str:
    """A name nobody would choose, the same at every run: 14 characters, valid as a label and as a slug."""
    return "tmp-" + hashlib.sha256(str(call.address).encode()).hexdigest()[:10]


def _old(kind: Kind, change: Change) -> str:
    """The key that a live thing has, in its scope."""
    return _text(kind, change.live.key, change.live.scope) if change.live else ""


def _new(kind: Kind, change: Change) -> str:
    """The key that it will have, in its scope."""
    return _text(kind, change.key, change.scope)


def _text(kind: Kind, key: Json, scope: Sequence[Value]) -> str:
    return canonical([normal(kind.key_field, key), list(scope) if kind.scope else []])
