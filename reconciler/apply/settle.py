"""What an interrupted run left in doubt is looked up before anything else is done."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from reconciler.apply.judge import facts
from reconciler.apply.look import Kinds, Look, with_values
from reconciler.apply.send import PAUSE, found_id
from reconciler.model.catalog import Catalog
from reconciler.model.clock import Clock
from reconciler.model.json import Json
from reconciler.model.live import Collection
from reconciler.model.outcome import SETTLED, End, Journal, Outcome, Unfinished
from reconciler.model.plan import Call, Plan
from reconciler.model.plan_json import from_json
from reconciler.model.shows import find


@dataclass(frozen=True, slots=True)
class Settled:
    """An interrupted run, looked up. `outcomes`: every call of its plan that was begun. `in_doubt`: calls nobody
    can tell anything about, with a sentence each."""

    plan: Plan
    outcomes: Mapping[str, Outcome] = field(default_factory=dict)
    in_doubt: tuple[str, ...] = ()


async def settle(unfinished: Unfinished, catalog: Catalog, journal: Journal, look: Look, clock: Clock) -> Settled:
    """Look whether each call in doubt happened, tell the ledger, and close the run. Two readings in a row must
    lack a call's effect before it counts as not sent. Raises RemoteFault where live cannot be read."""
    plan = from_json(unfinished.plan)
    calls = {c.id: c for c in plan.calls}
    kinds = Kinds(catalog, plan)
    outcomes = dict(unfinished.outcomes)
    doubt: list[str] = []
    for group in _groups([calls[i] for i in unfinished.sent if i in calls]):
        for outcome in await _settle_group(group, kinds, look, clock, outcomes):
            outcomes[outcome.call] = outcome
            journal.conclude(unfinished.run, calls[outcome.call].address, outcome)
            if outcome.end is End.IN_DOUBT:
                doubt.append(f"{calls[outcome.call].address}: {calls[outcome.call].line}")
    journal.finish(unfinished.run, SETTLED)
    return Settled(plan, outcomes, tuple(doubt))


def _groups(calls: list[Call]) -> list[list[Call]]:
    found: dict[tuple[str, str], list[Call]] = {}
    for call in calls:
        found.setdefault((call.target, call.kind), []).append(call)
    return list(found.values())


async def _settle_group(
    calls: list[Call], kinds: Kinds, look: Look, clock: Clock, outcomes: Mapping[str, Outcome]
) -> list[Outcome]:
    results = {i: o.result for i, o in outcomes.items() if o.end is End.DONE}
    live = await look(kinds.demand(calls[0]), "settle")
    found = [_settled(c, kinds, live, results) for c in calls]
    if any(o.end is End.NOT_SENT for o in found):
        await clock.sleep(PAUSE)
        live = await look(kinds.demand(calls[0]), "settle")
        found = [
            _settled(c, kinds, live, results) if o.end is End.NOT_SENT else o
            for c, o in zip(calls, found, strict=True)
        ]
    return found


def _settled(call: Call, kinds: Kinds, live: Collection, results: Mapping[str, Mapping[str, Json]]) -> Outcome:
    verdict = kinds.settled(with_values(call, results), live)
    if verdict is None:
        return Outcome(call.id, End.IN_DOUBT, "interrupted, and no reading can tell whether it happened")
    if verdict is False:
        return Outcome(call.id, End.NOT_SENT, "interrupted; live shows that it did not happen", settled=True)
    known = facts(call, None, results) | found_id(call, find(kinds.of(call), live, call.effect.key))
    return Outcome(call.id, End.DONE, "interrupted; live shows that it happened", 0, known, settled=True)
