"""Who may ask the Omni-CMS twin for what: keys, logins, anonymous readers, unknown paths."""

from __future__ import annotations

import re

import httpx
import pytest

from reconciler.twins import OmniCmsTwin
from reconciler.twins.omni_cms.twin import KINDS
from tests.unit.twins.omni_cms.cms import DONE, SEARCH, Cms, change, component, said, space
from tests.unit.twins.served import contract

NOT_LOGGED_IN = (401, said("not.logged.in", "User is not logged in."))
NO_ROUTE = (404, said("route.not.found", "Route not found."))
BAD_KEYS = ["wrong", "", "CMS_KEY_TEST"]
KEYED = [
    ("POST", "/space"),
    ("GET", "/space/all"),
    ("GET", "/space/9"),
    ("PUT", "/space/9"),
    ("DELETE", "/space/9"),
    ("POST", "/component"),
    ("PUT", "/component/9"),
    ("DELETE", "/component/9"),
    ("PUT", "/component/sequence"),
    ("POST", "/component/file/9"),
    ("DELETE", "/component/file/9"),
    ("GET", "/component/file/check/9"),
    ("POST", "/user"),
    ("GET", "/user/all"),
    ("GET", "/user/9"),
    ("PUT", "/user/9"),
    ("DELETE", "/user/9"),
    ("PUT", "/user/key/9"),
    ("DELETE", "/user/key/9"),
]
PUBLIC = [
    ("GET", "/component/1"),
    ("GET", "/component/1/root"),
    ("POST", SEARCH),
    ("GET", "/component/text/1"),
    ("GET", "/component/text/1/root"),
    ("GET", "/component/file/1"),
    ("GET", "/component/file/1/root"),
]


def nobody(world: Cms, method: str, path: str, body: object = None) -> httpx.Response:
    """Ask without a key."""
    return httpx.request(method, world.url + path, json=body)


@pytest.mark.parametrize(("method", "path"), KEYED)
def test_what_needs_a_key(each: Cms, method: str, path: str) -> None:
    reply = nobody(each, method, path)

    assert (reply.status_code, reply.json()) == NOT_LOGGED_IN
    for key in BAD_KEYS:
        assert each.ask(method, path, **{"X-OMNI-API-KEY": key}) == NOT_LOGGED_IN
    assert each.ask(method, path)[0] != 401


@pytest.mark.parametrize(("method", "path"), PUBLIC)
def test_what_needs_none(each: Cms, method: str, path: str) -> None:
    space(each)
    each.twin.add_file(1, "a.txt", b"x")

    assert nobody(each, method, path, {}).status_code == 200


def test_anonymous_readers_see_what_is_published(each: Cms) -> None:
    space(each)
    shown = component(each, "shown", published=True)
    hidden = component(each, "hidden")
    component(each, "below", parent=hidden, published=True)
    each.twin.add_file(hidden, "a.txt", b"x")
    none = {"X-OMNI-API-KEY": "wrong"}

    def keys(**headers: str) -> list[str]:
        return [
            one["key"]
            for one in each.ask("POST", SEARCH, {"order": "id", "terms": "h"}, **headers)[1]["components"]
        ]

    def walk(**headers: str) -> list[str]:
        path = "/component/1?children=summary&levels=7&order=id"
        return [one["key"] for one in each.ask("GET", path, **headers)[1]["children"]]

    assert (keys(), keys(**none)) == (["shown", "hidden"], ["shown"])
    assert (walk(), walk(**none)) == (["shown", "hidden"], ["shown"])
    for path in (f"/component/{hidden}", f"/component/text/{hidden}", f"/component/file/{hidden}"):
        missing = said("component.not.found.id", f"Component with ID {hidden} could not be found.")
        assert each.ask("GET", path, **none) == (404, missing)
    for path in ("/component/1/hidden", "/component/text/1/hidden", "/component/file/1/hidden"):
        missing = said("component.not.found.key", "Component with key 'hidden' could not be found.")
        assert each.ask("GET", path, **none) == (404, missing)
    change(each, shown, published=False, visible=True)
    assert keys(**none) == []


