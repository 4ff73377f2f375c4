"""Who gets the mail: OA-R69, OA-R77, OA-R78, with the counts of OA-C16 to OA-C18."""

from __future__ import annotations

from typing import Any

import pytest

from reconciler.model.outcome import End
from tests.contract.deliveries import (
    BOB,
    JANE,
    MAIL,
    PARTNER,
    Office,
    applied,
    carried_out,
    office,
    planned,
    weekly,
)
from tests.world import World, doc

NEWS = "news@partner.example.com"


@pytest.fixture
def here(w: World) -> Office:
    return office(w)


# Alone (OA-R78)


def test_oa_r78_who_is_new_is_added_then_who_goes_is_removed(here: Office) -> None:
    carried_out(here, weekly(here))

    step = carried_out(here, weekly(here, recipients=[JANE, NEWS]))

    assert step.sent == ["PUT /1/add-recipients", "PUT /1/remove-recipients"]
    assert step.bodies == [{"emails": [NEWS]}, {"emails": [PARTNER]}]
    assert step.asked("preconditions") == (1, 1, 0)
    assert step.asked("verify") == (0, 1, 0)
    assert here.mailed("Weekly") == [JANE, NEWS]


@pytest.mark.parametrize(("recipients", "sent"), [([JANE, PARTNER, NEWS], "add"), ([PARTNER], "remove")])
def test_oa_r78_one_direction_is_one_call(here: Office, recipients: list[str], sent: str) -> None:
    carried_out(here, weekly(here))

    assert carried_out(here, weekly(here, recipients=recipients)).sent == [f"PUT /1/{sent}-recipients"]


def test_oa_r78_everybody_may_change_at_once(here: Office) -> None:
    carried_out(here, weekly(here, recipients=[JANE]))

    step = carried_out(here, weekly(here, recipients=[NEWS]))

    assert step.sent == ["PUT /1/add-recipients", "PUT /1/remove-recipients"]


def test_oa_r78_with_a_pause_the_recipients_go_first(here: Office) -> None:
    carried_out(here, weekly(here))

    step = carried_out(here, weekly(here, recipients=[PARTNER], paused=True))

    assert step.sent == ["PUT /1/remove-recipients", "PUT /1/pause"]


def test_oa_r69_the_case_of_an_address_means_nothing(here: Office) -> None:
    carried_out(here, weekly(here, recipients=["Reports@Partner.example.com", JANE]))

    assert carried_out(here, weekly(here, recipients=[PARTNER, "Jane@Example.com"])).sent == []


# Users (OA-R69)


def test_oa_r69_users_go_by_their_ids(here: Office) -> None:
    carried_out(here, weekly(here, recipients=[PARTNER], recipientUsers=[JANE]))

    step = carried_out(here, weekly(here, recipients=[PARTNER], recipientUsers=[BOB]))

    assert step.sent == ["PUT /1/add-recipients", "PUT /1/remove-recipients"]
    assert step.bodies == [{"userIds": [here.ids[BOB]]}, {"userIds": [here.ids[JANE]]}]


def test_oa_r69_users_and_addresses_share_the_calls(here: Office) -> None:
    carried_out(here, weekly(here, recipients=[PARTNER], recipientUsers=[JANE]))

    step = carried_out(here, weekly(here, recipients=[NEWS], recipientUsers=[BOB]))

    assert step.bodies == [
        {"emails": [NEWS], "userIds": [here.ids[BOB]]},
        {"emails": [PARTNER], "userIds": [here.ids[JANE]]},
    ]


def test_oa_r75_users_go_into_a_create_by_their_addresses(here: Office) -> None:
    step = carried_out(here, weekly(here, recipients=[PARTNER], recipientUsers=[JANE]))

    assert step.bodies[0]["recipients"] == [PARTNER, JANE]


@pytest.mark.parametrize("live", [False, True])
def test_oa_r195_a_person_of_the_same_plan_is_told_from_the_addresses(here: Office, live: bool) -> None:
    if live:
        carried_out(here, weekly(here, recipients=[PARTNER]))
    new = doc("User", "new", {"email": "new@example.com", "name": "New"})

    here.w.converge(new, weekly(here, recipients=[PARTNER], recipientUsers=["new@example.com"]))

    assert set(here.mailed("Weekly")) == {PARTNER, "new@example.com"}


def test_oa_r17_a_user_that_nobody_is_holds_the_schedule(here: Office) -> None:
    step = carried_out(here, weekly(here, recipients=None, recipientUsers=["jan@example.com"]))

    assert [h.rule for h in step.action().holds] == ["unresolved"]
    assert step.sent == []


def test_oa_r69_users_alone_are_all_there_are(here: Office) -> None:
    """Whoever is live and not declared goes, an email-only one by his address."""
    carried_out(here, weekly(here, recipients=[PARTNER, JANE]))

    step = carried_out(here, weekly(here, recipients=None, recipientUsers=[JANE], allow=["first-removals"]))

    assert (step.sent, step.bodies) == (["PUT /1/remove-recipients"], [{"emails": [PARTNER]}])


@pytest.mark.parametrize("back", [True, False])
def test_oa_r69_who_was_an_address_and_is_a_user_now_stays(here: Office, back: bool) -> None:
    as_address = weekly(here, recipients=[PARTNER, JANE])
    as_user = weekly(here, recipients=[PARTNER], recipientUsers=[JANE], allow=["first-removals"])
    first, second = (as_user, as_address) if back else (as_address, as_user)
    carried_out(here, first)

    assert carried_out(here, second).sent == []
    assert here.mailed("Weekly") == [PARTNER, JANE]


