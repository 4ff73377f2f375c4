"""Folders of the Omni Analytics twin, over a socket."""

from __future__ import annotations

from typing import Any

import pytest

from reconciler.twins import OmniTwin
from tests.unit.twins.served import Omni, served

ADMIN = "00000001-0000-4000-8000-000000000001"
NOBODY = "00000001-0000-4000-8000-0000000000ff"
PAT = {"Authorization": "Bearer omni_pat_test"}
FULL = "/v1/folders?scope=organization&sortField=path&sortDirection=asc&pageSize=100"


def make(world: Omni, name: str, parent: str | None = None, **more: object) -> str:
    body = {"name": name, **({"parentFolderId": parent} if parent else {}), **more}
    status, folder = world.ask("POST", "/v1/folders", body)
    assert status == 201, folder
    return str(folder["id"])


def listed(world: Omni, query: str) -> list[Any]:
    status, body = world.ask("GET", f"/v1/folders?{query}")
    assert status == 200, body
    return list(body["records"])


def test_a_folder_is_created(omni: Omni) -> None:
    assert omni.ask("POST", "/v1/folders", {"name": "Blob Sales"}) == (
        201,
        {
            "id": "00000002-0000-4000-8000-000000000001",
            "name": "Blob Sales",
            "path": "/blob-sales",
            "scope": "organization",
            "owner": {"id": ADMIN, "name": "Admin"},
            "createdAt": "2026-01-01T00:00:01.000Z",
            "updatedAt": "2026-01-01T00:00:01.000Z",
        },
    )


def test_paths_are_chains_of_slugs(omni: Omni, hard_omni: Omni) -> None:
    for world in (omni, hard_omni):
        make(world, "EMEA / Nord", make(world, "Blob Sales"))

    assert listed(omni, "sortField=path&sortDirection=asc")[1]["path"] == "/blob-sales/emea-nord"
    assert [folder["path"] for folder in listed(hard_omni, "sortField=path&sortDirection=asc")] == ["blob-sales"]
    assert listed(hard_omni, "sortField=path&sortDirection=asc")[1]["path"] == "blob-sales/emea-nord"


def test_siblings_may_share_a_name_but_not_a_slug(omni: Omni) -> None:
    for name in ("Sales", "sales!", "Sales", "日本", "中国"):
        make(omni, name)

    paths = [folder["path"] for folder in listed(omni, "sortField=path&sortDirection=asc")]
    assert paths == ["/folder", "/folder-1", "/sales", "/sales-1", "/sales-2"]


def test_children_inherit_scope_and_take_an_owner(omni: Omni) -> None:
    jane = omni.twin.add_user("jane@example.com", "Jane Smith")
    root = make(omni, "Private", scope="restricted", userId=jane)
    status, child = omni.ask("POST", "/v1/folders", {"name": "Deep", "parentFolderId": root})

    assert (status, child["scope"], child["owner"]["id"]) == (201, "restricted", ADMIN)


def test_seven_levels_and_no_more(omni: Omni) -> None:
    folder = make(omni, "1")
    for level in range(2, 8):
        folder = make(omni, str(level), folder)
    status, answer = omni.ask("POST", "/v1/folders", {"name": "8", "parentFolderId": folder})

    text = "Bad Request: Maximum folder nesting depth reached"
    assert (status, answer) == (400, {"detail": text, "status": 400})


@pytest.mark.parametrize(
    ("body", "status", "text"),
    [
        ({}, 400, "Bad Request: name: Required"),
        ({"name": ""}, 400, "Bad Request: name: Required"),
        ({"name": 3}, 400, "Bad Request: name: Invalid value"),
        ([], 400, "Bad Request: Invalid JSON"),
        ({"name": "a", "parentFolderId": "x"}, 400, "Bad Request: parentFolderId: Invalid uuid"),
        ({"name": "a", "parentFolderId": None}, 400, "Bad Request: parentFolderId: Invalid uuid"),
        ({"name": "a", "userId": 5}, 400, "Bad Request: userId: Invalid uuid"),
        (
            {"name": "a", "scope": "world"},
            400,
            "Bad Request: scope: Invalid enum value. Expected 'organization' | 'restricted', received 'world'",
        ),
        ({"name": "a", "parentFolderId": NOBODY}, 404, f"Parent folder with id {NOBODY} does not exist"),
        ({"name": "a", "userId": NOBODY}, 404, f"User with id {NOBODY} does not exist"),
    ],
)
def test_a_wrong_create_is_refused(omni: Omni, body: object, status: int, text: str) -> None:
    before = omni.twin.dump()

    assert omni.ask("POST", "/v1/folders", body) == (status, {"detail": text, "status": status})
    assert omni.twin.dump() == before


