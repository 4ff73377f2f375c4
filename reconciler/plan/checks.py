"""What must still hold when a call is about to overwrite, delete or create: checked by fresh readings, grouped."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from reconciler.model.call import listing_of
from reconciler.model.catalog import Catalog, Verbs
from reconciler.model.change import Change, Verb
from reconciler.model.document import Address
from reconciler.model.kind import Kind
from reconciler.model.live import Collection, Demand, Live
from reconciler.model.plan import Call, Check, Phase, Precondition
from reconciler.model.shows import find, live_digest


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
        by_kind.setdefault((call.target, call.kind), {}).setdefault(call.address, []).append(call)
    found = []
    for at in sorted(by_kind):
        written = [(changes[a], own) for a, own in sorted(by_kind[at].items())]
        kind = kinds(written[0][0])
        checks = tuple(_check(change, own, kind, live.of(*at)) for change, own in written)
        demand = _narrowed(live.demands[at], checks, written, kind)
        requests = _requests(kind, catalog.verbs[(kind.provider, kind.name)], demand, live)
        found.append(Precondition(demand, checks, requests))
    return tuple(found)


def _check(change: Change, calls: Sequence[Call], kind: Kind, live: Collection) -> Check:
    ids = tuple(c.id for c in calls if not c.contingent)
    if change.live is None:
        holders = tuple(sorted(r.id for r in find(kind, live, change.key)))
        return Check(change.address, ids, change.key, absent=True, id=next(iter(holders), None), fields=holders)
    deleting = change.verb is Verb.DELETE
    fields = _overwritten(calls)
    digest = live_digest(kind, change.live, fields, contents=deleting)
    return Check(
        change.address, ids, change.live.key, id=change.live.id, fields=fields, contents=deleting, digest=digest
    )


def _overwritten(calls: Sequence[Call]) -> tuple[str, ...]:
    """The fields written, and `set/entry` for each entry touched: what others may have changed since."""
    written = {name for c in calls if c.phase is Phase.UPDATE for name in c.effect.fields}
    entries = {f"{c.set_field}/{i}" for c in calls for i in _entry_ids(c) if c.set_field}
    return tuple(sorted(written | entries))


def _entry_ids(call: Call) -> list[str]:
    return [i for i in (*(i for i, _ in call.effect.present), *call.effect.absent) if isinstance(i, str)]


def _narrowed(
    demand: Demand, checks: Sequence[Check], written: Sequence[tuple[Change, Sequence[Call]]], kind: Kind
) -> Demand:
    """The same reading, but nothing asked for singly, and only the lists that concern what is written: of a kind
    with several lists those that agree with a written thing in the first field that tells the lists apart."""
    removing = demand.removing and any(c.phase is Phase.DELETE for _, own in written for c in own)
    ids = tuple(sorted({c.id for c in checks if c.id is not None and not c.absent} & set(demand.ids)))
    first = next(iter(kind.rest.list.by), "") if kind.rest.list else ""
    concerned = {change.by.get(first) for change, _ in written}
    by = tuple(b for b in demand.by if b.get(first) in concerned) or demand.by
    return Demand(demand.target, demand.kind, by, demand.wanted, ids, removing)


def _requests(kind: Kind, verbs: Verbs, demand: Demand, live: Live) -> int:
    """How many requests the reading took when planned, as far as its pages go."""
    firsts = verbs.reads(kind, demand, ())
    listings = {listing_of(request) for request in firsts}
    pages = {(r.path, r.query) for r in live.requests if listing_of(r) in listings}
    return max(len(firsts), len(pages))
