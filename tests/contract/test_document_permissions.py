"""Who may do what with a document, and whose it is (OA-R105 to OA-R113)."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from reconciler.twins.core.faults import Fault
from tests.contract import groups as teams
from tests.contract.dashboards import (
    applied,
    by_hand,
    carried_out,
    effects,
    holders,
    notes,
    owner_of,
    paper,
    rules,
    taken_away,
)
from tests.contract.grants import ADMIN, BOB, CHEN, JANE, MARIA, to
from tests.contract.groups import group, people
from tests.world import OMNI, World, world

FIRST = {"allow": ["first-removals"]}


@pytest.fixture(params=["plain", "adversarial"])
def w(request: pytest.FixtureRequest) -> Iterator[World]:
    """Omni Analytics with its seed, and two groups."""
    with world(str(request.param), twins=[OMNI]) as found:
        teams.by_hand(found, "Team", JANE, BOB)
        teams.by_hand(found, "Others", BOB, CHEN)
        yield found


@pytest.fixture
def sales(w: World) -> str:
    return w.omni.add_document("Sales")


def test_oa_c21_users_and_groups_of_one_role_go_in_one_call(w: World, sales: str) -> None:
    step = carried_out(w, paper(sales, permissions=[to("EDITOR", JANE, MARIA, groups=["Team", "Others"])]))

    assert step.sent == [f"POST {sales}/permissions"]
    assert holders(w, sales) == dict.fromkeys((JANE, MARIA, "Team", "Others"), ("EDITOR", False))
    assert (step.asked("preconditions"), step.asked("verify")) == (1, 1)


def test_oa_c21_a_call_per_role_and_boost_for_grants_and_for_changes_and_one_for_all_that_go(
    w: World, sales: str
) -> None:
    by_hand(w, sales, "VIEWER", JANE, "Team")
    by_hand(w, sales, "MANAGER", ADMIN, "Others")
    by_hand(w, sales, "VIEWER", CHEN)

    step = carried_out(
        w,
        paper(
            sales,
            permissions=[
                to("EDITOR", JANE),
                to("EDITOR", groups=["Team"], accessBoost=True),
                to("VIEWER", MARIA, BOB),
            ],
            allow=["first-removals", "last-manager"],
        ),
    )

    assert [line.split(" ")[0] for line in step.sent] == ["POST", "PATCH", "PATCH", "DELETE"]
    assert holders(w, sales) == {
        JANE: ("EDITOR", False),
        "Team": ("EDITOR", True),
        MARIA: ("VIEWER", False),
        BOB: ("VIEWER", False),
    }


def test_oa_r105_explorer_reads_as_interactor(w: World, sales: str) -> None:
    carried_out(w, paper(sales, permissions=[to("EXPLORER", JANE)]))

    assert w.plan().writes == ()


def test_oa_r105_exact_takes_away_what_is_not_listed_once_that_was_consented(w: World, sales: str) -> None:
    by_hand(w, sales, "EDITOR", CHEN)

    plan = w.plan(paper(sales, permissions=[to("VIEWER", JANE)]))

    assert rules(plan) == ["first-removals"]
    assert [c.method for c in plan.writes] == ["POST"]
    assert [c.method for c in plan.held] == ["DELETE"]
    carried_out(w, paper(sales, permissions=[to("VIEWER", JANE)], **FIRST))
    assert holders(w, sales) == {JANE: ("VIEWER", False)}


def test_oa_r105_additive_takes_away_only_what_was_granted_here(w: World, sales: str) -> None:
    by_hand(w, sales, "EDITOR", CHEN)
    mode = {"permissionsMode": "additive"}
    carried_out(w, paper(sales, permissions=[to("VIEWER", JANE, MARIA)], **mode))

    step = carried_out(w, paper(sales, permissions=[to("VIEWER", JANE)], **mode))

    assert step.sent == [f"DELETE {sales}/permissions"]
    assert holders(w, sales) == {JANE: ("VIEWER", False), CHEN: ("EDITOR", False)}


def test_a_grant_that_somebody_took_away_is_given_again(w: World, sales: str) -> None:
    carried_out(w, paper(sales, permissions=[to("VIEWER", JANE, groups=["Team"])]))
    taken_away(w, sales, JANE)

    assert carried_out(w, *w.documents).sent == [f"POST {sales}/permissions"]


def test_oa_r53_a_boost_that_is_not_declared_stays(w: World, sales: str) -> None:
    by_hand(w, sales, "VIEWER", JANE, boost=True)

    carried_out(w, paper(sales, permissions=[to("EDITOR", JANE)]))

    assert holders(w, sales) == {JANE: ("EDITOR", True)}


def test_oa_r106_no_access_is_a_grant_that_may_not_show(w: World, sales: str) -> None:
    step = carried_out(w, paper(sales, permissions=[to("NO_ACCESS", JANE)]))
    assert holders(w, sales) == {JANE: ("NO_ACCESS", False)}
    assert [c.method for c in step.plan.contingent] == ["PATCH"]

    step = carried_out(w, paper(sales, permissions=[to("EDITOR", JANE)]))
    assert holders(w, sales) == {JANE: ("EDITOR", False)}

    carried_out(w, paper(sales, permissions=[to("NO_ACCESS", JANE)]))
    carried_out(w, paper(sales, permissions=[]))
    assert holders(w, sales) == {}


def test_oa_r53_a_group_of_the_same_plan(w: World, sales: str) -> None:
    step = carried_out(w, group("Audit", MARIA), paper(sales, permissions=[to("EDITOR", groups=["audit"])]))

    assert holders(w, sales) == {"Audit": ("EDITOR", False)}
    assert step.plan.contingent == ()


def test_a_name_that_leads_nowhere_is_left_out_and_nothing_is_revoked(w: World, sales: str) -> None:
    carried_out(w, paper(sales, permissions=[to("EDITOR", JANE, MARIA)]))

    plan = w.plan(paper(sales, permissions=[to("EDITOR", JANE, CHEN, "nobody@example.com")]))

    assert rules(plan) == ["unresolved"]
    assert [c.method for c in plan.writes] == ["POST"]
    assert [c.method for c in plan.held] == ["DELETE"]


def test_oa_c20_a_long_access_list_is_read_to_its_end(w: World, sales: str) -> None:
    many = [w.omni.add_user(f"person{n:03}@example.com") for n in range(120)]
    for one in many:
        w.omni.edit("POST", f"/v1/documents/{sales}/permissions", {"role": "VIEWER", "userIds": [one]})
    addresses = [f"person{n:03}@example.com" for n in range(120)]

    plan = w.plan(paper(sales, permissions=[to("VIEWER", *addresses)]))

    assert plan.writes == ()
    assert len([r for r in plan.reads if "access-list" in r]) == 2


# The owner


def test_oa_r110_grant_transfer_look_and_the_previous_owner_ends_as_declared(w: World, sales: str) -> None:
    step = carried_out(w, paper(sales, owner=JANE, permissions=[to("EDITOR", ADMIN), to("EDITOR", BOB)]))

    assert [line.split("?")[0] for line in step.sent] == [
        f"POST {sales}/permissions",
        f"PUT {sales}/transfer-ownership",
        f"GET {sales}/access-list",
        f"PATCH {sales}/permissions",
    ]
    assert owner_of(w, sales) == JANE
    assert holders(w, sales) == {ADMIN: ("EDITOR", False), BOB: ("EDITOR", False)}


def test_oa_r111_exact_revokes_a_previous_owner_who_is_not_declared(w: World, sales: str) -> None:
    step = carried_out(w, paper(sales, owner=JANE, permissions=[]))

    assert [line.split(" ")[0] for line in step.sent] == ["POST", "PUT", "GET", "DELETE"]
    assert step.bodies[0]["role"] == "VIEWER"
    assert holders(w, sales) == {}


def test_oa_r111_additive_leaves_him_as_manager_and_says_so(w: World, sales: str) -> None:
    step = carried_out(w, paper(sales, owner=JANE, permissions=[to("VIEWER", BOB)], permissionsMode="additive"))

    assert [line.split(" ")[0] for line in step.sent] == ["POST", "PUT"]
    assert holders(w, sales) == {BOB: ("VIEWER", False), ADMIN: ("MANAGER", False)}
    assert "stays as MANAGER" in effects(step.plan)


def test_oa_r111_a_previous_owner_who_is_to_be_manager_needs_no_call(w: World, sales: str) -> None:
    step = carried_out(w, paper(sales, owner=JANE, permissions=[to("MANAGER", ADMIN)]))

    assert [line.split(" ")[0] for line in step.sent] == ["POST", "PUT"]
    assert holders(w, sales) == {ADMIN: ("MANAGER", False)}


def test_oa_r110_who_has_a_grant_needs_none(w: World, sales: str) -> None:
    by_hand(w, sales, "VIEWER", JANE)

    step = carried_out(w, paper(sales, owner=JANE))

    assert step.sent == [f"PUT {sales}/transfer-ownership"]
    assert holders(w, sales) == {ADMIN: ("MANAGER", False)}


def test_oa_r110_no_access_lets_nobody_in(w: World, sales: str) -> None:
    by_hand(w, sales, "NO_ACCESS", JANE)

    step = carried_out(w, paper(sales, owner=JANE))

    assert [line.split(" ")[0] for line in step.sent][-1] == "PUT"
    assert (owner_of(w, sales), len(step.sent)) == (JANE, 2)


def test_oa_r110_without_permissions_the_list_of_access_is_read_for_a_new_owner_alone(
    w: World, sales: str
) -> None:
    step = carried_out(w, paper(sales, owner=JANE))

    assert len([r for r in step.plan.reads if "access-list" in r]) == 1
    assert step.sent == [f"POST {sales}/permissions", f"PUT {sales}/transfer-ownership"]
    assert [r for r in w.plan().reads if "access-list" in r] == []


def test_oa_r110_the_same_owner_is_no_call(w: World, sales: str) -> None:
    assert carried_out(w, paper(sales, owner=ADMIN)).sent == []


def test_oa_r111_an_owner_who_had_a_grant_is_not_revoked(w: World, sales: str) -> None:
    by_hand(w, sales, "EDITOR", JANE)

    step = carried_out(w, paper(sales, owner=JANE, permissions=[to("EDITOR", ADMIN)], **FIRST))

    assert [line.split(" ")[0] for line in step.sent] == ["PUT", "GET", "PATCH"]
    assert holders(w, sales) == {ADMIN: ("EDITOR", False)}
    assert "owns the document now" in notes(step.plan)


def test_oa_r62_a_grant_to_the_live_owner_is_refused_and_the_rest_goes_on(w: World, sales: str) -> None:
    step = carried_out(w, paper(sales, permissions=[to("EDITOR", ADMIN, JANE)]))

    assert rules(step.plan) == ["owner-grant"]
    assert holders(w, sales) == {JANE: ("EDITOR", False)}


def test_oa_r109_grants_place_owner_grants_settings_name_labels_in_this_order(w: World, sales: str) -> None:
    step = carried_out(
        w,
        paper(
            sales,
            folder="Finance",
            owner=JANE,
            name="Sales of the week",
            permissions=[to("EDITOR", ADMIN), to("VIEWER", BOB)],
            settings={"canDownload": False},
            labels=["Draft"],
        ),
    )

    assert [line.split("?")[0].replace(sales, "") for line in step.sent[:8]] == [
        "POST /permissions",
        "PUT /move",
        "PUT /transfer-ownership",
        "GET /access-list",
        "PATCH /permissions",
        "PUT /permissions",
        "PATCH ",
        "PATCH /labels",
    ]


def test_a_person_who_is_nobody_as_owner(w: World, sales: str) -> None:
    assert rules(w.plan(paper(sales, owner="jane@exmaple.com"))) == ["unresolved"]


# What is guarded


def test_oa_r113_the_last_manager_beside_the_owner_stays_unless_a_person_says_so(w: World, sales: str) -> None:
    by_hand(w, sales, "MANAGER", MARIA)

    plan = w.plan(paper(sales, permissions=[to("VIEWER", MARIA)]))
    assert rules(plan) == ["last-manager"]
    assert plan.calls == ()
    shown = [f.path for a in plan.actions for f in a.fields]
    assert shown == [("permissions", MARIA, "role")], "though it is held"

    carried_out(w, paper(sales, permissions=[to("VIEWER", MARIA)], allow=["last-manager"]))
    assert holders(w, sales) == {MARIA: ("VIEWER", False)}


def test_oa_r113_another_manager_is_enough(w: World, sales: str) -> None:
    by_hand(w, sales, "MANAGER", MARIA)

    carried_out(w, paper(sales, permissions=[to("MANAGER", groups=["Team"])], **FIRST))

    assert holders(w, sales) == {"Team": ("MANAGER", False)}


def test_oa_r112_the_account_of_the_key_keeps_its_grant(w: World) -> None:
    sales = w.omni.add_document("Sales", owner_id=people(w)[MARIA])
    by_hand(w, sales, "MANAGER", ADMIN)
    w.settings[OMNI] = {"account": ADMIN}

    step = carried_out(w, paper(sales, permissions=[to("VIEWER", JANE)], **FIRST))

    assert rules(step.plan) == ["own-account"]
    assert holders(w, sales) == {JANE: ("VIEWER", False), ADMIN: ("MANAGER", False)}


def test_oa_r112_as_previous_owner_too(w: World, sales: str) -> None:
    w.settings[OMNI] = {"account": ADMIN}

    step = carried_out(w, paper(sales, owner=JANE, permissions=[]))

    assert holders(w, sales) == {ADMIN: ("MANAGER", False)}
    assert rules(step.plan) == ["own-account"]


def test_oa_r108_what_the_key_may_not_see_is_left_alone(w: World, sales: str) -> None:
    w.keys[OMNI] = "omni_pat_test"

    plan = w.plan(paper(sales, permissions=[], labels=["Draft"]))

    assert "forbidden" in rules(plan)
    assert all("permissions" not in c.line for c in plan.calls)


# Somebody in between


def test_a_grant_that_changed_since_the_plan_is_stale(w: World, sales: str) -> None:
    by_hand(w, sales, "VIEWER", JANE)
    plan = w.plan(paper(sales, permissions=[to("EDITOR", JANE)]))
    by_hand(w, sales, "NO_ACCESS", JANE)

    report = w.checked_apply(plan)

    assert {str(o.end) for o in report.outcomes} == {"stale"}


def test_oa_r111_where_the_list_shows_no_manager_nothing_is_done_to_the_previous_owner(
    w: World, sales: str
) -> None:
    plan = w.plan(paper(sales, owner=JANE, permissions=[to("VIEWER", ADMIN)]))
    w.omni.faults.add(Fault("status", "GET", "/access-list", nth=2, status=403))

    step = applied(w, plan)

    assert [str(o.end) for o in step.report.outcomes] == ["done", "done", "failed", "blocked"]
    assert holders(w, sales) == {ADMIN: ("MANAGER", False)}
    assert rules(w.plan()) == ["last-manager"]
    again = paper(sales, owner=JANE, permissions=[to("VIEWER", ADMIN)], allow=["last-manager"])
    assert carried_out(w, again).sent == [f"PATCH {sales}/permissions"]
