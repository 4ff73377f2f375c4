"""User groups of the Omni Analytics twin, over a socket."""

from __future__ import annotations

from typing import Any

import httpx
import pytest

from reconciler.twins import Fault
from tests.unit.twins.served import Omni

GROUPS = "/scim/v2/groups"
ADMIN = "00000001-0000-4000-8000-000000000001"
PAT_USER = "00000001-0000-4000-8000-000000000002"
NOBODY = "00000001-0000-4000-8000-0000000000ff"
PAT = {"Authorization": "Bearer omni_pat_test"}


def members(*ids: str) -> list[dict[str, str]]:
    return [{"value": user_id, "display": ""} for user_id in ids]


def make(world: Omni, name: str, *ids: str) -> str:
    status, group = world.ask("POST", GROUPS, {"displayName": name, "members": members(*ids)})
    assert status == 201, group
    return str(group["id"])


def listed(world: Omni) -> list[Any]:
    status, body = world.ask("GET", f"{GROUPS}?count=100&startIndex=1")
    assert status == 200, body
    return list(body["Resources"])


def ids(group: Any) -> list[str]:
    return [member["value"] for member in group["members"]]


def test_a_group_is_created_with_its_members(omni: Omni) -> None:
    jane = omni.twin.add_user("Jane@example.com", "Jane Smith")

    made = omni.ask("POST", GROUPS, {"displayName": "Finance Team", "members": [{"value": jane}]})
    assert made == (
        201,
        {
            "displayName": "Finance Team",
            "id": "grp00001",
            "members": [{"display": "Jane@example.com", "value": jane}],
            "meta": {
                "created": "2026-01-01T00:00:01.000Z",
                "lastModified": "2026-01-01T00:00:01.000Z",
                "resourceType": "Group",
            },
            "schemas": ["urn:ietf:params:scim:schemas:core:2.0:Group"],
        },
    )
    assert omni.ask("GET", f"{GROUPS}/grp00001") == (200, made[1])
    assert listed(omni) == [made[1]]


def test_members_may_be_left_out_at_the_create(each_omni: Omni) -> None:
    status, group = each_omni.ask("POST", GROUPS, {"displayName": "Empty"})

    assert (status, group["members"]) == (201, [])


def test_a_put_overwrites_name_and_members(each_omni: Omni) -> None:
    group_id = make(each_omni, "Finance", ADMIN)
    body = {"displayName": "Finance Team", "members": members(PAT_USER)}
    status, group = each_omni.ask("PUT", f"{GROUPS}/{group_id}", body)

    assert (status, group["displayName"], ids(group)) == (200, "Finance Team", [PAT_USER])
    assert group["meta"]["created"] < group["meta"]["lastModified"]
    assert each_omni.ask("PUT", f"{GROUPS}/{group_id}", {**body, "members": []})[1]["members"] == []


def test_a_member_sent_twice_is_one(each_omni: Omni) -> None:
    group_id = make(each_omni, "Finance", ADMIN, ADMIN.upper())

    assert ids(each_omni.ask("GET", f"{GROUPS}/{group_id}")[1]) == [ADMIN]


def test_embed_users_may_be_members_and_are_listed_nowhere_else(omni: Omni) -> None:
    embed = omni.twin.add_user("viewer@partner.example.com", kind="embed")
    make(omni, "Partners", embed)

    assert listed(omni)[0]["members"] == [{"display": "viewer@partner.example.com", "value": embed}]
    assert embed not in [user["id"] for user in omni.ask("GET", "/scim/v2/users")[1]["Resources"]]


def test_a_user_shows_his_groups(each_omni: Omni) -> None:
    group_id = make(each_omni, "Finance", PAT_USER)
    shown = [{"display": "Finance", "value": group_id}]

    assert each_omni.ask("GET", f"/scim/v2/users/{PAT_USER}")[1]["groups"] == shown
    assert [user["groups"] for user in each_omni.ask("GET", "/scim/v2/users")[1]["Resources"]] == [[], shown]
    each_omni.ask("DELETE", f"{GROUPS}/{group_id}")
    assert each_omni.ask("GET", f"/scim/v2/users/{PAT_USER}")[1]["groups"] == []


def test_a_deleted_group_is_gone(each_omni: Omni) -> None:
    group_id = make(each_omni, "Finance")

    assert each_omni.ask("DELETE", f"{GROUPS}/{group_id}") == (204, None)
    assert each_omni.ask("DELETE", f"{GROUPS}/{group_id}")[0] == 404
    assert make(each_omni, "Finance") != group_id


def test_the_order_of_members(omni: Omni, hard_omni: Omni) -> None:
    for world in (omni, hard_omni):
        make(world, "Finance", PAT_USER, ADMIN)

    assert ids(listed(omni)[0]) == [PAT_USER, ADMIN]
    hard_omni.ask("GET", GROUPS)
    assert ids(listed(hard_omni)[0]) == [ADMIN, PAT_USER]


def test_a_taken_name(omni: Omni, hard_omni: Omni) -> None:
    for world in (omni, hard_omni):
        make(world, "Finance")
        make(world, "Sales")
    body = {"displayName": "Finance", "members": []}

    assert [omni.ask("POST", GROUPS, body)[0], omni.ask("PUT", f"{GROUPS}/grp00002", body)[0]] == [409, 409]
    assert omni.ask("POST", GROUPS, body)[1]["detail"] == "Group already exists"
    assert omni.ask("PUT", f"{GROUPS}/grp00001", body)[0] == 200
    assert omni.ask("POST", GROUPS, {"displayName": "finance"})[0] == 201
    assert hard_omni.ask("POST", GROUPS, body)[0] == 201
    assert hard_omni.ask("PUT", f"{GROUPS}/grp00002", body)[0] == 200


