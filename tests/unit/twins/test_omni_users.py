"""People of the Omni Analytics twin, over a socket."""

from __future__ import annotations

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
