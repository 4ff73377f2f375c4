"""Every test of this folder runs against both profiles of the twins, over real sockets."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

pytest.register_assert_rewrite("tests.contract.deeds", "tests.world")

from tests.world import World, world  # noqa: E402 - after the line that makes its assertions speak


@pytest.fixture(params=["plain", "adversarial"])
def w(request: pytest.FixtureRequest) -> Iterator[World]:
    """A seeded world of the profile."""
    with world(str(request.param)) as found:
        yield found


@pytest.fixture
def hard(w: World) -> bool:
    """Whether this is the adversarial profile."""
    return w.omni.knobs.profile == "adversarial"
