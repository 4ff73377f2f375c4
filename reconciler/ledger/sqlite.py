"""The ledger in one SQLite file: WAL, full sync, readable by its owner alone. No other module opens a database."""

from __future__ import annotations

import errno
import os
import sqlite3
import stat
import tempfile
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Final

from reconciler.ledger.event import FORMAT, Event
from reconciler.ledger.history import BROKEN_HINT, NEWER_HINT
from reconciler.ledger.store import Denied, TablesAltered
from reconciler.model.clock import Clock
from reconciler.model.faults import LedgerUnusable

BUSY_SECONDS = 5.0
"""How long to wait for another process in the middle of an append, which takes milliseconds."""

APPLICATION: Final = 0x5243_4C47  # "RCLG" in the file's header: whose file it is
PAGE: Final = 1000

COLUMNS: Final = "seq, time, type, run, target, address, body, prev, hash"
SCHEMA: Final = (
    """CREATE TABLE events (
        seq INTEGER PRIMARY KEY, time TEXT NOT NULL, type TEXT NOT NULL, run TEXT NOT NULL,
        target TEXT NOT NULL, address TEXT NOT NULL, body TEXT NOT NULL,
        prev TEXT NOT NULL, hash TEXT NOT NULL)""",
    # Against accidents. Against intent there is the chain.
    "CREATE TRIGGER events_stay BEFORE DELETE ON events BEGIN SELECT RAISE(ABORT, 'events never go'); END",
    "CREATE TRIGGER events_last BEFORE UPDATE ON events BEGIN SELECT RAISE(ABORT, 'events never change'); END",
)

WRITABLE_HINT: Final = "make the file and its folder writable for this user, or name another ledger"
HINTS: Final = {
    "SQLITE_BUSY": "another process holds it; wait for it to end, or end it",
    "SQLITE_LOCKED": "another process holds it; wait for it to end, or end it",
    "SQLITE_FULL": "make room on the disk and run the same command again: nothing that was recorded is lost",
    "SQLITE_IOERR": "look after the disk, then run the same command again: nothing that was recorded is lost",
    "SQLITE_READONLY": WRITABLE_HINT,
    "SQLITE_CANTOPEN": WRITABLE_HINT,
    "SQLITE_PERM": WRITABLE_HINT,
    "SQLITE_NOTADB": "name the right file; if this was the ledger, restore it from a backup",
    "SQLITE_CORRUPT": BROKEN_HINT,
}

OS_HINTS: Final = {
    errno.ENOSPC: HINTS["SQLITE_FULL"],
    errno.EDQUOT: HINTS["SQLITE_FULL"],
    errno.EIO: HINTS["SQLITE_IOERR"],
    errno.ENOENT: "make the folder above it first",
    errno.ENOTDIR: "name a file in a folder",
}


class SqliteStore:
    """A `Store` over a connection that `open_store` made."""

    durable = True

    def __init__(
        self, path: Path, connection: sqlite3.Connection, denied: Denied | None = None, altered: str = ""
    ) -> None:
        self.name, self.denied, self.altered = str(path), denied, altered
        self._connection = connection

    def read(self, after: int = 0) -> Iterator[Event]:
        # In pages, so that no cursor stays open while its reader takes its time.
        while rows := self._rows(after):
            yield from (Event(*row) for row in rows)
            if len(rows) < PAGE:
                return
            after = rows[-1][0]

    @contextmanager
    def serialised(self) -> Iterator[None]:
        if self.denied is not None:
            raise self.denied.fault()
        with _translated(self.name):
            self._connection.execute("BEGIN IMMEDIATE")
            try:
                yield
                self._connection.execute("COMMIT")
            except BaseException:
                if self._connection.in_transaction:
                    self._connection.execute("ROLLBACK")
                raise

    def append(self, event: Event) -> None:
        with _translated(self.name):
            _insert(self._connection, event)

    def now(self, clock: Clock) -> float:
        return clock.wall()

    def close(self) -> None:
        with _translated(self.name):
            self._connection.close()

    def _rows(self, after: int) -> list[tuple[int, str, str, str, str, str, str, str, str]]:
        query = f"SELECT {COLUMNS} FROM events WHERE seq > ? ORDER BY seq LIMIT {PAGE}"  # noqa: S608  constants
        with _translated(self.name):
            return self._connection.execute(query, (after,)).fetchall()


def is_there(path: Path) -> bool:
    """Whether there is anything. Raises LedgerUnusable where that cannot be told."""
    with _translated(str(path)):
        return path.exists()


def open_store(path: Path, *, as_evidence: bool = False) -> SqliteStore:
    """Open an existing ledger file; one that this user may only read, to read it. `as_evidence`: only to read it,
    and also where something altered how it is made. Raises LedgerUnusable, also for a file that is something
    else."""
    with _translated(str(path)):
        _usable(path)
        denied = None if _appendable(path) else Denied(f"{path}: this user may only read it", WRITABLE_HINT)
        connection = _connect(path) if denied is None else _connect_to_read(path)
        altered = ""
        try:
            try:
                _recognise(path, connection)
            except TablesAltered as error:
                if not as_evidence:
                    raise
                altered = str(error)
            if denied is None and not as_evidence:
                _make_durable(path, connection)
                # What the permissions do not tell is told now, not in the middle of a run. (BEGIN IMMEDIATE would
                # not.)
                connection.execute("UPDATE events SET seq = seq WHERE 0")
        except BaseException:
            connection.close()
            raise
    return SqliteStore(path, connection, denied, altered)


