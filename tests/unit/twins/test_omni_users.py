"""People of the Omni Analytics twin, over a socket."""

from __future__ import annotations

from typing import Any
from urllib.parse import quote

import pytest

from tests.unit.twins.served import Omni

USERS = "/scim/v2/users"
ATTRIBUTES = "urn:omni:params:1.0:UserAttribute"
PAT = {"Authorization": "Bearer omni_pat_test"}


def test_people_are_listed_in_order_of_creation(omni: Omni) -> None:
    omni.twin.add_user("zoe@example.com")
    omni.twin.add_user("amy@example.com")
    omni.twin.add_user("embedded@example.com", kind="embed")
    body = omni.ask("GET", USERS)[1]

    assert [user["userName"] for user in body.pop("Resources")] == [
        "admin@example.com",
        "pat@example.com",
        "zoe@example.com",
        "amy@example.com",
    ]
    assert body == {
        "itemsPerPage": 4,
        "schemas": ["urn:ietf:params:scim:api:messages:2.0:ListResponse"],
        "startIndex": 1,
        "totalResults": 4,
    }


def test_pages_of_people(each_omni: Omni) -> None:
    for number in range(118):
        each_omni.twin.add_user(f"user{number}@example.com")
    found: list[str] = []
    start = 1
    while True:
        body = each_omni.ask("GET", f"{USERS}?count=100&startIndex={start}")[1]
        found += [user["id"] for user in body["Resources"]]
        start += body["itemsPerPage"]
        if start > body["totalResults"]:
            break

    assert len(set(found)) == 120
    pages = [entry.query for entry in each_omni.twin.log]
    assert len(pages) == (2 if each_omni.twin.knobs.profile == "plain" else 3)


def test_past_the_end_is_an_empty_page(omni: Omni) -> None:
    body = omni.ask("GET", f"{USERS}?startIndex=50")[1]

    assert (body["Resources"], body["itemsPerPage"], body["totalResults"]) == ([], 0, 2)


def test_a_filter_ignores_case(each_omni: Omni) -> None:
    each_omni.twin.add_user("Maria.Lopez@example.com", "María")
    query = quote('userName eq "MARIA.LOPEZ@example.com"')
    body = each_omni.ask("GET", f"{USERS}?filter={query}")[1]

    assert (body["totalResults"], body["Resources"][0]["displayName"]) == (1, "María")


def test_the_name_as_read(omni: Omni, hard_omni: Omni) -> None:
    for world in (omni, hard_omni):
        world.twin.add_user("Maria.Lopez@example.com")

    assert omni.ask("GET", USERS)[1]["Resources"][2]["userName"] == "Maria.Lopez@example.com"
    assert hard_omni.ask("GET", USERS)[1]["Resources"][2]["userName"] == "maria.lopez@example.com"


def test_attributes_in_the_list(omni: Omni, hard_omni: Omni) -> None:
    for world in (omni, hard_omni):
        user_id = world.twin.add_user("jane@example.com", attributes={"region": ["US", "EU"]})
        assert world.ask("GET", f"{USERS}/{user_id}")[1][ATTRIBUTES] == {"region": ["US", "EU"]}

    assert omni.ask("GET", USERS)[1]["Resources"][2][ATTRIBUTES] == {"region": ["US", "EU"]}
    listed = hard_omni.ask("GET", USERS)[1]["Resources"][2]
    assert ATTRIBUTES not in listed
    assert ATTRIBUTES in listed["schemas"]


@pytest.mark.parametrize(
    ("path", "status", "text"),
    [
        (f"{USERS}/nobody", 404, "Resource nobody not found"),
        (f"{USERS}?filter=displayName%20eq%20%22Jane%22", 400, "Invalid filter"),
        (f"{USERS}?filter=", 400, "Invalid filter"),
        (f"{USERS}?count=many", 400, "count: Invalid value"),
    ],
)
def test_errors_are_worded_the_scim_way(omni: Omni, path: str, status: int, text: str) -> None:
    schemas = ["urn:ietf:params:scim:api:messages:2.0:Error"]

    assert omni.ask("GET", path) == (status, {"schemas": schemas, "detail": text, "status": status})


def test_an_embed_user_is_not_found_here(omni: Omni) -> None:
    user_id = omni.twin.add_user("embedded@example.com", kind="embed")

    assert omni.ask("GET", f"{USERS}/{user_id}")[0] == 404


def test_a_personal_token_reads_no_people(omni: Omni) -> None:
    status, answer = omni.ask("GET", USERS, **PAT)

    assert (status, answer["detail"]) == (403, "Forbidden: Organization API key required")


