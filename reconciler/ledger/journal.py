"""The ledger itself: every event goes in through here, and every answer comes out of a fold over all events."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from contextlib import contextmanager
from types import TracebackType
from typing import Final, Self, TypeVar

from reconciler.ledger.bonds import Doubt
from reconciler.ledger.deeds import Deeds
from reconciler.ledger.event import Draft, Event, Link, Type
from reconciler.ledger.history import BROKEN_HINT, History, legible, walk
from reconciler.ledger.leases import Tenure, renewal, terms
from reconciler.ledger.origins import Origins
from reconciler.ledger.packed import packed
from reconciler.ledger.past import Past
from reconciler.ledger.runs import outcome_json, texts
from reconciler.ledger.store import Store
from reconciler.ledger.who import Who, certainly_gone
from reconciler.model.clock import Clock
from reconciler.model.document import Address
from reconciler.model.faults import LedgerUnusable
from reconciler.model.json import Json, JsonObject
from reconciler.model.outcome import Lease, Outcome, Unfinished
from reconciler.model.recorded import Bond, Recorded
from reconciler.version import __version__

F = TypeVar("F", Past, Origins)
WORK: Final = frozenset({Type.INTENT, Type.OUTCOME, Type.BIND, Type.RELEASE})
"""What a run does between its start and its end."""


class Ledger:
    """A `Journal` over a `Store`, plus what planning and auditing ask.

    All methods raise LedgerUnusable when the store fails or its chain is broken. Every answer includes what other
    processes appended. Opening checks the whole chain. To be used from one thread.
    """

    def __init__(self, store: Store, who: Who, clock: Clock) -> None:
        self._store, self._who, self._clock = store, who, clock
        self._history = History(store, clock)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, fault: BaseException | None, at: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        self._store.close()

    # What is known

    @property
    def denied(self) -> str:
        """Why it can only be read; empty where it can be appended to."""
        return self._store.denied.text if self._store.denied else ""

    def check_writable(self) -> None:
        """Raises LedgerUnusable for a ledger that can only be read, before anything else is done."""
        if self._store.denied is not None:
            raise self._store.denied.fault()

    @property
    def head(self) -> str:
        """The hash of the last event. Two ledgers with one head have one history."""
        return self._now().last.hash

    def recorded(self, targets: Collection[str] | None = None) -> Recorded:
        """What the past says about these targets (all, if None). An ephemeral ledger has no past to speak of:
        its `exists` is False."""
        now = self._now()
        bonds = {a: b for a, b in now.bonds.current.items() if targets is None or a.target in targets}
        completed = frozenset(t for t in now.runs.completed if targets is None or t in targets)
        doubts = {a: d.line for a, d in self.doubts().items() if targets is None or a.target in targets}
        places = {t: at for t, at in now.bonds.places.items() if targets is None or t in targets}
        pages = {t: dict(p) for t, p in now.bonds.pages.items() if targets is None or t in targets}
        return Recorded(bonds, self._store.durable, now.last.hash, completed, doubts, places, pages)

    def doubts(self) -> Mapping[Address, Doubt]:
        """The creates that only a person can tell about, until one does."""
        return dict(self._now().bonds.doubts)

    def unfinished(self, targets: tuple[str, ...]) -> tuple[Unfinished, ...]:
        """Runs that touch one of these targets and have no finish, or left calls in doubt; newest last. A call
        that was sent again after it had ended counts as sent, and so does one in doubt."""
        runs = self._now().runs
        with legible(f"{self._store.name}: this version cannot read a run that did not finish"):
            return runs.unfinished(targets)

    def applied(self, plan_id: str) -> bool:
        """Whether a run of this plan was finished, with whatever status but `settled`: cut short, it may go on."""
        return plan_id in self._now().runs.applied

    def overtaken(self, plan_id: str, head: str, targets: Collection[str]) -> bool:
        """Whether a run of another plan has begun or gone on in one of these targets since the ledger had this
        head (empty: nobody can tell, so no), or the head is none of this ledger's."""
        if head in ("", self._now().last.hash):
            return False
        met, own = False, set[str]()
        for event in walk(self._store, Link()):
            if met and event.type == Type.RUN_STARTED:
                begun = event.content
                if begun["plan_id"] == plan_id:
                    own.add(event.run)
                elif not set(targets).isdisjoint(texts(begun["targets"])):
                    return True
            elif met and event.type in WORK and event.target in targets and event.run not in own:
                return True
            met = met or event.hash == head
        return not met

    def events(self, *, after: int = 0, run: str | None = None, target: str | None = None) -> Iterator[Event]:
        """The history, oldest first, checked as it goes. `target` leaves out events of no single target."""
        for event in walk(self._store, Link()):
            if event.seq > after and run in (None, event.run) and target in (None, event.target):
                yield event

    def verify(self, head: str | None = None) -> str:
        """Compute the whole chain again; returns its head. `head`: one that was printed earlier and has to be
        part of it, which shows a chain that was written anew or cut off. Raises LedgerUnusable."""
        last, met = "", head is None
        for event in walk(self._store, Link()):
            last, met = event.hash, met or event.hash == head
        if not met:
            raise LedgerUnusable(
                f"{self._store.name}: the head {head} is not part of its history: it was written anew or cut off",
                hint=BROKEN_HINT,
            )
        return last

    def past(self) -> Past:
        """Everything that was ever run or said."""
        return self._told(Past())

    def origins(self) -> Origins:
        """Where every bond comes from."""
        return self._told(Origins())

    # A run

    def start(self, plan_id: str, plan: JsonObject, targets: tuple[str, ...], commit: str | None) -> str:
        """Open a run; returns its id, which is unique in this ledger."""
        body: JsonObject = {
            "plan_id": plan_id,
            "plan": packed(plan),
            "targets": [*targets],
            "commit": commit,
            "who": self._who.to_json(),
            "tool": __version__,
        }
        with self._history.writing():
            run = f"run-{self._history.last.seq + 1}"
            self._history.add(Draft(Type.RUN_STARTED, run, body=body))
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
        with self._history.writing():
            self._history.add(Draft(Type.NOTE, run, body=body))

    def settle_down(self, target: str, place: str) -> None:
        """From now on what is recorded of a target is about this place: its URL and tenant."""
        with self._history.writing():
            if self._history.bonds.places.get(target) != place:
                self._history.add(Draft(Type.NOTE, target=target, body={"place": place}))

    def measured(self, target: str, pages: Mapping[str, int]) -> None:
        """So many requests read each of these lists of a target whole."""
        with self._history.writing():
            known = self._history.bonds.pages.get(target, {})
            if news := {at: n for at, n in pages.items() if known.get(at) != n}:
                self._history.add(Draft(Type.NOTE, target=target, body={"pages": dict[str, Json](news)}))

    def finish(self, run: str, status: str) -> str:
        """Close a run; returns the head hash. One that another run has closed stays as that one has told it.
        Raises ValueError for a run that never began."""
        with self._history.writing():
            if run in self._history.runs.closed:
                return self._history.last.hash
            opening = self._history.runs.opening(run)
            told: JsonObject = {"status": status, "plan_id": opening["plan_id"]}
            told["targets"] = [*texts(opening["targets"])]
            return self._history.add(Draft(Type.RUN_FINISHED, run, body=told)).hash

    def closed(self, run: str) -> bool:
        """Whether a run is closed, by itself or by another that has settled it meanwhile."""
        return run in self._now().runs.closed

    # What a person says

    @property
    def deeds(self) -> Deeds:
        """What a person may tell outside any run."""
        return Deeds(self._history, self._who)

    def answer(self, address: Address, bond: Bond | None, outcome: Outcome | None = None, run: str = "") -> str:
        """A person has told what became of an address: it is this thing, or none of ours (`bond` None). `outcome`:
        the end of the call of an open `run` that this settles. Returns the head hash."""
        said: JsonObject = {"answered": str(address), "id": bond.id if bond else None, "who": self._who.to_json()}
        at = (address.target, str(address))
        with self._history.writing():
            self._history.add(Draft(Type.NOTE, body={**said, "tool": __version__}))
            if outcome is not None:
                self._history.add(Draft(Type.OUTCOME, run, *at, body=outcome_json(outcome)))
            if bond is None:
                return self._history.add(Draft(Type.RELEASE, "", *at, body={"why": "a person said so"})).hash
            body: JsonObject = {"bond": bond.to_json(), "previous": None}
            return self._history.add(Draft(Type.BIND, "", *at, body=body)).hash

    # Leases

    def acquire(self, target: str) -> Lease:
        """Take the lease of a target: one that was given back, has expired, or whose holder is a dead process of
        this host. Raises GuardRefused, with holder and expiry, while somebody else (or we ourselves) holds it."""
        with self._history.writing():
            now = self._history.now()
            number = self._history.leases.next_number(target, self._who, now)
            self._history.add(Draft(Type.LEASE_TAKEN, target=target, body=terms(number, self._who, now)))
        return Lease(target, number, str(self._who))

    def holds(self, lease: Lease) -> bool:
        """Whether the lease is still ours; renews it when half of it has gone by. After True, at least half of
        the lease's time is left."""
        now = self._history.now()
        leases = self._now().leases
        if not leases.valid(lease.target, lease.number, now):
            return False
        return self._renew(lease) if leases.due(lease.target, now) else True

    def lost(self, lease: Lease) -> str:
        """Of a lease that is ours no more, what became of it."""
        return self._now().leases.lost(lease.target, lease.number)

    def state_of(self, tenure: Tenure) -> str:
        """Whether a lease is `held`, was `returned`, has `expired`, or its process is certainly `gone`."""
        if tenure.returned:
            return "returned"
        if self._history.now() >= tenure.expires:
            return "expired"
        return "gone" if certainly_gone(tenure.who, self._who) else "held"

    def tenures(self) -> Mapping[str, Tenure]:
        """Target -> its newest lease, given back or not."""
        return dict(self._now().leases.current)

    def ended_leases(self) -> Mapping[str, tuple[int, str]]:
        """Target -> the number of the last lease that a person ended, and who and why."""
        return dict(self._now().leases.ended)

    def give_back(self, lease: Lease) -> None:
        """Does nothing for a lease that is no longer ours."""
        with self._history.writing():
            if self._history.leases.valid(lease.target, lease.number, self._history.now()):
                body: JsonObject = {"number": lease.number}
                self._history.add(Draft(Type.LEASE_RETURNED, target=lease.target, body=body))

    def _renew(self, lease: Lease) -> bool:
        with self._history.writing():
            now = self._history.now()
            if not self._history.leases.valid(lease.target, lease.number, now):
                return False
            self._history.add(Draft(Type.LEASE_RENEWED, target=lease.target, body=renewal(lease.number, now)))
        return True

    @contextmanager
    def together(self) -> Iterator[None]:
        """What is told inside is on disk when it ends, all of it or nothing: one wait for the disk, not many."""
        with self._history.writing():
            yield

    def _append(self, kind: Type, run: str, address: Address, body: JsonObject) -> None:
        with self._history.writing():
            self._history.add(Draft(kind, run, address.target, str(address), body))

    def _told(self, fold: F) -> F:
        for event in walk(self._store, Link()):
            with legible(f"{self._store.name}: this version cannot read event {event.seq} ({event.type})"):
                fold.take(event)
        return fold

    def _now(self) -> History:
        self._history.catch_up()
        return self._history
