"""The ledger's table on a PostgreSQL server: how it is made, and how it is told from all others."""

from __future__ import annotations

import hashlib
from typing import Final

from psycopg.sql import SQL, Composed, Identifier, Literal

from reconciler.ledger.event import FORMAT, Event
from reconciler.ledger.history import BROKEN_HINT, NEWER_HINT
from reconciler.ledger.postgres_connection import FORKED, HINTS, Connection, rows
from reconciler.ledger.store import Denied, TablesAltered
from reconciler.model.faults import LedgerUnusable
from reconciler.model.ledger_place import Server

COLUMNS: Final = ("seq", "time", "type", "run", "target", "address", "body", "prev", "hash")
MARK: Final = "reconciler ledger, format "
"""How the comment on our table begins; its format follows."""
OTHER_HINT: Final = "name a schema of its own for the ledger: `?schema=` in its URL"
NEEDED_HINT: Final = HINTS["42501"]

STAY: Final = """
BEGIN
    RAISE EXCEPTION 'events never change, and never go';
END
"""
# The lock of a section keeps two writers apart; this stops one whose past the server does not have: it was
# restored, or a copy that lacks the end took over.
FOLLOW: Final = """
BEGIN
    IF NEW.seq <> 1 OR EXISTS (SELECT FROM {schema}.events) THEN
        IF NOT EXISTS (SELECT FROM {schema}.events WHERE seq = NEW.seq - 1 AND hash = NEW.prev)
           OR EXISTS (SELECT FROM {schema}.events WHERE seq >= NEW.seq) THEN
            RAISE EXCEPTION 'event % does not follow from the last one', NEW.seq USING ERRCODE = {forked};
        END IF;
    END IF;
    RETURN NEW;
END
"""
SCHEMA: Final = (
    # Bytes in, the same bytes out, whatever the database's locale is, and no index that an upgrade of it breaks.
    """CREATE TABLE {schema}.events (
        seq bigint PRIMARY KEY, time text COLLATE "C" NOT NULL, type text COLLATE "C" NOT NULL,
        run text COLLATE "C" NOT NULL, target text COLLATE "C" NOT NULL, address text COLLATE "C" NOT NULL,
        body text COLLATE "C" NOT NULL, prev text COLLATE "C" NOT NULL UNIQUE, hash text COLLATE "C" NOT NULL)""",
    """CREATE FUNCTION {schema}.events_stay() RETURNS trigger
        LANGUAGE plpgsql SET search_path = pg_catalog AS {stay}""",
    """CREATE FUNCTION {schema}.events_follow() RETURNS trigger
        LANGUAGE plpgsql SET search_path = pg_catalog AS {follow}""",
    """CREATE TRIGGER events_stay BEFORE UPDATE OR DELETE OR TRUNCATE ON {schema}.events
        FOR EACH STATEMENT EXECUTE FUNCTION {schema}.events_stay()""",
    """CREATE TRIGGER events_follow BEFORE INSERT ON {schema}.events
        FOR EACH ROW EXECUTE FUNCTION {schema}.events_follow()""",
    "ALTER TABLE {schema}.events ENABLE ALWAYS TRIGGER events_stay, ENABLE ALWAYS TRIGGER events_follow",
    "REVOKE ALL ON SCHEMA {schema} FROM PUBLIC",
    "REVOKE ALL ON {schema}.events FROM PUBLIC",
    "COMMENT ON TABLE {schema}.events IS {mark}",
)
# What there is in the schema, by name and in full; not the NOT NULL constraints, which only some versions list.
CATALOG: Final = """
WITH place AS (SELECT oid FROM pg_catalog.pg_namespace WHERE nspname = {name}),
     things AS (SELECT * FROM pg_catalog.pg_class WHERE relnamespace IN (SELECT oid FROM place))
SELECT 'relation', relname::text,
       concat_ws(' ', relkind, relpersistence, relrowsecurity, relispartition, relhassubclass, relhasrules)
  FROM things
UNION ALL
SELECT 'column', attname::text, concat_ws(' ', attnum, format_type(atttypid, atttypmod), attnotnull, atthasdef,
       attidentity, attgenerated, (SELECT collname FROM pg_catalog.pg_collation c WHERE c.oid = attcollation))
  FROM pg_catalog.pg_attribute JOIN things t ON attrelid = t.oid AND relkind = 'r'
 WHERE attnum > 0 AND NOT attisdropped
UNION ALL
SELECT 'constraint', conname::text, concat_ws(' ', pg_get_constraintdef(k.oid), convalidated)
  FROM pg_catalog.pg_constraint k JOIN things t ON conrelid = t.oid WHERE contype <> 'n'
UNION ALL
SELECT 'trigger', tgname::text, concat_ws(' ', tgtype, tgenabled, tgqual IS NULL, tgnargs, tgattr,
       (SELECT proname FROM pg_catalog.pg_proc p JOIN place ON p.pronamespace = place.oid WHERE p.oid = tgfoid))
  FROM pg_catalog.pg_trigger g JOIN things t ON tgrelid = t.oid WHERE NOT tgisinternal
UNION ALL
SELECT 'function', proname::text, concat_ws(' ', lanname, prosecdef, proconfig, prosrc)
  FROM pg_catalog.pg_proc p JOIN place ON pronamespace = place.oid JOIN pg_catalog.pg_language l ON l.oid = prolang
UNION ALL
SELECT 'mark', relname::text, obj_description(oid, 'pg_class') FROM things WHERE relkind = 'r'
"""
SETTINGS: Final = """
SELECT current_setting('server_encoding'), current_setting('fsync'), current_setting('transaction_read_only'),
       pg_is_in_recovery()
"""
RIGHTS: Final = """
SELECT has_schema_privilege({name}, 'USAGE')
   AND (SELECT bool_and(has_table_privilege(c.oid, {right}))
          FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = relnamespace
         WHERE nspname = {name} AND relname = 'events')
"""


