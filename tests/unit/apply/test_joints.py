"""What many wait for in common is counted once, and everybody goes when, and ends as, they would by themselves."""

from __future__ import annotations

import sys
from collections.abc import Callable
from types import FrameType

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reconciler.apply import book as books
from reconciler.apply.book import Book
from reconciler.model.outcome import End, Outcome
from reconciler.model.plan import Call, Phase
from reconciler.model.record import replace
from tests.unit.apply.samples import call, fallback, plan
from tests.world import OMNI

ENDS = (End.DONE, End.DONE, End.FAILED, End.NOT_SENT, End.HELD, End.UNNEEDED, End.STALE)


@st.composite
def crowds(draw: st.DrawFn) -> tuple[list[Call], list[End]]:
    """Some first calls, of which one may have a fall-back, and others that wait for or follow the same of them."""
    first = draw(st.integers(2, 5))
    numbers = list(range(1, first + 1))
    found = [call(n) for n in numbers]
    sets = [frozenset(draw(st.lists(st.sampled_from(numbers), min_size=2, unique=True))) for _ in range(2)]
    for n in range(first + 1, first + 1 + draw(st.integers(2, 5))):
        waits, follows = draw(st.sampled_from([*sets, frozenset()])), draw(st.sampled_from([*sets, frozenset()]))
        after = draw(st.lists(st.sampled_from(range(1, n)), max_size=1))
        one = call(n, phase=Phase.DELETE, after=after, waits=[*waits])
        found.append(replace(one, follows=frozenset(map(str, follows))))
    if draw(st.booleans()):
        found.append(fallback(len(found) + 1, draw(st.sampled_from(numbers))))
    ends = draw(st.lists(st.sampled_from(ENDS), min_size=len(found), max_size=len(found)))
    return found, ends


def history(calls: list[Call], ends: list[End]) -> list[str]:
    """Which call is ready when, and what becomes of each."""
    book, told = Book(plan(*calls)), list[str]()
    while (one := book.take(OMNI)) is not None:
        verdict = book.verdict(one)
        end = verdict or Outcome(one.id, ends[int(one.id) - 1], f"so ended {one.id}")
        told.append(f"{one.id}: {'not sent' if verdict else 'sent'} {end.end} {end.message}")
        told.append(f"coming: {[c.id for c in calls if book.coming(c)]}")
        book.end(end)
        if end.end is End.DONE and int(one.id) % 2:
            book.know(one.id, {"/id": "x"})
    return told


@settings(max_examples=300, deadline=None)
@given(crowds())
def test_as_if_each_waited_by_itself(crowd: tuple[list[Call], list[End]]) -> None:
    calls, ends = crowd
    together = history(calls, ends)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(books, "joints_of", lambda calls, plain: {})  # noqa: ARG005 - the shape of the function
        alone = history(calls, ends)

    assert together == alone


def test_joints_are_what_several_wait_for_and_nothing_may_replace() -> None:
    waiting = [call(n, waits=[1, 2, 3]) for n in (4, 5)]
    firsts = [call(n) for n in (1, 2, 3)]

    assert {*Book(plan(*firsts, *waiting)).joints} == {frozenset("123")}
    assert not Book(plan(*firsts, waiting[0])).joints, "one alone waits for them"
    assert not Book(plan(*firsts, *waiting, fallback(6, 2))).joints, "another one may do the work of 2"


def counted(work: Callable[[], object]) -> int:
    """How many functions of Python are called."""
    found = 0

    def one_more(frame: FrameType, event: str, arg: object) -> None:
        nonlocal found
        found += event == "call"

    sys.setprofile(one_more)
    try:
        work()
    finally:
        sys.setprofile(None)
    return found


def crowd(size: int) -> Callable[[], object]:
    """As many that write as that wait for all of them."""
    numbers = range(1, size + 1)
    calls = [call(n) for n in numbers] + [call(n + size, waits=[*numbers], phase=Phase.DELETE) for n in numbers]
    return lambda: history_of_ends(calls)


def history_of_ends(calls: list[Call]) -> None:
    book = Book(plan(*calls))
    while (one := book.take(OMNI)) is not None:
        book.end(book.verdict(one) or Outcome(one.id, End.DONE if int(one.id) % 7 else End.FAILED))


def test_twice_as_many_take_twice_as_much() -> None:
    assert counted(crowd(400)) <= 2.1 * counted(crowd(200))
