"""Files that are no ledger, no longer one, or one from the future: one clear message and a way out."""

from __future__ import annotations

import os
import sqlite3
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from reconciler.ledger import Ledger
from reconciler.ledger.event import FORMAT, Draft, Event, Link, Type, seal
from reconciler.ledger.event import _hash as sealing
from reconciler.model.faults import LedgerUnusable
from reconciler.model.json import Json
from tests.unit.ledger.samples import begun, insert, made, reopened, some_history, tampering


def refused(path: Path, opening: Callable[[Path], Ledger] = reopened) -> str:
    with pytest.raises(LedgerUnusable) as fault:
        opening(path)
    text = str(fault.value)
    assert str(path) in text
    assert fault.value.hint
    assert "\n" not in text
    return text


@pytest.fixture
def path(tmp_path: Path) -> Path:
    path = tmp_path / "ledger.db"
    with made(path) as ledger:
        some_history(ledger)
    return path


def test_a_missing_file_is_not_made_by_looking(tmp_path: Path) -> None:
    path = tmp_path / ".reconciler" / "ledger.db"

    assert "there is no ledger here" in refused(path)
    assert not path.parent.exists()


def test_a_folder_is_not_a_file(tmp_path: Path) -> None:
    assert "not a file" in refused(tmp_path)
    assert "not a file" in refused(tmp_path, made)


