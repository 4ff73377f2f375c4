"""Whose a document is, where it lies, and who may do what with it, over a socket."""

from __future__ import annotations

from typing import Any

import pytest

from reconciler.twins import OmniTwin
from tests.unit.twins.omni_analytics.sales import (
    ADMIN,
    CONNECTION,
    MODEL,
    NOBODY,
    OK,
    ONE,
    PAT,
    PAT_USER,
    SALES,
    detail,
    listed,
    prepare,
    principals,
)
from tests.unit.twins.served import Omni, served

GRANTS = f"{ONE}/permissions"
NO_DOCUMENT = detail('Document with identifier "none" not found', 404)
MAY_NOT = detail("User does not have permission to manage document permissions", 403)


def hard(*questions: str) -> OmniTwin:
    return OmniTwin(knobs=dict.fromkeys(questions, "adversarial"))


def grant(world: Omni, role: str, *user_ids: str, method: str = "POST", **more: object) -> tuple[int, Any]:
    return world.ask(method, GRANTS, {"role": role, "userIds": list(user_ids), **more})


def test_grants_are_given_changed_and_ended(omni: Omni) -> None:
    jane = prepare(omni)

    assert grant(omni, "EXPLORER", jane, userGroupIds=["grp00001"], accessBoost=True) == OK
    everyone = [("Admin", "OWNER"), ("Finance Team", "INTERACTOR"), ("Jane Smith", "INTERACTOR")]
    assert principals(omni) == everyone
    assert grant(omni, "EDITOR", jane, method="PATCH") == OK
    assert omni.ask("DELETE", GRANTS, {"userGroupIds": ["grp00001"]}) == OK
    assert principals(omni) == [("Admin", "OWNER"), ("Jane Smith", "EDITOR")]
    assert listed(omni)[0]["updatedAt"] == "2026-01-01T00:00:02.000Z"


def test_both_forms_of_the_id_are_taken(omni: Omni) -> None:
    jane = prepare(omni)
    place = "/v1/documents/00000009-0000-4000-8000-000000000001"

    assert omni.ask("POST", f"{place}/permissions", {"role": "VIEWER", "userIds": [jane]}) == OK
    assert principals(omni, place=place) == [("Admin", "OWNER"), ("Jane Smith", "VIEWER")]


def test_no_access_may_be_listed(omni: Omni) -> None:
    jane = prepare(omni)
    grant(omni, "NO_ACCESS", jane)

    assert principals(omni) == [("Admin", "OWNER")]
    omni.twin.knobs.set("OA-P36", "adversarial")
    assert principals(omni) == [("Admin", "OWNER"), ("Jane Smith", "NO_ACCESS")]


def test_explorer_may_be_listed_as_such() -> None:
    with served(hard("OA-P35")) as omni:
        grant(omni, "EXPLORER", prepare(omni))

        assert principals(omni) == [("Admin", "OWNER"), ("Jane Smith", "EXPLORER")]


def test_the_access_list_tells_its_sources(omni: Omni) -> None:
    jane = prepare(omni)
    omni.ask("PUT", f"{ONE}/move", {"folderPath": "/blob-sales"})
    folder = "00000002-0000-4000-8000-000000000001"
    omni.ask("POST", f"/v1/folders/{folder}/permissions", {"role": "VIEWER", "userIds": [jane]})
    grant(omni, "EDITOR", jane)
    grant(omni, "VIEWER", userGroupIds=["grp00001"])

    assert principals(omni, "") == [
        ("Admin", "OWNER"),
        ("Admin", "MANAGER"),
        ("Finance Team", "VIEWER"),
        ("Jane Smith", "EDITOR"),
        ("Jane Smith", "VIEWER"),
    ]
    by_folder = omni.ask("GET", f"{ONE}/access-list?accessSource=folder&sortDirection=desc")[1]["principals"]
    assert by_folder[0] == {
        "id": jane,
        "name": "Jane Smith",
        "email": "jane@example.com",
        "type": "user",
        "role": "VIEWER",
        "accessBoost": False,
        "accessSource": "folder",
        "isOwner": False,
        "folderInfo": {"id": folder, "name": "Blob Sales", "path": "/blob-sales"},
    }
    groups = omni.ask("GET", f"{ONE}/access-list?type=userGroup")[1]["principals"]
    assert groups == [
        {
            "id": "grp00001",
            "name": "Finance Team",
            "type": "userGroup",
            "role": "VIEWER",
            "accessBoost": False,
            "accessSource": "direct",
        }
    ]
    for direction in ("asc", "desc"):
        by_mail = principals(omni, f"accessSource=direct&sortField=email&sortDirection={direction}")
        assert by_mail[-1] == ("Finance Team", "VIEWER")


