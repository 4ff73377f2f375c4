"""A ledger on a server: who gets in, what is refused with a way out, and what the operator never said."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import threading
from collections.abc import Callable
from pathlib import Path

import pytest

from reconciler.ledger.postgres_connection import parameters
from reconciler.model.faults import LedgerUnusable
from reconciler.model.ledger_place import LedgerAccess
from reconciler.model.record import replace
from tests.postgresql import CA_FILE, access_to, needs_server, own_schema, superuser
from tests.unit.ledger.samples import begun, made, reopened, some_history
from tests.unit.ledger.servers import FAR, granted, refused

# Where there is none


@needs_server
def test_a_ledger_is_not_made_by_looking(access: LedgerAccess) -> None:
    assert "there is no ledger here" in refused(access)
    with superuser() as database:
        found = database.execute("SELECT FROM pg_namespace WHERE nspname = %s", [access.server.schema])
        assert found.fetchone() is None


@needs_server
def test_a_schema_that_was_made_beforehand_is_used(access: LedgerAccess, role: LedgerAccess) -> None:
    granted(role, "CREATE SCHEMA {schema}", "GRANT USAGE, CREATE ON SCHEMA {schema} TO {role}")

    with made(role) as ledger:
        some_history(ledger)


@needs_server
def test_two_ledgers_of_one_database_know_nothing_of_each_other(access: LedgerAccess) -> None:
    with own_schema() as another, made(access) as one, made(another) as two:
        with one.together():
            begun(one)
            begun(two)  # its lock is another one
        assert one.head != two.head


@needs_server
def test_many_who_make_it_at_once_make_one(access: LedgerAccess) -> None:
    code = (
        "import sys; from tests.unit.ledger.samples import made, place_of\n"
        "with made(place_of(sys.argv[1])) as ledger: print(next(ledger.events()).hash)"
    )
    words = [sys.executable, "-c", code, access.server.schema]
    makers = [subprocess.Popen(words, stdout=subprocess.PIPE, text=True) for _ in range(4)]
    said = {maker.communicate(timeout=60)[0] for maker in makers}

    assert len(said) == 1
    with reopened(access) as ledger:
        assert said == {ledger.head + "\n"}


# Who gets in


@needs_server
def test_a_wrong_password_is_refused_and_not_shown(access: LedgerAccess) -> None:
    assert "password authentication failed" in refused(replace(access, secret=lambda: "canary-7f3a"))


@needs_server
def test_no_password_is_taken_from_anywhere_else(
    access: LedgerAccess, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """What stands in libpq's own variables and files was meant for other programs."""
    assert access.secret is not None
    (tmp_path / ".pgpass").write_text(f"*:*:*:*:{access.secret()}\n")
    (tmp_path / ".pgpass").chmod(0o600)

    with monkeypatch.context() as environment:
        environment.setenv("HOME", str(tmp_path))
        environment.setenv("PGPASSWORD", access.secret())
        assert "password" in refused(replace(access, secret=None))


@needs_server
def test_what_other_programs_are_told_does_not_mislead(
    access: LedgerAccess, monkeypatch: pytest.MonkeyPatch
) -> None:
    misleading = {"PGHOST": "db.example.com", "PGHOSTADDR": "192.0.2.1", "PGPORT": "1", "PGDATABASE": "no"}
    misleading |= {"PGUSER": "no", "PGPASSWORD": "no", "PGSERVICE": "no", "PGOPTIONS": "-c search_path=no"}
    misleading |= {"PGSSLMODE": "verify-full", "PGSSLROOTCERT": "/no", "PGTZ": "no", "PGCLIENTENCODING": "LATIN1"}
    with monkeypatch.context() as environment:
        for name, value in misleading.items():
            environment.setenv(name, value)
        with made(access) as ledger:
            some_history(ledger)
        assert {n: os.environ[n] for n in misleading} == misleading


@needs_server
def test_a_database_that_is_not_there_is_named(access: LedgerAccess) -> None:
    nowhere = replace(access, server=replace(access.server, database="missing"))

    assert '"missing" does not exist' in refused(nowhere)


@needs_server
def test_nobody_who_listens_is_said_so(access: LedgerAccess) -> None:
    assert "refused" in refused(replace(access, server=replace(access.server, port=1)), create=True)


@needs_server
def test_a_role_that_may_only_append_and_read_can_work(access: LedgerAccess, role: LedgerAccess) -> None:
    made(access).close()
    granted(
        role,
        "GRANT USAGE ON SCHEMA {schema} TO {role}",
        "GRANT SELECT, INSERT ON {schema}.events TO {role}",
    )

    with reopened(role) as ledger:
        some_history(ledger)


@needs_server
@pytest.mark.parametrize(
    "rights",
    [
        (),
        ("GRANT USAGE ON SCHEMA {schema} TO {role}",),
        ("GRANT USAGE ON SCHEMA {schema} TO {role}", "GRANT INSERT ON {schema}.events TO {role}"),
    ],
)
def test_a_role_that_lacks_a_right_says_so_at_once(
    access: LedgerAccess, role: LedgerAccess, rights: tuple[str, ...]
) -> None:
    made(access).close()
    granted(role, *rights)

    assert "this role may not read there" in refused(role)


