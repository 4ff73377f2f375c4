"""The chain as one process sees it: all events checked and folded, always caught up with what others appended."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final, Protocol

from reconciler.ledger.bonds import Bonds
from reconciler.ledger.event import FORMAT, Draft, Event, Link, Type, broken, seal, timestamp
from reconciler.ledger.leases import Leases
from reconciler.ledger.runs import Runs
from reconciler.ledger.store import Store
from reconciler.ledger.who import Who
from reconciler.model.clock import Clock
from reconciler.model.faults import ChainBroken, LedgerUnusable
from reconciler.model.json import JsonObject, same
from reconciler.version import __version__

BROKEN_HINT: Final = (
    "restore it from a backup; or keep it as evidence, move it away and run `reconciler init --ledger-only`: "
    "what is live under its declared key is then adopted, and nothing is deleted"
)
TYPES: Final = frozenset(Type)
NEWER_HINT: Final = "use the version of reconciler that wrote it, or a newer one"


class Source(Protocol):
    """Where a chain can be read from: a store, or an export."""

    @property
    def name(self) -> str: ...

    def read(self, after: int = 0) -> Iterator[Event]: ...


class History:
    """Events of a store, checked and folded. All methods raise LedgerUnusable when the store fails, when the chain
    is broken (naming the first bad event), or when a newer version wrote it."""

    last: Link
    bonds: Bonds
    runs: Runs
    leases: Leases

    def __init__(self, store: Store, clock: Clock) -> None:
        self._store, self._clock, self._writing = store, clock, False
        self._forget()
        self.catch_up()

    def catch_up(self) -> None:
        """Take in what was appended since: by this process or by others."""
        for event in walk(self._store, self.last):
            self._take(event)

    @contextmanager
    def writing(self) -> Iterator[None]:
        """Caught up, and nobody else appends in between; what was added is durable at the end, of the outermost
        such section where one is in another."""
        if self._writing:
            yield
            return
        before = None
        try:
            with self._store.serialised():
                self._writing = True
                self.catch_up()
                before = self.last
                yield
        except BaseException:
            if before not in (None, self.last):
                self._forget()  # the folds know of events that are not on disk
            raise
        finally:
            self._writing = False

    def now(self) -> float:
        """Seconds since 1970, by the one clock that all who write here go by."""
        return self._store.now(self._clock)

    def add(self, draft: Draft) -> Event:
        """Inside `writing` only. Raises KeyError, TypeError or ValueError for a body no fold could read again."""
        event = seal(draft, self.last, timestamp(self.now()))
        self.last = Link(event.seq, event.hash)
        self._fold(event)
        self._store.append(event)
        return event

    def _take(self, event: Event) -> None:
        with legible(f"{self._store.name}: this version cannot read event {event.seq} ({event.type})"):
            self._fold(event)
        self.last = Link(event.seq, event.hash)

    def _fold(self, event: Event) -> None:
        self.bonds.take(event)
        self.runs.take(event)
        self.leases.take(event)

    def _forget(self) -> None:
        self.last, self.bonds, self.runs, self.leases = Link(), Bonds(), Runs(), Leases()


@contextmanager
def legible(complaint: str) -> Iterator[None]:
    """What is read inside has the shape it should have, else LedgerUnusable: a chain says that nobody changed an
    event, not that it was well formed."""
    try:
        yield
    except (KeyError, TypeError, ValueError, OverflowError, RecursionError) as error:
        raise LedgerUnusable(f"{complaint}: {type(error).__name__} {error}", hint=NEWER_HINT) from error


def walk(store: Source, last: Link, hint: str = BROKEN_HINT) -> Iterator[Event]:
    """The events after `last`, each checked. Raises LedgerUnusable at the first that is not as it was written,
    with `hint` as the way out."""
    for event in store.read(last.seq):
        if why := broken(event, last):
            text = f"{store.name}: {why}: something other than reconciler changed it"
            raise ChainBroken(text, hint=hint, name=store.name, bad=last.seq + 1, why=why)
        with legible(f"{store.name}: this version cannot read event {event.seq}"):
            why = unknown(event)
        if why:
            raise LedgerUnusable(f"{store.name}: {why}", hint=NEWER_HINT)
        yield event
        last = Link(event.seq, event.hash)
    if not last.seq:
        raise LedgerUnusable(f"{store.name}: it is empty", hint=hint)


def genesis(who: Who, clock: Clock) -> Event:
    """The first event of a ledger: its format, and who made it."""
    body: JsonObject = {"format": FORMAT, "who": who.to_json(), "tool": __version__}
    return seal(Draft(Type.GENESIS, body=body), Link(), timestamp(clock.wall()))


def unknown(event: Event) -> str | None:
    """Why this version must not go on reading; None if it may."""
    if event.type not in TYPES:
        return f"event {event.seq} is of a type this version does not know ({event.type!r})"
    if (event.seq == 1) != (event.type == Type.GENESIS):
        return f"event {event.seq} is not where it belongs ({event.type})"
    if event.seq > 1:
        return None
    written = event.content["format"]
    return None if same(written, FORMAT) else f"it has format {written}; this version reads format {FORMAT}"
