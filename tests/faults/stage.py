"""Twins and the engine in one process, for trials that need no kill: quick to rewind, with a ledger in memory."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from shutil import rmtree
from tempfile import TemporaryDirectory
from typing import Any

from reconciler import workflow
from reconciler.ledger import Ledger, whoami
from reconciler.ledger.bonds import Doubt
from reconciler.ledger.event import Event
from reconciler.ledger.history import genesis
from reconciler.ledger.store import Memory
from reconciler.model.document import Address, Document
from reconciler.model.faults import ReconcilerError
from reconciler.model.outcome import Report
from reconciler.model.plan import Plan
from reconciler.model.record import replace
from reconciler.model.recorded import Bond
from reconciler.twins import OmnCoreTwin, OmniTwin, TrackerTwin, Twin, running_all
from reconciler.wire.limits import Limits
from reconciler.workflow import Setup
from tests.faults import analytics, core
from tests.faults.cells import EMBEDDED, USUAL
from tests.faults.estate import furnish, setup_of
from tests.faults.hurry import Hurry
from tests.faults.people import SINKS
from tests.faults.seen import facts, far_ends, sinks
from tests.world import OMNI, TRACKER, TWINS, hasty_clock, lasting


@dataclass(frozen=True, slots=True)
class Tried:
    """What one run came to: a report, or the error that ended it."""

    plan: Plan | None = None
    report: Report | None = None
    error: ReconcilerError | None = None

    @property
    def ends(self) -> list[str]:
        return [str(o.end) for o in self.report.outcomes if o.end != "unneeded"] if self.report else []


@dataclass(frozen=True, slots=True)
class Moment:
    """A world to go back to: the twins' states, the ledger's events, the files that values went to."""

    worlds: Mapping[str, Any]
    events: tuple[Event, ...]
    files: Mapping[Path, bytes]


def _beginning() -> tuple[Event, ...]:
    """A ledger that knows nothing."""
    return (genesis(whoami(), hasty_clock()),)


def _filled() -> Memory:
    store = Memory()
    for event in _beginning():
        store.append(event)
    return store


def _book(store: Memory) -> Ledger:
    return lasting(Ledger(store, whoami(), hasty_clock()))


@dataclass(slots=True)
class Stage:
    """Twins, a folder with the project's files, and a ledger that is thrown away at every rewind. `authority`: the
    CA file of the servers, if they have one; `planned`: how many requests each twin had seen when the last plan
    was made; `hurry`: turns the clock of the run."""

    twins: Mapping[str, Twin]
    urls: dict[str, str]
    empty: Mapping[str, Any]
    settings: dict[str, Any]
    root: Path
    ledger: Ledger = field(default_factory=lambda: _book(_filled()))
    limits: Limits = USUAL
    authority: str | None = None
    hurry: Hurry = field(default_factory=Hurry)
    planned: dict[str, int] = field(default_factory=dict)
    store: Memory = field(default_factory=Memory)

    @property
    def omni(self) -> OmniTwin:
        found = self.twins[OMNI]
        assert isinstance(found, OmniTwin)
        return found

    @property
    def tracker(self) -> TrackerTwin:
        found = self.twins[TRACKER]
        assert isinstance(found, TrackerTwin)
        return found

    def rewind(self) -> None:
        """The seeded worlds, and a ledger that knows nothing."""
        self.back_to(Moment(self.empty, _beginning(), {}))

    def moment(self) -> Moment:
        """The world as it is now."""
        files = {p.relative_to(self.root): p.read_bytes() for p in (self.root / SINKS).rglob("*") if p.is_file()}
        return Moment(self.worlds(), tuple(self.store.read()), files)

    def back_to(self, moment: Moment) -> None:
        """The world as it was then; no logs, faults and hooks."""
        rmtree(self.root / SINKS, ignore_errors=True)
        for path, content in moment.files.items():
            (self.root / path).parent.mkdir(mode=0o700, exist_ok=True)
            (self.root / path).touch(mode=0o600)
            (self.root / path).write_bytes(content)
        self.store = Memory()
        for event in moment.events:
            self.store.append(event)
        self.ledger = _book(self.store)
        for name, twin in self.twins.items():
            self.calm(twin)
            twin.load(moment.worlds[name])
            twin.edit("GET", "/")
            twin.log.clear()
        self.limits, self.authority = USUAL, None

    def beginning(self) -> tuple[Event, ...]:
        return _beginning()

    def worlds(self) -> dict[str, Any]:
        return {name: twin.dump() for name, twin in self.twins.items()}

    def doubts(self) -> Mapping[Address, Doubt]:
        """What only a person can tell."""
        return self.ledger.doubts()

    def calm(self, *twins: Twin) -> None:
        for twin in twins or self.twins.values():
            with twin.lock:
                twin.faults.clear()
                twin.hooks.clear()

    def setup(self, documents: Sequence[Document], urls: dict[str, str] | None = None) -> Setup:
        made = setup_of(documents, urls or self.urls, self.settings, self.ledger, hasty_clock())
        access = made.operator.access
        if self.authority is not None:
            access = {n: replace(a, ca_file=self.authority) for n, a in access.items()}
        operator, moved = replace(made.operator, access=access), frozenset(self.twins)
        return replace(made, limits=self.limits, root=self.root, operator=operator, expect_moved=moved)

    def run(self, documents: Sequence[Document], setup: Setup | None = None) -> Tried:
        """Settle, plan and apply, as the command does. Anything but an error of ours gets through to the test."""
        setup = setup or self.setup(documents)
        self.planned.clear()
        plan = None
        with self.hurry.runner() as runner:
            try:
                _, doubts, _ = runner.run(workflow.settle(setup))
                if doubts:
                    raise workflow.CallInDoubt(doubts)
                plan = runner.run(workflow.make_plan(setup))
                self.planned.update({name: len(twin.log) for name, twin in self.twins.items()})
                return Tried(plan, runner.run(workflow.apply_plan(setup, plan)))
            except ReconcilerError as error:
                return Tried(plan, error=error)

    def bond(self, name: str) -> Bond:
        """The bond of the one address with this name."""
        return next(b for a, b in self.ledger.recorded().bonds.items() if a.name == name)

    def left(self, documents: Sequence[Document]) -> list[str]:
        plan = asyncio.run(workflow.make_plan(self.setup(documents)))
        return [f"{a.address}: {h.rule}" for a in plan.actions for h in a.holds] + [c.line for c in plan.writes]

    def seen(self) -> dict[str, Any]:
        bonds, kept = facts(self.ledger.recorded(), self.twins), sinks(self.root / SINKS, self.twins)
        return {"live": far_ends(self.twins), "bonds": bonds, "sinks": kept}


@contextmanager
def staged(profile: str, names: Sequence[str] = (OMNI, TRACKER)) -> Iterator[Stage]:
    """The tracker is always among the systems."""
    twins = {name: TWINS[name](profile) for name in names}
    for twin in twins.values():
        twin.seed_world()
        if isinstance(twin, OmniTwin):
            analytics.seed(twin)
            twin.add_embed_user(EMBEDDED, "Shop")
        if isinstance(twin, OmnCoreTwin):
            core.prepare(twin)
    settings = {"organisation": twins[TRACKER].default_headers["X-Org-Id"], "batchSize": core.BATCH}
    with running_all([*twins.values()]) as urls, TemporaryDirectory() as folder:
        furnish(Path(folder))
        named, empty = dict(zip(names, urls, strict=True)), {name: twin.dump() for name, twin in twins.items()}
        yield Stage(twins, named, empty, settings, Path(folder))
