"""`doctor --live` against Omni Analytics: documents, connections, models, people, and which edition is spoken."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from reconciler.model.doctor import Told
from reconciler.model.json import Json
from reconciler.twins import Fault
from tests.contract.test_doctor import PROFILES, alone, examined, seen_of, told
from tests.world import OMNI, World

C, R, U = Told.CONFIRMED, Told.REFUTED, Told.UNTOLD
LISTS = [
    "GET /v1/folders",
    "GET /scim/v2/users",
    "GET /v1/labels",
    "GET /scim/v2/groups",
    "GET /v1/schedules",
    "GET /v1/documents",
    "GET /v1/connections",
    "GET /v1/models",
    "GET /v1/users/email-only",
    "GET /v1/connection-environments",
]


@contextmanager
def furnished(profile: str, *switches: str) -> Iterator[World]:
    """Something of everything that the probes look at, made by people."""
    with alone(OMNI, profile, *switches) as w:
        jane = w.omni.add_user("somebody@example.com", "Some One")
        w.omni.add_user("inactive@example.com", "No One", active=False)
        for label in ("a/b", "Gold"):
            assert w.omni.edit("POST", "/v1/labels", {"name": label}).ok
        assert w.omni.edit("POST", "/scim/v2/groups", {"displayName": "G", "members": [{"value": jane}]}).ok
        lake = w.omni.add_connection("Lake", attribute="environment", default_values=["prod"])
        dev = w.omni.add_connection("Dev")
        w.omni.add_environment(lake, dev, "dev")
        w.omni.add_model(lake, "SCHEMA")
        model = w.omni.add_model(lake, "SHARED", "Orders")
        w.omni.add_role(jane, "QUERIER", lake, model)
        own = w.omni.add_document("AA", labels=["Gold"], owner_id=jane)
        grant: dict[str, Json] = {"role": "EXPLORER", "accessBoost": False}
        grant["userIds"] = [users(w)["bob@example.com"]]
        assert w.omni.edit("POST", f"/v1/documents/{own}/permissions", grant).ok
        w.omni.set_attributes(jane, {"region": "EU"})
        w.omni.add_email_only("outside@example.com", {"region": "EU"})
        w.omni.log.clear()
        yield w


def users(w: World) -> dict[str, str]:
    body = w.omni.edit("GET", "/scim/v2/users?count=100").body
    assert isinstance(body, dict)
    listed = body["Resources"]
    assert isinstance(listed, list)
    return {str(u["userName"]): str(u["id"]) for u in listed if isinstance(u, dict)}


@pytest.mark.parametrize("profile", PROFILES)
def test_something_of_everything_is_told_in_seventeen_calls_at_most(profile: str) -> None:
    with furnished(profile) as w:
        found, seen = examined(w)
        bare = [call.partition("?")[0] for call in seen]

    assert told(found)[R] == set()
    assert {"A50", "A51", "A59", "A95", "A96", "A97", "A98", "A101", "A103"} <= told(found)[C]
    assert set(LISTS) <= set(bare)
    assert len(bare) <= 17
    assert all(word not in str(found) for word in ("example.com", "Lake", "Gold", "Orders"))
    assert ("A102" in told(found)[C]) == (profile == "plain"), "the list hides attributes (OA-P15)"


@pytest.mark.parametrize(("profile", "role", "name"), [
    ("plain", "INTERACTOR", "userAttributeNameForConnectionEnvironments"),
    ("adversarial", "EXPLORER", "userAttributeNameForConnectionsEnvironments"),
])  # fmt: skip
def test_what_may_be_spelled_in_two_ways_is_told_in_the_servers(profile: str, role: str, name: str) -> None:
    with furnished(profile) as w:
        found, _ = examined(w)

    assert seen_of(found, "OA-A95").endswith(f"the word is {role}")
    assert f"`{name}`" in seen_of(found, "OA-A96")


@pytest.mark.parametrize("profile", PROFILES)
def test_oa_a103_a_newer_edition_is_told_and_nothing_else_is_refuted_by_it(profile: str) -> None:
    with furnished(profile, "newer-answers") as w:
        found, seen = examined(w)

    assert told(found)[R] == {"A103"}
    assert seen_of(found, "OA-A103") == (
        "0 of 3 signs are of this edition; newer: the list of connection environments, users without `meta`, "
        "folders without `owner`"
    )
    assert seen.count("GET /v1/connection-environments") == 1


@pytest.mark.parametrize("profile", PROFILES)
@pytest.mark.parametrize("status", [400, 404, 405])
def test_oa_a103_a_server_without_that_list_is_of_this_edition(status: int, profile: str) -> None:
    with alone(OMNI, profile) as w:
        w.omni.faults.add(Fault("status", path="/v1/connection-environments", status=status, times=None))
        found, _ = examined(w)

    assert seen_of(found, "OA-A103").startswith("3 of 3 signs are of this edition")


@pytest.mark.parametrize("profile", PROFILES)
def test_without_connections_models_and_people_nothing_is_told_of_them(profile: str) -> None:
    with alone(OMNI, profile, seed=False) as w:
        found, seen = examined(w)

    assert {"A50", "A51", "A59", "A95", "A96", "A97", "A98"} <= told(found)[U]
    assert told(found)[R] == set()
    assert not any("git" in call or "access-list" in call for call in seen)


@pytest.mark.parametrize("profile", PROFILES)
def test_oa_a51_an_identifier_that_is_not_taken_is_refuted(profile: str) -> None:
    with furnished(profile) as w:
        w.omni.faults.add(Fault("status", path="/access-list", status=400, times=None))
        found, _ = examined(w)

    assert told(found)[R] == {"A51"}
    assert "A95" in told(found)[U]


@pytest.mark.parametrize("profile", PROFILES)
def test_oa_a98_a_repository_is_shown(profile: str) -> None:
    with furnished(profile) as w:
        model = next(iter(models(w)))
        url = {"sshUrl": "git@example.com:a/b.git"}
        assert w.omni.edit("POST", f"/v1/models/{model}/git", url).ok
        found, _ = examined(w)

    assert seen_of(found, "OA-A98") == "a listed model showed its repository"


def models(w: World) -> list[str]:
    body = w.omni.edit("GET", "/v1/models?modelKind=SHARED").body
    assert isinstance(body, dict)
    listed = body["records"]
    assert isinstance(listed, list)
    return [str(m["id"]) for m in listed if isinstance(m, dict) and not m.get("deletedAt")]


@pytest.mark.parametrize("profile", PROFILES)
def test_a_personal_token_that_may_not_look_at_roles_refutes_nothing(profile: str) -> None:
    with furnished(profile) as w:
        for path in ("/model-roles", "/v1/users/email-only", "/git"):
            w.omni.faults.add(Fault("status", path=path, status=403, times=None))
        found, _ = examined(w)

    assert told(found)[R] == set()
    assert {"A98", "A100", "A101"} <= told(found)[U]


@pytest.mark.parametrize("profile", PROFILES)
def test_a_large_organisation_takes_no_more_calls(profile: str) -> None:
    with alone(OMNI, profile, seed=False) as w:
        w.omni.seed_organisation()
        found, seen = examined(w)

    assert told(found)[R] == set()
    assert len(seen) <= 17