# Additive


def test_oa_r77_additive_leaves_what_others_added(here: Office) -> None:
    carried_out(here, weekly(here, recipientsMode="additive"))
    here.edit("Weekly", "add-recipients", {"emails": [BOB]})

    alone = carried_out(here, weekly(here, recipientsMode="additive", recipients=[JANE, NEWS]))
    put = carried_out(here, weekly(here, recipientsMode="additive", recipients=[JANE, NEWS], subject="Sales"))

    assert alone.bodies == [{"emails": [NEWS]}, {"emails": [PARTNER]}]  # the partner was ours
    assert put.sent == ["PUT /1"]
    assert sorted(put.bodies[0]["recipients"]) == sorted([JANE, NEWS, BOB])


def test_oa_r77_exact_removes_them(here: Office) -> None:
    carried_out(here, weekly(here))
    here.edit("Weekly", "add-recipients", {"emails": [BOB]})

    assert carried_out(here, weekly(here)).bodies == [{"emails": [BOB]}]


def test_oa_r78_the_first_removals_wait_for_consent(here: Office) -> None:
    here.by_hand("Weekly", MAIL, recipients=[JANE, PARTNER, BOB])

    held = carried_out(here, weekly(here))
    done = carried_out(here, weekly(here, allow=["first-removals"]))

    assert ([h.rule for h in held.action().holds], held.sent) == (["first-removals"], [])
    assert done.sent[0] == "PUT /1"
    assert here.mailed("Weekly") == [JANE, PARTNER]


# In a PUT (OA-R77)


def test_oa_r77_who_is_only_added_needs_no_look(here: Office) -> None:
    carried_out(here, weekly(here))

    step = carried_out(here, weekly(here, recipients=[JANE, PARTNER, NEWS], subject="Sales"))

    assert step.sent == ["PUT /1"]
    assert step.bodies[0]["recipients"] == [JANE, PARTNER, NEWS]


def test_oa_r77_where_somebody_goes_a_look_follows_and_a_repair(here: Office, hard: bool) -> None:
    carried_out(here, weekly(here))

    step = carried_out(here, weekly(here, recipients=[JANE, NEWS], subject="Sales"))

    repair = ["PUT /1/remove-recipients"] if hard else []  # where the PUT only adds (OA-P21)
    assert step.sent == ["PUT /1", "GET /1/recipients", *repair]
    assert len(step.plan.contingent) == 2
    assert step.bodies[1:] == ([{"emails": [PARTNER]}] if hard else [])
    assert step.asked("verify") == (1, 1, 0)
    assert here.mailed("Weekly") == [JANE, NEWS]


def test_oa_r77_users_are_repaired_by_their_ids(here: Office, hard: bool) -> None:
    carried_out(here, weekly(here, recipients=None, recipientUsers=[JANE, BOB]))

    step = carried_out(here, weekly(here, recipients=None, recipientUsers=[JANE], subject="Sales"))

    assert step.bodies[1:] == ([{"userIds": [here.ids[BOB]]}] if hard else [])


def test_oa_r77_a_transfer_and_a_pause_come_after_the_repair(here: Office, hard: bool) -> None:
    carried_out(here, weekly(here))
    words: dict[str, Any] = {"subject": "Sales", "paused": True, "owner": JANE, "allow": ["effects"]}

    step = carried_out(here, weekly(here, recipients=[JANE], **words))

    assert step.sent[-2:] == ["PUT /1/pause", "PUT /1/transfer-ownership"]
    assert step.sent[:2] == ["PUT /1", "GET /1/recipients"]
    assert len(step.sent) == (5 if hard else 4)


def test_oa_r77_who_came_since_the_plan_is_not_overwritten(here: Office) -> None:
    carried_out(here, weekly(here))
    plan = planned(here, weekly(here, subject="Sales"))
    here.edit("Weekly", "add-recipients", {"emails": [BOB]})

    step = applied(here, plan)

    assert [o.end for o in step.report.outcomes] == [End.STALE]
    assert here.mailed("Weekly") == [JANE, PARTNER, BOB]


def test_oa_r78_what_others_did_to_others_is_no_hindrance(here: Office) -> None:
    carried_out(here, weekly(here, recipientsMode="additive"))
    plan = planned(here, weekly(here, recipientsMode="additive", recipients=[JANE, PARTNER, NEWS]))
    here.edit("Weekly", "add-recipients", {"emails": [BOB]})

    assert applied(here, plan).ends == ["done"]
    assert here.mailed("Weekly") == [JANE, PARTNER, BOB, NEWS]


# Of the same plan (OA-R208)


@pytest.mark.parametrize("field", ["recipients", "recipientUsers"])
def test_oa_r208_people_who_are_made_by_the_same_plan_come_first(w: World, field: str) -> None:
    """Mailed before it is made, an address would become an email-only user as well (OA-A40)."""
    here, new = office(w), "new.one@example.com"
    w.documents = [doc("User", "new", {"email": new, "name": "New"}), weekly(here, **{field: [new]})]

    plan = w.plan()

    made, mailing = (next(c for c in plan.writes if c.kind == kind) for kind in ("User", "Schedule"))
    assert made.id in mailing.after
    assert {o.end for o in w.apply(plan).outcomes} == {End.DONE}
    assert w.plan().writes == ()
