"""Each twin on a socket: plain, adversarial, or as a test wants it."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from reconciler.twins import PROFILES, OmniTwin, TrackerTwin
from tests.unit.twins.served import Omni, Tracker, served


@pytest.fixture
def omni() -> Iterator[Omni]:
    with served(OmniTwin()) as it:
        yield it


@pytest.fixture
def hard_omni() -> Iterator[Omni]:
    with served(OmniTwin("adversarial")) as it:
        yield it


@pytest.fixture(params=PROFILES)
def each_omni(request: pytest.FixtureRequest) -> Iterator[Omni]:
    with served(OmniTwin(request.param)) as it:
        yield it


@pytest.fixture
def tracker() -> Iterator[Tracker]:
    with served(TrackerTwin()) as it:
        yield it


@pytest.fixture
def hard_tracker() -> Iterator[Tracker]:
    with served(TrackerTwin("adversarial")) as it:
        yield it


@pytest.fixture(params=PROFILES)
def each_tracker(request: pytest.FixtureRequest) -> Iterator[Tracker]:
    with served(TrackerTwin(request.param)) as it:
        yield it
