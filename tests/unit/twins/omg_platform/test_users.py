"""Users of the OMG Platform twin: listed, looked up, updated."""

from __future__ import annotations

import pytest

from reconciler.twins import OmgTwin
from tests.unit.twins.omg_platform.omg import Omg, problem
from tests.unit.twins.served import served

JANE = {
    "id": 1,
    "first_name": "Jane",
    "last_name": "Smith",
    "email_address": "jane@example.com",
    "owning_agency_id": 1,
    "owning_agency_name": "Example London",
    "job_role": 1,
    "job_role_name": "Producer",
}


@pytest.fixture
def world(omg: Omg) -> Omg:
    omg.twin.seed_world()
    return omg


@pytest.fixture
def hard_world(hard_omg: Omg) -> Omg:
    hard_omg.twin.seed_world()
    return hard_omg


@pytest.fixture
def each_world(each_omg: Omg) -> Omg:
    each_omg.twin.seed_world()
    return each_omg


def found(world: Omg, query: str) -> list[str]:
    status, answer = world.ask("GET", f"/users{query}")
    assert status == 200
    assert answer["message"] == "Users retrieved"
    return [user["first_name"] for user in answer["data"]]


def test_the_list_holds_the_active_ones(each_world: Omg) -> None:
    assert found(each_world, "") == ["Jane", "Bob", "María"]
    each_world.twin.set_active("4", active=True)
    each_world.twin.set_active("1", active=False)
    assert found(each_world, "?search=") == ["Bob", "María", "Chen"]


def test_nobody_is_there_at_first(each_omg: Omg) -> None:
    assert each_omg.ask("GET", "/users") == (200, {"data": [], "message": "Users retrieved"})


@pytest.mark.parametrize(
    ("search", "names"),
    [
        ("JANE SM", ["Jane"]),
        ("%40EXAMPLE.com", ["Jane", "Bob", "María"]),
        ("london", ["Jane", "Bob"]),
        ("designer", ["Bob"]),
        ("S1001", []),
        ("L%C3%93PEZ", ["María"]),
    ],
)
def test_a_search_is_contained_in_name_address_agency_or_role(
    each_world: Omg, search: str, names: list[str]
) -> None:
    assert found(each_world, f"?search={search}") == names


def test_what_a_listed_user_shows(world: Omg, hard_world: Omg) -> None:
    assert world.ask("GET", "/users?search=jane")[1]["data"] == [JANE]
    (jane,) = hard_world.ask("GET", "/users?search=jane")[1]["data"]
    known = {name: value for name, value in JANE.items() if name not in ("owning_agency_id", "job_role")}
    extra = {"created_at": "2026-05-08T00:00:00.000Z", "links": {"self": "/acme/v2/user/1"}}
    assert jane == {**known, "id": "1", **extra}


@pytest.mark.parametrize("path", ["/user/1", "/user?email=jane%40example.com", "/user?staffid=S1001"])
def test_one_user(world: Omg, hard_world: Omg, path: str) -> None:
    assert world.ask("GET", path) == (200, {"data": JANE, "message": "User retrieved"})
    jane = hard_world.ask("GET", path)[1]["data"]
    assert {**jane, **JANE, "id": "1", "owning_agency_id": "1", "job_role": "1"} == jane


def test_an_inactive_user(world: Omg, hard_world: Omg) -> None:
    for query in ("email=chen@example.com", "staffid=S1004"):
        assert world.ask("GET", f"/user?{query}")[0] == 200
        assert hard_world.ask("GET", f"/user?{query}") == problem(404, "User not found")
    assert hard_world.ask("GET", "/user/4")[0] == 200


@pytest.mark.parametrize(
    "query", ["", "?email=", "?email=&staffid=", "?email=jane@example.com&staffid=S1001", "?mail=x"]
)
def test_a_look_up_takes_one_of_two(each_world: Omg, query: str) -> None:
    refused = problem(400, "Exactly one of email or staffid is required")
    assert each_world.ask("GET", f"/user{query}") == refused


def test_an_empty_parameter_is_none(each_world: Omg) -> None:
    assert each_world.ask("GET", "/user?email=&staffid=S1001")[0] == 200


def test_nobody_is_found(each_world: Omg) -> None:
    assert each_world.ask("GET", "/user?email=x@example.com") == problem(404, "User not found")
    assert each_world.ask("GET", "/user/99") == problem(404, "User 99 not found")
    assert each_world.ask("PUT", "/user/99", []) == problem(404, "User 99 not found")


