"""Roles on models: what a person or a group has been given itself, one call each, never taken away (OA-R176 to
OA-R182, OA-C32)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest

from reconciler.model.change import Verb
from reconciler.model.document import Document
from reconciler.model.json import Json
from reconciler.model.outcome import End
from reconciler.twins import Fault
from tests.contract.models import LAKE, ORDERS, Estate, estate, notes, rules, sent
from tests.world import doc

ANN = "ann@example.com"
FIN = "Finance"


@dataclass(frozen=True, slots=True)
class Office:
    """An estate with one person and one group, whose member she is."""

    e: Estate
    ann: str
    finance: str

    def give(self, subject: str, role: str, model: str | None = None) -> None:
        self.e.w.omni.add_role(subject, role, self.e.connection, model, is_group=subject == self.finance)

    def roles(self, subject: str) -> set[tuple[str | None, str]]:
        """(model, role) of what the subject has been given itself."""
        group = subject == self.finance
        found: Any = self.e.w.omni.edit("GET", f"/v1/{'user-groups' if group else 'users'}/{subject}/model-roles")
        own = (r for r in found.body["results"] if group or r["from"]["type"] in ("User Role", "USER"))
        return {(r["modelId"], r["roleName"]) for r in own}


@pytest.fixture(params=["plain", "adversarial"])
def o(request: pytest.FixtureRequest) -> Iterator[Office]:
    with estate(str(request.param)) as e:
        ann = e.w.omni.add_user(ANN)
        made: Any = e.w.omni.edit(
            "POST", "/scim/v2/groups", {"displayName": FIN, "members": [{"value": ann}]}
        ).body
        yield Office(e, ann, made["id"])


def on(role: str, model: str | None = ORDERS, of: str = LAKE) -> Json:
    return {"connection": of, "role": role, **({"model": model} if model else {})}


def given(*roles: Json, to: str = "group", who: str = "", as_: str = "roles", **more: Any) -> Document:
    spec: dict[str, Json] = {"subject": {to: who or (FIN if to == "group" else ANN)}, "roles": [*roles], **more}
    return doc("ModelRoles", as_, spec)


def test_oa_r180_a_role_is_one_call_with_both_ids(o: Office) -> None:
    plan, _, lines = o.e.step(given(on("QUERIER")))

    assert lines == [f"POST /v1/user-groups/{o.finance}/model-roles"]
    body: Json = {"connectionId": o.e.connection, "modelId": o.e.orders, "roleName": "QUERIER"}
    assert plan.calls[0].body == body
    assert o.roles(o.finance) == {(o.e.orders, "QUERIER")}


def test_oa_r176_one_look_per_subject(o: Office) -> None:
    plan = o.e.w.plan(given(on("QUERIER")), given(on("VIEWER"), to="user", as_="ann"))

    looks = [r for r in plan.reads if r.endswith("/model-roles")]
    assert sorted(r.split(" ", 2)[2] for r in looks) == [
        f"/v1/user-groups/{o.finance}/model-roles",
        f"/v1/users/{o.ann}/model-roles",
    ]


def test_oa_r180_a_role_is_changed_by_the_same_call(o: Office) -> None:
    o.give(o.finance, "VIEWER", o.e.orders)

    plan, _, lines = o.e.step(given(on("MODELER")))

    assert len(lines) == 1
    assert [(f.path, f.before, f.after) for f in plan.actions[0].fields] == [
        (("roles", f"{LAKE} {ORDERS}", "role"), "VIEWER", "MODELER")
    ]
    assert all(f.access for f in plan.actions[0].fields)


def test_oa_r177_what_comes_from_groups_and_base_roles_does_not_count(o: Office) -> None:
    o.give(o.finance, "MODELER", o.e.orders)
    other = o.e.w.omni.add_connection("Open", base_role="QUERIER")
    base = o.e.w.omni.add_model(other, "SCHEMA")
    o.e.w.omni.add_model(other, "SHARED", "Free", base_id=base)

    plan, _, lines = o.e.step(given(on("MODELER"), to="user", rolesMode="exact"))

    assert lines == [f"POST /v1/users/{o.ann}/model-roles"]
    assert notes(plan, "roles") == ()


def test_oa_r178_a_role_on_the_whole_connection_needs_no_model(o: Office) -> None:
    o.e.w.omni.add_model(o.e.connection, "SHARED", "Other", base_id=o.e.schema)

    plan, _, lines = o.e.step(given(on("CONNECTION_ADMIN", None), rolesMode="exact"))

    assert len(lines) == 1
    assert plan.calls[0].body == {"connectionId": o.e.connection, "roleName": "CONNECTION_ADMIN"}
    assert notes(o.e.w.plan(), "roles") == ()


def test_oa_r178_one_on_the_connection_beside_one_on_a_model(o: Office) -> None:
    both = given(on("CONNECTION_ADMIN", None), on("NO_ACCESS"), to="user")

    _, _, lines = o.e.step(both)

    assert len(lines) == 2
    assert o.e.w.plan().writes == ()


def test_oa_r179_one_role_has_two_names(o: Office) -> None:
    plan, _, _ = o.e.step(given(on("RESTRICTED_QUERIER")))
    body: Any = plan.calls[0].body
    assert body["roleName"] == "QUERY_TOPICS"

    assert o.e.w.plan(given(on("QUERY_TOPICS"))).writes == ()
    assert o.e.w.plan(given(on("RESTRICTED_QUERIER"))).writes == ()


def test_oa_r179_custom_roles_are_kept_verbatim(o: Office) -> None:
    o.e.w.omni.define_role("Data Steward", "MODELER")
    o.e.w.omni.define_role("Overseer", "CONNECTION_ADMIN")

    plan, _, _ = o.e.step(given(on("Data Steward"), on("Overseer", None)))

    assert [c.body["roleName"] for c in plan.calls] == ["Data Steward", "Overseer"]  # type: ignore[index,call-overload]


@pytest.mark.parametrize(("role", "near"), [("QUERRIER", "QUERIER"), ("querier", "QUERIER"), ("Steward", None)])
def test_oa_r179_a_role_nearly_called_as_a_built_in_one_is_noted(o: Office, role: str, near: str | None) -> None:
    plan = o.e.w.plan(given(on(role)))

    told = f"no built-in role is '{role}'; did you mean {near}? Custom roles are taken as they are"
    assert notes(plan, "roles") == ((told,) if near else ())
    assert len(plan.writes) == 1


def test_oa_r180_what_leaves_the_list_stays_and_is_said_as_long_as_it_does(o: Office) -> None:
    o.e.step(given(on("QUERIER")))

    plan, _, lines = o.e.step(given())

    said = f"QUERIER on {LAKE} {ORDERS} cannot be removed by this API; still assigned"
    assert lines == []
    assert notes(plan, "roles") == (said,)
    assert notes(o.e.w.plan(), "roles") == (said,)
    o.e.step(given(on("NO_ACCESS")))
    assert notes(o.e.w.plan(), "roles") == ()
    assert o.roles(o.finance) == {(o.e.orders, "NO_ACCESS")}


def test_oa_r180_exact_reports_what_nobody_declares_and_additive_does_not(o: Office) -> None:
    o.give(o.finance, "MODELER", o.e.orders)

    assert notes(o.e.w.plan(given()), "roles") == ()
    plan = o.e.w.plan(given(rolesMode="exact"))

    assert notes(plan, "roles") == (f"MODELER on {LAKE} {ORDERS} cannot be removed by this API; still assigned",)
    assert plan.writes == ()
    assert rules(plan) == {}


def test_oa_r180_what_leaves_git_is_released(o: Office) -> None:
    o.e.step(given(on("QUERIER")))

    plan, _, lines = o.e.step(given(on("VIEWER"), to="user", as_="ann"))

    assert {a.address.name: a.verb for a in plan.actions}["roles"] is Verb.RELEASE
    assert len(lines) == 1
    assert o.roles(o.finance) == {(o.e.orders, "QUERIER")}


def test_oa_r182_groups_and_people_to_come_are_made_first_and_groups_get_theirs_first(o: Office) -> None:
    team = doc("UserGroup", "team", {"name": "Team", "members": [ANN]})
    people = given(on("VIEWER"), to="user", as_="a-person")

    _, report, lines = o.e.step(team, people, given(on("QUERIER"), who="team", as_="b-team"))

    made: Any = o.e.w.omni.edit("GET", "/scim/v2/groups").body
    own = next(g["id"] for g in made["Resources"] if g["displayName"] == "Team")
    assert lines == [
        "POST /scim/v2/groups",
        f"POST /v1/user-groups/{own}/model-roles",
        f"POST /v1/users/{o.ann}/model-roles",
    ]
    assert {b.id for b in o.e.w.recorded.bonds.values() if b.address.kind == "ModelRoles"} == {own, o.ann}
    assert sent(report, "verify") == []


def test_oa_r176_another_subject_is_another_document(o: Office) -> None:
    o.e.step(given(on("QUERIER")))

    found = rules(o.e.w.plan(given(on("QUERIER"), to="user")))["roles"]

    assert "no-rename" in found
    assert "rename-unconfirmed" not in found


def test_oa_r176_nobody_of_that_name_is_refused(o: Office) -> None:
    assert rules(o.e.w.plan(given(on("QUERIER"), who="Nobody"))) == {"roles": {"unresolved"}}


def test_oa_r181_only_models_of_that_connection_are_meant(o: Office) -> None:
    o.e.w.omni.add_connection("Dev")

    plan = o.e.w.plan(given(on("QUERIER", of="Dev"), on("VIEWER")))

    assert rules(plan) == {"roles": {"unresolved"}}
    assert [c.body["roleName"] for c in plan.writes] == ["VIEWER"]  # type: ignore[index,call-overload]


def test_oa_r182_a_refusal_concerns_its_own_role_alone(o: Office) -> None:
    o.e.w.documents = [given(on("Nonsense")), given(on("VIEWER"), to="user", as_="ann")]

    report = o.e.w.apply(o.e.w.plan())

    assert sorted(str(x.end) for x in report.outcomes) == [End.DONE, End.FAILED]


def test_oa_r182_a_lost_answer_is_looked_for(o: Office) -> None:
    o.e.w.documents = [given(on("QUERIER"))]
    plan = o.e.w.plan()
    o.e.w.omni.faults.add(Fault("drop", effect=True, method="POST", path="/model-roles$"))

    report = o.e.w.apply(plan)

    assert o.e.w.omni.faults.fired
    assert [x.end for x in report.outcomes] == [End.DONE]
    assert sum(line.startswith("POST") for line in sent(report)) == 1


def test_oa_r182_a_role_that_changed_since_the_plan_is_not_overwritten(o: Office) -> None:
    o.e.step(given(on("QUERIER")))
    plan = o.e.w.plan(given(on("MODELER")))
    o.give(o.finance, "NO_ACCESS", o.e.orders)

    assert [x.end for x in o.e.w.apply(plan).outcomes] == [End.STALE]


def test_oa_r180_drift_is_repaired(o: Office) -> None:
    o.e.step(given(on("QUERIER")))
    o.e.w.omni.remove_role(o.finance, o.e.connection, o.e.orders, is_group=True)

    _, _, lines = o.e.step(given(on("QUERIER")))

    assert len(lines) == 1


def test_oa_r177_answers_of_the_newer_edition_are_read(o: Office) -> None:
    o.e.w.omni.knobs.set("newer-answers", "adversarial")
    o.give(o.finance, "VIEWER", o.e.orders)

    o.e.step(given(on("QUERIER"), to="user"), given(on("MODELER"), on("CONNECTION_ADMIN", None), as_="fin"))


def test_oa_r182_the_account_this_runs_as_keeps_its_roles(o: Office) -> None:
    other = o.e.w.omni.add_model(o.e.connection, "SHARED", "Other", base_id=o.e.schema)
    o.give(o.ann, "MODELER", o.e.orders)
    o.e.w.settings["analytics"] = {"account": ANN.upper()}

    plan, _, lines = o.e.step(given(on("NO_ACCESS"), on("QUERIER", "Other"), to="user"))

    assert rules(plan) == {"roles": {"own-account"}}
    assert len(lines) == 1
    assert o.roles(o.ann) == {(o.e.orders, "MODELER"), (other, "QUERIER")}


def test_oa_r178_one_on_a_connection_without_models_is_sent_once(o: Office) -> None:
    o.e.w.omni.add_connection("Bare")

    o.e.step(given(on("CONNECTION_ADMIN", None, of="Bare")))

    hard = o.e.w.omni.knobs.profile == "adversarial"
    told = notes(o.e.w.plan(), "roles")
    assert told == (("not verifiable: roles of Bare (last sent as declared)",) if hard else ())
