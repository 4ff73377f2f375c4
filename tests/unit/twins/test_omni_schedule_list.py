"""The list of schedules of the Omni Analytics twin, over a socket."""

from __future__ import annotations

from typing import Any

import pytest

from reconciler.twins import Fault
from tests.unit.twins.served import Omni
from tests.unit.twins.test_omni_schedules import ALL, FIRST, HOOK, NOBODY, PAT_USER, make, refused

FULL = f"{ALL}?sortField=scheduleName&sortDirection=asc&pageSize=100"


def names(world: Omni, query: str) -> list[str]:
    status, body = world.ask("GET", f"{ALL}?{query}")
    assert status == 200, body
    return [one["name"] for one in body["records"]]


def page(world: Omni, query: str) -> tuple[int, Any]:
    status, body = world.ask("GET", f"{ALL}?{query}")
    assert status == 200, body
    return len(body["records"]), body["pageInfo"]


def test_numbered_pages(omni: Omni, hard_omni: Omni) -> None:
    for world in (omni, hard_omni):
        for number in range(5):
            make(world, name=f"S{number}")
    first = {"hasNextPage": True, "pageSize": 2, "totalRecords": 5}
    last = {**first, "hasNextPage": False}

    assert page(omni, "pageSize=2") == (2, {**first, "nextCursor": "2"})
    assert page(omni, "pageSize=2&cursor=2") == (2, {**first, "nextCursor": "3"})
    assert page(omni, "pageSize=2&cursor=3") == (1, {**last, "nextCursor": None})
    assert page(hard_omni, "pageSize=2") == (2, {**first, "nextCursor": None})
    assert page(hard_omni, "pageSize=2&cursor=3") == (1, last)


def test_pages_together_hold_everything_once(each_omni: Omni) -> None:
    made = {make(each_omni, name=f"S{number % 7}") for number in range(23)}
    query = "sortField=scheduleName&sortDirection=asc&pageSize=5"
    pages = [each_omni.ask("GET", f"{ALL}?{query}&cursor={number}")[1]["records"] for number in range(1, 6)]
    found = [one["id"] for records in pages for one in records]

    assert (set(found), len(found)) == (made, 23)


def test_a_hundred_is_the_most(each_omni: Omni) -> None:
    for number in range(60):
        make(each_omni, name=f"S{number}")

    assert page(each_omni, "pageSize=100")[0] == 60
    assert each_omni.ask("GET", f"{ALL}?pageSize=101")[0] == 400


def test_order(omni: Omni) -> None:
    for name in ("b", "A", "c", "a"):
        make(omni, name=name)

    assert names(omni, "sortDirection=asc") == ["A", "a", "b", "c"]
    assert names(omni, "") == ["c", "b", "A", "a"]
    assert names(omni, "sortField=lastRun&sortDirection=asc") == ["b", "A", "c", "a"]
    assert names(omni, "sortField=dashboardName") == ["b", "A", "c", "a"]


def test_filters(omni: Omni) -> None:
    mail, other = make(omni, name="Mail"), omni.twin.add_document("Other", tiles=("1",))
    make(omni, HOOK, name="Hook", identifier=other, queryIdentifierMapKey="1")
    omni.twin.add_slack_schedule(other, "Slack")
    make(omni, name="Alert", conditionType="RESULTS_MISSING", conditionQueryMapKey="1")
    omni.ask("PUT", f"{ALL}/{mail}/transfer-ownership", {"userId": PAT_USER})
    found = {
        query: names(omni, f"{query}&sortDirection=asc")
        for query in (
            f"identifier={other}",
            "identifier=none",
            f"ownerId={PAT_USER}",
            "destination=slack",
            "scheduleType=alert",
            "contentType=single%20tile",
            "status=none",
            "status=error",
            "q=A",
            f"ownerId={PAT_USER}&identifier={other}",
        )
    }

    assert list(found.values()) == [
        ["Hook", "Slack"],
        [],
        ["Mail"],
        ["Slack"],
        ["Alert"],
        ["Hook"],
        ["Alert", "Hook", "Mail", "Slack"],
        [],
        ["Alert", "Mail", "Slack"],
        [],
    ]


def test_counts_and_slack(omni: Omni) -> None:
    make(omni, HOOK, name="Hook")
    omni.twin.add_slack_schedule("d0c00001", "Slack")
    records = omni.ask("GET", FULL)[1]["records"]

    assert [(one["recipientCount"], one["slackRecipientType"]) for one in records] == [(-1, None), (-1, "channel")]
    assert records[1]["destinationType"] == "slack"


@pytest.mark.parametrize(
    ("query", "status", "text"),
    [
        ("sortField=name", 400, "Invalid enum value"),
        ("sortDirection=up", 400, "Invalid enum value"),
        ("status=", 400, "Invalid enum value"),
        ("destination=s3", 400, "Invalid enum value"),
        ("scheduleType=x", 400, "Invalid enum value"),
        ("contentType=tile", 400, "Invalid enum value"),
        ("pageSize=101", 400, "Page size cannot exceed 100"),
        ("pageSize=0", 400, "pageSize: Invalid value"),
        ("cursor=abc", 400, "cursor: Invalid value"),
        ("cursor=0", 400, "cursor: Invalid value"),
        ("ownerId=pat", 400, "ownerId: Invalid uuid"),
        (f"ownerId={NOBODY}", 404, f"User with id {NOBODY} does not exist"),
        ("cursor=2", 400, "Invalid page number. The last valid page is 1."),
        ("pageSize=1&cursor=9", 400, "Invalid page number. The last valid page is 2."),
    ],
)
def test_refusals(omni: Omni, query: str, status: int, text: str) -> None:
    make(omni)
    make(omni, name="Second")

    assert omni.ask("GET", f"{ALL}?{query}") == refused(text, status)


def test_page_one_is_always_there(each_omni: Omni) -> None:
    assert page(each_omni, "cursor=1")[0] == 0
    assert each_omni.ask("GET", f"{ALL}?cursor=2")[0] == 400


def test_a_list_right_after_a_create(hard_omni: Omni) -> None:
    make(hard_omni)
    assert names(hard_omni, "") == ["Weekly"]  # made behind the client's back, which hides nothing
    hard_omni.ask("POST", ALL, {**HOOK, "name": "Hook"})

    assert names(hard_omni, "identifier=d0c00001") == ["Weekly"]
    assert names(hard_omni, "identifier=d0c00001") == ["Weekly", "Hook"]


def test_wrong_pages(each_omni: Omni) -> None:
    make(each_omni)
    each_omni.twin.faults.add(Fault("repeat_page", times=2), Fault("short_page", nth=3))
    again = [each_omni.ask("GET", f"{FULL}&cursor={number}")[1] for number in (1, 2)]

    assert again[0] == again[1]
    assert (again[0]["pageInfo"]["hasNextPage"], again[0]["pageInfo"]["nextCursor"]) == (True, "2")
    assert [one["id"] for one in again[0]["records"]] == [FIRST]
    short = each_omni.ask("GET", FULL)[1]
    assert (short["records"], short["pageInfo"]["totalRecords"]) == ([], 0)
