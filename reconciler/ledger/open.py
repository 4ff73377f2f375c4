"""Ways to a ledger."""

from __future__ import annotations

from pathlib import Path

from reconciler.ledger.history import genesis
from reconciler.ledger.journal import Ledger
from reconciler.ledger.store import Memory, Store
from reconciler.ledger.who import Who
from reconciler.model.clock import Clock
from reconciler.model.faults import LedgerUnusable
from reconciler.model.ledger_place import LedgerAccess

MISSING_HINT = "`reconciler init --ledger-only` makes one"


def open_ledger(place: Path | LedgerAccess, *, create: bool = False, who: Who, clock: Clock) -> Ledger:
    """Open the ledger in this file, or on this server, to append to it, and check its whole chain. `create`: make
    it (and a file's folder) if it is missing; a ledger that is there is opened as it is, and a damaged one is
    never replaced. Raises LedgerUnusable, also for one that can only be read."""
    if create:
        _lay_down(place, who, clock)
    found = find_ledger(place, who=who, clock=clock)
    if found is None:
        raise LedgerUnusable(f"{_name(place)}: there is no ledger here", hint=MISSING_HINT)
    try:
        found.check_writable()
    except LedgerUnusable:
        found.close()
        raise
    return found


def find_ledger(place: Path | LedgerAccess, *, who: Who, clock: Clock) -> Ledger | None:
    """As `open_ledger`, also one that can only be read; None where there is none."""
    store = _opened(place)
    if store is None:
        return None
    try:
        return Ledger(store, who, clock)
    except BaseException:
        store.close()
        raise


def find_evidence(place: Path | LedgerAccess) -> Store | None:
    """What lies there, to be read by whoever checks it himself: its chain is not checked, and how it is made may
    have been altered, which the store says. None where there is no ledger. Raises LedgerUnusable."""
    return _opened(place, as_evidence=True)


def _opened(place: Path | LedgerAccess, *, as_evidence: bool = False) -> Store | None:
    if isinstance(place, LedgerAccess):
        _check_driver(place)
        from reconciler.ledger.postgres import open_store as open_server

        return open_server(place, as_evidence=as_evidence)
    from reconciler.ledger.sqlite import is_there, open_store

    return open_store(place, as_evidence=as_evidence) if is_there(place) else None


def _lay_down(place: Path | LedgerAccess, who: Who, clock: Clock) -> None:
    if isinstance(place, LedgerAccess):
        _check_driver(place)
        from reconciler.ledger.postgres import lay_down as lay_down_there

        lay_down_there(place, genesis(who, clock))
        return
    from reconciler.ledger.sqlite import lay_down

    lay_down(place, genesis(who, clock))


def _check_driver(access: LedgerAccess) -> None:
    """Raises LedgerUnusable, caused by an ImportError, where this machine lacks the driver."""
    try:
        import certifi  # noqa: F401
        import psycopg  # noqa: F401
    except ImportError as error:
        text = f"{access.server}: the driver for PostgreSQL is not installed here ({error})"
        raise LedgerUnusable(text, hint="pip install 'reconciler[postgresql]'") from error


def _name(place: Path | LedgerAccess) -> str:
    return str(place) if isinstance(place, Path) else str(place.server)


def ephemeral(who: Who, clock: Clock) -> Ledger:
    """A ledger that is lost with this process, and whose record says so (`exists` is False)."""
    store = Memory()
    with store.serialised():
        store.append(genesis(who, clock))
    return Ledger(store, who, clock)
