"""Ways to a ledger."""

from __future__ import annotations

from pathlib import Path

from reconciler.ledger.history import genesis
from reconciler.ledger.journal import Ledger
from reconciler.ledger.store import Memory
from reconciler.ledger.who import Who
from reconciler.model.clock import Clock


def open_ledger(path: Path, *, create: bool = False, who: Who, clock: Clock) -> Ledger:
    """Open the ledger in this file and check its whole chain. `create`: make file and folder if they are missing;
    a ledger that is there is opened as it is, and a damaged one is never replaced. Raises LedgerUnusable."""
    from reconciler.ledger.sqlite import lay_down, open_store

    if create:
        lay_down(path, genesis(who, clock))
    store = open_store(path)
    try:
        return Ledger(store, who, clock)
    except BaseException:
        store.close()
        raise


def ephemeral(who: Who, clock: Clock) -> Ledger:
    """A ledger that is lost with this process, and whose record says so (`exists` is False)."""
    store = Memory()
    with store.serialised():
        store.append(genesis(who, clock))
    return Ledger(store, who, clock)
