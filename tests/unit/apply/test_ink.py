"""Many tellings in one wait for the disk: in their order, all or none, and never after the call they speak of."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

import pytest

from reconciler.apply.ink import Ink
from reconciler.model.faults import LedgerUnusable
from reconciler.model.record import replace as but
from tests.unit.apply.samples import Notebook, plan
from tests.unit.apply.test_stops import Going, Log, put


@dataclass
class Disk(Log):
    """A journal that says when it waits for the disk, and may fail at it. `fails`: the wait that fails."""

    waits: int = 0
    fails: int = 0
    inside: bool = field(default=False)

    @contextmanager
    def together(self) -> Iterator[None]:
        self.waits += 1
        self.inside = True
        yield
        self.inside = False
        if self.waits == self.fails:
            raise LedgerUnusable("no room left")


def word(journal: Notebook, text: str) -> None:
    journal.told.append(text)


def test_all_who_ask_in_one_turn_share_one_wait_and_the_order_stays() -> None:
    journal = Disk()
    ink = Ink(journal)

    async def write(text: str) -> None:
        ink.put(lambda: word(journal, text), lambda: word(journal, f"{text} is there"))
        await ink.dry()
        assert not journal.inside

    async def all_of_them() -> None:
        await asyncio.gather(*(write(text) for text in "abc"))

    asyncio.run(all_of_them())

    assert journal.waits == 1
    assert journal.told == ["a", "b", "c", "a is there", "b is there", "c is there"]
    assert not ink.wet


def test_a_disk_that_fails_fails_all_who_wait_and_all_that_comes_later() -> None:
    journal = Disk(fails=1)
    ink = Ink(journal)

    async def write(text: str) -> None:
        ink.put(lambda: word(journal, text), lambda: word(journal, "is there"))
        await ink.dry()

    async def all_of_them() -> list[BaseException | None]:
        first = await asyncio.gather(write("a"), write("b"), return_exceptions=True)
        return [*first, *await asyncio.gather(write("c"), return_exceptions=True)]

    found = asyncio.run(all_of_them())

    assert [str(one) for one in found] == ["no room left"] * 3
    assert journal.told == ["a", "b"], "nothing is told once the disk has failed"
    with pytest.raises(LedgerUnusable):
        ink.flush()


def test_who_stops_waiting_takes_nobody_along() -> None:
    journal = Disk()
    ink = Ink(journal)

    async def both() -> None:
        ink.put(lambda: word(journal, "a"))
        gone, stays = asyncio.create_task(ink.dry()), asyncio.create_task(ink.dry())
        await asyncio.sleep(0)
        gone.cancel()
        await stays
        assert gone.cancelled() or gone.cancelling()

    asyncio.run(both())

    assert journal.told == ["a"]


CALLS = 60


def many() -> Going:
    going = Going(plan(*(put(n, f"c{n}") for n in range(1, CALLS + 1))), journal=Disk())
    going.words["concurrency"] = {"analytics": 8}
    return going


def test_a_run_waits_for_the_disk_less_often_than_it_sends() -> None:
    """Before, each call waited twice: for its intent and for its end."""
    going = many()
    going.run()

    assert isinstance(going.journal, Disk)
    assert sum(one.startswith("intend") for one in going.journal.told) == CALLS
    assert sum(" done" in one for one in going.journal.told) >= CALLS
    assert going.journal.waits <= CALLS // 4, going.journal.waits


def test_one_after_the_other_each_end_shares_the_wait_of_the_next_intent() -> None:
    row = plan(*(put(n, f"c{n}", after=[n - 1] if n > 1 else []) for n in range(1, CALLS + 1)))
    going = Going(row, journal=Disk())
    going.run()

    assert isinstance(going.journal, Disk)
    assert going.journal.waits <= CALLS + 3, going.journal.waits


def test_no_request_leaves_before_its_intent_is_on_disk_and_no_follower_before_the_end() -> None:
    row = plan(*(put(n, f"c{n}", after=[n - 8] if n > 8 else []) for n in range(1, CALLS + 1)))
    going = Going(row, journal=Disk())
    going.words["concurrency"] = {"analytics": 8}
    plain, seen = going.send, list[str]()

    async def send(request: object) -> object:
        assert isinstance(going.journal, Disk)
        assert not going.journal.inside
        number = int(str(getattr(request, "path", ""))[2:])
        assert f"intend {number}" in going.journal.told
        assert number <= 8 or f"r7 c{number - 8}: {number - 8} done" in going.journal.told
        seen.append(str(number))
        return await plain(request)  # type: ignore[arg-type]

    going.send = send  # type: ignore[assignment, method-assign]
    report = going.run()

    assert len(seen) == CALLS
    assert {str(o.end) for o in report.outcomes} == {"done"}
    assert report == but(report, interrupted=False)


def test_a_disk_that_fails_in_the_middle_ends_the_run() -> None:
    going = many()
    assert isinstance(going.journal, Disk)
    going.journal.fails = 3

    with pytest.raises(LedgerUnusable, match="no room left"):
        going.run()
    assert len(going.sent) < CALLS // 2
    assert "give back analytics" in going.journal.told
