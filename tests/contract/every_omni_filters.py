"""Filters and controls of dashboards of Omni Analytics in the table of every kind."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

from reconciler.model.json import Json, JsonObject
from tests.contract.every_omni_words import DELETE, did, moves
from tests.contract.every_row import GONE, Deed, Row, Sheet, Step, Table, drifted, left_out, never, say
from tests.contract.grants import state
from tests.world import World

AT: Final = "/v1/dashboards/sales/filters"
PATCH: Final = "PATCH /v1/dashboards/sales/filters"


def _dashboards(w: World) -> None:
    date: JsonObject = {"type": "date", "kind": "WITHIN_RANGE", "left_side": "2024-01-01", "label": "Date"}
    region: JsonObject = {"type": "string", "kind": "EQUALS", "values": [], "label": "Region"}
    metric: JsonObject = {"id": "metric", "type": "FIELD_SELECTION", "label": "Metric", "hidden": False}
    for name in ("sales", "stock"):
        w.omni.add_document(
            name, identifier=name, filters={"date": dict(date), "region": dict(region)}, controls=[dict(metric)]
        )
    w.omni.add_document("bare", identifier="bare", has_dashboard=False)


def _changed(**body: Json) -> Callable[[World], object]:
    return did("PATCH", AT, dict(body))


def _labels(w: World) -> set[str]:
    """The labels of the filters of one dashboard, and the draft that somebody has of it."""
    one = state(w, "documents")["sales"]
    return {str(f["label"]) for f in one["filters"].values()} | ({"draft"} if one["has_draft"] else set())


def _row(path: str, one: Json, two: Json) -> Row:
    top, _, below = path.partition("/*/")
    name = {"filters": "date", "controls": "metric"}[top]
    behind: Any = _changed(**dict[str, Json]({top: {name: {below: one}}}))
    return Row(path, "OA-R155", (Step(one), Step(two), drifted(two, behind), left_out()))


ORDER = ["metric", "date", "region"]
TWO: dict[str, Any] = {"date": {"label": "When"}, "region": {"label": "Where", "values": ["US"]}}
FILTERS = Table(
    "omni-analytics",
    "DashboardFilters",
    "filters",
    {"document": "sales"},
    _labels,
    edit=lambda w, body: did("PATCH", AT, body)(w),
    set_up=_dashboards,
    entries={"filters": {"label": "When", "hidden": False}, "controls": {"label": "Which", "hidden": False}},
    many={"filters": "date", "controls": "metric"},
    rows=(
        Row(
            "filters",
            "OA-C29",
            (
                Step({"date": {"label": "When"}}),
                Step(TWO),
                drifted(TWO, {"date": {"label": "Theirs"}, "region": {"values": []}}),
                never({**TWO, "regoin": {"hidden": True}}, "unknown-filter"),
                left_out(),
            ),
        ),
        _row("filters/*/values", ["2025-01-01"], []),
        _row("filters/*/left_side", "2025-01-01", "2026-01-01"),
        _row("filters/*/right_side", "2025-12-31", "2026-12-31"),
        _row("filters/*/label", "One", "Two"),
        _row("filters/*/description", "One", "Two"),
        _row("filters/*/required", True, False),
        _row("filters/*/hidden", True, False),
        Row(
            "controls",
            "OA-C29",
            (
                Step({"metric": {"label": "Which", "hidden": True}}),
                Step({"metric": {"label": "What"}}),
                drifted({"metric": {"label": "What"}}, {"metric": {"label": "Theirs"}}),
                left_out(),
            ),
        ),
        _row("controls/*/label", "One", "Two"),
        _row("controls/*/description", "One", "Two"),
        _row("controls/*/hidden", True, False),
        Row(
            "order",
            "OA-R157",
            (
                Step(ORDER),
                Step(["region", "metric", "date"]),
                drifted(["region", "metric", "date"], ["date", "metric", "region"]),
                never([], "order-incomplete"),
                left_out(),
            ),
        ),
        Row("clearExistingDraft", "OA-R158", (never(True), never(False), left_out())),
    ),
    deeds=(
        Deed("create", "OA-R154", say(document="bare"), verb="create", holds={"no-dashboard"}),
        Deed("adopt", "OA-R154", say(filters={"date": {"label": "Date"}}), verb="adopt"),
        Deed(
            "adopt changed",
            "OA-C29",
            say(filters=TWO, controls={"metric": {"hidden": True}}, order=ORDER),
            calls=(PATCH,),
            verb="adopt",
            there="When",
        ),
        Deed(
            "change under a draft",
            "OA-R158",
            say(filters=TWO),
            Sheet(),
            lambda w: w.omni.set_draft("sales"),
            calls=(PATCH,),
            verb="update",
            ends={"failed"},
            still=(PATCH,),
            there="draft",
        ),
        Deed(
            "change and discard a draft",
            "OA-R158",
            say(filters=TWO, clearExistingDraft=True),
            Sheet(),
            lambda w: w.omni.set_draft("sales"),
            calls=(PATCH,),
            verb="update",
            there="When",
            gone="draft",
        ),
        Deed(
            "rename",
            "OA-R154",
            Sheet({"document": "stock"}, metadata={"previously": {"key": "sales"}}),
            Sheet(),
            mistake="another document is another dashboard",
        ),
        Deed(
            "rename unsaid",
            "OA-R154",
            say(document="stock"),
            Sheet(),
            verb="adopt",
            holds={"no-rename"},
        ),
        moves("OA-R154", "filters"),
        Deed(
            "drift",
            "OA-R155",
            say(filters=TWO, order=ORDER),
            say(filters=TWO, order=ORDER),
            _changed(filters={"date": {"label": "Theirs"}}, filterOrder=["date", "region", "metric"]),
            calls=(PATCH,),
            verb="update",
            there="When",
        ),
        Deed("release", "OA-R159", GONE, say(filters=TWO), verb="release", there="When"),
        Deed("delete", "OA-R159", Sheet(life=DELETE), mistake="onRemove"),
    ),
)
