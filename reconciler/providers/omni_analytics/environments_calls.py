"""One POST for all new environments of a base, then a PUT of values for each, losers before gainers (OA-R142 to
OA-R145)."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from typing import Final

from reconciler.model.change import Change, Delta, Entry, Value
from reconciler.model.json import Json, JsonObject, canonical, pick
from reconciler.model.kind import Kind
from reconciler.model.plan import Call, Effect, Phase
from reconciler.model.record import Record
from reconciler.model.values import told_at
from reconciler.providers.omni_analytics.circles import aside
from reconciler.providers.omni_analytics.endpoints import ENDPOINTS
from reconciler.providers.omni_analytics.environments_reads import (
    ENVIRONMENTS,
    link_of,
    values_before,
    values_of,
)

LINK: Final = "#link"
ARG: Final = "connectionEnvironmentId"


class Step(Record, frozen=True):
    """One PUT: an environment and the values it is given. `parked`: for the moment only."""

    entry: Entry
    values: tuple[str, ...]
    parked: bool = False


def calls(kind: Kind, changes: Sequence[Change]) -> list[Call]:  # noqa: ARG001 - the verb's shape
    """Base by base (OA-C26)."""
    return [call for change in changes if change.writes for call in _calls(change)]


def _calls(change: Change) -> Iterator[Call]:
    delta = change.deltas.get(ENVIRONMENTS, Delta())
    new = [e for e in delta.add if link_of(change, e) is None]
    links: dict[str, Value] = {}
    if new:
        post = _link(change, new)
        yield post
        places = {_text(e.id): n for n, e in enumerate(new)}
        links = {i: {"$from": {"call": post.id, "path": told_at(n, "id")}} for i, n in places.items()}
    writing = [e for e in (*delta.add, *delta.change) if _text(e.id) not in links or values_of(e)]
    for entry in writing:
        links.setdefault(_text(entry.id), link_of(change, entry))
    yield from _puts(change, writing, links)


def _link(change: Change, new: Sequence[Entry]) -> Call:
    method, path = ENDPOINTS["createConnectionEnvironments"].split(" ", 1)
    base, ids = change.wire["base"], [e.id for e in new]
    known = [i for i in ids if isinstance(i, str)]
    whom = " and ".join(e.shown for e in new)
    return Call(
        id=f"{change.address}{LINK}",
        target=change.address.target,
        kind=change.address.kind,
        address=change.address,
        method=method,
        path=path,
        args={"id": base},
        body={
            "baseConnectionId": base,
            "environmentConnectionIds": ",".join(known) if known == ids else {"$join": ids},
        },
        phase=Phase.ADD,
        summary=f"link {whom} to {change.label} as environments",
        effect=Effect(set_field=ENVIRONMENTS, present=tuple((e.id, {"connection": e.id}) for e in new)),
        live_id=change.live.id if change.live else None,
        new_id=None if change.live else "{id}",
        set_field=ENVIRONMENTS,
        asks=(
            f"were {whom} linked to {change.label}? Nothing can tell; plan and apply once more: where they were, "
            "the API refuses them as 'not valid' and does nothing; then write the `id` of each link beside it"
        ),
    )


# Values


def _puts(change: Change, writing: Sequence[Entry], links: Mapping[str, Value]) -> Iterator[Call]:
    """The PUTs in an order in which no value ever belongs to two environments."""
    steps = in_order(change, writing)
    for n, step in enumerate(steps):
        before = [_put_id(change, s) for s in steps[:n] if _must_precede(change, s, step)]
        yield _put(change, step, links[_text(step.entry.id)], before)


def in_order(change: Change, writing: Sequence[Entry]) -> list[Step]:
    """Who gives a value up goes before who gets it; where they go round in circles, as few as can be wait aside
    under what they keep, or under a value that nobody has (OA-R144)."""
    has = {_text(e.id): values_before(change, e) or frozenset() for e in writing}
    left = [Step(e, tuple(values_of(e))) for e in sorted(writing, key=lambda e: e.shown)]
    giving = [left[n] for n in sorted(aside(waiting(change, [s.entry for s in left])))]
    found: list[Step] = []
    while left:
        ready = next((s for s in left if not _claims(s, left, has)), None)
        if ready is None:
            first = giving.pop(0)
            parked = _aside(change, first, has[_text(first.entry.id)])
            has[_text(first.entry.id)] = frozenset(parked.values)
            found.append(parked)
        else:
            left.remove(ready)
            found.append(ready)
    return found


def _claims(step: Step, left: Sequence[Step], has: Mapping[str, frozenset[str]]) -> list[Step]:
    """The others that still have a value which this one is to get."""
    others = (s for s in left if s.entry is not step.entry)
    return [s for s in others if has[_text(s.entry.id)] & set(step.values)]


def _aside(change: Change, step: Step, has: frozenset[str]) -> Step:
    kept = tuple(v for v in step.values if v in has)
    name = hashlib.sha256(f"{change.address} {step.entry.shown}".encode()).hexdigest()[:10]
    return Step(step.entry, kept or (f"tmp-{name}",), parked=True)


def _must_precede(change: Change, first: Step, then: Step) -> bool:
    """The same environment's own first step; and whoever gives up what is needed."""
    if first.entry is then.entry:
        return True
    had = values_before(change, first.entry) or frozenset()
    return bool((had - set(first.values)) & set(then.values))


