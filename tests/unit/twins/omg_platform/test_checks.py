"""Keys, tenants, routes, limits and faults of the OMG Platform twin."""

from __future__ import annotations

import json
from collections.abc import Sequence

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from reconciler.twins import PROFILES, Answer, Fault, OmgTwin
from reconciler.twins.core.values import Request, encode
from tests.unit.twins.omg_platform.omg import BRIEF, Omg, make, problem
from tests.unit.twins.served import served

FORBIDDEN = problem(403, "Missing or invalid X-Api-Key")
UNKNOWN = problem(404, "Route not found")


def test_success_and_refusal_have_types_of_their_own(each_omg: Omg) -> None:
    good = each_omg.client.post(each_omg.url + "/briefs", json=BRIEF)
    bad = each_omg.client.post(each_omg.url + "/briefs", json=[])

    assert good.headers["content-type"] == "application/json"
    assert bad.headers["content-type"] == "application/problem+json"


@pytest.mark.parametrize("headers", [{}, {"X-Api-Key": ""}, {"X-Api-Key": "x"}, {"Authorization": "omg_key_test"}])
@pytest.mark.parametrize("path", ["/briefs/1", "/users", "/nowhere"])
def test_a_bad_key_is_told_before_anything_else(
    omg: Omg, hard_omg: Omg, headers: dict[str, str], path: str
) -> None:
    reply = httpx.get(omg.url + path, headers=headers)
    assert (reply.status_code, reply.json()) == FORBIDDEN

    page = httpx.get(hard_omg.url + path, headers=headers)
    assert (page.status_code, page.headers["content-type"]) == (403, "text/html; charset=utf-8")
    assert page.text.startswith("<html>")


def test_a_revoked_key(omg: Omg) -> None:
    omg.twin.revoke_key("omg_key_test")

    assert omg.ask("GET", "/users") == FORBIDDEN


@pytest.mark.parametrize(
    ("method", "path", "text"),
    [
        ("GET", "/briefs/1", "Brief 1 not found"),
        ("PATCH", "/briefs/1", "Brief 1 not found"),
        ("DELETE", "/briefs/1", "Brief 1 not found"),
        ("POST", "/briefs", "Route not found"),
        ("POST", "/tasks", "Route not found"),
        ("GET", "/users", "Route not found"),
        ("GET", "/user?email=jane@example.com", "User not found"),
        ("GET", "/user/1", "User 1 not found"),
        ("PUT", "/user/1", "User 1 not found"),
        ("GET", "/nowhere", "Route not found"),
    ],
)
def test_a_key_of_another_tenant(omg: Omg, hard_omg: Omg, method: str, path: str, text: str) -> None:
    for world in (omg, hard_omg):
        world.twin.seed_world()
    key = {"X-Api-Key": "omg_key_other"}

    assert omg.ask(method, path, BRIEF, **key) == FORBIDDEN
    assert hard_omg.ask(method, path, BRIEF, **key) == problem(404, text)
    assert len(omg.twin.briefs()) == 2


def test_tenants_do_not_see_each_other(each_omg: Omg) -> None:
    make(each_omg)
    other = each_omg.origin + "/globex/v2"
    key = {"X-Api-Key": "omg_key_other"}

    assert httpx.get(f"{other}/briefs/1", headers=key).status_code == 404
    made = httpx.post(f"{other}/briefs", headers=key, json=BRIEF).json()["data"]
    assert str(made["id"]) == "1"
    assert httpx.delete(f"{other}/briefs/1", headers=key).status_code == 200
    assert each_omg.ask("GET", "/briefs/1")[0] == 200
    assert each_omg.twin.log[1].call == "GET /globex/v2/briefs/1"


def test_an_unknown_tenant_is_another_one(omg: Omg, hard_omg: Omg) -> None:
    for path in ("/nobody/v2/briefs/1", "/v2/briefs/1"):
        reply = omg.client.get(omg.origin + path)
        assert (reply.status_code, reply.json()) == FORBIDDEN
        assert hard_omg.client.get(hard_omg.origin + path).status_code == 404


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", "/briefs"),
        ("PUT", "/briefs/1"),
        ("POST", "/briefs/1"),
        ("GET", "/briefs/"),
        ("GET", "/briefs/1/"),
        ("GET", ""),
        ("GET", "/agencies"),
        ("GET", "/job-roles"),
        ("GET", "/projects"),
        ("GET", "/deliverables"),
        ("POST", "/library"),
        ("GET", "/debug"),
        ("POST", "/users/1"),
        ("BREW", "/briefs/1"),
    ],
)
def test_what_no_reference_prints_is_unknown(each_omg: Omg, method: str, path: str) -> None:
    make(each_omg)

    assert each_omg.ask(method, path, BRIEF) == UNKNOWN


