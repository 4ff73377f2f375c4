"""The simulated world keeps its own rules: time jumps, the paused stand still, the dead do nothing."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from contextvars import copy_context

import pytest

from tests.simulation.disk import Disk, Handle
from tests.simulation.loop import HERE, LONGEST, Loop, Stuck
from tests.simulation.process import EPOCH, Killed, Machine, Process
from tests.simulation.trace import Trace


@pytest.fixture
def loop() -> Iterator[Loop]:
    made = Loop()
    asyncio.set_event_loop(made)
    yield made
    asyncio.set_event_loop(None)
    made.close()


def process(loop: Loop, dies_at: int = 0) -> Process:
    return Process(Machine("a.example.com"), 1, loop.time, dies_at)


def test_a_year_of_naps_costs_nothing(loop: Loop) -> None:
    loop.run_until_complete(asyncio.sleep(LONGEST / 2))

    assert loop.time() == pytest.approx(LONGEST / 2)


def test_what_comes_first_happens_first(loop: Loop) -> None:
    async def after(seconds: float, told: list[float]) -> None:
        await asyncio.sleep(seconds)
        told.append(seconds)

    async def main() -> list[float]:
        told: list[float] = []
        await asyncio.gather(*(after(s, told) for s in (3.0, 1.0, 2.0)))
        return told

    assert loop.run_until_complete(main()) == [1.0, 2.0, 3.0]


def test_waiting_for_ever_is_noticed(loop: Loop) -> None:
    with pytest.raises(Stuck):
        loop.run_until_complete(asyncio.Event().wait())


def test_a_paused_process_stands_still_and_then_goes_on(loop: Loop) -> None:
    one, moments = process(loop), list[float]()

    async def steps() -> None:
        for _ in range(3):
            await asyncio.sleep(1.0)
            moments.append(loop.time())

    context = copy_context()
    context.run(HERE.set, one)
    task = loop.create_task(steps(), context=context)
    loop.call_later(1.5, setattr, one, "paused_until", 100.0)
    loop.run_until_complete(task)

    assert moments == [1.0, 100.0, 101.0]


def test_the_dead_append_nothing(loop: Loop) -> None:
    one, disk = process(loop, dies_at=1), Disk()
    handle = Handle(disk, one, Trace(loop.time))

    for _ in range(2):
        with pytest.raises(Killed), handle.serialised():
            pass
    with pytest.raises(Killed):
        handle.read()

    assert (one.dead, disk.events) == (True, ())


def test_a_wall_clock_may_be_wrong_and_the_other_only_grows(loop: Loop) -> None:
    one = process(loop)
    one.machine.ahead = -86_400.0
    clock = one.clock()
    loop.run_until_complete(clock.sleep(5.0))

    assert clock.now() == pytest.approx(5.0)
    assert clock.wall() == pytest.approx(EPOCH + 5.0 - 86_400.0)
    assert one.naps == [5.0]
