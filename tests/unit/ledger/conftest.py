"""Where the ledgers of these tests lie: each test that asks for a `place` runs with a file and with a server."""

from __future__ import annotations

import secrets
from collections.abc import Iterator
from pathlib import Path

import pytest

from reconciler.model.clock import Clock
from reconciler.model.ledger_place import LedgerAccess
from reconciler.model.record import replace
from tests.postgresql import needs_server, own_schema, superuser
from tests.unit.ledger.samples import Place


@pytest.fixture(params=["file", pytest.param("server", marks=needs_server)])
def place(request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Place]:
    """A place where no ledger is yet. The server's clock is the test's own, to be turned like a machine's."""
    if request.param == "file":
        yield tmp_path / "state" / "ledger.db"
        return

    def turned(_: object, clock: Clock) -> float:
        return clock.wall()

    monkeypatch.setattr("reconciler.ledger.postgres.PostgresStore.now", turned)
    with own_schema() as access:
        yield access


@pytest.fixture
def access() -> Iterator[LedgerAccess]:
    """A schema of the tests' server that is not there yet."""
    with own_schema() as found:
        yield found


@pytest.fixture
def role(access: LedgerAccess) -> Iterator[LedgerAccess]:
    """Access of a role without any right but to sign in."""
    name, word = f"r_{secrets.token_hex(6)}", secrets.token_hex(8)
    with superuser() as database:
        database.execute(f"CREATE ROLE {name} LOGIN PASSWORD '{word}'".encode())
        try:
            yield replace(access, user=name, secret=lambda: word)
        finally:
            database.execute(f"DROP OWNED BY {name}; DROP ROLE {name}".encode())
