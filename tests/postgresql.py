"""The PostgreSQL server that tests may use, if there is one: every test gets a schema of its own on it."""

from __future__ import annotations

import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from urllib.parse import unquote, urlsplit

import psycopg
import pytest

from reconciler.load.ledger_url import server_of
from reconciler.model.ledger_place import LedgerAccess, Server

VARIABLE = "RECONCILER_TEST_POSTGRESQL"
URL = os.environ.get(VARIABLE, "")
"""`postgresql://user:password@127.0.0.1:port/database`; read at once, for tests that empty the environment."""
CA_FILE = os.environ.get(f"{VARIABLE}_CA", "")
"""What vouches for that server, where it speaks TLS."""
MISSING = f"no {VARIABLE}"

needs_server = pytest.mark.skipif(not URL, reason=MISSING)


def access_to(url: str = URL, schema: str = "") -> LedgerAccess:
    """As its operator would give it. Anything in the URL of the tests' own server may be missing in ours."""
    parts = urlsplit(url)
    place = server_of(f"postgresql://{parts.netloc.rpartition('@')[2]}{parts.path}")
    server = Server(place.host, place.port, place.database, schema) if schema else place
    password = unquote(parts.password or "")
    return LedgerAccess(server, unquote(parts.username or ""), (lambda: password) if password else None)


@contextmanager
def own_schema() -> Iterator[LedgerAccess]:
    """Access to a schema that is not there yet, and is gone with all that was made in it at the end."""
    access = access_to(schema=f"test_{secrets.token_hex(6)}")
    try:
        yield access
    finally:
        with superuser() as database:
            database.execute(f'DROP SCHEMA IF EXISTS "{access.server.schema}" CASCADE'.encode())


@contextmanager
def reading_role(access: LedgerAccess) -> Iterator[tuple[str, str]]:
    """Name and password of a role with what the guide says a reader of this ledger needs, and nothing else."""
    name, word, schema = f"r_{secrets.token_hex(6)}", secrets.token_hex(8), access.server.schema
    with superuser() as database:
        database.execute(f"CREATE ROLE {name} LOGIN PASSWORD '{word}'".encode())
        try:
            database.execute(f"GRANT USAGE ON SCHEMA {schema} TO {name}".encode())
            database.execute(f"GRANT SELECT ON {schema}.events TO {name}".encode())
            yield name, word
        finally:
            database.execute(f"DROP OWNED BY {name}; DROP ROLE {name}".encode())


@contextmanager
def superuser() -> Iterator[psycopg.Connection[tuple[object, ...]]]:
    """Somebody with a database tool and all rights."""
    with psycopg.connect(URL, autocommit=True, connect_timeout=10) as connection:
        yield connection