def test_a_pipe_is_not_a_file(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")

    assert "not a file" in refused(tmp_path / "pipe")


def test_a_path_through_a_file_leads_nowhere(path: Path) -> None:
    refused(path / "ledger.db")
    refused(path / "ledger.db", made)


def test_only_one_folder_is_made(tmp_path: Path) -> None:
    refused(tmp_path / "typing" / "error" / "ledger.db", made)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("opening", [reopened, made])
def test_an_empty_file_is_not_filled_silently(tmp_path: Path, opening: Callable[[Path], Ledger]) -> None:
    path = tmp_path / "ledger.db"
    path.touch()

    assert "the file is empty" in refused(path, opening)
    assert path.stat().st_size == 0


@pytest.mark.parametrize(
    "content",
    [b"x", b"apiVersion: omni-analytics/v1\n" * 300, b"\0" * 8192, os.urandom(5000)],
    ids=["a letter", "a manifest", "zeros", "noise"],
)
def test_other_files_are_left_alone(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "notes.txt"
    path.write_bytes(content)

    refused(path)

    assert path.read_bytes() == content


def test_a_database_of_somebody_else_is_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "other.db"
    connection = sqlite3.connect(path)
    connection.execute("CREATE TABLE events (seq INTEGER PRIMARY KEY)")
    connection.commit()
    connection.close()
    before = path.read_bytes()

    assert "not a ledger" in refused(path)
    assert path.read_bytes() == before


def test_a_file_cut_off_anywhere_is_refused(path: Path) -> None:
    whole = path.read_bytes()
    for size in {*range(0, len(whole), 1777), len(whole) - 1}:
        path.write_bytes(whole[:size])
        refused(path)


def test_a_file_with_a_torn_page_is_refused_or_read_as_it_was(path: Path) -> None:
    whole = path.read_bytes()
    with reopened(path) as ledger:
        head = ledger.head
    for start in range(100, len(whole), 512):
        path.write_bytes(whole[:start] + bytes(512) + whole[start + 512 :])
        try:
            with reopened(path) as ledger:
                assert ledger.verify(head) == head  # the hole fell on free space
        except LedgerUnusable as fault:
            assert str(path) in str(fault)  # noqa: PT017


@pytest.mark.parametrize(
    "statement",
    [
        "CREATE TRIGGER wipe AFTER INSERT ON events BEGIN SELECT 1; END",
        "CREATE TABLE more (x)",
        "CREATE INDEX i ON events (run)",
        "DROP TRIGGER events_stay",
        "ALTER TABLE events RENAME COLUMN body TO text",
        "DROP TABLE events",
    ],
)
def test_a_schema_that_is_not_exactly_ours_is_refused(path: Path, statement: str) -> None:
    connection = sqlite3.connect(path)
    connection.execute(statement)
    connection.commit()
    connection.close()

    assert "tables are not as they were made" in refused(path)


# Newer versions


def test_a_newer_file_names_both_formats(path: Path) -> None:
    with tampering(path) as database:
        database.execute(f"PRAGMA user_version = {FORMAT + 1}")

    assert f"it has format {FORMAT + 1}; this version reads format {FORMAT}" in refused(path)


def rewritten(path: Path, *drafts: Draft) -> None:
    """A well-chained ledger of just these events."""
    last, events = Link(), []
    for draft in drafts:
        events.append(event := seal(draft, last, "2026-06-01T12:00:00.000Z"))
        last = Link(event.seq, event.hash)
    replaced(path, events)


def replaced(path: Path, events: list[Event]) -> None:
    with tampering(path) as database:
        database.execute("DELETE FROM events")
        for event in events:
            insert(database, event)


GENESIS = Draft(Type.GENESIS, body={"format": FORMAT})


@pytest.mark.parametrize("written", [FORMAT + 1, 0, "1", True, None])
def test_a_genesis_of_another_format_is_refused(path: Path, written: Json) -> None:
    rewritten(path, Draft(Type.GENESIS, body={"format": written}))

    assert "format" in refused(path)


def test_a_type_of_the_future_is_refused(path: Path) -> None:
    rewritten(path, GENESIS, Draft("prophecy"))  # type: ignore[arg-type]  # that is the point

    assert "event 2 is of a type this version does not know" in refused(path)


def test_an_empty_table_is_refused(path: Path) -> None:
    rewritten(path)

    assert "it is empty" in refused(path)


@pytest.mark.parametrize("drafts", [(Draft(Type.NOTE),), (GENESIS, GENESIS)])
def test_a_genesis_stands_first_and_once(path: Path, drafts: tuple[Draft, ...]) -> None:
    rewritten(path, *drafts)

    assert "not where it belongs" in refused(path)


@pytest.mark.parametrize(
    "draft",
    [
        Draft(Type.BIND),
        Draft(Type.BIND, body={"bond": 1, "previous": None}),
        Draft(Type.BIND, body={"bond": {"address": "a/b/c"}, "previous": None}),
        Draft(Type.RELEASE, address="nowhere"),
        Draft(Type.OUTCOME),
        Draft(Type.OUTCOME, address="a/b/c", body={"end": "done", "result": []}),
        Draft(Type.OUTCOME, address="a/b/c", body={"end": "done", "result": {"#id": "1", "#added": 1}}),
        Draft(Type.RUN_FINISHED),
        Draft(Type.LEASE_TAKEN, target="t", body={"number": "1"}),
        Draft(Type.LEASE_TAKEN, target="t", body={"number": 1, "who": {}, "expires": "soon"}),
        Draft(Type.LEASE_RENEWED, target="t", body={"number": 1, "expires": "2026-06-01T12:00:00Z"}),
    ],
)
def test_a_body_of_another_shape_is_refused_and_named(path: Path, draft: Draft) -> None:
    rewritten(path, GENESIS, draft)

    assert "cannot read event 2" in refused(path)


def test_a_body_too_deep_to_read_is_refused(path: Path) -> None:
    first = seal(GENESIS, Link(), "2026-06-01T12:00:00.000Z")
    body = '{"end":' + "[" * 90_000 + "]" * 90_000 + "}"
    head = (first.hash, 2, first.time, "outcome", "", "", "a/b/c")
    deep = Event(2, first.time, "outcome", "", "", "a/b/c", body, first.hash, sealing(head, body))
    replaced(path, [first, deep])

    assert "cannot read event 2" in refused(path)


@pytest.mark.parametrize(
    "drafts",
    [
        (Draft(Type.RUN_STARTED, "run-2"),),
        (Draft(Type.RUN_STARTED, "run-2", body={"targets": "analytics", "plan": {}}),),
        (Draft(Type.RUN_STARTED, "run-2", body={"targets": ["analytics"], "plan": []}),),
        (
            Draft(Type.RUN_STARTED, "run-2", body={"targets": ["analytics"], "plan": {}}),
            Draft(Type.INTENT, "run-2"),
        ),
    ],
)
def test_a_run_of_another_shape_is_refused_when_asked_for(path: Path, drafts: tuple[Draft, ...]) -> None:
    rewritten(path, GENESIS, *drafts)

    with reopened(path) as ledger, pytest.raises(LedgerUnusable, match="a run that did not finish"):
        ledger.unfinished(("analytics",))


# The system says no


def test_a_ledger_that_is_locked_says_so(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("reconciler.ledger.sqlite.BUSY_SECONDS", 0.01)
    with reopened(path) as ledger:
        holding = sqlite3.connect(path, isolation_level=None)
        holding.execute("BEGIN IMMEDIATE")
        try:
            assert "locked" in refused(path)
            with pytest.raises(LedgerUnusable, match="locked") as fault:
                begun(ledger)
            assert "another process" in fault.value.hint
        finally:
            holding.close()

        assert begun(ledger)


def test_a_full_disk_leaves_a_ledger_that_goes_on_later(path: Path) -> None:
    with reopened(path) as ledger:
        run = begun(ledger)
        head = ledger.head
        database = ledger._store._connection  # type: ignore[attr-defined]
        (pages,) = database.execute("PRAGMA page_count").fetchone()
        database.execute(f"PRAGMA max_page_count = {pages}")

        with pytest.raises(LedgerUnusable, match="full") as fault:
            ledger.note(run, {"text": "x" * 100_000})

        assert "make room" in fault.value.hint
        assert ledger.head == ledger.verify() == head
        database.execute("PRAGMA max_page_count = 1000000")
        ledger.finish(run, "done")
    with reopened(path) as ledger:
        assert ledger.applied("p1")


def test_a_write_that_fails_half_way_leaves_a_ledger_that_goes_on_later(path: Path) -> None:
    resource = pytest.importorskip("resource")
    limits = resource.getrlimit(resource.RLIMIT_FSIZE)
    with reopened(path) as ledger:
        run = begun(ledger)
        head = ledger.head
        resource.setrlimit(resource.RLIMIT_FSIZE, (50_000, limits[1]))
        try:
            with pytest.raises(LedgerUnusable):
                ledger.note(run, {"text": "x" * 200_000})
        finally:
            resource.setrlimit(resource.RLIMIT_FSIZE, limits)

        assert ledger.head == ledger.verify() == head
        ledger.finish(run, "done")
    with reopened(path) as ledger:
        assert ledger.applied("p1")


@contextmanager
def as_nobody() -> Iterator[Path]:
    """A folder of our own, as a user to whom file permissions apply."""
    with tempfile.TemporaryDirectory() as name:
        if os.geteuid() != 0:
            yield Path(name)
            return
        os.chown(name, 65_534, 65_534)
        os.seteuid(65_534)
        try:
            yield Path(name)
        finally:
            os.seteuid(0)


def test_a_ledger_that_can_only_be_read_says_so_at_once() -> None:
    with as_nobody() as folder:
        path = folder / "ledger.db"
        made(path).close()
        path.chmod(0o400)

        assert "this user may only read it" in refused(path)


def test_a_folder_that_can_only_be_read_says_so_at_once() -> None:
    with as_nobody() as folder:
        path = folder / "state" / "ledger.db"
        made(path).close()
        path.parent.chmod(0o500)
        try:
            refused(path)
            refused(folder / "state" / "another.db", made)
        finally:
            path.parent.chmod(0o700)


def test_a_folder_that_cannot_be_entered_says_so() -> None:
    with as_nobody() as folder:
        path = folder / "state" / "ledger.db"
        made(path).close()
        path.parent.chmod(0)
        try:
            assert "Permission denied" in refused(path)
            assert "Permission denied" in refused(path, made)
        finally:
            path.parent.chmod(0o700)
