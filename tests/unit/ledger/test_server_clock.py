"""Leases over several machines: their clocks may say what they like, the server's counts."""

from __future__ import annotations

import time
from datetime import datetime

import pytest

from reconciler.ledger.leases import LEASE_SECONDS
from reconciler.model.faults import GuardRefused
from reconciler.model.ledger_place import LedgerAccess
from tests.postgresql import needs_server, superuser
from tests.unit.ledger.samples import BOB, JANE, NOON, Dial, made, reopened

pytestmark = needs_server
DAY = 86_400.0


@pytest.mark.parametrize("ahead", [-DAY, -LEASE_SECONDS, LEASE_SECONDS, DAY])
def test_a_machine_whose_clock_is_wrong_neither_takes_nor_loses_a_lease(
    access: LedgerAccess, ahead: float
) -> None:
    with made(access, JANE, Dial(NOON)) as jane, reopened(access, BOB, Dial(NOON + ahead)) as bob:
        lease = jane.acquire("analytics")

        with pytest.raises(GuardRefused, match="jane@"):
            bob.acquire("analytics")
        assert jane.holds(lease)
        jane.give_back(lease)
        second = bob.acquire("analytics")
        assert bob.holds(second)
        assert not jane.holds(lease)
        taken = [e for e in bob.events() if e.type == "lease renewed"]
        assert taken == []  # each was young when it was looked at


def test_the_times_of_events_are_the_servers(access: LedgerAccess) -> None:
    with made(access, JANE, Dial(NOON)) as ledger:
        ledger.acquire("analytics")
        *_, last = ledger.events()
    with superuser() as database:
        row = database.execute("SELECT extract(epoch FROM clock_timestamp())::float8").fetchone()

    assert row is not None
    assert abs(datetime.fromisoformat(last.time).timestamp() - float(str(row[0]))) < 60


def test_within_a_section_time_goes_on_and_is_never_ahead_of_the_server(access: LedgerAccess) -> None:
    with made(access) as ledger, ledger.together():
        first = ledger._history.now()
        time.sleep(0.02)
        second = ledger._history.now()
        row = ledger._store._connection.execute(  # type: ignore[attr-defined]
            "SELECT extract(epoch FROM clock_timestamp())::float8"
        ).fetchone()

        assert first + 0.015 < second <= row[0]


def test_a_lease_of_another_machine_ends_by_the_servers_clock(
    access: LedgerAccess, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("reconciler.ledger.leases.LEASE_SECONDS", 0.05)
    with made(access, JANE, Dial(NOON)) as jane, reopened(access, BOB, Dial(NOON - DAY)) as bob:
        lease = jane.acquire("analytics")
        until = time.monotonic() + 20
        while jane._history.leases.valid("analytics", lease.number, bob._history.now()):
            assert time.monotonic() < until

        assert bob.acquire("analytics").number == 2
        assert not jane.holds(lease)
