"""What holds in every history, whatever befell it: each a function that says what went wrong, in sentences."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping

from reconciler.apply.judge import creates
from reconciler.model.change import Verb
from reconciler.model.document import Address, Document
from reconciler.model.plan import Call, Phase, Plan
from reconciler.wire.budget import SPAN
from reconciler.wire.limits import USUAL
from tests.faults.undisturbed import AGAIN
from tests.simulation.matched import Matched, Written, amiss
from tests.simulation.rest import converged
from tests.simulation.secrets import leaks
from tests.simulation.strangers import strangers
from tests.simulation.trace import Exchange
from tests.simulation.trial import History

CAP = max(USUAL.wait_cap, SPAN)
"""The longest pause there is, in seconds."""
MINUTE = 60.0
TOGETHER = {("SchemaRefresh", "times"): {"cron", "timezone"}}
"""What plans call fields that only mean something together -> the fields, one of which has to be declared."""

Invariant = Callable[[History, Matched], Iterator[str]]


def planned_only(told: History, found: Matched) -> Iterator[str]:
    """Every write is a call of the plan at work, none of them held; a contingent one follows its trigger."""
    for one in found.writes:
        if not one.calls:
            yield f"{one.exchange.line()}: no call of the plan"
        elif all(c.held for c in one.calls):
            yield f"{one.exchange.line()}: held by {one.calls[0].held}"
        elif not any(_occurred(c, one, found) for c in one.calls):
            yield f"{one.exchange.line()}: what it is there for has not occurred"


def _occurred(call: Call, one: Written, found: Matched) -> bool:
    if call.trigger is None:
        return True
    return call.trigger.refused in found.ends(one.run.process.number, one.exchange.step)


def declared_only(told: History, found: Matched) -> Iterator[str]:
    """No update of a field that nobody declares, and no change of a thing that no document and no bond names."""
    documents = {d.address: d for d in told.scene.after}
    for one in found.writes:
        for call in one.calls[:1]:
            document = documents.get(call.address)
            fields = {*call.effect.fields} if call.phase is Phase.UPDATE and document is not None else set()
            declared = {*(document.spec if document else ()), *_derived(document, documents)}
            extra = {f.partition(".")[0] for f in fields} - declared
            extra = {f for f in extra if declared.isdisjoint(TOGETHER.get((call.kind, f), ()))}
            if extra and not call.keeps:
                yield f"{one.exchange.line()}: nobody declares {sorted(extra)}"
    if not told.meddled:
        yield from strangers(told)


def _derived(document: Document | None, documents: Mapping[Address, Document]) -> Iterator[str]:
    """What follows from the order of the documents where that of what they lie in says so (CM-R28)."""
    if document is not None and document.kind == "Component":
        above = Address(document.address.target, "Space", str(document.spec["space"]))
        if "parent" in document.spec:
            above = Address(document.address.target, "Component", str(document.spec["parent"]))
        if above in documents and documents[above].spec.get("order") == "listed":
            yield "sequence"


def made_once(told: History, found: Matched) -> Iterator[str]:
    """At most one create of each thing has had an effect, but for what was deleted in between."""
    made: Counter[str] = Counter()
    for one in found.writes:
        if not one.exchange.changed or told.meddled or AGAIN.match(f"{one.exchange.call} "):
            continue
        calls = [c for c in one.calls if not c.held]
        if len(calls) != 1 or (calls[0].asks and calls[0].asks in told.asked):
            continue
        address = str(calls[0].address)
        if creates(calls[0]) and address not in told.doubtful:
            made[address] += 1
            if made[address] > 1:
                yield f"{one.exchange.line()}: {address} is made for the {made[address]}. time"
        elif calls[0].phase is Phase.DELETE:
            made[address] -= 1
    yield from _doubles(told)


def _doubles(told: History) -> Iterator[str]:
    wanted, live = told.prepared.wanted["live"], told.ended["live"]
    for table in live if not (told.meddled or told.asked) else ():
        before = Counter(str(row[0]) for row in wanted.get(table, ()))
        for name, n in Counter(str(row[0]) for row in live[table]).items():
            if n > max(1, before[name]):
                yield f"{table}: {name} is there {n} times"


def ours_deleted(told: History, found: Matched) -> Iterator[str]:
    """Only what the ledger says we made is deleted, and only where the plan shows a deletion of that address."""
    for one in found.writes:
        for call in one.calls[:1]:
            for gone in _deletes(call, one.run.plan):
                bond = one.run.bonds.get(str(gone.address))
                verbs = {a.verb for a in one.run.plan.actions if gone.id in a.calls} if one.run.plan else set()
                if bond is None or (Verb.DELETE in verbs and not bond.made):
                    yield f"{one.exchange.line()}: {gone.address} was not made by us"
                if not verbs & {Verb.DELETE, Verb.REPLACE}:
                    yield f"{one.exchange.line()}: the plan shows no deletion of {gone.address}"


def _deletes(call: Call, plan: Plan | None) -> list[Call]:
    calls = [call, *(plan.riders(call.id) if plan else ())]
    return [c for c in calls if c.phase is Phase.DELETE and c.effect.gone and c.set_field is None]


def in_order(told: History, found: Matched) -> Iterator[str]:
    """Nothing is sent before what it needs has worked, nor after something that it waits for has failed."""
    for one in found.writes:
        ends = found.ends(one.run.process.number, one.exchange.step)
        if one.calls and not any(_due(c, one, ends) for c in one.calls):
            call = one.calls[0]
            needed = {i: ends.get(i) for i in sorted(call.after | call.waits, key=int)}
            yield f"{one.exchange.line()}: call {call.id} was not due yet: {needed}"


def _due(call: Call, one: Written, ends: Mapping[str, str]) -> bool:
    plan = one.run.plan
    assert plan is not None
    together = {call.id, *(r.id for r in plan.riders(call.id))}
    instead: dict[str, set[str]] = {}
    for other in plan.calls:
        if other.trigger is not None:
            instead.setdefault(other.trigger.refused, set()).add(other.id)

    def done(i: str) -> bool:
        return ends.get(i) == "done" or any(ends.get(f) == "done" for f in instead.get(i, ()))

    perhaps = {c.id for c in plan.calls if c.contingent or c.held}  # what is not sent has no end in the ledger
    needed, waited = call.after - together, call.waits - together - perhaps
    return all(done(i) for i in needed) and all(done(i) or ends.get(i) == "held" for i in waited)


def no_more_than_explained(told: History, found: Matched) -> Iterator[str]:
    """A run has each of its calls answered well once; all else that it sends is explained by what went wrong, and
    the whole of it by the bound, the contingent calls and these explanations."""
    sent: dict[tuple[int, str, bytes], list[Written]] = {}
    for one in found.writes:
        sent.setdefault((one.run.process.number, one.exchange.call, one.exchange.content), []).append(one)
    for (_, call, _), tries in sent.items():
        well, planned = sum(not amiss(t.exchange) for t in tries), max(len(t.calls) for t in tries)
        if well > planned:
            yield f"{call}: answered well {well} times, and sent again"
        if len(tries) > planned * (USUAL.throttled_tries + 1):
            yield f"{call}: sent {len(tries)} times"
    for run in told.trace.runs:
        own = [w.exchange for w in found.writes if w.run is run]
        plan, failed = run.plan, sum(map(amiss, own))
        if plan is not None and len(own) > max(plan.bound, len(plan.writes)) + len(plan.contingent) + failed:
            yield f"{run.process}: {len(own)} writes, {len(plan.writes)} planned, {failed} went wrong"


def within_the_rate(told: History, found: Matched) -> Iterator[str]:
    """No process sends a server more than it grants in any minute, sleeps longer than the cap, or comes back
    sooner than it was asked to."""
    by: dict[tuple[int, str], list[Exchange]] = {}
    for one in told.trace.exchanges:
        by.setdefault((one.process.number, one.target), []).append(one)
    for exchanges in by.values():
        yield from _windows(told, exchanges)
        yield from _hasty(exchanges)
    for run in told.trace.runs:
        yield from (f"{run.process} slept {nap:.1f} s" for nap in run.process.naps if nap > CAP + 0.01)


def _windows(told: History, exchanges: list[Exchange]) -> Iterator[str]:
    limit = told.scene.per_minute
    arrived = sorted(e.arrived for e in exchanges if e.arrived is not None)
    for n, first in enumerate(arrived if limit else ()):
        if limit and n + limit < len(arrived) and arrived[n + limit] - first < MINUTE:
            yield f"more than {limit} requests to {exchanges[0].target} in the minute from {first:.3f}"


def _hasty(exchanges: list[Exchange]) -> Iterator[str]:
    for one in exchanges:
        if one.status != 429 or one.told is None or not one.asks_to_wait or one.asks_to_wait > USUAL.wait_most:
            continue
        until = one.told + min(one.asks_to_wait, USUAL.wait_cap)
        for other in exchanges:
            if one.told < other.asked < until - 0.01:
                yield f"{other.line()}: asked to stay away until {until:.3f} at {one.told:.3f}"


def no_secret_leaves(told: History, found: Matched) -> Iterator[str]:
    """Secrets stand in the requests that carry them, and in their sinks, and nowhere else."""
    yield from leaks(told, found)


INVARIANTS: Mapping[str, Invariant] = {
    "no unplanned write": planned_only,
    "nothing undeclared is written": declared_only,
    "made at most once": made_once,
    "only ours is deleted": ours_deleted,
    "order": in_order,
    "no more writes than explained": no_more_than_explained,
    "within the rate": within_the_rate,
    "no secret leaves": no_secret_leaves,
    "comes to rest where it should": converged,
}


def violations(told: History) -> list[tuple[str, str]]:
    """Invariant and sentence, of all that does not hold."""
    found = Matched(told.trace)
    return [(name, said) for name, holds in INVARIANTS.items() for said in holds(told, found)]