def lay_down(path: Path, genesis: Event) -> None:
    """Make a new ledger file, and its folder if it is not there. It appears complete or not at all; one that
    is there already stays as it is. Raises LedgerUnusable."""
    with _translated(str(path)):
        if path.exists():
            return
        if not path.parent.exists():
            path.parent.mkdir(mode=0o700, exist_ok=True)
            _sync_folder(path.parent.parent)
        descriptor, name = tempfile.mkstemp(prefix=f".{path.name}.", dir=path.parent)  # 0600
        os.close(descriptor)
        draft = Path(name)
        try:
            _fill(draft, genesis)
            path.hardlink_to(draft)
        except FileExistsError:
            return
        finally:
            draft.unlink()
        _sync_folder(path.parent)


def _fill(path: Path, genesis: Event) -> None:
    with closing(_connect(path)) as connection:
        _make_durable(path, connection)
        connection.execute("BEGIN IMMEDIATE")
        connection.execute(f"PRAGMA application_id = {APPLICATION}")
        connection.execute(f"PRAGMA user_version = {FORMAT}")
        for statement in SCHEMA:
            connection.execute(statement)
        _insert(connection, genesis)
        connection.execute("COMMIT")


def _usable(path: Path) -> None:
    """Refuse what is plainly no usable file, before a database library opens it."""
    if not path.exists():
        raise LedgerUnusable(f"{path}: there is no ledger here", hint="`reconciler init --ledger-only` makes one")
    state = path.stat()
    if not stat.S_ISREG(state.st_mode):
        raise LedgerUnusable(f"{path}: this is not a file", hint="name the ledger's file, not its folder")
    if not state.st_size:
        raise LedgerUnusable(f"{path}: the file is empty", hint=BROKEN_HINT)
    if stat.S_IMODE(state.st_mode) & 0o077 and state.st_uid == os.geteuid():
        path.chmod(0o600)  # a checkout or a restored backup opened it to others


def _connect(path: Path) -> sqlite3.Connection:
    uri = path.absolute().as_uri() + "?mode=rw"  # never creates a file
    connection = sqlite3.connect(uri, uri=True, timeout=BUSY_SECONDS, isolation_level=None)
    connection.execute("PRAGMA trusted_schema = OFF")
    return connection


def _appendable(path: Path) -> bool:
    """Whether this user may write to the file, and make beside it what a database makes."""
    return _may_write(path) and _may_write(path.parent)


def _may_write(place: Path) -> bool:
    """Whether the user may as whom this process acts, on a disk that takes writes."""
    how = {"effective_ids": True} if os.access in os.supports_effective_ids else {}
    return os.access(place, os.W_OK, **how)


def _connect_to_read(path: Path) -> sqlite3.Connection:
    """Events that a writer has not moved into the file yet lie beside it. Where nothing lies there and nothing can
    be made there either, nobody is writing: the file is all there is."""
    beside = path.with_name(f"{path.name}-wal")
    alone = "" if beside.exists() or _may_write(path.parent) else "&immutable=1"
    uri = f"{path.absolute().as_uri()}?mode=ro{alone}"
    connection = sqlite3.connect(uri, uri=True, timeout=BUSY_SECONDS, isolation_level=None)
    connection.execute("PRAGMA trusted_schema = OFF")
    return connection


def _recognise(path: Path, connection: sqlite3.Connection) -> None:
    """Refuse a database that is not ours, or whose schema is not exactly ours: a trigger could change history."""
    application = connection.execute("PRAGMA application_id").fetchone()[0]
    written = connection.execute("PRAGMA user_version").fetchone()[0]
    if application != APPLICATION:
        raise LedgerUnusable(f"{path}: this database is not a ledger", hint=HINTS["SQLITE_NOTADB"])
    if written > FORMAT:
        raise LedgerUnusable(
            f"{path}: it has format {written}; this version reads format {FORMAT}", hint=NEWER_HINT
        )
    schema = connection.execute("SELECT sql FROM sqlite_master").fetchall()
    if sorted(str(sql) for (sql,) in schema) != sorted(SCHEMA):
        raise TablesAltered(f"{path}: its tables are not as they were made", hint=BROKEN_HINT)


def _make_durable(path: Path, connection: sqlite3.Connection) -> None:
    mode = connection.execute("PRAGMA journal_mode = WAL").fetchone()[0]
    if mode != "wal":
        raise LedgerUnusable(f"{path}: this file system cannot hold a ledger", hint="put it on a local disk")
    connection.execute("PRAGMA synchronous = FULL")
    connection.execute("PRAGMA fullfsync = ON")  # macOS: a plain fsync stays in the drive's cache


def _insert(connection: sqlite3.Connection, event: Event) -> None:
    row = (event.seq, event.time, event.type, event.run, event.target, event.address, event.body, event.prev)
    connection.execute(f"INSERT INTO events ({COLUMNS}) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)", (*row, event.hash))  # noqa: S608


def _sync_folder(folder: Path) -> None:
    """Make a new name in a folder survive a power loss."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


@contextmanager
def _translated(name: str) -> Iterator[None]:
    """The database's and the system's errors, as one of ours with a way out."""
    try:
        yield
    except sqlite3.Error as error:
        code = "_".join(getattr(error, "sqlite_errorname", "SQLITE_CORRUPT").split("_")[:2])
        raise LedgerUnusable(f"{name}: {error}", hint=HINTS.get(code, HINTS["SQLITE_IOERR"])) from error
    except OSError as error:
        hint = OS_HINTS.get(error.errno or 0, HINTS["SQLITE_CANTOPEN"])
        raise LedgerUnusable(f"{name}: {error.strerror or error}", hint=hint) from error
