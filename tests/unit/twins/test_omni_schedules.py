"""Schedules of the Omni Analytics twin, over a socket: made, changed, paused, handed over, deleted."""

from __future__ import annotations

from typing import Any

import httpx
import pytest

from reconciler.twins import Fault
from tests.unit.twins.served import Omni

ADMIN = "00000001-0000-4000-8000-000000000001"
PAT_USER = "00000001-0000-4000-8000-000000000002"
NOBODY = "00000001-0000-4000-8000-0000000000ff"
FIRST = "00000007-0000-4000-8000-000000000001"
NO_SCHEDULE = "00000007-0000-4000-8000-0000000000ff"
ALL = "/v1/schedules"
ONE = f"{ALL}/{FIRST}"
OK = (200, {"success": True})
PUT_DONE = (200, {"success": True, "scheduledTaskId": FIRST})
MAIL = {
    "identifier": "d0c00001",
    "name": "Weekly",
    "schedule": "0 9 ? * MON *",
    "timezone": "America/New_York",
    "format": "pdf",
    "destinationType": "email",
    "recipients": ["pat@example.com"],
    "subject": "Weekly",
}
HOOK = {**{k: MAIL[k] for k in ("identifier", "name", "schedule", "timezone")}, "format": "csv"}
HOOK |= {"destinationType": "webhook", "url": "https://hooks.example.com/1"}
SFTP = {
    **HOOK,
    "destinationType": "sftp",
    "address": "files.example.com",
    "port": 22,
    "username": "u",
    "path": "/in",
}


def make(world: Omni, body: object = MAIL, **more: object) -> str:
    """A schedule on the document `d0c00001`, which is made if it is not there; its id."""
    if "d0c00001" not in world.twin.dump()["state"]["documents"]:  # type: ignore[index,call-overload,operator]
        world.twin.add_document("Sales", filter_keys=("region", "year"), tiles=("1", "2"))
    answer = world.twin.edit("POST", ALL, {**body, **more})  # type: ignore[dict-item]
    assert answer.ok, answer
    return str(answer.body["id"])  # type: ignore[index,call-overload]


def only(world: Omni) -> Any:
    """The one schedule, as it is listed."""
    status, body = world.ask("GET", f"{ALL}?pageSize=100")
    assert (status, body["pageInfo"]["totalRecords"]) == (200, 1)
    return body["records"][0]


def stored(world: Omni, schedule_id: str = FIRST) -> Any:
    return world.twin.dump()["state"]["schedules"][schedule_id]  # type: ignore[index,call-overload]


def refused(text: str, status: int = 400) -> tuple[int, object]:
    return status, {"detail": text, "status": status}


def test_a_schedule_is_created(omni: Omni) -> None:
    omni.twin.add_document("Sales")

    assert omni.ask("POST", ALL, MAIL) == (200, {"id": FIRST, "message": "Successfully created schedule"})
    assert only(omni) == {
        "id": FIRST,
        "schedule": "0 9 ? * MON *",
        "disabledAt": None,
        "name": "Weekly",
        "timezone": "America/New_York",
        "identifier": "d0c00001",
        "dashboardName": "Sales",
        "ownerName": "Admin",
        "lastCompletedAt": None,
        "lastStatus": None,
        "destinationType": "email",
        "format": "PDF",
        "recipientCount": 1,
        "content": "dashboard",
        "slackRecipientType": None,
        "systemDisabledAt": None,
        "systemDisabledReason": None,
        "alert": None,
    }


def test_two_schedules_may_share_a_name(each_omni: Omni) -> None:
    assert make(each_omni) != make(each_omni)


def test_a_test_delivery_stores_nothing(each_omni: Omni) -> None:
    each_omni.twin.add_document("Sales")
    status, answer = each_omni.ask("POST", ALL, {**MAIL, "testNow": True})

    assert (status, set(answer)) == (200, {"message"})
    assert each_omni.twin.dump()["state"]["schedules"] == {}  # type: ignore[index,call-overload]


