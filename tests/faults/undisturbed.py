"""What a run that nothing disturbs leads to: the measure of every trial."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from tests.faults.estate import differences
from tests.faults.trials import Bench, Point
from tests.world import OMNI, TRACKER


@dataclass(frozen=True, slots=True)
class Undisturbed:
    """The end of an undisturbed run; how many requests changed anything; how many writes and requests each twin
    saw; how many events the ledger took."""

    seen: dict[str, Any]
    effects: int
    writes: dict[str, int]
    requests: dict[str, int]
    appended: int


_KNOWN: dict[str, Undisturbed] = {}


def undisturbed(bench: Bench) -> Undisturbed:
    """Run once per profile; the bench is rewound afterwards."""
    profile = bench.omni.knobs.profile
    if profile not in _KNOWN:
        bench.rewind()
        told = bench.program.run(bench.job())
        assert set(told["ends"].values()) <= {"done", "unneeded"}, told
        assert told["left"] == []
        writes = {name: len(twin.log.writes()) for name, twin in bench.twins.items()}
        requests = {name: len(twin.log) for name, twin in bench.twins.items()}
        _KNOWN[profile] = Undisturbed(bench.seen(), bench.effects(), writes, requests, len(told["appended"]))
        bench.rewind()
    return _KNOWN[profile]


def assert_converged(bench: Bench, told: dict[str, Any]) -> None:
    """The program's last run ended where the undisturbed one ends: nothing doubled, nothing lost, nothing written
    beyond what was still needed, nothing left to do or in doubt."""
    wanted = _KNOWN[bench.omni.knobs.profile]
    assert "error" not in told, told
    assert told["left"] == [], told
    assert set(told["ends"].values()) <= {"done", "unneeded"}, told
    assert differences(wanted.seen, bench.seen()) == []
    assert bench.effects() == wanted.effects, [e.call for t in bench.twins.values() for e in t.log.writes()]


def points(wanted: Undisturbed) -> list[Point]:
    """Every place to die: around each write, and around each append to the ledger."""
    phases = ("unsent", "before-effect", "after-effect", "after-answer")
    found = [
        Point(where, n, phase)
        for where in (OMNI, TRACKER)
        for n in range(1, wanted.writes[where] + 1)
        for phase in phases
    ]
    return found + [
        Point("ledger", n, phase) for n in range(1, wanted.appended + 1) for phase in ("before", "after")
    ]
