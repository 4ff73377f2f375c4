"""Where events lie: the one interface to a database, and the store that forgets."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from typing import Protocol

from reconciler.ledger.event import Event
from reconciler.model.clock import Clock
from reconciler.model.faults import LedgerUnusable
from reconciler.model.record import Record


class TablesAltered(LedgerUnusable):
    """It is a ledger, and something else than we changed how it is made: a trigger could change history."""


class Denied(Record, frozen=True):
    """Why nothing can be appended, and the way out."""

    text: str
    hint: str

    def fault(self) -> LedgerUnusable:
        return LedgerUnusable(self.text, hint=self.hint)


class Store(Protocol):
    """An append-only table. All methods raise LedgerUnusable when the database fails them."""

    @property
    def name(self) -> str:
        """How messages name it."""
        ...

    @property
    def durable(self) -> bool:
        """Whether it is still there after this process."""
        ...

    @property
    def denied(self) -> Denied | None:
        """Why it can only be read: then every section ends before it begins. None where it can be appended to."""
        ...

    @property
    def altered(self) -> str:
        """Of a store that was opened as evidence, what is wrong with how it is made; else empty."""
        ...

    def read(self, after: int = 0) -> Iterator[Event]:
        """All events with a greater `seq`, in order, as they lie there: the chain is not checked here."""
        ...

    def serialised(self) -> AbstractContextManager[None]:
        """A section in which no other process appends. What it appended is durable when it ends, and gone when
        it ends with an exception. Sections do not nest."""
        ...

    def append(self, event: Event) -> None:
        """Inside a section only."""
        ...

    def now(self, clock: Clock) -> float:
        """Seconds since 1970, by the one clock that all writers of this store go by: `clock`, this machine's,
        where they all are here."""
        ...

    def close(self) -> None: ...


class Memory:
    """Events of one process, lost with it."""

    name = "the ephemeral ledger"
    durable = False
    denied = None
    altered = ""

    def __init__(self) -> None:
        self._events: list[Event] = []

    def read(self, after: int = 0) -> Iterator[Event]:
        return iter(self._events[after:])

    @contextmanager
    def serialised(self) -> Iterator[None]:
        before = len(self._events)
        try:
            yield
        except BaseException:
            del self._events[before:]
            raise

    def append(self, event: Event) -> None:
        self._events.append(event)

    def now(self, clock: Clock) -> float:
        return clock.wall()

    def close(self) -> None:
        self._events.clear()