def test_the_case_of_an_address(world: Omg, hard_world: Omg) -> None:
    assert world.ask("GET", "/user?email=MARIA.lopez@example.com")[0] == 200
    assert hard_world.ask("GET", "/user?email=MARIA.lopez@example.com")[0] == 404
    assert hard_world.ask("GET", "/user?email=Maria.Lopez@example.com")[0] == 200


def test_an_update_is_of_what_was_sent(world: Omg, hard_world: Omg) -> None:
    body = {"last_name": "Doe", "owning_agency_id": 2}
    changed = {**JANE, **body, "owning_agency_name": "Example Berlin"}

    assert world.ask("PUT", "/user/1", body) == (200, {"data": changed, "message": "User updated"})
    assert world.ask("GET", "/user/1")[1]["data"] == changed
    assert hard_world.ask("PUT", "/user/1", body) == (200, {"data": {"id": "1"}, "message": "User updated"})
    assert hard_world.ask("GET", "/user/1")[1]["data"]["owning_agency_name"] == "Example Berlin"


def test_ids_that_are_texts_may_be_written_as_such(world: Omg, hard_world: Omg) -> None:
    refused = problem(400, "Field 'job_role' must be an integer")

    assert world.ask("PUT", "/user/1", {"job_role": "2"}) == refused
    assert hard_world.ask("PUT", "/user/1", {"job_role": "2"})[0] == 200
    assert hard_world.ask("GET", "/user/1")[1]["data"]["job_role"] == "2"
    for wrong in ("two", "", "-1", "\u0662"):
        assert hard_world.ask("PUT", "/user/1", {"job_role": wrong}) == refused


def test_names_of_agency_and_role(world: Omg, hard_world: Omg) -> None:
    body = {"owning_agency_name": 7, "job_role_name": "Designer"}

    assert world.ask("PUT", "/user/1", body)[1]["data"] == JANE
    assert hard_world.ask("PUT", "/user/1", body) == problem(400, "Unknown field 'owning_agency_name'")


@pytest.mark.parametrize(
    ("body", "text"),
    [
        ([], "Request body must be a JSON object"),
        ({}, "No fields to update"),
        ({"first_name": None}, "Field 'first_name' must be a string"),
        ({"owning_agency_id": None}, "Field 'owning_agency_id' must be an integer"),
        ({"owning_agency_id": 1.0}, "Field 'owning_agency_id' must be an integer"),
        ({"job_role": True}, "Field 'job_role' must be an integer"),
        ({"staffid": "S1"}, "Unknown field 'staffid'"),
        ({"active": False}, "Unknown field 'active'"),
    ],
)
def test_a_wrong_update(each_world: Omg, body: object, text: str) -> None:
    before = each_world.twin.dump()

    assert each_world.ask("PUT", "/user/1", body) == problem(400, text)
    assert each_world.twin.dump() == before


@pytest.mark.parametrize("field", ["owning_agency_id", "job_role"])
def test_what_an_update_refers_to_must_be_there(world: Omg, hard_world: Omg, field: str) -> None:
    assert world.ask("PUT", "/user/1", {field: 999}) == problem(422, f"{field} 999 does not exist")
    assert hard_world.ask("PUT", "/user/1", {field: "999"}) == problem(400, f"{field} 999 does not exist")


def test_an_address_that_is_taken(each_world: Omg) -> None:
    taken = problem(422, "email_address already in use")

    assert each_world.ask("PUT", "/user/1", {"email_address": "BOB@example.com"}) == taken
    assert each_world.ask("PUT", "/user/1", {"email_address": "chen@example.com"}) == taken
    assert each_world.ask("PUT", "/user/1", {"email_address": "Jane@example.com"})[0] == 200
    assert each_world.ask("GET", "/user?email=Jane@example.com")[0] == 200


@pytest.mark.parametrize(
    ("method", "path"), [("POST", "/users"), ("POST", "/user"), ("DELETE", "/user/1"), ("PATCH", "/user/1")]
)
def test_users_are_neither_made_nor_deleted(each_world: Omg, method: str, path: str) -> None:
    assert each_world.ask(method, path, {"first_name": "X"}) == problem(404, "Route not found")


def test_nothing_without_a_value_is_shown_or_is_null() -> None:
    for reading, shown in (("plain", {"owning_agency_id": None, "job_role": None}), ("adversarial", {})):
        with served(OmgTwin(knobs={"OP-P4": reading})) as omg:
            omg.twin.add_user("jane@example.com", "Jane", "Smith")
            user = omg.ask("GET", "/user/1")[1]["data"]
            assert {name: user[name] for name in ("owning_agency_id", "job_role") if name in user} == shown
