"""Accounts: made, changed, renamed, swapped, adopted, let go, deactivated, deleted (CM-R40 to R48, R52 to R54)."""

from __future__ import annotations

import json
from typing import Any

import pytest

from reconciler.model.faults import ManifestInvalid
from reconciler.model.json import canonical
from reconciler.model.place import Place
from reconciler.model.plan_json import to_json
from reconciler.twins import Fault
from reconciler.twins.core.values import Answer, Request
from tests.contract.components import holds
from tests.contract.users import (
    BOB,
    FILE,
    GOING,
    JANE,
    LIST,
    NEW,
    OWN,
    PASSWORD,
    accounts,
    applied,
    at,
    carried_out,
    planned,
    user,
)
from tests.world import World

POST = "POST /user"


def last_body(u: World, call: str) -> dict[str, object]:
    (*_, body) = [e.body for e in u.cms.log if e.call == call]
    assert isinstance(body, dict)
    return body


def passwords(u: World) -> dict[str, str]:
    return {email: str(one["password"]) for email, one in accounts(u).items()}


def test_cm_r43_an_account_is_made_with_its_password(u: World) -> None:
    plan = planned(u, user(NEW, version=1, active=False))
    deed = applied(u, plan)

    assert deed.sent == [POST]
    assert last_body(u, POST) == {"email": NEW, "password": PASSWORD, "active": False}
    assert accounts(u)[NEW]["active"] is False
    assert u.recorded.bonds[at("new.one")].id == str(accounts(u)[NEW]["id"])
    assert u.recorded.bonds[at("new.one")].made
    assert [c.line for c in plan.contingent] == [LIST]
    left = planned(u, *u.documents)
    assert left.writes == ()
    assert "not verifiable: password (last sent as declared)" in left.actions[0].notes


def test_cm_r46_the_password_is_nowhere_but_in_the_request(u: World) -> None:
    deed = carried_out(u, user(NEW, version="v1"))

    bonds = [b.to_json() for b in u.recorded.bonds.values()]
    said = canonical([to_json(deed.plan), bonds, str(deed.report), str(u.recorded)])
    assert PASSWORD not in said


def test_cm_r46_no_account_is_made_without_a_password(u: World) -> None:
    plan = planned(u, user(NEW), user(JANE, version=1))

    assert holds(plan) == {"new.one": ["no-password"]}
    (hold,) = next(a for a in plan.actions if a.address.name == "new.one").holds
    assert hold.reason.startswith("manifests/new.one.yaml:1:1: ")
    assert plan.writes == ()


def test_cm_r46_another_version_is_sent_and_no_other_time(u: World) -> None:
    carried_out(u, user(NEW, version=1))
    (u.root / FILE).write_text("another-Pass-4712")
    assert planned(u, user(NEW, version=1, active=True)).writes == ()

    before = passwords(u)[NEW]
    deed = carried_out(u, user(NEW, version=2, active=False))

    assert len(deed.sent) == 1
    assert passwords(u)[NEW] != before


def test_cm_r47_an_adopted_account_keeps_its_password_until_the_version_changes(u: World) -> None:
    before = passwords(u)[JANE]

    deed = carried_out(u, user(JANE, version=3, active=True))
    assert (str(deed.action("jane").verb), deed.sent) == ("adopt", [])
    assert "a new `version` is sent" in " ".join(deed.action("jane").notes)
    again = planned(u, *u.documents)
    assert "a new `version` is sent" in " ".join(again.actions[0].notes)
    assert passwords(u)[JANE] == before

    assert carried_out(u, user(JANE, version=4)).sent == ["PUT /user/2"]
    assert passwords(u)[JANE] != before


def test_cm_r47_an_account_that_is_managed_already_gets_the_password_that_is_declared_later(u: World) -> None:
    carried_out(u, user(JANE))

    assert carried_out(u, user(JANE, version=1)).sent == ["PUT /user/2"]


@pytest.mark.parametrize("weak", ["doHY[af2ODt_", "short12", "12345678", "letters-only"])
def test_cm_r48_a_password_against_the_rule_is_found_before_the_first_write(u: World, weak: str) -> None:
    (u.root / FILE).write_text(weak)
    plan = planned(u, user(JANE, active=False), user(NEW, version=1))
    u.cms.log.clear()

    with pytest.raises(ManifestInvalid) as caught:
        u.apply(plan)

    (problem,) = caught.value.problems
    assert problem.place == Place("manifests/new.one.yaml")
    assert "8 characters" in problem.message
    assert weak not in str(caught.value) + repr(caught.value.problems)
    assert [e.call for e in u.cms.log] == []


