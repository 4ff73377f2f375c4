"""Some of the simulated histories that the tests go through in long rows, one by one: a mutant that survives all
else has to keep every promise in these too. Only a campaign collects this file."""

from __future__ import annotations

import pytest

from tests.simulation import trial
from tests.simulation.run import batch


@pytest.mark.parametrize("seed", range(0, 256, trial.PER_SCENE))
def test_a_history_keeps_every_promise(seed: int) -> None:
    trial._PREPARED.clear()

    assert not batch(range(seed, seed + 1)).wrong
