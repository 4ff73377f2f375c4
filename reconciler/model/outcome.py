"""What became of each call, and of the run; the protocol of the journal that makes it durable."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import AbstractContextManager
from enum import StrEnum
from typing import Final, Protocol

from reconciler.model.document import Address
from reconciler.model.json import Json, JsonObject
from reconciler.model.record import Record, field
from reconciler.model.recorded import Bond


class End(StrEnum):
    """How a planned call ended. `unneeded`: a contingent call whose trigger did not occur."""

    DONE = "done"
    FAILED = "failed"
    HELD = "held"
    BLOCKED = "blocked"
    STALE = "stale"
    NOT_SENT = "not sent"
    IN_DOUBT = "in doubt"
    UNNEEDED = "unneeded"


class Fact(StrEnum):
    """Reserved keys of `Outcome.result`: what a call that is DONE tells the ledger about its address, so that a
    crash before the final `bind` forgets nothing. Pointers start with `/` or are empty, so no pointer is one.

    `ID`: id of the thing this call created. `KEY`, `LABEL`: that thing's key and name for people (only with `ID`).
    `BEGUN`: these three of a thing that a create has made which has not wholly worked. `BECOMES`: the thing's id
    from now on. `GONE`: true, the thing does not exist any more.
    `ADDED`, `REMOVED`: `[field, [entry ids]]`, entries of a set that this call added or removed. `ONCE`: `{token:
    value}`, one-shot tokens that have acted; of a call in doubt, that will have if it happened. `KEPT`: `[field,
    {entry: {subfield: value}}]`, what nobody declares of entries taken away to be made anew. `TOLD`: in the same
    form, what only this answer says of entries, as their ids, or what nothing else remembers of them. `LOST`: the
    field whose once-shown value never reached its sink.
    `OUTPUT`: `{field: value}`, what a create's answer tells people. `DIFFERS`: `{field: digest}`, what the server
    made of values it accepted. `DOUBT`: of a call in doubt that no
    reading will ever tell anything about, its request: a person has to answer. `ACCEPTED`: true, of a call that
    has failed because no reading showed what the server had said yes to, and that may have added something: lists
    may lag, and what shows later is ours. The run stays to be settled.
    """

    ID = "#id"
    KEY = "#key"
    LABEL = "#label"
    BEGUN = "#begun"
    BECOMES = "#becomes"
    GONE = "#gone"
    ADDED = "#added"
    REMOVED = "#removed"
    ONCE = "#once"
    KEPT = "#kept"
    LOST = "#lost"
    DIFFERS = "#differs"
    DOUBT = "#doubt"
    OUTPUT = "#output"
    TOLD = "#told"
    ACCEPTED = "#accepted"


IN_DOUBT: Final = "in doubt"
"""The status of a run some of whose calls nobody could tell anything about: it stays to be settled."""
SETTLED: Final = "settled"
NOTHING_SENT: Final = "nothing sent"
"""The status of a run that was cut short, once its calls have been looked up."""


class Outcome(Record, frozen=True):
    """One call's end. `result`: pointer -> value from the answer that other calls need, and `Fact`s. `code`: the
    error code of a refusal. `question`: what a person has to answer before this address goes on."""

    call: str
    end: End
    message: str = ""
    status: int = 0
    result: Mapping[str, Json] = field(default_factory=dict)
    settled: bool = False
    code: str = ""
    question: str = ""

    @property
    def open(self) -> bool:
        """Whether the next run has to look once more what became of it."""
        return self.end is End.IN_DOUBT or (self.end is End.FAILED and Fact.ACCEPTED in self.result)


class Report(Record, frozen=True):
    """The end of an apply. `requests`: group -> request lines sent (`settle`, `preconditions`, `calls`, `verify`).
    `notes`: things noticed on the way (flags the server flipped by itself …). `head`: the ledger's head hash."""

    plan_id: str
    run: str
    outcomes: tuple[Outcome, ...]
    notes: tuple[str, ...] = ()
    requests: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    head: str = ""
    seconds: float = 0.0
    interrupted: bool = False

    def count(self, *ends: End) -> int:
        return sum(o.end in ends for o in self.outcomes)


class Unfinished(Record, frozen=True):
    """A run that never said it was over, or left calls in doubt. `plan` is the plan it carried out, as JSON;
    `sent`: calls with intent but no outcome, or an open one; `outcomes`: those with one; `recorded`: addresses
    whose end the ledger already knows."""

    run: str
    plan: JsonObject
    sent: tuple[str, ...]
    outcomes: Mapping[str, Outcome]
    recorded: frozenset[Address] = frozenset()


class Lease(Record, frozen=True):
    """The right to write to one target. `number` grows with every holder: a stale holder is told apart by it."""

    target: str
    number: int
    holder: str


class Journal(Protocol):
    """Durable memory of a run. Every method returns only when what it was told is on disk.

    All raise LedgerUnusable when the store fails."""

    def start(self, plan_id: str, plan: JsonObject, targets: tuple[str, ...], commit: str | None) -> str:
        """Open a run; returns its id."""
        ...

    def together(self) -> AbstractContextManager[None]:
        """What is told inside is on disk when it ends, all of it or nothing."""
        ...

    def intend(self, run: str, call: str, address: Address, payload: str) -> None:
        """A call is about to be sent. `payload`: digest of the request."""
        ...

    def conclude(self, run: str, address: Address, outcome: Outcome) -> None:
        """A call has ended."""
        ...

    def bind(self, run: str, bond: Bond, previous: Address | None = None) -> None:
        """An address and its live thing, as they now are. `previous`: the address this thing leaves."""
        ...

    def release(self, run: str, address: Address, why: str) -> None:
        """An address is ours no more."""
        ...

    def note(self, run: str, body: JsonObject) -> None:
        """Something an auditor wants to know (an override and its reason …)."""
        ...

    def finish(self, run: str, status: str) -> str:
        """Close a run; returns the head hash. `IN_DOUBT` leaves it to be settled; `SETTLED` ends that. Nothing is
        told of one that another run has closed meanwhile."""
        ...

    def closed(self, run: str) -> bool:
        """Whether another run has settled and closed this one meanwhile, which stood still for longer than its
        leases last: what it believes of its targets is out of date."""
        ...

    def unfinished(self, targets: tuple[str, ...]) -> tuple[Unfinished, ...]: ...

    def applied(self, plan_id: str) -> bool:
        """Whether a run of this plan was finished: a plan is used once. One that was cut short and `SETTLED` may
        be taken up again."""
        ...

    def acquire(self, target: str) -> Lease:
        """Raises GuardRefused while somebody else holds a live lease."""
        ...

    def holds(self, lease: Lease) -> bool:
        """Whether the lease is still ours; renews it when half of it has gone by."""
        ...

    def lost(self, lease: Lease) -> str:
        """Of a lease that is ours no more, what became of it, as `is lost: another run has taken over`."""
        ...

    def give_back(self, lease: Lease) -> None: ...
