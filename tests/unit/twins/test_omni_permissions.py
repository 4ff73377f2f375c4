"""Folder permissions of the Omni Analytics twin, over a socket."""

from __future__ import annotations

from typing import Any

import httpx
import pytest

from reconciler.twins import Fault
from tests.unit.twins.served import Omni

ADMIN = "00000001-0000-4000-8000-000000000001"
PAT_USER = "00000001-0000-4000-8000-000000000002"
NOBODY = "00000001-0000-4000-8000-0000000000ff"
FOLDER = "00000002-0000-4000-8000-000000000001"
NO_FOLDER = "00000002-0000-4000-8000-0000000000ff"
PATH = f"/v1/folders/{FOLDER}/permissions"
PAT = {"Authorization": "Bearer omni_pat_test"}
OK = (200, {"success": True})


def prepare(world: Omni) -> str:
    """A folder of the administrator, Jane, and her group `grp00001`; Jane's id."""
    jane = world.twin.add_user("jane@example.com", "Jane Smith")
    world.twin.edit("POST", "/v1/folders", {"name": "Finance"})
    world.twin.edit("POST", "/scim/v2/groups", {"displayName": "Finance Team", "members": [{"value": jane}]})
    return jane


def grant(world: Omni, role: str, *user_ids: str, method: str = "POST", **more: object) -> tuple[int, Any]:
    return world.ask(method, PATH, {"role": role, "userIds": list(user_ids), **more})


def seen(world: Omni, user_id: str) -> list[tuple[str, str, str, bool]]:
    """(description, id, role, boost) of what is shown of one user."""
    status, body = world.ask("GET", f"{PATH}?userId={user_id}")
    assert status == 200, body
    return [
        (one["description"], one["id"], one["direct"]["role"], one["direct"]["accessBoost"])
        for one in body["permits"]
    ]


def test_a_grant_to_a_group_shows_with_its_members(omni: Omni) -> None:
    jane = prepare(omni)

    assert omni.ask("POST", PATH, {"role": "VIEWER", "accessBoost": False, "userGroupIds": ["grp00001"]}) == OK
    assert omni.ask("GET", f"{PATH}?userId={jane}") == (
        200,
        {
            "permits": [
                {
                    "id": "grp00001",
                    "name": "Finance Team",
                    "description": "User group",
                    "type": "userGroup",
                    "direct": {"accessBoost": False, "isOwner": False, "role": "VIEWER"},
                }
            ]
        },
    )
    assert seen(omni, PAT_USER) == []


def test_the_owner_shows_as_owner_whatever_his_grant(each_omni: Omni) -> None:
    prepare(each_omni)
    grant(each_omni, "VIEWER", ADMIN)

    assert each_omni.ask("GET", f"{PATH}?userId={ADMIN.upper()}")[1]["permits"] == [
        {
            "id": ADMIN,
            "name": "Admin",
            "description": "Owner",
            "type": "user",
            "direct": {"accessBoost": False, "isOwner": True, "role": "MANAGER"},
        }
    ]


def test_the_own_grant_comes_before_those_of_groups_by_name(each_omni: Omni) -> None:
    jane = prepare(each_omni)
    each_omni.ask("POST", "/scim/v2/groups", {"displayName": "all hands", "members": [{"value": jane}]})
    both = {"role": "EDITOR", "userIds": [jane], "userGroupIds": ["grp00001", "grp00002"], "accessBoost": True}

    assert each_omni.ask("POST", PATH, both) == OK
    assert seen(each_omni, jane) == [
        ("User", jane, "EDITOR", True),
        ("User group", "grp00002", "EDITOR", True),
        ("User group", "grp00001", "EDITOR", True),
    ]


def test_a_change_sets_role_and_boost(each_omni: Omni) -> None:
    jane = prepare(each_omni)
    grant(each_omni, "VIEWER", jane, accessBoost=True)

    assert grant(each_omni, "NO_ACCESS", jane, method="PATCH") == OK
    assert seen(each_omni, jane) == [("User", jane, "NO_ACCESS", False)]


