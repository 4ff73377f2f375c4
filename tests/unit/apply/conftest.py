"""Each test of this room counts anew what it keeps."""

from __future__ import annotations

import pytest

from tests.kept import CALLED


@pytest.fixture(autouse=True)
def counted_anew() -> None:
    CALLED.clear()
