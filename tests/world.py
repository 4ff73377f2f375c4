"""A small world for end-to-end tests: twins on real sockets, documents as values, a ledger, a quick clock."""

from __future__ import annotations

import asyncio
import random
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import TypeVar

from reconciler import providers, workflow
from reconciler.ledger import Ledger, ephemeral, whoami
from reconciler.load.kinds import load_kinds
from reconciler.model.catalog import Catalog
from reconciler.model.clock import Clock
from reconciler.model.document import Address, DeleteLimit, Desired, Document, Lifecycle, Manage, Target
from reconciler.model.json import Json, digest
from reconciler.model.operator import Access, Operator
from reconciler.model.outcome import Report
from reconciler.model.place import Place
from reconciler.model.plan import Plan, Role
from reconciler.model.record import replace
from reconciler.model.recorded import Recorded
from reconciler.twins import OmgTwin, OmnCoreTwin, OmniCmsTwin, OmniTwin, TrackerTwin, Twin, running_all
from reconciler.workflow import Override, Setup
from tests.contract.described import differences, listen
from tests.contract.deviations import unexplained

T = TypeVar("T", bound=Twin)
OMNI, TRACKER, PLATFORM, CORE, CMS = "analytics", "studio", "platform", "core", "cms"
TWINS: Mapping[str, type[Twin]] = {
    OMNI: OmniTwin,
    TRACKER: TrackerTwin,
    PLATFORM: OmgTwin,
    CORE: OmnCoreTwin,
    CMS: OmniCmsTwin,
}
PROVIDERS = {name: twin.provider for name, twin in TWINS.items()}
KINDS = {
    "ClientTeam": TRACKER,
    "Project": TRACKER,
    "Invitation": TRACKER,
    "Brief": PLATFORM,
    "Keyword": CORE,
    "Component": CMS,
    "Space": CMS,
    "Task": PLATFORM,
    "Pod": TRACKER,
    "BookingPlan": TRACKER,
}
"""The target of a kind's documents; of any other kind it is Omni Analytics, or what `target/Kind` says."""


@cache
def catalog() -> Catalog:
    return providers.catalog(load_kinds().values())


def hasty_clock() -> Clock:
    """Waiting costs no time, but the clock believes it did."""
    skipped = 0.0

    async def sleep(seconds: float) -> None:
        nonlocal skipped
        skipped += max(0.0, seconds)
        await asyncio.sleep(0)

    return Clock(lambda: time.monotonic() + skipped, lambda: time.time() + skipped, sleep)


def doc(kind: str, name: str, spec: Mapping[str, Json], **metadata: object) -> Document:
    """A document as the loader would give it. Keyword arguments are `previous_key`, `previous_name`, `pinned_id`,
    `once`, and the fields of `Lifecycle`."""
    target, kind = kind.split("/") if "/" in kind else (KINDS.get(kind, OMNI), kind)
    life = {k: metadata.pop(k) for k in ("on_remove", "protect", "ignore", "allow", "manage") if k in metadata}
    for many in ("ignore", "allow"):
        if many in life:
            life[many] = frozenset(life[many])  # type: ignore[call-overload]
    lifecycle = Lifecycle(**{**life, "manage": Manage(life.get("manage", "full"))})  # type: ignore[arg-type]
    address = Address(target, kind, name)
    place = Place(f"manifests/{name}.yaml")
    return Document(address, PROVIDERS[target], dict(spec), place, lifecycle=lifecycle, **metadata)  # type: ignore[arg-type]