def test_alerts_and_single_tiles(omni: Omni, hard_omni: Omni) -> None:
    alert = {"conditionType": "RESULTS_PRESENT", "conditionQueryMapKey": "1", "queryIdentifierMapKey": "2"}
    for world in (omni, hard_omni):
        make(world, **alert)
        assert only(world)["content"] == "single tile"

    assert only(omni)["alert"] == "RESULTS_PRESENT"
    assert only(hard_omni)["alert"] == {"conditionType": "RESULTS_PRESENT", "conditionQueryName": "1"}
    assert only(hard_omni)["format"] == "pdf"


def test_the_cron_text_as_read(omni: Omni, hard_omni: Omni) -> None:
    for world in (omni, hard_omni):
        make(world, schedule="00 09,10 ? * mon-FRI 2026/05")

    assert only(omni)["schedule"] == "00 09,10 ? * mon-FRI 2026/05"
    assert only(hard_omni)["schedule"] == "0 9,10 ? * MON-FRI 2026/5"


PRINT = "Print options are not supported for this format"
FIT = "Single column layout and table expansion options are not supported for FIT_PAGE format."
HALF = "Must provide both a trigger query and an alert condition type"
NO_CRON = "schedule: Schedule is an invalid cron expression"
NO_ZONE = "timezone: Time zone must be IANA valid."
TITLE = "hideTitle can only be used with PDF or PNG formats"
DISCRIMINATOR = "destinationType: Invalid discriminator value. Expected email | webhook | sftp"
CHANGED = {"conditionType": "RESULTS_CHANGED", "conditionQueryMapKey": "1"}
FILTERS = "Invalid filter keys found in schedule configuration: "


@pytest.mark.parametrize(
    ("body", "text"),
    [
        ({**MAIL, "name": "", "timezone": None}, "name: name is required, timezone: timezone is required"),
        ({**MAIL, "recipients": []}, "recipients: recipients is required"),
        ({**HOOK, "url": ""}, "url: url is required"),
        ({**SFTP, "path": None, "port": None}, "port: port is required, path: path is required"),
        ({**MAIL, "destinationType": "slack"}, DISCRIMINATOR),
        ({**MAIL, "destinationType": ["email"]}, DISCRIMINATOR),
        ({**MAIL, "format": "PDF"}, "format: Invalid value"),
        ({**MAIL, "name": 7}, "name: Invalid value"),
        ({**MAIL, "recipients": "pat@example.com"}, "recipients: Invalid value"),
        ({**MAIL, "recipients": ["pat"]}, "recipients: Invalid email address"),
        ({**MAIL, "fanOut": "yes"}, "fanOut: Invalid value"),
        ({**MAIL, "filterConfig": []}, "filterConfig: Invalid value"),
        ({**HOOK, "url": "ftp://x"}, "url: Invalid value"),
        ({**SFTP, "port": True}, "port: Invalid value"),
        ({**MAIL, "schedule": "0 9 * * MON"}, NO_CRON),
        ({**MAIL, "schedule": "0 9 * * MON *"}, NO_CRON),
        ({**MAIL, "schedule": "0 9 ? * ? *"}, NO_CRON),
        ({**MAIL, "schedule": "0 9 ? * MON_ *"}, NO_CRON),
        ({**MAIL, "timezone": "EDT"}, NO_ZONE),
        ({**MAIL, "timezone": "america/new_york"}, NO_ZONE),
        ({**MAIL, "format": "csv", "hideTitle": True}, TITLE),
        ({**MAIL, "hideHiddenFields": True}, "hideHiddenFields: Not supported for this format"),
        ({**MAIL, "format": "csv", "showFilters": False}, "showFilters: Not supported for this format"),
        (
            {**MAIL, "format": "link_only", "showContentLink": True},
            "showContentLink: Not supported for this format",
        ),
        ({**MAIL, "format": "png", "paperFormat": "a4"}, PRINT),
        ({**MAIL, "format": "csv", "singleColumnLayout": True}, PRINT),
        ({**MAIL, "paperFormat": "fit_page", "expandTablesToShowAllRows": True}, FIT),
        ({**HOOK, "maxRowLimit": 5}, "maxRowLimit: Not supported for this format"),
        ({**HOOK, "format": "json", "enableFormatting": True}, "queryIdentifierMapKey: Required"),
        ({**HOOK, "format": "xlsx", "overrideRowLimit": True}, "queryIdentifierMapKey: Required"),
        ({**MAIL, "conditionType": "RESULTS_PRESENT"}, HALF),
        ({**MAIL, "conditionQueryMapKey": "1"}, HALF),
        ({**MAIL, **CHANGED, "testNow": True}, "Test delivery not supported for condition type RESULTS_CHANGED"),
        (
            {**MAIL, "filterConfig": {"Region": {}, "region": {}, "x": {}}},
            f"{FILTERS}Region, x. Available dashboard filter keys are: region, year.",
        ),
        ({**MAIL, "queryIdentifierMapKey": "9"}, "queryIdentifierMapKey: Invalid value"),
        ([], "Invalid JSON"),
    ],
)
def test_creates_that_are_refused(omni: Omni, body: object, text: str) -> None:
    omni.twin.add_document("Sales", filter_keys=("region", "year"), tiles=("1", "2"))
    before = omni.twin.digest()

    assert omni.ask("POST", ALL, body) == refused(text)
    assert omni.twin.digest() == before


