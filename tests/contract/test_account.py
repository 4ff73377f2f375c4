"""Users of OMG Platform, changed and never made (OP-R34 to OP-R44, OP-C1 to OP-C6)."""

from __future__ import annotations

from pathlib import Path

import pytest

from reconciler.model.change import Verb
from reconciler.model.faults import GuardRefused, Unauthorised
from reconciler.twins import Fault
from tests.contract.accounts import (
    JPEG,
    House,
    applied,
    at,
    carried_out,
    house,
    picture,
    planned,
    rules,
    user,
)
from tests.world import World


@pytest.fixture
def h(p: World) -> House:
    return house(p, "jane", "bob", "eve")


# Who it is, and how that is found out.


def test_op_r35_one_user_is_one_look_up(h: House) -> None:
    plan = planned(h, user("jane", firstName="Jane"))

    assert plan.reads == ("platform: GET /user?email=jane%40example.com",)
    assert [(a.verb, a.fields) for a in plan.actions] == [(Verb.ADOPT, ())]


def test_op_r35_whom_the_ledger_knows_is_read_by_the_id(h: House) -> None:
    carried_out(h, user("jane"))

    assert planned(h, user("jane")).reads == (f"platform: GET /user/{h.people['jane']}",)


def test_op_c1_twenty_users_in_sync_are_one_read_and_one_for_each_that_lacks_something(p: World) -> None:
    """The acceptance of many: 1 read where the list shows the ids, else at most 1 + X."""
    names = [f"u{n}" for n in range(20)]
    h = house(p, *names)
    plain = [user(n, firstName=n.title()) for n in names[:15]]
    asking = [user(n, owningAgencyId=h.uk, jobRoleName="House Producer") for n in names[15:]]
    carried_out(h, *plain, *asking)

    assert len(planned(h, *plain, *asking).reads) == (1 if h.lists_ids else 1 + 5)
    assert len(planned(h, *plain).reads) == 1


def test_op_r36_who_is_not_listed_is_looked_up_before_being_missed(h: House) -> None:
    h.p.platform.set_active(h.people["jane"], active=False)
    plan = planned(h, user("jane", firstName="J"), user("bob"))

    if h.p.platform.knobs.hard("OP-P15"):
        assert rules(plan) == {"jane": ["no-such-user"]}
    else:
        assert [c.line for c in plan.writes] == [f"PUT /user/{h.people['jane']}"]


def test_op_r36_an_inactive_one_whom_the_ledger_knows_is_still_managed(h: House) -> None:
    carried_out(h, user("jane"), user("bob"))
    h.p.platform.set_active(h.people["jane"], active=False)

    deed = carried_out(h, user("jane", firstName="J"), user("bob", firstName="B"))

    assert len(deed.sent) == 2


def test_op_r36_an_inactive_one_can_be_pinned(h: House) -> None:
    h.p.platform.set_active(h.people["jane"], active=False)

    deed = carried_out(h, user("jane", pinned_id=h.people["jane"], firstName="J"))

    assert deed.sent == [f'PUT /user/{h.people["jane"]} {{"first_name":"J"}}']


def test_op_r34_a_staff_id_stands_in_the_place_of_the_address(h: House) -> None:
    deed = carried_out(h, user("jane", staffId="S-jane", firstName="J"), user("bob"))

    assert deed.sent == [f'PUT /user/{h.people["jane"]} {{"first_name":"J"}}']
    assert planned(h, user("jane", staffId="S-jane"), user("bob")).reads == ("platform: GET /users",)


def test_op_r34_another_staff_id_is_another_person(h: House) -> None:
    carried_out(h, user("x", staffId="S-jane", firstName="J"))

    deed = carried_out(h, user("x", staffId="S-bob", firstName="J"))

    assert deed.sent == [f'PUT /user/{h.people["bob"]} {{"first_name":"J"}}']


def test_op_r34_one_person_under_two_names_is_refused(h: House) -> None:
    plan = h.p.plan(user("a", staffId="S-jane"), user("b", pinned_id=h.people["jane"]))

    assert rules(plan) == {"a": ["taken"]}


# What cannot be done.


