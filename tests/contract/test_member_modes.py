"""Members that are not kept exactly, or cannot be read (ST-R18, ST-R24)."""

from __future__ import annotations

import pytest

from reconciler.model.change import Reason
from tests.contract.deeds import carried_out, only_hold, planned
from tests.contract.studio import BOB, CHEN, JANE, MARIA, join, live, team, user_id
from tests.world import World


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
