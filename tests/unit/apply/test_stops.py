"""What a run tells while it goes, and what keeps it from going on: with the very words that a person reads."""

# ruff: noqa: ARG002, ARG005 - the shapes of protocols

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

import pytest

from reconciler.apply import Run, run
from reconciler.model.call import Reply, Request
from reconciler.model.clock import Clock
from reconciler.model.document import Address
from reconciler.model.faults import (
    GuardRefused,
    ProviderFailed,
    ProviderUnreachable,
    RequestUnsendable,
    Unauthorised,
)
from reconciler.model.json import Json, JsonObject
from reconciler.model.live import Collection, Demand
from reconciler.model.outcome import NOTHING_SENT, End, Fact, Lease, Outcome, Report
from reconciler.model.plan import Call, Check, Effect, Plan
from reconciler.model.record import replace
from tests.unit.apply.samples import Notebook, call, kinds, label, labels, plan
from tests.world import OMNI, TRACKER, catalog

ELSEWHERE = Address(TRACKER, "ClientTeam", "t")


def to(target: str, kind: type[Any], why: str = "no way", status: int = 0) -> Exception:
    found: Exception = kind(why, target=target, request="PUT /x", status=status)
    return found


@dataclass
class Log(Notebook):
    """Everything that the journal is asked and told, in order. `lost_from`: the question from which on a lease is
    somebody else's."""

    lost_from: int = 1_000_000
    asked: int = 0

    def start(self, plan_id: str, plan: JsonObject, targets: tuple[str, ...], commit: str | None) -> str:
        self.told.append(f"start {plan_id} for {' '.join(targets)} from {commit}")
        assert plan["format"]
        return "r7"

    def note(self, run: str, body: JsonObject) -> None:
        self.told.append(f"note {run} {body}")

    def finish(self, run: str, status: str) -> str:
        self.told.append(f"finish {run} {status}")
        return "the head"

    def conclude(self, run: str, address: Address, outcome: Outcome) -> None:
        self.told.append(f"{run} {address.name}: {outcome.call} {outcome.end}")

    def acquire(self, target: str) -> Lease:
        self.told.append(f"acquire {target}")
        return Lease(target, 3, "us")

    def holds(self, lease: Lease) -> bool:
        self.asked += 1
        return self.asked < self.lost_from

    def lost(self, lease: Lease) -> str:
        return f"is that of {lease.target}'s next"

    def give_back(self, lease: Lease) -> None:
        self.told.append(f"give back {lease.target}")


@dataclass
class Going:
    """A run, whose every part may be another one."""

    whole: Plan
    answers: dict[str, Json | Exception] = field(default_factory=dict)
    journal: Log = field(default_factory=Log)
    live: Callable[[Demand], Collection] = lambda demand: labels(label("a"), label("b"), label("c"))
    words: dict[str, Any] = field(default_factory=dict)
    sent: list[Request] = field(default_factory=list)
    slept: list[float] = field(default_factory=list)
    events: list[Mapping[str, Json]] = field(default_factory=list)
    under_way: int = 0
    most: int = 0
    now: float = 100.0

    def run(self) -> Report:
        async def sleep(seconds: float) -> None:
            self.slept.append(seconds)
            self.now += seconds
            await asyncio.sleep(0)

        self.stop = asyncio.Event()
        clock = Clock(lambda: self.now, lambda: self.now, sleep)
        words: dict[str, Any] = {
            "progress": self.events.append,
            "admit": lambda: self.journal.told.append("admit"),
        }
        words |= self.words
        self.job = Run(self.whole, catalog(), self, self.journal, self._look, clock, self.stop, **words)
        return asyncio.run(run(self.job))

    async def _look(self, demand: Demand, group: str) -> Collection:
        return self.live(demand)

    async def read(self, request: Request) -> Reply:
        raise AssertionError("a sender reads through its look alone")

    async def send(self, request: Request) -> Reply:
        if request.barred is not None and (why := request.barred()):
            raise to(request.target, ProviderUnreachable, why)
        self.sent.append(request)
        self.under_way += 1
        self.most = max(self.most, self.under_way)
        for _ in range(3):
            await asyncio.sleep(0)
        self.now += 2
        self.under_way -= 1
        answer = self.answers.get(request.path, {})
        if isinstance(answer, Exception):
            raise answer
        return Reply(200, answer)


def put(number: int, path: str, target: str = OMNI, **words: Any) -> Call:
    at = Address(OMNI, "Label", path) if target == OMNI else ELSEWHERE
    follows = frozenset(map(str, words.pop("follows", ())))
    return call(number, at, path=f"/{path}", summary=f"change {path}", follows=follows, **words)


