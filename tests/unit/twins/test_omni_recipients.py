"""Recipients of schedules of the Omni Analytics twin, over a socket."""

from __future__ import annotations

from typing import Any

import pytest

from reconciler.twins import Fault
from tests.unit.twins.served import Omni
from tests.unit.twins.test_omni_schedules import (
    ADMIN,
    FIRST,
    HOOK,
    MAIL,
    NOBODY,
    ONE,
    PAT_USER,
    SFTP,
    make,
    refused,
)

ADD, REMOVE = f"{ONE}/add-recipients", f"{ONE}/remove-recipients"


def addresses(world: Omni) -> list[str]:
    status, body = world.ask("GET", f"{ONE}/recipients")
    assert (status, body["type"]) == (200, "email")
    return [one["email"] for one in body["recipients"]]


def shown(world: Omni) -> list[Any]:
    return list(world.ask("GET", f"{ONE}/recipients")[1]["recipients"])


def test_an_address_of_nobody_becomes_an_email_only_user(omni: Omni) -> None:
    make(omni, recipients=["PAT@example.com", "Ext@partner.example.com", "pat@example.com"])

    assert shown(omni) == [
        {"email": "pat@example.com", "emailOnly": False, "id": PAT_USER, "name": "Pat"},
        {
            "email": "Ext@partner.example.com",
            "emailOnly": True,
            "id": "00000001-0000-4000-8000-000000000003",
            "name": "Ext@partner.example.com",
        },
    ]
    assert omni.ask("GET", "/scim/v2/users")[1]["totalResults"] == 2
    make(omni, recipients=["ext@PARTNER.example.com"])
    assert len(omni.twin.dump()["state"]["users"]) == 3  # type: ignore[index,call-overload,arg-type]


def test_an_embed_user_is_found_by_his_address(each_omni: Omni) -> None:
    embed = each_omni.twin.add_user("viewer@partner.example.com", kind="embed")
    make(each_omni, recipients=["Viewer@partner.example.com"])

    assert [(one["id"], one["emailOnly"]) for one in shown(each_omni)] == [(embed, False)]


def test_the_address_as_read(omni: Omni, hard_omni: Omni) -> None:
    for world in (omni, hard_omni):
        world.twin.add_user("Maria.Lopez@example.com")
        make(world, recipients=["maria.lopez@example.com"])

    assert addresses(omni) == ["Maria.Lopez@example.com"]
    assert addresses(hard_omni) == ["maria.lopez@example.com"]


def test_one_shape_per_destination(each_omni: Omni) -> None:
    make(each_omni, HOOK)
    sftp = make(each_omni, SFTP)
    slack = each_omni.twin.add_slack_schedule("d0c00001", "Channel", channel="C1")
    paths = [f"/v1/schedules/{one}/recipients" for one in (FIRST, sftp, slack)]

    assert [each_omni.ask("GET", path)[1] for path in paths] == [
        {"type": "webhook", "url": "https://hooks.example.com/1"},
        {"type": "sftp", "address": "files.example.com", "port": 22, "username": "u"},
        {"type": "slack", "recipients": [{"recipientType": "channel", "slackId": "C1"}]},
    ]


def test_adding_and_removing(each_omni: Omni) -> None:
    make(each_omni)
    sent = {"emails": ["Pat@example.com", "ext@example.org", "EXT@example.org"], "userIds": [ADMIN, PAT_USER]}

    assert each_omni.ask("PUT", ADD, sent) == (200, {"addedRecipientsCount": 2, "success": True})
    assert addresses(each_omni) == ["pat@example.com", "ext@example.org", "admin@example.com"]
    gone = {"emails": ["EXT@example.org", "nobody@example.org"], "userIds": [PAT_USER.upper()]}
    assert each_omni.ask("PUT", REMOVE, gone) == (200, {"removedRecipientsCount": 2, "success": True})
    assert addresses(each_omni) == ["admin@example.com"]


def test_everybody_may_be_removed(each_omni: Omni) -> None:
    make(each_omni)

    assert each_omni.ask("PUT", REMOVE, {"userIds": [PAT_USER]})[0] == 200
    assert shown(each_omni) == []
    listed = each_omni.ask("GET", "/v1/schedules")[1]["records"]
    assert [one["recipientCount"] for one in listed] == [0]


def test_nothing_to_add_or_remove(omni: Omni, hard_omni: Omni) -> None:
    for world in (omni, hard_omni):
        make(world)
    sent: list[tuple[str, object]] = [(ADD, {"emails": ["PAT@example.com"]}), (ADD, {"userIds": [PAT_USER]})]
    sent += [(REMOVE, {"emails": ["nobody@example.org"]}), (REMOVE, {"userIds": [ADMIN]})]

    assert [omni.ask("PUT", *one)[1] for one in sent] == [
        *[{"addedRecipientsCount": 0, "success": True}] * 2,
        *[{"removedRecipientsCount": 0, "success": True}] * 2,
    ]
    before = hard_omni.twin.digest()
    answer = {"error": "400", "message": "At least one recipient must be provided"}
    assert [hard_omni.ask("PUT", *one) for one in sent] == [(400, answer)] * 4
    assert hard_omni.twin.digest() == before


NO_LIST = "Please provide either valid email addresses, valid user IDs, or both"
UNKNOWN = "Invalid recipient(s): The following members do not exist or do not have access to this organization: "


@pytest.mark.parametrize(
    ("body", "text"),
    [
        (None, "At least one recipient must be provided"),
        ({}, "At least one recipient must be provided"),
        ({"emails": "pat@example.com"}, NO_LIST),
        ({"userIds": None, "emails": ["pat@example.com"]}, NO_LIST),
        ({"emails": []}, "emails: Array must contain at least 1 element(s)"),
        ({"emails": ["pat@example.com"], "userIds": []}, "userIds: Array must contain at least 1 element(s)"),
        ({"emails": ["pat"]}, "emails: Invalid email address"),
        ({"userIds": ["pat"]}, "userIds: Invalid uuid"),
        ({"userIds": [ADMIN, NOBODY]}, UNKNOWN + NOBODY),
    ],
)
@pytest.mark.parametrize("path", [ADD, REMOVE])
def test_refusals(omni: Omni, path: str, body: object, text: str) -> None:
    make(omni)
    before = omni.twin.digest()
    prefixed = path == REMOVE and text in ("emails: Invalid email address", "userIds: Invalid uuid")

    assert omni.ask("PUT", path, body) == refused(f"Bad Request: {text}" if prefixed else text)
    assert omni.twin.digest() == before


def test_only_mail_has_recipients_to_change(omni: Omni) -> None:
    make(omni, HOOK)
    body = {"emails": MAIL["recipients"]}

    assert omni.ask("PUT", ADD, body) == refused("Cannot add recipients to destination type webhook")
    text = "Cannot change recipients on a scheduled task destination of type webhook"
    assert omni.ask("PUT", REMOVE, body) == refused(text)


def test_a_list_cut_short(omni: Omni) -> None:
    make(omni, recipients=["pat@example.com", "admin@example.com"])
    omni.twin.faults.add(Fault("short_page", path="/recipients"))

    assert addresses(omni) == ["pat@example.com"]