def test_op_r37_nobody_is_made(h: House) -> None:
    plan = planned(h, user("nobody", firstName="N"), user("jane"))

    [hold] = next(a.holds for a in plan.actions if a.holds)
    assert (hold.rule, hold.final) == ("no-such-user", True)
    assert hold.reason == "no such user in the tenant; users cannot be created here"
    assert plan.calls == ()


def test_op_r37_leaving_git_lets_go_and_costs_nothing(h: House) -> None:
    carried_out(h, user("jane", firstName="J"))
    h.p.platform.log.clear()

    deed = carried_out(h)

    assert (deed.sent, h.p.recorded.bonds) == ([], {})
    assert [e.call for e in h.p.platform.log] == []


def test_op_r12_all_recorded_ones_gone_stop_the_run(h: House) -> None:
    carried_out(h, user("jane"), user("bob"))
    h.p.platform.reset()
    h.p.platform.add_tenant("other", "k")

    with pytest.raises(GuardRefused, match="none of the 2 things recorded here is live"):
        h.p.plan()


def test_op_r5_a_bad_key_stops_after_one_call(h: House) -> None:
    h.p.keys["platform"] = "wrong"
    h.p.documents = [user("jane", firstName="J"), user("bob")]
    h.p.platform.log.clear()

    with pytest.raises(Unauthorised):
        h.p.plan()

    assert len(list(h.p.platform.log)) == 1


# Changes.


@pytest.mark.parametrize(("name", "wire"), [("firstName", "first_name"), ("lastName", "last_name")])
def test_op_r38_each_name(h: House, name: str, wire: str) -> None:
    deed = carried_out(h, user("jane", **{"firstName": "Jane", "lastName": "Doe", name: "Über"}))

    assert deed.sent == [f'PUT /user/{h.people["jane"]} {{"{wire}":"Über"}}']


@pytest.mark.parametrize(("name", "wire"), [("owningAgencyId", "owning_agency_id"), ("jobRole", "job_role")])
def test_op_r38_each_id(h: House, name: str, wire: str) -> None:
    new = {"owningAgencyId": h.us, "jobRole": h.director}[name]
    deed = carried_out(h, user("jane", **{name: new}))

    assert deed.sent == [f'PUT /user/{h.people["jane"]} {{"{wire}":{new}}}']


def test_op_r38_two_users_are_two_calls_and_one_list_before_them(h: House) -> None:
    deed = carried_out(h, user("jane", firstName="J"), user("bob", lastName="D", firstName="B"))

    assert len(deed.sent) == 2
    assert deed.report.requests["preconditions"] == ("platform: GET /users",)


def test_op_r38_what_people_changed_is_put_right(h: House) -> None:
    carried_out(h, user("jane", firstName="J"))
    h.p.platform.edit("PUT", f"/user/{h.people['jane']}", {"first_name": "X", "last_name": "Y"})

    deed = carried_out(h, user("jane", firstName="J"))

    assert [str(f.reason) for a in deed.plan.actions for f in a.fields] == ["drift"]
    assert h.live("jane").last_name == "Y", "not declared, not touched"


def test_op_r8_what_moved_since_the_plan_is_not_overwritten(h: House) -> None:
    plan = planned(h, user("jane", firstName="J"), user("bob", firstName="B"))
    h.p.platform.edit("PUT", f"/user/{h.people['jane']}", {"first_name": "X"})

    assert sorted(applied(h, plan).ends) == ["done", "stale"]


# Addresses.


def test_op_r39_a_rename_goes_with_the_rest_in_one_call(h: House) -> None:
    new = user("jane", email="jane.doe@example.com", firstName="J", previous_key="jane@example.com")
    deed = carried_out(h, new)

    assert deed.sent == [
        f'PUT /user/{h.people["jane"]} {{"email_address":"jane.doe@example.com","first_name":"J"}}'
    ]
    assert len(planned(h, new).reads) == 1, "the ledger knows that it is over"


def test_op_r39_both_addresses_live_is_refused(h: House) -> None:
    plan = planned(h, user("jane", email="bob@example.com", previous_key="jane@example.com"))

    assert rules(plan) == {"jane": ["name-taken"]}


def test_op_r39_a_rename_that_people_made_is_over(h: House) -> None:
    h.p.platform.edit("PUT", f"/user/{h.people['jane']}", {"email_address": "jane.doe@example.com"})

    new = user("jane", email="jane.doe@example.com", previous_key="jane@example.com")

    assert carried_out(h, new).sent == []


