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
        # Its calls, also those an earlier run has done, have told the ledger things of their own.
        if bond.id and (own or known.get(action.address) != bond or action.previous is not None):
            journal.bind(run, bond, action.previous)


def newcomers(plan: Plan, known: Mapping[Address, Bond]) -> dict[Address, tuple[Bond, Address | None]]:
    """The live things that are new to their address, as they are before their first call, and the address each
    leaves. Recorded just before that call: after a crash half-way nobody could tell any more which thing it was,
    and what the calls before did to it would be forgotten."""
    seen = {c.address: c for p in plan.preconditions for c in p.checks if c.id is not None and not c.absent}
    found = {}
    for action in plan.actions:
        check = seen.get(action.address)
        if action.bond is not None and check is not None and action.address not in known:
            bond = Bond(action.address, str(check.id), key=check.key, label=action.label)
            was = known.get(action.previous) if action.previous else None
            found[action.address] = (replace(was, address=action.address) if was else bond, action.previous)
    return found


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
