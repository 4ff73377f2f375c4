"""What an interrupted run left in doubt is looked up before anything else is done."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Final

from reconciler.apply.doubt import PAUSE, asked, by_kind, happened, in_part, once_only, unseen, untold
from reconciler.apply.interrupted import named, remember
from reconciler.apply.judge import created, harmless
from reconciler.apply.look import Kinds, Look, with_values
from reconciler.model.catalog import Catalog
from reconciler.model.clock import Clock
from reconciler.model.document import Address
from reconciler.model.faults import LedgerUnusable
from reconciler.model.json import Json
from reconciler.model.live import Collection
from reconciler.model.outcome import SETTLED, End, Fact, Journal, Outcome, Unfinished
from reconciler.model.plan import Call, Plan, Role
from reconciler.model.plan_older import kept_plan
from reconciler.model.record import Record, field, replace
from reconciler.model.recorded import Bond
from reconciler.model.values import sources

NOWHERE_TO_LOOK: Final = "interrupted, and nobody can tell where to look for it"


class Settled(Record, frozen=True):
    """An interrupted run, looked up. `outcomes`: every call of its plan that was begun. `in_doubt`: what nobody
    can tell anything about, and what a person has to answer, with a sentence each."""

    plan: Plan
    outcomes: Mapping[str, Outcome] = field(default_factory=dict)
    in_doubt: tuple[str, ...] = ()


async def settle(
    unfinished: Unfinished,
    catalog: Catalog,
    journal: Journal,
    look: Look,
    clock: Clock,
    known: Callable[[], Mapping[Address, Bond]] = dict,
) -> Settled:
    """Look whether each call in doubt happened, tell the ledger, and close the run. Two readings in a row must
    lack a call's effect before it counts as not sent. `known`: the bonds as the ledger has them when it is asked.
    Raises RemoteFault where live cannot be read, LedgerUnusable where this version cannot read its plan."""
    plan = kept(unfinished)
    calls, kinds = {c.id: c for c in plan.calls}, Kinds(catalog, plan)
    outcomes = dict(unfinished.outcomes)
    doubt = {o.call: _asking(calls[o.call], o) for o in _unheard(unfinished, journal) if o.call in calls}

    def conclude(outcome: Outcome) -> None:
        call = calls[outcome.call]
        outcomes[outcome.call] = outcome
        journal.conclude(unfinished.run, call.address, outcome)
        if outcome.question or (outcome.end is End.IN_DOUBT and call.id not in carriers):
            doubt[call.id] = _asking(call, outcome)

    sent = [calls[i] for i in unfinished.sent if i in calls]
    carriers = {c.carrier for c in plan.calls if c.carrier}
    for call in (c for c in sent if unseen(kinds.of(c), c)):
        conclude(asked(call, "interrupted"))
    for group in _in_order([c for c in sent if c.id not in carriers and not unseen(kinds.of(c), c)]):
        for outcome in await _settle_group(group, kinds, look, clock, outcomes):
            conclude(outcome)
    alone, aboard = {c.id for c in sent}, {c.carrier for c in sent}
    for call in (c for c in plan.calls if c.id in carriers & (alone | aboard)):
        whole = _carried(call, [outcomes[r.id] for r in plan.riders(call.id) if r.id in outcomes])
        if call.id in alone or whole.end is not End.DONE:  # what the answer to a request has told stays known
            conclude(whole)
    for outcome in await named(plan, kinds, look, clock, outcomes):
        conclude(outcome)
    if not journal.closed(unfinished.run):
        remember(journal, unfinished.run, plan, kinds, outcomes, known)
    journal.finish(unfinished.run, SETTLED)
    return Settled(plan, _lasting(outcomes, calls), tuple(doubt.values()))


def _unheard(unfinished: Unfinished, journal: Journal) -> list[Outcome]:
    """The ends with a question that nobody has read: whoever put it died before saying so."""
    if journal.closed(unfinished.run):
        return []
    return [o for i, o in unfinished.outcomes.items() if o.question and i not in unfinished.sent]


def _asking(call: Call, outcome: Outcome) -> str:
    """What a person is asked, with the address."""
    said = outcome.question or f"nobody can tell whether {call.line} happened"
    return said if str(call.address) in said else f"{call.address}: {said}"


def kept(unfinished: Unfinished) -> Plan:
    """The plan of a run that did not finish. Raises LedgerUnusable where this version cannot read it."""
    try:
        return kept_plan(unfinished.plan)
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        text = f"this version cannot read the plan of {unfinished.run}: {type(error).__name__} {error}"
        hint = "let the version of reconciler that began it look it up first: run its `reconciler apply`"
        raise LedgerUnusable(text, hint=hint) from error


def unanswered(unfinished: Unfinished, catalog: Catalog) -> list[tuple[Call, Outcome]]:
    """The creates of an interrupted run that no reading will ever tell anything about."""
    plan = kept(unfinished)
    kinds = Kinds(catalog, plan)
    sent = (c for c in plan.calls if c.id in unfinished.sent)
    return [(c, asked(c, "interrupted")) for c in sent if unseen(kinds.of(c), c)]


def answer(unfinished: Unfinished, call_id: str, remote_id: str | None) -> Outcome | None:
    """The end of a create that a person has told about: made under this id, or not at all. None: no such call."""
    call = next((c for c in kept(unfinished).calls if c.id == call_id), None)
    if call is None:
        return None
    if remote_id is None:
        return Outcome(call.id, End.NOT_SENT, "a person says that it was not made", settled=True)
    known = created(call, remote_id) | ({Fact.ONCE: dict(call.once)} if call.once else {})
    return Outcome(call.id, End.DONE, "a person says that it was made", 0, known, settled=True)


def _lasting(outcomes: Mapping[str, Outcome], calls: Mapping[str, Call]) -> dict[str, Outcome]:
    """What still holds when the plan is taken up again: a look around and a gate are made anew."""
    return {i: o for i, o in outcomes.items() if i in calls and calls[i].role not in (Role.FIND, Role.GATE)}


def _carried(carrier: Call, riders: Sequence[Outcome]) -> Outcome:
    """A request is what its riders are; those that did not happen go along once more."""
    ends = {o.end for o in riders}
    if ends and ends <= {End.DONE, End.HELD, End.UNNEEDED}:
        return Outcome(carrier.id, End.DONE, "interrupted; live shows that it happened", settled=True)
    if any(o.end is End.IN_DOUBT and Fact.DOUBT not in o.result for o in riders):
        return Outcome(carrier.id, End.IN_DOUBT, "interrupted, and no reading can tell of all that it carried")
    return Outcome(carrier.id, End.NOT_SENT, "interrupted; live lacks what it carried", settled=True)


def _in_order(calls: Sequence[Call]) -> Iterator[list[Call]]:
    """Groups of one kind and target; whose place or value is what another call in doubt has made comes after it:
    before that nobody could tell where to look."""
    left = list(calls)
    while left:
        doubted = {c.id for c in left}
        ready = [c for c in left if _told_by(c).isdisjoint(doubted - {c.id})] or left
        yield from by_kind(ready)
        left = [c for c in left if c.id in doubted - {r.id for r in ready}]


def _told_by(call: Call) -> set[str]:
    """The calls whose answers say where this one's thing is, and what it is like."""
    effect = call.effect
    entries = [[i, dict(wire)] for i, wire in effect.present]
    return sources([dict(call.args), *effect.scope, dict(effect.fields), *entries, *effect.absent])


