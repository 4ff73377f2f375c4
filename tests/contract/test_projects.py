"""Projects one by one: identity, reading, creating by POST, changing by PATCH (ST-R32 to ST-R41)."""

from __future__ import annotations

import pytest

from reconciler.model.change import Verb
from reconciler.model.json import Json
from reconciler.twins.studio_tracker.things import Team
from tests.contract.jobs import (
    LIST,
    TEAMS,
    action,
    alpha,
    applied,
    change,
    done,
    job,
    live,
    make,
    numbers,
    planned,
    rules,
)
from tests.world import World, doc

pytestmark = pytest.mark.filterwarnings("error")


def test_st_r36_a_create_without_outputs_is_one_post_of_every_declared_field(studio: World) -> None:
    deed = done(
        studio,
        alpha(
            status="ACTIVE", priority="HIGH", category="PDF", owner="Celena", statusDetails="Soon",
            briefAcceptanceDate="2026-03-10", externalDeadline="2026-04-03",
        ),
    )  # fmt: skip

    body = (
        '{"businessUnit":"PDF","clientTeamId":"cmo7team1","description":"Soon","dueDate":"2026-04-03","name":"Alpha",'
        '"omgJobNumber":"007","priority":"HIGH","projectCode":"A-1","requestor":"Celena","startDate":"2026-03-10",'
        '"status":"ACTIVE"}'
    )
    assert deed.bodies == (f"POST /api/projects {body}",)
    assert (deed.reads, deed.before, deed.verified) == ([LIST], [LIST], [])
    assert live(studio, "007").due_date == "2026-04-03T00:00:00.000Z"


def test_st_c8_nothing_is_sent_where_nothing_differs(studio: World) -> None:
    done(studio, alpha())

    plan = planned(studio, alpha())

    assert (plan.calls, plan.reads) == ((), (f"studio: {LIST}",))


@pytest.mark.parametrize("lacking", ["name", "projectCode", "team"])
def test_st_r36_a_create_by_post_needs_number_name_code_and_team(studio: World, lacking: str) -> None:
    one = alpha()
    spec = {k: v for k, v in one.spec.items() if k != lacking}

    plan = planned(studio, job("007", **{k: v for k, v in spec.items() if k != "omgJobNumber"}))

    (hold,) = action(plan, "007").holds
    assert (hold.rule, hold.final, plan.calls) == ("incomplete", True, ())
    assert f"`{lacking}`" in hold.reason
    assert "outputs" in hold.way_out


def test_st_r32_a_number_is_a_text_and_nothing_is_trimmed(studio: World) -> None:
    make(studio, "7")

    done(studio, alpha("007"))

    assert numbers(studio) == ["007", "7"]


def test_st_r32_a_live_project_without_a_number_is_nobodys(studio: World) -> None:
    studio.tracker.add_project("nameless")

    deed = done(studio, alpha())

    assert len(deed.calls) == 1


def test_st_r32_two_live_projects_with_one_number_are_both_refused(studio: World) -> None:
    ids = [studio.tracker.add_project("one", "55"), studio.tracker.add_project("two", "55")]

    plan = planned(studio, alpha("55"), alpha())

    (hold,) = action(plan, "55").holds
    assert hold.rule == "ambiguous"
    assert all(i in hold.reason for i in ids)
    assert [c.line for c in plan.writes] == ["POST /api/projects"]


def test_st_r32_a_recorded_project_that_the_list_lacks_is_asked_for_once(studio: World) -> None:
    done(studio, alpha())
    gone = live(studio, "007").id
    studio.tracker.edit("DELETE", f"/api/projects/{gone}")

    deed = done(studio, alpha())

    assert deed.reads == [LIST, f"{LIST}/{gone}"]
    assert deed.action("007").verb is Verb.CREATE


