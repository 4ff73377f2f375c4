"""The plan: what is to be done and why, the exact calls in their order, and what they cost."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any

from reconciler.model.catalog import Catalog, Verbs
from reconciler.model.change import Change, Changes, FieldChange, Hold, Verb
from reconciler.model.document import Address, Desired
from reconciler.model.holding import with_holds
from reconciler.model.json import NOTHING, canonical
from reconciler.model.kind import Kind
from reconciler.model.live import Live
from reconciler.model.plan import RECORDED_NEXT, Action, Call, Phase, Plan, PlanTarget, ReadingCost
from reconciler.model.record import replace
from reconciler.model.recorded import Bond, Recorded
from reconciler.plan.checks import preconditions
from reconciler.plan.deletes import delete_rule
from reconciler.plan.edges import kinds_in_order, mentioned_first, renamed_last, replaced_late
from reconciler.plan.guards import guarded
from reconciler.plan.look_ups import MADE, with_look_ups
from reconciler.plan.names import held_by_names
from reconciler.plan.numbers import numbered
from reconciler.plan.order import ordered
from reconciler.plan.promised import fill_ids, promises


def build(
    changes: Changes,
    desired: Desired,
    live: Live,
    recorded: Recorded,
    catalog: Catalog,
    bases: Mapping[str, str],
    tool: str,
    made_at: str,
) -> Plan:
    """`bases`: target -> base URL, which the plan is bound to. Raises DependencyCycle."""

    known: dict[tuple[str, str], Kind] = {}

    def kind_of(change: Change) -> Kind:
        at = (change.address.target, change.address.kind)
        if at not in known:
            known[at] = catalog.kind(desired.targets[at[0]].provider, at[1])
        return known[at]

    held = held_by_names(guarded(changes, desired, live, recorded, kind_of), kind_of)
    while (found := _held_by_promises(held, kind_of, catalog))[0] is not held:
        held = held_by_names(found[0], kind_of)
    by_address = {c.address: c for c in held}
    provider = {t.name: t.provider for t in desired.targets.values()}.__getitem__
    calls, readings = with_look_ups(found[1], live, catalog, provider)
    kinds = catalog.across({t.name: t.provider for t in desired.targets.values()})
    calls = numbered(ordered(delete_rule(_in_order(calls, by_address, kinds), by_address, kinds), kinds))
    calls = _with_holds(calls, by_address)
    waiting = _waiting(calls)
    return Plan(
        stamp="",
        tool=tool,
        manifests=desired.digest,
        targets=_targets(desired, catalog, bases, held),
        actions=_actions(held, calls, kind_of),
        calls=tuple(calls),
        preconditions=(*preconditions(calls, by_address, kind_of, live, catalog), *readings),
        reads=tuple(sorted(f"{r.target}: {r}" for r in live.requests)),
        bound=_bound([c for c in held if c.address not in waiting], kind_of, catalog)
        + sum(c.address.name == MADE and not c.held for c in calls),
        commit=desired.commit,
        made_at=made_at,
        left_out=desired.left_out,
        warnings=tuple(str(w) for w in desired.warnings),
        ledger_head=recorded.head if recorded.exists else "",
        reading=tuple(_reading(live)),
    )


def _in_order(
    calls: Sequence[Call], changes: Mapping[Address, Change], kinds: Mapping[tuple[str, str], Kind]
) -> list[Call]:
    """The calls with the edges that follow from what they mention, and from what their kinds follow."""
    found = replaced_late(mentioned_first(calls, kinds), calls)
    return renamed_last(kinds_in_order(found, changes, kinds), kinds)


def _reading(live: Live) -> Iterator[ReadingCost]:
    """Per target what its reading was to take, and took."""
    for target, forecast in sorted(live.foretold.items()):
        made = sum(r.target == target for r in live.requests)
        pages = live.pages.get(target, {})
        yield ReadingCost(target, forecast.requests, forecast.least, made, pages)


def _targets(
    desired: Desired, catalog: Catalog, bases: Mapping[str, str], changes: Sequence[Change]
) -> tuple[PlanTarget, ...]:
    used = {c.address.target for c in changes}
    return tuple(
        PlanTarget(
            t.name, t.provider, bases.get(t.name, ""), t.per_minute or catalog.providers[t.provider].per_minute
        )
        for _, t in sorted(desired.targets.items())
        if t.name in used
    )


def _by_family(
    changes: Iterable[Change], kind_of: Callable[[Change], Kind], catalog: Catalog
) -> Iterator[tuple[Kind, Verbs, list[Change]]]:
    """The changes that one kind writes: its own, and those of the kinds that join it; with that kind's verbs."""
    found: dict[tuple[str, str], list[Change]] = {}
    families: dict[tuple[str, str], tuple[str, str]] = {}
    for change in changes:
        at = (change.address.target, change.address.kind)
        if at not in families:
            families[at] = (at[0], kind_of(change).family)
        found.setdefault(families[at], []).append(change)
    for (_, name), group in sorted(found.items(), key=lambda at: at[0]):
        provider = kind_of(group[0]).provider
        yield catalog.kind(provider, name), catalog.verbs[provider, name], group


