"""Bookings and job numbers of the Studio Tracker twin, over a socket."""

from __future__ import annotations

from typing import Any

import pytest

from tests.unit.twins.served import Tracker

BOOKINGS = "/api/resources/bookings"
JANE = "cmo7user2"
BOOKING = {"userId": JANE, "date": "2026-04-21", "jobNumber": "2337959", "hours": 4, "note": "Client review prep"}
SHOWN = {**BOOKING, "id": "cmo7book1", "date": "2026-04-21T00:00:00.000Z"}


@pytest.fixture(autouse=True)
def jane(request: pytest.FixtureRequest) -> None:
    for name in {"tracker", "hard_tracker", "each_tracker"} & set(request.fixturenames):
        request.getfixturevalue(name).twin.add_user("jane@example.com", "Jane", "PRODUCER")


def week(world: Tracker, start: str = "2026-04-20") -> list[dict[str, Any]]:
    status, answer = world.ask("GET", f"{BOOKINGS}?weekStart={start}")
    assert status == 200, answer
    return list(answer)


def test_a_new_booking(tracker: Tracker, hard_tracker: Tracker) -> None:
    assert tracker.ask("POST", BOOKINGS, BOOKING) == (201, SHOWN)
    assert week(tracker) == [SHOWN]
    assert hard_tracker.ask("POST", BOOKINGS, BOOKING) == (201, {"id": "cmo7book1"})
    assert week(hard_tracker) == [SHOWN]


def test_hours_and_notes_as_they_are_shown(tracker: Tracker, hard_tracker: Tracker) -> None:
    for world in (tracker, hard_tracker):
        for day in ("2026-04-21", "2026-04-22"):
            world.twin.add_booking(JANE, day, "2337959", 4)
    text = hard_tracker.client.get(f"{hard_tracker.url}{BOOKINGS}?weekStart=2026-04-20").text

    assert [(one["date"][:10], one["note"]) for one in week(tracker)] == [
        ("2026-04-21", None),
        ("2026-04-22", None),
    ]
    assert [one["date"][:10] for one in week(hard_tracker)] == ["2026-04-22", "2026-04-21"]
    assert '"hours":4.0}' in text
    assert "note" not in text


def test_a_second_one_of_the_same_triple(tracker: Tracker, hard_tracker: Tracker) -> None:
    for world in (tracker, hard_tracker):
        world.ask("POST", BOOKINGS, BOOKING)
        world.ask("POST", BOOKINGS, {**BOOKING, "hours": 7.5, "note": "more"})

    assert [(one["id"], one["hours"]) for one in week(tracker)] == [("cmo7book1", 4), ("cmo7book2", 7.5)]
    assert [(one["id"], one["hours"], one["note"]) for one in week(hard_tracker)] == [("cmo7book1", 7.5, "more")]
    for other in ({"date": "2026-04-22"}, {"jobNumber": "1"}, {"userId": "cmo7user1"}):
        hard_tracker.ask("POST", BOOKINGS, {**BOOKING, **other})
    assert len(week(hard_tracker)) == 4


def test_a_week_is_seven_days(each_tracker: Tracker) -> None:
    for day in ("2026-04-19", "2026-04-20", "2026-04-26", "2026-04-27"):
        each_tracker.twin.add_booking(JANE, day, "2337959", 1)

    assert sorted(one["date"][:10] for one in week(each_tracker)) == ["2026-04-20", "2026-04-26"]
    assert week(each_tracker, "2026-05-04") == []


def test_a_week_that_begins_in_its_middle(tracker: Tracker, hard_tracker: Tracker) -> None:
    for world in (tracker, hard_tracker):
        world.twin.add_booking(JANE, "2026-04-27", "2337959", 1)

    assert len(week(tracker, "2026-04-22")) == 1
    refused = hard_tracker.ask("GET", f"{BOOKINGS}?weekStart=2026-04-22")
    assert refused == (400, {"error": "weekStart: Invalid input"})


@pytest.mark.parametrize(
    ("query", "text"),
    [
        ("", "weekStart: Required"),
        ("?weekStart=", "weekStart: Required"),
        ("?weekStart=monday", "weekStart: Invalid input"),
        ("?weekStart=2026-13-01", "weekStart: Invalid input"),
        ("?weekStart=2026-04-20T00:00:00Z", "weekStart: Invalid input"),
        ("?weekStart=9999-12-31", "weekStart: Invalid input"),
    ],
)
def test_a_wrong_week(each_tracker: Tracker, query: str, text: str) -> None:
    assert each_tracker.ask("GET", BOOKINGS + query) == (400, {"error": text})


@pytest.mark.parametrize(
    ("change", "text"),
    [
        ({"userId": None}, "userId: Invalid input"),
        ({"userId": "nobody"}, "userId: Invalid input"),
        ({"date": "21 April"}, "date: Invalid input"),
        ({"date": "2026-02-30"}, "date: Invalid input"),
        ({"jobNumber": 2337959}, "jobNumber: Invalid input"),
        ({"jobNumber": ""}, "jobNumber: Invalid input"),
        ({"hours": 0}, "hours: Invalid input"),
        ({"hours": -1}, "hours: Invalid input"),
        ({"hours": 24.25}, "hours: Invalid input"),
        ({"hours": "4"}, "hours: Invalid input"),
        ({"hours": True}, "hours: Invalid input"),
        ({"hours": None}, "hours: Invalid input"),
        ({"note": None}, "note: Invalid input"),
        ({"note": 3}, "note: Invalid input"),
    ],
)
def test_a_wrong_booking_is_refused(each_tracker: Tracker, change: dict[str, object], text: str) -> None:
    before = each_tracker.twin.dump()

    assert each_tracker.ask("POST", BOOKINGS, {**BOOKING, **change}) == (400, {"error": text})
    assert each_tracker.twin.dump() == before


