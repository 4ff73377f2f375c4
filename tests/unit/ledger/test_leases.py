"""One writer per target."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from reconciler.ledger import Ledger, Who, whoami
from reconciler.ledger.leases import LEASE_SECONDS
from reconciler.model.faults import GuardRefused
from tests.unit.ledger.samples import BOB, JANE, Dial, Place, made, reopened, told


@pytest.fixture
def dial() -> Dial:
    return Dial()


@pytest.fixture
def jane(place: Place, dial: Dial) -> Iterator[Ledger]:
    with made(place, JANE, dial) as ledger:
        yield ledger


@pytest.fixture
def bob(place: Place, dial: Dial, jane: Ledger) -> Iterator[Ledger]:
    with reopened(place, BOB, dial) as ledger:
        yield ledger


def test_a_second_writer_is_told_who_holds_the_target_and_until_when(
    jane: Ledger, bob: Ledger, dial: Dial
) -> None:
    jane.acquire("analytics")
    dial.at += 1

    with pytest.raises(GuardRefused) as refused:
        bob.acquire("analytics")

    assert str(refused.value) == (
        "analytics: jane@ci-1.example.com, process 41 is applying since 2026-06-01T12:00:00.000Z; "
        "its lease (number 1) expires at 2026-06-01T12:01:00.000Z unless it is renewed"
    )
    assert refused.value.hint


def test_other_targets_are_free(jane: Ledger, bob: Ledger) -> None:
    assert jane.acquire("analytics").number == bob.acquire("studio").number == 1


def test_a_lease_given_back_is_free_at_once(jane: Ledger, bob: Ledger) -> None:
    lease = jane.acquire("analytics")
    jane.give_back(lease)

    assert not jane.holds(lease)
    assert bob.acquire("analytics").number == 2


def test_one_process_cannot_hold_a_target_twice(jane: Ledger) -> None:
    jane.acquire("analytics")

    with pytest.raises(GuardRefused, match="this very process"):
        jane.acquire("analytics")


def test_an_expired_lease_is_lost_even_if_nobody_took_it(jane: Ledger, dial: Dial) -> None:
    lease = jane.acquire("analytics")
    dial.at += LEASE_SECONDS - 0.001
    assert jane._history.leases.valid("analytics", 1, dial.at)

    dial.at += 0.001

    assert not jane.holds(lease)


def test_an_expired_lease_can_be_taken_and_the_former_holder_notices(
    jane: Ledger, bob: Ledger, dial: Dial
) -> None:
    old = jane.acquire("analytics")
    dial.at += LEASE_SECONDS

    new = bob.acquire("analytics")
    dial.at -= LEASE_SECONDS  # even where the former holder's clock is behind

    assert new.number == old.number + 1
    assert not jane.holds(old)
    jane.give_back(old)
    assert bob.holds(new)


def test_a_lease_in_use_is_renewed_at_half_time_and_not_before(jane: Ledger, bob: Ledger, dial: Dial) -> None:
    lease = jane.acquire("analytics")
    head = jane.head
    dial.at += LEASE_SECONDS / 2 - 1
    assert jane.holds(lease)
    assert jane.head == head

    for _ in range(10):
        dial.at += LEASE_SECONDS / 2
        assert jane.holds(lease)
        with pytest.raises(GuardRefused):
            bob.acquire("analytics")
    assert len(list(jane.events(target="analytics"))) == 11


def test_a_clock_set_back_does_not_make_a_lease_eternal(jane: Ledger, bob: Ledger, dial: Dial) -> None:
    lease = jane.acquire("analytics")
    dial.at -= 86_400
    assert jane.holds(lease)

    dial.at += LEASE_SECONDS

    assert bob.acquire("analytics").number == 2


def test_a_lease_that_expires_while_it_is_being_renewed_is_lost(jane: Ledger, dial: Dial) -> None:
    lease = jane.acquire("analytics")
    dial.at += LEASE_SECONDS - 1
    dial.step = 1

    assert not jane.holds(lease)


def test_nobody_knows_the_lease_of_another_target(jane: Ledger) -> None:
    lease = jane.acquire("analytics")

    assert jane.holds(lease)
    assert not jane.holds(type(lease)("studio", 1, lease.holder))


# Whether a holder of this very host still lives


def test_a_lease_of_a_process_that_died_is_taken_over_at_once(place: Place, dial: Dial) -> None:
    child = subprocess.Popen([sys.executable, "-c", HOLD, told(place)], stdout=subprocess.PIPE, text=True)
    assert child.stdout is not None
    with child, child.stdout as said:
        assert said.readline() == "1\n"
        with reopened(place, whoami(), dial) as ledger:
            with pytest.raises(GuardRefused, match=f"process {child.pid} "):
                ledger.acquire("analytics")

            child.send_signal(signal.SIGKILL)
            os.waitid(os.P_PID, child.pid, os.WEXITED | os.WNOWAIT)
            assert ledger.acquire("analytics").number == 2  # it is a zombie still

            child.wait()
    with reopened(place, whoami(), dial) as ledger, pytest.raises(GuardRefused, match="this very process"):
        ledger.acquire("analytics")


HOLD = """
import asyncio, sys, time
from reconciler.ledger import open_ledger, whoami
from tests.unit.ledger.samples import Dial, place_of
ledger = open_ledger(place_of(sys.argv[1]), create=True, who=whoami(), clock=Dial().clock())
print(ledger.acquire("analytics").number, flush=True)
time.sleep(60)
"""

HERE = whoami()
linux = pytest.mark.skipif(not HERE.process_started, reason="needs /proc")


def holder(pid: int | None = None, host: str | None = None, started: str | None = None) -> Who:
    return Who(
        "ann",
        HERE.host if host is None else host,
        os.getpid() if pid is None else pid,
        HERE.process_started if started is None else started,
    )


def taken_over(path: Path, former: Who) -> bool:
    with made(path, former) as ledger:
        ledger.acquire("analytics")
    with reopened(path, HERE) as ledger:
        try:
            return ledger.acquire("analytics").number == 2
        except GuardRefused:
            return False


def elsewhere(part: int) -> str:
    """This process's start as it would read in another pid namespace (1) or another boot (2)."""
    parts = HERE.process_started.split("/")
    parts[part] += "9"
    return "/".join(parts)


