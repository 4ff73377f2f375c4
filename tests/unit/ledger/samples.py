"""Values the ledger's tests share: a clock one can turn, writers, bonds, and a second hand in the file."""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from reconciler.ledger import Ledger, Who, ephemeral, open_ledger
from reconciler.ledger.event import Event
from reconciler.ledger.sqlite import COLUMNS
from reconciler.model.clock import Clock
from reconciler.model.document import Address
from reconciler.model.json import Json
from reconciler.model.outcome import End, Outcome
from reconciler.model.recorded import Bond

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


def made(path: Path, who: Who = JANE, dial: Dial | None = None) -> Ledger:
    return open_ledger(path, create=True, who=who, clock=(dial or Dial()).clock())


def reopened(path: Path, who: Who = JANE, dial: Dial | None = None) -> Ledger:
    return open_ledger(path, who=who, clock=(dial or Dial()).clock())


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


@contextmanager
def tampering(path: Path) -> Iterator[sqlite3.Connection]:
    """Somebody with a database tool and no scruples."""
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


def insert(connection: sqlite3.Connection, event: Event) -> None:
    row = [getattr(event, column) for column in COLUMNS.split(", ")]
    connection.execute(f"INSERT INTO events ({COLUMNS}) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)", row)  # noqa: S608
