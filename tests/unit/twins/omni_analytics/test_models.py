"""Models of the Omni Analytics twin, over a socket."""

from __future__ import annotations

from typing import Any

import pytest

from tests.unit.twins.omni_analytics.warehouse import (
    BASE,
    NOWHERE,
    ORDERS,
    OTHER,
    PAT,
    SCHEMA,
    refused,
    warehouse,
)
from tests.unit.twins.served import Omni

ALL = "/v1/models"
WRONG = "Bad Request: Invalid parameter value"
NO_SCHEMA = "Bad Request: Schema model does not exist when creating a non-schema model"
SORTED = "sortField=name&sortDirection=asc"


def listed(omni: Omni, query: str = "") -> list[Any]:
    status, answer = omni.ask("GET", f"{ALL}?{query}")
    assert status == 200
    return [one["name"] for one in answer["records"]]


def made(omni: Omni, **body: Any) -> Any:
    status, answer = omni.ask("POST", ALL, {"connectionId": BASE, **body})
    assert status == 200, answer
    return answer


def test_each_kind_on_what_it_needs(omni: Omni) -> None:
    omni.twin.add_connection("Warehouse")
    assert refused(omni, "POST", ALL, {"connectionId": BASE, "modelKind": "SHARED"}) == (400, NO_SCHEMA)
    assert made(omni)["modelKind"] == "SCHEMA"
    again = refused(omni, "POST", ALL, {"connectionId": BASE})
    assert again == (400, "Bad Request: Schema model already exists for the connection")

    shared = made(omni, modelKind="SHARED", modelName="Orders", accessGrants=[{"name": "finance"}])
    assert (shared["id"], shared["baseModelId"]) == (ORDERS, SCHEMA)
    extension = made(omni, modelKind="SHARED_EXTENSION", modelName="More", allowAsWorkbookBase=True)
    assert extension["baseModelId"] == ORDERS
    branch = made(omni, modelKind="BRANCH", modelName="feature/x", baseModelId=extension["id"])
    assert branch["baseModelId"] == extension["id"]


def test_an_extension_names_its_base_where_there_are_two(omni: Omni) -> None:
    other = warehouse(omni).twin.add_model(BASE, "SHARED", "Other", base_id=SCHEMA)
    body = {"connectionId": BASE, "modelKind": "SHARED_EXTENSION", "modelName": "More"}

    assert refused(omni, "POST", ALL, body) == (400, WRONG)
    assert omni.ask("POST", ALL, {**body, "baseModelId": other})[1]["baseModelId"] == other


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"connectionId": "x"},
        {"connectionId": NOWHERE},
        {"connectionId": BASE, "modelKind": "WORKBOOK"},
        {"connectionId": BASE, "modelKind": "SHARED", "modelName": 7},
        {"connectionId": BASE, "modelKind": "SHARED", "accessGrants": [{}]},
        {"connectionId": BASE, "modelKind": "SHARED", "accessGrants": [{"name": "a", "accessBoostable": 1}]},
        {"connectionId": BASE, "modelKind": "SHARED", "allowAsWorkbookBase": "yes"},
        {"connectionId": BASE, "modelKind": "SHARED_EXTENSION", "baseModelId": SCHEMA},
        {"connectionId": BASE, "modelKind": "SHARED_EXTENSION", "baseModelId": NOWHERE},
        {"connectionId": BASE, "modelKind": "BRANCH", "modelName": "b"},
        {"connectionId": BASE, "modelKind": "BRANCH", "baseModelId": ORDERS},
    ],
)
def test_whatever_is_wrong_has_one_text(omni: Omni, body: object) -> None:
    assert refused(warehouse(omni), "POST", ALL, body) == (400, WRONG)


def test_a_connection_with_branch_refresh_takes_no_shared_model(omni: Omni) -> None:
    base = omni.twin.add_connection("W", branch_refresh=True)
    made(omni)
    text = "Bad Request: Shared model cannot be created when branch schema refresh is enabled"
    assert refused(omni, "POST", ALL, {"connectionId": base, "modelKind": "SHARED"}) == (400, text)


def test_a_personal_token_makes_none(omni: Omni) -> None:
    assert refused(warehouse(omni), "POST", ALL, {"connectionId": OTHER}, **PAT) == (403, "Forbidden")


