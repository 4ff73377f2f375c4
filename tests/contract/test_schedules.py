"""Schedules come about and change: OA-R71, OA-R75, OA-R76, OA-R83, with the counts of OA-C15 to OA-C18."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from reconciler.model.plan_json import to_json
from tests.contract.deliveries import (
    BOB,
    FILES,
    HOOK,
    JANE,
    MAIL,
    PARTNER,
    Office,
    carried_out,
    office,
    weekly,
    wire,
)
from tests.world import World


@pytest.fixture
def here(w: World) -> Office:
    return office(w)


def body_of(here: Office, base: Any, **words: Any) -> dict[str, Any]:
    return wire({"document": here.sales, "name": "Weekly", **base, **words})


# Create


@pytest.mark.parametrize(
    ("base", "says"),
    [
        (MAIL, "sends mail at its times"),
        (HOOK, "posts data to https://hooks.example.com/sales at its times"),
        (FILES, "puts files on sftp.example.com at its times"),
    ],
)
def test_oa_r75_a_create_sends_the_whole_object_once(here: Office, hard: bool, base: Any, says: str) -> None:
    step = carried_out(here, weekly(here, base))

    assert step.sent == ["POST "]
    assert step.bodies == [body_of(here, base)]
    assert says in step.action().effects
    assert step.asked("preconditions") == (1, 0, 0)
    assert step.asked("verify") == ((2, 2, 0) if hard else (1, 1, 0))


def test_oa_r75_everything_that_can_be_declared_goes_along(here: Office) -> None:
    more: dict[str, Any] = {
        "tile": "1",
        "alert": {"when": "RESULTS_CHANGED", "query": "2"},
        "filters": {"region": {"kind": "EQ", "left_side": "US", "type": "string"}},
        "options": {"hideTitle": True, "paperFormat": "a4", "paperOrientation": "portrait"},
        "body": "Hello",
        "fanOut": True,
    }
    step = carried_out(here, weekly(here, **more))

    assert step.bodies == [body_of(here, MAIL, **more)]


def test_oa_r75_a_paused_one_is_paused_at_once(here: Office) -> None:
    step = carried_out(here, weekly(here, paused=True))

    assert step.sent == ["POST ", "PUT /1/pause"]
    assert step.bodies[1] is None
    assert "a delivery between its create and its pause is possible" in step.action().effects
    assert here.live()["Weekly"]["disabledAt"] is not None


def test_oa_r75_an_owner_is_transferred_last(here: Office) -> None:
    step = carried_out(here, weekly(here, paused=True, owner=JANE, allow=["effects"]))

    assert step.sent == ["POST ", "PUT /1/pause", "PUT /1/transfer-ownership"]
    assert step.bodies[2] == {"userId": here.ids[JANE]}
    assert here.owned(JANE) == {"Weekly"}
    assert step.asked("verify") == (1, 1, 1)


def test_oa_r75_addresses_of_nobody_become_email_only_users(here: Office) -> None:
    step = carried_out(here, weekly(here))

    assert "an address that belongs to nobody may be made an email-only user" in step.action().effects
    assert here.mailed("Weekly") == [JANE, PARTNER]


# Change


CHANGES: list[dict[str, Any]] = [
    {"cron": "0 8 ? * MON *"},
    {"timezone": "Europe/Berlin"},
    {"format": "png"},
    {"tile": "1"},
    {"alert": {"when": "RESULTS_PRESENT", "query": "1"}},
    {"filters": {"region": {"kind": "EQ", "left_side": "EU", "type": "string"}}},
    {"options": {"hideTitle": True}},
    {"subject": "Sales"},
    {"body": "Hello"},
    {"fanOut": True},
    {"name": "Weekly sales", "previous_key": "Weekly"},
]


@pytest.mark.parametrize("change", CHANGES, ids=lambda c: next(iter(c)))
def test_oa_r76_any_change_is_one_put_of_the_whole_object(here: Office, change: dict[str, Any]) -> None:
    carried_out(here, weekly(here))

    step = carried_out(here, weekly(here, **change))

    assert step.sent == ["PUT /1"]
    assert step.bodies == [body_of(here, MAIL, **{k: v for k, v in change.items() if k != "previous_key"})]
    assert step.asked("preconditions") == (1, 1, 0)
    assert step.asked("verify") == (1, 1, 0)


@pytest.mark.parametrize(
    ("base", "change"),
    [
        (HOOK, {"url": "https://hooks.example.com/b"}),
        (FILES, {"address": "files.example.com"}),
        (FILES, {"port": 2222}),
        (FILES, {"username": "sales"}),
        (FILES, {"path": "/out"}),
    ],
)
def test_oa_r76_so_is_one_of_the_destination(here: Office, base: Any, change: dict[str, Any]) -> None:
    carried_out(here, weekly(here, base))

    step = carried_out(here, weekly(here, base, **change))

    assert (step.sent, step.bodies) == (["PUT /1"], [body_of(here, base, **change)])


@pytest.mark.parametrize(
    "change", [{"when": "RESULTS_MISSING", "query": "1"}, {"when": "RESULTS_PRESENT", "query": "2"}]
)
def test_oa_r71_an_alert_is_compared_as_it_reads_and_as_it_was_sent(here: Office, change: dict[str, Any]) -> None:
    carried_out(here, weekly(here, alert={"when": "RESULTS_PRESENT", "query": "1"}))

    step = carried_out(here, weekly(here, alert=change))

    assert step.sent == ["PUT /1"]


def test_oa_r71_a_tile_is_compared_with_what_was_sent(here: Office) -> None:
    carried_out(here, weekly(here, tile="1"))

    assert carried_out(here, weekly(here, tile="2")).sent == ["PUT /1"]


def test_oa_r76_the_password_goes_with_the_create_and_each_new_version(here: Office, tmp_path: Path) -> None:
    canary = "correct horse battery staple"
    (tmp_path / "sftp").write_text(canary)
    here.w.root = tmp_path

    def secret(version: int, **words: Any) -> Any:
        return weekly(here, FILES, password={"fromFile": "sftp", "version": version}, **words)

    first = carried_out(here, secret(1))
    other = carried_out(here, secret(1, path="/out"))
    again = carried_out(here, secret(2, path="/out"))

    assert [b.get("passwordUnencrypted") for step in (first, other, again) for b in step.bodies] == [
        canary,
        None,
        canary,
    ]
    for step in (first, other, again):
        assert canary not in str(to_json(step.plan))
        assert canary not in str(step.report)


def test_oa_r83_what_somebody_else_writes_too_is_held_in_the_end(here: Office) -> None:
    carried_out(here, weekly(here))
    for _ in range(2):
        here.edit("Weekly", "", {**body_of(here, MAIL), "timezone": "UTC"})
        carried_out(here, weekly(here))
    here.edit("Weekly", "", {**body_of(here, MAIL), "timezone": "UTC"})

    step = carried_out(here, weekly(here))

    assert [h.rule for h in step.action().holds] == ["contended"]
    assert step.sent == []
    assert carried_out(here, weekly(here, subject="Sales")).bodies[0]["timezone"] == "UTC"


def test_oa_r76_what_others_may_change_goes_as_it_is_live(here: Office) -> None:
    carried_out(here, weekly(here, ignore=["spec.cron", "spec.recipients"]))
    here.edit("Weekly", "", {**body_of(here, MAIL), "schedule": "0 7 ? * MON *"})
    here.edit("Weekly", "add-recipients", {"emails": [BOB]})

    step = carried_out(here, weekly(here, subject="Sales", ignore=["spec.cron", "spec.recipients"]))

    assert step.bodies[0]["schedule"] == "0 7 ? * MON *"
    assert sorted(step.bodies[0]["recipients"]) == sorted([JANE, PARTNER, BOB])
