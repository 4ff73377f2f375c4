"""Tests of one group share what is dear to make: a runner that parts them makes it anew in each worker."""

from __future__ import annotations

import pytest


@pytest.mark.xdist_group("groups")
def test_a_group_stays_together(request: pytest.FixtureRequest) -> None:
    if not request.config.getoption("loadgroup", default=False):
        pytest.skip("there are no groups without `--dist loadgroup`")
    assert request.node.nodeid.endswith("@groups")
