"""User groups: one request for a name and any number of members (OA-R42 to OA-R50, OA-C10, OA-C12)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pytest

from reconciler.model.change import Verb
from reconciler.model.json import Json
from reconciler.model.outcome import End
from reconciler.twins import Fault
from tests.contract.groups import ANN, BEN, CAT, additive, bare, by_hand, carried_out, group, live, people, rules
from tests.world import OMNI, World, world


@pytest.fixture(params=["plain", "adversarial"])
def w(request: pytest.FixtureRequest) -> Iterator[World]:
    """Omni Analytics with three people more and no groups."""
    with world(str(request.param), twins=[OMNI]) as found:
        for one in (ANN, BEN, CAT):
            found.omni.add_user(one)
        yield found


def test_oa_r44_a_create_carries_all_members(w: World) -> None:
    step = carried_out(w, group("Finance", ANN, BEN))

    assert step.sent == ("POST /scim/v2/groups",)
    assert live(w) == {"Finance": {ANN, BEN}}


def test_oa_r44_members_that_are_not_declared_are_not_sent(w: World) -> None:
    carried_out(w, bare("Finance"))

    assert live(w) == {"Finance": set()}


def test_oa_r45_one_put_for_a_rename_and_any_number_of_members(w: World) -> None:
    carried_out(w, group("Finance", ANN))

    step = carried_out(w, group("Finance Team", BEN, CAT, as_="finance", previous_key="Finance"))

    assert [s.split(" ")[0] for s in step.sent] == ["PUT"]
    assert live(w) == {"Finance Team": {BEN, CAT}}


def test_oa_r45_a_rename_alone_carries_the_live_members_along(w: World) -> None:
    by_hand(w, "Finance", ANN, CAT)

    carried_out(w, bare("Finance Team", as_="finance", previous_key="Finance"))

    assert live(w) == {"Finance Team": {ANN, CAT}}


def test_oa_r46_additive_leaves_whom_others_added(w: World) -> None:
    by_hand(w, "Finance", CAT)

    carried_out(w, additive("Finance", ANN))
    assert live(w) == {"Finance": {ANN, CAT}}
    carried_out(w, additive("Finance"))
    assert live(w) == {"Finance": {CAT}}


def test_oa_r46_exact_removes_whom_nobody_names_once_that_is_allowed(w: World) -> None:
    by_hand(w, "Finance", CAT, BEN)

    assert rules(w.plan(group("Finance", ANN))) == {"first-removals"}
    carried_out(w, group("Finance", ANN, allow=["first-removals"]))

    assert live(w) == {"Finance": {ANN}}


def test_oa_r46_an_empty_list_empties_the_group_and_the_plan_says_so(w: World) -> None:
    carried_out(w, group("Finance", ANN))

    step = carried_out(w, group("Finance"))

    assert step.plan.actions[0].effects == ("empties the group",)
    assert live(w) == {"Finance": set()}


def test_oa_r46_members_are_access(w: World) -> None:
    plan = w.plan(group("Finance", ANN))

    assert [f.path for f in plan.actions[0].fields if f.access] == [("members", ANN)]


def test_oa_r47_members_that_moved_since_the_plan_are_not_overwritten(w: World) -> None:
    carried_out(w, group("Finance", ANN))
    plan = w.plan(group("Finance", BEN))
    [(remote_id, _)] = [(b.id, b) for b in w.recorded.bonds.values()]
    ids = people(w)
    now: Json = {"displayName": "Finance", "members": [{"value": ids[CAT], "display": "Cat"}]}
    w.omni.edit("PUT", f"/scim/v2/groups/{remote_id}", now)

    report = w.apply(plan)

    assert [o.end for o in report.outcomes] == [End.STALE]
    assert live(w) == {"Finance": {CAT}}


def test_oa_r48_two_groups_swap_their_names_in_three_puts(w: World) -> None:
    carried_out(w, group("Red", ANN), group("Blue", BEN))

    step = carried_out(
        w, group("Blue", ANN, as_="red", previous_key="Red"), group("Red", BEN, as_="blue", previous_key="Blue")
    )

    assert [s.split(" ")[0] for s in step.sent] == ["PUT"] * 3
    assert live(w) == {"Blue": {ANN}, "Red": {BEN}}


def test_oa_r48_a_rename_onto_a_name_in_use_is_refused(w: World) -> None:
    carried_out(w, group("Red", ANN))
    by_hand(w, "Blue")

    assert rules(w.plan(group("Blue", ANN, as_="red", previous_key="Red"))) == {"name-taken"}


def test_oa_r42_two_of_one_name_are_both_refused(w: World) -> None:
    ids = {by_hand(w, "Finance"), by_hand(w, "Sales")}
    second = w.omni.edit("POST", "/scim/v2/groups", {"displayName": "Finance", "members": []})
    assert second.ok == (w.omni.knobs.profile == "adversarial")

    plan = w.plan(group("Finance", ANN))

    assert rules(plan) == ({"ambiguous"} if second.ok else set())
    assert not second.ok or any(i in plan.actions[0].holds[0].reason for i in ids)


def test_oa_r42_adopting_touches_nothing_that_is_right(w: World) -> None:
    by_hand(w, "Finance", ANN)

    step = carried_out(w, group("Finance", ANN))

    assert (step.sent, step.plan.actions[0].verb) == ((), Verb.ADOPT)


def test_oa_r49_leaving_git_releases_unless_delete_was_asked_for(w: World) -> None:
    carried_out(w, group("Finance", ANN), group("Sales", BEN, on_remove="delete", allow=["delete"]))

    w.documents = []
    step = carried_out(w)

    assert [s.split(" ")[0] for s in step.sent] == ["DELETE"]
    assert live(w) == {"Finance": {ANN}}


def test_oa_r49_what_somebody_else_made_is_never_deleted(w: World) -> None:
    by_hand(w, "Finance", ANN)
    carried_out(w, group("Finance", ANN, on_remove="delete", allow=["delete"]))

    w.documents = []

    assert rules(w.plan()) == {"not-ours"}


def test_drift_is_put_right(w: World) -> None:
    carried_out(w, group("Finance", ANN))
    [bond] = w.recorded.bonds.values()
    w.omni.edit("PUT", f"/scim/v2/groups/{bond.id}", {"displayName": "Fun", "members": []})

    carried_out(w, group("Finance", ANN))

    assert live(w) == {"Finance": {ANN}}


def test_a_member_nobody_knows_holds_the_whole_group(w: World) -> None:
    plan = w.plan(group("Finance", "nobody@example.com"))

    assert (rules(plan), plan.writes) == ({"unresolved"}, ())


@pytest.mark.parametrize(
    "fault", [Fault("drop", effect=True), Fault("status", effect=True), Fault("drop", effect=False)]
)
def test_oa_r50_a_create_in_doubt_is_looked_up_and_never_doubled(w: World, fault: Fault) -> None:
    plan = w.plan(group("Finance", ANN))
    w.omni.faults.add(replace(fault, method="POST", path="/scim/v2/groups"))

    w.apply(plan)

    assert live(w) == {"Finance": {ANN}}
    assert [c.line for c in w.plan().writes] == []


def test_oa_r43_pages_beyond_the_first_are_read(w: World) -> None:
    for n in range(120):
        by_hand(w, f"Group {n:03}")

    plan = w.plan(bare("Group 119"))

    assert plan.actions[0].verb is Verb.ADOPT
    assert sum("/scim/v2/groups" in r for r in plan.reads) >= 2
