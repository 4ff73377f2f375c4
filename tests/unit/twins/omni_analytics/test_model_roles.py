"""Roles of users and groups on models and connections of the Omni Analytics twin, over a socket."""

from __future__ import annotations

from typing import Any

import pytest

from tests.unit.twins.omni_analytics.warehouse import (
    ADMIN,
    BASE,
    NOBODY,
    NOTHING,
    NOWHERE,
    ORDERS,
    OTHER,
    PAT,
    PAT_USER,
    SCHEMA,
    refused,
    warehouse,
)
from tests.unit.twins.served import Omni

USER = f"/v1/users/{ADMIN}/model-roles"
GROUP = "/v1/user-groups/grp00001/model-roles"
QUERIER = {"connectionId": BASE, "modelId": ORDERS, "roleName": "QUERIER"}


def finance(omni: Omni, *members: str) -> Omni:
    """The group `grp00001`, with these members."""
    people = [{"value": member} for member in members]
    omni.twin.edit("POST", "/scim/v2/groups", {"displayName": "Finance", "members": people})
    return warehouse(omni)


def results(omni: Omni, path: str = USER, query: str = "") -> Any:
    status, answer = omni.ask("GET", f"{path}{query}")
    assert status == 200, answer
    return answer["results"]


def test_a_role_is_given_and_changed(each_omni: Omni) -> None:
    finance(each_omni)
    assert each_omni.ask("POST", USER, QUERIER) == (200, {"userId": ADMIN, **QUERIER})
    modeler = {"modelId": ORDERS, "roleName": "MODELER"}
    assert each_omni.ask("POST", USER, modeler) == (200, {"userId": ADMIN, **QUERIER, "roleName": "MODELER"})
    assert results(each_omni) == [
        {
            "baseRole": "MODELER",
            "from": {"type": "User Role"},
            "priority": 350,
            "resolved": True,
            "roleName": "MODELER",
            "connectionId": BASE,
            "modelId": ORDERS,
        }
    ]
    assert each_omni.ask("POST", GROUP, QUERIER)[1] == {"userGroupId": "grp00001", **QUERIER}
    assert results(each_omni, GROUP) == [{"baseRole": "QUERIER", **QUERIER}]


def test_where_the_roles_of_a_user_come_from(omni: Omni) -> None:
    finance(omni, ADMIN)
    omni.ask("PATCH", f"/v1/connections/{BASE}", {"baseRole": "VIEWER"})
    extension = omni.twin.add_model(BASE, "SHARED_EXTENSION", "More", base_id=ORDERS)
    omni.ask("POST", GROUP, QUERIER)
    omni.ask("POST", USER, {**QUERIER, "roleName": "NO_ACCESS"})
    shown = [(one["from"]["type"], one["modelId"], one["priority"], one["resolved"]) for one in results(omni)]

    assert shown == [
        ("User Role", ORDERS, 350, True),
        ("Group Role", ORDERS, 250, False),
        ("Connection Base Role", ORDERS, 50, False),
        ("Connection Base Role", extension, 50, True),
    ]
    assert results(omni)[1]["from"] == {
        "depth": 0,
        "miniUuid": "grp00001",
        "name": "Finance",
        "type": "Group Role",
    }
    assert len(results(omni, query=f"?modelId={ORDERS}")) == 3
    assert results(omni, query=f"?connectionId={OTHER}") == []


def test_a_role_on_a_whole_connection(omni: Omni, hard_omni: Omni) -> None:
    body = {"connectionId": BASE, "roleName": "CONNECTION_ADMIN"}
    for world, models in ((omni, [None]), (hard_omni, [ORDERS, "00000006-0000-4000-8000-000000000003"])):
        finance(world).twin.add_model(BASE, "SHARED", "More", base_id=SCHEMA)
        assert world.ask("POST", GROUP, body)[1] == {"userGroupId": "grp00001", **body, "modelId": None}
        world.ask("POST", USER, body)
        assert [one["modelId"] for one in results(world, GROUP)] == models
        assert [one["modelId"] for one in results(world)] == models


def test_the_restricted_querier(omni: Omni, hard_omni: Omni) -> None:
    for world, word in ((omni, "QUERY_TOPICS"), (hard_omni, "RESTRICTED_QUERIER")):
        warehouse(world).ask("POST", USER, {**QUERIER, "roleName": "QUERY_TOPICS"})
        assert (results(world)[0]["roleName"], results(world)[0]["baseRole"]) == (word, word)
        assert refused(world, "POST", USER, {**QUERIER, "roleName": "RESTRICTED_QUERIER"}) == (422, "Invalid role")


