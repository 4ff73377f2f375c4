"""Random filters, controls and orders, live and declared, people at work, drafts: apply, then plan: 0 calls; what
is not declared stays (OA-R154 to OA-R159)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reconciler.ledger import ephemeral, whoami
from reconciler.model.json import Json
from tests.world import OMNI, World, doc, hasty_clock, lasting, world

FILTERS, CONTROLS = ["f1", "a/b", "c~d"], ["k1", "ü"]
texts = st.sampled_from(["", "x", "Größe", "a b"])
flags = st.booleans()
one_filter = st.fixed_dictionaries(
    {},
    optional={
        "values": st.lists(st.sampled_from(["1", "2"]), max_size=2),
        "left_side": texts,
        "label": texts,
        "description": texts,
        "required": flags,
        "hidden": flags,
    },
)
one_control = st.fixed_dictionaries({}, optional={"label": texts, "description": texts, "hidden": flags})
filters = st.dictionaries(st.sampled_from(FILTERS), one_filter, max_size=3)
controls = st.dictionaries(st.sampled_from(CONTROLS), one_control, max_size=2)
orders = st.none() | st.permutations([*FILTERS, *CONTROLS])
wishes = st.tuples(filters, controls, orders)


@pytest.fixture(scope="module", params=["plain", "adversarial"])
def c(request: pytest.FixtureRequest) -> Iterator[World]:
    with world(request.param, seed=False, twins=[OMNI]) as one:
        yield one


def begin(c: World, live: tuple[Any, Any, Any]) -> None:
    c.omni.reset()
    c.clock, c.documents = hasty_clock(), []
    c.ledger = lasting(ephemeral(whoami(), c.clock))
    there, knobs, order = live
    kept = {i: {"type": "string", "kind": "EQUALS", **there.get(i, {})} for i in FILTERS}
    listed = [{"id": i, "type": "FIELD_SELECTION", "kind": "FIELD", **knobs.get(i, {})} for i in CONTROLS]
    c.omni.add_document(
        "D", identifier="d", filters=kept, controls=listed, filter_order=order or [*FILTERS, *CONTROLS]
    )


def spec_of(wish: tuple[Any, Any, Any]) -> dict[str, Json]:
    """Nothing that says nothing: a manifest cannot hold an empty filter."""
    some, knobs, order = wish
    spec: dict[str, Json] = {"document": "d", "clearExistingDraft": True}
    spec |= {"filters": held} if (held := {i: one for i, one in some.items() if one}) else {}
    spec |= {"controls": held} if (held := {i: one for i, one in knobs.items() if one}) else {}
    return spec | ({"order": list(order)} if order else {})


@given(live=wishes, steps=st.lists(st.tuples(wishes, wishes, st.booleans()), min_size=1, max_size=3))
def test_apply_then_plan_has_no_calls(c: World, live: tuple[Any, Any, Any], steps: Sequence[Any]) -> None:
    begin(c, live)
    for wanted, theirs, draft in steps:
        before: Any = c.omni.edit("GET", "/v1/dashboards/d/filters").body
        spec = spec_of(wanted)
        plan = c.plan(doc("DashboardFilters", "d", spec))
        assert len(plan.writes) == plan.bound <= 1
        report = c.checked_apply(plan)
        assert {str(o.end) for o in report.outcomes} <= {"done"}, report.outcomes
        assert [one.line for one in c.plan().writes] == []
        after: Any = c.omni.edit("GET", "/v1/dashboards/d/filters").body
        _only_what_is_declared(spec, before, after)
        body = {k: v for k, v in spec_of(theirs).items() if k in ("filters", "controls")}
        if body:
            assert c.omni.edit("PATCH", "/v1/dashboards/d/filters", body).ok
        c.omni.set_draft("d", has_draft=draft)


def _only_what_is_declared(spec: Mapping[str, Any], before: Any, after: Any) -> None:
    for i, one in after["filters"].items():
        wanted = spec.get("filters", {}).get(i, {})
        for name in {*one, *before["filters"][i]} - wanted.keys():
            assert one.get(name) == before["filters"][i].get(name)
    was = {one["id"]: one for one in before["controls"]}
    for one in after["controls"]:
        wanted = spec.get("controls", {}).get(one["id"], {})
        for name in {*one, *was[one["id"]]} - wanted.keys():
            assert one.get(name) == was[one["id"]].get(name)