def test_a_create_without_anything_names_what_is_missing(omni: Omni) -> None:
    fields = ("identifier", "name", "schedule", "timezone", "format", "destinationType")

    assert omni.ask("POST", ALL, {}) == refused(", ".join(f"{name}: {name} is required" for name in fields))


@pytest.mark.parametrize(
    "body",
    [
        {**MAIL, "hideTitle": True, "paperFormat": "legal", "expandTablesToShowAllRows": True, "textBody": "Hi"},
        {**MAIL, "filterConfig": {"region": {"kind": "EQ"}}, "killJobsOnFailure": True},
        {**HOOK, "overrideRowLimit": True, "maxRowLimit": 9, "hideHiddenFields": True, "enableFormatting": True},
        {**HOOK, "format": "json", "overrideRowLimit": True, "queryIdentifierMapKey": "1"},
        {**HOOK, "format": "link_only"},
        {**SFTP, "passwordUnencrypted": "s3cret"},
        {**MAIL, "schedule": "0/15 8-17 1W * ? 2026,2027"},
    ],
)
def test_creates_that_are_accepted(each_omni: Omni, body: dict[str, object]) -> None:
    make(each_omni, body)


def test_the_document_of_a_create(omni: Omni) -> None:
    omni.twin.add_document("Notebook", workbook_only=True)
    omni.twin.add_document("Empty", has_dashboard=False)
    told = [omni.ask("POST", ALL, {**MAIL, "identifier": f"d0c0000{n}"}) for n in (1, 2, 3)]

    assert told == [
        refused("Analyses do not support dashboards."),
        refused("Document does not have a dashboard"),
        refused('Document with identifier "d0c00003" not found', 404),
    ]


def test_a_put_changes_what_it_names(omni: Omni) -> None:
    make(omni, hideTitle=True, textBody="Hi")

    assert omni.ask("PUT", ONE, {"name": "Monthly"}) == PUT_DONE
    assert (only(omni)["name"], stored(omni)["settings"]["hideTitle"]) == ("Monthly", True)
    assert omni.ask("PUT", ONE) == PUT_DONE
    assert omni.ask("PUT", ONE, {"format": "csv"}) == refused(TITLE)
    assert omni.ask("PUT", ONE, {"format": "csv", "hideTitle": False}) == refused(TITLE)


def test_the_stricter_put_demands_four_fields_and_forgets_options(hard_omni: Omni) -> None:
    make(hard_omni, hideTitle=True, textBody="Hi")
    text = "Bad Request: name: name is required, schedule: schedule is required, timezone: timezone is required"

    assert hard_omni.ask("PUT", ONE, {}) == (400, {"error": "400", "message": f"{text}, {DISCRIMINATOR}"})
    body = {name: MAIL[name] for name in ("name", "schedule", "timezone", "destinationType")}
    assert hard_omni.ask("PUT", ONE, body) == PUT_DONE
    assert stored(hard_omni)["settings"] == {"subject": "Weekly"}
    assert (only(hard_omni)["recipientCount"], only(hard_omni)["format"]) == (1, "pdf")


