"""How many requests the readings before the first call take, going by what the planning was answered."""

from __future__ import annotations

from reconciler.model.call import Request
from reconciler.model.forecast import Forecast
from reconciler.model.live import Live
from reconciler.model.record import replace
from tests.unit.plan.samples import delete, live_of, plan_of, thing
from tests.world import OMNI, TRACKER

GONE_LABEL = delete("Label", "a", thing("x1", "x1", uses=0))
OMNI_LABELS = live_of(("Label", thing("x1", "x1", uses=0)))
LABELS = Request(OMNI, "GET", "/v1/labels")


def test_every_page_of_the_list_is_counted() -> None:
    pages = tuple(replace(LABELS, query=(("cursor", n),)) for n in "12")
    others = (
        Request(OMNI, "GET", "/v1/folders"),
        Request(TRACKER, "GET", "/v1/labels"),
        replace(LABELS, path="/v2"),
        replace(LABELS, path="/v3"),
    )
    live = replace(OMNI_LABELS, requests=(LABELS, *pages, *pages, *others))

    assert [p.requests for p in plan_of([GONE_LABEL], live).preconditions] == [3]
    assert [p.requests for p in plan_of([GONE_LABEL]).preconditions] == [1]


def test_what_the_reading_was_to_take_and_took_stands_in_the_plan() -> None:
    cost = {OMNI: Forecast({"Label": 3}, 2, True), TRACKER: Forecast({"Pod": 1})}
    live: Live = replace(live_of(), requests=(LABELS, LABELS), foretold=cost, pages={OMNI: {"Label": 2}})

    found = plan_of([], live).reading

    assert [(c.target, c.foretold, c.least, c.made, dict(c.pages)) for c in found] == [
        (OMNI, 5, True, 2, {"Label": 2}), (TRACKER, 1, False, 0, {}),
    ]  # fmt: skip
    assert plan_of([], live).reads == ("analytics: GET /v1/labels", "analytics: GET /v1/labels")