@needs_server
def test_a_role_that_may_make_nothing_says_so(role: LedgerAccess) -> None:
    assert "permission denied" in refused(role, create=True)


@needs_server
def test_a_server_or_role_that_only_reads_says_so_at_once(access: LedgerAccess, role: LedgerAccess) -> None:
    made(access).close()
    granted(
        role,
        "GRANT USAGE ON SCHEMA {schema} TO {role}",
        "GRANT SELECT, INSERT ON {schema}.events TO {role}",
        "ALTER ROLE {role} SET default_transaction_read_only = on",
    )

    assert "this role may only read" in refused(role)
    assert "this role may only read" in refused(role, create=True)


@needs_server
def test_the_others_of_a_database_cannot_read_it(access: LedgerAccess, role: LedgerAccess) -> None:
    import psycopg

    made(access).close()
    assert role.secret is not None
    at = role.server
    words = {"host": at.host, "port": at.port, "dbname": at.database, "user": role.user, "password": role.secret()}
    with psycopg.connect(**words) as other, pytest.raises(psycopg.errors.InsufficientPrivilege):  # type: ignore[arg-type]
        other.execute(f"TABLE {at.schema}.events".encode())


# What the driver is told


def test_a_connection_is_verified_except_towards_this_machine() -> None:
    import certifi

    far = parameters(FAR, "s3cret")
    assert (far["sslmode"], far["sslrootcert"]) == ("verify-full", certifi.where())
    assert parameters(replace(FAR, ca_file="/ca.pem"), "")["sslrootcert"] == "/ca.pem"
    assert parameters(replace(FAR, sslmode="require"), "")["sslmode"] == "require"
    for host in ("127.0.0.1", "::1", "localhost", "/run/postgresql"):
        assert parameters(replace(FAR, server=replace(FAR.server, host=host)), "")["sslmode"] == "prefer"


@needs_server
@pytest.mark.skipif(not CA_FILE, reason="no RECONCILER_TEST_POSTGRESQL_CA")
def test_a_server_is_believed_only_with_a_certificate_somebody_trusted_vouches_for(access: LedgerAccess) -> None:
    strictly = replace(access, sslmode="verify-full")

    assert "certificate verify failed" in refused(strictly)
    with made(replace(strictly, ca_file=CA_FILE)) as ledger:
        row = ledger._store._connection.execute(  # type: ignore[attr-defined]
            "SELECT ssl FROM pg_stat_ssl WHERE pid = pg_backend_pid()"
        ).fetchone()
        assert row == (True,)


def test_nothing_is_told_to_a_server_that_speaks_no_tls() -> None:
    heard: list[bytes] = []

    def plain(listener: socket.socket) -> None:
        end, _ = listener.accept()
        with end:
            heard.append(end.recv(1000))
            end.sendall(b"N")
            heard.append(end.recv(1000))

    with socket.create_server(("127.0.0.1", 0)) as listener:
        thread = threading.Thread(target=plain, args=(listener,))
        thread.start()
        here = replace(FAR.server, host="127.0.0.1", port=listener.getsockname()[1])
        assert "does not support SSL" in refused(replace(FAR, server=here, sslmode="verify-full"))
        thread.join(10)

    assert heard == [b"\0\0\0\x08\x04\xd2\x16\x2f", b""]  # the question whether there is TLS, and no more


def test_the_driver_is_loaded_only_when_a_server_is_asked() -> None:
    code = "import sys, reconciler.ledger as l, reconciler.ledger.open; sys.exit('psycopg' in sys.modules)"

    assert subprocess.run([sys.executable, "-c", code]).returncode == 0


def test_a_missing_driver_is_named_with_the_line_that_installs_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "psycopg", None)

    with pytest.raises(LedgerUnusable, match="driver for PostgreSQL is not installed") as fault:
        made(FAR)
    assert fault.value.hint == "pip install 'reconciler[postgresql]'"


# What is wrong where there is no connection


def _another(**changes: object) -> LedgerAccess:
    access = access_to()
    return replace(access, server=replace(access.server, **changes))  # type: ignore[arg-type]


@needs_server
@pytest.mark.parametrize(
    ("wrong", "hint"),
    [
        (lambda: replace(access_to(), secret=lambda: "wrong"), "user and password"),
        (lambda: _another(database="nowhere"), "the database in the ledger's URL"),
        (lambda: _another(port=1), "host and port"),
        (lambda: _another(host="db.invalid"), "the host of the ledger's URL"),
    ],
    ids=["password", "database", "refused", "host"],
)
def test_a_connection_that_cannot_be_had_has_one_way_out_each(
    wrong: Callable[[], LedgerAccess], hint: str
) -> None:
    with pytest.raises(LedgerUnusable) as fault:
        reopened(wrong())
    assert hint in fault.value.hint
    assert "see that the server runs" not in fault.value.hint
