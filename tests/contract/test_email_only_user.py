"""People who get mail and have no account: many in one request, made and changed alike (OA-R200 to OA-R209,
OA-C35, OA-C38, OA-C39)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from math import ceil

import pytest

from reconciler.model.change import Verb
from reconciler.model.document import Document
from reconciler.model.json import Json
from reconciler.model.outcome import End, Report
from reconciler.model.plan import Plan
from reconciler.twins import Fault
from tests.contract.accounts_omni import reads_of, recipient, recipients, rules, stepped
from tests.world import OMNI, World, doc, world

LIST, BULK = "/v1/users/email-only", "/v1/users/email-only/bulk"
EXT, TWO = "ext@example.com", "two@example.com"


@pytest.fixture(params=["plain", "adversarial"])
def w(request: pytest.FixtureRequest) -> Iterator[World]:
    with world(str(request.param), twins=[OMNI], seed=False) as found:
        for name, type_, many in (
            ("region", "string", True),
            ("level", "number", False),
            ("team", "string", False),
        ):
            found.omni.define_attribute(name, type_, multiple=many)
        yield found


def many(count: int, level: int | None = 1) -> list[Document]:
    held: dict[str, Json] | None = None if level is None else {"level": level}
    return [recipient(f"r{n:03}@example.com", held) for n in range(count)]


def posts(w: World) -> list[str]:
    return [e.call for e in w.omni.log if e.write]


def test_acceptance_b_forty_five_people_are_three_posts(w: World) -> None:
    plan, _ = stepped(w, *many(45))

    assert [c.line for c in plan.writes] == [f"POST {BULK}"] * 3
    assert len(plan.contingent) == 2 * (2 * 20 - 2) + (2 * 5 - 2)
    assert len(recipients(w)) == 45


def test_oa_c38_who_is_made_and_who_is_changed_go_together(w: World) -> None:
    stepped(w, *many(10))

    plan, _ = stepped(w, *many(10, level=2), *(recipient(f"new{n}@example.com") for n in range(10)))

    assert len(plan.writes) == 1
    assert len(recipients(w)) == 20
    assert {str(a.get("level")) for k, a in recipients(w).items() if k.startswith("r")} == {"2"}


def test_oa_r203_just_what_differs_is_sent_and_the_rest_stays(w: World) -> None:
    w.omni.add_email_only("Ext@example.com", {"region": ["US"], "level": 1, "team": "red"})

    plan, _ = stepped(w, recipient(EXT, {"region": ["US"], "level": 2}))

    assert plan.actions[0].verb is Verb.ADOPT
    assert [(c.body or {}).get("userAttributes") for c in plan.riders(plan.writes[0].id)] == [{"level": 2}]  # type: ignore[union-attr]
    assert {k: str(v) for k, v in recipients(w)[EXT].items() if k != "region"} == {"level": "2", "team": "red"}


def test_oa_r203_values_are_taken_away(w: World) -> None:
    stepped(w, recipient(EXT, {"region": ["US"], "level": 2, "team": "red"}))

    plan, _ = stepped(w, recipient(EXT, {"region": [], "level": None, "team": ""}))

    assert len(plan.writes) == 1
    assert recipients(w)[EXT] == {}


def test_the_time_zone_is_the_one_attribute_of_the_system(w: World) -> None:
    stepped(w, recipient(EXT, {"omni_user_timezone": "America/New_York"}))

    plan, _ = stepped(w, recipient(EXT, {"omni_user_timezone": "Europe/London"}))

    assert len(plan.writes) == 1


def test_drift_is_put_right_and_adopting_touches_nothing(w: World) -> None:
    remote_id = w.omni.add_email_only(EXT, {"level": 1})
    plan, _ = stepped(w, recipient(EXT, {"level": 1}))
    assert (plan.actions[0].verb, plan.writes) == (Verb.ADOPT, ())
    w.omni.set_attributes(remote_id, {"level": 9})

    stepped(w, recipient(EXT, {"level": 1}))

    assert str(recipients(w)[EXT]["level"]) == "1"


def test_oa_r207_leaving_git_lets_go_and_says_that_nobody_is_deleted(w: World) -> None:
    stepped(w, recipient(EXT))

    w.documents = []
    plan, _ = stepped(w)

    assert plan.actions[0].verb is Verb.RELEASE
    assert any("no call deletes" in n for n in plan.actions[0].notes)
    assert EXT in recipients(w)


def test_somebody_who_has_an_account_as_well_is_noted(w: World) -> None:
    account = doc("User", "ext", {"email": "Ext@example.com", "name": "Ext"})

    plan = w.plan(account, recipient(EXT), recipient(TWO))

    notes = {str(a.address): a.notes for a in plan.actions}
    assert f"{account.address} has the same email" in notes[str(recipient(EXT).address)]
    assert not any("same email" in n for n in notes[str(recipient(TWO).address)])


def test_oa_r201_another_address_is_refused(w: World) -> None:
    stepped(w, recipient(EXT))

    plan = w.plan(doc("EmailOnlyUser", "ext", {"email": TWO}))

    assert "no-rename" in rules(plan)
    assert plan.calls == ()


# What reading costs.


def test_oa_c35_one_is_asked_for_by_address(w: World) -> None:
    for n in range(30):
        w.omni.add_email_only(f"x{n}{EXT}")

    plan = w.plan(recipient(EXT))

    assert plan.actions[0].verb is Verb.CREATE
    assert reads_of(plan, LIST) == 2, "part of an address is enough for an answer, and that has two pages"


def test_oa_c35_few_by_address_and_many_by_the_list(w: World) -> None:
    for one in many(95):
        w.omni.add_email_only(str(one.spec["email"]))

    assert reads_of(w.plan(*many(95, level=None)[90:92]), LIST) == 3
    assert reads_of(w.plan(*many(95, level=None)), LIST) == ceil(95 / 20)
    assert reads_of(w.plan(*many(95, level=None)[:2]), LIST) == 1


# Refusals.


def spoilt(w: World, count: int, *bad: int) -> tuple[Plan, Report]:
    """So many people, of whom some have an attribute that nobody defined."""
    people = many(count)
    for n in bad:
        people[n] = recipient(f"r{n:03}@example.com", {"nonsense": 1})
    plan = w.plan(*people)
    w.omni.log.clear()
    return plan, w.checked_apply(plan)


def ends(plan: Plan, report: Report) -> dict[str, End]:
    """Address -> what became of the call that stands for the person in the plan."""
    whose = {c.id: c.address.name for c in plan.calls if c.carrier and c.trigger is None}
    return {whose[o.call]: o.end for o in report.outcomes if o.call in whose}


@pytest.mark.parametrize("bad", [0, 7, 19])
def test_oa_r204_one_bad_one_keeps_nobody_else_back(w: World, bad: int) -> None:
    plan, report = spoilt(w, 20, bad)

    assert {name for name, end in ends(plan, report).items() if end is not End.DONE} == {f"r{bad:03}"}
    assert len(recipients(w)) == 19
    assert len(posts(w)) <= 1 + 2 * 5
    left = w.plan()
    assert [a.address.name for a in left.actions if a.verb is not Verb.NONE] == [f"r{bad:03}"]


def test_oa_r204_all_bad_ones_cost_what_the_plan_said_at_most(w: World) -> None:
    plan, report = spoilt(w, 6, *range(6))

    assert set(ends(plan, report).values()) == {End.FAILED}
    assert len(posts(w)) == 1 + len(plan.contingent) == 1 + 2 * 6 - 2
    assert recipients(w) == {}


def test_oa_r204_other_batches_go_on(w: World) -> None:
    plan, report = spoilt(w, 25, 3, 22)

    assert {n for n, e in ends(plan, report).items() if e is not End.DONE} == {"r003", "r022"}
    assert len(recipients(w)) == 23


def test_a_key_that_may_not_is_no_reason_to_try_by_halves(w: World) -> None:
    plan = w.plan(*many(5))
    w.omni.faults.add(Fault("status", status=403, method="POST", path=BULK, times=None))
    w.omni.log.clear()

    report = w.apply(plan)

    assert len(posts(w)) == 1
    assert set(ends(plan, report).values()) == {End.FAILED}


@pytest.mark.parametrize(
    "fault", [Fault("drop", effect=True), Fault("status", effect=True), Fault("drop", effect=False)]
)
def test_oa_r206_an_answer_that_is_lost_is_looked_up(w: World, fault: Fault) -> None:
    plan = w.plan(*many(22))
    w.omni.faults.add(replace(fault, method="POST", path=BULK))

    w.apply(plan)

    assert len(recipients(w)) == 22
    assert [c.line for c in w.plan().writes] == []


# Others.


def test_oa_r208_a_declared_recipient_is_made_before_the_schedule_that_mails_him(w: World) -> None:
    dash = w.omni.add_document("Sales")
    spec: dict[str, Json] = {
        "document": dash,
        "name": "Daily",
        "cron": "0 9 ? * * *",
        "timezone": "UTC",
        "format": "pdf",
        "destination": "email",
        "subject": "Daily",
        "recipients": [EXT],
    }

    plan, _ = stepped(w, doc("Schedule", "daily", spec), recipient(EXT, {"level": 1}))

    assert [c.path for c in plan.writes] == [BULK, "/v1/schedules"]
    assert plan.writes[1].after
    assert str(recipients(w)[EXT]["level"]) == "1"


def test_an_account_of_the_same_address_is_somebody_else(w: World) -> None:
    w.omni.add_user(EXT, "Ext")

    plan, _ = stepped(w, recipient(EXT))

    assert len(plan.writes) == 1
    assert EXT in recipients(w)


def test_oa_r209_answers_of_the_newer_edition_are_read(w: World) -> None:
    w.omni.knobs.set("newer-answers", "adversarial")

    plan, _ = stepped(w, *many(21))

    assert len(plan.writes) == 2
    assert len(recipients(w)) == 21