def test_scim_paths_ignore_case(omni: Omni) -> None:
    assert omni.ask("GET", "/SCIM/v2/Users")[0] == 200
    assert omni.ask("GET", "/v1/Labels")[0] == 404


def test_attribute_values_as_read(omni: Omni, hard_omni: Omni) -> None:
    attributes: dict[str, Any] = {"level": 3, "good": True, "region": ["US", 7], "note": "x"}
    for world in (omni, hard_omni):
        user_id = world.twin.add_user("jane@example.com", attributes=attributes)

    assert omni.ask("GET", f"{USERS}/{user_id}")[1][ATTRIBUTES] == attributes
    as_text = {"level": "3", "good": "true", "region": ["US", "7"], "note": "x"}
    assert hard_omni.ask("GET", f"{USERS}/{user_id}")[1][ATTRIBUTES] == as_text


def test_a_person_is_made_and_changed(each_omni: Omni) -> None:
    for name in ("region", "team", "none"):
        each_omni.twin.define_attribute(name)
    body = {"displayName": "Jane", "userName": "jane@example.com", ATTRIBUTES: {"region": "US", "none": None}}
    status, made = each_omni.ask("POST", USERS, body)
    assert (status, made["userName"], made["active"]) == (201, "jane@example.com", True)
    assert made[ATTRIBUTES] == {"region": "US"}
    change = {"userName": "JANE@example.com", ATTRIBUTES: {"region": [], "team": "A"}}
    status, changed = each_omni.ask("PUT", f"{USERS}/{made['id']}", change)

    assert (status, changed["displayName"], changed["userName"]) == (200, "Jane", "jane@example.com")
    unset: dict[str, Any] = {} if each_omni.twin.knobs.profile == "plain" else {"region": []}
    assert changed[ATTRIBUTES] == {"team": "A", **unset}
    assert changed["meta"]["lastModified"] > made["meta"]["lastModified"]


def test_who_is_deleted_leaves_everything(omni: Omni) -> None:
    jane = omni.twin.add_user("jane@example.com")
    omni.twin.add_document("Sales")
    omni.ask("POST", "/v1/folders", {"name": "Finance"})
    omni.ask("POST", "/scim/v2/groups", {"displayName": "Finance", "members": [{"value": jane}]})
    folder, schedule = (f"0000000{kind}-0000-4000-8000-000000000001" for kind in (2, 7))
    omni.ask("POST", f"/v1/folders/{folder}/permissions", {"role": "VIEWER", "userIds": [jane]})
    mail = {"identifier": "d0c00001", "name": "W", "schedule": "0 9 ? * MON *", "timezone": "UTC", "format": "pdf"}
    mail |= {"destinationType": "email", "subject": "W"}
    omni.ask("POST", "/v1/schedules", {**mail, "recipients": ["jane@example.com"]})
    omni.ask("PUT", f"/v1/schedules/{schedule}/transfer-ownership", {"userId": jane})

    assert omni.ask("DELETE", f"{USERS}/{jane}") == (204, None)
    assert omni.ask("GET", f"{USERS}/{jane}")[0] == 404
    assert omni.ask("GET", "/scim/v2/groups/grp00001")[1]["members"] == []
    assert omni.twin.dump()["state"]["permits"] == {}  # type: ignore[index,call-overload]
    record = omni.ask("GET", "/v1/schedules")[1]["records"][0]
    assert (record["recipientCount"], record["ownerName"]) == (0, None)
    assert record["systemDisabledReason"] == "noAccess"


@pytest.mark.parametrize(
    ("method", "path", "body", "status", "text"),
    [
        ("POST", "", {"userName": "x@example.com"}, 400, "displayName: Required"),
        ("POST", "", {"displayName": "X"}, 400, "userName: Required"),
        ("POST", "", {"displayName": "X", "userName": "x"}, 400, "userName: Invalid value"),
        ("POST", "", {"displayName": "X", "userName": "PAT@example.com"}, 409, "User already exists"),
        ("PUT", "/none", {"userName": "x@example.com"}, 404, "Resource none not found"),
        (
            "PUT",
            "/00000001-0000-4000-8000-000000000002",
            {"userName": "x@y.org"},
            400,
            "userName cannot be changed",
        ),
        ("DELETE", "/none", None, 404, "Resource none not found"),
    ],
)
def test_writes_of_people_that_are_refused(
    omni: Omni, method: str, path: str, body: object, status: int, text: str
) -> None:
    before = omni.twin.digest()

    answer = omni.ask(method, USERS + path, body)
    assert (answer[0], answer[1]["detail"]) == (status, text)
    assert omni.twin.digest() == before
