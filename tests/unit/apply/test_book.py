"""Which call may go next, and what becomes of those that may not."""

from __future__ import annotations

import pytest

from reconciler.apply.book import Book
from reconciler.apply.triggers import refused
from reconciler.model.document import Address
from reconciler.model.outcome import End, Outcome
from tests.unit.apply.samples import book, call, fallback
from tests.world import TRACKER

FAILING = [End.FAILED, End.BLOCKED, End.STALE, End.NOT_SENT, End.IN_DOUBT, End.HELD]


def taken(found: Book, target: str = "analytics") -> list[str]:
    ready = []
    while (one := found.take(target)) is not None:
        ready.append(one.id)
    return ready


def no(found: Book, number: str, status: int = 400, message: str = "no") -> None:
    found.end(Outcome(number, End.FAILED, message, status))


def test_what_needs_nothing_is_ready_in_plan_order() -> None:
    assert taken(book(call(1), call(3), call(2, after=[1]), call(4))) == ["1", "3", "4"]


def test_what_becomes_ready_late_still_goes_in_plan_order() -> None:
    found = book(call(1), call(2, after=[1]), call(3), call(4))

    assert found.take("analytics") == found.calls["1"]
    found.end(Outcome("1", End.DONE))
    assert taken(found) == ["2", "3", "4"]


def test_targets_have_queues_of_their_own() -> None:
    found = book(call(1), call(2, Address(TRACKER, "ClientTeam", "t")))

    assert (taken(found), taken(found, TRACKER), taken(found, "nowhere")) == (["1"], ["2"], [])


def test_the_last_of_several_makes_it_ready() -> None:
    found = book(call(1), call(2), call(3, after=[1], waits=[2]))
    taken(found)

    found.end(Outcome("1", End.DONE))
    assert taken(found) == []
    found.end(Outcome("2", End.DONE))
    assert taken(found) == ["3"]


@pytest.mark.parametrize("calls", [0, 1])
def test_whether_anything_is_ready(calls: int) -> None:
    assert book(*[call(n + 1) for n in range(calls)]).waiting is bool(calls)


def test_an_end_told_twice_frees_nobody_twice() -> None:
    found = book(call(1), call(2, after=[1]))
    taken(found)

    found.end(Outcome("1", End.DONE))
    found.end(Outcome("1", End.FAILED))
    assert taken(found) == ["2"]
    assert (found.ended, "1" in found.results) == (1, False)


def test_what_has_ended_is_not_taken() -> None:
    assert taken(book(call(1), call(2), c1=End.HELD)) == ["2"]


def test_more_never_end_than_were_to_be_sent() -> None:
    found = chained()
    for number in found.calls:
        found.end(Outcome(number, End.NOT_SENT))

    assert found.ended == sum(c.sent and c.trigger is None for c in found.calls.values()) < len(found.calls)


def test_calls_of_no_plan_are_waited_for_by_nobody() -> None:
    found = book(call(1, after=[8], waits=[9]))

    assert taken(found) == ["1"]
    assert found.verdict(found.calls["1"]) is None


@pytest.mark.parametrize("end", FAILING)
def test_what_comes_after_a_call_needs_its_success(end: End) -> None:
    found = book(call(1), call(2, after=[1]), c1=end)

    assert found.verdict(found.calls["2"]) == Outcome("2", without(end), f"call 1 is {end}")


def without(end: End) -> End:
    """What becomes of a call that needs one which ended so."""
    return End.NOT_SENT if end is End.NOT_SENT else End.BLOCKED


def test_what_needs_a_call_that_was_not_begun_is_not_sent_for_the_same_reason() -> None:
    found = book(call(1), call(2, after=[1]), call(3, after=[2]))
    found.end(Outcome("1", End.NOT_SENT, "interrupted"))
    found.end(Outcome("2", End.NOT_SENT, "interrupted"))

    assert found.verdict(found.calls["3"]) == Outcome("3", End.NOT_SENT, "interrupted")


