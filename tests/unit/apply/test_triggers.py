"""When a contingent call is sent, and what it does for the one it follows."""

from __future__ import annotations

import pytest

from reconciler.apply.book import Book
from reconciler.apply.triggers import occurred
from reconciler.model.outcome import End, Fact, Outcome
from reconciler.model.plan import Call, Effect, On, Phase, Role, Trigger
from tests.unit.apply.samples import CREATED, call, fallback, plan

CREATE = call(1, phase=Phase.CREATE, effect=CREATED, new_id="/id")


def contingent(number: int, on: On, code: str = "", **words: object) -> Call:
    return call(number, role=Role.CONTINGENT, trigger=Trigger("1", None, on, code), **words)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("on", "outcome", "sent"),
    [
        (On.REFUSED, Outcome("1", End.FAILED, status=400), True),
        (On.REFUSED, Outcome("1", End.FAILED, status=403), False),
        (On.CODE, Outcome("1", End.FAILED, status=400, code="E1"), True),
        (On.CODE, Outcome("1", End.FAILED, status=400, code="E2"), False),
        (On.CODE, Outcome("1", End.DONE, code="E1"), False),
        (On.ASTRAY, Outcome("1", End.FAILED, status=400), True),
        (On.ASTRAY, Outcome("1", End.FAILED, status=404), True),
        (On.ASTRAY, Outcome("1", End.FAILED, status=403), False),
        (On.ASTRAY, Outcome("1", End.DONE, status=404), False),
        (On.UNKNOWN, Outcome("1", End.DONE), True),
        (On.UNKNOWN, Outcome("1", End.DONE, result={Fact.ID: "x"}), False),
        (On.UNKNOWN, Outcome("1", End.FAILED), False),
        (On.UNDONE, Outcome("1", End.FAILED, status=500), True),
        (On.UNDONE, Outcome("1", End.IN_DOUBT), False),
        (On.UNDONE, Outcome("1", End.BLOCKED), False),
    ],
)
def test_what_each_trigger_waits_for(on: On, outcome: Outcome, sent: bool) -> None:
    trigger = Trigger("1", None, on, "E1")

    assert occurred(trigger, CREATE, outcome) is sent
    found = Book(plan(CREATE, contingent(2, on, "E1")))
    found.end(outcome)
    assert (found.verdict(found.calls["2"]) is None) is sent


def test_an_update_that_names_no_id_is_no_create_without_one() -> None:
    assert not occurred(Trigger("1", None, On.UNKNOWN), call(1), Outcome("1", End.DONE))


def test_what_a_reading_shows_otherwise() -> None:
    found = Book(plan(call(1, role=Role.FIND, method="GET"), contingent(2, On.UNLIKE, effect=Effect())))
    found.end(Outcome("1", End.DONE))
    assert found.verdict(found.calls["2"]) == Outcome("2", End.UNNEEDED)

    found.unlike.add("2")

    assert found.verdict(found.calls["2"]) is None


def test_a_fall_back_may_have_one_of_its_own() -> None:
    second = call(3, role=Role.CONTINGENT, trigger=Trigger("2", None, On.CODE, "E1"))
    found = Book(plan(call(1), fallback(2, 1), second, call(4, after=[1])))
    found.end(Outcome("1", End.FAILED, "no", 400))
    found.end(Outcome("2", End.FAILED, "nor", 400, code="E1"))
    assert "4" in found.followers["3"], "nobody goes before the last of them has ended"
    found.end(Outcome("3", End.DONE))

    assert found.worked("1")
    assert found.verdict(found.calls["4"]) is None
    assert {o.call for o in found.remedied()} == {"1", "2"}


def test_two_ways_out_of_which_one_was_needed() -> None:
    found = Book(plan(call(1), contingent(2, On.CODE, "E1"), contingent(3, On.CODE, "E2"), call(4, after=[1])))
    found.end(Outcome("1", End.FAILED, "no", 400, code="E1"))
    found.end(Outcome("2", End.DONE))
    found.end(Outcome("3", End.UNNEEDED))

    assert found.worked("1")


def test_a_reading_is_no_remedy() -> None:
    look = call(2, role=Role.FIND, method="GET", trigger=Trigger("1", None, On.UNDONE))
    found = Book(plan(call(1), look))
    found.end(Outcome("1", End.FAILED, "no", 400))
    found.end(Outcome("2", End.DONE))

    assert not found.worked("1")


def test_what_no_answer_and_no_reading_told_blocks() -> None:
    later = call(2, args={"id": {"$from": {"call": "1", "path": "/id"}}}, after=[1])
    found = call(3, args={"id": {"$find": {"read": "1", "key": ["a", "b"], "scope": []}}}, after=[1])
    book = Book(plan(call(1), later, found))
    book.end(Outcome("1", End.DONE))

    assert book.verdict(book.calls["2"]) == Outcome("2", End.BLOCKED, "call 1 told no id")
    assert book.verdict(book.calls["3"]) == Outcome("3", End.BLOCKED, "'a/b' is not live")
