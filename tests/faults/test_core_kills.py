"""Killed (-9) at the borders of every write of one apply over all that OMN Core has, three objects in one request;
then simply run again.

What a request carries is settled object by object: nothing is made twice, what was made stays ours, and what is
left goes in the next run, in requests that are cut otherwise. A peo that no reading shows is one question, and one
answer ends the matter.
"""

from __future__ import annotations

from dataclasses import replace

import pytest

from tests.faults.conftest import Benches, long
from tests.faults.questions import trial
from tests.faults.trials import Point
from tests.faults.undisturbed import boundaries, undisturbed
from tests.world import CORE

PROFILES = [pytest.param(p, marks=pytest.mark.xdist_group(f"core-{p}")) for p in ("plain", "adversarial")]
SAMPLE = {
    "plain": [
        Point(CORE, 1, "after-effect"),  # glossaries, whose ids are looked up for their entries
        Point(CORE, 6, "after-effect"),  # a keyword in one that the same plan renames
        Point(CORE, 11, "unsent"),  # directories, after what they lie in
        Point(CORE, 15, "after-effect"),  # nodes and attributes, three at a time
        Point("ledger", 120, "answered"),
    ],
    "adversarial": [
        Point(CORE, 8, "before-effect"),
        Point(CORE, 12, "after-effect"),  # values that no list shows
        Point(CORE, 16, "after-effect"),  # a classification whose labels no list shows
        Point(CORE, 27, "after-effect"),
        Point("ledger", 60, "intended"),
    ],
}
PEOS = {"plain": Point(CORE, 20, ""), "adversarial": Point(CORE, 21, "")}
"""The write that makes a peo."""


@pytest.mark.parametrize("profile", PROFILES)
@pytest.mark.parametrize("n", range(5))
def test_a_killed_run_over_omn_core_is_repeated(core: Benches, profile: str, n: int) -> None:
    found = trial(core[profile], SAMPLE[profile][n], concurrency=8)

    assert found is not None
    assert not found.peos


@pytest.mark.parametrize("profile", PROFILES)
@pytest.mark.parametrize("phase", ["unsent", "after-effect"])
def test_oc_r132_a_peo_in_doubt_is_one_question_at_most(core: Benches, profile: str, phase: str) -> None:
    found = trial(core[profile], replace(PEOS[profile], phase=phase), concurrency=1)

    assert found is not None
    assert found.peos == {f"{CORE}/Peo/boot"}


# The long campaign


@long
@pytest.mark.timeout(3600)
@pytest.mark.parametrize("profile", PROFILES)
@pytest.mark.parametrize("phase", ["unsent", "before-effect", "after-effect", "intended", "answered"])
def test_every_border_of_every_write_over_omn_core(core: Benches, profile: str, phase: str) -> None:
    """One write at a time, which is all that this system is sent."""
    bench = core[profile]
    here = [p for p in boundaries(undisturbed(bench)) if p.phase == phase]
    reached = [f for point in here if (f := trial(bench, point, concurrency=8)) is not None]
    perhaps = sum(len(f.peos) for f in reached)
    print(f"{profile}, {phase}: {len(reached)} of {len(here)} kills, {perhaps} perhaps in doubt")
    assert len(reached) == len(here)