def test_st_r32_a_renumbering_made_elsewhere_is_held_with_the_line_to_add(studio: World) -> None:
    done(studio, alpha())
    change(studio, "007", omgJobNumber="008")

    drifted = planned(studio, alpha())
    meant = planned(studio, job("009", **{k: v for k, v in alpha().spec.items() if k != "omgJobNumber"}))

    assert [c.line.split("/")[0] for c in drifted.held] == ["PATCH "]
    assert rules(drifted, "007") == {"rename"}
    assert action(meant, "009").verb is Verb.CREATE


def test_st_r33_a_description_is_read_singly_and_only_where_it_is_declared(studio: World) -> None:
    done(studio, alpha(statusDetails="Soon"), alpha("008"))

    plan = planned(studio, alpha(statusDetails="Soon"), alpha("008"))

    assert plan.reads == (f"studio: {LIST}", f"studio: {LIST}/{live(studio, '007').id}")
    assert plan.calls == ()


def test_st_r33_its_absence_from_the_list_is_no_difference(studio: World) -> None:
    done(studio, alpha(statusDetails="Soon"))

    deed = done(studio, alpha(statusDetails="Later"))

    own = live(studio, "007").id
    assert deed.bodies == (f'PATCH /api/projects/{own} {{"description":"Later"}}',)
    assert deed.before == [LIST, f"{LIST}/{own}"]


def test_st_c10_a_description_that_is_not_overwritten_is_not_read_again(studio: World, firm: bool) -> None:
    done(studio, alpha(statusDetails="Soon"))

    deed = done(studio, alpha(statusDetails="Soon", owner="Celena"))

    assert (deed.before, deed.verified) == ([LIST], [] if firm else [LIST])


def test_st_r34_a_slug_that_projects_show_costs_no_team_list(studio: World) -> None:
    assert done(studio, alpha(team="brand")).reads == [LIST]


def test_st_r34_a_slug_that_no_project_shows_costs_one(studio: World) -> None:
    studio.tracker.edit("POST", "/api/client-teams", {"name": "Empty", "slug": "empty"})

    deed = done(studio, alpha(team="empty"))

    assert deed.reads == [TEAMS, LIST]
    assert live(studio, "007").client_team_id == "cmo7team4"


def test_st_r34_a_slug_that_nobody_knows_is_a_problem(studio: World) -> None:
    plan = planned(studio, alpha(team="brnd"))

    assert rules(plan, "007") == {"unresolved"}
    assert "did you mean brand" in action(plan, "007").holds[0].reason
    assert plan.calls == ()


def test_st_r34_a_declared_team_is_made_before_its_project(studio: World) -> None:
    deed = done(studio, alpha(team="fresh"), doc("ClientTeam", "fresh", {"slug": "new-team", "name": "New Team"}))

    assert deed.calls == ["POST /api/client-teams", "POST /api/projects"]
    team = live(studio, "007").client_team_id
    assert studio.tracker.state.of(Team)[str(team)].slug == "new-team"


def test_st_r35_dates_compare_as_instants(studio: World) -> None:
    done(studio, alpha(externalDeadline="2026-04-03"))
    change(studio, "007", dueDate="2026-04-03T00:00:00Z")
    assert planned(studio, alpha(externalDeadline="2026-04-03")).calls == ()

    change(studio, "007", dueDate="2026-04-03T09:30:00Z")
    deed = done(studio, alpha(externalDeadline="2026-04-03"))

    assert deed.bodies == (f'PATCH /api/projects/{live(studio, "007").id} {{"dueDate":"2026-04-03"}}',)


def test_st_r38_an_update_sends_the_changed_keys_in_one_call(studio: World, firm: bool) -> None:
    done(studio, alpha())

    deed = done(studio, alpha(team="retail-media", status="COMPLETED", projectCode="A-2"))

    own = live(studio, "007").id
    assert deed.bodies == (
        f'PATCH /api/projects/{own} {{"clientTeamId":"cmo7team3","projectCode":"A-2","status":"COMPLETED"}}',
    )
    assert (deed.before, deed.verified) == ([LIST], [] if firm else [LIST])