def test_cm_r48_a_secret_that_is_not_to_be_had_is_found_before_the_first_write(u: World) -> None:
    (u.root / FILE).unlink()
    plan = planned(u, user(BOB, active=True), user(NEW, version=1))
    u.cms.log.clear()

    with pytest.raises(ManifestInvalid, match="cannot be had"):
        u.apply(plan)

    assert [e.call for e in u.cms.log] == []
    assert NEW not in accounts(u)


def test_cm_r44_one_put_with_the_id_in_it_whatever_differs(u: World) -> None:
    carried_out(u, user(JANE, version=1))

    deed = carried_out(u, user("jane.doe@example.com", "jane", version=2, active=False, previous_key=JANE))

    assert deed.sent == ["PUT /user/2"]
    assert accounts(u)["jane.doe@example.com"]["active"] is False
    [call] = deed.plan.writes
    assert isinstance(call.body, dict)
    assert (call.body["id"], list(call.body)) == (2, ["id", "active", "email", "password"])


def test_cm_r44_an_id_that_has_to_be_text_is_sent_so(u: World, monkeypatch: pytest.MonkeyPatch) -> None:
    usual = u.cms.perform

    def strict(request: Request) -> Answer:
        body = json.loads(request.body) if request.method == "PUT" else {}
        if isinstance(body.get("id"), int):
            said = {"code": "omni.field.wrong.type", "message": "The field ‘id’ was not of type string."}
            return Answer(400, {**said, "success": False})
        return usual(request)

    monkeypatch.setattr(u.cms, "perform", strict)

    deed = carried_out(u, user(JANE, active=False), user(BOB, active=True))

    assert deed.sent == [*["PUT /user/3"] * 2, *["PUT /user/2"] * 2], "who waits for the first sees that it worked"
    assert (accounts(u)[JANE]["active"], accounts(u)[BOB]["active"]) == (False, True)


def test_cm_r41_addresses_compare_without_case_and_are_sent_as_written(u: World) -> None:
    assert carried_out(u, user("Jane@Example.com")).sent == []
    assert str(planned(u, user(JANE)).actions[0].verb) == "none"
    deed = carried_out(u, user("Jane@Example.com", "jane", previous_key=JANE))

    assert len(deed.sent) == 1
    assert "Jane@Example.com" in accounts(u)


def test_cm_r41_two_accounts_that_differ_in_case_are_refused_until_one_is_pinned(u: World) -> None:
    if u.cms.knobs.profile == "adversarial":
        return  # there they cannot be two (CM-P20)
    u.cms.add_user("JANE@example.com")

    assert holds(planned(u, user(JANE))) == {"jane": ["ambiguous"]}
    assert carried_out(u, user(JANE, pinned_id="2")).sent == []


def test_cm_r45_a_change_of_address_says_previously(u: World) -> None:
    carried_out(u, user(JANE))
    assert holds(planned(u, user("j@example.com", "jane"))) == {"jane": ["rename-unconfirmed"]}

    deed = carried_out(u, user("j@example.com", "jane", previous_key=JANE))

    assert deed.sent == ["PUT /user/2"]


def test_cm_r45_two_addresses_are_swapped_in_three_calls(u: World) -> None:
    carried_out(u, user(JANE, "a"), user(BOB, "b"))

    deed = carried_out(u, user(BOB, "a", previous_key=JANE), user(JANE, "b", previous_key=BOB))

    assert len(deed.sent) == 3
    assert {e: one["id"] for e, one in accounts(u).items()} == {OWN: 1, BOB: 2, JANE: 3}
    [aside] = [c for c in deed.plan.calls if "aside" in c.summary and not c.trigger]
    assert isinstance(aside.body, dict)
    assert str(aside.body["email"]).endswith("@example.com")


def test_cm_r45_an_address_that_somebody_else_has_is_refused(u: World) -> None:
    assert holds(planned(u, user(BOB, "jane", previous_key=JANE, pinned_id="2"))) == {"jane": ["name-taken"]}


def test_cm_r52_activation_goes_before_deactivation(u: World) -> None:
    deed = carried_out(u, user(JANE, active=False), user(BOB, active=True), user(NEW, version=1))

    assert deed.sent[-1] == "PUT /user/2"
    assert sorted(deed.sent) == [POST, "PUT /user/2", "PUT /user/3"]


