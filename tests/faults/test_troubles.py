"""Troubles that need more than one fault: storms of 429, answers and lists lost together."""

from __future__ import annotations

import asyncio
import random
import threading
import time
from pathlib import Path
from typing import Any

import pytest

from reconciler import workflow
from reconciler.apply import leases
from reconciler.ledger import open_ledger, whoami
from reconciler.ledger.leases import LEASE_SECONDS
from reconciler.model.clock import Clock
from reconciler.model.document import Document
from reconciler.model.faults import UsageWrong
from reconciler.model.record import replace
from reconciler.twins import Fault, LogEntry
from tests.faults.cells import ALPHA, BETA, CREW, OLD, SHARED
from tests.faults.estate import BOB, JANE, MARIA, after, before, member, team
from tests.faults.stage import Stage
from tests.world import OMNI, TRACKER

Documents = tuple[Document, ...]


# Storms


@pytest.mark.parametrize("seed", range(3))
def test_a_storm_of_429_ends_with_exactly_the_planned_writes(stage: Stage, seed: int) -> None:
    assert stage.run(before()).error is None
    rng = random.Random(seed)
    for twin in stage.twins.values():
        twin.log.clear()
        nth = 0
        while nth < 120:
            nth += rng.randint(1, 4)
            times = rng.randint(1, 2)
            waits = rng.choice([None, "0", "1", "90", "Fri, 31 Dec 1999 23:59:59 GMT"])
            twin.faults.add(Fault("throttle", nth=nth, times=times, retry_after=waits))
            nth += times
    stage.limits = replace(stage.limits, tries=8, throttled_tries=8)

    tried = stage.run(after())

    assert tried.plan is not None
    assert set(tried.ends) == {"done"}
    refused_flags = sum(e.status == 400 for e in stage.tracker.log.writes())
    changed = sum(e.changed for t in stage.twins.values() for e in t.log.writes())
    assert changed == len(tried.plan.writes) + refused_flags
    stage.calm()
    assert stage.left(after()) == []


# Answers and lists lost together


def test_a_create_in_doubt_is_still_ours_when_it_is_found(stage: Stage) -> None:
    """The answer is lost and no list can be read: only the next run can tell, and it knows who made the thing."""
    stage.run((SHARED,))
    stage.omni.faults.add(Fault("drop", method="POST", effect=True))
    stage.omni.on_request(1, "after-effect", lambda _: _lists_fail(stage), method="POST")

    tried = stage.run((SHARED, OLD))

    assert tried.ends == ["in doubt"]
    assert tried.report is not None
    assert "no reading could tell" in tried.report.outcomes[0].message
    stage.calm()
    assert stage.run((SHARED, OLD)).ends == []
    assert stage.bond("old").made
    assert [e.call for e in stage.omni.log.writes()].count("POST /v1/folders") == 2, "one each, none again"
    assert stage.run((SHARED,)).ends == ["done"], "ours to delete"


def _lists_fail(stage: Stage) -> None:
    stage.omni.faults.add(Fault("status", status=503, method="GET", times=None))


CREW_AND_MARIA = team("crew", "Crew", [member(JANE, primary=True), member(BOB), member(MARIA)])


@pytest.mark.parametrize(
    ("had", "wanted", "sent", "listed"),
    [
        pytest.param((ALPHA,), (ALPHA, BETA), "^/v1/labels$", "^/v1/labels$", id="label"),
        pytest.param((CREW,), (CREW_AND_MARIA,), "/members$", "^/api/client-teams$", id="member"),
    ],
)
def test_a_second_try_that_is_refused_may_mean_that_the_first_one_worked(
    stage: Stage, had: Documents, wanted: Documents, sent: str, listed: str
) -> None:
    """Lists that lag twice: the create is sent again, refused as a duplicate, and looked up once more (OA-R30)."""
    stage.run(had)
    twin = stage.twins[had[0].address.target]
    upsert = twin.knobs.hard("ST-P7") if twin is stage.tracker else False
    lag = Fault("short_page", method="GET", path=listed, times=2, omit=99)
    twin.faults.add(Fault("drop", method="POST", path=sent, effect=True))
    twin.on_request(1, "after-effect", lambda _: twin.faults.add(lag), method="POST", path=sent)

    tried = stage.run(wanted)

    assert tried.ends == ["done"]
    assert tried.report is not None
    if twin is stage.omni or upsert:
        assert "live shows that it happened" in tried.report.outcomes[0].message
    stage.calm()
    assert stage.left(wanted) == []


def test_a_call_that_nobody_can_tell_about_is_asked_about_once(stage: Stage) -> None:
    """Two things of one key after a create in doubt: neither is taken, a person is asked, the next run goes on."""
    stage.run((SHARED,))
    parent = stage.bond("shared").id
    stage.omni.faults.add(Fault("drop", method="POST", effect=True))
    stage.omni.on_request(1, "after-effect", lambda _: _somebody_too(stage, parent), method="POST")

    assert stage.run((SHARED, OLD)).ends == ["in doubt"]

    again = stage.run((SHARED, OLD))
    assert isinstance(again.error, workflow.CallInDoubt)
    assert "analytics/Folder/old" in str(again.error)
    third = stage.run((SHARED, OLD))
    assert third.error is None
    assert any("ambiguous" in line for line in stage.left((SHARED, OLD)))
    assert sum(e.changed for e in stage.omni.log.writes() if e.method == "POST") == 2


def _somebody_too(stage: Stage, parent: str) -> None:
    stage.omni.edit("POST", "/v1/folders", {"name": "Old", "parentFolderId": parent})


# The lease outlives any wait


def test_the_lease_is_kept_while_a_call_takes_long(
    stage: Stage, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Three times as long as a lease lasts, in steps that wait for each renewal; then the rest is sent."""
    monkeypatch.setattr(leases, "BEAT", 0.005)
    skipped = [0.0]
    clock = Clock(time.monotonic, lambda: time.time() + skipped[0], asyncio.sleep)
    renewed = threading.Event()
    ledger = open_ledger(tmp_path / "ledger.db", create=True, who=whoami(), clock=clock)
    holds = ledger.holds

    def seen(lease: Any) -> bool:
        held = holds(lease)
        renewed.set()
        return held

    monkeypatch.setattr(ledger, "holds", seen)

    def slow(_: LogEntry) -> None:
        for _step in range(9):
            skipped[0] += LEASE_SECONDS / 3
            for _target in stage.twins:
                renewed.clear()
                assert renewed.wait(10)

    stage.omni.on_request(1, "before-effect", slow, writes=True)
    documents = (SHARED, OLD)
    setup = replace(stage.setup(documents), ledger=ledger)
    tried = stage.run(documents, setup)
    ledger.close()

    assert tried.ends == ["done", "done"]


def test_an_interrupted_run_of_a_target_that_is_gone_from_the_project(stage: Stage) -> None:
    stage.omni.faults.add(Fault("drop", method="POST", effect=True))
    stage.omni.on_request(1, "after-effect", lambda _: _lists_fail(stage), method="POST")
    assert stage.run((ALPHA, CREW)).ends.count("in doubt") == 1
    stage.calm()
    setup = stage.setup((CREW,))
    setup = replace(setup, desired=replace(setup.desired, targets={TRACKER: setup.desired.targets[TRACKER]}))

    tried = stage.run((CREW,), setup)

    assert isinstance(tried.error, UsageWrong)
    assert OMNI in str(tried.error)
    assert stage.run((ALPHA, CREW)).error is None
    assert stage.bond("alpha").made