def _calls(changes: Sequence[Change], kind_of: Callable[[Change], Kind], catalog: Catalog) -> list[Call]:
    """The kinds' own calls, for every change that has calls at all. What a final hold stops has none: nobody can
    know them before it is mended."""
    found: list[Call] = []
    going = (c for c in changes if not (c.holds and any(h.final and not h.only for h in c.holds)))
    for kind, verbs, group in _by_family(going, kind_of, catalog):
        found += verbs.calls(kind, group)
    return fill_ids(found)


def _held_by_promises(
    changes: list[Change], kind_of: Callable[[Change], Kind], catalog: Catalog
) -> tuple[list[Change], list[Call]]:
    """Whatever needs a change that will not be made, or the id of a thing that will not be created, waits with it;
    and so on down the line. With the calls that are left."""
    calls: list[Call] = []
    for _ in range(len(changes) + 1):
        waiting, calls = _harmful(changes), _calls(changes, kind_of, catalog)
        for call in calls:
            missing = promises([dict(call.args), dict(call.query), call.body, [w for w, _ in call.effect.present]])
            if missing:
                waiting[call.address] = min(missing)
        if not waiting:
            return changes, calls
        changes = [_depends(c, waiting[c.address]) if c.address in waiting else c for c in changes]
    return changes, calls


def _harmful(changes: Sequence[Change]) -> dict[Address, str]:
    """The changes that would do harm without another one that is held for good: their address -> that one's."""
    stuck = {c.address for c in changes if c.holds and any(h.final and not h.only for h in c.holds)}
    if not stuck:
        return {}
    return {c.address: str(min(on)) for c in changes if c.address not in stuck and (on := c.needs & stuck)}


def _depends(change: Change, on: str) -> Change:
    hold = Hold("depends-on", f"{on} is held, and this needs it", f"mend {on} first", final=True)
    return replace(change, holds=(*change.holds, hold))


def _with_holds(calls: Sequence[Call], changes: Mapping[Address, Change]) -> list[Call]:
    """Mark held calls with their rules; whatever needs a held call's result is held with it. A delete that only
    waits for one goes on without it, but keeps the edge: a hold may be lifted when the plan is applied."""

    def own(call: Call) -> list[str]:
        change = changes.get(call.address)  # a request that carries others has none of its own
        return [h.rule for h in change.holds if _concerns(h, call)] if change else []

    return list(with_holds(calls, own).values())


def _concerns(hold: Hold, call: Call) -> bool:
    return not hold.only or (hold.only == "remove" and call.phase is Phase.REMOVE)


def _actions(
    changes: Sequence[Change], calls: Sequence[Call], kind_of: Callable[[Change], Kind]
) -> tuple[Action, ...]:
    by_address: dict[Address, list[str]] = {}
    for call in calls:
        by_address.setdefault(call.address, []).append(call.id)
    coming = any(c.verb is Verb.CREATE or c.verb is Verb.REPLACE for c in changes)
    own = {address: tuple(ids) for address, ids in by_address.items()}
    return tuple(_action(c, own.get(c.address, ()), kind_of(c), coming=coming) for c in changes)


def _placed(change: Change) -> tuple[FieldChange, ...]:
    """The field changes with the places where their values are declared."""
    document = change.document
    if document is None:
        return change.fields
    return tuple(replace(f, place=document.at("spec", *f.path)) for f in change.fields)


