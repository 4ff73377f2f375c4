"""Users and API keys of the Omni-CMS twin."""

from __future__ import annotations

import re

import httpx
import pytest

from reconciler.twins.omni_cms.things import Session
from tests.unit.twins.omni_cms.cms import DONE, Cms, said

JANE = {"email": "jane@example.com", "password": "abcdef12"}
ADMIN = {"id": 1, "email": "admin@example.com", "apiKeyEnabled": True, "active": True}
LAST = (400, said("user.minimum.active", "There needs to be at least 1 active user."))
WEAK = "Password must be at least 8 characters containing a minimum of 2 letters and 2 numbers."


def test_a_new_user(cms: Cms) -> None:
    assert cms.ask("POST", "/user", JANE) == (201, {"id": 2, **DONE})
    jane = {"id": 2, "email": "jane@example.com", "apiKeyEnabled": False, "active": True}
    assert cms.ask("GET", "/user/2") == (200, jane)
    assert cms.ask("GET", "/user/all") == (200, {"users": [ADMIN, jane]})
    assert cms.ask("POST", "/user", {**JANE, "email": "b@example.com", "active": False})[0] == 201
    assert cms.ask("GET", "/user/3")[1]["active"] is False


@pytest.mark.parametrize("password", ["abcde12", "abcdefg1", "1234567a", "", "doHY[af2ODt_"])
def test_a_weak_password(each: Cms, password: str) -> None:
    each.ask("POST", "/user", JANE)
    answer = (400, said("user.password.insecure", WEAK))

    assert each.ask("POST", "/user", {"email": "b@example.com", "password": password}) == answer
    assert each.ask("PUT", "/user/2", {"id": 2, "password": password}) == answer


def test_an_address_is_taken(cms: Cms, hard: Cms) -> None:
    for world in (cms, hard):
        world.ask("POST", "/user", JANE)
    text = "The email ‘{}’ is currently used by another user (ID 2)."
    taken = (400, said("user.duplicate.email", text.format("jane@example.com")))
    other_case = {**JANE, "email": "JANE@example.com"}

    assert cms.ask("POST", "/user", JANE) == hard.ask("POST", "/user", JANE) == taken
    assert cms.ask("PUT", "/user/1", {"id": 1, "email": "jane@example.com"}) == taken
    assert cms.ask("POST", "/user", other_case)[0] == 201
    assert hard.ask("POST", "/user", other_case) == (
        400,
        said("user.duplicate.email", text.format("JANE@example.com")),
    )
    assert hard.ask("PUT", "/user/2", {"id": 2, "email": "JANE@example.com"}) == (200, DONE)


def test_a_change_leaves_the_rest(each: Cms) -> None:
    each.ask("POST", "/user", JANE)

    assert each.ask("PUT", "/user/2", {"id": "2", "email": "j@example.com"}) == (200, DONE)
    assert each.ask("PUT", "/user/2", {"id": 2}) == (200, DONE)
    assert each.ask("GET", "/user/2")[1]["email"] == "j@example.com"
    login = {"email": "j@example.com", "password": "abcdef12"}
    assert httpx.post(each.origin + "/auth/login", data=login).status_code == 200


@pytest.mark.parametrize(
    ("method", "path", "body", "code"),
    [
        ("POST", "/user", {"email": "a@example.com"}, "field.required"),
        ("POST", "/user", {"password": "abcdef12"}, "field.required"),
        ("POST", "/user", {**JANE, "active": "yes"}, "field.wrong.type"),
        ("PUT", "/user/1", {"email": "a@example.com"}, "field.required"),
        ("PUT", "/user/1", {"id": 2}, "field.id.mismatch"),
        ("PUT", "/user/1", [], "body.invalid"),
    ],
)
def test_wrong_bodies(each: Cms, method: str, path: str, body: object, code: str) -> None:
    status, answer = each.ask(method, path, body)

    assert (status, answer["code"]) == (400, f"omni.{code}")


def test_somebody_stays_active(each: Cms) -> None:
    each.twin.add_user("jane@example.com", active=False)

    assert each.ask("DELETE", "/user/1") == LAST
    assert each.ask("PUT", "/user/1", {"id": 1, "active": False}) == LAST
    assert each.ask("DELETE", "/user/2") == (200, DONE)
    bob = each.twin.add_user("bob@example.com", key="bobs-key")
    own = {"X-OMNI-API-KEY": "bobs-key"}
    assert each.ask("PUT", "/user/1", {"id": 1, "active": False}, **own) == (200, DONE)
    assert each.ask("GET", "/user/all")[0] == 401
    assert each.ask("DELETE", f"/user/{bob}", **own) == LAST


def test_keys(each: Cms) -> None:
    each.twin.add_user("jane@example.com")
    status, answer = each.ask("PUT", "/user/key/2")
    first = answer["key"]

    assert (status, answer["success"], set(answer)) == (200, True, {"key", "success"})
    assert re.fullmatch("[A-Z0-9]{62}", first)
    assert each.ask("GET", "/user/2")[1]["apiKeyEnabled"] is True
    second = each.ask("PUT", "/user/key/2")[1]["key"]
    assert [each.ask("GET", "/space/all", **{"X-OMNI-API-KEY": key})[0] for key in (first, second)] == [401, 200]
    assert second not in str(each.twin.dump())
    assert each.ask("DELETE", "/user/key/2") == each.ask("DELETE", "/user/key/2") == (200, DONE)
    assert each.ask("GET", "/space/all", **{"X-OMNI-API-KEY": second})[0] == 401
    assert each.ask("GET", "/user/2")[1]["apiKeyEnabled"] is False


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", "/user/9"),
        ("PUT", "/user/9"),
        ("DELETE", "/user/9"),
        ("PUT", "/user/key/9"),
        ("DELETE", "/user/key/9"),
    ],
)
def test_an_unknown_user(each: Cms, method: str, path: str) -> None:
    missing = said("user.not.found.id", "User with ID 9 could not be found.")

    assert each.ask(method, path) == (404, missing)


def test_a_deleted_user_is_logged_out(each: Cms) -> None:
    jane = each.twin.add_user("jane@example.com")
    cookie = {"Cookie": f"omni_session={each.twin.add_session(jane)}"}
    assert httpx.get(each.url + "/space/all", headers=cookie).status_code == 200
    each.ask("DELETE", f"/user/{jane}")

    assert httpx.get(each.url + "/space/all", headers=cookie).status_code == 401
    assert not each.twin.state.of(Session)
