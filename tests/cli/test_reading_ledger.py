"""Commands that only look back: with a role that only reads, on a record that was tampered with, and on none."""

from __future__ import annotations

import json
import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from reconciler.model.ledger_place import LedgerAccess
from reconciler.twins import Twin
from tests.cli.conftest import Cli
from tests.cli.test_team_ledger import moved, quiet, writes
from tests.postgresql import needs_server, own_schema, reading_role, superuser

Twins = dict[str, Twin]
PAST = [
    ("history",),
    ("ledger", "list"),
    ("ledger", "export"),
    ("ledger", "verify"),
    ("lease", "show"),
]
ASKS = [*PAST, ("plan",), ("drift",), ("access",), ("doctor", "--offline")]
WRITES = [
    ("apply", "--yes"),
    ("resume",),
    ("lease", "release", "analytics", "--reason", "it is gone", "--yes"),
    ("ledger", "forget", "analytics/Label/audited", "--reason", "why", "--yes"),
]


@pytest.fixture
def access(project: Path, twins: Twins, cli: Cli, monkeypatch: pytest.MonkeyPatch) -> Iterator[LedgerAccess]:
    """The starter project, applied once, with its ledger on a server. What is said now comes from its owner."""
    shutil.rmtree(project / ".reconciler")
    with own_schema() as found:
        moved(project, str(found.server))
        assert found.secret is not None
        monkeypatch.setenv("RECONCILER_LEDGER_URL", str(found.server))
        monkeypatch.setenv("RECONCILER_LEDGER_USER", found.user)
        monkeypatch.setenv("RECONCILER_LEDGER_PASSWORD", found.secret())
        assert cli("init", "--ledger-only").code == 0
        assert cli("apply", "--yes").code == 0
        yield found


@pytest.fixture
def reader(access: LedgerAccess, monkeypatch: pytest.MonkeyPatch) -> Iterator[LedgerAccess]:
    """From now on the operator signs in with a role that was given what the guide says a reader needs."""
    with reading_role(access) as (name, word):
        monkeypatch.setenv("RECONCILER_LEDGER_USER", name)
        monkeypatch.setenv("RECONCILER_LEDGER_PASSWORD", word)
        yield access


@needs_server
@pytest.mark.timeout(120)
def test_a_role_that_only_reads_is_enough_for_whatever_never_writes(
    cli: Cli, reader: LedgerAccess, twins: Twins
) -> None:
    before = writes(twins)
    address = json.loads(cli("ledger", "list", "--output", "json").out)["bonds"][0]["address"]

    for words in [*ASKS, ("ledger", "show", address)]:
        said = quiet(cli(*words), reader)
        assert said.code == 0, (words, said)
    assert "may only read" in " ".join(cli("doctor", "--offline").out.split())
    for words in [*WRITES[:3], ("ledger", "forget", address, "--reason", "why", "--yes")]:
        said = quiet(cli(*words), reader)
        assert (said.code, "this role may only read" in said.err) == (8, True), (words, said)
    assert "is there already" in cli("init", "--ledger-only").out
    assert writes(twins) == before


def in_a_file(root: Path) -> None:
    with closing(sqlite3.connect(root / ".reconciler/ledger.db")) as database:
        database.execute("DROP TRIGGER events_last")
        database.execute("UPDATE events SET time = '2026-01-01T00:00:00.000Z' WHERE seq = 5")
        database.commit()


def on_a_server(access: LedgerAccess) -> None:
    schema = access.server.schema
    with superuser() as database:
        database.execute(f"SET search_path = {schema}; DROP TRIGGER events_stay ON events".encode())
        database.execute("UPDATE events SET time = '2026-01-01T00:00:00.000Z' WHERE seq = 5")


def still_tells(cli: Cli) -> None:
    """Without its guard, and with event 5 edited."""
    said = cli("ledger", "verify")
    told = json.loads(cli("ledger", "verify", "--output", "json").out)
    out = " ".join(said.out.split())
    assert (said.code, told["firstBad"], told["holds"]) == (4, 5, False), said
    assert "event 5 is not what was written" in out
    assert "its tables are not as they were made" in out
    assert "its tables are not as they were made" in told["altered"]
    assert "run `reconciler init --ledger-only`" in out

    taken = cli("ledger", "export", "-o", "good.jsonl")
    err = " ".join(taken.err.split())
    assert (taken.code, "event 5 is not what was written" in err, "4 events" in err) == (4, True, True), taken
    assert cli("ledger", "verify", "--file", "good.jsonl").code == 0
    assert len(Path("good.jsonl").read_text().splitlines()) == 4
    for words in (("plan",), ("apply", "--yes"), ("history",), ("ledger", "list")):
        refused = cli(*words)
        assert (refused.code, "not as they were made" in " ".join(refused.err.split())) == (8, True), words


def test_an_edited_file_without_its_guard_is_still_verified_and_taken_away(
    cli: Cli, project: Path, twins: Twins
) -> None:
    assert cli("apply", "--yes").code == 0
    in_a_file(project)

    still_tells(cli)


@needs_server
def test_an_edited_table_without_its_guard_is_still_verified_and_taken_away(
    cli: Cli, access: LedgerAccess
) -> None:
    on_a_server(access)

    still_tells(cli)


def test_a_guard_that_is_gone_is_told_also_where_every_event_is_good(cli: Cli, project: Path) -> None:
    with closing(sqlite3.connect(project / ".reconciler/ledger.db")) as database:
        database.execute("DROP TRIGGER events_last")
        database.commit()

    said = cli("ledger", "verify")

    assert said.code == 4
    assert "ALTERED: every event is as it was written" in " ".join(said.out.split())
    assert cli("ledger", "export", "-o", "all.jsonl").code == 4
    assert cli("ledger", "verify", "--file", "all.jsonl").code == 0


def test_of_a_bad_export_another_copy_is_to_be_taken(cli: Cli, project: Path, twins: Twins) -> None:
    assert cli("apply", "--yes").code == 0
    assert cli("ledger", "export", "-o", "e.jsonl").code == 0
    Path("e.jsonl").write_text(Path("e.jsonl").read_text().replace("2026", "2027", 1))
    Path("empty.jsonl").write_text("")

    bad, empty = (cli("ledger", "verify", "--file", name) for name in ("e.jsonl", "empty.jsonl"))

    assert (bad.code, empty.code) == (4, 8)
    for said in (bad.out, empty.err):
        assert "take a good copy" in " ".join(said.split())
        assert "reconciler init" not in said


@pytest.mark.parametrize(
    "words",
    [*PAST, *WRITES[1:], ("history", "show", "run-2"), ("ledger", "show", "analytics/Label/audited")],
    ids=" ".join,
)
def test_without_a_ledger_nobody_is_told_of_applying(cli: Cli, project: Path, words: tuple[str, ...]) -> None:
    (project / ".reconciler/ledger.db").unlink()

    said = cli(*words)

    assert said.code == 3
    assert "there is no ledger" in said.err
    assert "`reconciler init --ledger-only`" in " ".join(said.err.split())
    assert not any(word in said.err for word in ("apply", "ephemeral"))
