"""Ctrl-C and SIGTERM: the first lets the calls under way end, the second stops at once; nothing is lost."""

from __future__ import annotations

import signal
import time

import pytest

from tests.faults.conftest import LONG, Benches
from tests.faults.undisturbed import assert_converged, undisturbed
from tests.world import OMNI, TRACKER

PROFILES = [pytest.param(p, marks=pytest.mark.xdist_group(f"kills-{p}")) for p in ("plain", "adversarial")]
EVERYWHERE = [(OMNI, n) for n in range(1, 17)] + [(TRACKER, n) for n in range(1, 13)]
CASES = [(number, *at) for number in (signal.SIGINT, signal.SIGTERM) for at in EVERYWHERE]
SAMPLE = [(signal.SIGINT, OMNI, 4), (signal.SIGTERM, TRACKER, 6)]


@pytest.mark.parametrize("profile", PROFILES)
@pytest.mark.parametrize(("number", "where", "n"), CASES if LONG else SAMPLE)
def test_the_first_lets_the_calls_under_way_end(
    benches: Benches, profile: str, number: int, where: str, n: int
) -> None:
    bench = benches[profile]
    undisturbed(bench)
    bench.rewind()
    bench.twins[where].on_request(n, "before-effect", lambda _: bench.program.signal(number), writes=True)

    told = bench.program.run(bench.job())

    assert told["interrupted"]
    ends = [end for end in told["ends"].values() if end != "unneeded"]
    assert "in doubt" not in ends
    fallen_back = sum(e.status == 400 for e in bench.tracker.log.writes())  # done by other calls
    assert bench.effects() + fallen_back >= ends.count("done")
    assert bench.seen()["open"] == 0
    if "not sent" in ends:
        assert "interrupted" in told["messages"].values()
        assert bench.effects() < undisturbed(bench).effects
    assert_converged(bench, bench.program.run(bench.job()))


@pytest.mark.parametrize("profile", PROFILES)
@pytest.mark.parametrize(("number", "where", "n"), CASES if LONG else SAMPLE)
def test_the_second_stops_at_once(benches: Benches, profile: str, number: int, where: str, n: int) -> None:
    """It does not even wait for the answer: the server gives it only once the program has ended."""
    bench = benches[profile]
    undisturbed(bench)
    bench.rewind()

    def send(_: object) -> None:
        bench.program.signal(number)
        time.sleep(0.05)  # two signals at once may arrive as one
        bench.program.signal(number)
        assert bench.program.ended()

    bench.twins[where].on_request(n, "before-effect", send, writes=True)
    told = bench.program.run(bench.job())

    assert (told["error"], told["code"]) == ("Interrupted", 7)
    assert "next apply" in told["text"]
    assert bench.seen()["open"] == 1
    assert_converged(bench, bench.program.run(bench.job()))