def test_the_access_list_in_pages(each_omni: Omni) -> None:
    jane = prepare(each_omni)
    grant(each_omni, "VIEWER", jane, PAT_USER)
    seen, cursor = [], ""
    for _ in range(3):
        page = each_omni.ask("GET", f"{ONE}/access-list?pageSize=1{cursor}")[1]
        seen += [one["name"] for one in page["principals"]]
        cursor = f"&cursor={page['pageInfo'].get('nextCursor')}"

    assert (seen, page["pageInfo"]["hasNextPage"]) == (["Admin", "Jane Smith", "Pat"], False)
    assert page["pageInfo"]["totalRecords"] == 3


@pytest.mark.parametrize(
    ("query", "text"),
    [
        ("pageSize=0", "pageSize: Must be between 1 and 100"),
        ("pageSize=101", "pageSize: Must be between 1 and 100"),
        ("sortField=x", "sortField: Must be one of: name, email, role"),
        ("accessSource=x", "accessSource: Must be one of: direct, folder"),
    ],
)
def test_bad_questions_for_the_access_list(omni: Omni, query: str, text: str) -> None:
    prepare(omni)

    assert omni.ask("GET", f"{ONE}/access-list?{query}") == detail(text)


@pytest.mark.parametrize("method", ["POST", "PATCH"])
def test_refused_grants(omni: Omni, method: str) -> None:
    jane = prepare(omni)

    def asked(body: dict[str, object], place: str = GRANTS) -> tuple[int, Any]:
        return omni.ask(method, place, body)

    assert asked({"role": "VIEWER"}) == detail("userIds.userGroupIds: userIds or userGroupIds must be provided")
    assert asked({"role": "VIEWER", "userIds": [jane, "x"]}) == detail("userIds.1: Invalid uuid")
    assert asked({"role": "VIEWER", "userIds": [NOBODY]}) == detail("userIds.0: Invalid uuid")
    assert asked({"role": "VIEWER", "userGroupIds": ["x"]}) == detail("userGroupIds.0: Invalid uuid")
    assert asked({"role": "INTERACTOR", "userIds": [jane]})[0] == 400
    assert asked({"role": "VIEWER", "userIds": [jane]}, "/v1/documents/none/permissions") == NO_DOCUMENT
    assert principals(omni) == [("Admin", "OWNER")]


def test_refused_revokes_have_texts_of_their_own(omni: Omni) -> None:
    prepare(omni)

    assert omni.ask("DELETE", GRANTS) == detail("userId: userId must be provided")
    assert omni.ask("DELETE", GRANTS, {"userIds": ["x"]}) == detail("userId: Invalid userId")
    assert omni.ask("DELETE", GRANTS, {"userGroupIds": ["x"]}) == detail("userGroupIds.0: Invalid uuid")


def test_a_stricter_reading_of_grants() -> None:
    with served(hard("OA-P23")) as omni:
        jane = prepare(omni)
        missing = detail("Permission not found", 404)

        assert grant(omni, "VIEWER", jane, method="PATCH") == missing
        assert omni.ask("DELETE", GRANTS, {"userIds": [jane]}) == missing
        assert grant(omni, "VIEWER", jane) == OK
        assert grant(omni, "EDITOR", PAT_USER, jane) == detail("Principal already has a permission")
        assert principals(omni) == [("Admin", "OWNER"), ("Jane Smith", "VIEWER")]


def test_what_concerns_one_person(omni: Omni) -> None:
    jane = prepare(omni)
    omni.ask("PUT", f"{ONE}/move", {"folderPath": "/blob-sales"})
    grant(omni, "EDITOR", jane, userGroupIds=["grp00001"])
    folder = "/v1/folders/00000002-0000-4000-8000-000000000001/permissions"
    omni.ask("POST", folder, {"role": "VIEWER", "userGroupIds": ["grp00001"]})

    permits = omni.ask("GET", f"{GRANTS}?userId={jane}")[1]["permits"]

    shown = [
        (one["description"], source, one[source]["role"], one[source]["isOwner"])
        for one in permits
        for source in ("direct", "folder")
        if source in one
    ]
    assert shown == [
        ("Organization", "direct", "VIEWER", False),
        ("Organization", "folder", "VIEWER", False),
        ("User", "direct", "EDITOR", False),
        ("User group", "direct", "EDITOR", False),
        ("User group", "folder", "VIEWER", False),
    ]
    owner = omni.ask("GET", f"{GRANTS}?userId={ADMIN}")[1]["permits"]
    assert [one["description"] for one in owner] == ["Organization", "Organization", "Owner", "Owner"]
    assert omni.ask("GET", GRANTS) == detail("userId: userId must be provided")
    assert omni.ask("GET", f"{GRANTS}?userId=x") == detail("userId: Invalid userId")
    assert omni.ask("GET", f"{GRANTS}?userId={NOBODY}") == detail("userId: Invalid userId")