@pytest.mark.parametrize("field", ["userId", "date", "jobNumber", "hours"])
def test_all_but_the_note_is_required(each_tracker: Tracker, field: str) -> None:
    body = {name: value for name, value in BOOKING.items() if name != field}

    assert each_tracker.ask("POST", BOOKINGS, body) == (400, {"error": f"{field}: Required"})
    assert each_tracker.ask("POST", BOOKINGS, None) == (400, {"error": "Invalid JSON"})


def test_the_bounds_of_a_booking(each_tracker: Tracker) -> None:
    for change in ({"hours": 24}, {"hours": 0.25}, {"note": ""}, {"date": "0001-01-01"}):
        assert each_tracker.ask("POST", BOOKINGS, {**BOOKING, **change})[0] == 201
    assert each_tracker.ask("POST", BOOKINGS, {**BOOKING, "date": "2026-04-23T00:00:00+02:00"})[0] == 201

    assert {one["date"][:10] for one in week(each_tracker)} == {"2026-04-21", "2026-04-22"}
    assert [one["date"] for one in week(each_tracker, "0001-01-01")] == ["0001-01-01T00:00:00.000Z"]


def test_deleting_a_booking(tracker: Tracker, hard_tracker: Tracker) -> None:
    for world, gone in ((tracker, (200, {"ok": True})), (hard_tracker, (204, None))):
        booking = world.twin.add_booking(JANE, "2026-04-21", "2337959", 4)
        assert world.ask("DELETE", f"{BOOKINGS}/{booking}") == gone
        assert world.ask("DELETE", f"{BOOKINGS}/{booking}") == (404, {"error": "Not found"})
        assert week(world) == []


def test_only_admins_and_producers_book(tracker: Tracker) -> None:
    tracker.twin.add_booking(JANE, "2026-04-21", "2337959", 4)
    bob = tracker.twin.add_user("bob@example.com", "Bob")
    creative, producer = (
        {"Cookie": f"authjs.session-token={tracker.twin.add_session(user)}", "X-API-Key": ""}
        for user in (bob, JANE)
    )
    forbidden = (403, {"error": "Forbidden"})

    assert tracker.ask("POST", BOOKINGS, [], **creative) == forbidden
    assert tracker.ask("DELETE", f"{BOOKINGS}/cmo7book1", **creative) == forbidden
    assert tracker.ask("DELETE", f"{BOOKINGS}/none", **creative)[0] == 404
    assert tracker.ask("GET", f"{BOOKINGS}?weekStart=2026-04-20", **creative)[0] == 200
    assert tracker.ask("POST", BOOKINGS, BOOKING, **producer)[0] == 201
    assert tracker.ask("DELETE", f"{BOOKINGS}/cmo7book1", **producer)[0] == 200


def test_bookings_are_of_one_organisation(tracker: Tracker) -> None:
    tracker.twin.add_booking(JANE, "2026-04-21", "2337959", 4)
    other = {"X-Org-Id": tracker.twin.add_org("Other")}

    assert tracker.ask("GET", f"{BOOKINGS}?weekStart=2026-04-20", **other) == (200, [])
    assert tracker.ask("DELETE", f"{BOOKINGS}/cmo7book1", **other)[0] == 404
    assert tracker.ask("POST", BOOKINGS, BOOKING, **other) == (400, {"error": "userId: Invalid input"})


def test_keys_that_the_server_does_not_know(tracker: Tracker, hard_tracker: Tracker) -> None:
    body = {**BOOKING, "overtime": True}

    assert tracker.ask("POST", BOOKINGS, body)[0] == 201
    assert hard_tracker.ask("POST", BOOKINGS, body) == (400, {"error": "overtime: Unrecognized key"})


def test_job_numbers_to_choose_from(tracker: Tracker, hard_tracker: Tracker) -> None:
    for world in (tracker, hard_tracker):
        world.twin.add_project("Launch", "2337959")
        world.twin.add_project("By hand")

    path = "/api/resources/job-numbers"
    assert tracker.ask("GET", path) == (200, [{"jobNumber": "2337959", "name": "Launch"}])
    assert hard_tracker.ask("GET", path) == (200, ["2337959"])


def test_by_hand(tracker: Tracker) -> None:
    twin = tracker.twin
    with pytest.raises(KeyError):
        twin.add_booking("nobody", "2026-04-21", "2337959", 4)
    with pytest.raises(ValueError, match="isoformat"):
        twin.add_booking(JANE, "someday", "2337959", 4)
    with pytest.raises(KeyError):
        twin.add_pod("Pod A", lead_id="nobody")
    with pytest.raises(KeyError):
        twin.set_home_pod(JANE, "cmo7pod9")