def test_recipients_in_a_put(omni: Omni, hard_omni: Omni) -> None:
    for world in (omni, hard_omni):
        make(world)
        assert world.ask("PUT", ONE, {**MAIL, "recipients": ["admin@example.com"]}) == PUT_DONE

    assert stored(omni)["recipients"] == [ADMIN]
    assert stored(hard_omni)["recipients"] == [PAT_USER, ADMIN]


def test_a_password_stays_until_another_is_sent(each_omni: Omni) -> None:
    make(each_omni, SFTP, passwordUnencrypted="one")
    each_omni.ask("PUT", ONE, SFTP)
    assert stored(each_omni)["password"] == "one"
    each_omni.ask("PUT", ONE, {**SFTP, "passwordUnencrypted": "two"})

    assert stored(each_omni)["password"] == "two"
    assert "passwordUnencrypted" not in stored(each_omni)["settings"]


@pytest.mark.parametrize(
    ("body", "text"),
    [
        ({**MAIL, "identifier": "d0c00002"}, "identifier: cannot be changed"),
        (
            {**MAIL, "destinationType": "webhook", "url": "https://x.example.com"},
            "destinationType: cannot be changed",
        ),
        ({**MAIL, "schedule": "0 9 * * MON"}, NO_CRON),
        ({**MAIL, "timezone": "Mars"}, NO_ZONE),
        ({**MAIL, "conditionType": "RESULTS_PRESENT"}, HALF),
        ({**MAIL, "name": ""}, "Bad Request: name: name is required"),
        ({**MAIL, "recipients": []}, "Bad Request: recipients: recipients is required"),
        ({**MAIL, "filterConfig": {"x": 1}}, f"{FILTERS}x. Available dashboard filter keys are: region, year."),
    ],
)
def test_puts_that_are_refused(omni: Omni, body: object, text: str) -> None:
    make(omni)
    before = omni.twin.digest()

    assert omni.ask("PUT", ONE, body) == refused(text)
    assert omni.twin.digest() == before


def test_pause_and_resume(each_omni: Omni) -> None:
    make(each_omni)

    assert each_omni.ask("PUT", f"{ONE}/pause") == OK
    assert only(each_omni)["disabledAt"] == "2026-01-01T00:00:02.000Z"
    assert each_omni.ask("PUT", f"{ONE}/pause")[0] == 400
    assert each_omni.ask("PUT", f"{ONE}/resume") == OK
    assert only(each_omni)["disabledAt"] is None


def test_repeats_and_system_disabled(omni: Omni) -> None:
    make(omni)
    assert omni.ask("PUT", f"{ONE}/resume") == refused("Schedule is already resumed")
    omni.ask("PUT", f"{ONE}/pause")
    assert omni.ask("PUT", f"{ONE}/pause") == refused("Schedule is already paused")
    omni.twin.system_disable(FIRST, "noAccess")

    assert omni.ask("PUT", f"{ONE}/pause") == refused("Schedule is system disabled")
    assert omni.ask("PUT", f"{ONE}/resume") == refused("Schedule is system disabled")
    assert omni.ask("PUT", ONE, MAIL) == PUT_DONE
    assert only(omni)["systemDisabledReason"] == "noAccess"
    assert only(omni)["systemDisabledAt"] == "2026-01-01T00:00:02.000Z"


def test_a_transfer(omni: Omni) -> None:
    make(omni)

    assert omni.ask("PUT", f"{ONE}/transfer-ownership", {"userId": PAT_USER.upper()}) == OK
    assert only(omni)["ownerName"] == "Pat"
    assert omni.ask("PUT", f"{ONE}/transfer-ownership", {"userId": PAT_USER}) == refused(
        "User already owns the schedule"
    )