def test_settings_are_written_and_shown_nowhere(omni: Omni) -> None:
    prepare(omni)

    assert omni.ask("PUT", GRANTS, {"organizationRole": "EDITOR", "canUpload": True}) == OK
    assert omni.ask("PUT", GRANTS, {"canDrill": "yes"}) == detail("canDrill: Invalid canDrill")
    wrong = detail("organizationRole: Invalid organizationRole")
    assert omni.ask("PUT", GRANTS, {"organizationRole": "viewer", "canUpload": False}) == wrong
    assert omni.twin.dump()["state"]["documents"][SALES]["settings"] == {  # type: ignore[index,call-overload]
        "organizationRole": "EDITOR",
        "canDownload": True,
        "canDrill": True,
        "canSchedule": True,
        "canUpload": True,
        "canViewWorkbook": True,
    }
    assert "canUpload" not in listed(omni)[0]
    assert omni.ask("PUT", "/v1/documents/none/permissions", {}) == NO_DOCUMENT


def test_moves(omni: Omni) -> None:
    prepare(omni)
    omni.twin.edit("POST", "/v1/folders", {"name": "Mine", "scope": "restricted"})

    def move(**body: object) -> tuple[int, Any]:
        return omni.ask("PUT", f"{ONE}/move", body)

    assert move(folderPath="mine") == OK
    shown = listed(omni)[0]
    assert (shown["folder"]["path"], shown["scope"]) == ("/mine", "restricted")
    assert move(folderPath=None) == OK
    shown = listed(omni)[0]
    assert (shown["folder"], shown["scope"]) == (None, "restricted")
    assert move(folderPath=None, scope="organization") == OK
    said = 'Scope "organization" and folder scope "restricted" do not match'
    assert move(folderPath="/mine", scope="organization") == detail(said)
    assert move(folderPath="/none") == detail("Folder with path /none does not exist", 404)
    assert move() == detail("folderPath: Required")
    assert omni.ask("PUT", "/v1/documents/none/move", {"folderPath": None}) == NO_DOCUMENT
    assert listed(omni)[0]["scope"] == "organization"


def test_a_transfer_needs_a_grant_and_leaves_one(omni: Omni) -> None:
    jane = prepare(omni)

    def transfer(body: dict[str, object], place: str = ONE) -> tuple[int, Any]:
        return omni.ask("PUT", f"{place}/transfer-ownership", body)

    assert transfer({"userId": ADMIN}) == OK
    refused = (400, {"error": "New owner must have explicit document permission"})
    assert transfer({"userId": jane}) == refused
    grant(omni, "VIEWER", userGroupIds=["grp00001"])
    assert transfer({"userId": jane}) == refused
    grant(omni, "VIEWER", jane)
    assert transfer({"userId": jane}) == OK
    everyone = [("Admin", "MANAGER"), ("Finance Team", "VIEWER"), ("Jane Smith", "OWNER")]
    assert principals(omni) == everyone
    assert transfer({}) == (400, {"error": "userId is required"})
    assert transfer({"userId": NOBODY}) == (404, {"error": "User not found"})
    missing = (404, {"error": 'Document with identifier "none" not found'})
    assert transfer({"userId": jane}, "/v1/documents/none") == missing


def test_a_document_keeps_its_dialect(omni: Omni) -> None:
    prepare(omni)
    place, other = f"/unstable/documents/{SALES}/update-model", "00000006-0000-4000-8000-000000000009"
    for number, dialect in enumerate(("postgres", "snowflake", "postgres"), 1):
        add_model(omni.twin, number, dialect)

    assert omni.ask("PUT", place, {}) == detail("Bad Request: newModelId: Required")
    assert omni.ask("PUT", place, {"newModelId": other}) == detail(f"Model with id {other} does not exist", 404)
    third = "00000006-0000-4000-8000-000000000003"
    assert omni.ask("PUT", place.replace(SALES, "none"), {"newModelId": third}) == NO_DOCUMENT
    assert omni.ask("PUT", place, {"newModelId": MODEL}) == detail("Models must have the same dialect")
    done = {"success": True, "message": "Document updated successfully"}
    assert omni.ask("PUT", place, {"newModelId": third}) == (200, done)
    assert omni.ask("GET", ONE)[1]["modelId"] == third
    assert listed(omni)[0]["connectionId"] == CONNECTION.replace("0001", "0003")