def test_invisible_is_not_unpublished(each: Cms) -> None:
    space(each)
    one = component(each, "one", published=True, visible=False)

    assert nobody(each, "GET", f"/component/{one}").status_code == 200


def log_in(world: Cms, email: str, password: str) -> httpx.Response:
    return httpx.post(world.origin + "/auth/login", data={"email": email, "password": password})


def test_a_login_is_as_good_as_a_key(each: Cms) -> None:
    user = each.twin.add_user("jane@example.com", password="secret34")
    reply = log_in(each, "jane@example.com", "secret34")

    assert (reply.status_code, reply.json()) == (200, DONE)
    cookies = {"Cookie": f"a=b; omni_session={reply.cookies['omni_session']}"}
    assert httpx.get(each.url + "/space/all", headers=cookies).status_code == 200
    each.ask("PUT", f"/user/{user}", {"id": user, "active": False})
    assert httpx.get(each.url + "/space/all", headers=cookies).status_code == 401
    assert httpx.get(each.url + "/space/all", headers={"Cookie": "omni_session=session9"}).status_code == 401
    assert each.twin.log[0].body is None
    assert each.twin.log[1].headers["cookie"] == "***"


@pytest.mark.parametrize(
    ("email", "password"),
    [("jane@example.com", "wrong"), ("JANE@example.com", "secret34"), ("", ""), ("bob@example.com", "secret34")],
)
def test_a_wrong_login(each: Cms, email: str, password: str) -> None:
    each.twin.add_user("jane@example.com", password="secret34")
    each.twin.add_user("bob@example.com", password="secret34", active=False)
    reply = log_in(each, email, password)

    assert (reply.status_code, reply.json()) == NOT_LOGGED_IN
    assert not reply.cookies


def test_a_session_set_up_by_hand(cms: Cms) -> None:
    token = cms.twin.add_session(1)

    assert httpx.get(cms.url + "/user/all", headers={"Cookie": f"omni_session={token}"}).status_code == 200


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", "/nothing"),
        ("GET", "/space/"),
        ("GET", "/space"),
        ("PATCH", "/space/1"),
        ("POST", "/component/1"),
        ("GET", "/component/file/check/1/2"),
        ("DELETE", "/component/1/root"),
        ("GET", ""),
        ("GET", "/component//root"),
    ],
)
def test_unknown_paths_and_methods(each: Cms, method: str, path: str) -> None:
    assert each.ask(method, path, **{"X-OMNI-API-KEY": "wrong"}) == NO_ROUTE


def test_outside_the_base_path(cms: Cms) -> None:
    for method, path in (("GET", "/auth/login"), ("GET", "/space/all"), ("POST", "/api/v2/space")):
        assert cms.client.request(method, cms.origin + path).json() == NO_ROUTE[1]


def test_the_default_world() -> None:
    twin = OmniCmsTwin()

    assert twin.default_headers == {"X-OMNI-API-KEY": "cms_key_test"}
    assert twin.view() == {"spaces": [], "users": {"admin@example.com": {"active": True, "apiKeyEnabled": True}}}
    assert "cms_key_test" not in str(twin.dump())


@pytest.mark.contract
def test_every_endpoint_of_the_reference_is_served() -> None:
    rows = re.findall(r"^\| \d+ \| ([A-Z]+) `(\S+?)`", contract("omni-cms.md"), re.MULTILINE)
    served = {(route.method, re.sub(r"\{\w+\}", "*", route.path)) for kind in KINDS for route in kind.routes}

    assert len(rows) == 26
    assert {(method, re.sub(r"\{\w+\}", "*", path)) for method, path in rows} == served
    assert len(served) == len(KEYED) + len(PUBLIC)
