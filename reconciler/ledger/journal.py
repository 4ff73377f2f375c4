"""The ledger itself: every event goes in through here, and every answer comes out of a fold over all events."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from types import TracebackType
from typing import Self

from reconciler.ledger.bonds import Bonds
from reconciler.ledger.event import FORMAT, Draft, Event, Link, Type, broken, seal, timestamp
from reconciler.ledger.leases import Leases, terms
from reconciler.ledger.runs import Runs, outcome_json, texts
from reconciler.ledger.store import Store
from reconciler.ledger.who import Who
from reconciler.model.clock import Clock
from reconciler.model.document import Address
from reconciler.model.faults import LedgerUnusable
from reconciler.model.json import JsonObject
from reconciler.model.outcome import Lease, Outcome, Unfinished
from reconciler.model.recorded import Bond, Recorded
from reconciler.version import __version__

BROKEN_HINT = (
    "restore it from a backup; or keep it as evidence, move it away and run `reconciler init`: "
    "what is live under its declared key is then adopted, and nothing is deleted"
)
NEWER_HINT = "use the version that wrote it, or a newer one"


class Ledger:
    """A `Journal` over a `Store`, plus what planning and auditing ask.

    All methods raise LedgerUnusable when the store fails or its chain is broken. Every answer includes what other
    processes appended. Opening checks the whole chain. To be used from one thread.
    """

    def __init__(self, store: Store, who: Who, clock: Clock) -> None:
        self._store, self._who, self._clock = store, who, clock
        self._forget()
        self._catch_up()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, fault: BaseException | None, at: TracebackType | None) -> None:
        self.close()

    def close(self) -> None:
        self._store.close()

    # What is known

    @property
    def head(self) -> str:
        """The hash of the last event. Two ledgers with one head have one history."""
        self._catch_up()
        return self._last.hash

    def recorded(self, targets: Collection[str] | None = None) -> Recorded:
        """What the past says about these targets (all, if None). An ephemeral ledger has no past to speak of:
        its `exists` is False."""
        self._catch_up()
        bonds = {a: b for a, b in self._bonds.current.items() if targets is None or a.target in targets}
        completed = frozenset(t for t in self._runs.completed if targets is None or t in targets)
        return Recorded(bonds, self._store.durable, self._last.hash, completed)

    def unfinished(self, targets: tuple[str, ...]) -> tuple[Unfinished, ...]:
        """Runs with a start and no finish that touch one of these targets, newest last."""
        self._catch_up()
        return self._runs.unfinished(targets)

    def applied(self, plan_id: str) -> bool:
        self._catch_up()
        return plan_id in self._runs.applied

    def events(self, *, after: int = 0, run: str | None = None, target: str | None = None) -> Iterator[Event]:
        """The history, oldest first, checked as it goes. `target` leaves out events of no single target."""
        for event in self._history():
            if event.seq > after and run in (None, event.run) and target in (None, event.target):
                yield event

    def verify(self, head: str | None = None) -> str:
        """Compute the whole chain again; returns its head. `head`: one that was printed earlier and has to be
        part of it, which tells a chain that was rewritten from the beginning. Raises LedgerUnusable."""
        last, met = "", head is None
        for event in self._history():
            last, met = event.hash, met or event.hash == head
        if not met:
            raise LedgerUnusable(
                f"{self._store.name}: its history does not contain the head {head}: it was rewritten or cut off",
                hint=BROKEN_HINT,
            )
        return last

    # A run

    def start(self, plan_id: str, plan: JsonObject, targets: tuple[str, ...], commit: str | None) -> str:
        """Open a run; returns its id, which is unique in this ledger."""
        with self._store.serialised():
            self._catch_up()
            run = f"run-{self._last.seq + 1}"
            self._add(
                Draft(
                    Type.RUN_STARTED,
                    run,
                    body={
                        "plan_id": plan_id,
                        "plan": plan,
                        "targets": list(targets),
                        "commit": commit,
                        "who": self._who.to_json(),
                        "tool": __version__,
                    },
                )
            )
        return run

    def intend(self, run: str, call: str, address: Address, payload: str) -> None:
        self._append(Type.INTENT, run, address, {"call": call, "payload": payload})

    def conclude(self, run: str, address: Address, outcome: Outcome) -> None:
        self._append(Type.OUTCOME, run, address, outcome_json(outcome))

    def bind(self, run: str, bond: Bond, previous: Address | None = None) -> None:
        left = None if previous is None or previous == bond.address else str(previous)
        self._append(Type.BIND, run, bond.address, {"bond": bond.to_json(), "previous": left})

    def release(self, run: str, address: Address, why: str) -> None:
        self._append(Type.RELEASE, run, address, {"why": why})

    def note(self, run: str, body: JsonObject) -> None:
        self._append(Type.NOTE, run, None, body)

    def finish(self, run: str, status: str) -> str:
        """Close a run; returns the head hash. Raises ValueError for a run that is not open."""
        with self._store.serialised():
            self._catch_up()
            opening = self._runs.opening(run)
            told: JsonObject = {
                "status": status,
                "plan_id": opening["plan_id"],
                "targets": [*texts(opening["targets"])],
            }
            self._add(Draft(Type.RUN_FINISHED, run, body=told))
        return self._last.hash

    # Leases

    def acquire(self, target: str) -> Lease:
        """Take the lease of a target: one that was given back, has expired, or whose holder is a dead process of
        this host. Raises GuardRefused, with holder and expiry, while somebody else holds it."""
        with self._store.serialised():
            self._catch_up()
            now = self._clock.wall()
            number = self._leases.next_number(target, self._who, now)
            self._add(Draft(Type.LEASE_TAKEN, target=target, body=terms(number, self._who, now)))
        return Lease(target, number, str(self._who))

    def holds(self, lease: Lease) -> bool:
        """Whether the lease is still ours; renews it when half of it has gone by. After True, at least half of
        the lease's time is left."""
        self._catch_up()
        if not self._leases.valid(lease.target, lease.number, self._clock.wall()):
            return False
        return self._renew(lease) if self._leases.due(lease.target, self._clock.wall()) else True

    def give_back(self, lease: Lease) -> None:
        """Does nothing for a lease that is no longer ours."""
        with self._store.serialised():
            self._catch_up()
            if self._leases.valid(lease.target, lease.number, self._clock.wall()):
                self._add(Draft(Type.LEASE_RETURNED, target=lease.target, body={"number": lease.number}))

    def _renew(self, lease: Lease) -> bool:
        with self._store.serialised():
            self._catch_up()
            now = self._clock.wall()
            if not self._leases.valid(lease.target, lease.number, now):
                return False
            self._add(Draft(Type.LEASE_RENEWED, target=lease.target, body=terms(lease.number, self._who, now)))
        return True