def test_the_adversarial_answer_to_a_create_is_short(hard_omni: Omni) -> None:
    hard_omni.twin.add_connection("W")
    assert made(hard_omni, modelName="S") == {
        "success": True,
        "model": {"id": SCHEMA, "modelKind": "SCHEMA", "name": "S"},
    }


def test_the_list_is_filtered(omni: Omni) -> None:
    twin = warehouse(omni).twin
    twin.add_model(OTHER, "SCHEMA", "S2")
    twin.add_model(BASE, "WORKBOOK", "orders", base_id=ORDERS)
    twin.delete_model(twin.add_model(BASE, "SHARED", "Gone", base_id=SCHEMA))

    assert listed(omni, SORTED) == ["Orders", "orders", "S2", None]
    assert listed(omni, "sortField=name") == ["S2", "Orders", "orders", None]
    assert listed(omni, "modelKind=SHARED") == ["Orders"]
    assert listed(omni, f"connectionId={OTHER}") == ["S2"]
    assert listed(omni, f"baseModelId={ORDERS}") == ["orders"]
    assert listed(omni, f"modelId={ORDERS.upper()}") == ["Orders"]
    assert listed(omni, "name=orders") == ["orders"]
    assert listed(omni, f"modelKind=SHARED&includeDeleted=true&{SORTED}") == ["Gone", "Orders"]


def test_branches_are_listed_under_their_base(omni: Omni) -> None:
    twin = warehouse(omni).twin
    branch = twin.add_model(BASE, "BRANCH", "b", base_id=ORDERS)
    twin.delete_model(twin.add_model(BASE, "BRANCH", "gone", base_id=ORDERS))
    records = omni.ask("GET", f"{ALL}?modelKind=SHARED&include=activeBranches")[1]["records"]

    assert [[one["id"] for one in record["branches"]] for record in records] == [[branch]]
    assert records[0]["branches"][0]["baseModelId"] == ORDERS
    twin.knobs.set("newer-answers", "adversarial")
    records = omni.ask("GET", f"{ALL}?modelKind=SHARED&include=activeBranches")[1]["records"]
    assert records[0]["branches"] == [{"id": branch, "name": "b"}]


def test_pages(each_omni: Omni) -> None:
    warehouse(each_omni)
    for number in range(60):
        each_omni.twin.add_model(BASE, "SHARED", f"M{number:02}", base_id=SCHEMA)
    query, cursor, found, calls = f"{ALL}?modelKind=SHARED&{SORTED}&pageSize=100", "", [], 0
    while True:
        answer = each_omni.ask("GET", f"{query}{cursor}")[1]
        found += [one["id"] for one in answer["records"] if one["deletedAt"] is None]
        calls += 1
        if not answer["pageInfo"]["hasNextPage"]:
            break
        cursor = f"&cursor={answer['pageInfo']['nextCursor']}"

    assert (len(found), len(set(found))) == (61, 61)
    assert calls == (1 if each_omni.twin.knobs.profile == "plain" else 2)


@pytest.mark.parametrize(
    ("query", "text"),
    [
        ("pageSize=0", "pageSize: Page size must be at least 1"),
        ("cursor=x", "cursor: Invalid cursor"),
        ("includeDeleted=1", "includeDeleted: Invalid value"),
        ("include=drafts", "include: Invalid enum value. Expected 'activeBranches', received 'drafts'"),
        ("sortDirection=up", "sortDirection: Invalid enum value. Expected 'asc' | 'desc', received 'up'"),
    ],
)
def test_lists_that_are_refused(omni: Omni, query: str, text: str) -> None:
    assert refused(omni, "GET", f"{ALL}?{query}") == (400, text)


def test_unknown_keys(omni: Omni, hard_omni: Omni) -> None:
    assert omni.ask("GET", f"{ALL}?colour=red")[0] == 200
    assert refused(hard_omni, "GET", f"{ALL}?colour=red")[0] == 400
    warehouse(hard_omni)
    body = {"connectionId": OTHER, "colour": "red"}
    assert refused(hard_omni, "POST", ALL, body)[1] == "formErrors: Unrecognized key(s) in object: 'colour'"


def test_a_deleted_model_among_the_others(hard_omni: Omni) -> None:
    warehouse(hard_omni)
    answer = hard_omni.ask("GET", f"{ALL}?modelKind=SHARED")[1]
    assert [(one["name"], one["deletedAt"] is None) for one in answer["records"]] == [
        ("Orders", True),
        ("Orders", False),
    ]
    assert answer["pageInfo"]["totalRecords"] == 2
