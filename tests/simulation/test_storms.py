"""Storms of refusals for haste: the rate is kept, no pause exceeds the cap, and no more is sent than is needed."""

from __future__ import annotations

from functools import cache

import pytest

from tests.simulation.storms import Weathered, batch, main, summary, weathered

IN_CI = 100
CHUNK = 25


@cache
def some(first: int) -> tuple[Weathered, ...]:
    return tuple(batch(range(first, first + CHUNK)))


@pytest.mark.xdist_group("storms")
@pytest.mark.parametrize("first", range(0, IN_CI, CHUNK))
def test_every_storm_is_weathered(first: int) -> None:
    found = some(first)

    assert [(f.storm.seed, f.wrong) for f in found if f.wrong] == []
    assert sum(f.refused for f in found) > 0
    assert "violations: 0 storms" in summary(found, 1.0)


def test_a_storm_is_the_same_every_time() -> None:
    assert weathered(3) == weathered(3)


@pytest.mark.xdist_group("storms")
def test_some_storms_fill_the_minute_to_the_last_place() -> None:
    """Else that nothing exceeded it would say nothing."""
    assert max(f.busiest / f.storm.per_minute for f in some(0)) == 1.0


def test_storms_by_command(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--count", "3", "--jobs", "1"]) == 0
    assert "3 storms in" in capsys.readouterr().out
