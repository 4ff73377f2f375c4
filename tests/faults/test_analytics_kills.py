"""Killed (-9) at the borders of every write of one apply over all that Omni Analytics has; then simply run again.

Nobody and nothing is made twice, what must be made first is, and what was to follow a create follows it later. Of
environments that were perhaps linked, and of a webhook's secret that nobody saw, there is one question each, and
what it says leads to the end.
"""

from __future__ import annotations

from dataclasses import replace

import pytest

from tests.faults.conftest import Benches, long
from tests.faults.questions import trial
from tests.faults.trials import Point
from tests.faults.undisturbed import boundaries, undisturbed
from tests.world import OMNI

PROFILES = [pytest.param(p, marks=pytest.mark.xdist_group(f"analytics-{p}")) for p in ("plain", "adversarial")]
SAMPLE = {
    "plain": [
        Point(OMNI, 5, "after-effect"),  # a person
        Point(OMNI, 11, "after-effect"),  # a schema model, whose refresh is to follow
        Point(OMNI, 28, "after-effect"),  # a schema refresh on a connection that the same plan makes
        Point("ledger", 40, "answered"),
    ],
    "adversarial": [
        Point(OMNI, 9, "before-effect"),  # people without an account, all in one request
        Point(OMNI, 21, "after-effect"),  # a value that was set aside
        Point(OMNI, 25, "after-effect"),  # a file of a model that the same plan makes
        Point("ledger", 52, "intended"),
    ],
}
LINKED, HOOK = Point(OMNI, 18, ""), Point(OMNI, 27, "")
"""The writes that link what stands in for a new base, and that make a git configuration, one write at a time."""


@pytest.mark.parametrize("profile", PROFILES)
@pytest.mark.parametrize("n", range(4))
def test_a_killed_run_over_analytics_is_repeated(analytics: Benches, profile: str, n: int) -> None:
    point = SAMPLE[profile][n]

    found = trial(analytics[profile], point, concurrency=8 if point.where == "ledger" else 1)

    assert found is not None
    assert point.where == "ledger" or not found.questions


@pytest.mark.parametrize(
    ("profile", "phase"),
    [
        pytest.param("plain", "after-effect", marks=pytest.mark.xdist_group("analytics-plain")),
        pytest.param("adversarial", "unsent", marks=pytest.mark.xdist_group("analytics-adversarial")),
    ],
)
def test_oa_r146_links_in_doubt_are_one_question(analytics: Benches, profile: str, phase: str) -> None:
    found = trial(analytics[profile], replace(LINKED, phase=phase), concurrency=1)

    assert found is not None
    assert found.questions == found.links
    assert len(found.links) == 1


@pytest.mark.parametrize("profile", PROFILES)
def test_oa_r172_a_secret_that_nobody_saw_is_one_question(analytics: Benches, profile: str) -> None:
    found = trial(analytics[profile], replace(HOOK, phase="after-effect"), concurrency=1)

    assert found is not None
    assert found.questions == found.hooks
    assert len(found.hooks) == 1


# The long campaign


@long
@pytest.mark.timeout(3600)
@pytest.mark.parametrize("profile", PROFILES)
@pytest.mark.parametrize("concurrency", [1, 8])
@pytest.mark.parametrize("phase", ["unsent", "before-effect", "after-effect", "intended", "answered"])
def test_every_border_of_every_write_over_analytics(
    analytics: Benches, profile: str, phase: str, concurrency: int
) -> None:
    bench = analytics[profile]
    here = [p for p in boundaries(undisturbed(bench)) if p.phase == phase]
    found = [trial(bench, point, concurrency=concurrency) for point in here]
    reached = [f for f in found if f is not None]
    questions = sum(len(f.questions) for f in reached)
    print(f"{profile}, {concurrency} at a time, {phase}: {len(reached)} of {len(here)}, {questions} questions")
    assert len(reached) > len(here) * 0.9
