"""Real processes over one file: never two holders of a target at any time, and one unbroken chain."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

from tests.unit.ledger.samples import Place, made, reopened, told

TURNS = int(os.environ.get("RECONCILER_INTERLEAVINGS", "20")) // 2

WORKER = """
import asyncio, os, random, sys, time
from reconciler.ledger import open_ledger, whoami
from reconciler.model.clock import Clock
from reconciler.model.faults import GuardRefused
from tests.unit.ledger.samples import place_of

path, log, seed, turns, end = place_of(sys.argv[1]), sys.argv[2], int(sys.argv[3]), int(sys.argv[4]), sys.argv[5]
chance = random.Random(seed)
log = os.open(log, os.O_WRONLY | os.O_APPEND | os.O_CREAT)
clock = Clock(time.monotonic, time.time, asyncio.sleep)
with open_ledger(path, create=True, who=whoami(), clock=clock) as ledger:
    for turn in range(turns):
        while True:
            try:
                lease = ledger.acquire("analytics")
                break
            except GuardRefused:
                time.sleep(chance.random() / 200)
        assert ledger.holds(lease)
        os.write(log, f"in {lease.number}\\n".encode())
        time.sleep(chance.random() / 200)
        assert ledger.holds(lease)
        os.write(log, f"out {lease.number}\\n".encode())
        if end == "dies" and turn == turns - 1:
            os._exit(9)
        ledger.give_back(lease)
        time.sleep(chance.random() / 200)
"""


def run_workers(folder: Path, place: Place, seeds: range, turns: int, end: str) -> list[str]:
    log = folder / "log"
    words = [sys.executable, "-c", WORKER, told(place), str(log)]
    workers = [subprocess.Popen([*words, str(seed), str(turns), end]) for seed in seeds]
    codes = {w.wait(timeout=100) for w in workers}
    assert codes == {9 if end == "dies" else 0}
    return log.read_text().split("\n")[:-1]


def test_no_two_processes_hold_a_target_at_any_time(tmp_path: Path, place: Place) -> None:
    """Both also make the ledger: whoever comes second finds it."""
    lines = run_workers(tmp_path, place, range(2), TURNS, "ends")

    assert lines == [f"{word} {number}" for number in range(1, 2 * TURNS + 1) for word in ("in", "out")]
    with reopened(place) as ledger:
        assert len(list(ledger.events())) == 1 + 4 * TURNS


def test_holders_that_die_are_followed_by_one_at_a_time(tmp_path: Path, place: Place) -> None:
    lines = run_workers(tmp_path, place, range(4), 1, "dies")

    assert lines == [f"{word} {number}" for number in range(1, 5) for word in ("in", "out")]


def test_two_open_ledgers_see_each_others_events_at_once(place: Place) -> None:
    with made(place) as one, reopened(place) as two:
        for number in range(1, 6):
            lease = (one if number % 2 else two).acquire(f"t{number}")
            assert one.holds(lease)
            assert two.holds(lease)
        assert one.verify() == two.verify() == one.head
