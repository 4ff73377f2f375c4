"""One request that carries many calls: who goes along, and how each of them ends."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from typing import Any

import pytest

from reconciler.apply.book import Book
from reconciler.apply.carry import Carried, carry
from reconciler.apply.ink import Ink
from reconciler.apply.look import Kinds
from reconciler.apply.send import Sender
from reconciler.model.catalog import Verdict
from reconciler.model.document import Address
from reconciler.model.faults import (
    AnswerLost,
    ProviderFailed,
    ProviderRefused,
    ProviderUnreachable,
    RemoteFault,
    RequestUnsendable,
    Unauthorised,
)
from reconciler.model.json import Json
from reconciler.model.live import Collection
from reconciler.model.outcome import End, Fact, Outcome
from reconciler.model.plan import Call, Effect, On, Phase, Role, Trigger
from reconciler.model.record import replace
from tests.unit.apply.samples import Eyes, Notebook, Pen, call, clock, keep, label, labels, plan
from tests.world import OMNI, catalog

BATCH = Address(OMNI, "Label", "(batch)")
AT = ("omni-analytics", "Label")


def named(name: str) -> Address:
    return Address(OMNI, "Label", name)


def rider(number: int, name: str, carrier: int = 9, **words: object) -> Call:
    made: dict[str, object] = {"phase": Phase.CREATE, "effect": Effect(key=name), "body": {"name": name}, **words}
    return call(number, named(name), carrier=str(carrier), summary=f"create Label {name}", **made)  # type: ignore[arg-type]


def carrier(number: int = 9, **words: object) -> Call:
    body: Json = {"items": [{"$riders": str(number)}], "count": {"$count": str(number)}}
    return call(number, BATCH, method="POST", path="/v1/batch", **{"body": body, **words})  # type: ignore[arg-type]


def refused(status: int = 400) -> ProviderRefused:
    return ProviderRefused("no", target=OMNI, request="POST /v1/batch", status=status, code="E1")


def fault(kind: type[RemoteFault], status: int = 0) -> RemoteFault:
    return kind("trouble", target=OMNI, request="POST /v1/batch", status=status)


class Sent:
    """A request with riders `a`, `b` sent, and everything that was seen of it."""

    def __init__(
        self,
        *answers: Json | Exception,
        seen: tuple[Collection | Exception, ...] = (),
        verdicts: Mapping[str, Verdict] | None = None,
        verbs: Mapping[str, Any] | None = None,
        **words: Any,
    ) -> None:
        self.journal = Notebook()
        self.pen, self.eyes = Pen(list(answers), self.journal), Eyes(list(seen) or [AssertionError("no look")])
        riders, whole = [rider(1, "a"), rider(2, "b")], carrier(**words)
        known, said = catalog(), verdicts or {}
        own = replace(known.verbs[AT], verdicts=lambda *_: said, **(verbs or {}))
        kinds = Kinds(replace(known, verbs={**known.verbs, AT: own}), plan(*riders, whole))
        sender = Sender(self.pen, self.journal, Ink(self.journal), self.eyes, kinds, clock(), "run")
        self.found: Carried = asyncio.run(carry(sender, whole, riders, {}))
        keep(replace(self.found, stop=None), str(self.found.stop), self.journal, self.eyes.groups, self.pen.sent)

    @property
    def ends(self) -> tuple[End, ...]:
        return (self.found.outcome.end, *(self.found.riders[i].end for i in "12"))


YES = Verdict(True)
ALL = {"1": YES, "2": YES}


def test_the_riders_bodies_stand_in_the_one_request() -> None:
    sent = Sent({}, verdicts=ALL)

    assert sent.pen.sent[0].body == {"items": [{"name": "a"}, {"name": "b"}], "count": 2}
    assert sent.journal.told == ["intend 9", "intend 1", "intend 2", "send"]


def test_each_rider_has_the_end_that_the_answer_gives_it() -> None:
    verdicts = {"1": Verdict(True, id="id-a"), "2": Verdict(False, "taken", "E7")}
    found = Sent({}, verdicts=verdicts).found

    assert found.outcome.end is End.DONE
    assert found.riders["1"].result[Fact.ID] == "id-a"
    assert found.riders["2"] == Outcome("2", End.FAILED, "taken", 200, code="E7")
    assert found.unproven == set()


def test_a_create_whose_id_nobody_told_is_looked_for_at_the_end() -> None:
    assert Sent({}, verdicts=ALL).found.unproven == {"1", "2"}


def test_of_whom_the_answer_says_nothing_a_reading_tells() -> None:
    sent = Sent({}, verdicts={"1": YES}, seen=(labels(label("b")),))

    assert sent.ends == (End.DONE, End.DONE, End.DONE)
    assert sent.found.riders["2"].result[Fact.ID] == "b"
    gone = Sent({}, verdicts={"1": YES, "2": Verdict(None)}, seen=(labels(),))
    assert gone.ends == (End.DONE, End.DONE, End.FAILED)
    assert len(gone.pen.sent) == 1, "an answer came: nothing is sent again"


def test_what_the_answer_says_of_one_that_it_does_not_decide_is_told_in_its_own_words() -> None:
    """A refused delete may have happened before; what was refused is never said to be untold."""
    verdicts = {"1": YES, "2": Verdict(None, "used by 2 others")}

    refused_ = Sent({}, verdicts=verdicts, seen=(labels(),)).found.riders["2"]
    assert refused_.message == "the answer says: used by 2 others; live shows that it did not happen"
    happened = Sent({}, verdicts=verdicts, seen=(labels(label("b")),)).found.riders["2"]
    assert happened.message == "the answer says: used by 2 others; live shows that it happened"
    untold = Sent({}, verdicts={"1": YES}, seen=(labels(),)).found.riders["2"]
    assert untold.message == "the answer does not say what became of it; live shows that it did not happen"


def test_a_refusal_of_the_whole_is_everybodys() -> None:
    found = Sent(refused()).found

    assert [o.end for o in found.riders.values()] == [End.FAILED] * 2
    assert {(o.status, o.code, o.message) for o in found.riders.values()} == {(400, "E1", "no")}


@pytest.mark.parametrize(
    ("kind", "end"),
    [(ProviderUnreachable, End.NOT_SENT), (RequestUnsendable, End.FAILED), (Unauthorised, End.FAILED)],
)
def test_what_was_not_sent_was_not_sent_for_anybody(kind: type[RemoteFault], end: End) -> None:
    sent = Sent(fault(kind))

    assert sent.ends == (end, end, end)
    assert (sent.found.stop is not None) is (kind is Unauthorised)


def test_a_lost_answer_is_looked_up_once_for_all() -> None:
    sent = Sent(fault(AnswerLost), seen=(labels(label("a"), label("b")),))

    assert sent.ends == (End.DONE,) * 3
    assert len(sent.eyes.groups) == 1
    assert all(o.settled for o in sent.found.riders.values())


def test_only_who_did_not_happen_goes_along_once_more() -> None:
    sent = Sent(fault(ProviderFailed, 500), {}, verdicts={"2": YES}, seen=(labels(label("a")),))

    assert sent.pen.sent[1].body == {"items": [{"name": "b"}], "count": 1}
    assert sent.ends == (End.DONE,) * 3
    assert sent.journal.told == ["intend 9", "intend 1", "intend 2", "send", "intend 9", "intend 2", "send"]


def test_a_whole_request_is_sent_again_whole_or_not_at_all() -> None:
    partly = Sent(fault(AnswerLost), whole=True, seen=(labels(label("a")),))
    assert (partly.ends, len(partly.pen.sent)) == ((End.FAILED, End.DONE, End.FAILED), 1)

    nothing = Sent(fault(AnswerLost), {}, verdicts=ALL, whole=True, seen=(labels(),))
    assert (nothing.ends, len(nothing.pen.sent)) == ((End.DONE,) * 3, 2)


def test_what_nobody_can_tell_leaves_the_request_in_doubt_too() -> None:
    twice = labels(label("a"), label("b"), label("B"))
    assert Sent(fault(AnswerLost), seen=(twice,)).ends == (End.IN_DOUBT, End.DONE, End.IN_DOUBT)


def test_a_refusal_of_the_second_try_is_looked_into() -> None:
    sent = Sent(fault(AnswerLost), refused(409), seen=(labels(), labels(), labels(label("a"), label("b"))))

    assert sent.ends == (End.DONE,) * 3


def test_what_a_first_try_has_done_in_part_is_ours_though_the_second_never_left() -> None:
    """A root that was made without its labels; then the lease was lost while the second try waited."""
    half = {
        "settled": lambda *_: False,
        "made": lambda _, call, live: [r for r in live.resources if r.key == call.effect.key],
    }

    sent = Sent(fault(AnswerLost), fault(ProviderUnreachable), verbs=half, seen=(labels(label("b")),) * 3)

    assert sent.ends == (End.NOT_SENT,) * 3
    assert "b" in str(sent.found.riders["2"].result[Fact.BEGUN])
    assert sent.found.riders["1"].result == {}


def test_a_gate_fails_the_request_and_its_riders_are_looked_up() -> None:
    expect = {"/created": {"$count": "9"}}
    sent = Sent({"created": 1}, gate=True, expect=expect, seen=(labels(label("a")),))

    assert sent.ends == (End.FAILED, End.DONE, End.FAILED)
    assert sent.found.outcome.message == "the answer differs: /created is 1, not 2"


# Who goes along


def going(book: Book, number: str = "9") -> list[str]:
    for outcome in book.left_behind(book.calls[number]):
        book.end(outcome)
    return [c.id for c in book.going("9")]


def test_a_carrier_is_ready_when_all_its_riders_are() -> None:
    riders = (rider(3, "a", after=[1]), rider(4, "b", after=[2, 3]))
    found = Book(plan(call(1, named("x")), call(2, named("y")), *riders, carrier()))
    assert [c.id for c in iter(lambda: found.take(OMNI), None)] == ["1", "2"]
    found.end(Outcome("1", End.DONE))
    assert found.take(OMNI) is None
    found.end(Outcome("2", End.FAILED))

    ready = found.take(OMNI)
    assert ready is not None
    assert ready.id == "9"
    assert going(found) == ["3"]
    assert found.outcomes["4"] == Outcome("4", End.BLOCKED, "call 2 is failed")
    assert found.bodies(ready) == {"9": [{"name": "a"}]}


def test_who_needs_a_rider_that_stays_behind_stays_too() -> None:
    found = Book(
        plan(call(1, named("x")), rider(2, "a", after=[1]), rider(3, "b", after=[2]), rider(4, "c"), carrier())
    )
    found.end(Outcome("1", End.FAILED))

    assert going(found) == ["4"]


def test_a_whole_carrier_goes_with_all_or_not_at_all() -> None:
    calls = (call(1, named("x")), rider(2, "a", after=[1]), rider(3, "b"), rider(4, "c"), carrier(whole=True))
    found = Book(plan(*calls))
    found.end(Outcome("4", End.HELD))
    found.end(Outcome("1", End.FAILED))

    assert going(found) == []
    assert found.outcomes["3"] == Outcome("3", End.BLOCKED, "it goes only with call 2, which is blocked")
    found = Book(plan(*calls))
    found.end(Outcome("4", End.HELD))
    found.end(Outcome("1", End.DONE))
    assert going(found) == ["2", "3"]


@pytest.mark.parametrize(("ends", "end"), [("HH", End.HELD), ("HD", End.UNNEEDED), ("SB", End.UNNEEDED)])
def test_a_carrier_that_nobody_goes_along_in_is_not_sent(ends: str, end: End) -> None:
    names = {"H": End.HELD, "D": End.DONE, "S": End.STALE, "B": End.BLOCKED}
    found = Book(plan(rider(1, "a"), rider(2, "b"), carrier(), call(10, named("x"), after=[9])))
    for number, letter in zip("12", ends, strict=True):
        found.end(Outcome(number, names[letter]))

    verdict = found.verdict(found.calls["9"])
    assert verdict == Outcome("9", end)
    found.end(verdict)
    after = found.verdict(found.calls["10"])
    assert (after is None) is (end is End.UNNEEDED)


def test_a_preview_waits_for_the_riders_and_speaks_of_those_that_go() -> None:
    preview = call(8, BATCH, role=Role.GATE, method="POST", path="/v1/preview", body={"rows": [{"$riders": "9"}]})
    calls = (call(1, named("x")), rider(2, "a", after=[1]), rider(3, "b"), preview, carrier(after=[8]))
    found = Book(plan(*calls))
    assert [c.id for c in iter(lambda: found.take(OMNI), None)] == ["1"]
    found.end(Outcome("1", End.FAILED))

    ready = found.take(OMNI)
    assert ready is not None
    assert (ready.id, going(found, "8")) == ("8", ["3"])
    assert found.bodies(ready) == {"9": [{"name": "b"}]}
    found.end(Outcome("8", End.FAILED, "the answer differs"))
    ready = found.take(OMNI)
    assert ready is not None
    assert found.verdict(ready) == Outcome("9", End.BLOCKED, "call 8 is failed")


# What was not done goes in another way


def repair(number: int, name: str, of: int, chain: int | None = None) -> Call:
    trigger = Trigger(str(of), str(chain) if chain else None, On.UNDONE)
    return rider(number, name, 20, role=Role.CONTINGENT, trigger=trigger)


def repaired() -> Book:
    """9 carries 1 and 2; 5 looks around if one of them fails; 20 carries what is left."""
    look = call(5, BATCH, role=Role.FIND, method="GET", trigger=Trigger("9", None, On.UNDONE))
    again = carrier(20, role=Role.CONTINGENT)
    return Book(plan(rider(1, "a"), rider(2, "b"), carrier(), look, repair(11, "a", 1, 5), repair(12, "b", 2, 5),
                     again, call(30, named("x"), after=[2])))  # fmt: skip


def test_only_what_was_not_done_is_repaired() -> None:
    found = repaired()
    for number, end in (("1", End.DONE), ("2", End.FAILED), ("9", End.DONE)):
        found.end(Outcome(number, end))
    look = found.take(OMNI)
    assert look is not None
    assert (look.id, found.verdict(look)) == ("5", None)
    found.end(Outcome("5", End.DONE))

    again = found.take(OMNI)
    assert again is not None
    for outcome in found.left_behind(again):
        found.end(outcome)
    assert (again.id, [c.id for c in found.going("20")], found.verdict(again)) == ("20", ["12"], None)
    assert found.outcomes["11"].end is End.UNNEEDED
    found.end(Outcome("12", End.DONE, result={Fact.ID: "id-b"}))
    found.end(Outcome("20", End.DONE))

    assert found.worked("2")
    last = found.take(OMNI)
    assert last is not None
    assert (last.id, found.verdict(last)) == ("30", None)
    (told,) = found.remedied()
    assert (told.call, told.end, told.result) == ("2", End.DONE, {Fact.ID: "id-b"})


def test_nothing_is_repaired_where_nothing_failed() -> None:
    found = repaired()
    for number in "129":
        found.end(Outcome(number, End.DONE))
    for number in ("5", "20"):
        one = found.take(OMNI)
        assert one is not None
        assert one.id == number
        for outcome in found.left_behind(one):
            found.end(outcome)
        assert found.verdict(one) == Outcome(number, End.UNNEEDED)
        found.end(Outcome(number, End.UNNEEDED))


def test_a_request_that_failed_but_whose_riders_were_all_done_otherwise_has_worked() -> None:
    found = repaired()
    for number in "129":
        found.end(Outcome(number, End.FAILED, "no", 400))
    found.end(Outcome("5", End.DONE))
    for number in ("11", "12", "20"):
        found.end(Outcome(number, End.DONE))

    assert found.worked("9")
    assert {o.call for o in found.remedied()} == {"1", "2", "9"}
