"""Bookings in doubt: lost answers are looked up in their week; a killed run ends where it would have (ST-R84)."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress

import pytest

from reconciler.twins import Fault
from tests.contract.bookings import ALLOWED, AT, LAUNCH, POST, book, booked, booking, own_id, plan, unbook, week
from tests.contract.jobs import planned
from tests.contract.studio import BOB, JANE
from tests.world import World


def lines(found: tuple[str, ...]) -> list[str]:
    return [line.split(" ", 1)[1] for line in found]


def test_a_lost_post_that_happened_is_found_in_its_week_and_is_ours(studio: World) -> None:
    studio.tracker.faults.add(Fault("drop", method="POST", path="/bookings", effect=True))
    report = studio.apply(planned(studio, plan(booking(JANE, 8))))

    assert {str(o.end) for o in report.outcomes} == {"done"}
    assert lines(report.requests["calls"]) == [POST]
    assert lines(report.requests["settle"]) == [week(1)]
    assert booked(studio) == [(JANE, 8, LAUNCH, 4, None)]
    assert len(studio.recorded.bonds[AT].entries["bookings"]) == 1


def test_a_lost_post_that_did_not_happen_is_sent_once_more_after_two_looks(studio: World) -> None:
    studio.tracker.faults.add(Fault("drop", method="POST", path="/bookings", effect=False))
    report = studio.apply(planned(studio, plan(booking(JANE, 8))))

    assert {str(o.end) for o in report.outcomes} == {"done"}
    assert lines(report.requests["settle"]) == [week(1)] * 2
    assert booked(studio) == [(JANE, 8, LAUNCH, 4, None)]


@pytest.mark.parametrize("effect", [True, False])
def test_a_lost_delete_of_a_changed_booking_is_known_by_its_id(studio: World, effect: bool) -> None:
    book(studio, JANE, 0, note="Review")
    studio.tracker.faults.add(Fault("drop", method="DELETE", path="/bookings", effect=effect))
    report = studio.apply(planned(studio, plan(booking(JANE, 0, hours=5))))

    assert {str(o.end) for o in report.outcomes} == {"done"}
    assert booked(studio) == [(JANE, 0, LAUNCH, 5, "Review")]


def test_a_post_that_is_lost_for_good_is_posted_by_the_next_run(studio: World) -> None:
    """The delete is done, the post never was: what is live then is what the next plan starts from."""
    book(studio, JANE, 0)
    studio.tracker.faults.add(Fault("drop", method="POST", path="/bookings", effect=False, times=None))
    report = studio.apply(planned(studio, plan(booking(JANE, 0, hours=5))))
    assert {str(o.end) for o in report.outcomes} == {"done", "failed"}
    assert booked(studio) == []

    studio.tracker.faults.clear()
    again = planned(studio, *studio.documents)
    assert [c.method for c in again.writes] == ["POST"]
    studio.checked_apply(again)
    assert booked(studio) == [(JANE, 0, LAUNCH, 5, None)]
    assert planned(studio, *studio.documents).calls == ()


class Killed(BaseException):
    """The process ends here."""


def kill(w: World, after: int) -> bool:
    """Apply, until the journal has been told so many things. False where it never was."""
    wanted, ledger = w.plan(), w.ledger
    assert ledger is not None
    intend, conclude = ledger.intend, ledger.conclude
    left = [after]

    def counted(tell: Callable[..., None]) -> Callable[..., None]:
        def told(*words: object) -> None:
            left[0] -= 1
            if left[0] == 0:
                raise Killed
            tell(*words)

        return told

    ledger.intend, ledger.conclude = counted(intend), counted(conclude)  # type: ignore[method-assign]
    with suppress(Killed):
        w.apply(wanted)
    ledger.intend, ledger.conclude = intend, conclude  # type: ignore[method-assign]
    return left[0] <= 0


@pytest.mark.parametrize("after", range(1, 11))
def test_a_run_that_is_killed_ends_where_it_would_have(studio: World, after: int) -> None:
    """After the n-th thing the journal was told: intents and ends of two changes, a removal and an addition."""
    book(studio, BOB, 1, note="theirs")
    studio.converge(plan(booking(JANE, 0), booking(JANE, 1), booking(JANE, 8)))
    wanted = (booking(JANE, 0, hours=5), booking(BOB, 1, hours=5), booking(BOB, 8))
    studio.documents = [plan(*wanted, mode="exact", **ALLOWED)]

    assert kill(studio, after) or after > 8
    studio.settle()
    studio.apply(studio.plan())

    assert booked(studio) == [
        (BOB, 1, LAUNCH, 5, "theirs"),
        (BOB, 8, LAUNCH, 4, None),
        (JANE, 0, LAUNCH, 5, None),
    ]
    assert studio.plan().calls == ()
    assert len(studio.recorded.bonds[AT].entries["bookings"]) == 3


@pytest.mark.parametrize("after", range(1, 5))
def test_a_first_run_that_is_killed_knows_its_bookings_afterwards(studio: World, after: int) -> None:
    studio.documents = [plan(booking(JANE, 0), booking(BOB, 8))]
    assert kill(studio, after)
    studio.settle()
    studio.apply(studio.plan())

    assert len(booked(studio)) == 2
    assert len(studio.recorded.bonds[AT].entries["bookings"]) == 2, "both are ours"


def test_somebody_books_the_same_between_delete_and_post(studio: World) -> None:
    """Killed between both, and somebody else has booked the same by then: that is theirs, and changed."""
    book(studio, JANE, 0)
    studio.documents = [plan(booking(JANE, 0, hours=5))]
    assert kill(studio, 3)
    assert booked(studio) == []
    book(studio, JANE, 0, hours=7, note="new")
    studio.settle()
    studio.apply(studio.plan())

    assert booked(studio) == [(JANE, 0, LAUNCH, 5, "new")]
    unbook(studio, own_id(studio, JANE, 0))
    assert [c.method for c in studio.plan().writes] == ["POST"]