def test_cm_r52_a_failed_activation_keeps_the_others_active(u: World) -> None:
    u.cms.faults.add(Fault("status", method="PUT", path="/user/3", status=400))
    report = u.apply(planned(u, user(JANE, active=False), user(BOB, active=True)))

    assert {str(o.end) for o in report.outcomes} == {"failed", "blocked", "unneeded"}
    assert accounts(u)[JANE]["active"]


def test_cm_r53_an_account_that_leaves_git_is_let_go(u: World) -> None:
    carried_out(u, user(NEW, version=1), user(JANE))

    deed = carried_out(u, user(JANE))

    assert (str(deed.action("new.one").verb), deed.sent) == ("release", [])
    assert NEW in accounts(u)


@pytest.mark.parametrize("active", [True, False])
def test_cm_r53_an_account_of_ours_is_deactivated(u: World, active: bool) -> None:
    words: dict[str, Any] = {"on_remove": "deactivate", "allow": ["deactivate"]}
    carried_out(u, user(NEW, version=1, active=active, **words), user(JANE, **words))
    own = accounts(u)[NEW]["id"]

    deed = applied(u, planned(u, user(OWN)))

    assert deed.sent == ([f"PUT /user/{own}"] if active else [])
    assert deed.action("jane").holds[0].rule == "not-ours"
    assert not accounts(u)[NEW]["active"]
    assert accounts(u)[JANE]["active"]
    assert at("new.one") not in u.recorded.bonds


def test_cm_r53_an_account_of_ours_is_deleted_and_nobody_elses(u: World) -> None:
    carried_out(u, user(NEW, version=1, **GOING), user(JANE, **GOING), user(BOB))
    own = accounts(u)[NEW]["id"]

    deed = applied(u, planned(u, user(BOB, active=True)))

    assert deed.sent == ["PUT /user/3", f"DELETE /user/{own}"]
    assert holds(deed.plan) == {"jane": ["not-ours"]}
    assert accounts(u).keys() == {OWN, JANE, BOB}


def test_cm_r53_an_address_passes_on_from_a_deleted_account(u: World) -> None:
    carried_out(u, user(NEW, "old", version=1, **GOING), user(JANE))
    own = accounts(u)[NEW]["id"]

    deed = carried_out(u, user(NEW, "jane", previous_key=JANE))

    assert deed.sent == [f"DELETE /user/{own}", "PUT /user/2"]


def test_cm_r40_a_recorded_account_that_the_list_lacks_is_asked_for_and_made_again(u: World) -> None:
    carried_out(u, user(NEW, version=1))
    own = accounts(u)[NEW]["id"]
    u.cms.edit("DELETE", f"/user/{own}", headers=dict(u.cms.default_headers))

    plan = planned(u, *u.documents)
    assert sorted(r.split(": ", 1)[1] for r in plan.reads) == [f"GET /user/{own}", LIST]
    assert applied(u, plan).sent == [POST]


def test_cm_r54_a_create_with_a_lost_answer_is_found_by_the_list(u: World) -> None:
    u.cms.faults.add(Fault("drop", method="POST", effect=True))
    report = u.apply(planned(u, user(NEW, version=1)))

    assert {str(o.end) for o in report.outcomes} <= {"done", "unneeded"}
    assert [e.call for e in u.cms.log].count(POST) == 1
    assert u.recorded.bonds[at("new.one")].made
    assert planned(u, *u.documents).writes == ()


@pytest.mark.parametrize("effect", [True, False])
def test_cm_r54_a_password_with_a_lost_answer_is_sent_again(u: World, effect: bool) -> None:
    carried_out(u, user(JANE, version=1))
    u.cms.faults.add(Fault("drop", method="PUT", effect=effect))
    u.cms.log.clear()
    report = u.apply(planned(u, user(JANE, version=2)))

    assert {str(o.end) for o in report.outcomes} == {"done", "unneeded"}
    assert [e.call for e in u.cms.log].count("PUT /user/2") == 2
    assert planned(u, *u.documents).writes == ()


def test_cm_r5_a_list_that_needs_the_key_stops_the_run(u: World) -> None:
    from reconciler.model.faults import Unauthorised

    u.keys["cms"] = "wrong"
    with pytest.raises(Unauthorised):
        u.plan(user(JANE, active=False))


def test_cm_r42_drift_is_repaired(u: World) -> None:
    carried_out(u, user(JANE, active=True))
    u.cms.edit("PUT", "/user/2", {"id": 2, "active": False}, headers=dict(u.cms.default_headers))

    deed = carried_out(u, user(JANE, active=True))

    assert deed.sent == ["PUT /user/2"]
    assert str(deed.action("jane").fields[0].reason) == "drift"