def _put_id(change: Change, step: Step) -> str:
    return f"{change.address}#{'park' if step.parked else 'values'}:{_text(step.entry.id)}"


def _put(change: Change, step: Step, link: Value, before: Sequence[str]) -> Call:
    method, path = ENDPOINTS["updateConnectionEnvironment"].split(" ", 1)
    entry = step.entry
    shown = ", ".join(step.values) or "no value"
    word = f"for the moment {shown}" if step.parked else shown
    wire = {**entry.wire, "values": list[Json](step.values)}
    return Call(
        id=_put_id(change, step),
        target=change.address.target,
        kind=change.address.kind,
        address=change.address,
        method=method,
        path=path,
        args={ARG: link, "id": change.wire["base"]},
        body={"userAttributeValues": ",".join(step.values)},
        phase=Phase.CHANGE,
        summary=f"let {word} lead to {entry.shown} instead of {change.label}",
        after=frozenset(before),
        effect=Effect(set_field=ENVIRONMENTS, present=((entry.id, wire),)),
        live_id=change.live.id if change.live else None,
        set_field=ENVIRONMENTS,
    )


def told(kind: Kind, call: Call, body: Json) -> dict[str, JsonObject]:  # noqa: ARG001 - the verb's shape
    """Of a POST the id of each link; of a PUT the values sent, which nothing else remembers (OA-R140)."""
    if ARG not in call.args:
        known = {_text(i) for i, _ in call.effect.present}
        rows = _answered(body)
        return {i: {"id": own, "values": []} for i, own in rows.items() if i in known}
    link = call.args[ARG]
    own: JsonObject = {"id": link} if isinstance(link, str) else {}
    return {_text(i): {**own, "values": wire["values"]} for i, wire in call.effect.present}


def _answered(body: Json) -> dict[str, str]:
    """The connection of each link -> the link's id, in the answer's older form or its newer one."""
    rows = next(
        (rows for at in ("/data", "/connectionEnvironments") if isinstance(rows := pick(body, at), list)), []
    )
    found: dict[str, str] = {}
    for row in rows:
        connection = row.get("environmentConnectionId", row.get("connectionId")) if isinstance(row, dict) else None
        if isinstance(row, dict) and isinstance(connection, str) and isinstance(row.get("id"), str):
            found[connection] = str(row["id"])
    return found


def bound(kind: Kind, changes: Sequence[Change]) -> int:  # noqa: ARG001 - the verb's shape
    """OA-C26, without looking at the calls: one POST per base with a new environment, one PUT per environment
    whose values change, one more for each that has to step aside out of circles of values."""
    return sum(_least(c) for c in changes if c.writes)


def _least(change: Change) -> int:
    delta = change.deltas.get(ENVIRONMENTS, Delta())
    entries = (*delta.add, *delta.change)
    new = [e for e in delta.add if link_of(change, e) is None]
    puts = [e for e in entries if e not in new or values_of(e)]
    return bool(new) + len(puts) + len(aside(waiting(change, puts)))


def waiting(change: Change, puts: Sequence[Entry]) -> dict[int, set[int]]:
    """Who gets a value that which others give up, by their places."""
    every = [*enumerate(puts)]
    return {n: {m for m, other in every if m != n and _passes(change, other, e)} for n, e in every}


def _passes(change: Change, giver: Entry, getter: Entry) -> bool:
    had = values_before(change, giver) or frozenset()
    return bool((had - set(values_of(giver))) & set(values_of(getter)))


def _text(value: Value) -> str:
    return value if isinstance(value, str) else canonical(value)
