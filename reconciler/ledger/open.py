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

MISSING_HINT = "`reconciler init --ledger-only` makes one; `--ephemeral-ledger` goes without, and may do less"


def open_ledger(place: Path | LedgerAccess, *, create: bool = False, who: Who, clock: Clock) -> Ledger:
    """Open the ledger in this file, or on this server, and check its whole chain. `create`: make it (and a file's
    folder) if it is missing; a ledger that is there is opened as it is, and a damaged one is never replaced.
    Raises LedgerUnusable."""
    found = _opened(place, who, clock, create=create)
    if found is None:
        raise LedgerUnusable(f"{_name(place)}: there is no ledger here", hint=MISSING_HINT)
    return found


def find_ledger(place: Path | LedgerAccess, *, who: Who, clock: Clock) -> Ledger | None:
    """As `open_ledger`; None where there is none."""
    if isinstance(place, Path) and not place.exists():
        return None
    return _opened(place, who, clock, create=False)


def _opened(place: Path | LedgerAccess, who: Who, clock: Clock, *, create: bool) -> Ledger | None:
    store = _file(place, who, clock, create=create) if isinstance(place, Path) else None
    if isinstance(place, LedgerAccess):
        store = _server(place, who, clock, create=create)
    if store is None:
        return None
    try:
        return Ledger(store, who, clock)
    except BaseException:
        store.close()
        raise


def _file(path: Path, who: Who, clock: Clock, *, create: bool) -> Store:
    from reconciler.ledger.sqlite import lay_down, open_store

    if create:
        lay_down(path, genesis(who, clock))
    return open_store(path)


def _server(access: LedgerAccess, who: Who, clock: Clock, *, create: bool) -> Store | None:
    try:
        import certifi  # noqa: F401
        import psycopg  # noqa: F401
    except ImportError as error:
        text = f"{access.server}: the driver for PostgreSQL is not installed here ({error})"
        raise LedgerUnusable(text, hint="pip install 'reconciler[postgresql]'") from error
    from reconciler.ledger.postgres import lay_down, open_store

    if create:
        lay_down(access, genesis(who, clock))
    return open_store(access)


def _name(place: Path | LedgerAccess) -> str:
    return str(place) if isinstance(place, Path) else str(place.server)


def ephemeral(who: Who, clock: Clock) -> Ledger:
    """A ledger that is lost with this process, and whose record says so (`exists` is False)."""
    store = Memory()
    with store.serialised():
        store.append(genesis(who, clock))
    return Ledger(store, who, clock)
