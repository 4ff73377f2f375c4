"""One call: intent on disk, the request, what came of it; and a look where nobody knows."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from reconciler.apply.judge import answered, created, facts, request_of
from reconciler.apply.look import Kinds, Look, with_values
from reconciler.model.call import Writer
from reconciler.model.clock import Clock
from reconciler.model.faults import (
    AnswerInvalid,
    AnswerLost,
    ProviderFailed,
    ProviderRefused,
    ProviderUnreachable,
    RemoteFault,
    RequestUnsendable,
)
from reconciler.model.json import Json, digest
from reconciler.model.live import Resource
from reconciler.model.outcome import End, Fact, Journal, Outcome
from reconciler.model.plan import Call, Phase
from reconciler.model.shows import find

SENDS = 2
"""A write is sent again once, and only after two readings have shown that the first did nothing."""
PAUSE = 1.0
"""Seconds between two settling readings: a request that timed out may still be running."""


@dataclass(frozen=True, slots=True)
class Sender:
    """What sending needs. All methods are for one run."""

    writer: Writer
    journal: Journal
    look: Look
    kinds: Kinds
    clock: Clock
    run: str

    async def send(self, call: Call, results: Mapping[str, Mapping[str, Json]]) -> tuple[Outcome, bool]:
        """The call's outcome, and whether a reading has yet to show its effect. Raises Unauthorised."""
        request = request_of(call, results)
        payload = digest([request.method, request.path, [list(q) for q in request.query], request.body])
        for sent in range(1, SENDS + 1):
            self.journal.intend(self.run, call.id, call.address, payload)
            try:
                reply = await self.writer.send(request)
            except ProviderUnreachable as fault:
                return Outcome(call.id, End.NOT_SENT, fault.reason), False
            except RequestUnsendable as fault:
                return Outcome(call.id, End.FAILED, fault.reason), False
            except ProviderRefused as fault:
                outcome = self._refused(call, fault, results)
                if sent == 1 or outcome.end is End.DONE:
                    return outcome, False
                # Perhaps the first try worked after all, and is what the second is refused for (OA-R30, ST-R25).
                return await self._settle(call, results, fault), False
            except (AnswerLost, ProviderFailed, AnswerInvalid) as fault:
                outcome = await self._settle(call, results, fault)
                if outcome.end is End.FAILED and sent < SENDS:
                    continue
                return outcome, False
            return await self._answered(call, reply.body, reply.status, results)
        raise AssertionError("unreachable: the last send returns")

    def _refused(self, call: Call, fault: ProviderRefused, results: Mapping[str, Mapping[str, Json]]) -> Outcome:
        """404 on a delete or a removal: it is gone, as wanted (OA-R36, ST-R16, ST-R23)."""
        if fault.status == 401:
            raise fault
        if fault.status == 404 and call.phase in (Phase.DELETE, Phase.REMOVE):
            return Outcome(call.id, End.DONE, "was gone already", 404, facts(call, None, results))
        return Outcome(call.id, End.FAILED, fault.reason, fault.status)

    async def _answered(
        self, call: Call, body: Json, status: int, results: Mapping[str, Mapping[str, Json]]
    ) -> tuple[Outcome, bool]:
        known = facts(call, body, results)
        if call.new_id is not None and Fact.ID not in known:
            fault = AnswerLost("the answer names no id", target=call.target, request=call.line)
            return await self._settle(call, results, fault), False
        unproven = call.verify or not answered(call, body, results)
        return Outcome(call.id, End.DONE, "", status, known), unproven

    async def _settle(self, call: Call, results: Mapping[str, Mapping[str, Json]], fault: RemoteFault) -> Outcome:
        """Look whether it happened. FAILED means two readings in a row show that it did not (OA-R29, ST-R25)."""
        kind, wanted = self.kinds.of(call), with_values(call, results)
        verdict: bool | None = None
        for attempt in range(2):
            if attempt:
                await self.clock.sleep(PAUSE)
            try:
                live = await self.look(self.kinds.demand(call), "settle")
            except RemoteFault as again:
                return Outcome(call.id, End.IN_DOUBT, f"{fault.reason}; and no reading could tell: {again.reason}")
            verdict = self.kinds.settled(wanted, live)
            if verdict is not False:
                break
        if verdict is None:
            return Outcome(call.id, End.IN_DOUBT, f"{fault.reason}; no reading can tell whether it happened")
        if verdict is False:
            return Outcome(call.id, End.FAILED, fault.reason, fault.status)
        known = facts(call, None, results) | found_id(call, find(kind, live, call.effect.key))
        return Outcome(call.id, End.DONE, f"{fault.reason}; live shows that it happened", 0, known, settled=True)


def found_id(call: Call, found: Sequence[Resource]) -> dict[str, Json]:
    """The id of a create that a reading found done."""
    if call.new_id is None or len(found) != 1:
        return {}
    return created(call, found[0].id)
