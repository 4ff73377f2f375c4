"""Grants in folders: granted, changed, revoked, in as few calls as there are roles (OA-R53 to OA-R65)."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from reconciler.model.change import Verb
from reconciler.twins.core.rules import Rule
from tests.contract import groups as teams
from tests.contract.grants import (
    BOB,
    CHEN,
    FINANCE,
    JANE,
    MARIA,
    MARKETING,
    by_hand,
    carried_out,
    live,
    looks,
    notes,
    opened,
    planned,
    rules,
    state,
    taken_away,
    to,
)
from tests.contract.groups import group, people
from tests.world import OMNI, World, doc, world


@pytest.fixture(params=["plain", "adversarial"])
def w(request: pytest.FixtureRequest) -> Iterator[World]:
    """Omni Analytics with its seed, and two groups."""
    with world(str(request.param), twins=[OMNI]) as found:
        teams.by_hand(found, "Team", JANE, BOB)
        teams.by_hand(found, "Others", BOB, CHEN)
        yield found


def test_oa_r57_users_and_groups_of_one_role_go_in_one_call(w: World) -> None:
    step = carried_out(
        w, opened("finance", to("EDITOR", JANE, MARIA, groups=["Team", "Others"], accessBoost=True))
    )

    assert step.sent == ("POST EDITOR+ 2u 2g",)
    assert live(w) == dict.fromkeys((JANE, MARIA, "Team", "Others"), ("EDITOR", True))


def test_oa_c14_a_call_per_role_and_boost(w: World) -> None:
    step = carried_out(
        w,
        opened(
            "finance",
            to("EDITOR", JANE, groups=["Team"]),
            to("VIEWER", MARIA, accessBoost=True),
            to("VIEWER", CHEN),
            to("NO_ACCESS", BOB),
        ),
    )

    assert sorted(step.sent) == [
        "POST EDITOR 1u 1g",
        "POST NO_ACCESS 1u 0g",
        "POST VIEWER 1u 0g",
        "POST VIEWER+ 1u 0g",
    ]


def test_oa_c14_a_folder_whose_permissions_alone_change_is_not_listed_again(w: World) -> None:
    step = carried_out(w, opened("finance", to("EDITOR", JANE, MARIA)))

    assert len(step.asked("preconditions")) == len(step.report.requests["preconditions"]) == 2
    assert len(step.asked("verify")) == len(step.report.requests["verify"]) == 2


def test_oa_r63_only_who_can_show_a_change_is_asked_afterwards(w: World) -> None:
    carried_out(w, opened("finance", to("EDITOR", JANE, MARIA)))

    step = carried_out(w, opened("finance", to("EDITOR", JANE, MARIA, CHEN)))

    assert (len(step.asked("preconditions")), len(step.asked("verify"))) == (3, 1)


def test_oa_c14_several_folders(w: World) -> None:
    step = carried_out(
        w,
        opened("finance", to("EDITOR", JANE), to("VIEWER", groups=["Others"])),
        opened("marketing", to("EDITOR", JANE, groups=["Team"]), path="Marketing"),
        opened("reports", path="Finance/Reports"),
    )

    assert len(step.sent) == 3
    assert live(w, MARKETING) == {JANE: ("EDITOR", False), "Team": ("EDITOR", False)}


def test_oa_r58_a_change_is_a_patch_and_keeps_the_live_boost(w: World) -> None:
    by_hand(w, "VIEWER", JANE, "Team", boost=True)

    step = carried_out(w, opened("finance", to("EDITOR", JANE), to("EDITOR", groups=["Team"], accessBoost=False)))

    assert sorted(step.sent) == ["PATCH EDITOR 0u 1g", "PATCH EDITOR+ 1u 0g"]
    assert live(w) == {JANE: ("EDITOR", True), "Team": ("EDITOR", False)}


def test_oa_r53_a_boost_that_is_not_declared_is_not_compared(w: World) -> None:
    by_hand(w, "VIEWER", JANE, boost=True)

    assert carried_out(w, opened("finance", to("VIEWER", JANE))).sent == ()
    assert live(w) == {JANE: ("VIEWER", True)}


def test_oa_r53_a_declared_boost_alone_is_a_change(w: World) -> None:
    by_hand(w, "VIEWER", JANE)

    assert carried_out(w, opened("finance", to("VIEWER", JANE, accessBoost=True))).sent == ("PATCH VIEWER+ 1u 0g",)


def test_oa_r59_what_leaves_the_list_is_revoked_in_one_call_if_we_granted_it(w: World) -> None:
    by_hand(w, "VIEWER", CHEN)
    carried_out(w, opened("finance", to("VIEWER", JANE, MARIA, CHEN, groups=["Team"])))

    step = carried_out(w, opened("finance"))

    assert step.sent == ("DELETE 2u 1g",)
    assert live(w) == {CHEN: ("VIEWER", False)}
    assert "left in place: Chen Wei" in notes(step.plan, "finance")
    assert {f.path[1] for a in step.plan.actions for f in a.fields} == {"Jane Smith", "María López", "Team"}


def test_oa_r62_what_nobody_names_is_not_touched(w: World) -> None:
    by_hand(w, "MANAGER", CHEN, "Others")

    carried_out(w, opened("finance", to("VIEWER", JANE)))
    carried_out(w, opened("finance"))

    assert live(w) == {CHEN: ("MANAGER", False), "Others": ("MANAGER", False)}


def test_oa_r85_grants_then_changes_then_revokes_one_after_the_other(w: World) -> None:
    carried_out(w, opened("finance", to("VIEWER", JANE, MARIA)))

    step = carried_out(w, opened("finance", to("EDITOR", JANE), to("VIEWER", CHEN), to("EXPLORER", BOB)))

    assert [s.split(" ")[0] for s in step.sent] == ["POST", "POST", "PATCH", "DELETE"]
    first, second, third, last = step.plan.calls
    assert [sorted(c.follows) for c in step.plan.calls] == [[], [first.id], [second.id], [third.id]]
    assert last.waits == {first.id, second.id, third.id}


def test_a_grant_that_somebody_took_away_is_given_again(w: World) -> None:
    carried_out(w, opened("finance", to("EDITOR", JANE, groups=["Team", "Others"])))
    taken_away(w, JANE, "Others")

    assert carried_out(w, opened("finance", to("EDITOR", JANE, groups=["Team", "Others"]))).sent == (
        "POST EDITOR 1u 1g",
    )


def test_a_grant_that_somebody_changed_is_changed_back(w: World) -> None:
    carried_out(w, opened("finance", to("EDITOR", JANE)))
    taken_away(w, JANE)
    by_hand(w, "MANAGER", JANE)

    assert carried_out(w, opened("finance", to("EDITOR", JANE))).sent == ("PATCH EDITOR 1u 0g",)


def test_a_live_grant_is_adopted_and_left_in_place_later(w: World) -> None:
    by_hand(w, "EDITOR", JANE, "Team")

    assert carried_out(w, opened("finance", to("EDITOR", JANE, groups=["Team"]))).sent == ()
    assert carried_out(w, opened("finance")).sent == ()
    assert set(live(w)) == {JANE, "Team"}


def test_a_person_in_other_letters_and_a_group_by_its_document(w: World) -> None:
    team = group("Team", JANE, BOB, as_="our-team")

    step = carried_out(w, team, opened("finance", to("EDITOR", "JANE@Example.com", groups=["our-team"])))

    assert step.sent == ("POST EDITOR 1u 1g",)
    assert len(looks(step.plan.reads)) == 1


# Whom to ask


def test_oa_r54_a_member_who_is_asked_anyway_shows_the_group(w: World) -> None:
    plan = planned(w, opened("finance", to("EDITOR", BOB, groups=["Team", "Others"])))

    assert len(looks(plan.reads)) == 1


def test_oa_r54_the_member_of_most_groups_is_picked(w: World) -> None:
    plan = planned(w, opened("finance", to("EDITOR", groups=["Team", "Others"])))

    assert [line.rpartition("=")[2] for line in looks(plan.reads)] == [people(w)[BOB]]


def test_oa_c10_groups_are_listed_only_where_one_is_named_or_recorded(w: World) -> None:
    carried_out(w, opened("finance", to("EDITOR", JANE)))
    plan = planned(w, opened("finance", to("EDITOR", JANE)))
    assert not [r for r in plan.reads if "/groups" in r]

    carried_out(w, opened("finance", to("EDITOR", JANE, groups=["Team"])))
    step = carried_out(w, opened("finance", to("EDITOR", JANE)))
    assert [r for r in step.plan.reads if "/groups" in r]
    assert step.sent == ("DELETE 0u 1g",)
    assert not [r for r in planned(w, opened("finance", to("EDITOR", JANE))).reads if "/groups" in r]


def test_oa_c13_nobody_is_asked_for_folders_that_declare_no_permissions(w: World) -> None:
    by_hand(w, "EDITOR", JANE)

    assert looks(planned(w, doc("Folder", "finance", {"path": "Finance"})).reads) == []


def test_oa_r54_permissions_that_are_ignored_are_not_asked_about(w: World) -> None:
    plan = w.plan(opened("finance", to("EDITOR", JANE), ignore=["spec.permissions"]))

    assert (looks(plan.reads), plan.calls) == ([], ())


def test_the_price_is_said(w: World) -> None:
    plan = planned(w, opened("finance", to("EDITOR", JANE, MARIA)))

    assert "calls 1, reads 2 now, 2 just before and at most 2 after" in notes(plan, "finance")
    carried_out(w, opened("finance", to("EDITOR", JANE, MARIA)))
    assert notes(planned(w, opened("finance", to("EDITOR", JANE, MARIA))), "finance") == ""


# Together with other things


def test_oa_r65_a_new_folder_and_a_new_group_in_one_plan(w: World) -> None:
    new = group("Audit", MARIA)
    folder = opened("legal", to("EDITOR", JANE, groups=["audit"]), to("VIEWER", BOB), path="Legal")

    step = carried_out(w, new, folder)

    assert len(step.sent) == 4
    assert len(step.asked("preconditions")) == 0
    assert not step.plan.contingent
    ids = {c.summary.split(" ")[1]: c.id for c in step.plan.calls if c.set_field is None}
    for call in (c for c in step.plan.calls if c.set_field):
        assert ids["Folder"] in call.after
        assert (ids["UserGroup"] in call.after) == ("audit" in call.summary)
    legal = next(f["id"] for f in state(w, "folders").values() if f["name"] == "Legal")
    assert live(w, legal) == {JANE: ("EDITOR", False), "Audit": ("EDITOR", False), BOB: ("VIEWER", False)}


def test_oa_r65_what_was_granted_to_a_group_of_the_same_plan_is_ours(w: World) -> None:
    new = group("Audit", MARIA)
    carried_out(w, new, opened("finance", to("EDITOR", groups=["audit"])))

    assert carried_out(w, new, opened("finance")).sent == ("DELETE 0u 1g",)


def test_oa_r65_deleting_a_folder_takes_its_grants_along(w: World) -> None:
    legal = opened("legal", to("EDITOR", JANE), path="Legal", on_remove="delete", allow=["delete"])
    carried_out(w, legal)

    w.documents = [doc("Folder", "finance", {"path": "Finance"})]
    plan = w.plan()
    report = w.checked_apply(plan)

    assert [c.method for c in plan.writes] == ["DELETE"]
    assert looks([*plan.reads, *report.requests["preconditions"]]) == []
    assert state(w, "permits") == {}


def test_oa_r65_releasing_a_folder_revokes_nothing(w: World) -> None:
    carried_out(w, opened("finance", to("EDITOR", JANE)))

    plan = w.plan(doc("Folder", "marketing", {"path": "Marketing"}))
    w.checked_apply(plan)

    assert plan.calls == ()
    assert Verb.RELEASE in {a.verb for a in plan.actions}
    assert live(w) == {JANE: ("EDITOR", False)}


def test_oa_r65_a_group_is_deleted_after_its_grants_are_gone(w: World) -> None:
    audit = group("Audit", MARIA, on_remove="delete", allow=["delete"])
    carried_out(w, audit, opened("finance", to("EDITOR", groups=["audit"])))

    w.documents = [opened("finance")]
    plan = w.plan()
    w.checked_apply(plan)

    assert [c.method for c in plan.calls] == ["DELETE", "DELETE"]
    assert plan.calls[0].id in plan.calls[1].waits
    assert [c.line for c in w.plan().writes] == []


def test_oa_r65_a_grant_in_a_restricted_folder_counts_as_any_other(w: World) -> None:
    drafts = {"scope": "restricted", "owner": JANE}

    step = carried_out(w, opened("drafts", to("VIEWER", BOB, groups=["Team"]), path="Jane's drafts", more=drafts))

    assert step.sent == ("POST VIEWER 1u 1g",)


def test_a_name_that_leads_nowhere_is_left_out_and_nothing_is_revoked(w: World) -> None:
    carried_out(w, opened("finance", to("EDITOR", JANE, MARIA)))

    plan = w.plan(opened("finance", to("EDITOR", JANE, CHEN, "nobody@example.com")))

    assert rules(plan) == {"unresolved"}
    assert [c.method for c in plan.writes] == ["POST"]
    assert [c.method for c in plan.held] == ["DELETE"]


# The owner


def test_oa_r62_a_grant_to_the_live_owner_is_refused_and_the_rest_goes_on(w: World) -> None:
    step = carried_out(w, opened("marketing", to("EDITOR", BOB, JANE), path="Marketing"))

    assert rules(step.plan) == {"owner-grant"}
    assert set(live(w, MARKETING)) == {JANE}


def test_oa_r62_a_grant_to_the_declared_owner_is_a_mistake() -> None:
    from tests.world import catalog

    kind = catalog().kind("omni-analytics", "Folder")
    wrong = [
        opened("board", to("EDITOR", JANE.upper()), path="Board", more={"scope": "restricted", "owner": JANE}),
        opened("nobody", to("EDITOR"), path="Other"),
    ]

    problems = catalog().verbs["omni-analytics", "Folder"].check(kind, wrong)

    assert sorted(p.rule for p in problems) == ["OA-R53", "OA-R62"]


# While it is carried out


def _meanwhile(w: World, method: str, deed: object) -> None:
    """Somebody else does something just before the first write of this kind takes effect."""
    w.omni.hooks.add(Rule(method, "/permissions$"), "before-effect", lambda _: deed())  # type: ignore[operator]


def test_a_grant_changed_since_the_plan_is_left_alone(w: World) -> None:
    by_hand(w, "VIEWER", JANE)
    plan = planned(
        w, opened("finance", to("EDITOR", JANE)), opened("marketing", to("EDITOR", JANE), path="Marketing")
    )
    taken_away(w, JANE)
    by_hand(w, "MANAGER", JANE)

    report = w.apply(plan)

    assert sorted(str(o.end) for o in report.outcomes) == ["done", "stale"]
    assert live(w) == {JANE: ("MANAGER", False)}


def test_oa_r63_a_grant_that_is_not_as_sent_is_not_done(w: World) -> None:
    plan = planned(w, opened("finance", to("EDITOR", JANE, CHEN)))
    w.omni.hooks.add(Rule("POST", "/permissions$"), "after-effect", lambda _: taken_away(w, CHEN))

    report = w.apply(plan)

    assert [str(o.end) for o in report.outcomes] == ["failed"]
    assert carried_out(w, opened("finance", to("EDITOR", JANE, CHEN))).sent == ("POST EDITOR 1u 0g",)


def test_oa_r64_a_404_for_one_of_several_counts_no_other_as_revoked(w: World) -> None:
    carried_out(w, opened("finance", to("EDITOR", JANE, CHEN)))
    plan = planned(w, opened("finance"))
    _meanwhile(w, "DELETE", lambda: taken_away(w, JANE))

    report = w.apply(plan)

    ends = {str(o.end) for o in report.outcomes}
    assert ends == ({"failed"} if live(w) else {"done"})
    carried_out(w, opened("finance"))
    assert live(w) == {}
    assert FINANCE in state(w, "folders")


def test_permissions_that_are_ignored_for_a_while_stay_ours(w: World) -> None:
    carried_out(w, opened("finance", to("EDITOR", JANE, groups=["Team"])))
    w.checked_apply(w.plan(opened("finance", to("VIEWER", CHEN), ignore=["spec.permissions"])))

    assert carried_out(w, opened("finance")).sent == ("DELETE 1u 1g",)
