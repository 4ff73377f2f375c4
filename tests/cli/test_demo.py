"""The demo as somebody sees it who has just cloned the repository."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from reconciler.cli.demo_world import TARGETS
from tests.cli.conftest import Cli, Said

pytestmark = pytest.mark.xdist_group("demo")  # one run for all that is said of it

SCREENS = 12
"""So many screens of 24 lines at most."""


@pytest.fixture(scope="module")
def demo() -> Said:
    """One run of the demo, in a process of its own."""
    from tests.cli.conftest import spawned

    done = spawned("demo")
    return Said(done.returncode, done.stdout, done.stderr)


def step(demo: Said, number: int) -> str:
    """What is said in one step."""
    found = re.search(rf"── {number} ── (.*?)(?=\n── |\Z)", demo.out, re.DOTALL)
    assert found is not None
    return found.group(1)


def test_it_ends_well(demo: Said) -> None:
    assert (demo.code, demo.err) == (0, "")


def test_it_can_be_read(demo: Said) -> None:
    lines = demo.out.splitlines()
    assert len(lines) <= SCREENS * 24
    assert max(map(len, lines)) <= 80


def test_the_first_plan_tells_all_five_systems(demo: Said) -> None:
    plan = step(demo, 2)
    for target in TARGETS:
        assert f"\n  {target} " in plan
    for word in ("to create", "to rename", "to adopt", "held"):
        assert word in plan.split("\n\n")[2]


def test_what_is_held_is_released_by_name(demo: Said) -> None:
    assert "held: unknown-past" in step(demo, 2)
    assert "--override unknown-past@platform/Brief/shelf-displays" in step(demo, 3)


def test_a_batch_that_failed_in_part_is_completed(demo: Said) -> None:
    assert re.search(r"Apply: \d+ done, 1 failed", step(demo, 3))
    assert "Seasons/Autumn" in step(demo, 3)
    assert "Apply: 1 done" in step(demo, 4)
    assert "Nothing to do" in step(demo, 5)


def test_every_system_drifts_and_is_repaired(demo: Said) -> None:
    for target in TARGETS:
        assert f"\n  {target}: " in step(demo, 6)
        assert f"\n{target}/" in step(demo, 7)
    assert f"Apply: {len(TARGETS)} done" in step(demo, 8)
    assert "Nothing to do" in step(demo, 8)


def test_it_leaves_nothing(tmp_path: Path, cli: Cli) -> None:
    assert cli("demo").code == 0
    assert list(tmp_path.iterdir()) == []
