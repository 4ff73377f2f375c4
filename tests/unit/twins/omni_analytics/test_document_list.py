"""Documents as lists show them, over a socket."""

from __future__ import annotations

import pytest

from reconciler.twins import OmniTwin
from tests.unit.twins.omni_analytics.sales import ADMIN, NOBODY, PAT, SALES, add_sales, detail, listed, prepare
from tests.unit.twins.served import Omni, served

LIST = "/v1/documents"


def hard(*questions: str) -> OmniTwin:
    return OmniTwin(knobs=dict.fromkeys(questions, "adversarial"))


def names(world: Omni, query: str = "", **headers: str) -> list[str]:
    return [one["name"] for one in listed(world, query, **headers)]


def test_a_new_document(omni: Omni) -> None:
    prepare(omni)

    assert listed(omni) == [
        {
            "type": "document",
            "identifier": SALES,
            "name": "Sales",
            "scope": "organization",
            "owner": {"id": ADMIN, "name": "Admin"},
            "folder": None,
            "connectionId": "00000003-0000-4000-8000-000000000001",
            "hasDashboard": True,
            "deleted": False,
            "updatedAt": "2026-01-01T00:00:02.000Z",
            "url": f"https://acme.omniapp.co/dashboards/{SALES}",
        }
    ]


def test_what_is_included_only_on_request(omni: Omni) -> None:
    prepare(omni)
    omni.ask("POST", "/v1/labels", {"name": "Draft", "verified": True})
    omni.ask("PUT", f"/v1/documents/{SALES}/labels/draft")
    omni.ask("PUT", f"/v1/documents/{SALES}/favorite")

    (shown,) = listed(omni, "include=labels,_count")

    assert (shown["labels"], shown["_count"]) == (["Draft"], {"favorites": 1, "views": 0})


def test_labels_may_be_objects() -> None:
    with served(hard("OA-P41")) as omni:
        omni.twin.edit("POST", "/v1/labels", {"name": "Draft", "verified": True})
        add_sales(omni.twin, labels=["Draft", "Gone"])

        assert listed(omni, "include=labels")[0]["labels"] == [{"name": "Draft", "verified": True}]


@pytest.mark.parametrize(("question", "path"), [("OA-P3", "/blob-sales"), ("OA-P34", "blob-sales")])
def test_the_path_of_the_folder_inside(question: str, path: str) -> None:
    with served(hard(question)) as omni:
        prepare(omni)
        omni.ask("PUT", f"/v1/documents/{SALES}/move", {"folderPath": "/blob-sales"})

        assert listed(omni)[0]["folder"]["path"] == path


def test_pages_sorted_by_name(each_omni: Omni) -> None:
    for name in ("b", "A", "c"):
        each_omni.twin.add_document(name)
    query = "sortField=name&sortDirection=asc&pageSize=2"

    first = each_omni.ask("GET", f"{LIST}?{query}")[1]
    second = each_omni.ask("GET", f"{LIST}?{query}&cursor={first['pageInfo']['nextCursor']}")[1]

    shown = [one["name"] for one in [*first["records"], *second["records"]] if not one["deleted"]]
    assert shown == ["A", "b", "c"]
    assert (first["pageInfo"]["hasNextPage"], second["pageInfo"]["hasNextPage"]) == (True, False)
    assert each_omni.ask("GET", f"{LIST}?sortField=updatedAt&cursor={first['pageInfo']['nextCursor']}")[0] == 400


def test_the_largest_page_is_documented_and_granted(each_omni: Omni) -> None:
    assert each_omni.ask("GET", f"{LIST}?pageSize=100")[1]["pageInfo"]["pageSize"] == 100


def test_defaults(omni: Omni) -> None:
    for name in ("b", "A"):
        omni.twin.add_document(name)

    answer = omni.ask("GET", LIST)[1]

    assert [one["name"] for one in answer["records"]] == ["b", "A"]
    assert answer["pageInfo"] == {"hasNextPage": False, "nextCursor": None, "pageSize": 20, "totalRecords": 2}


def test_filters(omni: Omni) -> None:
    jane = prepare(omni)
    folder = "00000002-0000-4000-8000-000000000001"
    omni.twin.add_document("In", folder_id=folder, labels=["Draft"], owner_id=jane)
    omni.twin.add_document("Closed", organization_role="NO_ACCESS")

    assert names(omni, f"folderId={folder}") == ["In"]
    assert names(omni, "labels=none,draft") == ["In"]
    assert names(omni, f"creatorId={ADMIN}") == ["Closed", "Sales"]
    assert names(omni, f"userId={jane}") == ["In", "Sales"]
    omni.ask("PUT", f"/v1/documents/{SALES}/favorite?userId={jane}")
    assert names(omni, f"userId={jane}&include=onlyFavorites") == ["Sales"]
    assert names(omni, "sortField=favorites") == ["In", "Closed", "Sales"]


def test_the_trash_shows_only_on_request(omni: Omni) -> None:
    prepare(omni)
    omni.twin.trash(SALES)

    assert names(omni) == []
    assert [one["deleted"] for one in listed(omni, "include=includeDeleted")] == [True]


