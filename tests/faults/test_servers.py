"""A server that is not there, stops, or lets nobody in any more: the rest goes on, and a later run ends it."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator, Mapping
from contextlib import ExitStack
from dataclasses import dataclass
from urllib.parse import urlsplit

import pytest

from reconciler import workflow
from reconciler.model.faults import ProviderUnreachable, Unauthorised
from reconciler.model.json import Json
from reconciler.model.operator import Access, Operator
from reconciler.model.record import replace
from reconciler.twins import Fault, running
from tests.faults.cells import ALPHA, BETA, CREW, OLD, SHARED
from tests.faults.stage import Stage
from tests.world import OMNI, TRACKER


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
    assert all(stage.bond(name).made for name in ("alpha", "beta", "shared", "old"))


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
