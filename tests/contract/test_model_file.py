"""Files of models: one reading of a model, one call per file, with the checksum (OA-R183 to OA-R187, OA-C33)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from reconciler.model.change import Verb
from reconciler.model.json import Json
from reconciler.model.outcome import End
from reconciler.twins import Fault
from tests.contract.models import ORDERS, Estate, estate, file, git, model, rules, sent

GOING: dict[str, Any] = {"on_remove": "delete", "allow": ["delete"]}
ERROR: dict[str, Json] = {"message": "no such field", "is_warning": False, "yaml_path": "orders.view"}
WARNING: dict[str, Json] = {"message": "unused", "is_warning": True, "yaml_path": "orders.view"}


@pytest.fixture(params=["plain", "adversarial"])
def e(request: pytest.FixtureRequest) -> Iterator[Estate]:
    with estate(str(request.param)) as found:
        yield found


def yaml(model: str) -> str:
    return f"/unstable/models/{model}/yaml"


def test_oa_r185_a_new_file_is_one_call_without_a_checksum(e: Estate) -> None:
    plan, report, lines = e.step(file("orders.view", "a: 1\n"))

    assert lines == [f"POST {yaml(e.orders)}"]
    assert plan.calls[0].body == {"fileName": "orders.view", "yaml": "a: 1\n", "mode": "extension"}
    assert len(sent(report, "verify")) == 1
    assert e.files() == {"orders.view": "a: 1\n"}


def test_oa_r185_a_change_carries_the_checksum_that_was_read(e: Estate) -> None:
    e.w.omni.add_file(e.orders, "orders.view", "a: 1\n")

    plan, _, lines = e.step(file("orders.view", "a: 2\n"))

    body: Any = plan.calls[0].body
    assert len(lines) == 1
    assert len(body["previousChecksum"]) == 64
    assert plan.actions[0].verb is Verb.ADOPT


def test_oa_r185_a_file_that_changed_since_the_plan_is_not_overwritten(e: Estate) -> None:
    e.step(file("orders.view", "a: 1\n"))
    plan = e.w.plan(file("orders.view", "a: 2\n"))
    e.w.omni.add_file(e.orders, "orders.view", "theirs: 1\n")

    assert [o.end for o in e.w.apply(plan).outcomes] == [End.STALE]
    assert e.files()["orders.view"] == "theirs: 1\n"


def test_oa_r183_all_files_of_a_model_are_read_at_once_and_written_in_a_row(e: Estate) -> None:
    documents = [file("model", "x: 1\n"), file("relationships", "y: 1\n"), file("t.topic", "z: 1\n")]

    plan, _, lines = e.step(*documents)

    assert sum("/yaml" in r for r in plan.reads) == 1
    assert len(lines) == 3
    assert [sorted(c.follows) for c in plan.calls] == [[], ["1"], ["2"]]
    assert sum("/yaml" in r for r in e.w.plan().reads) == 1
    assert not any(r.endswith("/git") for r in e.w.plan().reads)


def test_oa_r183_files_nobody_declares_are_left_alone(e: Estate) -> None:
    e.w.omni.add_file(e.orders, "theirs.view", "a: 1\n")

    e.step(file("orders.view", "a: 1\n"))

    assert set(e.files()) == {"theirs.view", "orders.view"}


def test_oa_r186_a_delete_is_an_empty_text_and_needs_consent(e: Estate) -> None:
    e.step(file("orders.view", "a: 1\n", **GOING), file("model", "x: 1\n"))

    plan, _, lines = e.step(file("model", "x: 1\n"))

    body: Any = plan.calls[0].body
    assert len(lines) == 1
    assert (body["yaml"], body["mode"]) == ("", "extension")
    assert "previousChecksum" in body
    assert e.files() == {"model.yaml": "x: 1\n"} or e.files() == {"model": "x: 1\n"}


def test_oa_r186_without_consent_it_is_released(e: Estate) -> None:
    e.step(file("orders.view", "a: 1\n"), file("model", "x: 1\n"))

    plan, _, lines = e.step(file("model", "x: 1\n"))

    assert lines == []
    assert {a.verb for a in plan.actions} == {Verb.NONE, Verb.RELEASE}


def test_oa_r184_a_model_that_follows_git_is_refused(e: Estate) -> None:
    e.step(git(gitFollower=True))

    plan = e.w.plan(git(gitFollower=True), file("orders.view", "a: 1\n", commitMessage="x"))

    assert rules(plan) == {"orders-view": {"git-follower"}}
    assert plan.writes == ()


def test_oa_r184_a_model_with_a_repository_needs_a_message_and_a_branch_where_requests_are_demanded(
    e: Estate,
) -> None:
    e.step(git())
    assert rules(e.w.plan(git(), file("orders.view", "a: 1\n"))) == {"orders-view": {"commit-message"}}
    plan, _, _ = e.step(git(), file("orders.view", "a: 1\n", commitMessage="first"))
    body: Any = plan.calls[0].body
    assert body["commitMessage"] == "first"

    e.step(git(requirePullRequest="always"))

    held = rules(e.w.plan(git(requirePullRequest="always"), file("orders.view", "b: 1\n", commitMessage="x")))
    assert held == {"orders-view": {"pull-request"}}


def test_oa_r184_a_schema_model_is_refused(e: Estate) -> None:
    plan = e.w.plan(model("s", "SCHEMA", as_="schema"), file("orders.view", "a: 1\n", to="schema"))

    assert "schema-model" in rules(plan)["orders-view"]


def test_oa_r184_files_that_cannot_be_read_are_not_written(e: Estate) -> None:
    e.w.omni.turn_off_yaml()

    assert rules(e.w.plan(file("orders.view", "a: 1\n"))) == {"orders-view": {"unreadable"}}


def test_oa_r184_a_branch_is_read_and_written_by_its_id(e: Estate) -> None:
    branch = e.w.omni.add_model(e.connection, "BRANCH", "feature", base_id=e.orders)

    plan, _, lines = e.step(file("orders.view", "a: 1\n", branchId=branch, validate=True))

    body: Any = plan.calls[0].body
    assert body["branchId"] == branch
    assert lines[1].endswith(f"/validate?branchId={branch}")


def test_oa_r184_a_branch_that_is_no_more_is_said(e: Estate) -> None:
    branch = "00000006-0000-4000-8000-0000000000ff"

    assert rules(e.w.plan(file("orders.view", "a: 1\n", branchId=branch))) == {"orders-view": {"unreadable"}}


def test_oa_r187_one_validation_after_all_files_of_a_model(e: Estate) -> None:
    documents = [file("orders.view", "a: 1\n", validate=True), file("model", "x: 1\n", validate=True)]

    plan, _, lines = e.step(*documents)

    assert [line.split(" ")[0] for line in lines] == ["POST", "POST", "GET"]
    assert plan.calls[-1].follows == {"1", "2"}
    _, _, lines = e.step(*documents)
    assert lines == []


@pytest.mark.parametrize("newer", [False, True])
def test_oa_r187_errors_fail_the_apply_in_their_words_and_warnings_do_not(e: Estate, newer: bool) -> None:
    e.w.omni.knobs.set("newer-answers", "adversarial" if newer else "plain")
    bad = e.w.omni.add_model(e.connection, "SHARED", "Bad", base_id=e.schema, issues=[ERROR, WARNING])
    e.w.omni.add_model(e.connection, "SHARED", "Fair", base_id=e.schema, issues=[WARNING])
    e.w.documents = [
        file("orders.view", "a: 1\n", to="Bad", validate=True),
        file("orders.view", "a: 1\n", as_="fair", to="Fair", validate=True),
    ]

    report = e.w.apply(e.w.plan())

    ends = sorted(str(o.end) for o in report.outcomes)
    assert ends == ["done", "done", "done", "failed"]
    [failed] = [o for o in report.outcomes if o.end is End.FAILED]
    assert "no such field" in failed.message
    assert "unused" not in failed.message
    assert e.w.plan().writes == ()
    assert e.files(bad) == {"orders.view": "a: 1\n"}


def test_oa_r187_a_model_its_file_and_its_validation_in_one_plan(e: Estate) -> None:
    _, _, lines = e.step(model("Sales"), file("model", "x: 1\n", to="sales", validate=True))

    sales = e.live()["Sales"]["id"]
    assert lines == ["POST /v1/models", f"POST {yaml(sales)}", f"GET /v1/models/{sales}/validate"]


def test_oa_r185_a_lost_answer_is_looked_for(e: Estate) -> None:
    e.w.documents = [file("orders.view", "a: 1\n")]
    plan = e.w.plan()
    e.w.omni.faults.add(Fault("drop", effect=True, method="POST", path="/yaml$"))

    report = e.w.apply(plan)

    assert e.w.omni.faults.fired
    assert [o.end for o in report.outcomes] == [End.DONE]
    assert e.w.plan().writes == ()


def test_oa_r183_drift_is_repaired(e: Estate) -> None:
    e.step(file("orders.view", "a: 1\n", to=ORDERS))
    e.w.omni.add_file(e.orders, "orders.view", "theirs: 1\n")

    _, _, lines = e.step(file("orders.view", "a: 1\n"))

    assert len(lines) == 1