def test_or_it_shows_anyway() -> None:
    with served(hard("OA-P49")) as omni:
        assert listed(omni) == []
        add_sales(omni.twin)
        ghost, other = sorted(listed(omni), key=lambda one: not one["deleted"])
        assert (ghost["name"], other["name"], ghost["identifier"] == SALES) == ("Sales", "Sales", False)
        assert omni.ask("GET", f"/v1/documents/{ghost['identifier']}")[0] == 404
        omni.twin.trash(SALES)
        assert [one["identifier"] for one in listed(omni)] == [SALES]


def test_restricted_ones_of_others_may_be_hidden() -> None:
    with served(hard("OA-P47")) as omni:
        jane = prepare(omni)
        other = omni.twin.add_document("Mine alone", owner_id=jane, scope="restricted")

        assert names(omni) == ["Sales"]
        assert omni.ask("GET", f"/v1/documents/{other}")[0] == 200


def test_a_personal_token_sees_what_its_user_sees(omni: Omni) -> None:
    prepare(omni)
    omni.twin.add_document("Closed", organization_role="NO_ACCESS")
    omni.twin.add_document("Restricted", scope="restricted")

    assert names(omni, **PAT) == ["Sales"]


@pytest.mark.parametrize(
    ("query", "text"),
    [
        ("pageSize=0", "pageSize: Page size must be at least 1"),
        ("pageSize=101", "pageSize: Page size cannot exceed 100"),
        (
            "sortField=x",
            "sortField: Invalid enum value. Expected 'favorites' | 'name' | 'updatedAt' | 'visits', received 'x'",
        ),
        ("creatorId=x", "creatorId: Invalid uuid"),
        ("userId=x", "userId: Invalid uuid"),
        ("scope=x", "formErrors: Unrecognized key(s) in object: 'scope'"),
        ("cursor=x", "cursor: Invalid cursor"),
    ],
)
def test_bad_questions(omni: Omni, query: str, text: str) -> None:
    assert omni.ask("GET", f"{LIST}?{query}") == detail(text)


@pytest.mark.parametrize("name", ["userId", "creatorId"])
def test_unknown_people(omni: Omni, name: str) -> None:
    answer = omni.ask("GET", f"{LIST}?{name}={NOBODY}")

    assert answer == detail(f"User with id {NOBODY} does not exist", 404)


def test_the_newer_edition_has_other_defaults() -> None:
    with served(hard("newer-answers")) as omni:
        for name in ("b", "A"):
            omni.twin.add_document(name)
        answer = omni.ask("GET", LIST)[1]

    assert [one["name"] for one in answer["records"]] == ["A", "b"]
    assert answer["pageInfo"]["pageSize"] == 50
    assert answer["records"][0]["description"] is None


def test_content_lists_folders_and_documents(omni: Omni) -> None:
    prepare(omni)
    omni.twin.edit("POST", "/v1/folders", {"name": "Inner", "parentFolderId": folder_id(1)})
    omni.twin.add_document("Deep", folder_id=folder_id(2))
    omni.twin.add_document("In", folder_id=folder_id(1))

    assert content(omni, "include=_count,labels") == ["Blob Sales", "Deep", "In", "Inner", "Sales"]
    assert content(omni, f"folderId={folder_id(1)}") == ["In", "Inner"]
    assert content(omni, "path=/blob-sales") == ["Blob Sales", "In", "Inner"]
    assert content(omni, "path=blob-sales/*") == ["Deep", "In", "Inner"]
    assert content(omni, "path=/") == ["Blob Sales", "Deep", "In", "Inner", "Sales"]
    assert content(omni, f"scope=restricted&creatorId={ADMIN}") == []
    assert omni.ask("GET", "/v1/content?pageSize=1")[1]["records"] == [
        {
            "type": "folder",
            "id": folder_id(1),
            "name": "Blob Sales",
            "path": "/blob-sales",
            "scope": "organization",
            "owner": {"id": ADMIN, "name": "Admin"},
            "url": "https://acme.omniapp.co/f/blob-sales",
        }
    ]


def folder_id(number: int) -> str:
    return f"00000002-0000-4000-8000-{number:012d}"


def content(world: Omni, query: str) -> list[str]:
    status, body = world.ask("GET", f"/v1/content?{query}")
    assert status == 200, body
    return [one["name"] for one in body["records"]]


@pytest.mark.parametrize(
    ("query", "text"),
    [
        ("pageSize=0", "Page size must be at least 1"),
        ("pageSize=101", "Page size cannot exceed 100"),
        ("sortField=visits", "Invalid sort field"),
        ("scope=restricted", "creatorId required when scope is restricted"),
        ("userId=x", "Unrecognized query parameters"),
        (f"path=/x&folderId={NOBODY}", "folderId and path cannot be used together"),
    ],
)
def test_bad_questions_for_content(omni: Omni, query: str, text: str) -> None:
    assert omni.ask("GET", f"/v1/content?{query}") == detail(text)


def test_content_of_nobody(omni: Omni) -> None:
    answer = omni.ask("GET", f"/v1/content?creatorId={NOBODY}")

    assert answer == detail(f"User with id {NOBODY} does not exist", 404)
