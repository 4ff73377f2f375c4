"""Every way a send can go, and what becomes of the call."""

from __future__ import annotations

import asyncio

import pytest

from reconciler.apply.ink import Ink
from reconciler.apply.send import PAUSE, Sender
from reconciler.model.faults import (
    AnswerInvalid,
    AnswerLost,
    ProviderFailed,
    ProviderRefused,
    ProviderUnreachable,
    RemoteFault,
    Unauthorised,
)
from reconciler.model.json import Json
from reconciler.model.live import Collection
from reconciler.model.outcome import End, Fact, Outcome
from reconciler.model.plan import Call, Effect, Phase
from reconciler.model.record import replace
from tests.unit.apply.samples import (
    CREATED,
    NO_RESULTS,
    PART,
    Eyes,
    Notebook,
    Pen,
    call,
    clock,
    keep,
    kinds,
    label,
    labels,
)
from tests.world import OMNI

CREATE = call(
    1, phase=Phase.CREATE, method="POST", path="/v1/labels", body={"name": "Live"}, expect={"/name": "Live"},
    effect=CREATED, new_id="/name", summary="create Label Live",
)  # fmt: skip
UPDATE = call(
    1, args={"id": "Live"}, live_id="Live", expect={"/verified": True}, effect=Effect(fields={"verified": True})
)
DELETE = call(
    1, args={"id": "Live"}, live_id="Live", phase=Phase.DELETE, method="DELETE", effect=Effect(gone=True)
)
NONE, LIVE = labels(), labels(label("Live"))
DOUBTFUL = (AnswerLost, ProviderFailed, AnswerInvalid)


def fault(kind: type[RemoteFault], status: int = 0) -> RemoteFault:
    return kind("trouble", target=OMNI, request="POST /v1/labels", status=status)


class Sent:
    """One call sent, with everything that was seen of it."""

    def __init__(
        self, one: Call, *answers: Json | Exception, seen: tuple[Collection | Exception, ...] = ()
    ) -> None:
        self.journal, self.slept = Notebook(), list[float]()
        self.pen, self.eyes = Pen(list(answers), self.journal), Eyes(list(seen) or [AssertionError("no look")])
        sender = Sender(self.pen, self.journal, Ink(self.journal), self.eyes, kinds(one), clock(self.slept), "run")
        self.outcome, self.unproven = asyncio.run(sender.send(one, NO_RESULTS))
        keep(self.outcome, self.unproven, self.journal, self.slept, self.eyes.groups, self.pen.sent)

    @property
    def end(self) -> End:
        return self.outcome.end

    @property
    def looks(self) -> int:
        return len(self.eyes.groups)


def test_intent_is_on_disk_before_anything_is_sent() -> None:
    assert Sent(CREATE, {"name": "Live"}).journal.told == ["intend 1", "send"]


def test_an_answer_that_shows_the_effect_needs_no_look() -> None:
    sent = Sent(CREATE, {"name": "Live"})

    assert (sent.end, sent.unproven, sent.outcome.status, sent.looks) == (End.DONE, False, 200, 0)
    assert sent.outcome.result[Fact.ID] == "Live"


@pytest.mark.parametrize("body", [None, {}, {"verified": False}])
def test_an_answer_that_does_not_is_to_be_looked_at_later(body: Json) -> None:
    sent = Sent(UPDATE, body)

    assert (sent.end, sent.unproven, sent.looks) == (End.DONE, True, 0)


def test_some_calls_are_looked_at_whatever_they_answer() -> None:
    assert Sent(replace(UPDATE, verify=True), {"verified": True}).unproven


def test_a_create_that_answers_no_id_is_looked_up() -> None:
    sent = Sent(CREATE, {"id": 7}, seen=(labels(label("LIVE")),))

    assert (sent.end, sent.outcome.settled, sent.looks) == (End.DONE, True, 1)
    assert (sent.outcome.result[Fact.ID], sent.outcome.result["/name"]) == ("LIVE", "LIVE")


def test_a_create_that_answers_no_id_and_is_not_there_is_not_sent_again() -> None:
    sent = Sent(CREATE, {}, seen=(NONE,))

    assert (sent.end, len(sent.pen.sent), sent.looks) == (End.FAILED, 1, 2)


def test_without_a_connection_nothing_was_sent() -> None:
    sent = Sent(CREATE, fault(ProviderUnreachable))

    assert sent.outcome == Outcome("1", End.NOT_SENT, "trouble")
    assert sent.looks == 0


@pytest.mark.parametrize("status", [400, 403, 404, 409, 422, 429])
def test_a_refusal_fails_the_call_and_is_not_looked_into(status: int) -> None:
    sent = Sent(UPDATE, fault(ProviderRefused, status))

    assert sent.outcome == Outcome("1", End.FAILED, "trouble", status)
    assert (sent.unproven, sent.looks, len(sent.pen.sent)) == (False, 0, 1)


@pytest.mark.parametrize("phase", Phase)
def test_404_is_as_good_as_gone_where_it_was_to_go(phase: Phase) -> None:
    sent = Sent(replace(DELETE, phase=phase), fault(ProviderRefused, 404))

    assert (sent.end is End.DONE) is (phase in (Phase.DELETE, Phase.REMOVE))


def test_what_was_gone_already_is_told_as_gone() -> None:
    outcome = Sent(DELETE, fault(ProviderRefused, 404)).outcome

    assert (outcome.message, outcome.status, outcome.result) == ("was gone already", 404, {Fact.GONE: True})


def test_only_404_is_as_good_as_gone() -> None:
    assert Sent(DELETE, fault(ProviderRefused, 410)).end is End.FAILED


