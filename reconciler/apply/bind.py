"""What the ledger is told about each address once its calls have ended."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from reconciler.apply.book import Book
from reconciler.model.change import Verb
from reconciler.model.document import Address
from reconciler.model.outcome import Fact, Journal
from reconciler.model.plan import Action, Call, Phase, Plan
from reconciler.model.recorded import Bond


def bind(journal: Journal, run: str, book: Book, action: Action, known: Mapping[Address, Bond]) -> None:
    """Record an address whose calls have all worked, or needed none; leave the ledger alone otherwise."""
    own = [book.calls[i] for i in action.calls]
    needed = [c for c in own if not c.contingent]
    if _stopped(action) or any(c.held and c.phase is not Phase.REMOVE for c in needed):
        return
    if not all(book.worked(c.id) for c in needed if not c.held):
        return
    if action.verb is Verb.RELEASE:
        journal.release(run, action.address, "; ".join(action.notes))
    elif action.verb is Verb.DELETE:
        journal.release(run, action.address, "deleted")
    elif action.bond is not None:
        bond = replace(action.bond, id=_live_id(book, own, action.bond))
        if bond.id and (known.get(action.address) != bond or action.previous is not None):
            journal.bind(run, bond, action.previous)


def take_up(journal: Journal, run: str, plan: Plan, call: Call, known: Mapping[Address, Bond]) -> None:
    """Before the first call to a live thing that is new to its address, say which thing that is and what it was
    called: after a crash half-way it could not be told any more, and what the calls before did would be lost."""
    action = next(a for a in plan.actions if a.address == call.address)
    checks = (c for p in plan.preconditions for c in p.checks if c.address == call.address and not c.absent)
    seen = next(checks, None)
    if action.bond is None or seen is None or seen.id is None or call.address in known:
        return
    was = known.get(action.previous) if action.previous else None
    bond = Bond(call.address, seen.id, key=seen.key, label=action.label)
    journal.bind(run, replace(was, address=call.address) if was else bond, action.previous)


def _stopped(action: Action) -> bool:
    """A final hold means nobody knows what this address will be; a fixed field alone does not."""
    return any(h.final and not h.only and h.rule != "immutable" for h in action.holds)


def _live_id(book: Book, calls: list[Call], bond: Bond) -> str:
    """The id after all calls: the created one, the one a rename led to, else the one it had."""
    found = bond.id
    for call in calls:
        outcome = book.outcomes[call.id]
        for fact in (Fact.ID, Fact.BECOMES):
            if fact in outcome.result:
                found = str(outcome.result[fact])
    return found
