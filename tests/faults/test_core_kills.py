"""Killed (-9) at the borders of every write of one apply over all that OMN Core has, three objects in one request;
then simply run again.

What a request carries is settled object by object: nothing is made twice, and what is left goes in the next run, in
requests that are cut otherwise. A peo that no reading shows is one question, and one answer ends the matter.
"""

from __future__ import annotations

import pytest

from tests.faults.conftest import Benches, long
from tests.faults.questions import trial
from tests.faults.trials import Point
from tests.faults.undisturbed import boundaries, undisturbed
from tests.world import CORE

PROFILES = [pytest.param(p, marks=pytest.mark.xdist_group(f"core-{p}")) for p in ("plain", "adversarial")]
