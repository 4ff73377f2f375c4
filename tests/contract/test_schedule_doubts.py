"""Schedules whose answers are lost, that are gone, or that many pages hide (OA-R67, OA-R68, OA-R82 to OA-R85)."""

from __future__ import annotations

from typing import Any

import pytest

from reconciler.model.change import Verb
from reconciler.model.faults import AnswerInvalid
from reconciler.twins import Fault
from tests.contract.deliveries import (
    ADMIN,
    HOOK,
    JANE,
    MAIL,
    PARTNER,
    PATH,
    Office,
    applied,
    carried_out,
    counted,
    office,
    planned,
    weekly,
)
from tests.world import World


@pytest.fixture
def here(w: World) -> Office:
    return office(w)


def lost(here: Office, plan: Any) -> list[str]:
    """Apply without the log as the oracle: a lost answer is looked up. How each call ended."""
    report = here.w.apply(plan)
    left = here.w.plan()
    assert [c.line for c in left.writes] == []
    return [str(o.end) for o in report.outcomes]


# In doubt (OA-R82)


@pytest.mark.parametrize("effect", [True, False])
def test_oa_r82_a_create_is_never_doubled(here: Office, effect: bool) -> None:
    plan = planned(here, weekly(here))
    here.w.omni.faults.add(Fault("drop", method="POST", effect=effect))

    assert lost(here, plan) == ["done"]
    assert len(here.records()) == 1


@pytest.mark.parametrize("effect", [True, False])
@pytest.mark.parametrize(
    "change",
    [
        {"cron": "0 8 ? * MON *"},
        {"subject": "Sales"},
        {"name": "Sales", "previous_key": "Weekly"},
        {"paused": True},
        {"owner": JANE, "allow": ["effects"]},
        {"recipients": [JANE, PARTNER, "news@partner.example.com"]},
        {"recipients": [JANE]},
        {"recipients": [JANE], "subject": "Sales"},
    ],
    ids=lambda c: "+".join(c) if isinstance(c, dict) else str(c),
)
def test_oa_r82_a_change_is_looked_up(here: Office, change: dict[str, Any], effect: bool) -> None:
    carried_out(here, weekly(here))
    plan = planned(here, weekly(here, **change))
    here.w.omni.faults.add(Fault("drop", method="PUT", effect=effect))

    assert set(lost(here, plan)) <= {"done", "unneeded"}
    assert len(here.records()) == 1


@pytest.mark.parametrize("effect", [True, False])
def test_oa_r82_a_delete_is_done_when_it_is_gone(here: Office, effect: bool) -> None:
    carried_out(here, weekly(here, on_remove="delete", allow=["delete"]))
    plan = planned(here)
    here.w.omni.faults.add(Fault("drop", method="DELETE", effect=effect))

    assert lost(here, plan) == ["done"]
    assert here.records() == []


@pytest.mark.parametrize("verb", ["pause", "transfer-ownership"])
def test_oa_r82_after_the_create_only_the_rest_is_in_doubt(here: Office, verb: str) -> None:
    plan = planned(here, weekly(here, paused=True, owner=JANE, allow=["effects"]))
    here.w.omni.faults.add(Fault("drop", path=verb, effect=True))

    assert lost(here, plan) == ["done", "done", "done"]


def test_oa_r80_a_lost_transfer_to_the_acting_user_is_looked_up(here: Office) -> None:
    plan = planned(here, weekly(here, owner=ADMIN, allow=["effects"]))
    here.w.omni.faults.add(Fault("drop", path="transfer-ownership", effect=False))

    assert lost(here, plan) == ["done", "done"]


def test_oa_r76_a_refused_put_is_reported_and_what_follows_does_not_go(here: Office) -> None:
    carried_out(here, weekly(here))
    filters: Any = {"nobody": {"kind": "EQ", "left_side": "US", "type": "string"}}

    step = applied(here, planned(here, weekly(here, filters=filters, paused=True)))

    assert step.ends == ["failed", "blocked"]
    assert "Available dashboard filter keys" in step.report.outcomes[0].message


# Gone (OA-R68)


def test_oa_r68_a_404_confirms_that_it_is_gone(here: Office) -> None:
    carried_out(here, weekly(here), weekly(here, HOOK, "other", name="Other"))
    here.w.omni.edit("DELETE", f"{PATH}/{here.id_of('Weekly')}")
    here.w.documents = [weekly(here), weekly(here, HOOK, "other", name="Other")]
    here.w.omni.log.clear()

    plan = here.w.plan()

    assert counted(e.call for e in here.w.omni.log) == (1, 2, 0)
    assert [a.verb for a in plan.actions] == [Verb.NONE, Verb.CREATE]


def test_oa_r68_what_answers_and_no_list_shows_is_held(here: Office) -> None:
    carried_out(here, weekly(here), weekly(here, HOOK, "other", name="Other"))
    here.w.documents = [weekly(here, subject="Sales"), weekly(here, HOOK, "other", name="Other")]
    here.w.omni.faults.add(Fault("short_page", path=r"/v1/schedules$", times=None))
    here.w.omni.log.clear()

    plan = here.w.plan()

    assert counted(e.call for e in here.w.omni.log) == (2, 2, 0)
    assert [h.rule for a in plan.actions for h in a.holds] == ["unlisted"]
    assert plan.writes == ()


