"""The members of a team: a set of people with a flag each (ST-R18 to ST-R24)."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from reconciler.model.change import Reason
from reconciler.model.document import Address, Document
from reconciler.model.json import Json
from reconciler.model.place import Problem, Severity
from reconciler.twins.studio_tracker.things import Team, User
from reconciler.workflow import Override
from tests.contract.deeds import action, carried_out, held, made, only_hold, planned
from tests.world import TRACKER, World, catalog, doc

JANE, BOB, MARIA, CHEN = (f"{name}@example.com" for name in ("jane", "bob", "maria", "chen"))
BRAND = Address(TRACKER, "ClientTeam", "brand")


def people(*members: Json) -> Json:
    """E-mail addresses, or (address, isPrimary)."""
    return [{"user": m} if isinstance(m, str) else {"user": m[0], "isPrimary": m[1]} for m in members]  # type: ignore[index]


def team(slug: str, *members: object, mode: str = "", **metadata: object) -> Document:
    spec: dict[str, Json] = {"slug": slug, "name": slug.replace("-", " ").title(), "members": people(*members)}  # type: ignore[arg-type]
    return doc("ClientTeam", slug, spec | ({"membersMode": mode} if mode else {}), **metadata)


def user_id(w: World, email: str) -> str:
    return next(u.id for u in w.tracker.state.of(User).values() if u.email == email)


def live(w: World, slug: str) -> dict[str, bool]:
    """Address -> flag, as it is live."""
    emails = {u.id: u.email for u in w.tracker.state.of(User).values()}
    one = next(t for t in w.tracker.state.of(Team).values() if t.slug == slug)
    return {emails[u]: flag for u, flag in one.members.items()}


def team_id(w: World, slug: str) -> str:
    return next(t.id for t in w.tracker.state.of(Team).values() if t.slug == slug)


def join(w: World, slug: str, email: str, **flag: bool) -> None:
    """Somebody else adds a member."""
    made(w.tracker, "POST", f"/api/client-teams/{team_id(w, slug)}/members", {"userId": user_id(w, email), **flag})


def leave(w: World, slug: str, email: str) -> None:
    made(w.tracker, "DELETE", f"/api/client-teams/{team_id(w, slug)}/members?userId={user_id(w, email)}")


# Adding and removing.


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


# isPrimary.


def test_a_changed_flag_is_posted_again_with_a_fall_back(w: World, hard: bool) -> None:
    """ST-R21: in one profile the server takes the flag, in the other it refuses a present member."""
    carried_out(w, team("brand", (JANE, True), (BOB, False)))

    deed = carried_out(w, team("brand", (JANE, False), (BOB, False)))

    jane = user_id(w, JANE)
    flag = f'POST /api/client-teams/cmo7team1/members {{"isPrimary":false,"userId":"{jane}"}}'
    away = f"DELETE /api/client-teams/cmo7team1/members?userId={jane}"
    assert deed.sent == ((flag, away, flag) if hard else (flag,))
    assert (len(deed.plan.writes), len(deed.plan.contingent)) == (1, 2)
    assert live(w, "brand")[JANE] is False
    assert [(f.path, f.before, f.after, f.reason) for f in deed.action("brand").fields] == [
        (("members", JANE, "isPrimary"), True, False, Reason.INTENT)
    ]


def test_a_flag_left_out_is_neither_compared_nor_sent(w: World) -> None:
    carried_out(w, team("brand", JANE, BOB))
    assert live(w, "brand")[JANE] is True

    assert carried_out(w, team("brand", JANE, BOB)).sent == ()


def test_a_flag_flipped_in_the_product_is_drift(w: World) -> None:
    carried_out(w, team("brand", (JANE, True), (BOB, False)))
    leave(w, "brand", JANE)
    join(w, "brand", JANE, isPrimary=False)

    deed = carried_out(w, team("brand", (JANE, True), (BOB, False)))

    assert [(f.path, f.before, f.after, f.reason) for f in deed.action("brand").fields] == [
        (("members", JANE, "isPrimary"), False, True, Reason.DRIFT)
    ]


def test_a_primary_moves_false_before_true(w: World) -> None:
    carried_out(w, team("brand", (JANE, True), BOB), team("brand-safety", MARIA, (JANE, False)))

    deed = carried_out(w, team("brand", (JANE, False), BOB), team("brand-safety", MARIA, (JANE, True)))

    flags = [line for line in deed.sent if "isPrimary" in line]
    assert ["false" in line for line in flags] == sorted(["false" in line for line in flags], reverse=True)
    assert (live(w, "brand")[JANE], live(w, "brand-safety")[JANE]) == (False, True)


def test_a_flag_the_server_flips_by_itself_is_reported(w: World, hard: bool) -> None:
    """Jane becomes primary here; where the server keeps one primary a person it clears the other (ST-R22)."""
    carried_out(w, team("brand", JANE, BOB))

    deed = carried_out(
        w, team("brand", JANE, BOB), team("brand-safety", MARIA, (JANE, True)), unseen=0 if hard else -1
    )

    assert deed.ends == {"done"}
    assert live(w, "brand")[JANE] is hard
    notes = [n for n in deed.report.notes if "changed by itself" in n]
    assert len(notes) == (0 if hard else 1)
    assert all(n.startswith("brand: members") for n in notes)


def test_one_person_primary_in_two_teams_is_an_error_in_the_files() -> None:
    problems = _checked(team("brand", (JANE, True)), team("brand-safety", ("Jane@Example.com", True)))

    assert [(p.rule, p.severity) for p in problems] == [("ST-R20", Severity.ERROR)]
    assert "primary in studio/ClientTeam/brand too" in problems[0].message


@pytest.mark.parametrize("flags", [(True, False), (False, False), (True, None)])
def test_other_flags_of_one_person_in_two_teams_are_fine(flags: tuple[bool | None, ...]) -> None:
    members = [JANE if flag is None else (JANE, flag) for flag in flags]

    assert not _checked(team("brand", members[0]), team("brand-safety", members[1]))


def test_two_primaries_in_one_team_are_a_warning() -> None:
    problems = _checked(team("brand", (JANE, True), (BOB, True)))

    assert [(p.rule, p.severity) for p in problems] == [("ST-R20", Severity.WARNING)]


def _checked(*documents: Document) -> Sequence[Problem]:
    kind = catalog().kind("studio-tracker", "ClientTeam")
    return catalog().verbs["studio-tracker", "ClientTeam"].check(kind, list(documents))


# Additive.


def test_additive_leaves_whom_others_added(w: World) -> None:
    deed = carried_out(w, team("brand", MARIA, mode="additive"))

    assert len(deed.sent) == 1
    assert live(w, "brand").keys() == {JANE, BOB, MARIA}


def test_additive_removes_whom_we_added_and_nobody_else(w: World) -> None:
    carried_out(w, team("brand", MARIA, CHEN, mode="additive"))
    join(w, "brand", "admin@example.com")

    deed = carried_out(w, team("brand", CHEN, mode="additive"))

    assert deed.sent == (f"DELETE /api/client-teams/cmo7team1/members?userId={user_id(w, MARIA)}",)


def test_additive_leaves_in_place_whom_we_found_and_says_so(w: World) -> None:
    carried_out(w, team("brand", JANE, MARIA, mode="additive"))

    deed = carried_out(w, team("brand", MARIA, mode="additive"))

    assert deed.sent == ()
    assert [n for n in deed.action("brand").notes if "left in place" in n]


def test_from_additive_to_exact_is_a_first_removal(w: World) -> None:
    """Managed it was, but never exactly: Jane and Bob were there before us."""
    carried_out(w, team("brand", MARIA, mode="additive"))

    plan = planned(w, team("brand", MARIA))

    assert plan.writes == ()
    assert [c.method for c in plan.held] == ["DELETE", "DELETE"]
    assert only_hold(plan, "brand").rule == "first-removals"


# Members that cannot be read.


@pytest.fixture
def hidden(w: World) -> World:
    """A server whose team list embeds nobody (ST-R24)."""
    w.tracker.knobs.set("members-hidden", "adversarial")
    return w


def test_hidden_members_are_added_once_and_then_not_verifiable(hidden: World) -> None:
    hidden.tracker.knobs.set("ST-P7", "plain")
    wanted = team("brand", JANE, CHEN)

    deed = carried_out(hidden, wanted, unseen=1)
    assert len(deed.sent) == 2
    again = carried_out(hidden, wanted)
    assert again.sent == ()
    assert [n for n in again.action("brand").notes if "not verifiable: members" in n]


def test_hidden_members_whom_we_added_can_be_removed(hidden: World) -> None:
    hidden.tracker.knobs.set("ST-P7", "plain")
    carried_out(hidden, team("brand", JANE, CHEN), unseen=1)

    deed = carried_out(hidden, team("brand", JANE))

    assert deed.sent == (f"DELETE /api/client-teams/cmo7team1/members?userId={user_id(hidden, CHEN)}",)


def test_hidden_members_are_removed_if_the_ledger_knows_them_and_nobody_else(w: World) -> None:
    carried_out(w, team("brand", JANE, BOB))
    join(w, "brand", CHEN)
    w.tracker.knobs.set("members-hidden", "adversarial")

    deed = carried_out(w, team("brand", JANE))

    assert deed.sent == (f"DELETE /api/client-teams/cmo7team1/members?userId={user_id(w, BOB)}",)
    assert live(w, "brand").keys() == {JANE, CHEN}


def test_hidden_members_of_an_additive_team_are_removed_only_if_we_added_them(w: World) -> None:
    carried_out(w, team("brand", JANE, BOB, CHEN, mode="additive"))
    w.tracker.knobs.set("members-hidden", "adversarial")

    deed = carried_out(w, team("brand", JANE, mode="additive"))

    assert deed.sent == (f"DELETE /api/client-teams/cmo7team1/members?userId={user_id(w, CHEN)}",)
    assert [n for n in deed.action("brand").notes if "left in place" in n]


def test_a_hidden_flag_is_sent_again_only_if_the_manifest_changed_it(w: World) -> None:
    carried_out(w, team("brand", (JANE, True), (BOB, False)))
    w.tracker.knobs.set("members-hidden", "adversarial")

    assert carried_out(w, team("brand", (JANE, True), (BOB, False))).sent == ()
    assert carried_out(w, team("brand", (JANE, True), BOB)).sent == ()
    deed = carried_out(w, team("brand", (JANE, True), (BOB, True)))
    assert [f.reason for f in deed.action("brand").fields] == [Reason.INTENT]
    assert [line for line in deed.sent if user_id(w, JANE) in line] == []
    assert live(w, "brand")[BOB] is True


# A member that a plan no longer agrees with.


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
