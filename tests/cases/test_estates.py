"""Whole estates, planned and applied against their stand-ins, as they were and as they are now: what a plan of
many kinds together looks like, and what each of its calls comes to."""

from __future__ import annotations

import random
from pathlib import Path

import pytest

from tests.faults.estate import ESTATES
from tests.kept import kept, mark, plain, plan_text
from tests.simulation.process import Machine
from tests.simulation.scenes import SYSTEMS, Scene
from tests.simulation.trace import Run
from tests.simulation.trial import in_time
from tests.simulation.weather import Weather
from tests.simulation.world import opened

FILE = Path(__file__).with_name("estates.txt")
LONGEST = 100
CASES = [f"{name} {profile}" for name in sorted(SYSTEMS) for profile in ("plain", "adversarial")]


@pytest.mark.parametrize("case", CASES)
def test_an_estate_is_planned_and_applied_as_ever(case: str) -> None:
    first, second, last = runs_of(*case.split())

    kept(FILE, case, "\n".join([*text(first), *text(second)]), set(CASES).__contains__)
    assert last.plan is not None
    assert last.plan.writes == ()


def runs_of(name: str, profile: str) -> list[Run]:
    """The estate as it was, as it is, and once more."""
    older, newer = ("before", "after") if name == "after" else (f"{name} before", name)
    scene = Scene(0, name, profile, SYSTEMS[name], tuple(ESTATES[older]()), tuple(ESTATES[newer]()))
    world = opened(scene, Weather(random.Random(0)))
    machine = Machine("ci-0.example.com")

    async def main() -> list[Run]:
        steps = (scene.before, scene.after, scene.after)
        return [await world.command(world.process(machine), documents, "kept") for documents in steps]

    found: list[Run] = in_time(world, main())
    return found


def text(run: Run) -> list[str]:
    assert run.plan is not None, run.error
    assert run.report is not None, run.error
    ends = [f"{o.call} {o.end} {o.message} {mark(plain(o))}" for o in run.report.outcomes]
    bonds = [mark(plain(b)) for _, b in sorted(run.bonds.items())]
    planned = plan_text(run.plan, without=("id", "manifests", "ledgerHead"))  # of nothing here
    lines = [*planned.splitlines(), *ends, *run.report.notes, *bonds]
    return [one if len(one) <= LONGEST else f"{one[:LONGEST]}… {mark(one)}" for one in lines]
