"""Filters and controls of dashboards: one look and one PATCH each (OA-R154 to OA-R159, OA-C29)."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

import pytest

from reconciler.model.change import Verb
from reconciler.model.document import Document
from reconciler.model.json import Json, JsonObject
from reconciler.model.outcome import End
from reconciler.twins import Fault
from tests.contract.warehouses import carried_out, reads_of
from tests.world import OMNI, World, doc, world

FILTERS: Mapping[str, JsonObject] = {
    "status": {"type": "string", "kind": "EQUALS", "values": ["done"], "label": "Status"},
    "date": {"type": "date", "kind": "WITHIN_RANGE", "left_side": "2024-01-01", "right_side": "2024-12-31"},
}
CONTROLS: tuple[JsonObject, ...] = (
    {"id": "metric", "type": "FIELD_SELECTION", "kind": "FIELD", "label": "Metric", "field": "a.b", "options": []},
    {"id": "period", "type": "PERIOD_OVER_PERIOD", "kind": "FIELD", "label": "Period"},
)


@pytest.fixture(params=["plain", "adversarial"])
def w(request: pytest.FixtureRequest) -> Iterator[World]:
    """A dashboard with two filters and two controls, and another."""
    with world(str(request.param), twins=[OMNI]) as found:
        for name in ("sales", "stock"):
            found.omni.add_document(
                name,
                identifier=name,
                filters=FILTERS,
                controls=CONTROLS,
                filter_order=["status", "date", "metric", "period"],
            )
        found.omni.add_document("Bare", identifier="bare", has_dashboard=False)
        yield found


def filters(document: str = "sales", /, **words: Json) -> Document:
    return doc("DashboardFilters", document, {"document": document, **words})


def live(w: World, document: str = "sales") -> Any:
    return w.omni.edit("GET", f"/v1/dashboards/{document}/filters").body


def bodies(w: World) -> list[Any]:
    return [e.body for e in w.omni.log if e.call.startswith("PATCH")]


def test_oa_r155_one_patch_with_what_differs_and_nothing_else(w: World) -> None:
    step = carried_out(
        w,
        filters(
            filters={"status": {"values": ["shipped"], "label": "Status"}, "date": {"left_side": "2024-01-01"}},
            controls={"metric": {"label": "Choose", "hidden": True}, "period": {"label": "Period"}},
            order=["period", "date", "metric", "status"],
        ),
    )

    assert len(step.sent) == 1
    assert step.plan.writes[0].body == {
        "filters": {"status": {"values": ["shipped"]}},
        "controls": {"metric": {"label": "Choose", "hidden": True}},
        "filterOrder": ["period", "date", "metric", "status"],
    }
    after = live(w)
    assert after["filters"]["status"]["values"] == ["shipped"]
    assert after["filters"]["status"]["type"] == "string"
    assert after["filterOrder"] == ["period", "date", "metric", "status"]


@pytest.mark.parametrize(
    ("part", "one", "change"),
    [
        ("filters", "status", {"values": ["a", "b"]}),
        ("filters", "status", {"values": []}),
        ("filters", "date", {"left_side": "2025-01-01"}),
        ("filters", "date", {"right_side": "2025-01-01"}),
        ("filters", "status", {"label": "State"}),
        ("filters", "status", {"description": "Which"}),
        ("filters", "status", {"required": True}),
        ("filters", "status", {"hidden": True}),
        ("controls", "metric", {"label": "Choose"}),
        ("controls", "metric", {"description": "Which"}),
        ("controls", "period", {"hidden": True}),
    ],
)
def test_oa_r155_each_subfield_is_changed_alone(w: World, part: str, one: str, change: JsonObject) -> None:
    words: dict[str, Json] = {part: {one: change}}
    step = carried_out(w, filters(**words))

    assert step.plan.writes[0].body == {part: {one: change}}
    assert {f.path[:2] for f in step.plan.actions[0].fields} == {(part, one)}


def test_oa_r155_what_is_as_declared_is_adopted_without_a_call(w: World) -> None:
    step = carried_out(w, filters(filters={"status": {"values": ["done"], "hidden": False, "required": False}}))

    assert (step.sent, step.plan.actions[0].verb) == ((), Verb.ADOPT)


def test_oa_r155_drift_is_repaired_and_what_nobody_declares_is_left(w: World) -> None:
    carried_out(w, filters(filters={"status": {"values": ["done"]}}))
    body: Json = {"filters": {"status": {"values": ["x"], "label": "Theirs"}, "date": {"label": "Theirs"}}}
    assert w.omni.edit("PATCH", "/v1/dashboards/sales/filters", body).status == 200

    step = carried_out(w)

    assert step.plan.writes[0].body == {"filters": {"status": {"values": ["done"]}}}
    after = live(w)["filters"]
    assert (after["status"]["label"], after["date"]["label"]) == ("Theirs", "Theirs")


def test_oa_c29_one_look_and_one_patch_per_dashboard(w: World) -> None:
    step = carried_out(w, *(filters(d, filters={"status": {"hidden": True}}) for d in ("sales", "stock")))

    assert len(reads_of(step.plan, "/filters")) == 2
    assert len(step.sent) == 2


@pytest.mark.parametrize(
    ("words", "rule"),
    [
        ({"filters": {"statos": {"hidden": True}}}, "unknown-filter"),
        ({"controls": {"status": {"hidden": True}}}, "unknown-filter"),
        ({"order": ["status", "date", "metric", "period", "more"]}, "unknown-filter"),
        ({"order": ["status", "date"]}, "order-incomplete"),
    ],
)
def test_oa_r156_ids_that_the_dashboard_does_not_have_are_held_with_the_nearest(
    w: World, words: dict[str, Json], rule: str
) -> None:
    plan = w.plan(filters(**words))

    assert ([h.rule for h in plan.actions[0].holds], plan.calls) == ([rule], ())


def test_oa_r156_the_nearest_id_is_named(w: World) -> None:
    [hold] = w.plan(filters(filters={"statos": {"hidden": True}})).actions[0].holds
    assert "status" in hold.way_out


def test_oa_r156_where_none_is_near_those_that_there_are_are_named(w: World) -> None:
    [hold] = w.plan(filters(controls={"xyz": {"hidden": True}})).actions[0].holds
    assert re.fullmatch(r"it has [^;]+; filters and controls are made in the product", hold.way_out)


@pytest.mark.parametrize("document", ["bare", "nowhere"])
def test_oa_r154_without_a_dashboard_there_is_nothing_to_change(w: World, document: str) -> None:
    plan = w.plan(filters(document, filters={"status": {"hidden": True}}))

    assert ([h.rule for h in plan.actions[0].holds], plan.calls) == (["no-dashboard"], ())


def test_oa_r154_one_that_may_not_be_seen_keeps_no_other_back(w: World) -> None:
    w.omni.faults.add(Fault("status", method="GET", path="/v1/dashboards/stock/filters", status=403, times=None))

    plan = w.plan(*(filters(d, filters={"status": {"hidden": True}}) for d in ("sales", "stock")))

    assert [h.rule for a in plan.actions for h in a.holds] == ["no-dashboard"]
    assert "may not see" in next(h.reason for a in plan.actions for h in a.holds)
    assert len(plan.writes) == 1


def test_oa_r158_a_draft_is_reported_and_nothing_is_done(w: World) -> None:
    w.omni.set_draft("sales")
    before = live(w)

    plan = w.plan(filters(filters={"status": {"hidden": True}}))
    report = w.checked_apply(plan)

    assert [(o.end, o.status) for o in report.outcomes] == [(End.FAILED, 409)]
    assert "clearExistingDraft" in report.outcomes[0].message
    assert live(w) == before


def test_oa_r158_where_the_document_says_so_the_draft_is_discarded(w: World) -> None:
    w.omni.set_draft("sales")

    step = carried_out(w, filters(filters={"status": {"hidden": True}}, clearExistingDraft=True))

    assert any("discards a draft" in e for e in step.plan.actions[0].effects)
    assert step.plan.writes[0].body == {"filters": {"status": {"hidden": True}}, "clearExistingDraft": True}
    w.omni.set_draft("sales")
    assert w.plan().writes == (), "where nothing differs, no draft is touched"


def test_oa_r159_leaving_git_touches_nothing(w: World) -> None:
    carried_out(w, filters(filters={"status": {"hidden": True}}))
    before = live(w)

    step = carried_out(w, filters("stock", filters={"status": {"label": "Status"}}))

    assert (step.sent, live(w)) == ((), before)


@pytest.mark.parametrize("effect", [True, False])
def test_oa_r159_a_patch_whose_answer_is_lost_is_looked_up(w: World, effect: bool) -> None:
    plan = w.plan(filters(filters={"status": {"values": ["x"]}}))
    w.omni.faults.add(Fault("drop", method="PATCH", effect=effect))

    assert [o.end for o in w.apply(plan).outcomes] == [End.DONE]
    assert w.plan().writes == ()


def test_oa_r159_deliveries_follow_filters(w: World) -> None:
    spec: dict[str, Json] = {
        "document": "sales",
        "name": "Weekly",
        "cron": "0 9 ? * MON *",
        "timezone": "UTC",
        "format": "csv",
        "destination": "webhook",
        "url": "https://hooks.example.com/x",
    }
    plan = w.plan(doc("Schedule", "weekly", spec), filters(filters={"status": {"hidden": True}}))

    patch, post = plan.calls
    assert (patch.method, post.method) == ("PATCH", "POST")
    assert patch.id in post.follows
    assert {o.end for o in w.checked_apply(plan).outcomes} == {End.DONE}


def test_answers_of_a_newer_edition_are_read_all_the_same(w: World) -> None:
    w.omni.knobs.set("newer-answers", "adversarial")
    assert len(carried_out(w, filters(filters={"status": {"values": ["x"]}})).sent) == 1
