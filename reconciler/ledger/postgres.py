"""The ledger on a PostgreSQL server: one writer at a time over all hosts, nothing half-written, no guess after a
lost connection. Sends nothing that a pool of connections between us and the server would mix up."""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from typing import Final

import psycopg
from psycopg.pq import TransactionStatus
from psycopg.rows import TupleRow
from psycopg.sql import SQL, Composed, Identifier, Literal

from reconciler.ledger.event import Event
from reconciler.ledger.history import BROKEN_HINT
from reconciler.ledger.postgres_connection import AGAIN, Connection, again, connect, rows, translated
from reconciler.ledger.postgres_schema import check_rights, check_server, insert, is_there, lock_of, make
from reconciler.ledger.store import Denied, TablesAltered
from reconciler.model.clock import Clock
from reconciler.model.faults import LedgerUnusable
from reconciler.model.ledger_place import LedgerAccess, Server

PAGE: Final = 1000

WAIT_MS: Final = 10_000
"""How long to wait for another process in the middle of an append, which takes milliseconds."""
STATEMENT_MS: Final = 30_000
IDLE_MS: Final = 15_000
"""When the server ends a section whose process was stopped in it. Shorter than half a lease: nobody waits for it
longer than for a dead holder."""

# The isolation is the one in which what is read after the lock was taken is all that was there then. A stronger
# synchronous_commit than ours stays.
BEGIN: Final = """
BEGIN ISOLATION LEVEL READ COMMITTED;
SET LOCAL lock_timeout = {wait}; SET LOCAL statement_timeout = {statement};
SET LOCAL idle_in_transaction_session_timeout = {idle}; SET LOCAL search_path = pg_catalog;
SELECT set_config('synchronous_commit', 'on', true)
 WHERE current_setting('synchronous_commit') NOT IN ('on', 'remote_apply');
SELECT pg_advisory_xact_lock({lock});
SELECT extract(epoch FROM clock_timestamp())::float8
"""
READ: Final = "SELECT {columns} FROM {schema}.events WHERE seq > {after} ORDER BY seq LIMIT {page}"
QUICKLY: Final = "SET LOCAL statement_timeout = {statement}; "
COLUMNS: Final = SQL(", ").join(map(Identifier, Event.__struct_fields__))


