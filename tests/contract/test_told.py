"""What one answer tells of the entries of a set, and a doubt that is asked about once (Call.asks, Bond.told)."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from reconciler import workflow
from reconciler.model.document import Address
from reconciler.model.outcome import End, Outcome
from reconciler.model.plan_from_json import from_json
from reconciler.model.plan_json import to_json
from reconciler.model.recorded import Bond
from reconciler.twins import Fault
from tests.contract.warehouses import connection, environments, refresh, with_secret
from tests.world import OMNI, World, doc, world

ENVS = Address(OMNI, "ConnectionEnvironments", "envs")


@pytest.fixture(params=["plain", "adversarial"])
def w(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[World]:
    with world(str(request.param), twins=[OMNI]) as found:
        for name in ("Base", "Dev", "Stage"):
            found.omni.add_connection(name)
        yield with_secret(found, tmp_path)


def test_what_an_answer_told_outlives_a_run_that_fails_half_way(w: World) -> None:
    plan = w.plan(environments("Base", ("Dev", ["dev"]), ("Stage", ["s"])))
    w.omni.faults.add(Fault("status", method="PUT", status=403))
    ends = [o.end for o in w.apply(plan).outcomes]

    assert ends.count(End.FAILED) == 1
    told = w.recorded.bonds[ENVS].told
    assert len(told) == 2
    assert all("id" in one for one in told.values())
    again = w.plan()
    assert [c.method for c in again.writes] == ["PUT"] * len(again.writes)
    w.checked_apply(again)
    assert w.plan().writes == ()


def test_what_was_told_is_in_the_bond_and_in_the_plan_as_json(w: World) -> None:
    w.checked_apply(w.plan(environments("Base", ("Dev", ["dev"]))))
    bond = w.recorded.bonds[ENVS]

    assert Bond.from_json(bond.to_json()) == bond
    plan = w.plan(environments("Base", ("Dev", ["dev"]), ("Stage", ["s"])))
    assert from_json(to_json(plan)) == plan
    assert any(c.asks for c in plan.calls)
    assert plan.actions[0].bond is not None
    assert plan.actions[0].bond.told == bond.told


def test_what_was_told_of_another_base_is_forgotten(w: World) -> None:
    w.checked_apply(w.plan(environments("Base", ("Dev", ["dev"]))))
    w.checked_apply(w.plan(environments("Stage", ("Dev", ["dev"]))))

    [told] = w.recorded.bonds[ENVS].told.values()
    state = w.omni.dump()["state"]
    assert isinstance(state, dict)
    rows = state["environments"]
    assert isinstance(rows, dict)
    assert told["id"] == max(rows)


def test_kinds_that_follow_others_begin_when_those_have_ended_however_they_did(w: World) -> None:
    attribute = {"environmentUserAttribute": {"attribute": "environment", "defaultValues": ["prod"]}}
    plan = w.plan(
        connection("Base", **attribute), environments("Base", ("Dev", ["dev"])), refresh("Base", "0 9 * * ? *")
    )
    patch, post, put, schedule = plan.calls
    assert (patch.method, post.follows >= {patch.id}, put.follows >= {patch.id}) == ("PATCH", True, True)
    assert schedule.follows >= {patch.id, post.id, put.id}

    w.omni.faults.add(Fault("status", method="PATCH", status=403))
    report = w.apply(plan)
    assert [str(o.end) for o in report.outcomes] == ["failed", "done", "done", "done"]


def test_filters_follow_their_document(w: World) -> None:
    kept = {"f": {"type": "string", "kind": "EQUALS", "values": ["a"]}}
    own = w.omni.add_document("Sales", identifier="sales", filters=kept)
    plan = w.plan(
        doc("Document", "sales", {"identifier": own, "name": "Weekly sales"}),
        doc("DashboardFilters", "sales", {"document": own, "filters": {"f": {"values": ["b"]}}}),
    )
    first, last = plan.calls[0], plan.calls[-1]
    assert (first.kind, last.kind) == ("Document", "DashboardFilters")
    assert first.id in last.follows
    assert {o.end for o in w.checked_apply(plan).outcomes} == {End.DONE}


class Killed(Exception):
    """The process ends here."""


@pytest.mark.parametrize("method", ["POST", "PUT"])
def test_a_run_that_is_killed_before_it_can_note_an_answer_is_settled_with_at_most_one_question(
    w: World, method: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    plan = w.plan(environments("Base", ("Dev", ["dev"]), ("Stage", ["s"])))
    assert w.ledger is not None
    noted, methods = w.ledger.conclude, {c.id: c.method for c in plan.calls}

    def killed(run: str, address: Address, outcome: Outcome) -> None:
        if methods[outcome.call] == method:
            raise Killed
        noted(run, address, outcome)

    monkeypatch.setattr(w.ledger, "conclude", killed)
    with pytest.raises((Killed, ExceptionGroup)):
        w.apply(plan)
    monkeypatch.undo()
    sentences: list[str] = []
    monkeypatch.setattr("tests.world.workflow.settle", _noting(sentences))
    w.settle()
    monkeypatch.undo()

    assert len(sentences) == (method == "POST")
    assert all("write the `id` of each link" in s for s in sentences)
    again = w.apply(w.plan())
    expected = {"failed", "blocked"} if method == "POST" else {"done"}
    assert {str(o.end) for o in again.outcomes} == expected


def _noting(sentences: list[str]) -> Any:
    settle = workflow.settle

    async def noting(setup: workflow.Setup) -> Any:
        found = await settle(setup)
        sentences.extend(s for part in found for s in (part if isinstance(part, tuple) else ()) if "linked" in s)
        return found

    return noting
