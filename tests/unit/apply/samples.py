"""Plans of a few calls, a journal that only remembers, a writer that says what it is told to."""

# ruff: noqa: ARG002 - the shapes of protocols

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, field
from pathlib import Path

from reconciler.apply.book import Book
from reconciler.apply.look import Kinds
from reconciler.model.call import Reply, Request
from reconciler.model.change import Verb
from reconciler.model.clock import Clock
from reconciler.model.document import Address
from reconciler.model.json import Json, JsonObject, canonical
from reconciler.model.live import Collection, Demand, Proof, Resource
from reconciler.model.outcome import End, Lease, Outcome, Unfinished
from reconciler.model.plan import Action, Call, Check, Effect, Phase, Plan, PlanTarget, Precondition, Role, Trigger
from reconciler.model.recorded import Bond
from tests.kept import keep_in_test, plain
from tests.world import OMNI, PROVIDERS, TRACKER, catalog

A = Address(OMNI, "Label", "a")
LABEL = catalog().kind("omni-analytics", "Label")
TEAM = catalog().kind("studio-tracker", "ClientTeam")
WHOLE, PART = Proof(True, "all of it"), Proof(False, "some of it")


def call(
    number: int, address: Address = A, *, after: Sequence[int] = (), waits: Sequence[int] = (), **words: object
) -> Call:
    values: dict[str, object] = {"method": "PUT", "path": "/v1/labels/{id}", "phase": Phase.UPDATE, **words}
    return Call(
        str(number), address.target, address.kind, address,
        after=frozenset(map(str, after)), waits=frozenset(map(str, waits)), **values,  # type: ignore[arg-type]
    )  # fmt: skip


def fallback(number: int, of: int, chain: int | None = None, **words: object) -> Call:
    trigger = Trigger(str(of), str(chain) if chain else None)
    return call(number, role=Role.CONTINGENT, trigger=trigger, after=(chain,) if chain else (), **words)  # type: ignore[arg-type]


def plan(*calls: Call, actions: Sequence[Action] = (), checks: Sequence[Check] = ()) -> Plan:
    targets = tuple(PlanTarget(t, p, "https://x.example.com") for t, p in PROVIDERS.items())
    read = tuple(
        Precondition(Demand(target, kind), tuple(c for c in checks if c.address.kind == kind))
        for target, kind in ((OMNI, "Label"), (TRACKER, "ClientTeam"))
    )
    return Plan("p", "1", "m", targets, tuple(actions), calls, read)


def book(*calls: Call, **ends: End) -> Book:
    """`c1=End.DONE`: how call 1 has ended."""
    found = Book(plan(*calls))
    for name, end in ends.items():
        found.end(Outcome(name[1:], end))
    return found


def kinds(*calls: Call) -> Kinds:
    return Kinds(catalog(), plan(*calls))


def label(name: str, **fields: Json) -> Resource:
    return Resource(name, name, {"name": name, **fields}, name)


def labels(*found: Resource, proof: Proof = WHOLE) -> Collection:
    return Collection("Label", found, proof)


def action(verb: Verb, *calls: int, address: Address = A, **words: object) -> Action:
    return Action(verb, address, address.name, calls=tuple(map(str, calls)), **words)  # type: ignore[arg-type]


@dataclass
class Notebook:
    """A journal as a list of words: what was told, in order."""

    told: list[str] = field(default_factory=list)
    payloads: list[str] = field(default_factory=list)
    bonds: list[tuple[Bond, Address | None]] = field(default_factory=list)

    def start(self, plan_id: str, plan: JsonObject, targets: tuple[str, ...], commit: str | None) -> str:
        return "run"

    def together(self) -> AbstractContextManager[None]:
        return nullcontext()

    def intend(self, run: str, call: str, address: Address, payload: str) -> None:
        self.told.append(f"intend {call}")
        self.payloads.append(payload)

    def conclude(self, run: str, address: Address, outcome: Outcome) -> None:
        self.told.append(f"conclude {outcome.call}")

    def bind(self, run: str, bond: Bond, previous: Address | None = None) -> None:
        self.told.append(f"bind {bond.address.name} {bond.id}")
        self.bonds.append((bond, previous))

    def release(self, run: str, address: Address, why: str) -> None:
        self.told.append(f"release {address.name}: {why}")

    def note(self, run: str, body: JsonObject) -> None: ...

    def finish(self, run: str, status: str) -> str:
        return ""

    def closed(self, run: str) -> bool:
        return False

    def unfinished(self, targets: tuple[str, ...]) -> tuple[Unfinished, ...]:
        return ()

    def applied(self, plan_id: str) -> bool:
        return False

    def acquire(self, target: str) -> Lease:
        return Lease(target, 1, "")

    def holds(self, lease: Lease) -> bool:
        return True

    def lost(self, lease: Lease) -> str:
        return "is lost"

    def give_back(self, lease: Lease) -> None: ...


@dataclass
class Pen:
    """A writer whose answers are known beforehand: bodies, or faults to raise."""

    answers: list[Json | Exception]
    journal: Notebook
    sent: list[Request] = field(default_factory=list)

    async def read(self, request: Request) -> Reply:
        raise AssertionError("a sender reads through its look alone")

    async def send(self, request: Request) -> Reply:
        self.sent.append(request)
        self.journal.told.append("send")
        answer = self.answers.pop(0)
        if isinstance(answer, Exception):
            raise answer
        return Reply(200, answer)


@dataclass
class Eyes:
    """Readings known beforehand, the last for ever."""

    readings: list[Collection | Exception]
    groups: list[str] = field(default_factory=list)

    async def __call__(self, demand: Demand, group: str) -> Collection:
        self.groups.append(group)
        reading = self.readings.pop(0) if len(self.readings) > 1 else self.readings[0]
        if isinstance(reading, Exception):
            raise reading
        return reading


def clock(slept: list[float] | None = None) -> Clock:
    async def sleep(seconds: float) -> None:
        if slept is not None:
            slept.append(seconds)
        await asyncio.sleep(0)

    return Clock(lambda: 0.0, lambda: 0.0, sleep)


def keep(*things: object) -> None:
    """What a test has come to, kept in full beside this file."""
    keep_in_test(Path(__file__).with_name("ends.txt"), "\n".join(canonical(plain(one)) for one in things))


NO_RESULTS: Mapping[str, Mapping[str, Json]] = {}
CREATED = Effect(key="Live", fields={"name": "Live"})