def add_model(twin: OmniTwin, number: int, dialect: str) -> None:
    """A connection and a model on it, both of this number."""
    from reconciler.twins.omni_analytics.model_things import Connection, Model

    connection_id, model_id = (f"{kind:08x}-0000-4000-8000-{number:012x}" for kind in (3, 6))
    twin.state.of(Connection)[connection_id] = Connection(connection_id, f"c{number}", dialect)
    now = twin.clock.now()
    twin.state.of(Model)[model_id] = Model(model_id, "SHARED", connection_id, f"m{number}", None, now, now)


def test_a_personal_token_without_a_role_may_not(each_omni: Omni) -> None:
    jane = prepare(each_omni)
    each_omni.twin.knobs.set("OA-P1", "plain")

    def refused(method: str, path: str, body: object = None) -> tuple[int, Any]:
        return each_omni.ask(method, path, body, **PAT)

    to_jane = {"role": "VIEWER", "userIds": [jane]}
    assert refused("POST", GRANTS, to_jane) == MAY_NOT
    assert refused("PATCH", GRANTS, to_jane) == MAY_NOT
    assert refused("PUT", GRANTS, {"canDrill": True}) == MAY_NOT
    assert refused("GET", f"{GRANTS}?userId={jane}") == MAY_NOT
    assert refused("DELETE", GRANTS, {"userIds": [jane]}) == MAY_NOT
    assert refused("GET", f"{ONE}/access-list") == MAY_NOT
    assert refused("PUT", f"{ONE}/move", {"folderPath": None})[0] == 403
    answer = refused("PUT", f"{ONE}/transfer-ownership", {"userId": jane})
    assert answer == (403, {"error": "Insufficient permissions"})


@pytest.mark.parametrize("way", ["direct", "group", "folder", "organization", "owner"])
def test_and_with_one_it_may(omni: Omni, way: str) -> None:
    """The same for whatever lets its user manage the document."""
    jane = prepare(omni)
    manager: dict[str, object] = {"role": "MANAGER", "userIds": [PAT_USER]}
    match way:
        case "direct":
            omni.ask("POST", GRANTS, manager)
        case "group":
            members = [{"value": PAT_USER}]
            omni.ask("PUT", "/scim/v2/groups/grp00001", {"displayName": "Finance Team", "members": members})
            omni.ask("POST", GRANTS, {"role": "MANAGER", "userGroupIds": ["grp00001"]})
        case "folder":
            omni.ask("PUT", f"{ONE}/move", {"folderPath": "/blob-sales"})
            omni.ask("POST", "/v1/folders/00000002-0000-4000-8000-000000000001/permissions", manager)
        case "organization":
            omni.ask("PUT", GRANTS, {"organizationRole": "MANAGER"})
        case "owner":
            omni.ask("POST", GRANTS, manager)
            omni.ask("PUT", f"{ONE}/transfer-ownership", {"userId": PAT_USER})

    assert omni.ask("POST", GRANTS, {"role": "VIEWER", "userIds": [jane]}, **PAT) == OK


def test_newer_answers_show_all_grants_of_a_folder() -> None:
    with served(hard("newer-answers")) as omni:
        jane = prepare(omni)
        path = "/v1/folders/00000002-0000-4000-8000-000000000001/permissions"
        omni.ask("POST", path, {"role": "EDITOR", "userIds": [jane], "userGroupIds": ["grp00001"]})
        owner = {"userId": ADMIN, "role": "MANAGER", "accessBoost": False}
        others = [
            {"userId": jane, "role": "EDITOR", "accessBoost": False},
            {"userGroupId": "grp00001", "role": "EDITOR", "accessBoost": False},
        ]

        assert omni.ask("GET", path) == (200, {"permits": [owner, *others]})
        assert omni.ask("GET", f"{path}?userId={jane}") == (200, {"permits": others})
        (folder,) = omni.ask("GET", "/v1/folders")[1]["records"]
        assert (folder["ownerId"], "owner" in folder) == (ADMIN, False)
