"""The twin of Omni-CMS on a socket: plain, adversarial, or each in turn."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

pytest.register_assert_rewrite("tests.unit.twins.omni_cms.cms")

from reconciler.twins import PROFILES, OmniCmsTwin  # noqa: E402 - after the line that makes assertions speak
from tests.unit.twins.omni_cms.cms import Cms  # noqa: E402
from tests.unit.twins.served import served  # noqa: E402


@pytest.fixture
def cms() -> Iterator[Cms]:
    with served(OmniCmsTwin()) as it:
        yield it


@pytest.fixture
def hard() -> Iterator[Cms]:
    with served(OmniCmsTwin("adversarial")) as it:
        yield it


@pytest.fixture(params=PROFILES)
def each(request: pytest.FixtureRequest) -> Iterator[Cms]:
    with served(OmniCmsTwin(request.param)) as it:
        yield it
