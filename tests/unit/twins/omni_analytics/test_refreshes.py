"""Schema refresh schedules of the Omni Analytics twin, over a socket."""

from __future__ import annotations

import pytest

from tests.unit.twins.omni_analytics.warehouse import BASE, NOWHERE, OK, OTHER, PAT, refused, warehouse
from tests.unit.twins.served import Omni

ALL = f"/v1/connections/{BASE}/schedules"
FIRST = "00000005-0000-4000-8000-000000000001"
NIGHTLY = {"schedule": "00 09 * * ? *", "timezone": "America/New_York"}


def test_a_schedule_from_its_create_to_its_end(each_omni: Omni) -> None:
    warehouse(each_omni)
    status, made = each_omni.ask("POST", ALL, NIGHTLY)
    hard = each_omni.twin.knobs.profile == "adversarial"

    assert (status, made["scheduleId"], len(made)) == (201, FIRST, 8)
    assert made["schedule"] == ("0 9 * * ? *" if hard else "00 09 * * ? *")
    each_omni.ask("GET", "/v1/labels")
    assert each_omni.ask("GET", ALL)[1] == {"schedules": [made]}
    assert each_omni.ask("GET", f"{ALL}/{FIRST}") == (200, made)
    status, changed = each_omni.ask(
        "PUT", f"{ALL}/{FIRST}", {"schedule": "0 18 ? * MON-FRI *", "timezone": "Europe/London"}
    )
    assert (status, changed["description"]) == (200, "At 06:00 PM GMT")
    assert changed["updatedAt"] > changed["createdAt"] == made["createdAt"]
    assert each_omni.ask("DELETE", f"{ALL}/{FIRST}") == OK
    assert each_omni.ask("GET", ALL)[1] == {"schedules": []}


def test_two_of_one_cron_may_stand_side_by_side(omni: Omni) -> None:
    warehouse(omni)
    assert [omni.ask("POST", ALL, NIGHTLY)[0] for _ in range(2)] == [201, 201]


@pytest.mark.parametrize(
    ("cron", "zone", "words"),
    [
        ("00 09 * * ? *", "America/New_York", "At 09:00 AM EST"),
        ("5 0 ? * MON *", "UTC", "At 12:05 AM UTC"),
        ("30 12 1 * ? *", "Europe/Berlin", "At 12:30 PM CET"),
        ("*/5 9 * * ? *", "UTC", "*/5 9 * * ? *"),
    ],
)
def test_it_is_described_in_words(omni: Omni, cron: str, zone: str, words: str) -> None:
    warehouse(omni)
    made = omni.ask("POST", ALL, {"schedule": cron, "timezone": zone})[1]
    assert made["description"] == words


def test_the_zone_goes_by_its_name_of_today(omni: Omni) -> None:
    warehouse(omni)
    omni.ask("POST", ALL, NIGHTLY)
    omni.twin.clock.set("2026-07-01")
    assert omni.ask("GET", f"{ALL}/{FIRST}")[1]["description"] == "At 09:00 AM EDT"


@pytest.mark.parametrize(
    ("body", "text"),
    [
        ({"timezone": "UTC"}, "schedule: Required"),
        ({"schedule": "0 9 * * ? *"}, "timezone: Required"),
        ({"schedule": "0 9 * * *", "timezone": "UTC"}, "Invalid cron expression"),
        ({"schedule": "0 9 * * * *", "timezone": "UTC"}, "Invalid cron expression"),
        ({"schedule": "0 9 ? * ? *", "timezone": "UTC"}, "Invalid cron expression"),
        ({"schedule": "0 9 * * ? *", "timezone": "Mars/Base"}, "Invalid timezone"),
    ],
)
def test_times_that_are_refused(omni: Omni, body: object, text: str) -> None:
    refresh = warehouse(omni).twin.add_refresh(BASE, "0 1 * * ? *")
    assert refused(omni, "POST", ALL, body) == refused(omni, "PUT", f"{ALL}/{refresh}", body) == (400, text)


def test_what_is_not_there(omni: Omni) -> None:
    refresh = warehouse(omni).twin.add_refresh(BASE, "0 1 * * ? *")
    elsewhere = f"/v1/connections/{OTHER}/schedules/{refresh}"

    assert refused(omni, "GET", f"/v1/connections/{NOWHERE}/schedules") == (404, "Connection not found")
    assert refused(omni, "DELETE", f"/v1/connections/{NOWHERE}/schedules/{refresh}")[1] == "Connection not found"
    for method in ("GET", "DELETE"):
        assert refused(omni, method, f"{ALL}/{NOWHERE}") == (404, "Schedule not found")
    assert refused(omni, "GET", elsewhere) == (404, "Schedule belongs to a different connection")
    assert refused(omni, "PUT", elsewhere, NIGHTLY) == (404, "Schedule not found")
    assert refused(omni, "DELETE", elsewhere) == (404, "Schedule not found")
    assert refused(omni, "GET", "/v1/connections/x/schedules") == (400, "connectionId: Invalid uuid")
    assert refused(omni, "GET", f"{ALL}/x") == (400, "scheduleId: Invalid uuid")


def test_a_disabled_one_stays_disabled(omni: Omni) -> None:
    refresh = warehouse(omni).twin.add_refresh(BASE, "0 1 * * ? *")
    omni.twin.disable_refresh(refresh)
    changed = omni.ask("PUT", f"{ALL}/{refresh}", NIGHTLY)[1]

    assert changed["disabledAt"] is not None
    omni.twin.disable_refresh(refresh, disabled=False)
    assert omni.ask("GET", f"{ALL}/{refresh}")[1]["disabledAt"] is None


def test_they_are_for_connection_admins(omni: Omni) -> None:
    warehouse(omni)
    text = "Connection Admin permissions for the connection are required"
    assert refused(omni, "GET", ALL, **PAT) == refused(omni, "POST", ALL, NIGHTLY, **PAT) == (403, text)
