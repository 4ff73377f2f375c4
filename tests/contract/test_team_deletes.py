"""Teams whose documents left git (ST-R16, ST-R17)."""

from __future__ import annotations

from reconciler.model.change import Verb
from reconciler.model.json import Json
from reconciler.twins.studio_tracker.things import Project, Team
from tests.contract.deeds import applied, carried_out, only_hold, planned
from tests.contract.gone import GONE, KEEP, folder, label, team
from tests.contract.oracle import PROJECTS
from tests.world import World, doc


def test_a_team_without_projects_is_deleted_members_and_all(w: World) -> None:
    spec: dict[str, Json] = {"slug": "alpha", "name": "Alpha", "members": [{"user": "jane@example.com"}]}
    carried_out(w, doc("ClientTeam", "alpha", spec, **GONE), team("beta"))

    deed = carried_out(w, team("beta"))

    assert deed.sent == ("DELETE /api/client-teams/cmo7team4",)
    assert deed.action("alpha").access


def test_a_team_with_projects_is_held(w: World) -> None:
    carried_out(w, team("alpha"), team("beta"))
    w.tracker.edit(
        "POST",
        "/api/projects",
        {"projectCode": "X-1", "name": "X", "omgJobNumber": "991", "clientTeamId": "cmo7team4"},
    )

    plan = planned(w, team("beta"))

    assert plan.writes == ()
    assert (only_hold(plan, "alpha").rule, only_hold(plan, "alpha").final) == ("in-use", True)
    assert "projects: 1" in only_hold(plan, "alpha").reason


def test_projects_are_read_only_where_a_team_may_be_deleted(w: World) -> None:
    carried_out(w, team("alpha"), team("beta"))
    assert not [r for r in planned(w, team("alpha"), team("beta")).reads if PROJECTS in r]

    deed = carried_out(w, team("beta"))

    assert [r for r in deed.plan.reads if PROJECTS in r]
    assert len(deed.report.requests["preconditions"]) == 2


def test_a_team_whose_delete_is_held_hinders_no_other(w: World) -> None:
    carried_out(w, team("alpha", protect=True, **GONE), team("beta"))

    deed = carried_out(w, doc("ClientTeam", "beta", {"slug": "beta", "name": "Beta 2"}))

    assert [line.split(" ")[0] for line in deed.sent] == ["PATCH"]


def test_the_last_team_is_never_deleted(w: World) -> None:
    for n in (1, 2, 3):
        with w.tracker.lock:
            w.tracker.state.of(Project).clear()
            w.tracker.state.of(Team).pop(f"cmo7team{n}")
    carried_out(w, team("alpha"), team("beta"), KEEP)

    plan = planned(w, KEEP)

    assert plan.writes == ()
    assert {h.rule for a in plan.actions for h in a.holds} == {"last-one"}
    assert carried_out(w, team("beta"), KEEP).sent == ("DELETE /api/client-teams/cmo7team4",)


def test_a_team_is_released_unless_it_says_otherwise(w: World) -> None:
    carried_out(w, team("alpha", on_remove=None), team("beta"))

    deed = carried_out(w, team("beta"))

    assert (deed.sent, deed.action("alpha").verb) == ((), Verb.RELEASE)


def test_an_adopted_team_is_not_ours(w: World) -> None:
    carried_out(
        w, doc("ClientTeam", "retail", {"slug": "retail-media", "name": "Retail Media"}, **GONE), team("beta")
    )

    plan = planned(w, team("beta"))

    assert only_hold(plan, "retail").rule == "not-ours"
    assert plan.writes == ()


def test_teams_nobody_declared_are_left_alone(w: World) -> None:
    assert carried_out(w, team("alpha")).sent == ('POST /api/client-teams {"name":"Alpha","slug":"alpha"}',)
    assert len(w.tracker.edit("GET", "/api/client-teams").body) == 4  # type: ignore[arg-type]


def test_nothing_left_in_git_at_all(w: World) -> None:
    """The last document of everything went: what we made goes too, what we found stays."""
    carried_out(w, label("alpha"), folder("a", "A"), team("alpha"), KEEP)
    w.documents = []

    plan = w.plan()
    deed = applied(w, plan)

    assert sorted(line.split(" ")[0] for line in deed.sent) == ["DELETE", "DELETE", "DELETE"]
    assert not w.recorded.bonds