def test_roles_of_the_organisations_own(omni: Omni) -> None:
    warehouse(omni).twin.define_role("Analyst", "QUERIER")
    omni.twin.define_role("Keeper", "CONNECTION_ADMIN")
    omni.ask("POST", USER, {**QUERIER, "roleName": "Analyst"})
    assert (results(omni)[0]["roleName"], results(omni)[0]["baseRole"]) == ("Analyst", "QUERIER")
    assert omni.ask("POST", USER, {"connectionId": BASE, "roleName": "Keeper"})[0] == 200
    assert refused(omni, "POST", USER, {"connectionId": BASE, "roleName": "Analyst"})[1] == "modelId: Required"


@pytest.mark.parametrize(
    ("change", "status", "text"),
    [
        ({"roleName": None}, 400, "roleName: Required"),
        ({"modelId": "x"}, 400, "Invalid model ID"),
        ({"connectionId": "x"}, 400, "Invalid connection ID"),
        ({"modelId": NOTHING}, 404, "Model does not exist"),
        ({"connectionId": NOWHERE}, 404, "Connection does not exist"),
        ({"roleName": "KING"}, 422, "Invalid role"),
        ({"connectionId": OTHER}, 422, "Model does not belong to connection"),
        ({"modelId": SCHEMA}, 422, "Only shared and shared_extension models can be assigned model roles"),
        ({"modelId": None}, 400, "modelId: Required"),
        ({"modelId": None, "connectionId": None, "roleName": "CONNECTION_ADMIN"}, 400, "modelId: Required"),
    ],
)
def test_assignments_that_are_refused(each_omni: Omni, change: dict[str, Any], status: int, text: str) -> None:
    finance(each_omni)
    body = {key: value for key, value in {**QUERIER, **change}.items() if value is not None}
    for path in (USER, GROUP):
        assert refused(each_omni, "POST", path, body) == (status, text)


def test_subjects_that_are_not_there(omni: Omni) -> None:
    external = omni.twin.add_email_only("ext@example.com")
    for user_id in (NOBODY, external):
        path = f"/v1/users/{user_id}/model-roles"
        assert refused(omni, "GET", path) == (404, "User not found in organization")
        assert refused(omni, "POST", path, QUERIER) == (404, "User not found in organization")
    assert refused(omni, "GET", "/v1/users/x/model-roles") == (400, "userId: Invalid uuid")
    assert refused(omni, "GET", GROUP) == (404, "User group not found in organization")
    assert refused(omni, "POST", GROUP, QUERIER) == (404, "User group not found in organization")
    assert refused(omni, "GET", f"{USER}?modelId=x") == (400, "Invalid model ID")
    assert refused(omni, "POST", USER) == (400, "Invalid JSON")
    assert refused(omni, "DELETE", USER) == (400, "Method not allowed")


def test_they_are_for_administrators(omni: Omni) -> None:
    warehouse(omni)
    assert refused(omni, "POST", USER, QUERIER, **PAT)[0] == refused(omni, "GET", USER, **PAT)[0] == 403


def test_roles_go_with_their_subjects_and_with_what_they_are_on(omni: Omni) -> None:
    finance(omni)
    omni.twin.add_role("grp00001", "QUERIER", BASE, ORDERS, is_group=True)
    omni.twin.add_role(PAT_USER, "QUERIER", BASE, ORDERS)
    omni.twin.add_role(ADMIN, "QUERIER", BASE, ORDERS)
    omni.ask("DELETE", f"/scim/v2/users/{PAT_USER}")
    omni.ask("DELETE", "/scim/v2/groups/grp00001")
    assert len(omni.twin.dump()["state"]["model_roles"]) == 1  # type: ignore[index,call-overload,arg-type]
    omni.twin.delete_model(ORDERS)
    assert results(omni) == []


def test_newer_answers(omni: Omni) -> None:
    finance(omni, ADMIN).twin.knobs.set("newer-answers", "adversarial")
    assert omni.ask("POST", USER, QUERIER)[1] == {"membershipId": ADMIN, **QUERIER}
    omni.ask("POST", GROUP, QUERIER)
    assert [one["from"]["type"] for one in results(omni)] == ["USER", "GROUP"]
    origin = {"depth": 0, "miniUuid": "grp00001", "name": "Finance", "type": "GROUP"}
    assert results(omni, GROUP) == [{"baseRole": "QUERIER", "from": origin, "priority": 250, **QUERIER}]