def test_op_r39_an_address_that_people_changed_is_found_by_the_id_and_put_right(h: House) -> None:
    carried_out(h, user("jane"), user("bob"))
    h.p.platform.edit("PUT", f"/user/{h.people['jane']}", {"email_address": "x@example.com"})

    deed = carried_out(h, user("jane"), user("bob"))

    assert deed.sent == [f'PUT /user/{h.people["jane"]} {{"email_address":"jane@example.com"}}']


def test_op_r39_without_previously_the_line_to_add_is_printed(h: House) -> None:
    carried_out(h, user("jane"))

    plan = planned(h, user("jane", email="jane.doe@example.com"))

    assert rules(plan) == {"jane": ["rename-unconfirmed"]}


def test_op_r39_addresses_are_passed_on_in_order(h: House) -> None:
    carried_out(h, user("jane"), user("bob"))

    deed = carried_out(
        h,
        user("jane", email="bob@example.com", previous_key="jane@example.com"),
        user("bob", email="bobby@example.com", previous_key="bob@example.com"),
    )

    assert [line.split(" ")[1] for line in deed.sent] == [f"/user/{h.people[n]}" for n in ("bob", "jane")]


def test_op_r39_never_in_a_circle(h: House) -> None:
    carried_out(h, user("jane"), user("bob"))

    plan = planned(
        h,
        user("jane", email="bob@example.com", previous_key="jane@example.com"),
        user("bob", email="jane@example.com", previous_key="bob@example.com"),
    )

    assert rules(plan) == {"jane": ["circle"], "bob": ["circle"]}
    assert plan.calls == ()


# Agencies and job roles.


def test_op_r40_a_name_that_a_read_user_shows(h: House) -> None:
    carried_out(h, user("bob", owningAgencyId=h.us))

    deed = carried_out(h, user("jane", owningAgency="House US"), user("bob", owningAgency="House US"))

    assert deed.sent == [f'PUT /user/{h.people["jane"]} {{"owning_agency_id":{h.us}}}']
    [change] = [f for a in deed.plan.actions for f in a.fields]
    assert (change.before, change.after) == ("House UK", "House US")


def test_op_r40_a_name_that_no_read_user_shows(h: House) -> None:
    plan = planned(h, user("jane", jobRoleName="House Director", firstName="J"), user("bob"))

    [hold] = next(a.holds for a in plan.actions if a.holds)
    assert (hold.rule, hold.final) == ("unresolved", True)
    assert hold.way_out.endswith("write its id: `jobRole`")
    assert plan.calls == ()


def test_op_r40_a_name_with_two_ids(h: House) -> None:
    other = h.p.platform.add_agency("House UK")
    carried_out(h, user("bob", owningAgencyId=other), user("jane"))

    plan = planned(h, user("jane", owningAgency="House UK"), user("bob", owningAgencyId=other))

    [hold] = next(a.holds for a in plan.actions if a.holds)
    assert "is more than one Agency" in hold.reason
    assert hold.way_out.endswith("`owningAgencyId`")


@pytest.mark.parametrize("name", ["owningAgencyId", "jobRole"])
def test_op_r41_an_id_that_there_is_not_is_refused_and_the_rest_goes_on(h: House, name: str) -> None:
    plan = planned(h, user("jane", **{name: "999"}), user("bob", firstName="B"))

    deed = applied(h, plan)

    assert sorted(deed.ends) == ["done", "failed"]
    failed = next(o for o in deed.report.outcomes if o.end == "failed")
    assert failed.status in (400, 422)
    assert "does not exist" in failed.message


# Pictures.


def test_op_r42_a_picture_is_uploaded_once(h: House, tmp_path: Path) -> None:
    face = picture(h.p, tmp_path, "jane.jpg")
    deed = carried_out(h, user("jane", firstName="J", avatar=face))

    own = h.people["jane"]
    assert deed.sent == [f'PUT /user/{own} {{"first_name":"J"}}', f"POST /user/{own}/avatar"]
    assert h.live("jane").avatar_sha256 == face["$file"]["sha256"]  # type: ignore[index, call-overload]
    other = picture(h.p, tmp_path, "other.jpg", JPEG + b"!")
    assert carried_out(h, user("jane", avatar=other)).sent == [f"POST /user/{own}/avatar"]