def test_a_failure_is_told_before_what_was_only_not_begun() -> None:
    found = book(call(1), call(2), call(3, after=[1, 2]), c1=End.NOT_SENT, c2=End.FAILED)

    assert found.verdict(found.calls["3"]) == Outcome("3", End.BLOCKED, "call 2 is failed")


@pytest.mark.parametrize("end", FAILING)
def test_what_waits_for_a_call_goes_on_without_a_held_one(end: End) -> None:
    found = book(call(1), call(2, waits=[1]), c1=end)

    blocked = Outcome("2", without(end), f"call 1 is {end}")
    assert found.verdict(found.calls["2"]) == (None if end is End.HELD else blocked)


def test_success_blocks_nobody() -> None:
    found = book(call(1), call(2, after=[1], waits=[1]), c1=End.DONE)

    assert found.verdict(found.calls["2"]) is None


def test_the_first_of_several_reasons_by_number() -> None:
    found = book(call(2), call(10), call(11, after=[10, 2]), c2=End.FAILED, c10=End.FAILED)

    verdict = found.verdict(found.calls["11"])
    assert verdict is not None
    assert verdict.message == "call 2 is failed"


def chained() -> Book:
    """1 may be refused; then 2 and 3 do its work; 4 needs it, 5 waits for it."""
    return book(call(1), fallback(2, 1), fallback(3, 1, 2), call(4, after=[1]), call(5, waits=[1]))


def test_a_fall_back_nobody_needs() -> None:
    found = chained()
    assert taken(found) == ["1"]
    found.end(Outcome("1", End.DONE))

    assert taken(found) == ["2"]
    assert found.verdict(found.calls["2"]) == Outcome("2", End.UNNEEDED)
    found.end(Outcome("2", End.UNNEEDED))
    assert taken(found) == ["3"]
    assert found.verdict(found.calls["3"]) == Outcome("3", End.UNNEEDED)
    found.end(Outcome("3", End.UNNEEDED))
    assert taken(found) == ["4", "5"]
    assert [found.verdict(found.calls[i]) for i in "45"] == [None, None]
    assert found.ended == 1, "what was not needed is not counted"
    assert list(found.remedied()) == []


def test_a_refusal_is_remedied_step_by_step() -> None:
    found = chained()
    no(found, "1")
    assert found.verdict(found.calls["2"]) is None
    found.end(Outcome("2", End.DONE))
    assert found.verdict(found.calls["3"]) is None
    found.end(Outcome("3", End.DONE))

    assert found.worked("1")
    assert [found.verdict(found.calls[i]) for i in "45"] == [None, None]
    (remedied,) = found.remedied()
    assert (remedied.call, remedied.end, remedied.status) == ("1", End.DONE, 400)
    assert remedied.message == "refused (no), then done by calls 2, 3"


def test_a_fall_back_that_fails_leaves_the_rest_undone() -> None:
    found = chained()
    no(found, "1")
    no(found, "2")

    assert found.verdict(found.calls["3"]) == Outcome("3", End.BLOCKED, "call 2 is failed")
    found.end(Outcome("3", End.BLOCKED))
    assert [v.end for i in "45" if (v := found.verdict(found.calls[i]))] == [End.BLOCKED, End.BLOCKED]
    assert list(found.remedied()) == []


def test_nobody_goes_before_the_fall_back_has_ended() -> None:
    found = chained()
    taken(found)

    no(found, "1")

    assert taken(found) == ["2"]


@pytest.mark.parametrize(
    ("status", "no_to_the_way"),
    [(400, True), (409, True), (422, True), (499, True), (401, False), (403, False), (404, False), (408, False),
     (429, False), (500, False), (0, False), (200, False)],
)  # fmt: skip
def test_which_refusals_say_not_this_way(status: int, no_to_the_way: bool) -> None:
    assert refused(Outcome("1", End.FAILED, "", status)) is no_to_the_way
    found = chained()
    no(found, "1", status)
    assert (found.verdict(found.calls["2"]) is None) is no_to_the_way


def test_only_a_failure_is_a_refusal() -> None:
    assert not refused(Outcome("1", End.IN_DOUBT, "", 400))
    assert not refused(Outcome("1", End.DONE, "", 404))
