"""Models: made once, in the order their connection asks for, and never changed (OA-R160 to OA-R167, OA-C30)."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from reconciler.model.change import Verb
from reconciler.model.json import Json
from reconciler.model.outcome import End
from reconciler.twins import Fault
from tests.contract.importing import place
from tests.contract.models import LAKE, ORDERS, UNNAMED, Estate, estate, git, model, notes, rules, sent
from tests.world import OMNI, TWINS


@pytest.fixture(params=["plain", "adversarial"])
def e(request: pytest.FixtureRequest) -> Iterator[Estate]:
    with estate(str(request.param)) as found:
        yield found


@pytest.fixture
def bare(e: Estate) -> str:
    """A second connection, without any model."""
    return e.w.omni.add_connection("Bare")


def test_oa_r163_a_schema_model_goes_without_a_name_and_the_others_follow_it(e: Estate, bare: str) -> None:
    documents = [
        model("core", "SCHEMA", of="Bare", as_="bare-schema"),
        model("Sales", of="Bare", as_="sales"),
        model("Partners", "SHARED_EXTENSION", of="Bare", as_="partners", extends="sales"),
    ]

    plan, _, lines = e.step(*documents)

    bodies: list[Json] = [c.body for c in plan.calls]
    assert lines == ["POST /v1/models"] * 3
    assert bodies[0] == {"connectionId": bare, "modelKind": "SCHEMA"}
    assert bodies[1] == {"connectionId": bare, "modelKind": "SHARED", "modelName": "Sales"}
    assert [sorted(c.after) for c in plan.calls] == [[], ["1"], ["1", "2"]]
    assert e.live("SHARED_EXTENSION")["Partners"]["baseModelId"] == e.live()["Sales"]["id"]
    assert [a.verb for a in e.w.plan().actions] == [Verb.NONE] * 3


def test_oa_r160_one_list_per_kind_of_model_that_is_declared(e: Estate) -> None:
    plan = e.w.plan(model(), model("core", "SCHEMA", as_="schema"))

    lists = [r for r in plan.reads if "/v1/models" in r]
    assert plan.writes == ()
    assert sorted(r.split("modelKind=")[1].split("&")[0] for r in lists) == ["SCHEMA", "SHARED"]
    assert all("sortField=name&sortDirection=asc&pageSize=100" in r for r in lists)


def test_oa_r160_a_model_in_sync_needs_no_look_at_the_schema_models(e: Estate) -> None:
    assert len([r for r in e.w.plan(model()).reads if "/v1/models" in r]) == 1


def test_oa_r160_a_deleted_model_is_none(e: Estate) -> None:
    e.w.omni.delete_model(e.orders)

    _, _, lines = e.step(model())

    assert lines == ["POST /v1/models"]


def test_oa_r160_two_of_one_name_are_both_refused_until_a_pin_tells(e: Estate) -> None:
    other = e.w.omni.add_model(e.connection, "SHARED", ORDERS, base_id=e.schema)

    assert rules(e.w.plan(model())) == {"orders": {"ambiguous"}}
    assert e.w.plan(model(pinned_id=other)).writes == ()


def test_oa_r160_names_of_other_connections_and_kinds_do_not_count(e: Estate, bare: str) -> None:
    base = e.w.omni.add_model(bare, "SCHEMA")
    e.w.omni.add_model(bare, "SHARED", ORDERS, base_id=base)
    e.w.omni.add_model(e.connection, "SHARED_EXTENSION", ORDERS, base_id=e.orders)

    plan = e.w.plan(model(), model("Orders", "SHARED_EXTENSION", as_="ext", extends="orders"))

    assert plan.writes == ()
    assert rules(plan) == {}


def test_oa_r161_a_shared_model_without_a_schema_model_waits_for_somebody_to_declare_one(
    e: Estate, bare: str
) -> None:
    assert rules(e.w.plan(model("Sales", of="Bare"))) == {"sales": {"no-schema-model"}}
    assert e.w.plan().writes == ()


def test_oa_r163_what_is_fixed_is_refused_with_the_remedy(e: Estate) -> None:
    e.w.omni.add_model(e.connection, "SHARED_EXTENSION", "Ext", base_id=e.orders)
    e.w.omni.add_model(e.connection, "SHARED", "Core", base_id=e.schema)

    plan = e.w.plan(model("Ext", "SHARED_EXTENSION", as_="ext", extends="Core"))

    assert rules(plan) == {"ext": {"immutable"}}
    assert "make another extension" in plan.actions[0].holds[0].way_out


def test_oa_r163_what_no_read_shows_is_taken_as_declared_once_and_refused_afterwards(e: Estate) -> None:
    grants: Json = [{"name": "finance"}]
    plan, *_ = e.step(model(accessGrants=grants))
    assert notes(plan, "orders") == ("not verifiable: accessGrants (taken as declared)",)

    plan = e.w.plan(model(accessGrants=[]))

    assert rules(plan) == {"orders": {"immutable"}}
    assert plan.writes == ()


def test_oa_r163_a_rename_is_refused_and_one_in_the_product_is_found_once_declared(e: Estate) -> None:
    e.step(model())
    assert "no-rename" in rules(e.w.plan(model("Sales", as_="orders", previous_key=ORDERS)))["orders"]

    e.w.omni.rename_model(e.orders, "Sales")
    e.step(model("Sales", as_="orders"))


def test_oa_r163_what_leaves_git_is_released(e: Estate) -> None:
    e.step(model("Sales"))

    plan, _, lines = e.step(model())

    assert lines == []
    assert {a.verb for a in plan.actions} == {Verb.RELEASE, Verb.ADOPT}
    assert "Sales" in e.live()


def test_oa_r164_a_new_schema_model_is_refreshed_if_asked_and_not_waited_for(e: Estate, bare: str) -> None:
    documents = [
        model("s", "SCHEMA", of="Bare", as_="bare-schema", refreshOnCreate=True),
        model("Sales", of="Bare", as_="sales"),
    ]

    plan, _, lines = e.step(*documents)

    assert [line.split("/")[-1] for line in lines] == ["models", "refresh", "models"]
    effects = next(a.effects for a in plan.actions if a.address.name == "bare-schema")
    assert any("nothing waits for that" in text for text in effects)
    e.w.omni.log.clear()
    assert e.w.plan().writes == ()


def test_oa_r164_a_lost_answer_to_a_refresh_is_asked_for_once_more(e: Estate, bare: str) -> None:
    e.w.documents = [model("s", "SCHEMA", of="Bare", as_="bare-schema", refreshOnCreate=True)]
    plan = e.w.plan()
    fault = Fault("drop", effect=True, path="/refresh$")
    e.w.omni.faults.add(fault)

    report = e.w.apply(plan)

    assert e.w.omni.faults.fired
    assert {o.end for o in report.outcomes} == {End.DONE}
    assert sum(line.endswith("/refresh") for line in sent(report)) == 2


def test_oa_r165_a_create_in_doubt_is_looked_for_and_never_doubled(e: Estate) -> None:
    e.w.documents = [model("Sales")]
    plan = e.w.plan()
    fault = Fault("drop", effect=True, method="POST", path="/v1/models$")
    e.w.omni.faults.add(fault)

    report = e.w.apply(plan)

    assert e.w.omni.faults.fired
    assert [o.end for o in report.outcomes] == [End.DONE]
    assert set(e.live()) == {ORDERS, "Sales"}
    assert e.w.plan().writes == ()


def test_oa_r165_what_the_answer_does_not_show_is_looked_at(e: Estate) -> None:
    _, report, _ = e.step(model("Sales"))

    # The adversarial twin answers in the newer form, and its list lags behind a create once.
    hard = e.w.omni.knobs.profile == "adversarial"
    assert len(sent(report, "verify")) == (2 if hard else 0)
    assert {line.split("modelKind=")[1].split("&")[0] for line in sent(report, "verify")} <= {"SHARED"}


def test_oa_r166_a_validation_follows_a_create_alone(e: Estate) -> None:
    _, _, lines = e.step(model("Sales", validate=True))
    assert [line.split(" ")[0] for line in lines] == ["POST", "GET"]
    assert lines[1] == f"GET /v1/models/{e.live()['Sales']['id']}/validate"

    _, _, lines = e.step(model("Sales", validate=True), model(validate=True))
    assert lines == []


def test_oa_r167_answers_of_the_newer_edition_are_read(e: Estate, bare: str) -> None:
    e.w.omni.knobs.set("newer-answers", "adversarial")

    plan, *_ = e.step(
        model("core", "SCHEMA", of="Bare", as_="bare-schema", refreshOnCreate=True),
        model("Sales", of="Bare", as_="sales", validate=True),
        git("sales", of="Bare"),
    )

    assert len(plan.writes) == 5


def test_oa_r167_an_import_of_everything_about_models_needs_no_call(tmp_path: Path, e: Estate) -> None:
    twin = TWINS[OMNI](e.w.omni.knobs.profile)
    lake, dev = twin.add_connection(LAKE), twin.add_connection("Dev")  # type: ignore[attr-defined]
    for connection in (lake, dev):
        schema = twin.add_model(connection, "SCHEMA")  # type: ignore[attr-defined]
        orders = twin.add_model(connection, "SHARED", ORDERS, base_id=schema)  # type: ignore[attr-defined]
    twin.add_model(dev, "SHARED_EXTENSION", "Partners", base_id=orders)  # type: ignore[attr-defined]
    twin.add_model(dev, "SHARED", None, base_id=schema)  # type: ignore[attr-defined]
    assert twin.edit("POST", f"/v1/models/{orders}/git", {"sshUrl": "git@github.com:a/b.git"}).ok
    made: Any = twin.edit("POST", "/scim/v2/groups", {"displayName": "Fin", "members": []}).body
    assert twin.edit("POST", "/scim/v2/groups", {"displayName": "Nothing", "members": []}).ok
    twin.add_role(made["id"], "CONNECTION_ADMIN", lake, None, is_group=True)  # type: ignore[attr-defined]
    twin.add_role(made["id"], "MODELER", dev, orders, is_group=True)  # type: ignore[attr-defined]
    with place(tmp_path / "project", {OMNI: twin}) as p:
        p.settles(OMNI, "Connection", "Model", "ModelGit", "UserGroup", "ModelRoles", "ModelFile")
        text = "".join(data.decode() for data in p.files().values())
        assert "modelKind: SHARED_EXTENSION" in text
        assert "sshUrl" in text
        assert "CONNECTION_ADMIN" in text
        assert UNNAMED not in text
        assert "a model's files belong into its repository" in p.said
