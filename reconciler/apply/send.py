"""One call: intent on disk, the request, what came of it; and a look where nobody knows."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Final

from reconciler.apply.doubt import PAUSE, Doubts
from reconciler.apply.ink import Ink
from reconciler.apply.judge import creates, differences, facts, harmless, request_of, said_of_entries
from reconciler.apply.look import Kinds, Look, with_values
from reconciler.apply.outputs import of_answer
from reconciler.apply.sinks import NOWHERE, Sinks, delivered, lost, unprovable, without_value
from reconciler.apply.triggers import refused
from reconciler.model.call import Request, Writer
from reconciler.model.clock import Clock
from reconciler.model.document import Address
from reconciler.model.faults import (
    AnswerInvalid,
    AnswerLost,
    ProviderFailed,
    ProviderRefused,
    ProviderUnreachable,
    RemoteFault,
    RequestUnsendable,
    Unauthorised,
)
from reconciler.model.json import Json, digest
from reconciler.model.live import Collection
from reconciler.model.outcome import End, Fact, Journal, Outcome
from reconciler.model.plan import Call, Phase, Role
from reconciler.model.record import Record, field, replace
from reconciler.model.shows import find
from reconciler.model.values import Riders

__all__ = ["LOST", "PAUSE", "SENDS", "Sender", "payload"]

SENDS = 2
"""A write is sent again once, and only after two readings have shown that the first did nothing."""
MOST_SAID = 10
"""So many differences of one answer are named."""
LOST: Final = (AnswerLost, ProviderFailed, AnswerInvalid)
"""Faults after which nobody knows what happened."""


def free(target: str) -> str:  # noqa: ARG001 - the shape of an answer
    """The answer where nobody else writes."""
    return ""


class Sender(Record, frozen=True):
    """What sending needs. All methods are for one run. `seen`: what was live before its first call.
    `barred(target)`: why nothing may be written there any more, empty where it may. `ink`: through which the
    journal is told."""

    writer: Writer
    journal: Journal
    ink: Ink
    look: Look
    kinds: Kinds
    clock: Clock
    run: str
    sinks: Sinks = NOWHERE
    seen: Mapping[tuple[str, str], Collection] = field(default_factory=dict)
    barred: Callable[[str], str] = free

    def bound(self, call: Call, request: Request) -> Request:
        """The request, which leaves only while its target may be written to."""
        return request if harmless(call) else replace(request, barred=lambda: self.barred(call.target))

    async def intend(self, sent: Sequence[tuple[str, Address, str]]) -> None:
        """Returns when it is on disk that these calls are about to be sent: id, address, digest of the request."""

        def told() -> None:
            for one in sent:
                self.journal.intend(self.run, *one)

        self.ink.put(told)
        await self.ink.dry()

    @property
    def doubts(self) -> Doubts:
        return Doubts(self.look, self.kinds, self.clock)

    def sends(self, call: Call) -> int:
        """How often it may be sent at most."""
        return SENDS if call.repeat else 1

    async def send(
        self,
        call: Call,
        results: Mapping[str, Mapping[str, Json]],
        riders: Riders | None = None,
        *,
        id_follows: bool = False,
        aboard: Sequence[Call] = (),
    ) -> tuple[Outcome, bool]:
        """The call's outcome, and whether a reading has yet to show its effect. `id_follows`: another call will
        tell the id that its answer may lack. `aboard`: the riders it speaks of. Raises Unauthorised."""
        if why := unprovable(call, self.sinks):
            return Outcome(call.id, End.FAILED, why), False
        request = self.bound(call, request_of(call, results, riders))
        told: Mapping[str, Json] = {}
        for sent in range(1, self.sends(call) + 1):
            if not harmless(call):
                await self.intend([(call.id, call.address, payload(request))])
            try:
                reply = await self.writer.send(request)
            except ProviderUnreachable as fault:
                return Outcome(call.id, End.NOT_SENT, fault.reason, 0, told), False
            except RequestUnsendable as fault:
                return Outcome(call.id, End.FAILED, fault.reason), False
            except ProviderRefused as fault:
                outcome = self._refused(call, fault, results)
                several = fault.status == 404 and len(call.effect.absent) > 1
                perhaps = several or (call.looks and refused(outcome))
                if (sent == 1 or outcome.end is End.DONE) and not perhaps:
                    return outcome, False
                # Perhaps the first try worked after all, and is what the second is refused for (OA-R30, ST-R25);
                # perhaps just one of several things was not there, and that kept the others (OA-R64); perhaps it
                # was so before (OA-R80).
                return await self._settle(call, results, fault, refused=sent == 1), False
            except LOST as fault:
                outcome = await self._settle(call, results, fault)
                if outcome.end is End.FAILED and sent < self.sends(call) and not harmless(call):
                    told = outcome.result
                    continue
                return outcome, False
            amiss = self._amiss(call, reply.body, results, riders, aboard)
            return await self._answered(call, reply.body, reply.status, results, riders, id_follows, amiss)
        raise AssertionError("unreachable: the last send returns")

    def _refused(self, call: Call, fault: ProviderRefused, results: Mapping[str, Mapping[str, Json]]) -> Outcome:
        """404 on a delete or a removal: it is gone, as wanted (OA-R36, ST-R16, ST-R23)."""
        if fault.status == 401 or isinstance(fault, Unauthorised):
            raise fault
        removes = call.phase in (Phase.DELETE, Phase.REMOVE) or (call.effect.absent and not call.effect.present)
        if fault.status == 404 and removes and not harmless(call):
            return Outcome(call.id, End.DONE, "was gone already", 404, facts(call, None, results))
        return Outcome(call.id, End.FAILED, fault.reason, fault.status, code=fault.code)

    def _amiss(
        self,
        call: Call,
        body: Json,
        results: Mapping[str, Mapping[str, Json]],
        riders: Riders | None,
        aboard: Sequence[Call],
    ) -> str:
        """What keeps a gate shut: its answer is not as planned, or says no of somebody who would go along."""
        if not (call.gate or call.role is Role.GATE):
            return ""
        judged = aboard or not call.expect  # what cannot be said by pointers the kind itself says
        verdicts = self.kinds.verdicts(call, aboard, body) if judged else {}
        wrong = [
            *differences(call, body, results, riders),
            *(v.message for v in verdicts.values() if v.done is False),
        ]
        more = f"; and {len(wrong) - MOST_SAID} more" if len(wrong) > MOST_SAID else ""
        words = "the answer differs" if call.expect or aboard else "the answer says no"
        return f"{words}: {'; '.join(dict.fromkeys(wrong[:MOST_SAID]))}{more}" if wrong else ""

    async def _answered(
        self,
        call: Call,
        body: Json,
        status: int,
        results: Mapping[str, Mapping[str, Json]],
        riders: Riders | None,
        id_follows: bool,
        amiss: str,
    ) -> tuple[Outcome, bool]:
        if amiss:
            return Outcome(call.id, End.FAILED, amiss, status), False
        differs = differences(call, body, results, riders)
        known = self._believable(call, facts(call, body, results, self.kinds.wanted(call)))
        known |= of_answer(self.kinds.of(call), call, body)
        shown = with_values(call, results)
        known |= said_of_entries(shown, self.kinds.told(shown, body))
        missed = delivered(call, body, self.sinks)
        nameless = call.new_id is not None and Fact.ID not in known
        if nameless and not id_follows:
            return await self._nameless(call, results, kept=missed is None), False
        unproven = call.verify or bool(differs) or (creates(call) and Fact.ID not in known)
        if missed is None:
            return Outcome(call.id, End.DONE, "", status, known), unproven
        gone, question = lost(self.kinds.of(call), call)
        told = without_value(call, known, gone)
        return Outcome(call.id, End.DONE, missed, status, told, question=question), unproven

    def _believable(self, call: Call, known: dict[str, Json]) -> dict[str, Json]:
        """Without the id that a create answers with, if something else had it before: it is not that of what was
        made, whatever the answer means by it (CM-A10)."""
        before = self.seen.get((call.target, call.kind))
        if not creates(call) or Fact.ID not in known or before is None:
            return known
        own = {r.id for r in find(self.kinds.of(call), before, call.effect.key, call.effect.scope)}
        if known[Fact.ID] in {r.id for r in before.resources} - own:
            return {k: v for k, v in known.items() if k not in (Fact.ID, Fact.KEY, Fact.LABEL, call.new_id)}
        return known

    async def _nameless(self, call: Call, results: Mapping[str, Mapping[str, Json]], *, kept: bool) -> Outcome:
        """The end of a create whose answer names no id. `kept`: what it shows once has reached its sink."""
        fault = AnswerLost("the answer names no id", target=call.target, request=call.line)
        outcome = await self._settle(call, results, fault)
        if not kept or Fact.LOST not in outcome.result:
            return outcome
        result = {k: v for k, v in outcome.result.items() if k != Fact.LOST}
        return Outcome(call.id, outcome.end, outcome.message, outcome.status, result, outcome.settled)

    async def _settle(
        self, call: Call, results: Mapping[str, Mapping[str, Json]], fault: RemoteFault, *, refused: bool = False
    ) -> Outcome:
        """Look whether it happened; what changes nothing has simply not told what was asked."""
        if harmless(call):
            return Outcome(call.id, End.FAILED, fault.reason, fault.status, code=fault.code)
        return (await self.doubts.settled([call], results, fault, refused=refused))[call.id]


def payload(request: Request) -> str:
    """The digest of a request, by which the ledger can tell that two were the same."""
    return digest([request.method, request.path, [list(q) for q in request.query], request.body])
