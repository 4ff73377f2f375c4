"""A socket that a test leaves open fails that test, not some later one."""

from __future__ import annotations

import gc
from collections.abc import Iterator

import pytest


@pytest.fixture(autouse=True)
def nothing_left_open() -> Iterator[None]:
    gc.freeze()  # so that only this test's own objects are looked through
    yield
    gc.collect()
    gc.unfreeze()
