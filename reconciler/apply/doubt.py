"""Whether calls of which nobody knows have happened: looked up where a reading can tell, asked where none can."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from shlex import quote

from reconciler.apply.judge import created, creates, facts, label_of
from reconciler.apply.look import Kinds, Look, thing, with_values
from reconciler.apply.outputs import of_thing
from reconciler.apply.sinks import lost, without_value
from reconciler.model.clock import Clock
from reconciler.model.entries import entry_text
from reconciler.model.faults import RemoteFault
from reconciler.model.json import Json
from reconciler.model.kind import Kind
from reconciler.model.live import Collection, Demand, Resource
from reconciler.model.outcome import End, Fact, Outcome
from reconciler.model.plan import Call, Phase
from reconciler.model.record import Record, replace
from reconciler.model.shows import entries_by_id

PAUSE = 1.0
"""Seconds between two settling readings: a request that timed out may still be running."""


class Doubts(Record, frozen=True):
    """What looking needs."""

    look: Look
    kinds: Kinds
    clock: Clock

    async def settled(
        self,
        calls: Sequence[Call],
        results: Mapping[str, Mapping[str, Json]],
        fault: RemoteFault,
        among: Sequence[str] = (),
        *,
        refused: bool = False,
    ) -> dict[str, Outcome]:
        """How each call ended, one reading for all of a kind. FAILED means two readings in a row show that it did
        not happen (OA-R29, ST-R25). `among`: ids of what they made, if that is known: just these are read.
        `refused`: the server has said no to all that was sent of them."""
        found = {c.id: asked(c, fault.reason, fault.status) for c in calls if unseen(self.kinds.of(c), c)}
        for group in by_kind(with_values(c, results) for c in calls if c.id not in found):
            for part in self.kinds.readings(group):
                found |= await self._looked_up(part, results, fault, among, refused)
        return found

    async def _looked_up(
        self,
        calls: list[Call],
        results: Mapping[str, Mapping[str, Json]],
        fault: RemoteFault,
        among: Sequence[str],
        refused: bool,
    ) -> dict[str, Outcome]:
        found: dict[str, Outcome] = {}
        left = {c.id: c for c in calls}
        partly: dict[str, dict[str, Json]] = {}
        for attempt in range(2):
            if attempt:
                await self.clock.sleep(PAUSE)
            try:
                live = await self.look(self._demand(list(left.values()), among), "settle")
            except RemoteFault as again:
                text = f"{fault.reason}; and no reading could tell: {again.reason}"
                return found | {i: Outcome(i, End.IN_DOUBT, text) for i in left}
            seen = {i: o for i, c in left.items() if (o := self._seen(c, live, results, fault)) is not None}
            if not attempt:  # what must never be sent twice is looked for once more before anybody is asked
                seen = {i: o for i, o in seen.items() if o.end is End.DONE or not once_only(left[i])}
            found |= seen
            left = {i: c for i, c in left.items() if i not in found}
            partly = {i: in_part(self.kinds, c, live, refused=refused) for i, c in left.items()}
            if not left:
                break
        why, status, code = fault.reason, fault.status, fault.code
        return found | {i: Outcome(i, End.FAILED, why, status, partly[i], code=code) for i in left}

    def _demand(self, calls: list[Call], among: Sequence[str]) -> Demand:
        return self.kinds.narrowed(calls[0], among) if among else self.kinds.settling(calls)

    def _seen(
        self, call: Call, live: Collection, results: Mapping[str, Mapping[str, Json]], fault: RemoteFault
    ) -> Outcome | None:
        """DONE or IN_DOUBT; None where this reading does not show the effect."""
        verdict = self.kinds.settled(call, live)
        if verdict is None:
            return untold(self.kinds.of(call), call, f"{fault.reason}; no reading can tell whether it happened")
        text = f"{fault.reason}; live shows that it happened"
        found = self.kinds.made(call, live)
        return happened(self.kinds.of(call), call, found, results, text) if verdict else None


def happened(
    kind: Kind, call: Call, found: Sequence[Resource], results: Mapping[str, Mapping[str, Json]], text: str
) -> Outcome:
    """The end of a call that a reading found done, and the things it may have made; its answer, and what only that
    told, is lost."""
    known = facts(call, None, results) | found_id(call, found)
    known |= of_thing(kind, call, found[0]) if len(found) == 1 else {}
    gone, question = lost(kind, call)
    return Outcome(call.id, End.DONE, text, 0, without_value(call, known, gone), settled=True, question=question)


def found_id(call: Call, found: Sequence[Resource]) -> dict[str, Json]:
    """The id of a create that a reading found done."""
    if not (creates(call) or call.new_id is not None) or len(found) != 1:
        return {}
    return created(call, found[0].id)


def in_part(kinds: Kinds, call: Call, live: Collection, *, refused: bool = False) -> dict[str, Json]:
    """What a call that has not wholly happened has done all the same. `refused`: the server has said no to it."""
    added = {} if refused else _added(kinds.of(call), call, live)
    return _begun(call, kinds.begun(call, live)) | added


def _begun(call: Call, found: Sequence[Resource]) -> dict[str, Json]:
    """What a create that has not wholly happened has made all the same, where its kind can tell: it was not there
    before, so it is ours (OC-R79)."""
    told = found_id(call, found)
    return {Fact.BEGUN: told} if told else {}


def _added(kind: Kind, call: Call, live: Collection) -> dict[str, Json]:
    """What of an addition that has not wholly happened is there all the same, or hidden from every reading: none
    of it was there before, so it is ours (OA-R56, OA-R64)."""
    resource = thing(kind, call, live, {}) if call.phase is Phase.ADD and call.set_field else None
    if resource is None or call.set_field is None:
        return {}
    there = {*entries_by_id(kind.fields[call.set_field], resource.fields.get(call.set_field))}
    there |= {*resource.unknown.get(call.set_field, ())}
    added: list[Json] = [i for i, _ in call.effect.present if entry_text(i) in there]
    return {Fact.ADDED: [call.set_field, added]} if added else {}


def once_only(call: Call) -> bool:
    """A create that must never be sent twice."""
    return creates(call) and not call.repeat


def unseen(kind: Kind, call: Call) -> bool:
    """A create of a thing that no reading can find: nobody will ever know by looking."""
    return not kind.findable and creates(call)


def untold(kind: Kind, call: Call, why: str) -> Outcome:
    """The end of a call that a reading tells nothing of. A create that must never be sent twice is asked about and
    stays in doubt until somebody answers, or asks for another one by a token (ST-R61)."""
    if call.asks:
        return Outcome(call.id, End.IN_DOUBT, why, question=call.asks)
    if not once_only(call):
        return Outcome(call.id, End.IN_DOUBT, why)
    outcome, words = asked(call, why), " or ".join(f"`once: {{{token}: …}}`" for token in kind.tokens)
    more = f"; a new value of {words} there sends another one in any case" if words else ""
    return replace(outcome, question=outcome.question + more)


def asked(call: Call, why: str, status: int = 0) -> Outcome:
    """The end of such a create: one question to a person, and what the ledger keeps until it is answered."""
    made, forgotten = quote(f"{call.address}=ID"), quote(str(call.address))
    question = (
        f"was {call.kind} {label_of(call)} made? If it was: `reconciler resume --adopt {made}`; "
        f"if not: `reconciler resume --forget {forgotten}`"
    )
    result: dict[str, Json] = {Fact.DOUBT: call.line, Fact.KEY: call.effect.key, Fact.LABEL: label_of(call)}
    result |= {Fact.ONCE: dict(call.once)} if call.once else {}
    return Outcome(call.id, End.IN_DOUBT, why, status, result, question=question)


def by_kind(calls: Iterable[Call]) -> list[list[Call]]:
    """The calls in groups of one kind and target: one reading serves a group."""
    found: dict[tuple[str, str], list[Call]] = {}
    for call in calls:
        found.setdefault((call.target, call.kind), []).append(call)
    return list(found.values())
