"""Fall-backs of fall-backs, things named by what lies above them, and things made that lack their key as yet."""

from __future__ import annotations

import asyncio

from reconciler.apply.look import Kinds
from reconciler.apply.verify import verify
from reconciler.model.outcome import End, Fact, Outcome
from reconciler.model.plan import Effect, Phase
from reconciler.model.record import replace
from tests.unit.apply.samples import Eyes, book, call, clock, fallback, label, labels, plan
from tests.unit.apply.test_beneath import along, bond
from tests.unit.apply.test_book import no, taken
from tests.unit.apply.test_carry import carrier, rider
from tests.unit.apply.test_verify import done, verified
from tests.world import catalog


def test_what_waits_for_a_call_waits_for_the_fall_backs_of_its_fall_backs() -> None:
    found = book(call(1), fallback(2, 1), fallback(3, 2), call(4, waits=[1]))
    taken(found)

    no(found, "1")
    assert taken(found) == ["2"]
    no(found, "2")
    assert taken(found) == ["3"]
    found.end(Outcome("3", End.DONE))
    assert taken(found) == ["4"]
    assert found.verdict(found.calls["4"]) is None


def test_a_fall_back_does_not_wait_for_what_comes_after_it() -> None:
    found = book(call(1), fallback(2, 1), fallback(3, 1, 2), c1=End.FAILED)

    assert found.before(found.calls["2"]) == {"1"}
    assert found.before(found.calls["3"]) == {"1", "2"}


def test_a_call_that_carries_nobody_has_not_worked_by_its_riders() -> None:
    found = book(call(1), rider(2, "a"), carrier(), c1=End.FAILED, c2=End.DONE, c9=End.FAILED)

    assert (found.worked("1"), found.worked("9"), found.worked("7")) == (False, True, False)


def test_what_needs_an_answer_that_never_came_is_blocked() -> None:
    asks = call(2, args={"id": {"$from": {"call": "1", "path": "/id"}}})
    looks = call(3, args={"id": {"$find": {"read": "1", "key": "Live"}}})
    found = book(call(1), asks, looks)

    assert found.verdict(asks) == Outcome("2", End.BLOCKED, "call 1 told no id")
    assert found.verdict(looks) == Outcome("3", End.BLOCKED, "'Live' is not live")
    found.end(Outcome("1", End.DONE, result={"/id": "x"}))
    assert found.verdict(asks) is None


def test_a_thing_with_one_name_leads_along_what_lies_beneath_it() -> None:
    root = [bond("r", key, remote_id="1") for key in ("Old", "New")]
    below = bond("x", ["Old", "X"])

    assert along([root[0], below], [root[1], below]) == {"x": ["New", "X"]}


def test_a_create_of_whose_key_there_are_two_has_the_id_of_neither() -> None:
    one = call(
        1, phase=Phase.CREATE, effect=Effect(key="live", fields={"verified": True}), summary="create Label live"
    )
    twice = done(one)
    verified(twice, Eyes([labels(label("live", verified=True), label("LIVE", verified=True))]))

    assert Fact.ID not in twice.outcomes["1"].result


def test_what_its_kind_knows_as_made_is_ours_though_it_has_another_key_yet() -> None:
    """Where what it lies in was to be renamed, and was not."""
    one = call(
        1, phase=Phase.CREATE, effect=Effect(key="new", fields={"verified": True}), summary="create Label new"
    )
    mine = label("old", verified=True)
    ends, known, at = [], catalog(), ("omni-analytics", "Label")
    for there in ([mine], [mine, label("b")], [label("old", verified=False)]):
        sent = done(one)
        verbs = replace(known.verbs[at], made=lambda *_, found=there: found)
        told = Kinds(replace(known, verbs={**known.verbs, at: verbs}), plan(one))
        asyncio.run(verify(sent, told, Eyes([labels(*there)]), clock(), {}))
        ends.append((sent.outcomes["1"].end, sent.outcomes["1"].result.get(Fact.ID)))

    assert ends == [(End.DONE, "old"), (End.FAILED, None), (End.FAILED, None)]
