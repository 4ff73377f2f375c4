"""What happened, in the order it did, as values that invariants are asked about, and as lines for people."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from hashlib import sha256
from zlib import crc32

from reconciler.ledger.event import Event
from reconciler.model.document import Document
from reconciler.model.faults import ReconcilerError
from reconciler.model.outcome import Report
from reconciler.model.plan import Plan
from reconciler.model.recorded import Bond
from tests.simulation.process import Process


@dataclass(slots=True)
class Exchange:
    """One request of ours. `asked`, `arrived`, `told`: simulated seconds; None where it never came so far.
    `step`: its place in the history as it left, `reached`: as it arrived. `call` is below the API's base path.
    `carried`: what of it a secret may stand in (headers that hold a credential apart)."""

    step: int
    process: Process
    target: str
    method: str
    call: str
    headers: Mapping[str, str]
    content: bytes
    asked: float
    fate: str = ""
    arrived: float | None = None
    reached: int = 0
    told: float | None = None
    status: int | None = None
    write: bool = False
    changed: bool = False
    asks_to_wait: float | None = None
    answer: bytes = b""

    def line(self) -> str:
        at = "lost" if self.arrived is None else f"{self.arrived:.3f}"
        end = f"{self.status or '-'}{' changed' if self.changed else ''}"
        body = f" #{crc32(self.content):08x}" if self.content else ""
        return f"{self.asked:.3f} {at} {self.process} {self.target} {self.call}{body} [{self.fate}] {end}"


@dataclass(slots=True)
class Append:
    """One event of the ledger that is durable."""

    step: int
    process: Process
    event: Event


@dataclass(slots=True)
class Run:
    """One command of ours: settle, plan and apply. `plans`: those it worked by, unfinished ones of earlier runs
    included; `bonds`: what the ledger knew as it planned."""

    step: int
    process: Process
    began: float
    documents: tuple[Document, ...] = ()
    plan: Plan | None = None
    bonds: Mapping[str, Bond] = field(default_factory=dict)
    report: Report | None = None
    error: ReconcilerError | None = None
    ended: str = ""
    said: list[str] = field(default_factory=list)
    planned: int = 0


@dataclass(slots=True)
class Trace:
    """`lines`: the history for people, byte for byte the same for the same seed."""

    time: Callable[[], float]
    exchanges: list[Exchange] = field(default_factory=list)
    appends: list[Append] = field(default_factory=list)
    runs: list[Run] = field(default_factory=list)
    lines: list[str] = field(default_factory=list)
    steps: int = 0

    @property
    def digest(self) -> str:
        """Of every line: two histories with one digest are the same, byte for byte."""
        return sha256("\n".join(self.lines).encode()).hexdigest()

    def step(self, line: str) -> int:
        self.steps += 1
        self.lines.append(f"{self.steps:5} {self.time():12.3f} {line}")
        return self.steps

    def appended(self, process: Process, event: Event) -> None:
        n = self.step(f"{process} ledger {event.seq} {event.type} {event.address} {event.hash[:8]}")
        self.appends.append(Append(n, process, event))
