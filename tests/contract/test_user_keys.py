"""API keys: made, renewed, taken away, lost; and the accounts that are not touched (CM-R49 to CM-R52)."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from typing import Any

import httpx
import pytest

from reconciler.apply import Sinks
from reconciler.model.faults import GuardRefused
from reconciler.model.json import Json, canonical
from reconciler.model.outcome import End, Fact
from reconciler.model.plan_json import to_json
from reconciler.twins import Fault
from reconciler.vault import Vault
from tests.contract.components import holds
from tests.contract.users import (
    BOB,
    GOING,
    JANE,
    LIST,
    NEW,
    OWN,
    accounts,
    applied,
    at,
    carried_out,
    key_of,
    planned,
    user,
)
from tests.world import CMS, World

MAKE, TAKE = "PUT /user/key/2", "DELETE /user/key/2"


def opens(u: World, key: str) -> bool:
    """Whether a key is good for anything."""
    return httpx.get(f"{u.urls[CMS]}/user/all", headers={"X-OMNI-API-KEY": key}).is_success


def test_cm_r49_a_key_is_made_once_and_goes_to_its_sink_alone(u: World) -> None:
    deed = carried_out(u, user(JANE, key="present"))

    assert deed.sent == [MAKE]
    assert deed.report.requests.keys() == {"preconditions", "calls"}, "the answer is the proof"
    secret = key_of(u, "jane")
    assert opens(u, secret)
    assert (u.root / "secrets" / "jane.key").stat().st_mode & 0o077 == 0
    bonds = [b.to_json() for b in u.recorded.bonds.values()]
    assert secret not in canonical([to_json(deed.plan), bonds, str(deed.report)])
    assert carried_out(u, user(JANE, key="present")).sent == []


def test_cm_r49_a_new_account_gets_its_key_in_the_same_run(u: World) -> None:
    deed = carried_out(u, user(NEW, version=1, key="present", token="1"))

    own = accounts(u)[NEW]["id"]
    assert deed.sent == ["POST /user", f"PUT /user/key/{own}"]
    assert opens(u, key_of(u, "new.one"))
    assert u.recorded.bonds[at("new.one")].once == {"rotateKey": "1"}


def test_cm_r46_a_password_is_not_sent_again_because_the_key_failed(u: World) -> None:
    wanted = user(NEW, version=1, key="present", token="1")
    u.cms.faults.add(Fault("status", method="PUT", path="/user/key/*", status=400))
    plan = planned(u, wanted)
    report = u.apply(plan)
    assert [str(o.end) for o in report.outcomes].count("failed") == 1
    assert u.cms.faults.fired == 1

    left = planned(u, wanted)

    assert [c.line.split(" ")[0] + c.path for c in left.writes] == ["PUT/user/key/{id}"]
    u.cms.log.clear()
    assert {str(o.end) for o in u.apply(left).outcomes if o.end is not End.UNNEEDED} == {"done"}
    assert "password" not in str([e.body for e in u.cms.log.writes()])
    assert planned(u, wanted).writes == ()


def test_cm_r49_a_key_is_taken_away_and_drift_is_repaired(u: World) -> None:
    carried_out(u, user(JANE, key="present"))
    secret = key_of(u, "jane")

    deed = carried_out(u, user(JANE, key="absent"))

    assert deed.sent == [TAKE]
    assert "stops working" in deed.action("jane").effects[0]
    assert not opens(u, secret)
    assert carried_out(u, user(JANE, key="absent")).sent == []
    u.cms.edit("PUT", "/user/key/2", headers=dict(u.cms.default_headers))
    assert carried_out(u, user(JANE, key="absent")).sent == [TAKE]


def test_cm_r49_left_out_a_key_is_not_touched(u: World) -> None:
    u.cms.edit("PUT", "/user/key/2", headers=dict(u.cms.default_headers))

    assert carried_out(u, user(JANE, active=True)).sent == []


def test_cm_r49_a_sink_that_cannot_be_written_is_found_before_the_call(u: World) -> None:
    (u.root / "secrets").write_text("a file where a folder should be")
    plan = planned(u, user(JANE, key="present"))
    u.cms.log.clear()

    report = u.apply(plan)

    assert [o.end for o in report.outcomes] == [End.FAILED]
    assert [e.call for e in u.cms.log if e.write] == []


def test_cm_r50_a_new_token_makes_another_key_exactly_once(u: World) -> None:
    carried_out(u, user(JANE, key="present"))
    first = key_of(u, "jane")

    deed = carried_out(u, user(JANE, key="present", token="2026-06"))

    assert deed.sent == [MAKE]
    assert "stops working" in deed.action("jane").effects[0]
    assert not opens(u, first)
    assert opens(u, key_of(u, "jane"))
    assert carried_out(u, user(JANE, key="present", token="2026-06")).sent == []


class Full(Vault):
    """A place that seems to be writable, and is not."""

    def put(self, to: Mapping[str, Json], value: str) -> None:  # noqa: ARG002 - as it is called
        raise GuardRefused("no room left on the disk")


def failing(monkeypatch: pytest.MonkeyPatch, sinks: type[Sinks]) -> None:
    monkeypatch.setattr("reconciler.vault.Vault", sinks)


def test_cm_r50_where_the_sink_fails_the_loss_is_said_and_the_token_stays_new(
    u: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    carried_out(u, user(JANE, key="present"))
    with monkeypatch.context() as patched:
        failing(patched, Full)
        report = u.apply(planned(u, user(JANE, key="present", token="1")))

    (outcome,) = report.outcomes
    assert (outcome.end, outcome.message) == (End.DONE, "no room left on the disk")
    assert Fact.ONCE not in outcome.result
    assert "`once: {rotateKey: 1}` has not acted" in outcome.question
    assert (u.recorded.bonds[at("jane")].once, u.recorded.bonds[at("jane")].lost) == ({}, ("keyTo",))
    assert carried_out(u, *u.documents).sent == [MAKE]
    assert u.recorded.bonds[at("jane")].lost == ()
    assert opens(u, key_of(u, "jane"))


def test_cm_r50_a_first_key_that_is_lost_is_asked_about_once(u: World) -> None:
    u.cms.faults.add(Fault("drop", method="PUT", effect=True))
    u.cms.log.clear()
    report = u.apply(planned(u, user(JANE, key="present")))

    (outcome,) = report.outcomes
    assert outcome.end is End.DONE
    assert "`once: {rotateKey: …}`" in outcome.question
    assert [e.call for e in u.cms.log].count(MAKE) == 1
    left = planned(u, *u.documents)
    assert left.writes == ()
    assert "`once: {rotateKey: …}` issues another" in " ".join(left.actions[0].notes)
    assert carried_out(u, user(JANE, key="present", token="1")).sent == [MAKE]


def test_cm_r50_an_answer_lost_before_anything_happened_is_simply_repeated(u: World) -> None:
    u.cms.faults.add(Fault("drop", method="PUT", effect=False))

    report = u.apply(planned(u, user(JANE, key="present")))

    assert [(o.end, o.question) for o in report.outcomes] == [(End.DONE, "")]
    assert opens(u, key_of(u, "jane"))


def test_cm_r50_a_renewed_key_that_is_lost_is_renewed_again_by_the_next_apply(u: World) -> None:
    carried_out(u, user(JANE, key="present"))
    u.cms.faults.add(Fault("drop", method="PUT", effect=True))
    report = u.apply(planned(u, user(JANE, key="present", token="1")))

    (outcome,) = report.outcomes
    assert "has not acted" in outcome.question
    assert carried_out(u, *u.documents).sent == [MAKE]
    assert opens(u, key_of(u, "jane"))


class Killed(Vault):
    """The process ends between the answer and the sink."""

    def put(self, to: Mapping[str, Json], value: str) -> None:  # noqa: ARG002 - as it is called
        raise asyncio.CancelledError


@pytest.mark.parametrize("token", [{}, {"token": "1"}], ids=["first", "renewed"])
def test_cm_r50_killed_between_answer_and_sink_one_question_is_left(
    u: World, monkeypatch: pytest.MonkeyPatch, token: dict[str, Any]
) -> None:
    if token:
        carried_out(u, user(JANE, key="present"))
    plan = planned(u, user(JANE, key="present", **token))
    with monkeypatch.context() as patched:
        failing(patched, Killed)
        with pytest.raises(asyncio.CancelledError):
            u.apply(plan)

    asyncio.run(_asked(u))


async def _asked(u: World) -> None:
    from reconciler import workflow

    _, questions, _ = await workflow.settle(u.setup())
    assert len(questions) == 1
    assert "rotateKey" in questions[0]
    again = await workflow.settle(u.setup())
    assert again[1] == (), "it is asked once"


@pytest.mark.parametrize(
    ("words", "field"),
    [({"active": False}, "active"), ({"key": "absent"}, "apiKey"), ({"key": "present", "token": "1"}, "apiKey")],
)
def test_cm_r51_the_reconcilers_own_account_keeps_what_it_needs(
    u: World, words: dict[str, Any], field: str
) -> None:
    for _ in range(2):  # the token must not count as used either
        plan = planned(u, user(OWN.upper(), "own", **words))
        (hold,) = plan.actions[0].holds
        assert (hold.rule, hold.final, hold.only) == ("own-account", True, field)
        assert applied(u, plan).sent == []
    assert accounts(u)[OWN]["active"]


def test_cm_r51_nor_is_its_password_changed_or_itself_taken_away(u: World) -> None:
    carried_out(u, user(OWN, "own", version=1))
    held = carried_out(u, user(OWN, "own", version=2, on_remove="deactivate", allow=["deactivate"]))
    assert holds(held.plan) == {"own": ["own-account"]}
    assert held.sent == []

    plan = planned(u, user(JANE))

    assert "own-account" in holds(plan)["own"]
    assert plan.calls == ()
    assert applied(u, plan).sent == []


def test_cm_r51_the_rest_of_it_is_written_and_a_new_address_is_to_be_said(u: World) -> None:
    deed = carried_out(u, user("root@example.com", "own", key="absent", previous_key=OWN))

    assert deed.sent == ["PUT /user/1"]
    assert "`account: root@example.com`" in " ".join(deed.action("own").notes)


@pytest.mark.parametrize("named", [None, "", "nobody@example.com", JANE, BOB])
def test_cm_r51_nothing_is_written_while_nobody_knows_whose_key_this_is(u: World, named: str | None) -> None:
    u.settings[CMS] = {} if named is None else {"account": named}
    going = {"on_remove": "delete", "allow": ["delete"]}

    plan = planned(u, user(JANE, active=False, key="present"), user(NEW, version=1, **going), user(BOB))

    assert holds(plan) == {"jane": ["unknown-account"], "new.one": ["unknown-account"]}
    assert plan.calls == ()
    assert "account:" in next(a for a in plan.actions if a.holds).holds[0].way_out


def test_cm_r52_a_plan_leaves_an_account_active(u: World) -> None:
    """With the own account named rightly somebody always is."""
    deed = carried_out(u, user(JANE, active=False), user(OWN, "own", active=False), user(BOB, active=False))

    assert deed.sent == ["PUT /user/2"]
    assert holds(deed.plan) == {"own": ["own-account"]}


def test_cm_c9_users_are_one_read_and_each_count_is_its_formula(u: World) -> None:
    carried_out(u, user(NEW, version=1, key="present", **GOING), user(JANE, key="present"), user(BOB))
    two = "two@example.com"

    plan = planned(
        u,
        user(two, version=1, key="present"),  # Uc + Kg
        user(JANE, key="absent", active=False, version=7),  # Uu + Kd
        user("robert@example.com", "bob", active=True, previous_key=BOB),  # Uu
    )  # Ud

    assert plan.reads == (f"{CMS}: {LIST}",)
    assert len(plan.writes) == plan.bound == 1 + 2 + 1 + 1 + 1
    assert applied(u, plan).sent[-1].startswith("DELETE /user/")