def test_a_childs_scope_is_its_parents(omni: Omni) -> None:
    root = make(omni, "Finance")
    body = {"name": "Secret", "parentFolderId": root, "scope": "restricted"}

    text = "Bad Request: Child folder scope must match parent folder scope"
    assert omni.ask("POST", "/v1/folders", body)[1]["detail"] == text


def test_only_an_empty_folder_is_deleted(each_omni: Omni) -> None:
    root = make(each_omni, "Finance")
    child = make(each_omni, "Reports", root)

    def refused(folder_id: str) -> str:
        status, answer = each_omni.ask("DELETE", f"/v1/folders/{folder_id}")
        assert status == 400
        return str(answer.get("detail", answer.get("message")))

    assert refused(root) == "Only empty folders can be deleted"
    each_omni.twin.add_document("Sales", folder_id=root)
    assert refused(root) == "Folders with documents cannot be deleted"
    assert each_omni.ask("DELETE", f"/v1/folders/{child}") == (200, {"success": True})
    assert refused(root) == "Folders with documents cannot be deleted"


def test_deletes_that_are_refused(omni: Omni) -> None:
    root = make(omni, "Finance")
    missing = f"Folder with id {NOBODY} does not exist"
    forbidden = "You do not have permission to manage this folder"

    assert omni.ask("DELETE", "/v1/folders/finance") == (400, {"detail": "folderId: Invalid uuid", "status": 400})
    assert omni.ask("DELETE", f"/v1/folders/{NOBODY}") == (404, {"detail": missing, "status": 404})
    assert omni.ask("DELETE", f"/v1/folders/{root}", **PAT) == (403, {"detail": forbidden, "status": 403})
    assert omni.ask("DELETE", f"/v1/folders/{root.upper()}")[0] == 200


def test_a_personal_token_manages_what_it_owns(omni: Omni) -> None:
    status, mine = omni.ask("POST", "/v1/folders", {"name": "Mine"}, **PAT)
    root = make(omni, "Finance")

    assert status == 201
    assert omni.ask("POST", "/v1/folders", {"name": "In it", "parentFolderId": root}, **PAT)[0] == 403
    assert omni.ask("DELETE", f"/v1/folders/{mine['id']}", **PAT)[0] == 200


def test_pages_follow_one_another(each_omni: Omni) -> None:
    for number in range(45):
        each_omni.twin.edit("POST", "/v1/folders", {"name": f"Folder {number:02d}"})
    names: list[str] = []
    cursor: str | None = ""
    pages = 0
    while cursor is not None:
        query = "sortField=name&sortDirection=asc&pageSize=20" + (f"&cursor={cursor}" if cursor else "")
        body = each_omni.ask("GET", f"/v1/folders?{query}")[1]
        names += [folder["name"] for folder in body["records"]]
        info = body["pageInfo"]
        assert (info["pageSize"], info["totalRecords"]) == (20, 45)
        cursor = info["nextCursor"] if info["hasNextPage"] else None
        pages += 1

    assert pages == 3
    assert names == [f"Folder {number:02d}" for number in range(45)]


def test_the_last_page_has_no_cursor(omni: Omni, hard_omni: Omni) -> None:
    assert omni.ask("GET", FULL)[1]["pageInfo"]["nextCursor"] is None
    assert "nextCursor" not in hard_omni.ask("GET", FULL)[1]["pageInfo"]


@pytest.mark.parametrize(("reading", "seen"), [("plain", ["a", "c", "d"]), ("adversarial", ["a", "d"])])
def test_a_list_that_changes_while_it_is_paged(reading: str, seen: list[str]) -> None:
    with served(OmniTwin(knobs={"OA-P5": reading})) as omni:
        ids = [make(omni, name) for name in ("a", "b", "c", "d")]
        query = "sortField=name&sortDirection=asc&pageSize=2"
        first = omni.ask("GET", f"/v1/folders?{query}")[1]
        omni.twin.edit("DELETE", f"/v1/folders/{ids[1]}")
        rest = omni.ask("GET", f"/v1/folders?{query}&cursor={first['pageInfo']['nextCursor']}")[1]

    assert [first["records"][0]["name"], *(folder["name"] for folder in rest["records"])] == seen


def test_a_page_is_capped_in_adversarial(omni: Omni, hard_omni: Omni) -> None:
    for world in (omni, hard_omni):
        for number in range(60):
            world.twin.edit("POST", "/v1/folders", {"name": f"Folder {number}"})

    assert omni.ask("GET", FULL)[1]["pageInfo"]["pageSize"] == 100
    info = hard_omni.ask("GET", FULL)[1]["pageInfo"]
    assert (info["pageSize"], info["totalRecords"], info["hasNextPage"]) == (50, 60, True)


def test_defaults_sort_by_name_descending(omni: Omni) -> None:
    for name in ("b", "A", "c"):
        make(omni, name)

    assert [folder["name"] for folder in listed(omni, "")] == ["c", "b", "A"]


