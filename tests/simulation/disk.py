"""The ledger's disk and the sinks: what outlives every process. What a process appends is there whole or not at
all, and nothing that a dead one still tries reaches it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field

from reconciler.ledger.event import Event
from reconciler.ledger.store import Memory
from reconciler.model.clock import Clock
from reconciler.model.faults import GuardRefused
from reconciler.model.json import Json, canonical
from tests.simulation.process import Killed, Process
from tests.simulation.trace import Trace


class Disk(Memory):
    """One ledger for all processes. `time`: seconds since 1970 where a database has a clock for everybody; None:
    a file, whose writers are on one machine and go by its clock."""

    name = "the ledger"
    durable = True

    def __init__(self, events: tuple[Event, ...] = (), time: Callable[[], float] | None = None) -> None:
        super().__init__()
        self._events.extend(events)
        self.time = time

    @property
    def events(self) -> tuple[Event, ...]:
        return tuple(self._events)


@dataclass(slots=True)
class Handle:
    """The ledger as one process has it open, with every right. `name`, `durable`: as the disk's."""

    disk: Disk
    process: Process
    trace: Trace
    name: str = Disk.name
    durable: bool = True
    denied: None = None
    altered: str = ""

    def read(self, after: int = 0) -> Iterator[Event]:
        self._alive()
        return self.disk.read(after)

    @contextmanager
    def serialised(self) -> Iterator[None]:
        self.process.cross("before an append")
        before = len(self.disk.events)
        with self.disk.serialised():
            yield
            self._alive()
        for event in self.disk.events[before:]:
            self.trace.appended(self.process, event)
        self.process.cross("after an append")

    def append(self, event: Event) -> None:
        self._alive()
        self.disk.append(event)

    def now(self, clock: Clock) -> float:
        return clock.wall() if self.disk.time is None else self.disk.time()

    def close(self) -> None:
        """The disk stays."""

    def _alive(self) -> None:
        if self.process.dead:
            raise Killed


@dataclass(slots=True)
class Shelf:
    """Where once-shown values go: place -> the value that lies there. `taken`: places of this process's run."""

    process: Process
    kept: dict[str, str] = field(default_factory=dict)
    taken: set[str] = field(default_factory=set)

    def prove(self, to: Mapping[str, Json]) -> None:
        place = canonical(dict(to))
        if place in self.taken:
            raise GuardRefused("the sink takes another value in this run", hint="name one file per value")
        self.taken.add(place)

    def put(self, to: Mapping[str, Json], value: str) -> None:
        self.process.cross("before a sink")
        self.kept[canonical(dict(to))] = value
        self.process.cross("after a sink")
