"""Gates, once-shown values, tokens, and things that no read finds."""

# ruff: noqa: ARG002 - the shapes of protocols

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass, field

import pytest

from reconciler.apply.ink import Ink
from reconciler.apply.look import Kinds
from reconciler.apply.send import Sender
from reconciler.model.faults import AnswerLost, GuardRefused, ProviderFailed, ProviderRefused, RemoteFault
from reconciler.model.json import Json
from reconciler.model.live import Collection
from reconciler.model.outcome import End, Fact, Outcome
from reconciler.model.plan import Call, Phase, Role, Sink
from reconciler.model.record import replace
from tests.unit.apply.samples import CREATED, Eyes, Notebook, Pen, call, clock, label, labels, plan
from tests.world import OMNI, catalog

VALUE = "canary-0b5a"
AT = ("omni-analytics", "Label")
CREATE = call(
    1,
    phase=Phase.CREATE,
    method="POST",
    path="/v1/labels",
    effect=CREATED,
    new_id="/id",
    summary="create Label Live",
)
INVITE = replace(CREATE, sink=Sink("/link", "link", {"toFile": "secrets/live"}), expect={"/link": "x"})
GATE = call(1, role=Role.GATE, method="POST", path="/v1/preview", expect={"/rows/0/name": "Live", "/errors": []})


@dataclass
class Shelf:
    """A sink that remembers, and refuses what it is told to."""

    refuses: str = ""
    held: list[str] = field(default_factory=list)

    def prove(self, to: Mapping[str, Json]) -> None:
        if self.refuses == "prove":
            raise GuardRefused("the shelf is full", hint="name another")

    def put(self, to: Mapping[str, Json], value: str) -> None:
        if self.refuses == "put":
            raise GuardRefused("the shelf broke")
        self.held.append(value)


class Sent:
    def __init__(
        self, one: Call, *answers: Json | Exception, seen: tuple[Collection, ...] = (), shelf: Shelf | None = None,
        findable: bool = True, tokens: tuple[str, ...] = (), id_follows: bool = False,
    ) -> None:  # fmt: skip
        known, self.journal, self.shelf = catalog(), Notebook(), shelf or Shelf()
        kind = replace(known.kinds[AT], findable=findable, tokens=tokens)
        self.pen, self.eyes = Pen(list(answers), self.journal), Eyes([*seen] or [AssertionError("no look")])
        kinds = Kinds(replace(known, kinds={**known.kinds, AT: kind}), plan(one))
        sender = Sender(self.pen, self.journal, Ink(self.journal), self.eyes, kinds, clock(), "run", self.shelf)
        self.outcome, self.unproven = asyncio.run(sender.send(one, {}, id_follows=id_follows))


def fault(kind: type[RemoteFault], status: int = 0) -> RemoteFault:
    return kind("trouble", target=OMNI, request="POST /v1/labels", status=status)


# Gates


def test_a_gate_that_shows_what_was_expected_lets_pass() -> None:
    sent = Sent(GATE, {"rows": [{"name": "Live"}], "errors": []})

    assert (sent.outcome.end, sent.journal.told) == (End.DONE, ["send"]), "it changes nothing, and is no intent"
    assert sent.pen.sent[0].safe


def test_a_gate_that_differs_fails() -> None:
    sent = Sent(GATE, {"rows": [{"name": "Life"}], "errors": []})

    assert sent.outcome == Outcome("1", End.FAILED, "the answer differs: /rows/0/name is 'Life', not 'Live'", 200)
    missing = Sent(GATE, {"errors": []}).outcome
    assert missing.message == "the answer differs: /rows/0/name is not in it"


def test_a_gate_is_never_in_doubt() -> None:
    assert Sent(GATE, fault(AnswerLost)).outcome == Outcome("1", End.FAILED, "trouble")


def test_a_write_may_be_a_gate() -> None:
    one = replace(CREATE, gate=True, expect={"/created": 2})

    assert Sent(one, {"id": "x", "created": 1}).outcome.end is End.FAILED
    assert Sent(one, {"id": "x", "created": 2}).outcome.end is End.DONE


# Once-shown values


def test_the_value_goes_to_its_sink_and_nowhere_else() -> None:
    sent = Sent(INVITE, {"id": "i1", "link": VALUE})

    assert (sent.outcome.end, sent.shelf.held) == (End.DONE, [VALUE])
    assert VALUE not in str(sent.outcome)
    assert sent.outcome.question == ""


def test_without_a_sink_nothing_is_sent() -> None:
    sent = Sent(INVITE, shelf=Shelf("prove"))

    assert (sent.outcome.end, sent.pen.sent, sent.journal.told) == (End.FAILED, [], [])
    assert sent.outcome.message == "not sent: the shelf is full (name another)"


