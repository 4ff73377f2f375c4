"""Troubles that need more than one fault: a server that stops, storms of 429, answers and lists lost together."""

from __future__ import annotations

import asyncio
import random
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import ExitStack
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest

from reconciler import workflow
from reconciler.apply import leases
from reconciler.ledger import open_ledger, whoami
from reconciler.ledger.leases import LEASE_SECONDS
from reconciler.model.clock import Clock
from reconciler.model.document import Document
from reconciler.model.faults import ProviderUnreachable, Unauthorised, UsageWrong
from reconciler.model.json import Json
from reconciler.model.operator import Access, Operator
from reconciler.model.recorded import Bond
from reconciler.twins import PROFILES, Fault, LogEntry, running
from tests.faults.cells import ALPHA, BETA, CREW, OLD, SHARED
from tests.faults.estate import BOB, JANE, MARIA, after, before, member, team
from tests.faults.stage import Stage, staged
from tests.world import OMNI, TRACKER

Documents = tuple[Document, ...]


@pytest.fixture(scope="module", params=PROFILES)
def made(request: pytest.FixtureRequest) -> Iterator[Stage]:
    with staged(request.param) as stage:
        yield stage


@pytest.fixture
def stage(made: Stage) -> Stage:
    made.rewind()
    return made


def bond(stage: Stage, name: str) -> Bond:
    return next(b for a, b in stage.ledger.recorded().bonds.items() if a.name == name)


# Nobody there, or nobody let in


def test_a_server_that_is_not_there_stops_the_plan(stage: Stage) -> None:
    urls = {**stage.urls, OMNI: "http://127.0.0.1:9/api"}

    tried = stage.run((ALPHA,), stage.setup((ALPHA,), urls))

    assert isinstance(tried.error, ProviderUnreachable)
    assert "http://127.0.0.1:9" in tried.error.hint
    assert stage.run((ALPHA,)).ends == ["done"]


@dataclass
class Stoppable:
    """The Omni twin on a port of its own, which can be closed and opened again."""

    stage: Stage
    url: str = ""
    stack: ExitStack | None = None

    def start(self) -> None:
        self.stack = ExitStack()
        port = urlsplit(self.url).port or 0
        self.url = self.stack.enter_context(running(self.stage.omni, port))

    def stop(self) -> None:
        if self.stack is not None:
            self.stack.close()
            self.stack = None


@pytest.fixture
def server(stage: Stage) -> Iterator[Stoppable]:
    found = Stoppable(stage)
    found.start()
    yield found
    found.stop()


def test_a_server_that_stops_between_plan_and_apply(stage: Stage, server: Stoppable) -> None:
    setup = stage.setup((ALPHA, CREW), {**stage.urls, OMNI: server.url})
    plan = asyncio.run(workflow.make_plan(setup))
    server.stop()

    report = asyncio.run(workflow.apply_plan(setup, plan))

    by_target: dict[str, list[str]] = {c.target: [] for c in plan.calls}
    for outcome in report.outcomes:
        by_target[next(c.target for c in plan.calls if c.id == outcome.call)].append(str(outcome.end))
    assert set(by_target[OMNI]) == {"not sent"}
    assert set(by_target[TRACKER]) == {"done"}, "the other system has nothing to do with it"
    server.start()
    assert stage.run((ALPHA, CREW), setup).ends == ["done"]


@pytest.mark.parametrize("n", [1, 2, 4])
def test_a_server_that_stops_in_the_middle(stage: Stage, server: Stoppable, n: int) -> None:
    documents = (ALPHA, BETA, SHARED, OLD)
    setup = replace(stage.setup(documents, {**stage.urls, OMNI: server.url}))
    plan = asyncio.run(workflow.make_plan(setup))
    begun: list[str] = []

    def watch(event: Mapping[str, Json]) -> None:
        if event["event"] == "intend":
            begun.append(str(event["call"]))
            if len(begun) == n:
                server.stop()

    report = asyncio.run(workflow.apply_plan(setup, plan, watch))

    assert {str(o.end) for o in report.outcomes} <= {"done", "not sent", "in doubt", "blocked"}
    assert "not sent" in {str(o.end) for o in report.outcomes} or n == 4
    server.start()
    assert stage.run(documents, setup).error is None
    assert stage.left(documents) == []
    assert all(bond(stage, name).made for name in ("alpha", "beta", "shared", "old"))


def test_a_wrong_key(stage: Stage) -> None:
    setup = stage.setup((ALPHA, CREW))
    access = {**setup.operator.access, OMNI: Access(stage.urls[OMNI], lambda: "wrong", "env OMNI_KEY")}

    tried = stage.run((), replace(setup, operator=Operator(access)))

    assert isinstance(tried.error, Unauthorised)
    assert "env OMNI_KEY" in tried.error.hint
    assert stage.tracker.log.writes() == []


def test_a_key_that_is_revoked_in_the_middle_stops_everything(stage: Stage) -> None:
    documents = (ALPHA, BETA, SHARED, OLD, CREW)
    setup = stage.setup(documents)
    setup = replace(
        setup,
        desired=replace(
            setup.desired, targets={n: replace(t, concurrency=1) for n, t in setup.desired.targets.items()}
        ),
    )
    stage.omni.faults.add(Fault("status", status=401, nth=2, times=None, writes=True))

    tried = stage.run(documents, setup)

    assert tried.ends.count("failed") == 1
    assert "not sent" in tried.ends
    assert len(stage.omni.log.writes()) == 2
    stage.calm()
    stage.run(documents)
    assert stage.left(documents) == []


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
    assert bond(stage, "old").made
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
    parent = bond(stage, "shared").id
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
    assert bond(stage, "alpha").made
