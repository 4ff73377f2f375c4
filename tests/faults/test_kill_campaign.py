"""A sample of the campaign `tests.faults.kills`: an apply of more than forty writes in each of the five systems,
killed (-9) at each of four borders of a write, with one call and with eight under way, and then simply run again.

It ends where the undisturbed run ends, with nothing doubled, nothing lost and nothing written that was not needed.
What no reading can tell is one question, and one answer ends the matter.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from tests.faults.conftest import Benches
from tests.faults.kill_points import BORDERS, Kill, Pair, pairs, sampled
from tests.faults.kill_trials import Trial
from tests.faults.kills import SYSTEMS, on
from tests.faults.trials import Bench
from tests.faults.undisturbed import undisturbed

SEED = 7
PAIRS = 1
"""Double kills for each system and profile in a sample."""
ONE, SEVERAL = 1, 8
PROFILES = {ONE: "plain", SEVERAL: "adversarial"}
"""Concurrency -> the profile it is tried in here; the whole campaign tries both in each."""


class Rooms:
    """System and profile -> a bench of its own, rewound; made when it is first needed."""

    def __init__(self, folder: Path, stack: ExitStack) -> None:
        self._folder, self._stack = folder, stack
        self._made: dict[str, Benches] = {}

    def __call__(self, system: str, concurrency: int = ONE) -> Bench:
        if system not in self._made:
            folder = self._folder / system
            folder.mkdir()
            self._made[system] = Benches(folder, SYSTEMS[system])
            self._stack.callback(self._made[system].close)
        return self._made[system][PROFILES[concurrency]]


@pytest.fixture(scope="module")
def rooms(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Rooms]:
    with ExitStack() as stack:
        yield Rooms(tmp_path_factory.mktemp("kills"), stack)


def grouped(*cases: tuple[str, int]) -> list[object]:
    """Those of one bench go to one process."""
    return [
        pytest.param(*case, marks=pytest.mark.xdist_group(f"kills-{case[0]}-{PROFILES[case[1]]}"))
        for case in cases
    ]


EVERYWHERE = grouped(*((system, c) for system in SYSTEMS for c in (ONE, SEVERAL)))


def killed(rooms: Rooms, system: str, kill: Kill | Pair) -> Trial:
    concurrency = kill.first.concurrency if isinstance(kill, Pair) else kill.concurrency
    found = on(rooms(system, concurrency), kill)
    words = f"--system {system} --profile {PROFILES[concurrency]} --only {kill}"
    assert found.wrong == (), f"python -m tests.faults.kills {words}"
    return found


@pytest.mark.parametrize("border", BORDERS)
@pytest.mark.parametrize(("system", "concurrency"), EVERYWHERE)
def test_a_killed_run_is_simply_run_again(rooms: Rooms, system: str, concurrency: int, border: str) -> None:
    bench = rooms(system, concurrency)
    [writes] = undisturbed(bench).writes.values()
    assert writes >= 40
    [kill] = [k for k in sampled(writes, [concurrency], 0, SEED) if k.border == border]

    assert killed(rooms, system, kill).reached


@pytest.mark.parametrize(("system", "concurrency"), EVERYWHERE)
def test_the_run_that_repeats_a_killed_one_is_killed_too(rooms: Rooms, system: str, concurrency: int) -> None:
    bench = rooms(system, concurrency)
    wanted, target = undisturbed(bench), next(iter(bench.twins))

    for pair in pairs(wanted, target, [concurrency], PAIRS, SEED):
        killed(rooms, system, pair)


QUESTIONS = {
    "op-r20-a-brief": ("omg-platform", 1, "platform/Brief/alpha"),
    "op-r33-a-task": ("omg-platform", 21, "platform/Task/start-alpha"),
    "op-r33-a-task-made-anew": ("omg-platform", 20, "platform/Task/opening"),
    "st-r57-a-link": ("studio-tracker", 1, "studio/Invitation/new-one"),
    "cm-r50-a-key": ("omni-cms", 5, "cms/User/app"),
    "oa-r146-links": ("omni-analytics", 18, "analytics/ConnectionEnvironments/pond"),
    "oa-r172-a-secret": ("omni-analytics", 27, "analytics/ModelGit/pond-git"),
}
"""What nobody can read: system, the number of the write with one call at a time, and what is asked about."""
ASKED = [
    pytest.param(*case, id=name, marks=pytest.mark.xdist_group(f"kills-{case[0]}-plain"))
    for name, case in QUESTIONS.items()
]


@pytest.mark.parametrize(("system", "n", "address"), ASKED)
def test_what_nobody_can_read_is_one_question(rooms: Rooms, system: str, n: int, address: str) -> None:
    assert killed(rooms, system, Kill(n, "after commit", ONE)).asked == (address,)


@pytest.mark.xdist_group("kills-omni-cms-plain")
def test_cm_r46_a_password_that_was_sent_is_not_sent_again_for_a_key(rooms: Rooms) -> None:
    """The key was never made, and nobody is asked."""
    assert killed(rooms, "omni-cms", Kill(5, "before send", ONE)).asked == ()


@pytest.mark.xdist_group("kills-omn-core-plain")
@pytest.mark.parametrize("border", ["before send", "after commit"])
def test_oc_r132_a_peo_in_doubt_is_one_question_at_most(rooms: Rooms, border: str) -> None:
    asked = killed(rooms, "omn-core", Kill(32, border, ONE)).asked

    assert len(asked) == len(set(asked))
    assert set(asked) <= {f"core/Peo/{name}" for name in ("boot", "hand")}
