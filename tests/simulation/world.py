"""Everything of one history: machines, processes, systems, the ledger; and what one command of ours does there."""

from __future__ import annotations

import asyncio
import json
import random
from collections.abc import Mapping
from contextvars import copy_context
from dataclasses import dataclass, field
from typing import Any

from reconciler import workflow
from reconciler.ledger import Ledger
from reconciler.ledger.history import genesis
from reconciler.model.document import DeleteLimit, Desired, Document, Target
from reconciler.model.faults import GuardRefused, ReconcilerError
from reconciler.model.json import Json, digest
from reconciler.model.operator import Access, Operator
from reconciler.model.plan_json import to_json
from reconciler.twins import Twin
from reconciler.wire.late import Late
from reconciler.workflow import Setup
from tests.simulation.disk import Disk, Handle, Shelf
from tests.simulation.far import Far
from tests.simulation.loop import HERE, Loop
from tests.simulation.process import Killed, Machine, Process
from tests.simulation.scenes import FILES, Scene, settings_of
from tests.simulation.trace import Run, Trace
from tests.simulation.weather import Weather
from tests.world import PROVIDERS, catalog


def secret(reference: Mapping[str, Json]) -> str:
    """As the operator's side would resolve it."""
    path = str(reference.get("fromFile"))
    if path not in FILES:
        raise GuardRefused(f"there is no {path}", hint="make it")
    return FILES[path].decode()


def file(path: str) -> bytes:
    if path not in FILES:
        raise ValueError("is not there")
    return FILES[path]


@dataclass(slots=True)
class World:
    """`kept`: what lies in the sinks. `expect_missing`: what somebody has said of things that are gone."""

    scene: Scene
    loop: Loop
    twins: Mapping[str, Twin]
    disk: Disk
    trace: Trace
    far: Far
    kept: dict[str, str] = field(default_factory=dict)
    started: int = 0
    expect_missing: frozenset[str] = frozenset()

    def process(self, machine: Machine, dies_at: int = 0) -> Process:
        self.started += 1
        return Process(machine, self.started, self.loop.time, dies_at)

    def setup(self, process: Process, documents: tuple[Document, ...], seed: object) -> Setup:
        """As the files and the operator's configuration would give it, to this very process."""
        urls, clock = self.far.urls(), process.clock()
        targets = {n: self._target(n) for n in self.twins}
        access = {n: self._access(n, url) for n, url in urls.items()}
        text = digest([[str(d.address), dict(d.spec), str(d.lifecycle), dict(d.once)] for d in documents])
        desired = Desired(documents, targets, text, DeleteLimit(100, 100))
        return Setup(
            desired,
            catalog(),
            Operator(access),
            clock,
            Ledger(Handle(self.disk, process, self.trace), process.who, clock),
            rng=random.Random(f"{seed} {process.number}"),
            opens=self.far.opens(process),
            late=Late(secret, file),
            sinks=Shelf(process, self.kept),
            expect_missing=self.expect_missing,
        )

    def _target(self, name: str) -> Target:
        own = settings_of(name, self.twins[name])
        return Target(name, PROVIDERS[name], own, None, self.scene.concurrency)

    def _access(self, name: str, url: str) -> Access:
        key = self.twins[name].default_key
        return Access(url, lambda: str(key), "the test", per_minute=self.scene.per_minute or 100_000)

    async def command(self, process: Process, documents: tuple[Document, ...], seed: object) -> Run:
        """Settle, plan and apply, as `reconciler apply --yes` does; whatever ends it is written down."""
        run = Run(self.trace.step(f"{process} begins"), process, self.loop.time(), documents)
        self.trace.runs.append(run)
        context = copy_context()
        context.run(HERE.set, process)
        task = self.loop.create_task(self._commanded(run, process, documents, seed), context=context)
        await asyncio.wait([task])
        for left in process.tasks:  # as asyncio.run does
            left.cancel()
        await asyncio.gather(*process.tasks, return_exceptions=True)
        if process.dead or task.cancelled():
            run.ended = f"killed {process.died}"
        elif (error := task.exception()) is not None:
            if not isinstance(error, ReconcilerError):
                raise error
            run.error, run.ended = error, type(error).__name__
        else:
            run.ended = "reported"
        self.trace.step(f"{process} ends: {run.ended}")
        return run

    async def _commanded(self, run: Run, process: Process, documents: tuple[Document, ...], seed: object) -> None:
        def progress(event: Mapping[str, Json]) -> None:
            run.said.append(json.dumps(dict(event)))

        try:
            setup = self.setup(process, documents, seed)
            _, doubts, _ = await workflow.settle(setup)
            if doubts:
                raise workflow.CallInDoubt(doubts)
            run.bonds = {str(a): b for a, b in setup.recorded.bonds.items()}
            run.plan = await workflow.make_plan(setup, progress)
            run.planned = self.trace.step(f"{process} planned {run.plan.id[:12]}: {len(run.plan.writes)} calls")
            run.said.append(json.dumps(to_json(run.plan)))
            run.report = await workflow.apply_plan(setup, run.plan, progress)
        except Killed:
            process.dead = True
            raise


def opened(
    scene: Scene, weather: Weather, disk: Disk | None = None, states: Mapping[str, Mapping[str, Any]] | None = None
) -> World:
    """A world in its first moment. `disk`: what the ledger lies on; None: it was just made. `states`: of the
    systems; None: as they are seeded."""
    loop = Loop()
    twins, trace = scene.twins(states), Trace(loop.time)
    for twin in twins.values():
        twin.rate.limit, twin.rate.now = scene.per_minute, loop.time
    if disk is None:
        born = Process(Machine("ci-0.example.com"), 0, loop.time)
        disk = Disk((genesis(born.who, born.clock()),))
    return World(scene, loop, twins, disk, trace, Far(loop, twins, weather, trace))
