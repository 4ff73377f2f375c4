"""The smallest worlds in which each call of the program is made, brought about once and rewound for each trial."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from shutil import rmtree
from tempfile import TemporaryDirectory
from typing import Any

from reconciler import workflow
from reconciler.ledger import Ledger, ephemeral, whoami
from reconciler.ledger.store import Memory
from reconciler.model.call import Request
from reconciler.model.catalog import Verbs
from reconciler.model.document import Document
from reconciler.model.json import Json
from reconciler.model.kind import Kind
from reconciler.model.live import Collection, Demand, Replies
from reconciler.model.outcome import Report
from reconciler.model.packed import Packed
from reconciler.model.plan import Plan
from reconciler.model.record import replace
from reconciler.read.gather import body, gathered
from reconciler.twins import PROFILES, OmnCoreTwin, OmniTwin
from reconciler.wire.limits import Limits
from reconciler.wire.line import Answer
from reconciler.workflow import Setup
from reconciler.workflow.asking import opened
from reconciler.workflow.steps import read_live
from tests.faults import analytics, core
from tests.faults.analytics_cells import SITES as ANALYTICS
from tests.faults.cells import SITES, Site
from tests.faults.core_cells import SITES as CORE_SITES
from tests.faults.estate import furnish, setup_of
from tests.faults.people import SINKS
from tests.fuzz.far import Far, Key, honest
from tests.world import CMS, CORE, OMNI, PLATFORM, TRACKER, TWINS, hasty_clock, lasting

USUAL = Limits(body=4 << 20, tries=3, throttled_tries=3, backoff=0.01)
EVERY = (*SITES, *ANALYTICS, *CORE_SITES)
SYSTEMS = {PLATFORM: (TRACKER, PLATFORM, CMS), CMS: (TRACKER, PLATFORM, CMS), CORE: (TRACKER, CORE)}
"""What lives beside each system; the tracker is always there, as in the matrix that these worlds come from."""


class Ground:
    """Twins of some systems, a folder with files, and a way back to how it all was."""

    def __init__(self, profile: str, names: Sequence[str], root: Path) -> None:
        twins = {name: TWINS[name](profile) for name in names}
        for twin in twins.values():
            twin.seed_world()
            if isinstance(twin, OmniTwin):
                analytics.seed(twin)
            if isinstance(twin, OmnCoreTwin):
                core.prepare(twin)
        self.far, self.root = Far(twins), root
        self.settings: dict[str, Json] = {
            "organisation": twins[TRACKER].default_headers["X-Org-Id"],
            "batchSize": core.BATCH,
        }
        self._empty = self.worlds()

    def worlds(self) -> dict[str, Any]:
        return {name: twin.dump() for name, twin in self.far.twins.items()}

    def sizes(self) -> dict[str, int]:
        """How many things of each sort there are."""
        twins = self.far.twins.items()  # a job may be asked for as often as one likes
        return {
            f"{name}/{sort.__name__}": len(twin.state.of(sort))
            for name, twin in twins
            for sort in twin.records
            if sort.__name__ != "Job"
        }

    def rewind(self, worlds: Mapping[str, Any] | None = None) -> None:
        """To these worlds, or the seeded ones."""
        rmtree(self.root / SINKS, ignore_errors=True)
        for name, twin in self.far.twins.items():
            twin.load((worlds or self._empty)[name])
        self.far.forget()
        self.far.spoil = honest
        self.calm()

    def calm(self) -> None:
        self.far.asked.clear()
        self.far.heard.clear()
        self.far.writes.clear()

    def setup(self, documents: Sequence[Document], ledger: Ledger) -> Setup:
        made = setup_of(documents, self.far.urls, self.settings, ledger, hasty_clock(), root=self.root)
        return replace(made, limits=USUAL, opens=self.far.opens)

    def plan(self, documents: Sequence[Document], ledger: Ledger) -> Plan:
        return asyncio.run(workflow.make_plan(self.setup(documents, ledger)))

    def run(self, documents: Sequence[Document], ledger: Ledger) -> tuple[Plan, Report]:
        """Settle, plan and apply, as the command does."""
        setup = self.setup(documents, ledger)
        _, doubts, _ = asyncio.run(workflow.settle(setup))
        if doubts:
            raise workflow.CallInDoubt(doubts)
        plan = asyncio.run(workflow.make_plan(setup))
        return plan, asyncio.run(workflow.apply_plan(setup, plan))


@dataclass(frozen=True, slots=True)
class Read:
    """One collection, with the answers it was made of."""

    kind: Kind
    verbs: Verbs
    demand: Demand
    replies: Replies
    found: Collection


@dataclass(slots=True)
class Truth:
    """What comes of a scene when nobody lies: the plan, the readings it took and what was made of them, every
    request of a whole run, and how many things of each sort there are after it."""

    plan: Plan
    readings: tuple[Key, ...]
    calls: tuple[Key, ...]
    answers: Mapping[Key, Answer]
    lists: tuple[Read, ...]
    sizes: Mapping[str, int]


class Scene:
    """One world with one change to be made."""

    def __init__(self, ground: Ground, site: Site) -> None:
        self.ground, self.site = ground, site

    @cached_property
    def begun(self) -> tuple[Mapping[str, Any], Ledger]:
        """The worlds and the ledger before the change."""
        self.ground.rewind()
        ledger = lasting(ephemeral(whoami(), hasty_clock()))
        self.ground.run(self.site.before, ledger)
        return self.ground.worlds(), ledger

    @cached_property
    def sizes(self) -> dict[str, int]:
        """How many things of each sort there are before the change."""
        self.begin()
        return self.ground.sizes()

    @cached_property
    def truth(self) -> Truth:
        _ = self.sizes
        ledger = self.begin()
        plan = self.ground.plan(self.site.after, ledger)
        readings = tuple(dict.fromkeys(self.ground.far.asked))
        answers = dict(self.ground.far.heard)
        lists = asyncio.run(self._lists(ledger))
        self.ground.calm()
        self.ground.run(self.site.after, ledger)
        calls, sizes = tuple(dict.fromkeys(self.ground.far.asked)), self.ground.sizes()
        self.ground.rewind(self.begun[0])
        return Truth(plan, readings, calls, answers, lists, sizes)

    async def _lists(self, ledger: Ledger) -> tuple[Read, ...]:
        setup, found = self.ground.setup(self.site.after, ledger), []
        async with opened(setup) as asked:
            live = await read_live(setup, ledger.recorded(), asked)

            async def ask(request: Request, *, again: bool = False) -> Json:
                return await body(asked.read, request)

            for (target, name), demand in live.demands.items():
                at = (setup.providers[target], name)
                kind, verbs = setup.catalog.kinds[at], setup.catalog.verbs[at]
                _, replies = await gathered(kind, verbs, demand, ask)
                found.append(Read(kind, verbs, demand, Packed(replies).replies(), live.of(target, name)))
        return tuple(found)

    def begin(self) -> Ledger:
        """Back to before the change, with a ledger that may be written to."""
        worlds, ledger = self.begun
        self.ground.rewind(worlds)
        return copied(ledger)


def copied(ledger: Ledger) -> Ledger:
    """Another ledger with the same history."""
    store = Memory()
    events: Any = ledger._store
    store._events = list(events._events)
    return lasting(Ledger(store, ledger._who, hasty_clock()))


@contextmanager
def scenes(profiles: Sequence[str] = PROFILES) -> Iterator[list[Scene]]:
    """One of every site and profile. Those of one ground are not to be mixed within a trial."""
    with TemporaryDirectory() as folder:
        root = Path(folder)
        furnish(root)
        grounds: dict[tuple[str, tuple[str, ...]], Ground] = {}
        found = []
        for profile in profiles:
            for site in EVERY:
                names = SYSTEMS.get(site.target, (OMNI, TRACKER))
                at = (profile, names)
                grounds[at] = grounds.get(at) or Ground(profile, names, root)
                found.append(Scene(grounds[at], site))
        yield found
