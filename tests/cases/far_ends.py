"""Far ends of several sorts, to which the plan of a case is applied: what a run makes of each is kept with the
case. They know nothing of any API: they answer as a call says that its answer should look, or in another way."""

# ruff: noqa: ARG002 - the shapes of protocols

from __future__ import annotations

import asyncio
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from reconciler.apply import Run, run, settle
from reconciler.model.call import Reply, Request
from reconciler.model.document import Address
from reconciler.model.faults import AnswerLost, GuardRefused, ProviderFailed, ProviderRefused, RemoteFault
from reconciler.model.json import Json, JsonObject
from reconciler.model.live import Collection, Demand, Live, Resource
from reconciler.model.outcome import End, Outcome, Unfinished
from reconciler.model.plan import Call, Phase, Plan
from reconciler.model.plan_json import to_json
from reconciler.model.record import replace
from reconciler.model.recorded import Recorded
from reconciler.model.values import resolved, waiting_for
from tests.kept import mark
from tests.unit.apply.samples import Notebook, clock
from tests.world import catalog

SORTS = (
    "obliging", "forgetful", "silent", "refusing", "lossy", "flaky", "broken", "astray", "other", "emptied",
    "blind", "choosy",
)  # fmt: skip
"""Does all; says that it does; does all, and says nothing of it; says no; answers no write, and does nothing; so
the first time alone; does all, and answers that it broke; finds nothing; answers something else; has lost all
meanwhile; does all, and shows nothing any more; does what is asked for in another way alone."""
INTERRUPTED = ("undone", "done", "half done")
"""What an interrupted run had come to, that never heard of anything."""


def runs_text(plan: Plan, live: Live, known: Recorded) -> str:
    """What becomes of a plan against each sort, and of a run of it that was interrupted."""
    if not any(c.sent and not c.held for c in plan.calls):
        return ""
    told = [f"{sort}: {line}" for sort in SORTS for line in _Far(plan, live, known, sort).run()]
    told += [f"{how}: {line}" for how in INTERRUPTED for line in _Far(plan, live, known, how).settle()]
    return "\n".join(told)


class _Diary(Notebook):
    """A journal that keeps every word."""

    def intend(self, run: str, call: str, address: Address, payload: str) -> None:
        self.told.append(f"intend {call}")

    def conclude(self, run: str, address: Address, outcome: Outcome) -> None:
        self.told.append(f"{address}: {_said(outcome)}")

    def bind(self, run: str, bond: Any, previous: Address | None = None) -> None:
        self.told.append(
            f"bind {bond.address} {bond.id} {mark(bond.to_json())}" + (f" from {previous}" if previous else "")
        )

    def release(self, run: str, address: Address, why: str) -> None:
        self.told.append(f"release {address}: {why}")

    def finish(self, run: str, status: str) -> str:
        self.told.append(f"finish {status}")
        return "head"


def _said(outcome: Outcome) -> str:
    more: JsonObject = {"result": dict(outcome.result)} if outcome.result else {}
    more |= {"code": outcome.code} if outcome.code else {}
    words = [outcome.call, str(outcome.end), str(outcome.status or ""), outcome.message, outcome.question]
    words += ["settled" if outcome.settled else "", mark(more) if more else ""]
    return " ".join(w for w in words if w)


