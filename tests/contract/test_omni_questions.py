"""What the reference of Omni Analytics leaves open, in worlds that answer either way (OA-Q1 to OA-Q44)."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from reconciler.model.json import Json
from reconciler.twins import Fault
from reconciler.twins.core.rules import Rule
from reconciler.twins.core.values import Answer, Request
from tests.contract.accounts_omni import CONSENTS, person
from tests.contract.altered import altered
from tests.contract.dashboards import folder_of, paper
from tests.contract.grants import opened, to
from tests.contract.groups import group
from tests.contract.models import git, model
from tests.contract.organisation import (
    JANE,
    carried_out,
    dashboard,
    delivery,
    holds,
    mistakes,
    ready,
    whole,
)
from tests.contract.warehouses import secret, state
from tests.world import OMNI, World, doc, world

Usual = Callable[[], Answer]


@pytest.fixture(params=["plain", "adversarial"])
def o(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[World]:
    """An organisation in which nobody has made anything yet."""
    with world(str(request.param), seed=False, twins=[OMNI]) as found:
        yield ready(found, tmp_path)


def ends(w: World, *documents: Any) -> dict[str, tuple[str, str]]:
    """`METHOD name` -> how that call ended, and in which words; of those that were sent."""
    plan = w.plan(*documents)
    report = w.checked_apply(plan)
    call_of = {c.id: c for c in plan.calls}
    found = [(call_of[x.call], x) for x in report.outcomes if str(x.end) != "unneeded"]
    return {f"{c.method} {c.address.name}": (str(x.end), x.message) for c, x in found}


# What an answer is.


@pytest.mark.parametrize(
    "body",
    [
        {"detail": "Too much of it", "status": 200},
        {"error": "400", "message": "Too much of it"},
        {"error": "Too much of it"},
        {"title": "Too much of it"},
        {"detail": "", "message": "Too much of it", "schemas": ["urn:ietf:params:scim:api:messages:2.0:Error"]},
    ],
)
def test_question_the_words_of_an_error_stand_in_any_place_and_decide_nothing(
    o: World, body: Mapping[str, Json], monkeypatch: pytest.MonkeyPatch
) -> None:
    def refused(_: Request, __: Usual) -> Answer:
        return Answer(400, dict(body))

    altered(o, monkeypatch, refused, method="POST", path="/v1/labels", twin=o.omni)

    plan = o.plan(doc("Label", "finance", {"name": "Finance"}))
    (outcome,) = o.apply(plan).outcomes

    assert (str(outcome.end), outcome.status) == ("failed", 400)
    assert "Too much of it" in outcome.message
    assert len([e for e in o.omni.log if e.write]) == 1


def test_question_all_grants_of_a_folder_are_never_asked_for(o: World) -> None:
    """We do not try whether this server is a newer one: exact permissions cannot be declared (OA-R53)."""
    exact = doc("Folder", "a", {"path": "A", "permissionsMode": "exact", "permissions": [to("VIEWER", JANE)]})
    assert len(mistakes(exact)) == 1
    o.omni.add_user(JANE)
    o.omni.log.clear()

    for role in ("VIEWER", "EDITOR"):
        carried_out(o, opened("finance", to(role, JANE)))

    asked = [e.call for e in o.omni.log if e.method == "GET" and "/permissions" in e.call]
    assert all("/permissions?userId=" in line for line in asked)


# Models and connections.


def test_question_an_extension_names_its_base_and_no_other_model_does(o: World) -> None:
    lake = o.omni.add_connection("Lake")
    o.omni.add_model(lake, "SHARED", "Other", base_id=o.omni.add_model(lake, "SCHEMA"))

    carried_out(
        o,
        model("Orders", as_="orders", of="Lake"),
        model("Partners", "SHARED_EXTENSION", as_="partners", of="Lake", extends="orders"),
    )

    bodies = [e.body for e in o.omni.log if e.method == "POST"]
    models = {m["name"]: i for i, m in state(o)["models"].items()}
    named = [b.get("baseModelId") for b in bodies if isinstance(b, dict)]
    assert named == [None, models["Orders"]]


@pytest.mark.parametrize("answer", [200, 400])
def test_question_a_key_pair_needs_no_password(o: World, answer: int) -> None:
    if answer == 400:
        text = "passwordUnencrypted: Required"
        o.omni.faults.add(Fault("status", "POST", "/v1/connections", status=400, text=text))
    snow: dict[str, Json] = {"name": "Snow", "dialect": "snowflake", "warehouse": "WH", "privateKey": secret()}

    found = ends(o, doc("Connection", "snow", snow))

    (sent,) = [e.body for e in o.omni.log if e.method == "POST"]
    assert isinstance(sent, dict)
    assert "privateKey" in sent
    assert "passwordUnencrypted" not in sent
    assert found["POST snow"][0] == ("done" if answer == 200 else "failed")
    assert answer == 200 or "passwordUnencrypted" in found["POST snow"][1]


@pytest.mark.parametrize("text", ["Git configuration not found for this model", "Model does not exist", "Nope"])
def test_question_any_404_about_a_listed_model_means_that_it_has_no_repository(
    o: World, text: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    lake = o.omni.add_connection("Lake")
    o.omni.add_model(lake, "SHARED", "Orders", base_id=o.omni.add_model(lake, "SCHEMA"))

    def worded(request: Request, usual: Usual) -> Answer:
        answer = usual()
        lost = answer.status == 404 and request.path.endswith("/git")
        return replace(answer, body={"detail": text, "status": 404}) if lost else answer

    altered(o, monkeypatch, worded, method="GET", path="/v1/models/", twin=o.omni)

    step = carried_out(o, git("Orders", of="Lake"))

    assert [line.partition(" ")[0] for line in step.sent] == ["POST"]
    assert o.plan().calls == ()


# Documents.


def test_question_a_document_moves_by_put_and_nothing_else_is_tried(o: World) -> None:
    sales = dashboard(o)
    o.omni.faults.add(Fault("status", "PUT", f"/v1/documents/{sales}/move", status=405))

    found = ends(o, doc("Folder", "finance", {"path": "Finance"}), paper(sales, folder="finance"))

    assert found["PUT sales"][0] == "failed"
    assert not [e for e in o.omni.log if e.method == "POST" and "/move" in e.call]
    assert folder_of(o, sales) is None
    assert carried_out(o, *o.documents).sent == [f"PUT /v1/documents/{sales}/move"]


def test_question_a_draft_that_may_be_ours_is_reported_and_not_cleared(o: World) -> None:
    """The answer to a PATCH is lost half-way: it made a draft, and published nothing."""
    sales = dashboard(o)
    wanted = doc("DashboardFilters", "filters", {"document": sales, "filters": {"region": {"hidden": True}}})
    plan = o.plan(wanted)
    rule = Rule("PATCH", f"/v1/dashboards/{sales}", 1, 1, False)
    o.omni.hooks.add(rule, "before-effect", lambda _: o.omni.set_draft(sales))
    o.omni.faults.add(Fault("drop", "PATCH", f"/v1/dashboards/{sales}", effect=False))

    report = o.apply(plan)
    later = ends(o, wanted)

    assert str(report.outcomes[0].end) == "failed"
    assert later["PATCH filters"][0] == "failed"
    assert "draft" in later["PATCH filters"][1]
    assert state(o)["documents"][sales]["has_draft"] is True
    assert not any("clearExistingDraft" in str(e.body) for e in o.omni.log)


# People.


def test_question_paths_of_users_and_groups_are_in_lower_case(o: World) -> None:
    carried_out(o, person(JANE), group("Team", JANE))
    carried_out(o, person(JANE, "Other"), group("Team"))

    asked = {e.call.split(" ")[1].partition("?")[0] for e in o.omni.log if "/scim/" in e.call}
    assert asked
    assert {"/".join(path.split("/")[:4]) for path in asked} <= {"/scim/v2/users", "/scim/v2/groups"}


def test_question_a_group_that_is_named_anywhere_is_not_deleted(o: World) -> None:
    """Its grants, its roles and its part in a document would go with it."""
    lake = o.omni.add_connection("Lake")
    o.omni.add_model(lake, "SHARED", "Orders", base_id=o.omni.add_model(lake, "SCHEMA"))
    sales = dashboard(o)
    gone: dict[str, object] = {"on_remove": "delete", "allow": ["delete"]}
    teams = [group(f"Team {n}", as_=f"t{n}", **gone) for n in range(4)]
    carried_out(o, *teams)
    roles: list[Json] = [{"connection": "Lake", "model": "Orders", "role": "VIEWER"}]
    naming = [
        opened("finance", to("VIEWER", groups=["Team 0"])),
        paper(sales, permissionsMode="additive", permissions=[to("VIEWER", groups=["Team 1"])]),
        doc("ModelRoles", "roles", {"subject": {"group": "Team 2"}, "roles": roles}),
    ]

    plan = o.plan(*naming)
    o.checked_apply(plan)

    assert {name for name in holds(plan) if name.startswith("t")} == {"t0", "t1", "t2"}
    assert {g["name"] for g in state(o)["groups"].values()} == {"Team 0", "Team 1", "Team 2"}


def test_question_a_user_that_is_named_anywhere_is_not_deleted(o: World) -> None:
    sales = dashboard(o)
    people = [person(f"p{n}@example.com", **CONSENTS) for n in range(4)]
    carried_out(o, *people)
    naming = [
        opened("finance", to("VIEWER", "p0@example.com")),
        group("Team", "p1@example.com"),
        delivery(sales, recipientUsers=["p2@example.com"]),
    ]

    plan = o.plan(*naming)
    o.checked_apply(plan)

    assert {name for name in holds(plan) if name.startswith("p")} == {"p0", "p1", "p2"}
    left = {u["user_name"] for u in state(o)["users"].values()}
    assert "p3@example.com" not in left
    assert {"p0@example.com", "p1@example.com", "p2@example.com"} <= left


# Schedules.


def test_question_any_number_of_recipients_goes_in_one_call(o: World) -> None:
    sales = dashboard(o)
    crowd = [f"r{n:03}@example.com" for n in range(150)]

    first = carried_out(o, delivery(sales, recipients=crowd[:75]))
    more = carried_out(o, delivery(sales, recipients=crowd))

    assert first.sent == ["POST /v1/schedules"]
    assert [line.rpartition("/")[2] for line in more.sent] == ["add-recipients"]
    assert o.plan().calls == ()


def test_question_a_delivery_may_belong_to_somebody_else_from_the_beginning(
    o: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """To the very person who is to own it: then the transfer is refused, and that is looked up."""
    o.omni.add_user(JANE)
    owner = next(i for i, u in state(o)["users"].items() if u["user_name"] == JANE)
    sales = dashboard(o)

    def given(_: Request, usual: Usual) -> Answer:
        answer = usual()
        body: Any = answer.body
        o.omni.edit("PUT", f"/v1/schedules/{body['id']}/transfer-ownership", {"userId": owner})
        return answer

    altered(o, monkeypatch, given, method="POST", path="/v1/schedules", twin=o.omni)

    found = ends(o, delivery(sales, owner=JANE, allow=["effects"]))

    assert {end for end, _ in found.values()} == {"done"}
    assert {s["owner_id"] for s in state(o)["schedules"].values()} == {owner}
    assert o.plan().calls == ()


# Everything together.


def test_question_deleted_things_are_never_asked_for_nor_matched(o: World) -> None:
    o.omni.delete_connection(o.omni.add_connection("Warehouse"))
    documents = whole(dashboard(o))
    o.omni.log.clear()

    step = carried_out(o, *documents)
    o.plan()

    assert sum(line == "POST /v1/connections" for line in step.sent) == 3
    assert not [e.call for e in o.omni.log if "includeDeleted" in e.call]


def test_question_what_a_put_of_a_user_leaves_out_is_not_sent(o: World) -> None:
    """Neither the state of the account, which a replacing server might set, nor what is as declared."""
    carried_out(o, person(JANE, "Jane", attributes={"region": ["US"]}))

    carried_out(o, person(JANE, "Jane Smith", attributes={"region": ["US"]}))

    (sent,) = [e.body for e in o.omni.log if e.method == "PUT"]
    assert sent == {"userName": JANE, "displayName": "Jane Smith"}
