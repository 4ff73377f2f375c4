"""Values the ledger's tests share: a clock one can turn, writers, bonds, and a second hand in the file."""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

import psycopg

from reconciler.ledger import Ledger, Who, ephemeral, open_ledger
from reconciler.ledger.event import Event
from reconciler.ledger.sqlite import COLUMNS
from reconciler.model.clock import Clock
from reconciler.model.document import Address
from reconciler.model.json import Json
from reconciler.model.ledger_place import LedgerAccess
from reconciler.model.outcome import End, Outcome
from reconciler.model.recorded import Bond
from tests.postgresql import access_to, superuser

Place = Path | LedgerAccess
NOON = 1_780_315_200.0  # 2026-06-01T12:00:00Z
JANE = Who("jane", "ci-1.example.com", 41, "")
BOB = Who("bob", "ci-2.example.com", 42, "")
FINANCE = Address("analytics", "Folder", "finance")
REPORTS = Address("analytics", "Folder", "reports")
TEAM = Address("studio", "ClientTeam", "acme")


@dataclass(slots=True)
class Dial:
    """A wall clock that stands still until it is turned, or goes on by `step` whenever somebody looks."""

    at: float = NOON
    step: float = 0.0

    def clock(self) -> Clock:
        return Clock(now=self.look, wall=self.look, sleep=asyncio.sleep)

    def look(self) -> float:
        self.at += self.step
        return self.at - self.step


def forgetful(dial: Dial | None = None) -> Ledger:
    return ephemeral(JANE, (dial or Dial()).clock())


def made(place: Place, who: Who = JANE, dial: Dial | None = None) -> Ledger:
    return open_ledger(place, create=True, who=who, clock=(dial or Dial()).clock())


def reopened(place: Place, who: Who = JANE, dial: Dial | None = None) -> Ledger:
    return open_ledger(place, who=who, clock=(dial or Dial()).clock())


def named(place: Place) -> str:
    """How messages name it."""
    return str(place) if isinstance(place, Path) else str(place.server)


def told(place: Place) -> str:
    """A place as one word, for another process."""
    return str(place) if isinstance(place, Path) else place.server.schema


def place_of(word: str) -> Place:
    """The inverse of `told`, in a process with the same environment."""
    return Path(word) if "/" in word else access_to(schema=word)


def begun(ledger: Ledger, plan_id: str = "p1", *targets: str) -> str:
    return ledger.start(plan_id, {"id": plan_id}, targets or ("analytics",), "0a1b2c")


def done(call: str = "1", **facts: Json) -> Outcome:
    """A call that worked; facts by their reserved key without the `#`."""
    return Outcome(call, End.DONE, status=200, result={f"#{name}": value for name, value in facts.items()})


def bond(address: Address = FINANCE, remote_id: str = "f-1", **more: object) -> Bond:
    value = Bond(address, remote_id).to_json()
    value.update(more)  # type: ignore[arg-type]  # JSON by construction in every test
    return Bond.from_json(value)


def some_history(ledger: Ledger) -> str:
    """A finished run with an event of nearly every type; returns the head."""
    lease = ledger.acquire("analytics")
    run = begun(ledger)
    ledger.intend(run, "1", FINANCE, "sha256:00")
    ledger.conclude(run, FINANCE, done(id="f-1", label="Finance", key=["Finance"]))
    ledger.bind(run, bond(made=True, entries={"permissions": ["g-1"]}))
    ledger.note(run, {"override": "protected", "reason": "FIN-12"})
    ledger.release(run, REPORTS, "left git")
    ledger.finish(run, "done")
    ledger.give_back(lease)
    return ledger.head


class Hand(Protocol):
    """Somebody's hand in a database; `?` stands for a value."""

    def execute(self, statement: str, values: Sequence[object] = ()) -> object: ...


@contextmanager
def tampering(place: Place) -> Iterator[Hand]:
    """Somebody with a database tool and no scruples."""
    with _in_file(place) if isinstance(place, Path) else _on_server(place) as hand:
        yield hand


@contextmanager
def _in_file(path: Path) -> Iterator[sqlite3.Connection]:
    connection = sqlite3.connect(path)
    triggers = connection.execute("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'").fetchall()
    try:
        for name, _ in triggers:
            connection.execute(f"DROP TRIGGER {name}")
        yield connection
        for _, sql in triggers:
            connection.execute(sql)
        connection.commit()
    finally:
        connection.close()


@dataclass(frozen=True, slots=True)
class _Server:
    connection: psycopg.Connection[tuple[object, ...]]

    def execute(self, statement: str, values: Sequence[object] = ()) -> object:
        return self.connection.execute(statement.replace("?", "%s").encode(), values or None)


@contextmanager
def _on_server(access: LedgerAccess) -> Iterator[Hand]:
    with superuser() as connection:
        hand = _Server(connection)
        hand.execute(f"SET search_path = {access.server.schema}")
        hand.execute("ALTER TABLE events DISABLE TRIGGER USER")
        yield hand
        for trigger in ("events_stay", "events_follow"):
            hand.execute(f"ALTER TABLE events ENABLE ALWAYS TRIGGER {trigger}")


def insert(hand: Hand, event: Event) -> None:
    row = [getattr(event, column) for column in COLUMNS.split(", ")]
    hand.execute(f"INSERT INTO events ({COLUMNS}) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)", row)  # noqa: S608