@pytest.mark.parametrize(
    ("body", "shelf", "why"),
    [
        ({"id": "i1"}, Shelf(), "the answer holds no such value"),
        ({"id": "i1", "link": ""}, Shelf(), "the answer holds no such value"),
        ({"id": "i1", "link": VALUE}, Shelf("put"), "the shelf broke"),
    ],
)
def test_a_value_that_got_lost_is_asked_about(body: Json, shelf: Shelf, why: str) -> None:
    sent = Sent(INVITE, body, shelf=shelf, tokens=("reissue",))

    assert (sent.outcome.end, sent.outcome.message) == (End.DONE, why)
    assert (sent.outcome.result[Fact.ID], sent.outcome.result[Fact.LOST]) == ("i1", "link")
    assert "`once: {reissue: …}`" in sent.outcome.question
    assert VALUE not in str(sent.outcome)


def test_a_lost_answer_loses_the_value() -> None:
    sent = Sent(INVITE, fault(AnswerLost), seen=(labels(label("Live")),))

    assert (sent.outcome.end, sent.outcome.settled) == (End.DONE, True)
    assert sent.outcome.result[Fact.LOST] == "link"
    assert "analytics/Label/a" in sent.outcome.question


def test_a_value_that_was_kept_is_not_lost_for_want_of_an_id() -> None:
    sent = Sent(INVITE, {"link": VALUE}, seen=(labels(label("Live")),))

    assert (sent.outcome.end, sent.shelf.held) == (End.DONE, [VALUE])
    assert (Fact.LOST in sent.outcome.result, sent.outcome.question) == (False, "")


def test_a_token_has_acted_when_its_call_has_worked() -> None:
    one = replace(CREATE, once={"reissue": "2"})

    assert Sent(one, {"id": "x"}).outcome.result[Fact.ONCE] == {"reissue": "2"}
    assert Sent(one, fault(ProviderRefused, 400)).outcome.result == {}


def test_a_token_stays_new_while_its_value_is_lost_if_the_call_may_be_sent_again() -> None:
    one = replace(INVITE, once={"reissue": "2"})

    again = Sent(one, {"id": "x"}, tokens=("reissue",)).outcome
    assert (again.result[Fact.LOST], Fact.ONCE in again.result) == ("link", False)
    assert "`once: {reissue: 2}` has not acted, and the next apply issues another" in again.question
    never = Sent(replace(one, repeat=False), {"id": "x"}, tokens=("reissue",)).outcome
    assert (never.result[Fact.LOST], never.result[Fact.ONCE]) == ("link", {"reissue": "2"})
    assert "a new value of `once: {reissue: …}`" in never.question
    kept = Sent(one, {"id": "x", "link": VALUE}, tokens=("reissue",)).outcome
    assert (Fact.LOST in kept.result, kept.result[Fact.ONCE]) == (False, {"reissue": "2"})
    unanswered = Sent(one, fault(AnswerLost), seen=(labels(label("Live")),), tokens=("reissue",)).outcome
    assert (unanswered.result[Fact.LOST], Fact.ONCE in unanswered.result) == ("link", False)


# Ids that follow, sends that are not repeated


def test_an_id_that_another_call_tells_is_not_looked_for() -> None:
    sent = Sent(CREATE, {}, id_follows=True)

    assert (sent.outcome.end, sent.unproven, sent.eyes.groups) == (End.DONE, True, [])


def test_what_must_not_be_repeated_is_looked_up_once() -> None:
    sent = Sent(replace(CREATE, repeat=False), fault(ProviderFailed, 500), seen=(labels(),))

    assert (sent.outcome.end, len(sent.pen.sent)) == (End.FAILED, 1)
    assert not sent.pen.sent[0].repeat


def test_the_name_of_a_refusal_is_kept() -> None:
    no = ProviderRefused("taken", target=OMNI, request="POST /v1/labels", status=409, code="duplicate")

    assert Sent(CREATE, no).outcome == Outcome("1", End.FAILED, "taken", 409, code="duplicate")


# Things that no read finds


@pytest.mark.parametrize("answer", [fault(AnswerLost), fault(ProviderFailed, 502), {}], ids=str)
def test_a_create_that_nothing_can_find_is_asked_about(answer: Json | Exception) -> None:
    sent = Sent(CREATE, answer, findable=False)

    assert (sent.outcome.end, len(sent.pen.sent), sent.eyes.groups) == (End.IN_DOUBT, 1, [])
    assert sent.outcome.result[Fact.DOUBT] == "POST /v1/labels"
    assert sent.outcome.question.startswith("was Label Live made?")
    assert "reconciler resume --adopt analytics/Label/a=ID" in sent.outcome.question


def test_what_it_is_refused_for_is_no_doubt() -> None:
    assert Sent(CREATE, fault(ProviderRefused, 400), findable=False).outcome.end is End.FAILED