def test_st_c9_one_list_and_one_read_per_description_verify_all_patches(studio: World, firm: bool) -> None:
    done(studio, alpha(), alpha("008"), alpha("009"))

    deed = done(studio, alpha(owner="Ann", projectCode=None) if firm else alpha(owner="Ann", projectCode="B-1"),
                alpha("008", projectCode="B-2", statusDetails="Soon"), alpha("009"))  # fmt: skip

    assert len(deed.calls) == 2
    assert deed.verified == ([] if firm else [LIST, f"{LIST}/{live(studio, '008').id}"])


def test_st_r39_null_clears_by_patch_and_a_refusal_fails_that_project_alone(studio: World, firm: bool) -> None:
    done(studio, alpha(owner="Celena", externalDeadline="2026-04-03"), alpha("008"))
    plan = planned(studio, alpha(owner=None, externalDeadline=None), alpha("008", owner="Ann"))

    deed = applied(studio, plan)

    own = live(studio, "007").id
    assert f'PATCH /api/projects/{own} {{"dueDate":null,"requestor":null}}' in deed.bodies
    assert sorted(str(o.end) for o in deed.report.outcomes) == (["done", "done"] if firm else ["done", "failed"])
    assert live(studio, "008").requestor == "Ann"


def test_st_r40_a_new_number_needs_the_old_one_and_consent(studio: World) -> None:
    done(studio, alpha())
    new = {k: v for k, v in alpha().spec.items() if k != "omgJobNumber"}

    held = planned(studio, job("700", previous_key="007", previous_name="job-007", **new))
    deed = done(studio, job("700", previous_key="007", previous_name="job-007", allow=["rename"], **new))

    assert rules(held, "700") == {"rename"}
    assert deed.bodies == (f'PATCH /api/projects/{live(studio, "700").id} {{"omgJobNumber":"700"}}',)
    assert "still says 007" in deed.action("700").effects[0]
    assert planned(studio, *studio.documents).calls == ()  # old gone and new live


def test_st_r40_a_number_of_another_project_is_refused(studio: World) -> None:
    done(studio, alpha())

    plan = planned(studio, alpha("2337959", previous_key="007", previous_name="job-007", allow=["rename"]))

    assert "name-taken" in rules(plan, "2337959")
    assert plan.writes == ()


def test_st_c8_two_numbers_are_exchanged_in_three_calls(studio: World) -> None:
    done(studio, alpha("1"), alpha("2", name="Beta"))
    one, two = live(studio, "1").id, live(studio, "2").id
    swap = {"allow": ["rename"]}
    documents = [
        doc("Project", "job-1", {"omgJobNumber": "2", **_alpha("Alpha")}, previous_key="1", **swap),
        doc("Project", "job-2", {"omgJobNumber": "1", **_alpha("Beta")}, previous_key="2", **swap),
    ]

    deed = done(studio, *documents)

    assert len(deed.calls) == 3
    assert (live(studio, "2").id, live(studio, "1").id) == (one, two)


def _alpha(name: str) -> dict[str, Json]:
    return {"name": name, "projectCode": "A-1", "team": "brand"}


def test_st_r41_what_is_live_is_adopted_and_updated_in_place(studio: World) -> None:
    own = live(studio, "2337959").id

    deed = done(studio, job("2337959", projectCode="B-9"))

    assert deed.action("2337959").verb is Verb.ADOPT
    assert deed.bodies == (f'PATCH /api/projects/{own} {{"projectCode":"B-9"}}',)


def test_st_r31_teams_and_projects_share_one_project_list(studio: World) -> None:
    done(studio, alpha(), doc("ClientTeam", "brand", {"slug": "brand", "name": "Brand"}))

    plan = planned(studio, alpha(), doc("ClientTeam", "brand", {"slug": "brand", "name": "Brand"}))

    assert [r.split(" ", 1)[1] for r in plan.reads] == [TEAMS, LIST]
