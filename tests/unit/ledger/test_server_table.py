"""A ledger on a server: its table is exactly as it was made, on a server that keeps what it is told."""

from __future__ import annotations

import secrets

import psycopg
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reconciler.ledger import Ledger
from reconciler.ledger.event import FORMAT
from reconciler.ledger.postgres_schema import check_settings
from reconciler.model.faults import LedgerUnusable
from reconciler.model.ledger_place import LedgerAccess
from reconciler.model.record import replace
from tests.postgresql import access_to, needs_server, superuser
from tests.unit.ledger.samples import begun, made, reopened, tampering
from tests.unit.ledger.servers import FAR, granted, refused

# What lies there


@needs_server
@pytest.mark.parametrize("statement", ["DELETE FROM", "TRUNCATE", "UPDATE", "INSERT INTO"])
def test_events_cannot_be_changed_by_accident(access: LedgerAccess, statement: str) -> None:
    made(access).close()
    tail = {"UPDATE": " SET time = ''", "INSERT INTO": " VALUES (7, '', '', '', '', '', '', 'x', '')"}
    with superuser() as database, pytest.raises(psycopg.Error, match="event"):
        database.execute(f"{statement} {access.server.schema}.events{tail.get(statement, '')}".encode())


@needs_server
def test_tables_of_somebody_else_are_left_alone(access: LedgerAccess) -> None:
    with superuser() as database:
        database.execute(f"CREATE SCHEMA {access.server.schema}".encode())
        database.execute(f"CREATE TABLE {access.server.schema}.events (seq bigint)".encode())

    assert "not a ledger" in refused(access)
    assert "not a ledger" in refused(access, create=True)


CHANGES = [
    "DROP TRIGGER events_stay ON events",
    "ALTER TABLE events DISABLE TRIGGER events_stay",
    "ALTER TABLE events ENABLE TRIGGER events_follow",
    "CREATE OR REPLACE FUNCTION events_stay() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NULL; END'",
    "CREATE FUNCTION wipe() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NULL; END'",
    "ALTER TABLE events SET UNLOGGED",
    "ALTER TABLE events ENABLE ROW LEVEL SECURITY",
    "ALTER TABLE events DROP CONSTRAINT events_prev_key",
    "ALTER TABLE events RENAME COLUMN body TO text",
    "ALTER TABLE events ALTER COLUMN body SET DEFAULT ''",
    "ALTER TABLE events ADD COLUMN more text",
    "CREATE RULE r AS ON INSERT TO events DO INSTEAD NOTHING",
    "CREATE TABLE more (x text)",
    "CREATE TABLE child () INHERITS (events)",
    "CREATE INDEX i ON events (run)",
    "DROP TABLE events; CREATE TABLE events (x int); COMMENT ON TABLE events IS 'reconciler ledger, format 1'",
]


@needs_server
@pytest.mark.parametrize("statement", CHANGES)
def test_a_schema_that_is_not_exactly_ours_is_refused(access: LedgerAccess, statement: str) -> None:
    made(access).close()
    with superuser() as database:
        database.execute(f"SET search_path = {access.server.schema}; {statement}".encode())

    assert "tables are not as they were made" in refused(access)


@needs_server
def test_a_newer_format_names_both(access: LedgerAccess) -> None:
    made(access).close()
    with tampering(access) as database:
        database.execute(f"COMMENT ON TABLE events IS 'reconciler ledger, format {FORMAT + 1}'")

    assert f"it has format {FORMAT + 1}; this version reads format {FORMAT}" in refused(access)


@needs_server
def test_an_empty_table_is_refused(access: LedgerAccess) -> None:
    made(access).close()
    with tampering(access) as database:
        database.execute("DELETE FROM events")

    assert "it is empty" in refused(access)


@needs_server
def test_a_database_of_another_encoding_is_refused() -> None:
    name = f"ascii_{secrets.token_hex(6)}"
    with superuser() as database:
        database.execute(f"CREATE DATABASE {name} ENCODING 'SQL_ASCII' LOCALE 'C' TEMPLATE template0".encode())
        try:
            access = access_to()
            assert "keeps texts as SQL_ASCII" in refused(
                replace(access, server=replace(access.server, database=name)), create=True
            )
        finally:
            database.execute(f"DROP DATABASE {name}".encode())


@needs_server
def test_a_server_that_confirms_before_it_kept_is_told_otherwise(access: LedgerAccess, role: LedgerAccess) -> None:
    granted(
        role, "ALTER ROLE {role} SET synchronous_commit = off", "GRANT CREATE ON DATABASE {database} TO {role}"
    )
    with made(role) as ledger, ledger.together():
        begun(ledger)
        assert setting(ledger, "synchronous_commit") == "on"
        assert setting(ledger, "transaction_isolation") == "read committed"
        assert setting(ledger, "lock_timeout") == "10s"


@needs_server
def test_a_stronger_promise_of_the_server_stays(role: LedgerAccess) -> None:
    granted(
        role,
        "ALTER ROLE {role} SET synchronous_commit = remote_apply",
        "ALTER ROLE {role} SET default_transaction_isolation = serializable",
        "GRANT CREATE ON DATABASE {database} TO {role}",
    )
    with made(role) as ledger, ledger.together():
        begun(ledger)
        assert setting(ledger, "synchronous_commit") == "remote_apply"
        assert setting(ledger, "transaction_isolation") == "read committed"


def setting(ledger: Ledger, name: str) -> str:
    row = ledger._store._connection.execute(f"SHOW {name}").fetchone()  # type: ignore[attr-defined]
    return str(row[0])


@pytest.mark.parametrize(
    ("encoding", "synced", "word"), [("LATIN1", True, "LATIN1"), ("UTF8", False, "fsync off")]
)
def test_a_server_that_could_not_keep_it_is_refused(encoding: str, synced: bool, word: str) -> None:
    with pytest.raises(LedgerUnusable, match=word) as fault:
        check_settings(FAR.server, encoding, synced=synced)
    assert fault.value.hint


# Bytes in, the same bytes out

TEXTS = st.text(st.characters(codec=None, categories=None), max_size=40)


@needs_server
def test_any_text_comes_back_as_it_was_told(access: LedgerAccess) -> None:
    with made(access) as ledger:
        run = begun(ledger)

        @settings(max_examples=40, deadline=None)
        @given(TEXTS, st.dictionaries(TEXTS, TEXTS, max_size=3))
        def told(text: str, more: dict[str, str]) -> None:
            ledger.note(run, {**more, "text": text})
            *_, last = ledger.events()
            assert last.content == {**more, "text": text}

        told()
        told_hard = "\x00 \ud800 \udfff 😀 \u2028 ' \\ $1 %s ? \x1b é e\u0301 ﬁ"
        ledger.note(run, {"text": told_hard})
        head = ledger.head
    with reopened(access) as ledger:
        *_, last = ledger.events()
        assert last.content == {"text": told_hard}
        assert ledger.verify() == head


@needs_server
def test_a_large_plan_comes_back(access: LedgerAccess) -> None:
    with made(access) as ledger:
        run = begun(ledger)
        ledger.note(run, {"text": "x" * 9_000_000})
        assert ledger.verify() == ledger.head