async def _settle_group(
    calls: list[Call], kinds: Kinds, look: Look, clock: Clock, outcomes: Mapping[str, Outcome]
) -> list[Outcome]:
    results = {i: o.result for i, o in outcomes.items() if o.end is End.DONE}
    astray = {c.id for c in calls if not harmless(c) and _astray(c, outcomes)}
    whole = [with_values(c, results) for c in calls if not harmless(c) and c.id not in astray]
    found = [Outcome(c.id, End.NOT_SENT, "interrupted", settled=True) for c in calls if harmless(c)]
    found += [untold(kinds.of(c), c, NOWHERE_TO_LOOK) for c in calls if c.id in astray]
    for part in kinds.readings(whole):
        found += await _looked_up(part, kinds, look, clock, results)
    return [_accepted(outcomes.get(o.call), o) for o in found]


def _accepted(before: Outcome | None, now: Outcome) -> Outcome:
    """The end of a call that the server had said yes to, which no reading showed then, and one shows by now: what
    its answer told is not lost."""
    if before is None or Fact.ACCEPTED not in before.result or now.end is not End.DONE:
        return now
    told = {k: v for k, v in before.result.items() if k != Fact.ACCEPTED}
    known = {k: v for k, v in now.result.items() if k != Fact.LOST}
    return replace(now, message="live shows by now that it happened", result={**told, **known}, question="")


def _astray(call: Call, outcomes: Mapping[str, Outcome]) -> bool:
    """Whether it was sent to a place that nobody knows any more: what made that is in doubt still. Not to find it
    elsewhere says nothing of it."""
    return any(i in outcomes and outcomes[i].end is End.IN_DOUBT for i in sources([dict(call.args)]))


async def _looked_up(
    calls: list[Call], kinds: Kinds, look: Look, clock: Clock, results: Mapping[str, Mapping[str, Json]]
) -> list[Outcome]:
    live = await look(kinds.settling(calls), "settle")
    told = [_settled(c, kinds, live, results) for c in calls]

    def again(call: Call, outcome: Outcome) -> bool:
        return outcome.end is End.NOT_SENT or (outcome.end is End.IN_DOUBT and once_only(call))

    if any(again(c, o) for c, o in zip(calls, told, strict=True)):
        await clock.sleep(PAUSE)
        live = await look(kinds.settling(calls), "settle")
        told = [_settled(c, kinds, live, results) if again(c, o) else o for c, o in zip(calls, told, strict=True)]
    return told


def _settled(call: Call, kinds: Kinds, live: Collection, results: Mapping[str, Mapping[str, Json]]) -> Outcome:
    verdict = kinds.settled(call, live)
    if verdict is None:
        return untold(kinds.of(call), call, "interrupted, and no reading can tell whether it happened")
    if verdict is False:
        text = "interrupted; live shows that it did not happen"
        return Outcome(call.id, End.NOT_SENT, text, 0, in_part(kinds, call, live), settled=True)
    found = kinds.made(call, live)
    return happened(kinds.of(call), call, found, results, "interrupted; live shows that it happened")