def test_op_r42_a_refused_put_keeps_the_picture_back(h: House, tmp_path: Path) -> None:
    face = picture(h.p, tmp_path, "jane.jpg")
    plan = planned(h, user("jane", jobRole="999", avatar=face))

    assert applied(h, plan).ends == ["failed", "blocked"]
    assert h.live("jane").avatar_sha256 is None


def test_op_r42_the_name_of_the_part_is_a_setting(h: House, tmp_path: Path) -> None:
    h.p.settings["platform"] = {"avatarPart": "picture"}
    face = picture(h.p, tmp_path, "jane.jpg")

    deed = carried_out(h, user("jane", avatar=face))

    assert [list(c.body) for c in deed.plan.writes if isinstance(c.body, dict)] == [["picture"]]


@pytest.mark.parametrize("effect", [False, True])
def test_op_r43_an_upload_whose_answer_is_lost_goes_again_with_the_next_run(
    h: House, tmp_path: Path, effect: bool
) -> None:
    face = picture(h.p, tmp_path, "jane.jpg")
    plan = planned(h, user("jane", avatar=face))
    h.p.platform.faults.add(Fault("drop", method="POST", effect=effect))
    report = h.p.apply(plan)

    assert [str(o.end) for o in report.outcomes] == ["failed"]
    assert len(h.p.platform.log.writes()) == 1, "never twice in one run"
    h.p.platform.faults.clear()
    assert carried_out(h, user("jane", avatar=face)).sent == [f"POST /user/{h.people['jane']}/avatar"]


def test_op_r7_an_upload_refused_for_haste_is_not_repeated(h: House, tmp_path: Path) -> None:
    plan = planned(h, user("jane", avatar=picture(h.p, tmp_path, "jane.jpg")))
    h.p.platform.faults.add(Fault("throttle", method="POST"))

    report = h.p.apply(plan)

    assert [(str(o.end), o.status) for o in report.outcomes] == [("failed", 429)]


# Troubles.


@pytest.mark.parametrize("fault", ["status", "drop"])
@pytest.mark.parametrize("effect", [False, True])
def test_op_r6_fields_whose_answer_is_lost_are_looked_at_and_sent_again(
    h: House, fault: str, effect: bool
) -> None:
    plan = planned(h, user("jane", firstName="J"))
    h.p.platform.faults.add(Fault(fault, method="PUT", effect=effect))
    report = h.p.apply(plan)

    assert [str(o.end) for o in report.outcomes] == ["done"]
    assert h.live("jane").first_name == "J"
    assert carried_out(h, user("jane", firstName="J")).sent == []


def test_op_r41_an_address_that_somebody_took_meanwhile_is_refused(h: House) -> None:
    plan = planned(h, user("jane", email="new@example.com", previous_key="jane@example.com"))
    h.p.platform.edit("PUT", f"/user/{h.people['bob']}", {"email_address": "new@example.com"})

    deed = applied(h, plan)

    assert (deed.ends, deed.report.outcomes[0].status) == (["failed"], 422)


def test_op_r44_no_name_of_an_agency_or_a_role_is_ever_sent(h: House) -> None:
    carried_out(h, user("bob", owningAgencyId=h.us, jobRole=h.director))
    every = {"owningAgency": "House US", "jobRoleName": "House Director", "firstName": "J"}
    deed = carried_out(h, user("jane", **every), user("bob", owningAgencyId=h.us, jobRole=h.director))

    body = f'{{"first_name":"J","job_role":{h.director},"owning_agency_id":{h.us}}}'
    assert deed.sent == [f"PUT /user/{h.people['jane']} {body}"]


def test_op_r34_observed_and_moved(h: House) -> None:
    plan = planned(h, user("jane", firstName="J", manage="observe"))
    assert ([a.verb for a in plan.actions], plan.calls) == ([Verb.OBSERVE], ())
    carried_out(h, user("jane", firstName="J"))

    deed = carried_out(h, user("j", email="jane@example.com", firstName="J", previous_name="jane"))

    assert (deed.sent, at("j") in h.p.recorded.bonds) == ([], True)