def said(report: Report) -> dict[str, tuple[End, str]]:
    return {o.call: (o.end, o.message) for o in report.outcomes}


def test_a_run_from_its_beginning_to_its_end() -> None:
    going = Going(plan(put(1, "a"), put(2, "b", after=[1])), words={"says": ({"why": "because"},)})
    report = going.run()

    assert going.journal.told == [
        "acquire analytics", "admit", "start p for analytics from None", "note r7 {'why': 'because'}", "intend 1",
        "r7 a: 1 done", "intend 2", "r7 b: 2 done", "finish r7 done", "give back analytics",
    ]  # fmt: skip
    ends = tuple(Outcome(n, End.DONE, "", 200) for n in "12")
    assert report == Report("p", "r7", ends, (), {}, "the head", 4.0, False)


def test_every_step_is_told_with_how_far_the_run_is() -> None:
    going = Going(
        plan(put(1, "a"), put(2, "b", after=[1]), put(3, "c", held=("a-rule", "b-rule"))),
        {"/b": to(OMNI, RequestUnsendable, "too large")},
        words={"seconds_left": lambda target, calls: 0.001 * calls},
    )
    going.run()

    base = {"target": OMNI, "total": 3}
    first = {"call": "1", "line": "PUT /a", "summary": "change a", **base}
    second = {"call": "2", "line": "PUT /b", "summary": "change b", **base}
    third = {"call": "3", "line": "PUT /c", "summary": "change c", **base}
    assert going.events == [
        {"event": "held", "message": "a-rule, b-rule", "done": 1, "seconds_left": 0.002, **third},
        {"event": "intend", "message": "", "done": 1, "seconds_left": 0.002, **first},
        {"event": "done", "message": "", "done": 2, "seconds_left": 0.001, **first},
        {"event": "intend", "message": "", "done": 2, "seconds_left": 0.001, **second},
        {"event": "failed", "message": "too large", "done": 3, "seconds_left": 0.0, **second},
    ]


def test_what_cannot_be_admitted_has_begun_nothing() -> None:
    def no() -> None:
        raise GuardRefused("not any more")

    going = Going(plan(put(1, "a")), words={"admit": no})

    with pytest.raises(GuardRefused, match="not any more"):
        going.run()
    assert going.journal.told == ["acquire analytics", "give back analytics"]


def test_a_host_without_a_connection_is_left_alone_and_others_go_on() -> None:
    going = Going(
        plan(put(1, "a"), put(2, "b", follows=[1]), put(3, "t", TRACKER, follows=[1])),
        {"/a": to(OMNI, ProviderUnreachable, "nobody there")},
    )
    report = going.run()

    assert said(report) == {
        "1": (End.NOT_SENT, "nobody there"), "2": (End.NOT_SENT, "nobody there"), "3": (End.DONE, ""),
    }  # fmt: skip
    assert going.job.down == {OMNI: "nobody there"}


def test_a_credential_that_is_not_taken_stops_all_targets() -> None:
    going = Going(
        plan(put(1, "a"), put(2, "b", follows=[1]), put(3, "t", TRACKER, follows=[1])),
        {"/a": to(OMNI, Unauthorised, "who are you", 401)},
    )
    report = going.run()

    assert said(report) == {
        "1": (End.FAILED, "who are you"), "2": (End.NOT_SENT, "who are you"), "3": (End.NOT_SENT, "who are you"),
    }  # fmt: skip
    assert [o.status for o in report.outcomes] == [401, 0, 0]
    assert (going.job.down, len(going.sent)) == ({OMNI: "who are you", TRACKER: "who are you"}, 1)


@pytest.mark.parametrize(("lost_from", "sent"), [(1, 0), (2, 0), (3, 1), (1000, 2)])
def test_a_lease_that_is_lost_ends_the_writing(lost_from: int, sent: int) -> None:
    """It is asked for before a call is begun, and again as its request leaves."""
    going = Going(plan(put(1, "a"), put(2, "b", after=[1])), journal=Log(lost_from=lost_from))
    report = going.run()

    why = "the lease on this target is that of analytics's next"
    ends = [(End.DONE, "")] * sent + [(End.NOT_SENT, why)] * (2 - sent)
    assert [*said(report).values()] == ends
    assert len(going.sent) == sent
    assert going.journal.told[-2] == f"finish r7 {'done' if sent == 2 else 'partial' if sent else NOTHING_SENT}"


def test_what_only_reads_needs_no_lease_as_it_leaves() -> None:
    going = Going(plan(put(1, "a", method="GET")))
    going.run()

    assert (going.sent[0].barred, going.sent[0].safe) == (None, True)


