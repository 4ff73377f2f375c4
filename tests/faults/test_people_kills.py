"""Killed (-9) at the borders of every write of one apply about people: pods, bookings, invitations, accounts with
their keys, and a nested site; then simply run again.

Nobody is booked twice or left without the booking that was to be made anew, nobody is locked out or let in, and a
key that nobody has seen is one question.
"""

from __future__ import annotations

from dataclasses import replace

import pytest

from tests.faults.conftest import Benches, long
from tests.faults.questions import trial
from tests.faults.trials import Point
from tests.faults.undisturbed import boundaries, undisturbed
from tests.world import CMS, PLATFORM, TRACKER

PROFILES = [pytest.param(p, marks=pytest.mark.xdist_group(f"people-{p}")) for p in ("plain", "adversarial")]
SAMPLE = {
    "plain": [
        Point(TRACKER, 5, "unsent"),
        Point(TRACKER, 16, "after-effect"),
        Point("ledger", 24, "answered"),
    ],
    "adversarial": [
        Point(TRACKER, 18, "after-effect"),
        Point(PLATFORM, 3, "after-effect"),
        Point(CMS, 13, "after-effect"),
    ],
}
NEW_KEY, NEXT_KEY = Point(CMS, 5, ""), Point(CMS, 9, "")
"""The writes of a first key, and of another one by a token, with one write at a time."""


@pytest.mark.parametrize("profile", PROFILES)
@pytest.mark.parametrize("n", range(3))
def test_a_killed_run_about_people_is_repeated(people: Benches, profile: str, n: int) -> None:
    point = SAMPLE[profile][n]
    assert trial(people[profile], point, concurrency=1 if point.n % 2 else 8) is not None


@pytest.mark.parametrize(
    ("profile", "key"),
    [
        pytest.param("plain", NEW_KEY, id="first", marks=pytest.mark.xdist_group("people-plain")),
        pytest.param("adversarial", NEXT_KEY, id="another", marks=pytest.mark.xdist_group("people-adversarial")),
    ],
)
def test_cm_r50_a_key_that_nobody_saw_is_one_question(people: Benches, profile: str, key: Point) -> None:
    found = trial(people[profile], replace(key, phase="after-effect"), concurrency=1)

    assert found is not None
    assert len(found.questions) == 1


@pytest.mark.xdist_group("people-plain")
def test_cm_r46_a_password_that_was_sent_is_not_sent_again_for_a_key(people: Benches) -> None:
    found = trial(people["plain"], replace(NEW_KEY, phase="unsent"), concurrency=1)

    assert found is not None
    assert found.questions == frozenset()


# The long campaign


@long
@pytest.mark.timeout(3600)
@pytest.mark.parametrize("profile", PROFILES)
@pytest.mark.parametrize("concurrency", [1, 8])
@pytest.mark.parametrize("where", [TRACKER, PLATFORM, CMS, "ledger"])
def test_every_border_of_every_write_about_people(
    people: Benches, profile: str, where: str, concurrency: int
) -> None:
    bench = people[profile]
    here = [p for p in boundaries(undisturbed(bench)) if p.where == where]
    found = [trial(bench, point, concurrency=concurrency) for point in here]
    reached = [f for f in found if f is not None]
    questions = sum(len(f.questions) for f in reached)
    print(f"{profile}, {concurrency} at a time, {where}: {len(reached)} of {len(here)}, {questions} questions")
    assert len(reached) > len(here) * 0.9