@dataclass(slots=True)
class World:
    """Twins, a ledger and the documents of the moment. `documents` may be replaced between plans."""

    twins: Mapping[str, Twin]
    urls: Mapping[str, str]
    clock: Clock
    ledger: Ledger | None
    documents: list[Document] = field(default_factory=list)
    limit: DeleteLimit = field(default_factory=lambda: DeleteLimit(100, 100))
    settings: dict[str, Mapping[str, Json]] = field(default_factory=dict)
    expect_missing: frozenset[str] = frozenset()
    expect_moved: frozenset[str] = frozenset()
    root: Path = Path()
    keys: dict[str, str] = field(default_factory=lambda: {name: twin.default_key for name, twin in TWINS.items()})

    @property
    def omni(self) -> OmniTwin:
        return self._twin(OMNI, OmniTwin)

    @property
    def tracker(self) -> TrackerTwin:
        return self._twin(TRACKER, TrackerTwin)

    @property
    def platform(self) -> OmgTwin:
        return self._twin(PLATFORM, OmgTwin)

    @property
    def core(self) -> OmnCoreTwin:
        return self._twin(CORE, OmnCoreTwin)

    @property
    def cms(self) -> OmniCmsTwin:
        return self._twin(CMS, OmniCmsTwin)

    def _twin(self, name: str, of: type[T]) -> T:
        found = self.twins[name]
        assert isinstance(found, of)
        return found

    def setup(self) -> Setup:
        targets = {name: self._target(name) for name in self.twins}
        access = {name: self._access(name) for name in self.twins}
        text = digest(
            [
                [str(d.address), dict(d.spec), str(d.lifecycle), dict(d.once)]
                for d in sorted(self.documents, key=lambda d: d.address)
            ]
        )
        desired = Desired(tuple(self.documents), targets, text, self.limit)
        rng = random.Random(1)
        return Setup(
            desired,
            catalog(),
            Operator(access),
            self.clock,
            self.ledger,
            expect_missing=self.expect_missing,
            expect_moved=self.expect_moved,
            rng=rng,
            root=self.root,
        )

    def _access(self, name: str) -> Access:
        quick = 100_000 if name == OMNI else None
        return Access(self.urls[name], lambda: self.keys[name], "the test", per_minute=quick)

    def _target(self, name: str) -> Target:
        return Target(name, PROVIDERS[name], self.settings.get(name, {}))

    def plan(self, *documents: Document) -> Plan:
        if documents:
            self.documents = list(documents)
        return asyncio.run(workflow.make_plan(self.setup()))

    def apply(self, plan: Plan, *overrides: Override) -> Report:
        return asyncio.run(workflow.apply_plan(self.setup(), plan, overrides=overrides))

    def settle(self) -> tuple[str, ...]:
        return asyncio.run(workflow.settle(self.setup()))[1]

    def converge(self, *documents: Document) -> tuple[Plan, Report]:
        """Plan, apply, check the log against the plan, and check that nothing is left to do."""
        plan = self.plan(*documents)
        report = self.checked_apply(plan)
        left = self.plan()
        assert [c.line for c in left.writes] == [], "a second plan still has calls"
        return plan, report

    def checked_apply(self, plan: Plan) -> Report:
        """Apply, with the twins' request logs as the oracle."""
        for twin in self.twins.values():
            twin.log.clear()
        report = self.apply(plan)
        check_log(self, plan, report)
        return report

    @property
    def recorded(self) -> Recorded:
        assert self.ledger is not None
        return self.ledger.recorded()


def check_log(world: World, plan: Plan, report: Report) -> None:
    """The twins saw exactly the plan's preconditions, calls and verifying reads, plus the contingent calls whose
    trigger occurred, each after what it needs, and nothing else."""
    seen: list[str] = []
    for name, twin in world.twins.items():
        seen += [f"{name}: {call}" for call in folded(twin)]
    said = [line for group in report.requests.values() for line in group]
    assert sorted(seen) == sorted(said)
    asked = {"settle"} if any(c.looks for c in plan.calls) else set[str]()  # it may be so already: live is asked
    assert set(report.requests) <= {"preconditions", "calls", "verify"} | asked
    assert len(report.requests.get("preconditions", ())) == sum(p.requests for p in plan.needed)
    ends = {o.call: str(o.end) for o in report.outcomes}
    sent = [c for c in plan.calls if ends[c.id] in ("done", "failed") and not c.held and c.sent]
    made, needed = len(report.requests.get("calls", ())), sum(c.requests for c in sent)
    assert made == needed or (made > needed and any(c.role is Role.FIND for c in sent))
    for call in sent:
        for before in call.after:
            assert ends[before] == "done"


def folded(twin: Twin) -> list[str]:
    """The calls a twin saw, repeats after a fault folded into one."""
    found: list[str] = []
    entries = list(twin.log)
    for i, entry in enumerate(entries):
        repeated = (
            i and entries[i - 1].call == entry.call and (entries[i - 1].fault or entries[i - 1].status == 429)
        )
        if not repeated:
            found.append(entry.call)
    return found


@contextmanager
def world(
    profile: str = "plain", *, ledger: bool = True, seed: bool = True, twins: Sequence[str] = (OMNI, TRACKER)
) -> Iterator[World]:
    """Twins of these systems in one profile, seeded, and a fresh ledger in memory that counts as a lasting one. In
    the end all that was asked and answered is compared with the API's description, where there is one at hand."""
    made = {name: TWINS[name](profile) for name in twins}
    for twin in made.values():
        listen(twin)
    for twin in made.values() if seed else ():
        twin.seed_world()
    clock = hasty_clock()
    with running_all([*made.values()]) as urls:
        book = lasting(ephemeral(whoami(), clock)) if ledger else None
        settings: dict[str, Mapping[str, Json]] = {}
        settings |= {TRACKER: _settings(made[TRACKER])} if TRACKER in made else {}
        yield World(made, dict(zip(made, urls, strict=True)), clock, book, settings=settings)
    for twin in made.values():
        assert unexplained(differences(twin)) == [], "not what the API's description says"


def _settings(tracker: Twin) -> dict[str, Json]:
    organisation = tracker.default_headers.get("X-Org-Id", "")
    return {"organisation": organisation} if organisation else {"singleOrganisation": True}


def lasting(book: Ledger) -> Ledger:
    """A ledger in memory whose record is believed like that of a file."""
    recorded = book.recorded
    book.recorded = lambda targets=None: replace(recorded(targets), exists=True)  # type: ignore[method-assign]
    return book