def test_oa_r80_a_refusal_may_mean_that_it_is_so_already() -> None:
    """Where the call says so, live is asked: once if it shows the effect, twice before it counts as failed."""
    looking = replace(UPDATE, looks=True)
    there, not_there = labels(label("Live", verified=True)), labels(label("Live", verified=False))

    so_already = Sent(looking, fault(ProviderRefused, 400), seen=(there,))
    not_so = Sent(looking, fault(ProviderRefused, 400), seen=(not_there, not_there))

    assert (so_already.end, so_already.outcome.settled) == (End.DONE, True)
    assert (not_so.end, not_so.outcome.status) == (End.FAILED, 400)
    assert Sent(looking, fault(ProviderRefused, 403)).end is End.FAILED  # says nothing of the thing itself


def test_401_stops_everything() -> None:
    with pytest.raises(Unauthorised):
        Sent(CREATE, fault(Unauthorised, 401))


@pytest.mark.parametrize("kind", DOUBTFUL)
def test_a_lost_answer_whose_effect_is_there_is_done(kind: type[RemoteFault]) -> None:
    sent = Sent(CREATE, fault(kind), seen=(LIVE,))

    assert (sent.end, sent.outcome.settled, sent.unproven) == (End.DONE, True, False)
    assert (len(sent.pen.sent), sent.looks, sent.slept) == (1, 1, [])
    assert sent.outcome.result[Fact.ID] == "Live"
    assert sent.eyes.groups == ["settle"]


def test_an_effect_may_come_late() -> None:
    sent = Sent(CREATE, fault(AnswerLost), seen=(NONE, LIVE))

    assert (sent.end, len(sent.pen.sent), sent.slept) == (End.DONE, 1, [PAUSE])


@pytest.mark.parametrize("kind", DOUBTFUL)
def test_only_two_readings_without_it_let_the_call_be_sent_once_more(kind: type[RemoteFault]) -> None:
    sent = Sent(CREATE, fault(kind), {"name": "Live"}, seen=(NONE,))

    assert (sent.end, sent.looks, sent.slept) == (End.DONE, 2, [PAUSE])
    assert sent.journal.told == ["intend 1", "send", "intend 1", "send"]
    assert len(set(sent.journal.payloads)) == 1
    assert sent.pen.sent[0] == sent.pen.sent[1]


def test_never_a_third_time() -> None:
    sent = Sent(CREATE, fault(AnswerLost), fault(ProviderFailed, 502), seen=(NONE,))

    assert sent.outcome == Outcome("1", End.FAILED, "trouble", 502)
    assert (len(sent.pen.sent), sent.looks) == (2, 4)


def test_the_second_send_may_be_the_one_that_is_found_done() -> None:
    sent = Sent(CREATE, fault(AnswerLost), fault(AnswerLost), seen=(NONE, NONE, LIVE))

    assert (sent.end, sent.outcome.settled, len(sent.pen.sent)) == (End.DONE, True, 2)


def test_a_refusal_of_the_second_send_may_mean_that_the_first_worked() -> None:
    sent = Sent(CREATE, fault(AnswerLost), fault(ProviderRefused, 409), seen=(NONE, NONE, LIVE))

    assert (sent.end, sent.outcome.settled) == (End.DONE, True)
    refused = Sent(CREATE, fault(AnswerLost), fault(ProviderRefused, 409), seen=(NONE,))
    assert refused.outcome == Outcome("1", End.FAILED, "trouble", 409)


def test_404_to_the_second_delete_needs_no_look() -> None:
    sent = Sent(DELETE, fault(AnswerLost), fault(ProviderRefused, 404), seen=(LIVE,))

    assert (sent.end, sent.looks) == (End.DONE, 2)


def test_a_second_send_without_a_connection_was_not_sent() -> None:
    sent = Sent(CREATE, fault(AnswerLost), fault(ProviderUnreachable), seen=(NONE,))

    assert (sent.end, sent.looks) == (End.NOT_SENT, 2)


@pytest.mark.parametrize(
    "readings",
    [
        (labels(proof=PART),),
        (NONE, labels(proof=PART)),
        (replace(LIVE, resources=(*LIVE.resources, label("LIVE"))),),
    ],
    ids=["no proof", "no proof the second time", "two of them"],
)
def test_where_no_reading_can_tell_it_stays_in_doubt(readings: tuple[Collection, ...]) -> None:
    sent = Sent(CREATE, fault(AnswerLost), seen=readings)

    assert (sent.end, len(sent.pen.sent)) == (End.IN_DOUBT, 1)
    assert sent.outcome.message == "trouble; no reading can tell whether it happened"


@pytest.mark.parametrize("kind", [ProviderUnreachable, AnswerLost, ProviderFailed, ProviderRefused, Unauthorised])
def test_where_nothing_can_be_read_it_stays_in_doubt(kind: type[RemoteFault]) -> None:
    sent = Sent(CREATE, fault(AnswerLost), seen=(fault(kind, 401),))

    assert (sent.end, len(sent.pen.sent)) == (End.IN_DOUBT, 1)
    assert sent.outcome.message == "trouble; and no reading could tell: trouble"


def test_a_delete_whose_answer_was_lost_and_that_is_gone_is_done() -> None:
    sent = Sent(DELETE, fault(AnswerLost), seen=(NONE,))

    assert (sent.end, sent.outcome.result) == (End.DONE, {Fact.GONE: True})


def test_a_fault_nobody_foresaw_is_not_swallowed() -> None:
    with pytest.raises(ZeroDivisionError):
        Sent(CREATE, ZeroDivisionError())
