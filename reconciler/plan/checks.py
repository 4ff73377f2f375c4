"""What must still hold when a call is about to overwrite, delete or create: checked by fresh readings, grouped."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from reconciler.model.change import Change, Verb
from reconciler.model.document import Address
from reconciler.model.kind import Kind, Page
from reconciler.model.live import Demand, Live
from reconciler.model.plan import Call, Check, Phase, Precondition
from reconciler.model.shows import live_digest


def preconditions(
    calls: Sequence[Call], changes: Mapping[Address, Change], kinds: Callable[[Change], Kind], live: Live
) -> tuple[Precondition, ...]:
    """One fresh reading per kind and target that is written to; one check per object."""
    by_kind: dict[tuple[str, str], dict[Address, list[Call]]] = {}
    for call in calls:
        by_kind.setdefault((call.target, call.kind), {}).setdefault(call.address, []).append(call)
    found = []
    for at in sorted(by_kind):
        checks = [_check(changes[a], own, kinds(changes[a])) for a, own in sorted(by_kind[at].items())]
        kind = kinds(changes[next(iter(by_kind[at]))])
        demand = _narrowed(live.demands[at], checks, by_kind[at])
        found.append(Precondition(demand, tuple(checks), _requests(kind, demand, live, at)))
    return tuple(found)


def _check(change: Change, calls: Sequence[Call], kind: Kind) -> Check:
    ids = tuple(c.id for c in calls if not c.contingent)
    if change.live is None:
        return Check(change.address, ids, key=change.key, absent=True)
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


def _narrowed(demand: Demand, checks: Sequence[Check], by_address: Mapping[Address, Sequence[Call]]) -> Demand:
    """The same reading, but nothing asked for singly: the checks speak of what the list shows."""
    removing = demand.removing and any(c.phase is Phase.DELETE for own in by_address.values() for c in own)
    ids = tuple(sorted({c.id for c in checks if c.id is not None} & set(demand.ids)))
    return Demand(demand.target, demand.kind, demand.by, demand.wanted, ids, removing)


def _requests(kind: Kind, demand: Demand, live: Live, at: tuple[str, str]) -> int:
    """How many requests the reading took when planned, as far as its pages go."""
    listing = kind.rest.list
    if listing is None or listing.page is Page.NONE:
        return 1 + demand.removing
    path = listing.call.split(" ", 1)[1]
    return max(1, sum(r.target == at[0] and r.path == path for r in live.requests))