def test_oa_r68_all_recorded_ones_missing_is_the_wrong_place(here: Office) -> None:
    from reconciler.model.faults import GuardRefused

    documents = [weekly(here), weekly(here, HOOK, "other", name="Other")]
    carried_out(here, *documents)
    for record in here.records():
        here.w.omni.edit("DELETE", f"{PATH}/{record['id']}")

    with pytest.raises(GuardRefused, match="another tenant"):
        here.w.plan(*documents)


# Pages (OA-R67, OA-C15)


def test_oa_r67_all_pages_of_one_document(here: Office, hard: bool) -> None:
    for n in range(101):
        here.by_hand(f"Report {n:03}", HOOK)
    here.w.documents = [weekly(here)]
    here.w.omni.log.clear()

    plan = here.w.plan()

    pages = 3 if here.w.omni.knobs.hard("OA-P4") and _size(here) == 50 else 2
    assert counted(e.call for e in here.w.omni.log) == (pages, 0, 0)
    assert [c.line for c in plan.writes] == ["POST /v1/schedules"]
    assert any("cursor=2" in e.call for e in here.w.omni.log)


def _size(here: Office) -> int:
    body: Any = here.w.omni.edit("GET", f"{PATH}?pageSize=100").body
    return int(body["pageInfo"]["pageSize"])


@pytest.mark.parametrize(("others", "expected"), [(50, 1), (150, 2), (250, 3), (350, 3)])
def test_oa_c15_several_documents_take_whichever_is_fewer(here: Office, others: int, expected: int) -> None:
    """One page of all; then the other pages, or one listing for each of the two documents."""
    place = here.w.omni.add_document("Other", tiles=["1"], viewers=list(here.ids.values()))
    for n in range(others):
        here.by_hand(f"Report {n:03}", HOOK, place)
    here.w.documents = [weekly(here), weekly(here, HOOK, "other", document=here.stock)]
    here.w.omni.log.clear()

    here.w.plan()

    assert counted(e.call for e in here.w.omni.log) == (expected, 0, 0)
    assert any("identifier=" in e.call for e in here.w.omni.log) == (others > 300)


def test_oa_r67_a_list_that_never_ends_proves_nothing(here: Office) -> None:
    """The same page again and again."""
    for n in range(101):
        here.by_hand(f"Report {n:03}", HOOK)
    here.w.omni.faults.add(Fault("repeat_page", path="/v1/schedules$", times=None))
    here.w.omni.log.clear()

    plan = here.w.plan(weekly(here))

    assert plan.writes == ()
    assert [h.rule for a in plan.actions for h in a.holds] == ["unproven-listing"]
    assert len(here.w.omni.log) < 30


# Together


def test_oa_r84_what_is_missing_from_the_last_list_is_looked_for_once_more(here: Office, hard: bool) -> None:
    step = carried_out(here, weekly(here))

    assert step.asked("verify")[0] == (2 if hard else 1)


def test_oa_r85_deletes_come_last(here: Office) -> None:
    going: dict[str, Any] = {"on_remove": "delete", "allow": ["delete"]}
    carried_out(here, weekly(here, HOOK, "old", name="Old", **going), weekly(here))

    step = carried_out(here, weekly(here, subject="Sales"), weekly(here, HOOK, "new", name="New"))

    assert step.sent[-1].startswith("DELETE /")
    assert sorted(s.split(" ")[0] for s in step.sent) == ["DELETE", "POST", "PUT"]


def test_oa_r85_a_name_that_is_deleted_is_free_for_the_next(here: Office) -> None:
    carried_out(here, weekly(here, on_remove="delete", allow=["delete"]))

    step = carried_out(here, weekly(here, HOOK, "other", allow=["replace"]))

    assert step.sent == ["DELETE /1", "POST "]


def test_oa_c16_in_sync_nothing_is_sent(here: Office) -> None:
    documents = [
        weekly(here, paused=True, owner=JANE, allow=["effects"]),
        weekly(here, HOOK, "b", document=here.stock),
    ]
    carried_out(here, *documents)

    step = carried_out(here, *documents)

    assert (step.sent, step.plan.bound) == ([], 0)


def test_oa_r4_an_answer_of_another_shape_stops_the_kind(here: Office) -> None:
    here.w.omni.faults.add(
        Fault("status", method="GET", path="/v1/schedules", status=200, text='{"records": 5}', times=None)
    )

    with pytest.raises(AnswerInvalid):
        here.w.plan(weekly(here))


def test_oa_r75_a_mail_without_a_ledger_is_made_once(here: Office) -> None:
    from reconciler.ledger import ephemeral, whoami
    from tests.world import lasting

    carried_out(here, weekly(here, MAIL))
    here.w.ledger = lasting(ephemeral(whoami(), here.w.clock))

    assert carried_out(here, weekly(here, MAIL)).action().verb is Verb.ADOPT
    assert len(here.records()) == 1