def test_a_revoke(each_omni: Omni) -> None:
    jane = prepare(each_omni)
    each_omni.ask("POST", PATH, {"role": "VIEWER", "userIds": [jane, PAT_USER], "userGroupIds": ["grp00001"]})
    gone = each_omni.client.request("DELETE", each_omni.url + PATH, json={"userIds": [jane], "userGroupIds": []})

    assert (gone.status_code, gone.json()) == OK
    assert seen(each_omni, jane) == [("User group", "grp00001", "VIEWER", False)]
    assert seen(each_omni, PAT_USER) == [("User", PAT_USER, "VIEWER", False)]


def test_granting_twice_and_changing_nothing(omni: Omni, hard_omni: Omni) -> None:
    for world in (omni, hard_omni):
        jane = prepare(world)
        grant(world, "VIEWER", jane)

    assert grant(omni, "EDITOR", jane, PAT_USER) == OK
    assert [seen(omni, one)[0][2] for one in (jane, PAT_USER)] == ["EDITOR", "EDITOR"]
    assert omni.ask("PATCH", PATH, {"role": "VIEWER", "userGroupIds": ["grp00001"]}) == OK
    assert omni.ask("DELETE", PATH, {"userIds": [jane]}) == OK
    assert omni.ask("DELETE", PATH, {"userIds": [jane]}) == OK

    before = hard_omni.twin.digest()
    refused = (400, {"error": "400", "message": "Principal already has a permission"})
    absent = (404, {"error": "404", "message": "Permission not found"})
    assert grant(hard_omni, "EDITOR", PAT_USER, jane) == refused
    assert grant(hard_omni, "EDITOR", jane, PAT_USER, method="PATCH") == absent
    assert hard_omni.ask("DELETE", PATH, {"userIds": [jane, PAT_USER]}) == absent
    assert hard_omni.twin.digest() == before


def test_the_same_id_twice_in_one_grant(each_omni: Omni) -> None:
    jane = prepare(each_omni)

    assert grant(each_omni, "VIEWER", jane, jane.upper()) == OK
    assert len(seen(each_omni, jane)) == 1


def test_grants_of_groups_may_be_hidden(each_omni: Omni) -> None:
    jane = prepare(each_omni)
    each_omni.ask("POST", PATH, {"role": "VIEWER", "userIds": [jane], "userGroupIds": ["grp00001"]})
    assert len(seen(each_omni, jane)) == 2
    each_omni.twin.knobs.set("group-grants-hidden", "adversarial")

    assert seen(each_omni, jane) == [("User", jane, "VIEWER", False)]


def test_grants_go_with_their_group_and_with_their_folder(each_omni: Omni) -> None:
    jane = prepare(each_omni)
    each_omni.ask("POST", PATH, {"role": "VIEWER", "userIds": [jane], "userGroupIds": ["grp00001"]})
    each_omni.ask("DELETE", "/scim/v2/groups/grp00001")
    assert seen(each_omni, jane) == [("User", jane, "VIEWER", False)]
    each_omni.ask("DELETE", f"/v1/folders/{FOLDER}")

    assert each_omni.twin.dump()["state"]["permits"] == {}  # type: ignore[index,call-overload]


MUST_NAME = "userIds.userGroupIds: userIds or userGroupIds must be provided"
NOT_FOUND = f'Folder with identifier "{NO_FOLDER}" not found'
ELSEWHERE = f"/v1/folders/{NO_FOLDER}/permissions"


