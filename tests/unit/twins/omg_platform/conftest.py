"""The twin of OMG Platform on a socket: plain, adversarial, or both in turn."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from reconciler.twins import PROFILES, OmgTwin
from tests.unit.twins.omg_platform.omg import Omg
from tests.unit.twins.served import served


@pytest.fixture
def omg() -> Iterator[Omg]:
    with served(OmgTwin()) as it:
        yield it


@pytest.fixture
def hard_omg() -> Iterator[Omg]:
    with served(OmgTwin("adversarial")) as it:
        yield it


@pytest.fixture(params=PROFILES)
def each_omg(request: pytest.FixtureRequest) -> Iterator[Omg]:
    with served(OmgTwin(request.param)) as it:
        yield it
