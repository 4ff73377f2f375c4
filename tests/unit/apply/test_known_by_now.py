"""Calls whose values come from an earlier answer: whatever becomes of them, it is told with those very values."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping

import pytest

from reconciler.apply.ink import Ink
from reconciler.apply.send import Sender
from reconciler.model.faults import AnswerLost, ProviderRefused, RemoteFault
from reconciler.model.json import Json
from reconciler.model.live import Collection
from reconciler.model.outcome import End, Fact, Outcome
from reconciler.model.plan import Call, Effect, Phase, Role
from reconciler.model.record import replace
from tests.unit.apply.samples import TEAM, Eyes, Notebook, Pen, call, clock, kinds, label, labels
from tests.unit.apply.test_graph import CREW
from tests.unit.apply.test_verify import on
from tests.unit.apply.test_verify import team as crew
from tests.world import OMNI

EARLIER: Mapping[str, Mapping[str, Json]] = {"7": {"/id": "u7", "/name": "Live"}}
USER: Json = {"$from": {"call": "7", "path": "/id"}}
NAME: Json = {"$from": {"call": "7", "path": "/name"}}
JOIN = call(
    1, CREW, phase=Phase.ADD, live_id="t1", set_field="members", path="/v1/teams/t1/members",
    effect=Effect(set_field="members", present=((USER, {}),)),
)  # fmt: skip
LEAVE = replace(JOIN, phase=Phase.REMOVE, effect=Effect(set_field="members", absent=(USER,)))
FLAG = call(1, args={"id": NAME}, effect=Effect(fields={"verified": True}))
CREATE = call(
    1, phase=Phase.CREATE, method="POST", path="/v1/labels", effect=Effect(key="Live"), new_id="/id",
    summary="create Label Live",
)  # fmt: skip


def fault(kind: type[RemoteFault], status: int = 0) -> RemoteFault:
    return kind("trouble", target=OMNI, request="PUT /x", status=status)


class Sent:
    """One call sent, when call 7 has answered."""

    def __init__(
        self,
        one: Call,
        *answers: Json | Exception,
        seen: Collection | None = None,
        before: Collection | None = None,
    ) -> None:
        journal = Notebook()
        self.pen, self.eyes = Pen(list(answers), journal), Eyes([seen or AssertionError("no look")])
        known = {} if before is None else {(one.target, one.kind): before}
        sender = Sender(self.pen, journal, Ink(journal), self.eyes, kinds(one), clock(), "run", seen=known)
        self.outcome, self.unproven = asyncio.run(sender.send(one, EARLIER))


def team(*users: str) -> Collection:
    return Collection(TEAM.name, (crew(*(on(user, primary=False) for user in users)),))


def test_what_was_gone_already_is_told_by_its_id() -> None:
    outcome = Sent(LEAVE, fault(ProviderRefused, 404)).outcome

    assert (outcome.end, outcome.result) == (End.DONE, {Fact.REMOVED: ["members", ["u7"]]})


def test_a_removal_found_done_is_told_by_its_id() -> None:
    outcome = Sent(LEAVE, fault(AnswerLost), seen=team()).outcome

    assert (outcome.end, outcome.settled) == (End.DONE, True)
    assert outcome.result == {Fact.REMOVED: ["members", ["u7"]]}


def test_a_removal_that_live_does_not_show_is_sent_once_more() -> None:
    sent = Sent(LEAVE, fault(AnswerLost), {}, seen=team("u7"))

    assert (sent.outcome.end, len(sent.pen.sent), sent.eyes.groups) == (End.DONE, 2, ["settle"] * 2)


def test_a_thing_named_by_an_earlier_answer_is_looked_for_under_that_id() -> None:
    shown = Sent(FLAG, fault(AnswerLost), seen=labels(label("Live", verified=True), label("b"))).outcome
    not_so = Sent(FLAG, fault(AnswerLost), {}, seen=labels(label("Live", verified=False))).pen.sent

    assert (shown.end, shown.settled) == (End.DONE, True)
    assert [r.path for r in not_so] == ["/v1/labels/Live"] * 2


def test_a_refusal_of_the_second_send_is_looked_into_under_that_id() -> None:
    one = Sent(FLAG, fault(AnswerLost), fault(ProviderRefused, 409), seen=labels(label("Live", verified=False)))

    assert (one.outcome.end, one.outcome.status, one.eyes.groups) == (End.FAILED, 409, ["settle"] * 4)


def test_a_gate_compares_its_answer_with_what_an_earlier_one_told() -> None:
    gate = call(1, role=Role.GATE, method="POST", path="/v1/preview", expect={"/name": NAME})

    assert Sent(gate, {"name": "Live"}).outcome.end is End.DONE
    other = Sent(gate, {"name": "other"}).outcome
    assert (other.end, other.status) == (End.FAILED, 200)
    assert other.message.startswith("the answer differs: ")


def test_what_only_reads_has_failed_when_its_answer_is_lost_and_is_not_looked_for() -> None:
    sent = Sent(call(1, method="GET"), fault(AnswerLost, 503))

    assert sent.outcome == Outcome("1", End.FAILED, "trouble", 503)
    assert (len(sent.pen.sent), sent.eyes.groups) == (1, [])


def test_an_id_that_something_else_had_before_is_not_that_of_what_was_made() -> None:
    others = labels(label("x9"))
    looked_up = Sent(CREATE, {"id": "x9"}, before=others, seen=labels(label("x9"), label("Live"))).outcome
    believed = Sent(CREATE, {"id": "x10"}, before=others).outcome

    assert (looked_up.result[Fact.ID], looked_up.settled) == ("Live", True)
    assert (believed.result[Fact.ID], believed.settled) == ("x10", False)


def test_a_change_may_answer_with_any_id() -> None:
    one = call(1, live_id="Live", new_id="/id", effect=Effect(key="Live"), summary="change Label Live")
    outcome = Sent(one, {"id": "x9"}, before=labels(label("x9"), label("Live"))).outcome

    assert (outcome.end, outcome.result[Fact.ID], outcome.settled) == (End.DONE, "x9", False)


def test_any_refusal_with_401_stops_everything() -> None:
    with pytest.raises(ProviderRefused, match="trouble"):
        Sent(FLAG, fault(ProviderRefused, 401))
