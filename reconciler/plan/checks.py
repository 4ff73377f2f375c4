"""What must still hold when a call is about to overwrite, delete or create: checked by fresh readings, grouped."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import TypeAlias

from reconciler.model.call import Request, listing_of
from reconciler.model.catalog import Catalog, Verbs
from reconciler.model.change import Change, Value, Verb
from reconciler.model.document import Address
from reconciler.model.entries import entry_text
from reconciler.model.json import Json, canonical
from reconciler.model.kind import Kind
from reconciler.model.live import Collection, Demand, Live, Replies
from reconciler.model.plan import Call, Check, Phase, Precondition
from reconciler.model.record import replace
from reconciler.model.shows import Touched, asked_again, find, live_looks
from reconciler.model.values import sources


def preconditions(
    calls: Sequence[Call],
    changes: Mapping[Address, Change],
    kinds: Callable[[Change], Kind],
    live: Live,
    catalog: Catalog,
) -> tuple[Precondition, ...]:
    """One fresh reading per kind and target that is written to; one check per object."""
    by_kind: dict[tuple[str, str], dict[Address, list[Call]]] = {}
    for call in calls:
        if call.address in changes:
            by_kind.setdefault((call.target, call.kind), {}).setdefault(call.address, []).append(call)
    found = []
    listed: dict[tuple[str, str], set[Line]] = {}
    for at in sorted(by_kind, key=lambda at: (_all_held(by_kind[at]), at)):
        written = [(changes[a], own) for a, own in sorted(by_kind[at].items())]
        kind = kinds(written[0][0])
        verbs = catalog.verbs[(kind.provider, kind.name)]
        checks = tuple(c for change, own in written if (c := _check(change, own, kind, live.of(*at))))
        demand = asked_again(kind, _narrowed(live.demands[at], checks, written, kind), map(_touched, written))
        demand = _least(kind, verbs, demand, [change for change, _ in written], live)
        if verbs.guarding is not None:
            demand = verbs.guarding(kind, demand, [call for _, own in written for call in own])
        requests = _requests(kind, verbs, demand, live)
        if catalog.kind(kind.provider, kind.family).joined:
            requests = _anew(kind, verbs, demand, live, listed.setdefault((at[0], kind.family), set()))
        found.append(Precondition(replace(demand, moving=_moving(kind, at[0], calls)), checks, requests))
    return tuple(sorted(found, key=lambda p: (p.demand.target, p.demand.kind)))


def _all_held(calls: Mapping[Address, Sequence[Call]]) -> bool:
    """Whether its reading is made only if a hold is lifted: then it is another one that asks for what both
    need."""
    return all(c.held or c.contingent for own in calls.values() for c in own)


def _moving(kind: Kind, target: str, calls: Sequence[Call]) -> tuple[str, ...]:
    """What the plan changes of the things that a kind refers to in its sets."""
    refs = {sub.ref for f in kind.fields.values() if f.entry_keys for sub in f.entries.values()}
    there = (c.live_id for c in calls if c.target == target and c.kind in refs)
    return tuple(sorted({i for i in there if i is not None}))


def _known(value: Value) -> Json:
    """A scope that is made by the same plan holds nothing yet."""
    return None if isinstance(value, dict) else value


def _check(change: Change, calls: Sequence[Call], kind: Kind, live: Collection) -> Check | None:
    """None for what no reading could show anyhow."""
    ids = tuple(c.id for c in calls if not c.contingent)
    if change.live is None:
        if not kind.findable:
            return None
        scope = tuple(_known(v) for v in change.scope)
        holders = tuple(sorted(r.id for r in find(kind, live, change.key, scope)))
        first = next(iter(holders), None)
        return Check(change.address, ids, change.key, absent=True, id=first, fields=holders, scope=scope)
    deleting = change.verb in (Verb.DELETE, Verb.REPLACE)
    fields = _overwritten(kind, calls)
    looks = live_looks(kind, change.live, fields, contents=deleting)
    return Check(
        change.address, ids, change.live.key, id=change.live.id, fields=fields, contents=deleting, looks=looks
    )


def _overwritten(kind: Kind, calls: Sequence[Call]) -> tuple[str, ...]:
    """The fields written, `set/entry` for each entry touched, and `object/name` for each name that is merged: what
    others may have changed since. Not what a call of its own sends that is looked at when it is refused: no list
    shows it (OA-R70)."""
    writing = [c for c in calls if c.phase not in (Phase.CREATE, Phase.DELETE) and not c.looks]
    values = [(n, v) for c in writing for n, v in c.effect.fields.items()]
    merged = {f"{n}/{name}" for n, v in values if kind.fields[n].merged and isinstance(v, dict) for name in v}
    written = {n for n, _ in values if not kind.fields[n].merged} | merged
    written |= {name for c in calls for name in c.clobbers}
    entries = {f"{c.set_field}/{i}" for c in calls for i in _entry_ids(c) if c.set_field not in (None, *written)}
    return tuple(sorted(written | entries))


def _touched(written: tuple[Change, Sequence[Call]]) -> Touched:
    """What of a thing is written, by its id and the keys it has or had."""
    change, calls = written
    names = {n for c in calls for n in (*c.effect.fields, *c.clobbers, *([c.set_field] if c.set_field else []))}
    live = change.live
    return Touched(live.id if live else None, (change.key, *([live.key] if live else [])), frozenset(names))


def _entry_ids(call: Call) -> list[str]:
    spoken_of = (*(i for i, _ in call.effect.present), *call.effect.absent)
    return [entry_text(i) for i in spoken_of if isinstance(i, str | list) and not sources(i)]


def _narrowed(
    demand: Demand, checks: Sequence[Check], written: Sequence[tuple[Change, Sequence[Call]]], kind: Kind
) -> Demand:
    """The same reading, but nothing asked for singly, and only the lists that concern what is written: of a kind
    with several lists those that agree with a written thing in the first field that tells the lists apart."""
    removing = demand.removing and any(c.phase is Phase.DELETE for _, own in written for c in own)
    ids = tuple(sorted({c.id for c in checks if c.id is not None and not c.absent} & set(demand.ids)))
    first = next(iter(kind.rest.list.by), "") if kind.rest.list else ""
    concerned = {change.by.get(first) for change, _ in written}
    concerned |= {v for c, _ in written if c.live and isinstance(v := c.live.fields.get(first), str)}
    by = tuple(b for b in demand.by if b.get(first) in concerned) or demand.by
    return replace(demand, by=by, ids=ids, removing=removing)


def _least(kind: Kind, verbs: Verbs, demand: Demand, written: Sequence[Change], live: Live) -> Demand:
    """The least reading that shows what is overwritten afresh; the list as well where something is created or
    deleted, since only that shows what else is there."""
    overwritten = [c.live.id for c in written if c.live is not None and not c.removes]
    if len(overwritten) == len(written):
        return verbs.narrow(kind, demand, overwritten, _requests(kind, verbs, demand, live))
    gone = [c.live.id for c in written if c.live is not None and c.removes and not kind.findable]
    return verbs.narrow(kind, demand, [*overwritten, *gone], 0)


def _anew(kind: Kind, verbs: Verbs, demand: Demand, live: Live, known: set[Line]) -> int:
    """How many requests a kind of a family adds to those of the others, which are `known` and grow by it: what
    they ask alike is asked once."""
    firsts = verbs.reads(kind, demand, ())
    answers = _answers(live, demand)
    own = _replayed(kind, verbs, demand, firsts, answers) - known
    known |= own
    return len(own)


def _requests(kind: Kind, verbs: Verbs, demand: Demand, live: Live) -> int:
    """How many requests the reading takes, going by the answers that the planning got."""
    firsts = verbs.reads(kind, demand, ())
    if (demand.target, demand.kind) in live.replies:
        return len(_replayed(kind, verbs, demand, firsts, _answers(live, demand)))
    listings = {listing_of(request) for request in firsts}
    pages = {(r.path, r.query) for r in live.requests if listing_of(r) in listings}
    return max(len(firsts), len(pages))


def _answers(live: Live, demand: Demand) -> dict[Line, Json]:
    """What the planning was told, by what it asked; nothing where that is not kept."""
    kept = live.replies.get((demand.target, demand.kind))
    return {_line(r): body for r, body in kept.replies()} if kept is not None else {}


def _replayed(
    kind: Kind, verbs: Verbs, demand: Demand, batch: list[Request], known: Mapping[Line, Json]
) -> set[Line]:
    """Read again from the answers that are known; what was not asked then is counted, and leads nowhere."""
    replies: Replies = ()
    counted: set[Line] = set()
    while batch and len(counted) < MOST:
        counted |= {_line(r) for r in batch}
        replies += tuple((r, known[_line(r)]) for r in batch if _line(r) in known)
        asked = (r for r in verbs.reads(kind, demand, replies) if _line(r) not in counted)
        batch = [r for r in asked if _line(r) in known or demand.singly or not r.may_be_gone]
    return counted


Line: TypeAlias = "tuple[str, str, tuple[tuple[str, str], ...], str]"
MOST = 10_000
"""Requests of one reading: a list that goes on longer never ends."""


def _line(request: Request) -> Line:
    return request.method, request.path, request.query, canonical(request.body)