def _action(change: Change, calls: tuple[str, ...], kind: Kind, *, coming: bool) -> Action:
    """`coming`: something is made by this plan, so that an id may be still to come."""
    bond = _bond(change, kind, coming=coming)
    access = bool(change.fields) and any(f.access for f in change.fields)
    if change.verb is not Verb.NONE and change.removes:
        access = any(f.access for f in kind.fields.values())
    return Action(
        verb=change.verb,
        address=change.address,
        label=change.label,
        place=change.document.place if change.document else None,
        fields=_placed(change) if change.fields else (),
        holds=change.holds,
        notes=change.notes if change.bond is None else (*change.notes, *_recorded_next(change, bond)),
        effects=change.effects,
        calls=calls,
        bond=bond,
        previous=change.previous,
        access=access,
    )


def _recorded_next(change: Change, new: Bond | None) -> Iterator[str]:
    """What an apply is still to record of a thing that is as declared: what leaving git will mean for it."""
    old = change.bond
    if change.verb is Verb.NONE and new is not None and old is not None:
        was = (old.on_remove, old.protect, tuple(sorted(old.allow)))
        if (new.on_remove, new.protect, new.allow) != was:
            yield RECORDED_NEXT


def _bond(change: Change, kind: Kind, *, coming: bool) -> Bond | None:
    """What the ledger will remember of this address; the id of a new thing is filled in when it is known."""
    document = change.document
    if document is None or change.verb is Verb.OBSERVE:
        return None
    made = change.was_made or change.verb is Verb.CREATE
    life = document.lifecycle
    bond = Bond(
        address=change.address,
        id=change.live.id if change.live else "",
        key=change.key,
        made=made,
        label=change.label,
        on_remove=life.on_remove or (kind.prune.default if made else "release"),
        protect=life.protect,
        allow=tuple(sorted(life.allow)) if life.allow else (),
        digests=_comparable(change) if coming else change.digests,
        entries=change.entries_ours,
        by=change.by,
        once=document.once,
        names=_names(change) if change.names else NOTHING,
        exact_in=document.nest.exact_in if document.nest else (),
    )
    past = _past(change) if change.bond is not None else {}
    return replace(bond, **past) if past else bond


def _names(change: Change) -> dict[str, str]:
    return {n: v if isinstance(v, str) else canonical(v) for n, v in change.names.items()}


def _comparable(change: Change) -> Mapping[str, str]:
    """What is kept of each field; nothing of one that is not sent and names a thing still to come: that thing has
    no id by now, so nothing that is kept could be compared with it later."""
    if change.live is None:
        return change.digests
    late = {n for n, v in change.wire.items() if n not in change.changed and promises(v)}
    return {n: d for n, d in change.digests.items() if n.partition(".")[0] not in late}


def _past(change: Change) -> dict[str, Any]:
    """What the ledger knows of a thing's history, as far as it still speaks of what is declared now."""
    bond = change.bond
    if bond is None or change.live is None or bond.id != change.live.id:
        return {}
    told = {*bond.sent, *bond.differs}
    same = {f for f in told if f in change.digests and bond.digests.get(f) == change.digests[f]}
    return {
        "sent": {f: n for f, n in bond.sent.items() if f in same},
        "differs": {f: d for f, d in bond.differs.items() if f in same},
        "lost": () if change.once else bond.lost,
        "told": bond.told,
    }


def _waiting(calls: Sequence[Call]) -> set[Address]:
    """The addresses all of whose calls are held, by their own rule or by what they depend on."""
    planned = [c for c in calls if not c.contingent]
    return {c.address for c in planned} - {c.address for c in planned if not c.held}


def _bound(changes: Sequence[Change], kind_of: Callable[[Change], Kind], catalog: Catalog) -> int:
    """The least number of writes the formulas allow for what is not held."""
    free = (_free(c) if c.holds else c for c in changes if not c.holds or all(h.only for h in c.holds))
    return sum(verbs.bound(kind, group) for kind, verbs, group in _by_family(free, kind_of, catalog))


def _free(change: Change) -> Change:
    """The change without the removals that a hold keeps back."""
    if not any(h.only == "remove" for h in change.holds):
        return change
    return replace(change, deltas={n: replace(d, remove=()) for n, d in change.deltas.items()})
