"""A saved plan whose run was killed goes on where it stopped; it is used once, and only while it binds."""

from __future__ import annotations

import json
from typing import Any

import pytest

from tests.faults.conftest import LONG, Benches, long
from tests.faults.trials import Bench, Point
from tests.faults.undisturbed import assert_converged, points, undisturbed
from tests.world import OMNI, TRACKER

PROFILES = [pytest.param(p, marks=pytest.mark.xdist_group(f"kills-{p}")) for p in ("plain", "adversarial")]
SAMPLE = [
    Point(OMNI, 9, "after-effect"),
    Point(TRACKER, 7, "before-effect"),
    Point("ledger", 3, "after"),
    Point("ledger", 30, "after"),
]


def saved(bench: Bench) -> dict[str, Any]:
    """A plan of the change, in a file."""
    undisturbed(bench)
    bench.rewind()
    told = bench.program.run(bench.job("save"))
    assert told["planned"] > 20
    return told


def resume(bench: Bench, **more: Any) -> dict[str, Any]:
    return bench.program.run(bench.job("resume", **more))


@pytest.mark.parametrize("profile", PROFILES)
@pytest.mark.parametrize("point", SAMPLE, ids=str)
def test_the_same_plan_goes_on_where_it_was_killed(benches: Benches, profile: str, point: Point) -> None:
    bench = benches[profile]
    saved(bench)
    assert "killed" in bench.dies_at(point, do="resume", concurrency=1)

    assert_converged(bench, resume(bench))


@pytest.mark.parametrize("profile", PROFILES)
def test_a_plan_is_used_once(benches: Benches, profile: str) -> None:
    bench = benches[profile]
    saved(bench)
    assert_converged(bench, resume(bench))

    told = resume(bench)

    assert (told["error"], told["code"]) == ("PlanStale", 5)
    assert "used once" in told["text"]
    assert told["hint"]


def test_a_plan_of_other_manifests_is_refused(benches: Benches) -> None:
    bench = benches["plain"]
    saved(bench)

    told = resume(bench, estate="before")

    assert (told["error"], told["code"]) == ("PlanStale", 5)
    assert "manifests have changed" in told["text"]
    assert bench.effects() == 0


@pytest.mark.parametrize(("part", "value"), [("tool", "0.0.0"), ("targets", None)])
def test_a_plan_of_another_tool_or_host_is_refused(benches: Benches, part: str, value: str | None) -> None:
    bench = benches["plain"]
    saved(bench)
    file = bench.folder / "plan.json"
    plan = json.loads(file.read_text(encoding="utf-8"))
    plan[part] = value or [{**t, "base": "https://elsewhere.example.com/api"} for t in plan["targets"]]
    file.write_text(json.dumps(plan), encoding="utf-8")

    told = resume(bench)

    assert (told["error"], told["code"]) == ("PlanStale", 5)
    assert bench.effects() == 0


def test_after_a_kill_another_plan_may_be_made_instead(benches: Benches) -> None:
    bench = benches["plain"]
    saved(bench)
    bench.dies_at(Point(OMNI, 6, "after-effect"), do="resume")

    assert_converged(bench, bench.program.run(bench.job()))

    told = resume(bench)
    assert told["error"] == "PlanStale"
    assert "another plan has been applied" in told["text"]
    assert bench.effects() == undisturbed(bench).effects


@pytest.mark.parametrize("profile", PROFILES)
def test_killed_while_it_goes_on(benches: Benches, profile: str) -> None:
    """What the second run had not yet written down of the first is found changed, refused, and planned anew."""
    bench = benches[profile]
    for first, second in [
        (Point(TRACKER, 5, "after-effect"), Point("ledger", 9, "after")),
        (Point("ledger", 40, "before"), Point(OMNI, 2, "after-effect")),
    ]:
        saved(bench)
        bench.dies_at(first, do="resume")
        bench.dies_at(second, do="resume")
        told = resume(bench)
        assert "error" not in told, told

        assert_converged(bench, bench.program.run(bench.job()))


@long
@pytest.mark.timeout(3600)
@pytest.mark.parametrize("profile", PROFILES)
def test_every_kill_of_a_saved_plan(benches: Benches, profile: str) -> None:
    bench = benches[profile]
    assert LONG
    everywhere = points(undisturbed(bench))
    for point in everywhere:
        saved(bench)
        bench.dies_at(point, do="resume", concurrency=1)
        told = resume(bench)
        if told.get("error") == "PlanStale":  # killed after the run had ended, but before it said so
            told = bench.program.run(bench.job())
            assert told["planned"] == 0
        assert_converged(bench, told)
    print(f"{profile}: {len(everywhere)} kills of a saved plan, all converged")
