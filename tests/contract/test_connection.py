"""Connections: made whole, changed in two things, never renamed or deleted (OA-R130 to OA-R137, OA-C26)."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from reconciler.model.change import Verb
from reconciler.model.json import Json, canonical
from reconciler.model.outcome import End
from reconciler.model.plan_json import to_json
from reconciler.twins import Fault
from tests.contract.warehouses import SECRET, carried_out, connection, live, secret, with_secret
from tests.world import OMNI, World, doc, world

LIST = "GET /v1/connections"
ENV = "environmentUserAttribute"


@pytest.fixture(params=["plain", "adversarial"])
def w(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[World]:
    with world(str(request.param), twins=[OMNI]) as found:
        yield with_secret(found, tmp_path)


def test_oa_r130_a_create_carries_everything_and_lists_go_as_texts(w: World) -> None:
    spec = {"host": "db", "port": 5432, "database": "wh", "includeSchemas": ["a", "b"], "baseRole": "QUERIER"}
    step = carried_out(w, connection("Wh", **spec))

    assert step.sent == ("POST /v1/connections",)
    assert live(w)["Wh"]["settings"]["includeSchemas"] == "a,b"
    assert live(w)["Wh"]["base_role"] == "QUERIER"
    assert live(w)["Wh"]["secrets"]["passwordUnencrypted"] == SECRET


def test_oa_c26_an_environment_attribute_takes_one_patch_more_at_creation(w: World) -> None:
    step = carried_out(w, connection("Wh", **{ENV: {"attribute": "env", "defaultValues": ["prod", "live"]}}))

    assert [line.split()[0] for line in step.sent] == ["POST", "PATCH"]
    assert live(w)["Wh"]["attribute"] == {"attributeName": "env", "defaultValues": ["prod", "live"]}


def test_oa_r132_role_and_attribute_are_one_patch_and_null_takes_the_attribute_away(w: World) -> None:
    carried_out(w, connection("Wh", baseRole="VIEWER", **{ENV: {"attribute": "env", "defaultValues": ["prod"]}}))

    step = carried_out(w, connection("Wh", baseRole="QUERIER", **{ENV: None}))

    assert [line.split()[0] for line in step.sent] == ["PATCH"]
    assert (live(w)["Wh"]["base_role"], live(w)["Wh"]["attribute"]) == ("QUERIER", None)


def test_oa_r132_other_default_values_are_drift_that_is_repaired(w: World) -> None:
    carried_out(w, connection("Wh", **{ENV: {"attribute": "env", "defaultValues": ["prod", "live"]}}))
    own = live(w)["Wh"]["id"]
    body = {ENV: {"attributeName": "env", "defaultValues": ["else"]}}
    assert w.omni.edit("PATCH", f"/v1/connections/{own}", body).status == 200

    carried_out(w)
    assert set(live(w)["Wh"]["attribute"]["defaultValues"]) == {"prod", "live"}

    body = {ENV: {"attributeName": "env", "defaultValues": ["live", "prod"]}}
    assert w.omni.edit("PATCH", f"/v1/connections/{own}", body).status == 200
    assert w.plan().writes == ()


def test_oa_c25_one_read_whatever_is_declared(w: World) -> None:
    names = [f"C {n}" for n in range(7)]
    plan = w.plan(*(connection(name) for name in names))

    assert list(plan.reads) == [f"analytics: {LIST}"]
    assert len(plan.writes) == 7
    w.checked_apply(plan)
    assert len(w.plan().reads) == 1


def test_oa_r133_what_no_read_shows_is_refused_when_it_changes(w: World) -> None:
    carried_out(w, connection("Wh", host="db"))

    plan = w.plan(connection("Wh", host="db2", baseRole="QUERIER"))

    assert [(h.rule, h.final) for h in plan.actions[0].holds] == [("immutable", True)]
    assert "change it in the product" in plan.actions[0].holds[0].way_out
    assert plan.calls == ()


def test_oa_r134_after_a_change_in_the_product_the_token_adopts_what_is_declared(w: World) -> None:
    carried_out(w, connection("Wh", host="db"))
    changed = connection("Wh", "", 2, host="db2", once={"adopt": "2026-11-22"})

    step = carried_out(w, changed)
    assert step.sent == ()
    assert step.rules == set()

    plan = w.plan(connection("Wh", "", 2, host="db2", once={"adopt": "2026-11-22"}))
    assert (plan.actions[0].verb, plan.actions[0].holds) == (Verb.NONE, ())
    assert [h.rule for h in w.plan(connection("Wh", "", 2, host="db3")).actions[0].holds] == ["immutable"]


def test_oa_r136_a_new_version_of_the_password_is_refused_with_the_remark(w: World) -> None:
    carried_out(w, connection("Wh"))

    plan = w.plan(connection("Wh", "", 2))

    [hold] = plan.actions[0].holds
    assert (hold.rule, plan.calls) == ("immutable", ())
    assert "at creation alone" in hold.way_out


def test_oa_r133_one_that_is_there_already_is_adopted_and_keeps_what_is_hidden(w: World) -> None:
    own = w.omni.add_connection("Wh", base_role="VIEWER", host="elsewhere")

    step = carried_out(w, connection("Wh", host="db", baseRole="VIEWER"))

    assert (step.sent, step.plan.actions[0].verb) == ((), Verb.ADOPT)
    assert step.plan.actions[0].notes[-1] == "not verifiable: host, password (taken as declared)"
    assert live(w)["Wh"]["settings"]["host"] == "elsewhere"
    assert live(w)["Wh"]["id"] == own


def test_oa_r131_a_deleted_one_of_the_same_name_is_nobody(w: World) -> None:
    w.omni.delete_connection(w.omni.add_connection("Wh"))

    step = carried_out(w, connection("Wh"))

    assert step.sent == ("POST /v1/connections",)


def test_oa_r131_two_of_one_name_are_refused_and_a_pin_tells_them_apart(w: World) -> None:
    first, second = w.omni.add_connection("Wh"), w.omni.add_connection("Wh")

    plan = w.plan(connection("Wh", baseRole="QUERIER"))
    assert [h.rule for h in plan.actions[0].holds] == ["ambiguous"]
    assert first in plan.actions[0].holds[0].reason
    assert second in plan.actions[0].holds[0].reason

    pinned = doc(
        "Connection", "wh", {"name": "Wh", "dialect": "postgres", "baseRole": "QUERIER"}, pinned_id=second
    )
    assert carried_out(w, pinned).sent == (f"PATCH /v1/connections/{second}",)


def test_oa_r131_a_name_that_holds_another_is_another_connection(w: World) -> None:
    w.omni.add_connection("Wh Dev")

    assert carried_out(w, connection("Wh")).sent == ("POST /v1/connections",)
    assert {"Wh", "Wh Dev"} <= live(w).keys()


def test_oa_r131_no_call_renames_and_a_rename_in_the_product_is_followed(w: World) -> None:
    carried_out(w, connection("Wh"))

    plan = w.plan(connection("Warehouse 2", "wh", previous_key="Wh"))
    assert ({h.rule for h in plan.actions[0].holds}, plan.writes) == ({"no-rename"}, ())

    w.omni.rename_connection(live(w)["Wh"]["id"], "Warehouse 2")
    assert carried_out(w, connection("Warehouse 2", "wh")).sent == ()


def test_oa_r137_leaving_git_touches_nothing(w: World) -> None:
    carried_out(w, connection("Wh"))
    before = live(w)

    plan = w.plan(connection("Other"))
    assert {str(a.verb) for a in plan.actions} == {"create", "release"}
    w.checked_apply(plan)

    assert live(w)["Wh"] == before["Wh"]
    assert [str(a) for a in w.recorded.bonds] == ["analytics/Connection/other"]


@pytest.mark.parametrize("effect", [True, False])
def test_oa_r136_a_create_whose_answer_is_lost_is_found_by_the_list_and_never_doubled(
    w: World, effect: bool
) -> None:
    plan = w.plan(connection("Wh"))
    w.omni.faults.add(Fault("drop", method="POST", path="/v1/connections", effect=effect))
    report = w.apply(plan)

    assert [o.end for o in report.outcomes] == [End.DONE]
    assert [c["name"] for c in live(w).values()].count("Wh") == 1
    assert w.plan().writes == ()


def test_oa_r136_the_secret_is_in_no_plan_and_no_outcome(w: World) -> None:
    plan = w.plan(connection("Wh"))
    assert SECRET not in canonical(to_json(plan))
    w.omni.faults.add(Fault("status", method="POST", status=400))
    report = w.apply(plan)
    assert SECRET not in repr(report)


def test_oa_r137_what_a_manifest_cannot_mean_is_told_offline(w: World) -> None:
    from reconciler.providers.omni_analytics.connection_check import check
    from tests.world import catalog

    kind = catalog().kind("omni-analytics", "Connection")
    bare = doc("Connection", "wh", {"name": "Wh", "dialect": "mssql"})
    assert [p.rule for p in check(kind, [bare])] == ["OA-R135", "OA-R135"]
    assert not check(kind, [doc("Connection", "wh", {"name": "Wh", "dialect": "mssql"}, pinned_id="c")])
    pair: dict[str, Json] = {"name": "Wh", "dialect": "snowflake", "warehouse": "W", "privateKey": secret()}
    assert not check(kind, [doc("Connection", "wh", pair)])


def test_answers_of_a_newer_edition_are_read_all_the_same(w: World) -> None:
    w.omni.knobs.set("newer-answers", "adversarial")
    carried_out(w, connection("Wh", **{ENV: {"attribute": "env", "defaultValues": ["prod"]}}))
    step = carried_out(
        w, connection("Wh", baseRole="QUERIER", **{ENV: {"attribute": "env", "defaultValues": ["p"]}})
    )
    assert [line.split()[0] for line in step.sent] == ["PATCH"]
