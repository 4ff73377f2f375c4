"""Filters and controls of a dashboard, over a socket."""

from __future__ import annotations

from typing import Any

import pytest

from tests.unit.twins.omni_analytics.sales import CONTROL, FILTERS, ONE, PAT, SALES, detail, listed, prepare
from tests.unit.twins.served import Omni

PATH = f"/v1/dashboards/{SALES}/filters"
DRAFT = "A draft already exists for this document. Set clearExistingDraft to true to discard and proceed."


def change(world: Omni, **body: object) -> tuple[int, Any]:
    return world.ask("PATCH", PATH, body)


def test_they_are_shown_as_they_were_set_up(omni: Omni) -> None:
    prepare(omni)

    assert omni.ask("GET", PATH) == (
        200,
        {
            "identifier": SALES,
            "filters": FILTERS,
            "controls": [CONTROL],
            "filterOrder": ["region", "field_selector"],
        },
    )


def test_a_change_is_merged_key_by_key(omni: Omni) -> None:
    prepare(omni)
    before = listed(omni)[0]["updatedAt"]

    status, body = change(
        omni,
        filters={"region": {"values": ["US"], "description": "Where"}},
        controls={"field_selector": {"hidden": True}},
        filterOrder=["field_selector", "region"],
    )

    assert status == 200
    assert body["filters"]["region"] == {**FILTERS["region"], "values": ["US"], "description": "Where"}
    assert body["controls"] == [{**CONTROL, "hidden": True}]
    assert body["filterOrder"] == ["field_selector", "region"]
    assert omni.ask("GET", PATH) == (200, body)
    assert listed(omni)[0]["updatedAt"] > before


@pytest.mark.parametrize(
    ("body", "text"),
    [
        ({}, "Request must include at least one filter, control, or filterOrder to update"),
        (
            {"filters": {}, "controls": {}, "filterOrder": []},
            "Request must include at least one filter, control, or filterOrder to update",
        ),
        (
            {"filters": {"a": {}, "region": {}, "b": {}}},
            "Invalid filter IDs: a, b. Available filter IDs: region",
        ),
        ({"controls": {"region": {}}}, "Invalid control IDs: region. Available control IDs: field_selector"),
        (
            {"filterOrder": ["region", "x"]},
            "Invalid IDs in filterOrder: x. Available IDs: region, field_selector",
        ),
        (
            {"filters": {"region": {"values": "US"}}},
            "Invalid filter update for region: values: Expected array of strings",
        ),
        (
            {"controls": {"field_selector": {"hidden": 1}}},
            "Invalid control update for field_selector: hidden: Expected boolean",
        ),
    ],
)
def test_refused_changes(omni: Omni, body: dict[str, object], text: str) -> None:
    prepare(omni)
    before = omni.ask("GET", PATH)

    assert change(omni, **body) == detail(text)
    assert omni.ask("GET", PATH) == before


def test_a_draft_is_in_the_way_unless_it_is_given_up(each_omni: Omni) -> None:
    prepare(each_omni)
    each_omni.twin.knobs.set("OA-P1", "plain")
    each_omni.twin.set_draft(SALES)
    new = {"region": {"hidden": True}}

    assert change(each_omni, filters=new) == detail(DRAFT, 409)
    assert change(each_omni, filters=new, clearExistingDraft=True)[0] == 200
    assert change(each_omni, filters=new)[0] == 200


def test_what_has_no_dashboard(omni: Omni) -> None:
    missing = detail("Dashboard not found", 404)
    omni.twin.add_document("Notebook", workbook_only=True)

    assert omni.ask("GET", PATH) == missing
    assert omni.ask("GET", "/v1/dashboards/none/filters") == missing
    assert change(omni, filterOrder=["x"]) == missing
    assert omni.ask("GET", ONE) == detail("Analysis documents are not supported")


def test_who_may(omni: Omni) -> None:
    prepare(omni)

    assert omni.ask("GET", PATH, **PAT)[0] == 200
    assert omni.ask("PATCH", PATH, {"filterOrder": ["region"]}, **PAT)[0] == 403
    omni.twin.edit("PUT", f"{ONE}/permissions", {"organizationRole": "NO_ACCESS"})
    assert omni.ask("GET", PATH, **PAT)[0] == 403
