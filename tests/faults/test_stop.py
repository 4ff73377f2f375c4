"""What waits for the rate is not under way: it is not sent once somebody asks to stop (OA-R7)."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Mapping

from reconciler import workflow
from reconciler.ledger import ephemeral, whoami
from reconciler.model.json import Json
from reconciler.model.outcome import End, Report
from reconciler.model.record import replace
from tests.world import OMNI, World, doc, lasting, world


def slow(w: World, per_minute: int) -> workflow.Setup:
    setup = w.setup()
    targets = {**setup.desired.targets, OMNI: replace(setup.desired.targets[OMNI], per_minute=per_minute)}
    return replace(setup, desired=replace(setup.desired, targets=targets))


def stopped_after(w: World, done: int) -> Report:
    """Apply with six requests a minute, asking to stop when so many calls are done."""

    async def job() -> Report:
        stop = asyncio.Event()
        ends: list[object] = []

        def watch(event: Mapping[str, Json]) -> None:
            ends.extend([event] if event["event"] == "done" else [])
            if len(ends) == done:
                stop.set()

        setup = slow(w, 6)
        return await workflow.apply_plan(setup, await workflow.make_plan(setup), watch, stop=stop)

    return asyncio.run(job())


def labels(w: World, count: int) -> None:
    w.documents = [doc("Label", f"l{n}", {"name": f"Label {n}"}) for n in range(count)]


def test_calls_that_wait_for_the_rate_are_not_sent_after_a_stop() -> None:
    with world() as w:
        # Leases go by the wall clock, which does not leap when a minute of waiting is skipped.
        w.ledger = lasting(ephemeral(whoami(), replace(w.clock, wall=time.time)))
        labels(w, 12)
        report = stopped_after(w, 4)  # the other two of the minute were the plan's list and the precondition

        # Ends are told together, and a clock that leaps lets some more go before they are.
        done = report.count(End.DONE)
        assert 4 <= done < 12
        assert report.count(End.NOT_SENT) == 12 - done
        assert len(w.omni.log.writes()) == done
        assert len(w.plan().writes) == 12 - done


def test_without_a_stop_the_rate_only_takes_time() -> None:
    with world() as w:
        # Leases go by the wall clock, which does not leap when a minute of waiting is skipped.
        w.ledger = lasting(ephemeral(whoami(), replace(w.clock, wall=time.time)))
        labels(w, 12)
        report = stopped_after(w, 99)

        assert report.count(End.DONE) == 12
        assert report.seconds > 60


def test_a_plan_of_which_nothing_was_sent_is_not_used_up() -> None:
    with world() as w:
        labels(w, 2)
        plan = w.plan()
        w.omni.edit("POST", "/v1/labels", {"name": "Label 0"})
        w.omni.edit("POST", "/v1/labels", {"name": "Label 1"})

        assert {o.end for o in w.apply(plan).outcomes} == {End.STALE}
        assert {o.end for o in w.apply(plan).outcomes} == {End.STALE}
