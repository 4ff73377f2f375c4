"""Projects whose documents left git (ST-R42)."""

from __future__ import annotations

from reconciler.model.change import Verb
from tests.contract.jobs import LIST, action, alpha, change, done, job, live, numbers, planned, rules
from tests.world import World, doc

GONE = {"on_remove": "delete", "allow": ["delete"]}
SHELVED = {"on_remove": "archive", "allow": ["archive"]}
KEEP = alpha("1")


def test_st_r42_leaving_git_means_release(studio: World) -> None:
    done(studio, alpha(), KEEP)

    deed = done(studio, KEEP)

    assert (deed.action("007").verb, deed.calls) == (Verb.RELEASE, [])
    assert numbers(studio) == ["007", "1"]


def test_st_r42_archive_is_a_patch_of_the_status(studio: World, firm: bool) -> None:
    done(studio, alpha(**SHELVED), KEEP)
    own = live(studio, "007").id

    deed = done(studio, KEEP)

    assert deed.action("007").verb is Verb.ARCHIVE
    assert deed.bodies == (f'PATCH /api/projects/{own} {{"status":"ARCHIVED"}}',)
    assert (deed.before, deed.verified) == ([LIST], [] if firm else [LIST])
    assert live(studio, "007").status == "ARCHIVED"


def test_st_r42_what_is_archived_already_is_let_go(studio: World) -> None:
    done(studio, alpha(**SHELVED), KEEP)
    change(studio, "007", status="ARCHIVED")

    assert done(studio, KEEP).calls == []


def test_st_r42_an_empty_project_that_we_made_is_deleted(studio: World) -> None:
    done(studio, alpha(**GONE), KEEP)
    own = live(studio, "007").id

    deed = done(studio, KEEP)

    assert deed.bodies == (f"DELETE /api/projects/{own}",)
    assert (deed.before, numbers(studio)) == ([LIST], ["1"])


def test_st_r42_a_project_with_deliverables_is_held(studio: World) -> None:
    done(studio, job("9", name="Beta", outputs=2, **GONE), KEEP)

    plan = planned(studio, KEEP)

    assert rules(plan, "9") == {"in-use"}
    assert action(plan, "9").holds[0].final
    assert "deliverables: 2" in action(plan, "9").holds[0].reason


def test_st_r42_deliverables_made_since_the_plan_stop_the_delete(studio: World) -> None:
    done(studio, alpha(**GONE), KEEP)
    plan = planned(studio, KEEP)
    studio.tracker.add_deliverable(live(studio, "007").id, "Output 1")

    report = studio.apply(plan)

    assert [str(o.end) for o in report.outcomes] == ["stale"]
    assert numbers(studio) == ["007", "1"]


def test_st_r42_a_project_first_seen_in_the_list_is_never_deleted(studio: World) -> None:
    done(studio, job("2337959", **GONE), KEEP)

    plan = planned(studio, KEEP)

    assert "not-ours" in rules(plan, "2337959")
    assert plan.writes == ()


def test_st_r42_404_is_done(studio: World) -> None:
    done(studio, alpha(**GONE), KEEP)
    plan = planned(studio, KEEP)
    own = live(studio, "007").id
    studio.tracker.on_request(1, "before-effect", lambda _: _delete(studio, own), method="DELETE")

    report = studio.apply(plan)

    assert [str(o.end) for o in report.outcomes] == ["done"]


def _delete(w: World, own: str) -> None:
    w.tracker.edit("DELETE", f"/api/projects/{own}")


def test_st_r51_a_team_is_deleted_after_its_projects_have_left_it(studio: World) -> None:
    team = doc("ClientTeam", "old", {"slug": "old", "name": "Old"}, **GONE)
    brand = doc("ClientTeam", "brand", {"slug": "brand", "name": "Brand"})
    done(studio, alpha(team="old"), team, brand)

    deed = done(studio, alpha(team="brand"), brand)

    assert [c.partition("/cmo")[0] for c in deed.calls] == ["PATCH /api/projects", "DELETE /api/client-teams"]


def test_st_r51_a_team_is_deleted_after_its_last_project(studio: World) -> None:
    brand = doc("ClientTeam", "brand", {"slug": "brand", "name": "Brand"})
    done(
        studio,
        alpha(team="old", **GONE),
        doc("ClientTeam", "old", {"slug": "old", "name": "Old"}, **GONE),
        brand,
        KEEP,
    )

    deed = done(studio, brand, KEEP)

    assert [c.partition("/cmo")[0] for c in deed.calls] == ["DELETE /api/projects", "DELETE /api/client-teams"]


def test_st_r16_a_team_stays_while_a_project_in_it_is_held(studio: World) -> None:
    brand = doc("ClientTeam", "brand", {"slug": "brand", "name": "Brand"})
    held = {**GONE, "protect": True}
    done(
        studio,
        alpha(team="old", **held),
        doc("ClientTeam", "old", {"slug": "old", "name": "Old"}, **GONE),
        brand,
        KEEP,
    )

    plan = planned(studio, brand, KEEP)

    assert (rules(plan, "007"), rules(plan, "old")) == ({"protected"}, {"in-use"})
    assert plan.writes == ()