def test_another_version_is_unknown(each_omg: Omg) -> None:
    make(each_omg)

    assert each_omg.client.get(each_omg.origin + "/acme/v1/briefs/1").json() == UNKNOWN[1]
    assert each_omg.client.get(each_omg.origin + "/acme").json() == UNKNOWN[1]


def test_too_many_requests() -> None:
    with served(OmgTwin(rate_limit=1)) as omg:
        assert omg.ask("GET", "/users")[0] == 200
        reply = omg.client.post(omg.url + "/briefs", json=BRIEF)
        assert (reply.status_code, reply.json()["title"]) == (429, "Too Many Requests")
        assert int(reply.headers["retry-after"]) > 0
        assert reply.headers["content-type"] == "application/problem+json"
        assert omg.twin.briefs() == []
        assert omg.client.get(omg.origin + "/globex/v2/users", headers={"X-Api-Key": "omg_key_other"}).is_success


def test_a_throttling_fault_is_a_problem_document(each_omg: Omg) -> None:
    each_omg.twin.faults.add(Fault("throttle", retry_after="2"))
    reply = each_omg.client.get(each_omg.url + "/users")

    assert (reply.status_code, reply.headers["retry-after"]) == (429, "2")
    assert reply.headers["content-type"] == "application/problem+json"


def test_a_lost_answer_leaves_a_brief_that_nobody_can_find(each_omg: Omg) -> None:
    each_omg.twin.faults.add(Fault("drop", method="POST", effect=True))

    with pytest.raises(httpx.TransportError):
        each_omg.ask("POST", "/briefs", BRIEF)
    assert [brief.id for brief in each_omg.twin.briefs()] == [1]
    assert each_omg.twin.log[0].changed


@pytest.mark.parametrize("effect", [False, True])
def test_an_injected_error(each_omg: Omg, effect: bool) -> None:
    each_omg.twin.faults.add(Fault("status", effect=effect))

    assert each_omg.ask("POST", "/briefs", BRIEF) == problem(500, "Unexpected server error")
    assert len(each_omg.twin.briefs()) == effect


def test_a_short_list(each_omg: Omg) -> None:
    each_omg.twin.seed_world()
    each_omg.twin.faults.add(Fault("short_page"))

    assert len(each_omg.ask("GET", "/users")[1]["data"]) == 2
    assert len(each_omg.ask("GET", "/users")[1]["data"]) == 3


def test_the_log_tells_writes_from_reads_and_keeps_the_key(each_omg: Omg) -> None:
    make(each_omg)
    each_omg.ask("GET", "/briefs/1")
    each_omg.ask("PATCH", "/briefs/1", {"status": "approved"})

    log = each_omg.twin.log
    assert [(entry.call, entry.write, entry.changed, entry.status) for entry in log] == [
        ("POST /briefs", True, True, 201),
        ("GET /briefs/1", False, False, 200),
        ("PATCH /briefs/1", True, False, 422),
    ]
    assert "omg_key_test" not in json.dumps([entry.to_json() for entry in log])


PATHS = st.lists(
    st.sampled_from(["briefs", "tasks", "user", "users", "avatar", "1", "2", "99", "%2F", "..", "", "é", "{id}"]),
    max_size=3,
)
SCALARS = st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=30)
FIELDS = (
    "brief_title",
    "brief_deadline",
    "status",
    "name",
    "start_date",
    "parent_planning_id",
    "email_address",
    "job_role",
    "owning_agency_id",
    "\ud800",
)
BODIES = st.dictionaries(st.sampled_from(FIELDS), SCALARS | st.lists(SCALARS, max_size=2), max_size=4) | SCALARS
QUERIES = st.text("abc=&%é*/+123[]", max_size=20) | st.sampled_from(["email=jane@example.com", "search=%FF"])


@pytest.mark.parametrize("profile", PROFILES)
@given(
    method=st.sampled_from(["GET", "POST", "PUT", "PATCH", "DELETE", "HEAD"]),
    parts=PATHS,
    query=QUERIES,
    body=BODIES.map(lambda value: json.dumps(value).encode()) | st.binary(max_size=20),
)
def test_no_request_breaks_the_twin(
    profile: str, method: str, parts: Sequence[str], query: str, body: bytes
) -> None:
    twin = OmgTwin(profile)
    twin.seed_world()
    before = twin.dump()
    request = Request(method, f"/acme/v2/{'/'.join(parts)}", query, {"x-api-key": "omg_key_test"}, body)

    answer = twin.perform(request)

    encode(answer.body)
    assert answer.status in {200, 201, 400, 404, 422}
    if not answer.ok or not twin.is_write(request):
        assert twin.dump() == before


@pytest.mark.parametrize(
    "path", ["*", "", "/", "//", "/acme", "/acme/", "/acme/v2", "/acme/v2/", "x/acme/v2/users"]
)
def test_no_path_breaks_the_twin(path: str) -> None:
    answer: Answer = OmgTwin().perform(Request("GET", path, "", {"x-api-key": "omg_key_test"}))

    assert answer.status in {403, 404}
