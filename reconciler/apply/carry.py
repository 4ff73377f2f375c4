"""One request that carries many calls: each has its own intent, its own end, and its own doubt."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

from reconciler.apply.judge import created, creates, differences, facts, request_of
from reconciler.apply.send import LOST, Sender, payload
from reconciler.model.catalog import Verdict
from reconciler.model.faults import (
    AnswerLost,
    ProviderRefused,
    ProviderUnreachable,
    RemoteFault,
    RequestUnsendable,
    Unauthorised,
)
from reconciler.model.json import Json, digest
from reconciler.model.outcome import End, Fact, Outcome
from reconciler.model.plan import Call
from reconciler.model.record import Record, field, replace
from reconciler.model.values import resolved

UNTOLD: Final = "the answer does not say what became of it"
UNCERTAIN: Final = "the answer says"
"""What it says proves nothing by itself: a reading tells."""
NOT_LIVE: Final = "live shows that it did not happen"


class Carried(Record):
    """What became of a request and of each rider. `unproven`: riders whose effect a reading has yet to show.
    `stop`: what stops the whole run."""

    outcome: Outcome
    riders: dict[str, Outcome] = field(default_factory=dict)
    unproven: set[str] = field(default_factory=set)
    stop: Unauthorised | None = None


async def carry(
    sender: Sender, carrier: Call, riders: Sequence[Call], results: Mapping[str, Mapping[str, Json]]
) -> Carried:
    """Send the request with these riders. It is sent again once, with those of which two readings have shown that
    they did not happen; one that goes whole or not at all, only if none has."""
    found, going = Carried(Outcome(carrier.id, End.NOT_SENT)), list(riders)
    for sent in range(1, sender.sends(carrier) + 1):
        bodies = {carrier.id: [resolved(r.body, results) for r in going]}
        request = sender.bound(carrier, request_of(carrier, results, bodies))
        own = [(r.id, r.address, digest(b)) for r, b in zip(going, bodies[carrier.id], strict=True)]
        await sender.intend([(carrier.id, carrier.address, payload(request)), *own])
        try:
            reply = await sender.writer.send(request)
        except ProviderUnreachable as fault:
            return _all(found, carrier, going, fault, End.NOT_SENT)
        except RequestUnsendable as fault:
            return _all(found, carrier, going, fault, End.FAILED)
        except ProviderRefused as fault:
            if sent == 1 or isinstance(fault, Unauthorised):
                return _all(found, carrier, going, fault, End.FAILED)
            found.riders |= await sender.doubts.settled(going, results, fault)
            return _ended(found, carrier, fault)
        except LOST as fault:
            found.riders |= await sender.doubts.settled(going, results, fault)
            left = [r for r in going if found.riders[r.id].end is End.FAILED]
            if not left or sent == sender.sends(carrier) or (carrier.whole and len(left) < len(riders)):
                return _ended(found, carrier, fault)
            going = left
        else:
            return await _answered(sender, found, carrier, going, reply.body, reply.status, results)
    raise AssertionError("unreachable: the last send returns")


def _all(found: Carried, carrier: Call, going: Sequence[Call], fault: RemoteFault, end: End) -> Carried:
    """The request as a whole came to this end, and everybody still in it; what an earlier try has done of it in
    part stays done."""
    found.outcome = Outcome(carrier.id, end, fault.reason, fault.status, code=fault.code)
    told = {r.id: found.riders[r.id].result if r.id in found.riders else {} for r in going}
    found.riders |= {i: replace(found.outcome, call=i, result=result) for i, result in told.items()}
    found.stop = fault if isinstance(fault, Unauthorised) else None
    return found


def _ended(found: Carried, carrier: Call, fault: RemoteFault) -> Carried:
    """The request is what its riders are: done if all are, in doubt if a reading may yet tell of one."""
    ends = {o.end for o in found.riders.values() if Fact.DOUBT not in o.result}
    if not ends and found.riders:
        text = f"{fault.reason}; what became of it is asked"
        found.outcome = Outcome(carrier.id, End.FAILED, text, fault.status, code=fault.code)
    elif ends <= {End.DONE}:
        found.outcome = Outcome(carrier.id, End.DONE, f"{fault.reason}; live shows that it happened", settled=True)
    else:
        end = End.IN_DOUBT if End.IN_DOUBT in ends else End.FAILED
        found.outcome = Outcome(carrier.id, end, fault.reason, fault.status, code=fault.code)
    return found


async def _answered(
    sender: Sender,
    found: Carried,
    carrier: Call,
    going: Sequence[Call],
    body: Json,
    status: int,
    results: Mapping[str, Mapping[str, Json]],
) -> Carried:
    """A 2xx: what it says of each rider counts; of whom it says nothing, a reading tells."""
    differs = differences(carrier, body, results, {carrier.id: [resolved(r.body, results) for r in going]})
    known = facts(carrier, body, results, sender.kinds.wanted(carrier))
    found.outcome = Outcome(carrier.id, End.DONE, "", status, known)
    if differs and carrier.gate:
        found.outcome = Outcome(carrier.id, End.FAILED, f"the answer differs: {differs[0]}", status)
    verdicts = sender.kinds.verdicts(carrier, going, body)
    silent: list[Call] = []
    for rider in going:
        verdict = verdicts.get(rider.id, Verdict(None))
        if verdict.done is None:
            silent.append(rider)
            continue
        outcome = _judged(rider, verdict, status, results)
        found.riders[rider.id] = outcome
        nameless = creates(rider) and Fact.ID not in outcome.result
        if outcome.end is End.DONE and (carrier.verify or rider.verify or differs or nameless):
            found.unproven.add(rider.id)
    if silent:
        told = dict.fromkeys(m for r in silent if r.id in verdicts and (m := verdicts[r.id].message))
        text = _said("; ".join(told))
        among = tuple(sorted({i for r in silent if r.id in verdicts for i in verdicts[r.id].among}))
        fault = AnswerLost(text, target=carrier.target, request=carrier.line, status=status)
        looked_up = await sender.doubts.settled(silent, results, fault, among)
        own = {i: _in_own_words(o, text, verdicts.get(i, Verdict(None))) for i, o in looked_up.items()}
        found.riders |= {i: _kept(o, verdicts.get(i, Verdict(None))) for i, o in own.items()}
    return found


def _said(words: str) -> str:
    return f"{UNCERTAIN}: {words}" if words else UNTOLD


def _in_own_words(outcome: Outcome, text: str, verdict: Verdict) -> Outcome:
    """With what the server said of this one, in the place of what it said of all (`text`), and what was seen."""
    message = outcome.message.replace(text, _said(verdict.message), 1)
    return replace(outcome, message=f"{message}; {NOT_LIVE}" if outcome.end is End.FAILED else message)


def _kept(outcome: Outcome, verdict: Verdict) -> Outcome:
    """What a look has shown to be as it was, although it was asked for: the ledger is told where that stays so."""
    if outcome.end is not End.FAILED or not verdict.differs:
        return outcome
    told: dict[str, Json] = {**outcome.result, Fact.DIFFERS: dict[str, Json](verdict.differs)}
    return replace(outcome, message=verdict.message or outcome.message, result=told)


def _judged(rider: Call, verdict: Verdict, status: int, results: Mapping[str, Mapping[str, Json]]) -> Outcome:
    if not verdict.done:
        return Outcome(rider.id, End.FAILED, verdict.message or "refused", status, code=verdict.code)
    known = facts(rider, None, results)
    if verdict.id and creates(rider):
        known |= created(rider, verdict.id)
    return Outcome(rider.id, End.DONE, verdict.message, status, known)
