"""The members of a team: a set of people, kept exactly (ST-R18, ST-R19, ST-R23, ST-R26)."""

from __future__ import annotations

from reconciler.model.change import Reason
from reconciler.workflow import Override
from tests.contract.deeds import action, carried_out, held, made, only_hold, planned
from tests.contract.studio import BOB, BRAND, CHEN, JANE, MARIA, join, leave, live, team, user_id
from tests.world import World, doc


def test_members_are_added_one_call_each(w: World) -> None:
    deed = carried_out(w, team("brand", JANE, BOB, MARIA, CHEN))

    assert sorted(deed.sent) == sorted(
        f'POST /api/client-teams/cmo7team1/members {{"userId":"{user_id(w, m)}"}}' for m in (MARIA, CHEN)
    )
    assert [f.access for f in deed.action("brand").fields] == [True, True]


def test_a_flag_given_at_the_add_costs_nothing_more(w: World) -> None:
    deed = carried_out(w, team("retail-media", (CHEN, True), (MARIA, False)))

    assert [line.split(" ")[-1] for line in deed.sent] == [
        f'{{"isPrimary":false,"userId":"{user_id(w, MARIA)}"}}',
        f'{{"isPrimary":true,"userId":"{user_id(w, CHEN)}"}}',
    ]
    assert deed.plan.contingent == ()


def test_adds_without_a_true_flag_go_first(w: World) -> None:
    """ST-R26: adds without a true flag, then flags set to false, then true ones, then removals."""
    carried_out(w, team("brand", (JANE, True), (BOB, False)))

    deed = carried_out(w, team("brand", (CHEN, True), MARIA, (BOB, True), allow=["first-removals"]))

    order = [("DELETE" if "DELETE" in line else "true" if "true" in line else "add") for line in deed.sent]
    refused = [o.call for o in deed.report.outcomes if "refused" in o.message]
    assert order.index("add") == 0
    assert order[-1] == "DELETE"
    assert len(refused) == (w.tracker.knobs.profile == "adversarial")


def test_a_removal_names_the_person_in_the_query(w: World) -> None:
    carried_out(w, team("brand", JANE, BOB))

    deed = carried_out(w, team("brand", JANE))

    assert deed.sent == (f"DELETE /api/client-teams/cmo7team1/members?userId={user_id(w, BOB)}",)
    assert [f.path for f in deed.action("brand").fields] == [("members", BOB)]


def test_an_empty_list_means_nobody(w: World) -> None:
    carried_out(w, team("brand", JANE, BOB))

    carried_out(w, team("brand"))

    assert live(w, "brand") == {}


def test_members_left_out_are_not_managed(w: World) -> None:
    carried_out(w, team("brand", JANE, BOB))

    deed = carried_out(w, doc("ClientTeam", "brand", {"slug": "brand", "name": "Brand"}))

    assert deed.sent == ()
    assert live(w, "brand").keys() == {JANE, BOB}


def test_addresses_are_compared_without_case(w: World) -> None:
    assert carried_out(w, team("brand", "JANE@Example.com", BOB)).sent == ()


def test_one_person_twice_under_two_spellings_is_refused(w: World) -> None:
    plan = planned(w, team("retail-media", JANE, "JANE@example.com"))

    assert only_hold(plan, "retail-media").rule == "unresolved"
    assert plan.writes == ()


def test_a_person_who_changes_teams_gains_before_losing(w: World) -> None:
    carried_out(w, team("brand", JANE, BOB), team("brand-safety", MARIA))

    deed = carried_out(w, team("brand", JANE), team("brand-safety", MARIA, BOB))

    bob = user_id(w, BOB)
    assert deed.sent == (
        f'POST /api/client-teams/cmo7team2/members {{"userId":"{bob}"}}',
        f"DELETE /api/client-teams/cmo7team1/members?userId={bob}",
    )


# The first time.


def test_first_removals_are_held_until_allowed(w: World) -> None:
    plan = planned(w, team("brand", JANE, MARIA))

    assert [c.method for c in plan.writes] == ["POST"]
    assert [c.method for c in plan.held] == ["DELETE"]
    hold = only_hold(plan, "brand")
    assert (hold.rule, hold.only, hold.final) == ("first-removals", "remove", False)
    assert "first-removals" in hold.way_out


def test_the_rest_of_such_a_team_goes_on_and_the_hold_stays(w: World) -> None:
    carried_out(w, team("brand", JANE, MARIA))
    assert live(w, "brand").keys() == {JANE, BOB, MARIA}

    again = planned(w, team("brand", JANE, MARIA))
    assert (again.writes, held(again)) == ((), {(BRAND, "first-removals")})


def test_with_consent_the_first_removals_are_made(w: World) -> None:
    deed = carried_out(w, team("brand", JANE, allow=["first-removals"]))

    assert [line.split(" ")[0] for line in deed.sent] == ["DELETE"]
    assert live(w, "brand").keys() == {JANE}


def test_an_override_makes_the_first_removals_once(w: World) -> None:
    deed = carried_out(w, team("brand", JANE), overrides=[Override("first-removals", BRAND, "asked Bob")])

    assert [line.split(" ")[0] for line in deed.sent] == ["DELETE"]


def test_a_team_managed_before_needs_no_consent(w: World) -> None:
    carried_out(w, team("brand", JANE, BOB))

    assert len(carried_out(w, team("brand", JANE)).sent) == 1


# Drift.


def test_who_was_added_in_the_product_is_removed_again(w: World) -> None:
    carried_out(w, team("brand", JANE, BOB))
    join(w, "brand", CHEN)

    deed = carried_out(w, team("brand", JANE, BOB))

    assert len(deed.sent) == 1
    assert [(f.path, f.reason) for f in deed.action("brand").fields] == [(("members", CHEN), Reason.DRIFT)]


def test_who_was_removed_in_the_product_is_added_again(w: World) -> None:
    carried_out(w, team("brand", JANE, BOB))
    leave(w, "brand", BOB)

    deed = carried_out(w, team("brand", JANE, BOB))

    assert len(deed.sent) == 1
    assert [(f.path, f.reason) for f in deed.action("brand").fields] == [(("members", BOB), Reason.DRIFT)]


def test_a_member_is_intended_where_the_manifest_says_so_anew(w: World) -> None:
    carried_out(w, team("brand", JANE, BOB))

    deed = carried_out(w, team("brand", JANE, CHEN))

    assert {f.path: f.reason for f in deed.action("brand").fields} == {
        ("members", BOB): Reason.INTENT,
        ("members", CHEN): Reason.INTENT,
    }


def test_a_removal_of_somebody_already_gone_is_done(w: World) -> None:
    """404 is what was wanted (ST-R23): gone between the precondition and the call."""
    carried_out(w, team("brand", JANE, BOB))
    plan = planned(w, team("brand", JANE))
    bob = user_id(w, BOB)
    w.tracker.on_request(
        1,
        "before-effect",
        lambda _: made(w.tracker, "DELETE", f"/api/client-teams/cmo7team1/members?userId={bob}") and None,
        method="DELETE",
    )

    w.tracker.log.clear()
    report = w.apply(plan)

    assert [(str(o.end), o.status) for o in report.outcomes] == [("done", 404)]
    assert action(plan, "brand").bond is not None
