"""Tampering shows."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from typing import TypeVar

import pytest

from reconciler.ledger.event import Draft, Link, Type, seal
from reconciler.ledger.sqlite import COLUMNS
from reconciler.model.faults import LedgerUnusable
from reconciler.model.json import canonical
from tests.unit.ledger.samples import (
    Place,
    forgetful,
    insert,
    made,
    named,
    reopened,
    some_history,
    tampering,
)

ROWS = 10
P = TypeVar("P", Path, Place)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return kept(tmp_path / "ledger.db")


@pytest.fixture
def written(place: Place) -> Place:
    return kept(place)


def kept(place: P) -> P:
    with made(place) as ledger:
        some_history(ledger)
        assert len(list(ledger.events())) == ROWS
    return place


def test_anybody_can_compute_the_hashes_with_a_json_library() -> None:
    ledger = forgetful()
    some_history(ledger)
    before = ""

    for e in ledger.events():
        told = [before, e.seq, e.time, e.type, e.run, e.target, e.address, json.loads(e.body)]
        before = hashlib.sha256(canonical(told).encode()).hexdigest()
        assert e.hash == before
    assert ledger.head == before


def test_the_head_is_the_same_after_reopening(written: Place) -> None:
    with reopened(written) as ledger:
        head = ledger.head
    with reopened(written) as ledger:
        assert ledger.head == ledger.verify() == head


@pytest.mark.parametrize("seq", range(1, ROWS + 1))
@pytest.mark.parametrize("column", COLUMNS.split(", ")[1:])
def test_a_change_of_any_value_is_named(written: Place, seq: int, column: str) -> None:
    with tampering(written) as database:
        database.execute(f"UPDATE events SET {column} = {column} || ' ' WHERE seq = ?", (seq,))  # noqa: S608

    with pytest.raises(LedgerUnusable, match=f"event {seq} (is not what was written|does not follow)"):
        reopened(written)


@pytest.mark.parametrize("seq", range(1, ROWS))
def test_a_deleted_event_is_named(written: Place, seq: int) -> None:
    with tampering(written) as database:
        database.execute("DELETE FROM events WHERE seq = ?", (seq,))

    with pytest.raises(LedgerUnusable, match=f"event {seq} is missing"):
        reopened(written)


def test_events_that_changed_places_are_named(written: Place) -> None:
    with tampering(written) as database:
        database.execute("UPDATE events SET seq = -4 WHERE seq = 4")
        database.execute("UPDATE events SET seq = 4 WHERE seq = 5")
        database.execute("UPDATE events SET seq = 5 WHERE seq = -4")

    with pytest.raises(LedgerUnusable, match="event 4 does not follow"):
        reopened(written)


def test_an_event_sealed_anew_does_not_carry_the_next(written: Place) -> None:
    with reopened(written) as ledger:
        old = list(ledger.events())
    forged = seal(Draft(Type.NOTE, body={"nothing": "happened"}), Link(3, old[2].hash), old[3].time)
    with tampering(written) as database:
        database.execute("DELETE FROM events WHERE seq = 4")
        insert(database, forged)

    with pytest.raises(LedgerUnusable, match="event 5 does not follow"):
        reopened(written)


def test_a_chain_cut_off_or_written_anew_does_not_contain_the_printed_head(written: Place) -> None:
    with reopened(written) as ledger:
        printed = ledger.head
        assert ledger.verify(printed) == printed
    with tampering(written) as database:
        database.execute("DELETE FROM events WHERE seq = ?", (ROWS,))

    with reopened(written) as ledger, pytest.raises(LedgerUnusable, match="is not part of its history"):
        ledger.verify(printed)


def test_a_head_of_earlier_days_is_part_of_the_history(written: Place) -> None:
    with reopened(written) as ledger:
        printed = ledger.head
        some_history_later = ledger.start("p2", {}, ("analytics",), None)
        assert some_history_later
        assert ledger.verify(printed) == ledger.head != printed


@pytest.mark.parametrize("column", COLUMNS.split(", ")[1:])
def test_values_that_are_no_text_are_refused(path: Path, column: str) -> None:
    with tampering(path) as database:
        database.execute(f"UPDATE events SET {column} = CAST({column} AS BLOB) WHERE seq = 4")  # noqa: S608

    with pytest.raises(LedgerUnusable, match="event 4 holds something that is not text"):
        reopened(path)


def test_bytes_that_are_no_text_are_refused(path: Path) -> None:
    with tampering(path) as database:
        database.execute("UPDATE events SET body = CAST(x'fffe' AS TEXT) WHERE seq = 4")

    with pytest.raises(LedgerUnusable, match="UTF-8") as refused:
        reopened(path)
    assert "backup" in refused.value.hint


def test_tampering_shows_to_a_ledger_that_is_open(written: Place) -> None:
    with reopened(written) as ledger:
        with tampering(written) as database:
            database.execute("UPDATE events SET body = '{}' WHERE seq = 6")

        with pytest.raises(LedgerUnusable, match="event 6"):
            ledger.verify()


def test_events_cannot_be_changed_by_accident(path: Path) -> None:
    import sqlite3

    connection = sqlite3.connect(path)
    for statement in ("DELETE FROM events", "UPDATE events SET time = ''"):
        with pytest.raises(sqlite3.IntegrityError, match="events"):
            connection.execute(statement)
    connection.close()


def test_a_refusal_has_a_way_out(written: Place) -> None:
    with tampering(written) as database:
        database.execute("UPDATE events SET time = '' WHERE seq = 2")

    with pytest.raises(LedgerUnusable) as refused:
        reopened(written)

    assert named(written) in str(refused.value)
    assert "backup" in refused.value.hint