class PostgresStore:
    """A `Store` over a connection that `open_store` made. A lost connection is made anew, once, where nothing was
    under way; where something was, LedgerUnusable says so, and the next section finds out what is there."""

    durable = True

    def __init__(
        self, access: LedgerAccess, connection: Connection, denied: Denied | None = None, altered: str = ""
    ) -> None:
        self.name, self.denied, self.altered = str(access.server), denied, altered
        self._access, self._connection = access, connection
        self._inside = False
        self._last: Event | None = None
        self._began = (0.0, 0.0)  # the server's time, and this machine's ticks, when the section began

    def read(self, after: int = 0) -> Iterator[Event]:
        while found := self._rows(after, PAGE):
            yield from (Event(*row) for row in found)
            if len(found) < PAGE:
                return
            after = found[-1][0]

    @contextmanager
    def serialised(self) -> Iterator[None]:
        if self.denied is not None:
            raise self.denied.fault()
        with translated(self._access):
            self._begin()
            try:
                yield
            except BaseException:
                self._undo()
                raise
            finally:
                self._inside = False
            self._commit()

    def append(self, event: Event) -> None:
        with translated(self._access):
            insert(self._connection, self._access.server, event)
        self._last = event

    def now(self, clock: Clock) -> float:  # noqa: ARG002  the clocks of several machines differ, the server has one
        """The server's time, by which all writers measure their leases."""
        if self._inside:
            wall, ticks = self._began
            return wall + time.monotonic() - ticks  # a section takes milliseconds, and IDLE_MS at most
        return float(self._ask(SQL("SELECT extract(epoch FROM clock_timestamp())::float8").format())[0][0])

    def close(self) -> None:
        with translated(self._access):
            self._connection.close()

    # One way to the server and back

    def _rows(self, after: int, most: int) -> Sequence[TupleRow]:
        words = {"columns": COLUMNS, "schema": Identifier(self._access.server.schema)}
        return self._ask(SQL(READ).format(**words, after=Literal(after), page=Literal(most)))

    def _ask(self, query: Composed) -> Sequence[TupleRow]:
        with translated(self._access):
            if self._inside:  # a new connection would know nothing of the section, nor hold its lock
                return rows(self._connection, query)
            query = SQL(QUICKLY).format(statement=Literal(STATEMENT_MS)) + query  # one message is one transaction
            try:
                return rows(self._connection, query)
            except psycopg.Error:
                if not self._connection.closed:
                    raise
                self._come_back()
                return rows(self._connection, query)

    def _begin(self) -> None:
        try:
            self._lock()
        except psycopg.Error:
            if not self._connection.closed:
                raise
            self._come_back()
            self._lock()
        self._inside, self._last = True, None

    def _lock(self) -> None:
        try:
            found = rows(self._connection, begin(self._access.server))
        except BaseException:
            self._undo()
            raise
        # From when the answer is here: never ahead of the server, so that no lease seems to end before it does.
        self._began = (float(found[0][0]), time.monotonic())

    def _undo(self) -> None:
        """What the section did is gone; and so is a connection that cannot say so."""
        try:
            if self._connection.info.transaction_status is not TransactionStatus.IDLE:
                self._connection.execute("ROLLBACK")
        except psycopg.Error:
            self._connection.close()

    def _come_back(self) -> None:
        """A new connection for one that was lost."""
        self._connection = admitted(self._access, again(self._access), reads=self.denied is not None)

    # The end of a section

    def _commit(self) -> None:
        try:
            ended = self._connection.execute("COMMIT").statusmessage
        except psycopg.Error as lost:
            if not self._connection.closed:
                raise
            self._find_out(lost)
            return
        except BaseException:
            self._undo()
            raise
        if ended != "COMMIT":  # how a server answers after an error that somebody swallowed
            raise LedgerUnusable(f"{self.name}: the server undid what was to be kept", hint=AGAIN)

    def _find_out(self, lost: psycopg.Error) -> None:
        """The connection went before the server confirmed. Whoever gets the lock after it knows: that transaction
        has come to its end, and the last event of it is there or never will be."""
        last = self._last
        if last is None:
            return
        self._come_back()
        self._lock()
        self._inside = True
        try:
            found = self._rows(last.seq - 1, 1)
        finally:
            self._inside = False
            self._undo()
        if [row[-1] for row in found] != [last.hash]:
            text = f"{self.name}: the connection was lost before the server kept what it was told"
            raise LedgerUnusable(text, hint=AGAIN) from lost


def open_store(access: LedgerAccess, *, as_evidence: bool = False) -> PostgresStore | None:
    """Open the ledger on this server, with a role that may only read to read it; None where there is none.
    `as_evidence`: only to read it, and also where something altered how it is made. Raises LedgerUnusable."""
    connection, altered = connect(access), ""
    try:
        with translated(access):
            denied = check_server(access.server, connection)
            try:
                there = is_there(access.server, connection)
            except TablesAltered as error:
                if not as_evidence:
                    raise
                there, altered = True, str(error)
            if not there:
                connection.close()
                return None
            denied = check_rights(access.server, connection) or denied
    except BaseException:
        connection.close()
        raise
    return PostgresStore(access, connection, denied, altered)


def admitted(access: LedgerAccess, connection: Connection, *, reads: bool) -> Connection:
    """The new connection, if it leads to a ledger: another server may have taken over. `reads`: it is only to be
    read. Raises LedgerUnusable."""
    try:
        with translated(access):
            denied = check_server(access.server, connection)
            _check_appendable(None if reads else denied)
            there = is_there(access.server, connection)
    except BaseException:
        connection.close()
        raise
    if not there:
        connection.close()
        raise LedgerUnusable(f"{access.server}: the ledger is gone from there", hint=BROKEN_HINT)
    return connection


def lay_down(access: LedgerAccess, genesis: Event) -> None:
    """Make a ledger on this server. It appears complete or not at all; one that is there already stays as it is.
    Raises LedgerUnusable."""
    server = access.server
    connection = connect(access)
    with closing(connection), translated(access):
        _check_appendable(check_server(server, connection))
        rows(connection, begin(server))
        if is_there(server, connection):
            return
        make(server, connection)
        insert(connection, server, genesis)
        connection.execute("COMMIT")


def _check_appendable(denied: Denied | None) -> None:
    if denied is not None:
        raise denied.fault()


def begin(server: Server) -> Composed:
    times = {"wait": Literal(WAIT_MS), "statement": Literal(STATEMENT_MS), "idle": Literal(IDLE_MS)}
    return SQL(BEGIN).format(**times, lock=Literal(lock_of(server)))
