"""A plan as JSON: nothing is lost, times and commit do not count, and other shapes are refused."""

from __future__ import annotations

import json
from typing import Any

import pytest

from reconciler.model.change import FieldChange, Hold, Reason, Verb
from reconciler.model.document import Address
from reconciler.model.json import ABSENT, canonical
from reconciler.model.live import Demand
from reconciler.model.place import Place
from reconciler.model.plan import Action, Call, Check, Effect, Phase, Plan, PlanTarget, Precondition, Role, Trigger
from reconciler.model.plan_from_json import from_json
from reconciler.model.plan_json import plan_id, to_json
from reconciler.model.record import replace
from reconciler.model.recorded import Bond

A = Address("analytics", "Label", "nested/name")
LATER: Any = {"$from": {"call": "1", "path": "/id"}}
CALLS = (
    Call("1", "analytics", "Label", A, "POST", "/v1/labels", Phase.CREATE, body={"name": None}, new_id="/id"),
    Call(
        "2", "analytics", "Label", A, "PUT", "/v1/labels/{id}", Phase.CHANGE,
        args={"id": LATER}, query={"q": LATER}, body=[LATER], role=Role.CONTINGENT, summary="a word",
        after=frozenset({"1"}), waits=frozenset({"1"}), trigger=Trigger("1", "1"), expect={"/name": "x"},
        effect=Effect("k", True, {"f": LATER}, "s", ((LATER, {"a": 1}),), ("i",)),
        verify=True, becomes="y", live_id="z", set_field="s", held=("rule",),
    ),
)  # fmt: skip
PLAN = Plan(
    stamp="",
    tool="1.2",
    manifests="sha256:0",
    targets=(PlanTarget("analytics", "omni-analytics", "https://omni.example.com/api", 60),),
    actions=(
        Action(
            Verb.MOVE,
            A,
            "A label",
            Place("a.yaml", 3, 1),
            (
                FieldChange(("f",), None, True, Reason.DRIFT, access=True),
                FieldChange(("s", "x"), ABSENT, {"a": 1}, Reason.INTENT),
                FieldChange(("s", "y"), 1.5, ABSENT),
            ),
            (Hold("rule", "why", "how", final=True, only="remove"),),
            ("a note",),
            ("sends mail",),
            ("1", "2"),
            Bond(
                A,
                "id",
                ["a", "b"],
                True,
                "A label",
                "delete",
                True,
                ("x",),
                {"f": "d"},
                {"s": ("i",)},
                {"scope": "o"},
                exact_in=("analytics/Folder/a.below",),
            ),
            Address("analytics", "Label", "old"),
            access=True,
        ),
        Action(Verb.RELEASE, A, ""),
    ),
    calls=CALLS,
    preconditions=(
        Precondition(
            Demand("analytics", "Label", ({"scope": "o"},), ("jane",), ("id",), True),
            (
                Check(A, ("1",), ["a"], True),
                Check(A, ("2",), "k", False, "id", ("f", "s/i"), True, {"f": "sha256:1"}),
            ),
            3,
        ),
    ),
    reads=("analytics: GET /v1/labels",),
    bound=1,
    commit="0a1b2c",
    made_at="2026-06-01T00:00:00+00:00",
    left_out=(Address("analytics", "Folder", "f"),),
    warnings=("a warning",),
    ledger_head="ab12",
)


def again(plan: Plan) -> Plan:
    return from_json(json.loads(canonical(to_json(plan))))


def test_nothing_is_lost() -> None:
    assert again(PLAN) == PLAN


def test_absent_is_not_null() -> None:
    fields = again(PLAN).actions[0].fields

    assert fields[0].before is None
    assert fields[1].before is ABSENT
    assert fields[2].after is ABSENT


def test_counts_are_told_for_people_and_machines() -> None:
    assert to_json(PLAN)["counts"] == {
        "calls": 1, "bound": 1, "contingent": 0, "held": 0, "reads": 1, "preconditions": 3,
    }  # fmt: skip


def test_when_and_from_which_commit_does_not_count() -> None:
    other = replace(PLAN, stamp="x", made_at="later", commit=None)

    assert plan_id(other) == plan_id(PLAN)
    assert plan_id(PLAN).startswith("sha256:")


@pytest.mark.parametrize(
    "change",
    [
        {"tool": "1.3"},
        {"manifests": "sha256:1"},
        {"targets": ()},
        {"actions": ()},
        {"calls": CALLS[:1]},
        {"preconditions": ()},
        {"reads": ()},
        {"bound": 2},
        {"left_out": ()},
        {"warnings": ()},
        {"ledger_head": "cd34"},
    ],
)
def test_everything_else_does(change: dict[str, Any]) -> None:
    assert plan_id(replace(PLAN, **change)) != plan_id(PLAN)


def test_edges_are_told_in_the_order_of_numbers() -> None:
    call = replace(CALLS[1], after=frozenset({"10", "9", "2"}))

    told: Any = to_json(replace(PLAN, calls=(call,)))
    assert told["calls"][0]["after"] == ["2", "9", "10"]


@pytest.mark.parametrize(
    "spoil",
    [
        {"format": "reconciler/plan-v2"},
        {"targets": None},
        {"actions": [{}]},
        {"calls": [{"phase": "never"}]},
        {"leftOut": ["no address"]},
    ],
)
def test_another_shape_is_refused(spoil: dict[str, Any]) -> None:
    with pytest.raises((KeyError, TypeError, ValueError)):
        from_json({**to_json(PLAN), **spoil})
