"""What is not deleted, with its reason, while all that does not depend on it goes on (ST-R16, ST-R42, ST-R69)."""

from __future__ import annotations

import pytest

from reconciler.model.plan import Plan
from tests.contract import homes
from tests.contract.homes import BOB, CHEN, JANE, MARIA, pod, settle_in
from tests.contract.jobs import Deed, action, alpha, applied, done, job, live, make, numbers, planned, rules, teams
from tests.contract.studio import live as members
from tests.contract.studio import team, team_id
from tests.contract.uploads import GONE
from tests.world import World


def told(plan: Plan, name: str) -> str:
    return " ".join(f"{h.rule}: {h.reason}" for h in action(plan, name).holds)


def carried_out(w: World, plan: Plan) -> Deed:
    """Nothing of it was refused, and a second plan has the same holds and no calls."""
    deed = applied(w, plan)
    assert deed.ends <= {"done", "held", "unneeded"}
    assert all(e.status in (200, 201, 204) for e in w.tracker.log)
    left = w.plan()
    assert left.writes == ()
    assert {a.address for a in left.actions if a.holds} == {a.address for a in plan.actions if a.holds}
    return deed


@pytest.mark.parametrize("theirs", [1, 3])
def test_a_team_with_projects_stays_and_the_others_go(studio: World, theirs: int) -> None:
    kept = team("kept", JANE)
    done(studio, kept, team("full", JANE, **GONE), team("empty", JANE, **GONE), alpha("7", team="kept"))
    full, empty = team_id(studio, "full"), team_id(studio, "empty")
    for n in range(theirs):
        make(studio, f"99{n}", clientTeamId=full)

    plan = planned(studio, team("kept", JANE, BOB), alpha("7", team="kept", owner="Ann"), team("new"))
    deed = carried_out(studio, plan)

    assert rules(plan, "full") == {"in-use"}
    assert f"projects: {theirs}" in told(plan, "full")
    assert [c for c in deed.calls if c.startswith("DELETE")] == [f"DELETE /api/client-teams/{empty}"]
    assert len(deed.calls) == 1 + 1 + 1 + 1, "a member, an owner, a new team, the empty one"
    assert {"full", "kept", "new"} <= {*teams(studio)}
    assert "empty" not in teams(studio)
    assert {*members(studio, "full")} == {JANE}
    assert {*members(studio, "kept")} == {JANE, BOB}
    assert {a.name for a in studio.recorded.bonds} == {"kept", "full", "new", "job-7"}


def test_a_team_whose_project_leaves_it_in_the_same_plan_goes_and_one_whose_project_cannot_stays(
    studio: World,
) -> None:
    """The one that cannot leave is held by itself: it names a team that nobody knows."""
    kept = team("kept")
    documents = [team("a", **GONE), team("b", **GONE), alpha("7", team="a"), alpha("8", team="b")]
    done(studio, kept, *documents)

    plan = planned(studio, kept, alpha("7", team="kept"), alpha("8", team="nowhere"))
    deed = carried_out(studio, plan)

    assert (rules(plan, "8"), rules(plan, "b"), rules(plan, "a")) == ({"unresolved"}, {"in-use"}, set())
    assert [c.split("/cmo")[0] for c in deed.calls] == ["PATCH /api/projects", "DELETE /api/client-teams"]
    assert {"a", "b"} & {*teams(studio)} == {"b"}
    assert studio.tracker.state.of(type(live(studio, "8")))[live(studio, "8").id].client_team_id is not None


def test_once_its_projects_are_gone_the_team_goes(studio: World) -> None:
    kept = team("kept")
    done(studio, kept, team("full", **GONE))
    own = make(studio, "991", clientTeamId=team_id(studio, "full"))
    carried_out(studio, planned(studio, kept))

    assert studio.tracker.edit("DELETE", f"/api/projects/{own}").ok
    deed = done(studio, kept)

    assert [c.split("/cmo")[0] for c in deed.calls] == ["DELETE /api/client-teams"]


@pytest.fixture
def pods(studio: World) -> World:
    """Nobody is at home anywhere, and there are no pods."""
    homes.empty(studio)
    return studio


def test_a_pod_with_members_that_stay_stays_and_the_others_go(pods: World) -> None:
    kept = pod("kept", JANE)
    done(pods, kept, pod("full", BOB, MARIA, **GONE), pod("empty", **GONE), pod("left", CHEN, **GONE))
    left, empty = homes.pod_id(pods, "left"), homes.pod_id(pods, "empty")

    plan = planned(pods, pod("kept", JANE, CHEN, lead=JANE), pod("new", mode="additive"), team("social", JANE))
    deed = carried_out(pods, plan)

    assert {name: rules(plan, name) for name in ("full", "empty", "left")} == {
        "full": {"in-use"},
        "empty": set(),
        "left": set(),
    }
    assert BOB in told(plan, "full")
    assert sorted(c for c in deed.calls if c.startswith("DELETE")) == sorted(
        f"DELETE /api/pods/{own}" for own in (left, empty)
    )
    assert homes.pods(pods) == ["full", "kept", "new"]
    assert homes.homes(pods) == {JANE: "kept", CHEN: "kept", BOB: "full", MARIA: "full"}
    assert "social" in teams(pods)


def test_a_pod_of_which_one_moves_and_one_stays_stays_and_the_move_is_made(pods: World) -> None:
    done(pods, pod("kept", JANE), pod("full", BOB, MARIA, **GONE))

    plan = planned(pods, pod("kept", JANE, BOB))
    deed = carried_out(pods, plan)

    assert rules(plan, "full") == {"in-use"}
    assert (BOB in told(plan, "full"), MARIA in told(plan, "full")) == (False, True)
    assert deed.bodies == (homes.joined(pods, "kept", BOB),)
    assert homes.homes(pods) == {JANE: "kept", BOB: "kept", MARIA: "full"}
    settle_in(pods, MARIA, None)
    assert [c.split("/cmo")[0] for c in done(pods, *pods.documents).calls] == ["DELETE /api/pods"]


def test_a_project_with_deliverables_stays_and_the_others_go(studio: World) -> None:
    kept = alpha("1")
    done(studio, kept, job("8", name="Beta", outputs=2, **GONE), alpha("9", **GONE))

    plan = planned(studio, alpha("1", owner="Ann"), alpha("2"))
    deed = carried_out(studio, plan)

    assert rules(plan, "8") == {"in-use"}
    assert "deliverables: 2" in told(plan, "8")
    assert sorted(c.split(" ")[0] for c in deed.calls) == ["DELETE", "PATCH", "POST"]
    assert numbers(studio) == ["1", "2", "8"]