@pytest.mark.parametrize(
    ("body", "status", "text"),
    [
        ({}, 400, "userId is a required field"),
        ({"userId": "pat"}, 400, "userId: Invalid uuid"),
        ({"userId": None}, 400, "userId: Invalid uuid"),
        ({"userId": NOBODY}, 404, "New owner is not a member of the organization"),
        ({"userId": ADMIN}, 400, "User already owns the schedule"),
    ],
)
def test_transfers_that_are_refused(omni: Omni, body: object, status: int, text: str) -> None:
    make(omni)

    assert omni.ask("PUT", f"{ONE}/transfer-ownership", body) == refused(text, status)


def test_a_new_owner_must_be_let_in(omni: Omni) -> None:
    jane = omni.twin.add_user("jane@example.com")
    omni.ask("POST", "/v1/folders", {"name": "Finance"})
    folder = "00000002-0000-4000-8000-000000000001"
    omni.twin.add_document("Closed", folder_id=folder, organization_role="NO_ACCESS", viewers=(jane,))
    make(omni)
    text = "New owner does not have permission to view the dashboard"

    assert omni.ask("PUT", f"{ONE}/transfer-ownership", {"userId": PAT_USER}) == refused(text, 403)
    grant = {"role": "NO_ACCESS", "userIds": [PAT_USER]}
    omni.ask("POST", f"/v1/folders/{folder}/permissions", grant)
    assert omni.ask("PUT", f"{ONE}/transfer-ownership", {"userId": PAT_USER})[0] == 403
    omni.ask("POST", f"/v1/folders/{folder}/permissions", {**grant, "role": "VIEWER"})
    assert [omni.ask("PUT", f"{ONE}/transfer-ownership", {"userId": who}) for who in (PAT_USER, jane)] == [OK, OK]


def test_a_delete(each_omni: Omni) -> None:
    make(each_omni)

    assert each_omni.ask("DELETE", ONE) == OK
    assert each_omni.ask("DELETE", ONE)[0] == 404


DEEDS = [("PUT", ""), ("DELETE", ""), ("GET", "/recipients")]
DEEDS += [("PUT", f"/{deed}") for deed in ("pause", "resume", "transfer-ownership")]
DEEDS += [("PUT", f"/{deed}-recipients") for deed in ("add", "remove")]


@pytest.mark.parametrize(("method", "deed"), DEEDS)
def test_the_id_in_the_path(omni: Omni, method: str, deed: str) -> None:
    body = {"userId": ADMIN, "userIds": [ADMIN]} if method == "PUT" and deed else None
    prefix = "Bad Request: " if deed in ("", "/recipients") and method != "DELETE" else ""
    missing = f"Scheduled task with id {NO_SCHEDULE} does not exist"

    assert omni.ask(method, f"{ALL}/x{deed}", body) == refused(f"{prefix}scheduleId: Invalid uuid")
    assert omni.ask(method, f"{ALL}/{NO_SCHEDULE}{deed}", body) == refused(missing, 404)


def test_a_wrong_method(omni: Omni) -> None:
    assert omni.ask("GET", ONE) == refused("Method Not Allowed", 405)


def test_unknown_keys(omni: Omni, hard_omni: Omni) -> None:
    for world, known in ((omni, True), (hard_omni, False)):
        make(world)
        assert (world.ask("POST", ALL, {**MAIL, "paused": True})[0] == 200) is known
        assert (world.ask("GET", f"{ALL}?name=x")[0] == 200) is known


def test_a_lost_answer_leaves_the_schedule(each_omni: Omni) -> None:
    each_omni.twin.add_document("Sales")
    each_omni.twin.faults.add(Fault("drop", "POST", effect=True))
    with pytest.raises(httpx.TransportError):
        each_omni.ask("POST", ALL, MAIL)

    each_omni.ask("GET", ALL)
    assert only(each_omni)["name"] == "Weekly"


def test_schedules_survive_a_dump(omni: Omni) -> None:
    make(omni, filterConfig={"region": {"values": ["US"]}})
    saved, before = omni.twin.dump(), only(omni)
    omni.twin.reset()
    omni.twin.load(saved)

    assert only(omni) == before
    assert omni.twin.dump() == saved