@linux
def test_a_pid_that_now_belongs_to_a_later_process_is_a_dead_holder(tmp_path: Path) -> None:
    assert taken_over(tmp_path / "l.db", holder(started="1" + HERE.process_started))


@linux
@pytest.mark.parametrize("pid", [-1, 0, 2**31 - 2, 2**63])
def test_a_pid_nobody_has_is_a_dead_holder(tmp_path: Path, pid: int) -> None:
    assert taken_over(tmp_path / "l.db", holder(pid=pid))


@linux
@pytest.mark.parametrize("part", [1, 2])
def test_a_process_of_another_container_or_boot_may_be_alive(tmp_path: Path, part: int) -> None:
    assert not taken_over(tmp_path / "l.db", holder(pid=2**31 - 2, started=elsewhere(part)))


def test_a_process_of_another_host_may_be_alive(tmp_path: Path) -> None:
    assert not taken_over(tmp_path / "l.db", holder(pid=2**31 - 2, host="ci-9.example.com"))


@linux
def test_the_first_process_of_the_machine_is_alive_though_it_is_not_ours(tmp_path: Path) -> None:
    start = Path("/proc/1/stat").read_text().rpartition(")")[2].split()[19]
    scope = HERE.process_started.partition("/")[2]

    assert not taken_over(tmp_path / "l.db", holder(pid=1, started=f"{start}/{scope}"))


@linux
def test_a_process_whose_start_is_not_told_may_be_alive(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("reconciler.ledger.who._start_tick", lambda _: None)

    assert not taken_over(tmp_path / "l.db", holder(pid=1))


def test_where_the_system_tells_no_start_times_a_live_pid_is_a_live_holder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tests.unit.ledger.test_leases.HERE", Who("jane", HERE.host, os.getpid(), ""))

    assert not taken_over(tmp_path / "a.db", holder(pid=os.getppid()))
    assert taken_over(tmp_path / "b.db", holder(pid=2**31 - 2))
