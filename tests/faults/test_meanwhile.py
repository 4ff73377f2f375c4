"""A sample of `python -m tests.faults.meanwhile`: somebody else writes to the same things at the worst moments."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from reconciler.model.outcome import End
from tests.faults.meanwhile import REFUSED, THINGS, Clash, Thing, campaign, judged, meet
from tests.faults.stage import Stage, staged
from tests.world import CMS, TWINS

pytestmark = pytest.mark.xdist_group("meanwhile")


@pytest.fixture(scope="module")
def stage() -> Iterator[Stage]:
    with staged("plain", tuple(TWINS)) as found:
        yield found


@pytest.mark.parametrize("system", THINGS)
def test_what_somebody_else_wrote_is_refused_or_kept_as_long_as_it_can_be_seen(stage: Stage, system: str) -> None:
    tally = campaign(stage, [system], count=5, seed=1, say=lambda _: None)

    assert tally.wrong == []
    assert sum(tally.tried.values()) == 5


def test_a_place_among_siblings_that_somebody_changed_is_not_overwritten(stage: Stage) -> None:
    """It is sent by a call of its own, which no update accompanies."""
    leaf: Thing = THINGS[CMS][1]
    clash = Clash([leaf], {"leaf": {"sequence": 2}}, leaf, {"sequence": 3}, n=0)
    stage.rewind()
    stage.run([leaf.document({})])

    met = meet(stage, stage.moment(), clash)

    assert judged(clash, met) == (REFUSED, "")
    assert met.ends("leaf") == {End.STALE}
