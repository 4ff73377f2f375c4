"""What an interrupted run left in doubt: riders, gates, once-shown values, and what no read can find."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, field

import pytest

from reconciler.apply.settle import Settled, answer, settle, unanswered
from reconciler.model.catalog import Catalog
from reconciler.model.document import Address
from reconciler.model.json import JsonObject
from reconciler.model.live import Collection, Resource
from reconciler.model.outcome import End, Fact, Outcome, Unfinished
from reconciler.model.plan import Call, Effect, Phase, Role, Sink
from reconciler.model.plan_json import to_json
from reconciler.model.record import replace
from tests.unit.apply.samples import WHOLE, Eyes, Notebook, call, clock, keep, label, labels, plan
from tests.unit.apply.test_carry import carrier, rider
from tests.world import OMNI, TRACKER, catalog

AT = ("omni-analytics", "Label")
CREATE = call(
    1, Address(OMNI, "Label", "live"), phase=Phase.CREATE, method="POST", path="/v1/labels",
    effect=Effect(key="live"), new_id="/id", summary="create Label live",
)  # fmt: skip


def unfindable() -> Catalog:
    known = catalog()
    return replace(known, kinds={**known.kinds, AT: replace(known.kinds[AT], findable=False)})


def left(*calls: Call, sent: str, **ends: End) -> Unfinished:
    outcomes = {name[1:]: Outcome(name[1:], end) for name, end in ends.items()}
    return Unfinished("run", to_json(plan(*calls)), tuple(sent.split()), outcomes)


@dataclass
class Looked:
    one: Unfinished
    seen: Collection | None = None
    known: Catalog | None = None
    journal: Notebook = field(default_factory=Notebook)

    def settled(self) -> Settled:
        self.eyes = Eyes([self.seen or AssertionError("no look")])
        told = asyncio.run(settle(self.one, self.known or catalog(), self.journal, self.eyes, clock()))
        keep(told.outcomes, told.in_doubt, self.journal, self.eyes.groups)
        return told


def test_a_request_is_what_its_riders_are() -> None:
    calls = (rider(1, "a"), rider(2, "b"), carrier())
    looked = Looked(left(*calls, sent="9 1 2"), labels(label("a"), label("b")))
    assert {i: o.end for i, o in looked.settled().outcomes.items()} == dict.fromkeys("129", End.DONE)
    assert looked.journal.told[-1] == "conclude 9", "a crash before leaves it to be settled with its riders"

    partly = Looked(left(*calls, sent="9 1 2"), labels(label("a"))).settled()
    assert {i: o.end for i, o in partly.outcomes.items()} == {"1": End.DONE, "2": End.NOT_SENT, "9": End.NOT_SENT}
    known = Looked(left(*calls, sent="9 2", c1=End.DONE), labels(label("b"))).settled()
    assert known.outcomes["9"].end is End.DONE


def test_riders_nobody_can_tell_about_are_the_doubt_and_not_their_request() -> None:
    told = Looked(left(rider(1, "a"), carrier(), sent="9 1"), labels(label("a"), label("A"))).settled()

    assert {i: o.end for i, o in told.outcomes.items()} == {"1": End.IN_DOUBT, "9": End.IN_DOUBT}
    assert len(told.in_doubt) == 1


def test_gates_and_looks_are_made_anew() -> None:
    gate, look = call(2, role=Role.GATE, method="POST"), call(3, role=Role.FIND, method="GET")
    told = Looked(left(gate, look, CREATE, sent="", c2=End.DONE, c3=End.DONE)).settled()

    assert told.outcomes == {}


def test_a_create_that_no_read_finds_is_asked_about_without_a_look() -> None:
    looked = Looked(left(CREATE, sent="1"), known=unfindable())
    told = looked.settled()

    assert told.outcomes["1"].end is End.IN_DOUBT
    assert told.outcomes["1"].result[Fact.DOUBT] == "POST /v1/labels"
    assert told.in_doubt == (told.outcomes["1"].question,)
    assert looked.eyes.groups == []


def test_what_a_person_says_ends_the_call() -> None:
    one = left(CREATE, sent="1")
    ((asked, outcome),) = unanswered(one, unfindable())
    assert (asked.id, outcome.end) == ("1", End.IN_DOUBT)
    assert unanswered(one, catalog()) == []

    made, not_made = answer(one, "1", "b7"), answer(one, "1", None)
    assert made is not None
    assert not_made is not None
    assert (made.end, made.result[Fact.ID], made.result["/id"]) == (End.DONE, "b7", "b7")
    assert (not_made.end, not_made.settled) == (End.NOT_SENT, True)
    assert answer(one, "7", None) is None


def test_a_lost_answer_has_lost_its_once_shown_value() -> None:
    one = replace(CREATE, sink=Sink("/link", "link", {"toFile": "x"}))
    told = Looked(left(one, sent="1"), labels(label("live"))).settled()

    assert told.outcomes["1"].end is End.DONE
    assert told.outcomes["1"].result[Fact.LOST] == "link"
    assert told.in_doubt == (told.outcomes["1"].question,)


def accepted(one: Call, *others: Call, told: JsonObject | None = None) -> Unfinished:
    """A run whose one call has failed though the server had said yes to it."""
    known = {**(told or {}), Fact.ACCEPTED: True}
    ends = {one.id: Outcome(one.id, End.FAILED, "", 200, known, question="where is it?")}
    done = {c.id: Outcome(c.id, End.DONE, "", 200, {"/batch": "b1"}) for c in others}
    return Unfinished("run", to_json(plan(one, *others)), (one.id,), ends | done)


def test_what_the_server_had_said_yes_to_and_shows_by_now_has_told_what_it_told() -> None:
    one = replace(CREATE, sink=Sink("/link", "link", {"toFile": "x"}))
    told = Looked(accepted(one, told={Fact.OUTPUT: {"url": "x"}}), labels(label("live"))).settled()

    made = {Fact.ID: "live", Fact.KEY: "live", Fact.LABEL: "live", "/id": "live"}
    assert told.outcomes["1"].end is End.DONE
    assert told.outcomes["1"].result == {**made, Fact.OUTPUT: {"url": "x"}}, "its link has reached its place"
    assert told.in_doubt == ()


def test_what_the_server_had_said_yes_to_and_does_not_show_goes_again() -> None:
    gone = Looked(accepted(CREATE), labels()).settled()
    assert (gone.outcomes["1"].end, gone.in_doubt) == (End.NOT_SENT, ())

    with_others = Looked(accepted(rider(1, "a"), carrier()), labels()).settled()
    assert {i: o.end for i, o in with_others.outcomes.items()} == {"1": End.NOT_SENT, "9": End.NOT_SENT}

    shown = Looked(accepted(rider(1, "a"), carrier()), labels(label("a")))
    assert shown.settled().outcomes["9"].result == {"/batch": "b1"}, "what the request's answer told stays known"
    assert "conclude 9" not in shown.journal.told


def test_a_question_names_what_it_is_about() -> None:
    own = replace(CREATE, asks="was it linked? Nothing can tell", repeat=False)
    twice = labels(label("live"), label("LIVE"))

    assert Looked(left(own, sent="1"), twice).settled().in_doubt == (f"{own.address}: {own.asks}",)
    named = Looked(left(replace(own, asks=""), sent="1"), twice).settled().in_doubt
    assert named[0].startswith("was Label live made?")
    assert f"--adopt {own.address}=ID" in named[0]


def test_the_question_of_a_run_that_died_before_its_report_is_asked_once(monkeypatch: pytest.MonkeyPatch) -> None:
    asking = Outcome("1", End.DONE, question=f"what of {CREATE.address}?")
    lost = replace(left(CREATE, sent=""), outcomes={"1": asking})
    told = Looked(lost, labels(label("live"))).settled()

    assert told.in_doubt == (f"what of {CREATE.address}?",), "once, though its id is looked up besides"
    assert Fact.ID in told.outcomes["1"].result
    lost = replace(lost, outcomes={"1": replace(asking, result={Fact.ID: "l1"})})
    monkeypatch.setattr(Notebook, "closed", lambda *_: True)
    assert Looked(lost).settled().in_doubt == (), "the report of a run that came to its end has asked it"


def test_what_is_only_updated_is_read_for_itself() -> None:
    one = call(1, live_id="live", effect=Effect(fields={"verified": True}))

    told = Looked(left(one, sent="1"), labels(label("live", verified=True))).settled()

    assert told.outcomes["1"].end is End.DONE


TEAM = Address(TRACKER, "ClientTeam", "crew")
MADE = call(
    2, TEAM, phase=Phase.CREATE, method="POST", path="/api/client-teams",
    effect=Effect(key="crew"), new_id="/id", summary="create ClientTeam crew",
)  # fmt: skip
OF_IT = call(1, live_id="live", effect=Effect(fields={"verified": {"$from": {"call": "2", "path": "/id"}}}))
PLACED = replace(CREATE, args={"team": {"$from": {"call": "2", "path": "/id"}}})
CREW = Collection("ClientTeam", (Resource("t7", "crew", {"name": "Crew", "slug": "crew"}),), WHOLE)


def in_turn(*calls: Call, sent: str, seen: Sequence[Collection]) -> tuple[Settled, Eyes]:
    eyes = Eyes([*seen])
    return asyncio.run(settle(left(*calls, sent=sent), catalog(), Notebook(), eyes, clock())), eyes


def test_what_was_sent_with_the_id_of_another_doubt_is_looked_up_after_it() -> None:
    told, eyes = in_turn(OF_IT, MADE, sent="1 2", seen=[CREW, labels(label("live", verified="t7"))])

    assert {i: o.end for i, o in told.outcomes.items()} == {"1": End.DONE, "2": End.DONE}
    assert eyes.groups == ["settle", "settle"]


def test_where_nobody_knows_the_place_nobody_says_that_it_did_not_happen() -> None:
    two = replace(CREW, resources=(*CREW.resources, Resource("t8", "crew", {"name": "Crew", "slug": "crew"})))
    told, eyes = in_turn(PLACED, MADE, sent="1 2", seen=[two, two])

    assert {i: o.end for i, o in told.outcomes.items()} == {"1": End.IN_DOUBT, "2": End.IN_DOUBT}
    assert "nobody can tell where to look" in told.outcomes["1"].message
    assert len(told.in_doubt) == 2
    assert eyes.groups == ["settle"], "for the team alone"