def test_restricted_folders_are_listed_by_owner(omni: Omni) -> None:
    jane = omni.twin.add_user("jane@example.com")
    make(omni, "Hers", scope="restricted", userId=jane)
    make(omni, "Mine", scope="restricted")
    make(omni, "Everyone's")

    assert [folder["name"] for folder in listed(omni, f"scope=restricted&ownerId={jane}")] == ["Hers"]
    assert [folder["name"] for folder in listed(omni, "")] == ["Everyone's"]
    assert listed(omni, f"ownerId={jane}") == []


def test_include_adds_counts_and_labels(omni: Omni) -> None:
    omni.ask("POST", "/v1/labels", {"name": "Draft"})
    root = make(omni, "Finance")
    child = make(omni, "Reports", root)
    omni.twin.add_document("Sales", folder_id=child)
    omni.twin.label_folder(root, "draft")

    below, above = listed(omni, "include=_count,labels&sortField=path")
    assert (above["_count"], above["labels"]) == ({"documents": 0, "favorites": 0}, ["Draft"])
    assert (below["_count"], below["labels"]) == ({"documents": 1, "favorites": 0}, [])
    assert "labels" not in listed(omni, "include=_count")[0]
    assert [folder["name"] for folder in listed(omni, "labels=Draft")] == ["Finance"]


def test_adversarial_counts_go_down_the_tree(hard_omni: Omni) -> None:
    root = make(hard_omni, "Finance")
    child = make(hard_omni, "Reports", root)
    hard_omni.twin.add_document("Sales", folder_id=child)
    hard_omni.ask("GET", "/v1/labels")

    counts = [folder["_count"]["documents"] for folder in listed(hard_omni, "include=_count")]
    assert counts == [1, 1]


@pytest.mark.parametrize(
    ("pattern", "names"),
    [
        ("/finance", ["Finance"]),
        ("finance", ["Finance"]),
        ("finance/*", ["Reports"]),
        ("/finance/**", ["Old", "Reports"]),
        ("/*", ["Finance", "Marketing"]),
        ("**", ["Finance", "Marketing", "Old", "Reports"]),
        ("nowhere/**", []),
    ],
)
def test_path_filters(omni: Omni, pattern: str, names: list[str]) -> None:
    make(omni, "Old", make(omni, "Reports", make(omni, "Finance")))
    make(omni, "Marketing")

    assert [folder["name"] for folder in listed(omni, f"path={pattern}&sortDirection=asc")] == names


PREFIX = "Bad Request: "


@pytest.mark.parametrize(
    ("query", "status", "text"),
    [
        ("pageSize=0", 400, PREFIX + "pageSize: Page size must be at least 1"),
        ("pageSize=ten", 400, PREFIX + "pageSize: Invalid value"),
        ("scope=restricted", 400, PREFIX + "ownerId: ownerId is required when scope is 'restricted'"),
        ("ownerId=jane", 400, PREFIX + "ownerId: Invalid uuid"),
        (
            "sortField=age",
            400,
            PREFIX + "sortField: Invalid enum value. Expected 'name' | 'path', received 'age'",
        ),
        ("include=owner", 400, PREFIX + "include: Invalid value. Expected: _count, labels, received 'owner'"),
        (
            "path=a/*/b",
            400,
            PREFIX + "Invalid path pattern. Only a single wildcard (*) is allowed at the end of the pattern",
        ),
        ("cursor=bm9uc2Vuc2U=", 400, "cursor: Invalid cursor"),
        ("cursor=%F0%9F%98%80", 400, "cursor: Invalid cursor"),
        ("path=/nowhere", 404, "Folder with path /nowhere does not exist"),
        (f"ownerId={NOBODY}", 404, "User membership not found"),
    ],
)
def test_a_wrong_listing_is_refused(omni: Omni, query: str, status: int, text: str) -> None:
    assert omni.ask("GET", f"/v1/folders?{query}") == (status, {"detail": text, "status": status})


def test_sorting_by_favorites_is_allowed(omni: Omni) -> None:
    assert omni.ask("GET", "/v1/folders?sortField=favorites")[0] == 200


def test_a_cursor_belongs_to_its_sorting(omni: Omni) -> None:
    for name in ("a", "b"):
        make(omni, name)
    cursor = omni.ask("GET", "/v1/folders?pageSize=1&sortField=name")[1]["pageInfo"]["nextCursor"]

    assert omni.ask("GET", f"/v1/folders?pageSize=1&sortField=path&cursor={cursor}")[0] == 400


def test_a_list_lags_behind_one_create(hard_omni: Omni) -> None:
    make(hard_omni, "Finance")

    assert listed(hard_omni, "") == []
    assert len(listed(hard_omni, "")) == 1
