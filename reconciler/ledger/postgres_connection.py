"""One connection to a PostgreSQL server: made from what the operator said and nothing else, its errors ours."""

from __future__ import annotations

import os
import re
import ssl
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Final

import certifi
import psycopg
from psycopg.conninfo import make_conninfo
from psycopg.rows import TupleRow

from reconciler.ledger.history import BROKEN_HINT
from reconciler.model.faults import LedgerUnusable
from reconciler.model.ledger_place import LedgerAccess

Connection = psycopg.Connection[TupleRow]

CONNECT_SECONDS: Final = 10
SILENT_SECONDS: Final = 20
"""How long a server may leave what was sent unacknowledged before the connection counts as lost."""
PAUSES: Final = (0.0, 0.5, 1.0, 2.0, 4.0)
"""Before each try to come back to a server that was there a moment ago: a restart takes seconds."""
NOWHERE: Final = "/dev/null/none"
"""A file that cannot exist: libpq goes on without, and does not look into the home folder instead."""
LONGEST: Final = 400
FORKED: Final = "RC001"
"""What our trigger says of an event that does not follow from the last one."""

AGAIN: Final = "run the same command again: nothing that was recorded is lost"
REACHING: Final = (
    "see that the server runs and takes connections, that host, port and database are right, and that it knows "
    "the operator's user and password; then run the same command again"
)
NOT_REACHED: Final = (
    ("authentication failed", "correct the operator's user and password for the ledger"),
    ("no password supplied", "give the operator's configuration the password of the ledger's user"),
    (r'role ".*" does not exist', "correct the operator's user for the ledger, or make that role there"),
    (r"no pg_hba\.conf entry", "have the server let this user in from here (its pg_hba.conf)"),
    ("permission denied for database", "have the server let this user in: GRANT CONNECT ON DATABASE"),
    (r'database ".*" does not exist', "correct the database in the ledger's URL, or make it (encoding UTF8)"),
    ("Connection refused", "correct host and port of the ledger's URL, or start the server; then run this again"),
    ("failed to resolve host", "correct the host of the ledger's URL; see that this machine finds names"),
    ("could not translate host name", "correct the host of the ledger's URL; see that this machine finds names"),
    ("timeout", "see that the server runs and that no firewall is between; then run the same command again"),
    ("certificate", "name what vouches for the server as `caFile`, and its host as its certificate does"),
)
"""What the driver says where it gets no connection (there is no code then) -> the one way out. Servers that speak
another language than English get `REACHING`."""
HINTS: Final = {
    "55P03": "another process is in the middle of writing to it; wait a moment, then run the same command again",
    "57014": "the server is too slow, or busy; run the same command again: nothing that was recorded is lost",
    "25006": "name a server that takes writes: this one is a copy, or was told to only read",
    "25P03": "this process was stopped in the middle of writing; " + AGAIN,
    "42501": "give the role what it needs: USAGE on the schema and SELECT on its table `events` to read, INSERT "
    "too to apply; to make a ledger, CREATE on the database",
    "53100": "make room on the server's disk; " + AGAIN,
    "53300": "the server has no connection left; end some, or allow more",
    "42703": BROKEN_HINT,
    "42P01": BROKEN_HINT,
    "3F000": BROKEN_HINT,
    "XX001": BROKEN_HINT,
    "XX002": BROKEN_HINT,
    FORKED: "the server has another history than this process has read: it was restored, or a copy that had "
    "fallen behind took over; run the same command again, and compare the head with one that was printed earlier",
}


def connect(access: LedgerAccess) -> Connection:
    """A new connection. Raises LedgerUnusable, GuardRefused where there is no password to be had."""
    password = access.secret() if access.secret else ""
    with translated(access, password, REACHING), _bare_environment():
        words = make_conninfo("", **parameters(access, password))
        return psycopg.connect(words, autocommit=True, prepare_threshold=None)


def again(access: LedgerAccess) -> Connection:
    """As `connect`, with patience: the server was there a moment ago."""
    for pause in PAUSES[:-1]:
        time.sleep(pause)
        try:
            return connect(access)
        except LedgerUnusable:
            continue
    time.sleep(PAUSES[-1])
    return connect(access)


def parameters(access: LedgerAccess, password: str) -> dict[str, str]:
    """What libpq is told. What it is not told it takes from the environment, which is bare, or has built in."""
    server = access.server
    mode = access.sslmode or ("prefer" if server.is_here else "verify-full")
    trusted = access.ca_file or (certifi.where() if mode.startswith("verify") else NOWHERE)
    return {
        "host": server.host,
        "port": str(server.port),
        "dbname": server.database,
        "user": access.user,
        "password": password,
        "passfile": NOWHERE,
        "sslmode": mode,
        "sslrootcert": trusted,
        "sslcert": NOWHERE,
        "sslcrl": NOWHERE,
        "gssencmode": "disable",
        "client_encoding": "UTF8",
        "application_name": "reconciler",
        "connect_timeout": str(CONNECT_SECONDS),
        "keepalives_idle": str(SILENT_SECONDS // 2),
        "keepalives_interval": "5",
        "keepalives_count": "3",
        "tcp_user_timeout": str(SILENT_SECONDS * 1000),
    }


def rows(connection: Connection, statements: psycopg.sql.Composed) -> Sequence[TupleRow]:
    """Send statements in one message, and return what the last one gives: one way to the server and back."""
    cursor = connection.execute(statements)
    while cursor.nextset():
        pass
    return cursor.fetchall() if cursor.description else []


@contextmanager
def translated(access: LedgerAccess, password: str = "", hint: str = AGAIN) -> Iterator[None]:
    """The driver's errors as one of ours with a way out, and the password in none of them."""
    try:
        yield
    except psycopg.Error as error:
        text = error.diag.message_primary or str(error) or type(error).__name__
        said = " ".join(text.split())[:LONGEST]
        if password:
            said = said.replace(password, "…")
        found = HINTS.get(error.sqlstate or "", _not_reached(said) if hint is REACHING else hint)
        raise LedgerUnusable(f"{access.server}: {said}", hint=found) from error
    except (UnicodeError, ssl.SSLError) as error:
        raise LedgerUnusable(f"{access.server}: {error}", hint=hint) from error


def _not_reached(said: str) -> str:
    return next((hint for words, hint in NOT_REACHED if re.search(words, said)), REACHING)


@contextmanager
def _bare_environment() -> Iterator[None]:
    """Without libpq's own variables (PGHOST, PGPASSWORD, PGSERVICE, PGOPTIONS …): whoever set them meant another
    program. No thread of ours looks at them meanwhile."""
    kept = {name: os.environ.pop(name) for name in list(os.environ) if name.startswith("PG")}
    try:
        yield
    finally:
        os.environ.update(kept)
