"""Twins that serve all examples of a module, in both profiles."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.laws.lives import Stage, staged
from tests.world import world


@pytest.fixture(scope="module", params=["plain", "adversarial"])
def stage(request: pytest.FixtureRequest) -> Iterator[Stage]:
    with world(request.param, seed=False) as one:
        yield staged(one)