@pytest.mark.parametrize(
    ("method", "path", "body", "status", "text"),
    [
        ("GET", PATH, None, 400, "userId: userId must be provided"),
        ("GET", f"{PATH}?userId=jane", None, 400, "userId: Invalid userId"),
        ("GET", f"{PATH}?userId={NOBODY}", None, 400, "userId: Invalid userId"),
        ("GET", f"{ELSEWHERE}?userId={NOBODY}", None, 404, NOT_FOUND),
        ("GET", "/v1/folders/x/permissions", None, 400, "folderId: Invalid uuid"),
        ("POST", "/v1/folders/x/permissions", {}, 400, "folderId: Invalid uuid"),
        ("POST", PATH, {}, 400, "role: Required"),
        ("POST", PATH, {"role": "OWNER"}, 400, "role: Invalid value"),
        ("POST", PATH, {"role": "VIEWER", "accessBoost": "no"}, 400, "accessBoost: Invalid value"),
        ("POST", PATH, {"role": "VIEWER", "userIds": ADMIN}, 400, "userIds: Invalid value"),
        ("POST", PATH, {"role": "VIEWER"}, 400, MUST_NAME),
        ("PATCH", PATH, {"role": "VIEWER", "userIds": [], "userGroupIds": []}, 400, MUST_NAME),
        ("DELETE", PATH, {}, 400, MUST_NAME),
        ("DELETE", PATH, None, 400, MUST_NAME),
        ("POST", PATH, {"role": "VIEWER", "userIds": [ADMIN, "x"]}, 400, "userIds.1: Invalid uuid"),
        ("POST", PATH, {"role": "VIEWER", "userIds": [NOBODY]}, 400, "userIds.0: Invalid uuid"),
        ("POST", PATH, {"role": "VIEWER", "userGroupIds": ["none"]}, 400, "userGroupIds.0: Invalid uuid"),
        ("DELETE", PATH, {"userGroupIds": [7]}, 400, "userGroupIds.0: Invalid uuid"),
        ("POST", ELSEWHERE, {"role": "VIEWER", "userIds": [NOBODY]}, 404, NOT_FOUND),
        ("PATCH", ELSEWHERE, {"role": "VIEWER", "userGroupIds": ["none"]}, 404, NOT_FOUND),
        ("DELETE", ELSEWHERE, {"userIds": [ADMIN]}, 404, NOT_FOUND),
    ],
)
def test_refusals(omni: Omni, method: str, path: str, body: object, status: int, text: str) -> None:
    prepare(omni)
    before = omni.twin.digest()

    assert omni.ask(method, path, body) == (status, {"detail": text, "status": status})
    assert omni.twin.digest() == before


def test_a_personal_token_needs_to_manage_the_folder(omni: Omni) -> None:
    prepare(omni)
    body = {"role": "MANAGER", "userIds": [PAT_USER]}
    refused = {"detail": "User does not have permission to manage folder permissions", "status": 403}

    assert omni.ask("POST", PATH, body, **PAT) == (403, refused)
    assert omni.ask("GET", f"{PATH}?userId={ADMIN}", **PAT) == (403, refused)
    omni.ask("POST", PATH, body)
    assert omni.ask("POST", PATH, body, **PAT) == OK
    assert omni.ask("GET", f"{PATH}?userId={ADMIN}", **PAT)[0] == 200


def test_a_personal_token_may_manage_through_a_group_or_as_owner(omni: Omni) -> None:
    prepare(omni)
    ask = f"{PATH}?userId={ADMIN}"
    omni.ask("PUT", "/scim/v2/groups/grp00001", {"displayName": "Managers", "members": [{"value": PAT_USER}]})
    omni.ask("POST", PATH, {"role": "MANAGER", "userGroupIds": ["grp00001"]})
    own = omni.ask("POST", "/v1/folders", {"name": "Mine"}, **PAT)[1]["id"]

    assert omni.ask("GET", ask, **PAT)[0] == 200
    assert omni.ask("GET", f"/v1/folders/{own}/permissions?userId={ADMIN}", **PAT) == (200, {"permits": []})


def test_unknown_keys(omni: Omni, hard_omni: Omni) -> None:
    for world, known in ((omni, True), (hard_omni, False)):
        prepare(world)
        assert (world.ask("GET", f"{PATH}?userId={ADMIN}&pageSize=5")[0] == 200) is known
        assert (grant(world, "VIEWER", PAT_USER, reason="x")[0] == 200) is known


def test_a_lost_answer_leaves_the_grant(each_omni: Omni) -> None:
    jane = prepare(each_omni)
    each_omni.twin.faults.add(Fault("drop", "POST", effect=True))
    with pytest.raises(httpx.TransportError):
        grant(each_omni, "VIEWER", jane)

    assert seen(each_omni, jane) == [("User", jane, "VIEWER", False)]
