"""Everything one run works with."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Callable, Mapping

from reconciler.apply.book import Book
from reconciler.apply.ink import Ink
from reconciler.apply.look import Look
from reconciler.apply.sinks import NOWHERE, Sinks
from reconciler.model.call import Writer
from reconciler.model.catalog import Catalog
from reconciler.model.clock import Clock
from reconciler.model.document import Address
from reconciler.model.json import Json, JsonObject
from reconciler.model.live import Collection
from reconciler.model.outcome import Journal, Lease, Outcome
from reconciler.model.plan import Call, Plan
from reconciler.model.record import Record, field, worked_out
from reconciler.model.recorded import Bond

Progress = Callable[[Mapping[str, Json]], None]


def silent(event: Mapping[str, Json]) -> None:
    """Progress that nobody watches."""


def no_wait(target: str, calls: int) -> float:  # noqa: ARG001 - the shape of an estimate
    """The estimate where no rate is known."""
    return 0.0


class Run(Record):
    """Everything one run works with. `stop`: set by the first Ctrl-C, no new call is begun then. `earlier`:
    outcomes of an interrupted run of the same plan. `admit`: called once the leases are ours; raises where the
    plan must not be carried out after all. `says`: what the ledger notes of this run (overrides and why).
    `remembered()`: what the ledger knows by now.
    `seconds_left(target, calls)`: the least time so many more calls take. `concurrency`: target -> calls under way
    at once. `sinks`: where once-shown values go. `ink`: through which the journal is told while calls are under
    way."""

    plan: Plan
    catalog: Catalog
    writer: Writer
    journal: Journal
    look: Look
    clock: Clock
    stop: asyncio.Event
    admit: Callable[[], None]
    known: Mapping[Address, Bond] = field(default_factory=dict)
    remembered: Callable[[], Mapping[Address, Bond]] = dict
    earlier: Mapping[str, Outcome] = field(default_factory=dict)
    concurrency: Mapping[str, int] = field(default_factory=dict)
    progress: Progress = silent
    says: tuple[JsonObject, ...] = ()
    seconds_left: Callable[[str, int], float] = no_wait
    sinks: Sinks = NOWHERE
    down: dict[str, str] = field(default_factory=dict)
    seen: dict[tuple[str, str], Collection] = field(default_factory=dict)
    leases: dict[str, Lease] = field(default_factory=dict)
    new: dict[Address, tuple[Bond, Address | None]] = field(default_factory=dict)
    busy: Counter[str] = field(default_factory=Counter)
    total: int = 0
    ink: Ink = worked_out()

    def __post_init__(self) -> None:
        self.ink = Ink(self.journal)

    def barred(self, target: str) -> str:
        """Why the target may not be written to any more: its lease is not ours now. Empty where it may."""
        lease = self.leases.get(target)
        if lease is None or self.journal.holds(lease):
            return ""
        self.down[target] = f"the lease on this target {self.journal.lost(lease)}"
        return self.down[target]

    def event(self, event: str, call: Call, book: Book, message: str = "") -> Mapping[str, Json]:
        """What whoever watches is told of a call."""
        return {
            "event": event,
            "call": call.id,
            "target": call.target,
            "line": call.line,
            "summary": call.summary,
            "message": message,
            "done": book.ended,
            "total": self.total,
            "seconds_left": self.seconds_left(call.target, max(0, self.total - book.ended)),
        }