@dataclass
class _Far:
    """One far end, and what has come to it so far."""

    plan: Plan
    live: Live
    known: Recorded
    sort: str
    diary: _Diary = field(default_factory=_Diary)
    under_way: str = ""
    results: dict[str, dict[str, Json]] = field(default_factory=dict)
    happened: list[str] = field(default_factory=list)
    tried: set[str] = field(default_factory=set)
    progress: list[str] = field(default_factory=list)

    def run(self) -> Iterator[str]:
        job = Run(
            self.plan, catalog(), self, self.diary, self._look, clock(), asyncio.Event(), lambda: None,
            known=self.known.bonds, remembered=lambda: self.known.bonds, sinks=_Drain(),
            concurrency={t.name: 1 for t in self.plan.targets}, progress=self._tell,
        )  # fmt: skip
        report = asyncio.run(run(job))
        yield from self._told()
        yield from report.notes
        ends: JsonObject = {o.call: _said(o) for o in report.outcomes}
        yield f"in all: {mark([ends, [*self.progress], [*self.diary.told]])}"

    def _told(self) -> Iterator[str]:
        """What matters in the end; all the steps are part of the mark."""
        steps = ("intend", "send", "preconditions", "calls", "settle:", "verify")
        yield from (line for line in self.diary.told if not line.startswith(steps))

    def settle(self) -> Iterator[str]:
        """All that is sent at once was under way when the run was cut short."""
        sent = [c for c in self.plan.calls if not c.held and not c.contingent]
        share = {"undone": 0, "done": len(sent), "half done": (len(sent) + 1) // 2}[self.sort]
        for call in sent[:share]:
            self._happens(call)
        ended = {c.id: Outcome(c.id, End.DONE, result=self._facts(c)) for c in sent[: share // 2]}
        left = tuple(c.id for c in sent if c.id not in ended)
        unfinished = Unfinished("run", to_json(self.plan), left, ended)
        found = asyncio.run(
            settle(unfinished, catalog(), self.diary, self._look, clock(), lambda: self.known.bonds)
        )
        yield from self._told()
        yield from found.in_doubt
        yield f"in all: {mark([{i: _said(o) for i, o in found.outcomes.items()}, [*self.diary.told]])}"

    # As a writer

    async def read(self, request: Request) -> Reply:
        raise AssertionError("a sender reads through its look alone")

    async def send(self, request: Request) -> Reply:
        call = next(c for c in self.plan.calls if c.id == self.under_way)
        self.diary.told.append(
            f"send {request} {mark([request.body, request.media, request.repeat, request.safe])}"
        )
        if self.sort == "refusing" or (self.sort == "choosy" and not call.contingent and not request.safe):
            raise self._fault(ProviderRefused, call, "no such way", 422)
        if self.sort == "astray":
            raise self._fault(ProviderRefused, call, "not there", 404)
        lost = self.sort == "lossy" or (self.sort == "flaky" and call.id not in self.tried)
        self.tried.add(call.id)
        if lost and not request.safe:
            raise self._fault(AnswerLost, call, "the line went dead", 0)
        if self.sort != "forgetful":
            self._happens(call)
        if self.sort == "broken" and not request.safe:
            raise self._fault(ProviderFailed, call, "it broke", 502)
        other: Json = {"id": 7, "error": "x"}
        return Reply(200, {} if self.sort == "silent" else other if self.sort == "other" else self._answer(call))

    def _fault(self, kind: type[RemoteFault], call: Call, why: str, status: int) -> RemoteFault:
        return kind(why, target=call.target, request=call.line, status=status, code="way" if status else "")

    def _tell(self, event: Mapping[str, Json]) -> None:
        self.progress.append(mark(dict(event)))
        if event["event"] == "intend":
            self.under_way = str(event["call"])

    def _id(self, call: Call) -> str:
        return call.live_id or f"id-{call.id}"

    def _facts(self, call: Call) -> dict[str, Json]:
        return {place: self._id(call) for place in (call.new_id or "").split("|") if place.startswith("/")}

    def _answer(self, call: Call) -> Json:
        """An answer in which all stands that the plan expects to find there."""
        body: JsonObject = {}
        wanted = {at["path"] for c in self.plan.calls for at in _asked_of(c, call.id)}
        for place, value in [*call.expect.items(), *((str(p), f"{call.id}{p}") for p in wanted)]:
            _put(body, place.split("|")[0], self._value(value))
        for place, value in self._facts(call).items():
            _put(body, place, value)
        if call.sink is not None:
            _put(body, call.sink.at, "shown once")
        self.results[call.id] = {p: v for p in wanted if isinstance(p, str) and (v := _at(body, p)) is not None}
        return body

    def _value(self, value: Json) -> Json:
        try:
            return resolved(value, self.results, {})
        except KeyError:
            return None

    # What is live

    def _happens(self, call: Call) -> None:
        self.happened.append(call.id)

    async def _look(self, demand: Demand, group: str) -> Collection:
        self.diary.told.append(f"{group}: {mark(demand.to_json())}")
        found = self.live.of(demand.target, demand.kind)
        if self.sort == "emptied":
            return replace(found, resources=())
        if self.sort == "blind" and group != "preconditions":
            raise ProviderFailed("it is dark", target=demand.target, request="GET", status=503)
        things = {r.id: r for r in found.resources}
        for call in (c for c in self.plan.calls if c.id in self.happened or c.carrier in self.happened):
            if (call.target, call.kind) == (demand.target, demand.kind):
                self._takes_effect(call, things)
        return replace(found, resources=tuple(things.values()))

    def _takes_effect(self, call: Call, things: dict[str, Resource]) -> None:
        own = self._id(call)
        fields = {name: self._value(value) for name, value in call.effect.fields.items()}
        if call.effect.gone:
            things.pop(own, None)
        elif call.phase is Phase.CREATE and call.effect.key is not None:
            scope = tuple(self._value(v) for v in call.effect.scope)
            things[own] = Resource(own, call.effect.key, fields, scope=scope)
        elif own in things:
            was = things[own]
            key = call.effect.key if call.effect.key is not None else was.key
            things[own] = replace(was, key=key, fields={**was.fields, **fields})
        if call.becomes is not None and own in things:
            things[call.becomes] = replace(things.pop(own), id=call.becomes)


class _Drain:
    """A sink that takes everything but one thing."""

    def prove(self, to: Mapping[str, Json]) -> None: ...

    def put(self, to: Mapping[str, Json], value: str) -> None:
        if "toKeyring" in to:
            raise GuardRefused("the keyring is locked")


def _asked_of(call: Call, other: str) -> list[JsonObject]:
    said = waiting_for([dict(call.args), dict(call.query), call.body, dict(call.expect)])
    return [at for word, at in said if word == "$from" and at["call"] == other]


def _put(body: JsonObject, pointer: str, value: Json) -> None:
    """Make the body show this there; what stands in every item of a list is left out."""
    steps = pointer.split("/")[1:]
    if not steps or "*" in steps:
        return
    here: Any = body
    for step, following in zip(steps, [*steps[1:], ""], strict=True):
        new: Any = value if step is steps[-1] and not following else [] if following.isdigit() else {}
        if isinstance(here, list):
            here.extend({} for _ in range(int(step) + 1 - len(here)))
            here[int(step)] = new if not following else here[int(step)] or new
            here = here[int(step)]
        else:
            name = step.replace("~1", "/").replace("~0", "~")
            here[name] = new if not following else here.get(name) or new
            here = here[name]


def _at(body: Json, pointer: str) -> Json:
    here = body
    for step in pointer.split("/")[1:]:
        here = here.get(step) if isinstance(here, dict) else None
    return here
