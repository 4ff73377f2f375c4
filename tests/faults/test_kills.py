"""Killed (-9) at any point of an apply, then simply run again: it ends where it would have ended.

The change is `estate.after` over `estate.before`, about thirty calls in two systems. The twins' hooks and the
driver's crash points pull the trigger; nothing in the product knows of them.
"""

from __future__ import annotations

import random
import signal

import pytest

from tests.faults.conftest import Benches, long
from tests.faults.trials import Bench, Point
from tests.faults.undisturbed import assert_converged, points, undisturbed
from tests.world import OMNI, TRACKER

KILLED = {"killed": signal.SIGKILL}
PROFILES = [pytest.param(p, marks=pytest.mark.xdist_group(f"kills-{p}")) for p in ("plain", "adversarial")]
SAMPLE = [
    Point(OMNI, 4, "after-effect"),  # a swap of names, half-way
    Point(OMNI, 12, "after-answer"),
    Point("ledger", 1, "before"),
    Point("ledger", 9, "after"),
    Point("ledger", 40, "before"),
]
"""Besides the borders of writes (`test_kill_campaign`): names that are swapped, and what the ledger takes."""


def trial(bench: Bench, *kills: Point, concurrency: int = 8) -> bool:
    """Die at each point in turn, then run once more. False where the last point is never reached."""
    undisturbed(bench)
    bench.rewind()
    told = {}
    for point in kills:
        told = bench.dies_at(point, concurrency=concurrency)
        assert told == KILLED or "error" not in told, told
    reached = told == KILLED
    assert_converged(bench, bench.program.run(bench.job(concurrency=concurrency)) if reached else told)
    return reached


@pytest.mark.parametrize("profile", PROFILES)
@pytest.mark.parametrize("point", SAMPLE, ids=str)
def test_a_killed_run_is_repeated(benches: Benches, profile: str, point: Point) -> None:
    assert trial(benches[profile], point, concurrency=1 if point.n % 3 == 0 else 8)


@pytest.mark.parametrize("profile", PROFILES)
def test_the_run_that_repeats_is_killed_too(benches: Benches, profile: str) -> None:
    assert trial(benches[profile], Point(OMNI, 9, "after-effect"), Point("ledger", 3, "after"))
    assert trial(benches[profile], Point(TRACKER, 5, "unsent"), Point(TRACKER, 2, "after-effect"))


@pytest.mark.parametrize("profile", PROFILES)
def test_killed_three_times_in_a_row(benches: Benches, profile: str) -> None:
    assert trial(benches[profile], *[Point("ledger", 12, "before")] * 3)


# The long campaign


@long
@pytest.mark.timeout(3600)
@pytest.mark.parametrize("profile", PROFILES)
@pytest.mark.parametrize("concurrency", [1, 8])
@pytest.mark.parametrize("where", [OMNI, TRACKER, "ledger"])
def test_every_kill(benches: Benches, profile: str, where: str, concurrency: int) -> None:
    """With one call at a time the numbers of writes and events are the same at every run: each is reached."""
    bench = benches[profile]
    here = [p for p in points(undisturbed(bench)) if p.where == where]
    reached = sum(trial(bench, point, concurrency=concurrency) for point in here)
    print(f"{profile}, {concurrency} at a time, {where}: {reached} of {len(here)} kills, all converged")
    assert reached == len(here)


@long
@pytest.mark.timeout(3600)
@pytest.mark.parametrize("profile", PROFILES)
@pytest.mark.parametrize("where", [OMNI, TRACKER])
def test_a_kill_at_any_request(benches: Benches, profile: str, where: str) -> None:
    """Readings too: while planning, checking, verifying and planning again."""
    bench = benches[profile]
    count = undisturbed(bench).requests[where]
    reached = sum(trial(bench, Point(where, n, "after-effect", writes=False)) for n in range(1, count + 1))
    print(f"{profile}, any request of {where}: {reached} of {count} kills, all converged")
    assert reached


@long
@pytest.mark.timeout(3600)
@pytest.mark.parametrize("profile", PROFILES)
def test_double_kills(benches: Benches, profile: str) -> None:
    bench, rng = benches[profile], random.Random(7)
    everywhere = points(undisturbed(bench))
    pairs = [(rng.choice(everywhere), rng.choice(everywhere)) for _ in range(200)]
    reached = sum(trial(bench, *pair, concurrency=rng.choice([1, 8])) for pair in pairs)
    print(f"{profile}: {reached} of {len(pairs)} double kills, all converged")
    assert reached > len(pairs) // 4
