"""A run of the past as people are told of it: how it ended, what it did to which thing, who gained what. Pure."""

from __future__ import annotations

from collections.abc import Iterable

from reconciler.model.access import AccessChange
from reconciler.model.json import canonical
from reconciler.model.outcome import End
from reconciler.model.past import HELD, RunInFull
from reconciler.model.plan import Action, Role
from reconciler.model.record import Record, replace
from reconciler.report.ends import Stuck, counted, how_many, stuck, things
from reconciler.report.facts import grants

DONE, PARTIAL = "done", "partial"


def as_told(found: RunInFull) -> RunInFull:
    """The run with its calls counted as its own report did, what it recorded without any, and how it ended: a run
    that could do nothing, since everything was held, has not done all it was to do."""
    counts = counted(found.report, found.plan)
    waiting = how_many(End.HELD, things(found.report, found.plan, End.HELD), held_firmly(found))
    counts[End.HELD] = waiting
    status = found.run.status
    if status == DONE and waiting:
        status = PARTIAL if counts[End.DONE] or found.kept else HELD
    run = replace(found.run, counts=+counts, kept=len(found.kept), lifted=found.lifted, status=status)
    return replace(found, run=run)


def held_firmly(found: RunInFull) -> list[Stuck]:
    """What was held so firmly that there was no call to hold; what a person lifted was not."""
    lifted = {one.rule_at for one in found.lifted}
    left = (
        Stuck(s.action, tuple(h for h in s.holds if f"{h.rule}@{s.action.address}" not in lifted))
        for s in stuck(found.plan)
    )
    return [one for one in left if one.holds]


def done(found: RunInFull, actions: Iterable[Action]) -> bool | None:
    """Whether all calls that serve these were done, or none at all; None where some were."""
    ends = {o.call: o.end for o in found.report.outcomes}
    served = {i for a in actions for i in a.calls}
    own = [c for c in found.plan.calls if c.id in served and c.role is Role.WRITE and c.trigger is None]
    worked = [ends.get(c.id) is End.DONE for c in own if ends.get(c.id) is not End.HELD]
    return True if worked and all(worked) else None if any(worked) else False


class Gained(Record, frozen=True):
    """Who gained or lost access in a run. `sure` False: not everything that it may hang on was done."""

    change: AccessChange
    sure: bool


def access_of(found: RunInFull) -> list[Gained]:
    """What the run changed of who can do what, as its plan foretold it, as far as its calls were done. What hangs
    on none that was done is left out."""
    told = []
    for change in found.plan.access:
        if change.held and not found.lifted:
            continue
        happened = done(found, _behind(found, change))
        if happened is None or (happened and change.held and found.run.counts.get(End.HELD)):
            told.append(Gained(replace(change, held=False), sure=False))
        elif happened:
            told.append(Gained(replace(change, held=False), sure=True))
    return told


def _behind(found: RunInFull, change: AccessChange) -> list[Action]:
    """The actions that such a change may hang on: those that grant something, and of them those that the change
    names, where not all went the same way."""
    own = [a for a in found.plan.actions if a.address.target == change.target and a.calls]
    granting = [a for a in own if grants(a)] or own
    if done(found, granting) is not None:
        return granting
    named = {change.object.name, *change.who, *(step.name for step in change.path)}
    return [a for a in granting if not named.isdisjoint(_names(a))] or granting


def _names(action: Action) -> set[str]:
    key = action.bond.key if action.bond else None
    return {action.address.name, action.label, key if isinstance(key, str) else canonical(key)}