def test_the_display_of_a_member_in_a_put(omni: Omni, hard_omni: Omni) -> None:
    body = {"displayName": "Finance", "members": [{"value": ADMIN, "display": "x"}, {"value": PAT_USER}]}
    for world in (omni, hard_omni):
        make(world, "Finance")

    assert omni.ask("PUT", f"{GROUPS}/grp00001", body)[0] == 200
    refused = (400, {"error": "400", "message": "members.1.display: Required"})
    assert hard_omni.ask("PUT", f"{GROUPS}/grp00001", body) == refused


def test_a_display_is_carried_and_not_judged(each_omni: Omni) -> None:
    make(each_omni, "Finance")
    sent = [{"value": ADMIN, "display": "somebody@else.example.com"}]
    group = each_omni.ask("PUT", f"{GROUPS}/grp00001", {"displayName": "Finance", "members": sent})[1]

    assert group["members"] == [{"value": ADMIN, "display": "admin@example.com"}]


def test_pages_of_groups(each_omni: Omni) -> None:
    made = [make(each_omni, f"Group {number}") for number in range(60)]
    each_omni.ask("GET", GROUPS)
    found: list[str] = []
    start = pages = 1
    while start <= 60:
        body = each_omni.ask("GET", f"{GROUPS}?count=100&startIndex={start}")[1]
        assert body["totalResults"] == 60
        found += [group["id"] for group in body["Resources"]]
        start += body["itemsPerPage"]
        pages += 1

    assert found == made
    assert pages - 1 == (1 if each_omni.twin.knobs.profile == "plain" else 2)


def test_a_list_right_after_a_create(hard_omni: Omni) -> None:
    group_id = make(hard_omni, "Finance")

    assert listed(hard_omni) == []
    assert [group["id"] for group in listed(hard_omni)] == [group_id]
    other = make(hard_omni, "Sales")
    assert hard_omni.ask("GET", f"{GROUPS}/{other}")[0] == 200


@pytest.mark.parametrize(
    ("method", "path", "body", "status", "text"),
    [
        ("GET", "/none", None, 404, "Resource none not found"),
        ("DELETE", "/none", None, 404, "Resource none not found"),
        ("PUT", "/none", {"displayName": "x", "members": []}, 404, "Resource none not found"),
        ("PUT", "/none", {"displayName": "x"}, 400, "members: Required"),
        ("PUT", "/none", {"members": []}, 400, "displayName: Required"),
        (
            "PUT",
            "/grp00001",
            {"displayName": "x", "members": [{"value": NOBODY}]},
            400,
            "members.0: Invalid value",
        ),
        ("POST", "", {}, 400, "displayName: Required"),
        ("POST", "", {"displayName": ""}, 400, "displayName: Required"),
        ("POST", "", {"displayName": 7}, 400, "displayName: Invalid value"),
        ("POST", "", {"displayName": "x", "members": {}}, 400, "members: Invalid value"),
        ("POST", "", {"displayName": "x", "members": [{"value": ADMIN}, {}]}, 400, "members.1: Invalid value"),
        ("POST", "", {"displayName": "x", "members": [ADMIN]}, 400, "members.0: Invalid value"),
        ("POST", "", {"displayName": "x", "members": [{"value": NOBODY}]}, 400, "members.0: Invalid value"),
        ("POST", "", [], 400, "Invalid JSON"),
        ("GET", "?count=many", None, 400, "count: Invalid value"),
    ],
)
def test_refusals(omni: Omni, method: str, path: str, body: object, status: int, text: str) -> None:
    make(omni, "Taken")
    before = omni.twin.digest()
    schemas = ["urn:ietf:params:scim:api:messages:2.0:Error"]

    assert omni.ask(method, GROUPS + path, body) == (
        status,
        {"schemas": schemas, "detail": text, "status": status},
    )
    assert omni.twin.digest() == before


def test_email_only_people_are_no_members(omni: Omni) -> None:
    guest = omni.twin.add_user("ext@partner.example.com", kind="email_only")

    assert omni.ask("POST", GROUPS, {"displayName": "x", "members": [{"value": guest}]})[0] == 400


def test_unknown_keys(omni: Omni, hard_omni: Omni) -> None:
    for world, status in ((omni, 200), (hard_omni, 400)):
        assert world.ask("GET", f"{GROUPS}?filter=x")[0] == status
        assert world.ask("POST", GROUPS, {"displayName": "x", "schemas": []})[0] == (201 if status == 200 else 400)


def test_a_personal_token_sees_no_groups(omni: Omni) -> None:
    status, answer = omni.ask("GET", GROUPS, **PAT)

    assert (status, answer["detail"]) == (403, "Forbidden: Organization API key required")


def test_a_lost_answer_leaves_the_group(each_omni: Omni) -> None:
    each_omni.twin.faults.add(Fault("drop", "POST", effect=True))
    with pytest.raises(httpx.TransportError):
        each_omni.ask("POST", GROUPS, {"displayName": "Finance"})

    each_omni.ask("GET", GROUPS)
    assert [group["displayName"] for group in listed(each_omni)] == ["Finance"]


def test_groups_survive_a_dump(omni: Omni) -> None:
    make(omni, "Finance", ADMIN)
    saved = omni.twin.dump()
    before = listed(omni)
    omni.twin.reset()
    omni.twin.load(saved)

    assert listed(omni) == before
