"""What every store promises, whatever it is made of."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from reconciler.ledger import postgres
from reconciler.ledger.event import Draft, Event, Link, Type, seal
from reconciler.ledger.sqlite import lay_down, open_store
from reconciler.ledger.store import Memory, Store
from reconciler.model.ledger_place import LedgerAccess
from tests.postgresql import needs_server

FIRST = seal(Draft(Type.GENESIS, body={"format": 1}), Link(), "2026-06-01T12:00:00.000Z")


@pytest.fixture(params=["memory", "sqlite", pytest.param("postgresql", marks=needs_server)])
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Store]:
    """With one event in it."""
    found: Store
    if request.param == "memory":
        found = Memory()
        with found.serialised():
            found.append(FIRST)
    elif request.param == "postgresql":
        found = on_server(request.getfixturevalue("access"))
    else:
        lay_down(tmp_path / "ledger.db", FIRST)
        found = open_store(tmp_path / "ledger.db")
    yield found
    found.close()


def on_server(access: LedgerAccess) -> Store:
    postgres.lay_down(access, FIRST)
    found = postgres.open_store(access)
    assert found is not None
    return found


def following(last: Event, text: str) -> Event:
    return seal(Draft(Type.NOTE, "run-1", body={"text": text}), Link(last.seq, last.hash), last.time)


def test_events_come_back_in_order_and_from_where_one_likes(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("reconciler.ledger.sqlite.PAGE", 3)
    monkeypatch.setattr("reconciler.ledger.postgres.PAGE", 3)
    events = [FIRST]
    for number in range(9):
        events.append(following(events[-1], str(number)))
        with store.serialised():
            store.append(events[-1])

    for after in range(11):
        assert list(store.read(after)) == events[after:]


def test_a_section_that_fails_leaves_nothing(store: Store) -> None:
    def fail_after(event: Event) -> None:
        with store.serialised():
            store.append(event)
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fail_after(following(FIRST, "lost"))

    assert list(store.read()) == [FIRST]
    with store.serialised():
        store.append(following(FIRST, "kept"))
    assert len(list(store.read())) == 2


def test_a_reader_may_take_its_time_while_others_append(store: Store) -> None:
    reading = store.read()
    assert next(reading) == FIRST

    with store.serialised():
        store.append(following(FIRST, "later"))

    assert len(list(store.read())) == 2
    list(reading)