def test_a_word_from_the_keyboard_begins_no_new_call() -> None:
    going = Going(plan(put(1, "a"), put(2, "b", after=[1])))
    going.words["progress"] = lambda event: going.stop.set() if event["event"] == "intend" else None
    report = going.run()

    assert said(report) == {"1": (End.DONE, ""), "2": (End.NOT_SENT, "interrupted")}
    assert report.interrupted


@pytest.mark.parametrize(("limit", "most"), [({}, 4), ({OMNI: 1}, 1), ({OMNI: 3}, 3), ({TRACKER: 1}, 4)])
def test_so_many_calls_are_under_way_at_once(limit: dict[str, int], most: int) -> None:
    going = Going(plan(*(put(n, f"l{n}") for n in range(1, 8))), words={"concurrency": limit})
    report = going.run()

    assert going.most == most
    assert {o.end for o in report.outcomes} == {End.DONE}
    assert going.job.busy[OMNI] == 0


def test_a_call_waits_for_the_rate_before_it_is_begun() -> None:
    """`seconds_left` is asked for the calls under way and one more; a hundredth of a second is no wait."""
    asked: list[tuple[str, int]] = []

    def left(target: str, calls: int) -> float:
        asked.append((target, calls))
        return 7.5 - (going.now - 100) if going.now < 107.5 else 0.01

    going = Going(plan(put(1, "a")), words={"seconds_left": left})
    report = going.run()

    assert said(report) == {"1": (End.DONE, "")}
    assert going.slept == [7.5]
    assert (OMNI, 1) in asked


def test_each_target_waits_for_its_own_rate() -> None:
    def left(target: str, calls: int) -> float:
        assert calls >= 0
        return max(0.0, 107.5 - going.now) if target == TRACKER else 0.0

    going = Going(plan(put(1, "a"), put(2, "t", TRACKER)), words={"seconds_left": left})
    alone = Going(plan(put(1, "a")), words={"seconds_left": left})

    assert {end for end, _ in said(going.run()).values()} == {End.DONE}
    assert going.slept[0] == 7.5
    assert {end for end, _ in said(alone.run()).values()} == {End.DONE}
    assert alone.slept == []


def test_a_stop_while_waiting_for_the_rate_is_heard() -> None:
    def left(target: str, calls: int) -> float:
        going.stop.set()
        return 1000.0

    going = Going(plan(put(1, "a")), words={"seconds_left": left})

    assert said(going.run()) == {"1": (End.NOT_SENT, "interrupted")}


CHECK = Check(Address(OMNI, "Label", "a"), ("1",), "a", id="a", fields=("verified",))


def test_what_cannot_be_read_beforehand_is_not_written() -> None:
    def broken(demand: Demand) -> Collection:
        raise to(OMNI, ProviderFailed, "all down", 500)

    going = Going(plan(put(1, "a"), put(2, "b"), checks=[CHECK]), live=broken)

    assert said(going.run()) == {
        "1": (End.NOT_SENT, "a precondition could not be read: all down"), "2": (End.DONE, ""),
    }  # fmt: skip


def test_a_credential_that_is_not_taken_beforehand_stops_everything() -> None:
    def broken(demand: Demand) -> Collection:
        raise to(OMNI, Unauthorised, "who are you", 401)

    with pytest.raises(Unauthorised, match="who are you"):
        Going(plan(put(1, "a"), checks=[CHECK]), live=broken).run()


def test_what_has_moved_is_refused_and_the_rest_goes_on() -> None:
    going = Going(plan(put(1, "a"), put(2, "b"), put(3, "a", follows=[1]),
                       checks=[replace(CHECK, calls=("1", "3"))]),
                  live=lambda demand: labels(label("b")))  # fmt: skip

    why = "'a' (id a) is live no more"
    assert said(going.run()) == {"1": (End.STALE, why), "2": (End.DONE, ""), "3": (End.STALE, why)}


def test_what_was_done_by_an_earlier_run_is_not_checked_and_not_sent() -> None:
    earlier = {"1": Outcome("1", End.DONE, "before", 200, {Fact.ID: "a"}), "2": Outcome("2", End.NOT_SENT, "no")}
    going = Going(plan(put(1, "a"), put(2, "b"), checks=[CHECK]), live=lambda demand: labels(),
                  words={"earlier": earlier})  # fmt: skip
    report = going.run()

    assert said(report) == {"1": (End.DONE, "before"), "2": (End.DONE, "")}
    assert [str(r) for r in going.sent] == ["PUT /b"]


def test_a_thing_whose_kind_nobody_read_is_looked_up_as_it_is() -> None:
    one = put(1, "a", live_id="a", effect=Effect(fields={"verified": True}))

    assert kinds(one).demand(one) == Demand(OMNI, "Label")