def make(server: Server, connection: Connection) -> None:
    """The schema, if it is not there, and the table in it."""
    # IF NOT EXISTS would ask for a right that whoever made the schema beforehand meant to spare us.
    if not _ask(connection, "SELECT 1 FROM pg_catalog.pg_namespace WHERE nspname = {name}", server):
        connection.execute(SQL("CREATE SCHEMA {}").format(Identifier(server.schema)))
    connection.execute(_statements(server))


def _statements(server: Server) -> Composed:
    """All that makes the table, in one message."""
    words = {"schema": Identifier(server.schema), "mark": Literal(f"{MARK}{FORMAT}")}
    bodies = {"stay": Literal(STAY), "follow": Literal(_follow(server))}
    return SQL("; ").join(SQL(text).format(**words, **bodies) for text in SCHEMA)


def _follow(server: Server) -> str:
    return FOLLOW.replace("{schema}", f'"{server.schema}"').replace("{forked}", f"'{FORKED}'")


def insert(connection: Connection, server: Server, event: Event) -> None:
    query = SQL("INSERT INTO {}.events ({}) VALUES ({})").format(
        Identifier(server.schema),
        SQL(", ").join(map(Identifier, COLUMNS)),
        SQL(", ").join([SQL("%s")] * len(COLUMNS)),
    )
    connection.execute(query, [getattr(event, column) for column in COLUMNS])


def lock_of(server: Server) -> int:
    """The number of the advisory lock that writers of this ledger take; such locks belong to one database."""
    digest = hashlib.sha256(f"reconciler ledger {server.schema}".encode()).digest()
    return int.from_bytes(digest[:8], "big", signed=True)


def is_there(server: Server, connection: Connection) -> bool:
    """Whether there is a ledger, exactly as it was made. Raises LedgerUnusable for a schema that holds anything
    else: a trigger could change history, a policy could hide it."""
    found = {(str(a), str(b), str(c)) for a, b, c in _ask(connection, CATALOG, server)}
    if not found:
        return False
    marks = [text for what, name, text in found if (what, name) == ("mark", "events")]
    written = marks[0].removeprefix(MARK) if marks and marks[0].startswith(MARK) else ""
    if not written.isdecimal():
        raise LedgerUnusable(f"{server}: what lies there is not a ledger", hint=OTHER_HINT)
    if int(written) > FORMAT:
        text = f"{server}: it has format {written}; this version reads format {FORMAT}"
        raise LedgerUnusable(text, hint=NEWER_HINT)
    if found != expected(server):
        raise TablesAltered(f"{server}: its tables are not as they were made", hint=BROKEN_HINT)
    return True


def expected(server: Server) -> set[tuple[str, str, str]]:
    """What `CATALOG` finds where nobody touched anything."""
    seq, *texts = enumerate(COLUMNS, start=1)
    indexes = {("relation", name, "i p f f f f") for name in ("events_pkey", "events_prev_key")}
    shell = "plpgsql f {search_path=pg_catalog} "
    return indexes | {
        ("relation", "events", "r p f f f f"),
        ("column", seq[1], f"{seq[0]} bigint t f  "),
        *(("column", name, f"{number} text t f   C") for number, name in texts),
        ("constraint", "events_pkey", "PRIMARY KEY (seq) t"),
        ("constraint", "events_prev_key", "UNIQUE (prev) t"),
        ("trigger", "events_stay", "58 A t 0  events_stay"),  # before any update, delete or truncate; always
        ("trigger", "events_follow", "7 A t 0  events_follow"),  # before each row that is inserted; always
        ("function", "events_stay", shell + STAY),
        ("function", "events_follow", shell + _follow(server)),
        ("mark", "events", f"{MARK}{FORMAT}"),
    }


def _ask(connection: Connection, query: str, server: Server, **more: str) -> list[tuple[object, ...]]:
    words = {name: Literal(text) for name, text in more.items()}
    return [tuple(row) for row in rows(connection, SQL(query).format(name=Literal(server.schema), **words))]


def check_server(server: Server, connection: Connection) -> Denied | None:
    """Why nothing can be appended over this connection, whatever the role's rights. Raises LedgerUnusable where
    the server could not keep what it is told."""
    encoding, synced, read_only, copy = rows(connection, SQL(SETTINGS).format())[0]
    check_settings(server, str(encoding), synced=str(synced) == "on")
    if copy:
        return Denied(f"{server}: this server only reads", HINTS["25006"])
    return _only_reads(server) if str(read_only) == "on" else None


def check_settings(server: Server, encoding: str, *, synced: bool) -> None:
    if encoding != "UTF8":
        hint = "make a database for it: CREATE DATABASE … ENCODING 'UTF8' TEMPLATE template0"
        raise LedgerUnusable(f"{server}: this database keeps texts as {encoding}, not as UTF8", hint=hint)
    if not synced:
        text = "this server runs with fsync off: a power loss could take what a run was told is kept"
        raise LedgerUnusable(f"{server}: {text}", hint="set fsync = on there, or name another server")


def check_rights(server: Server, connection: Connection) -> Denied | None:
    """Why this role may not append, told now rather than in the middle of a run. Raises LedgerUnusable where it
    may not even read."""
    if not _ask(connection, RIGHTS, server, right="SELECT")[0][0]:
        raise LedgerUnusable(f"{server}: this role may not read there", hint=NEEDED_HINT)
    return None if _ask(connection, RIGHTS, server, right="INSERT")[0][0] else _only_reads(server)


def _only_reads(server: Server) -> Denied:
    return Denied(f"{server}: this role may only read", NEEDED_HINT)
