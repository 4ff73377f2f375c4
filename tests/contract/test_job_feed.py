"""The job feed and uploads write the same projects behind our back (ST-R40 to ST-R43, ST-R52)."""

from __future__ import annotations

from collections.abc import Mapping

import pytest

from reconciler.model.change import Verb
from reconciler.model.json import Json
from reconciler.model.outcome import End
from reconciler.twins.studio_tracker.things import Org, Team
from tests.contract.jobs import LIST, action, alpha, done, job, live, numbers, outputs, planned, rules, teams
from tests.world import World

FED: Mapping[str, Json] = {
    "number": "007",
    "name": "007 — Fed",
    "team": "Brand Safety",
    "category": "GIF",
    "status": "Client Review",
    "priority": "Priority",
    "dates": {"accepted": "2026-05-01T00:00:00Z", "externalDeadline": "2026-06-01T00:00:00Z"},
}
"""What the feed says of a job; every field of it is another one than ours."""
OURS: Mapping[str, Json] = {
    "status": "ON_HOLD",
    "priority": "LOW",
    "category": "PDF",
    "briefAcceptanceDate": "2026-03-10",
    "externalDeadline": "2026-04-03",
}
WRITTEN_BY_THE_FEED = ["name", "team", *OURS]
GONE = {"on_remove": "delete", "allow": ["delete"]}


@pytest.fixture(autouse=True)
def _first_organisation(studio: World) -> None:
    """The feed writes to the first organisation; here that is ours in both profiles (ST-P14)."""
    orgs = studio.tracker.state.of(Org)
    others = {i: org for i, org in orgs.items() if i != studio.tracker.org_id}
    own = orgs[studio.tracker.org_id]
    orgs.clear()
    orgs.update({own.id: own, **others})


def fed(w: World, **words: Json) -> None:
    w.tracker.fire_feed({**FED, **words})


def test_st_r43_what_the_feed_writes_can_be_left_to_it(studio: World) -> None:
    mine = alpha(**OURS, owner="Ann", statusDetails="Ours", ignore=[f"spec.{n}" for n in WRITTEN_BY_THE_FEED])
    done(studio, mine)
    fed(studio)

    deed = done(studio, mine)

    assert (deed.bodies, deed.action("007").fields) == ((), ())
    project = live(studio, "007")
    assert (project.name, project.status, project.requestor) == ("007 — Fed", "ACTIVE", "Ann")
    again = {**OURS, "owner": "Bob", "statusDetails": "Ours anew", "projectCode": "A-2"}
    sent = done(studio, alpha(**again, ignore=[f"spec.{n}" for n in WRITTEN_BY_THE_FEED])).bodies
    assert [b.partition(" {")[2] for b in sent] == [
        '"description":"Ours anew","projectCode":"A-2","requestor":"Bob"}'
    ]
    assert live(studio, "007").name == "007 — Fed"


def test_st_r43_fields_that_revert_after_every_apply_are_contended_and_not_rewritten_for_ever(
    studio: World,
) -> None:
    mine = alpha(**OURS, owner="Ann")
    done(studio, mine)
    for _ in range(2):
        fed(studio)
        assert len(done(studio, mine).bodies) == 1
    fed(studio)

    deed = done(studio, mine)

    assert deed.calls == []
    contended = {h.only for h in deed.action("007").holds if h.rule == "contended"}
    assert contended == {*WRITTEN_BY_THE_FEED}
    assert all("lifecycle.ignore" in h.way_out for h in deed.action("007").holds)
    sent = done(studio, alpha(**OURS, owner="Bob")).bodies
    assert [b.partition(" {")[2] for b in sent] == ['"requestor":"Bob"}']


def test_st_r43_contended_is_over_once_another_value_is_declared(studio: World) -> None:
    mine = alpha(status="ON_HOLD")
    done(studio, mine)
    for _ in range(3):
        fed(studio)
        done(studio, alpha(status="ON_HOLD", ignore=["spec.name", "spec.team"]))

    assert len(done(studio, alpha(status="COMPLETED", ignore=["spec.name", "spec.team"])).bodies) == 1
    assert live(studio, "007").status == "COMPLETED"


def test_st_r52_what_the_feed_writes_since_the_plan_is_not_overwritten(studio: World) -> None:
    done(studio, alpha(status="ON_HOLD"))
    plan = planned(studio, alpha(status="COMPLETED"))
    fed(studio)

    report = studio.apply(plan)

    assert [o.end for o in report.outcomes] == [End.STALE]
    assert live(studio, "007").status == "ACTIVE"


def test_st_r52_a_job_that_the_feed_made_since_the_plan_is_not_made_twice(studio: World) -> None:
    plan = planned(studio, alpha())
    fed(studio)

    report = studio.apply(plan)

    assert [o.end for o in report.outcomes] == [End.STALE]
    assert "has appeared since the plan" in report.outcomes[0].message
    assert numbers(studio) == ["007"]


def test_st_r52_the_feed_in_the_very_moment_of_a_patch_shows_in_the_next_plan(studio: World) -> None:
    """Between the look and the call nothing can be checked; what was written last is seen afterwards."""
    done(studio, alpha(status="ON_HOLD"))
    plan = planned(studio, alpha(status="COMPLETED"))
    studio.tracker.fire_feed_before(1, {"number": "007", "name": "Fed"}, method="PATCH")

    studio.apply(plan)

    assert live(studio, "007").name == "Fed"
    assert [f.path for f in action(studio.plan(), "007").fields] == [("name",)]


@pytest.mark.parametrize("made_by", ["feed", "upload"])
def test_st_r42_a_project_that_others_made_is_adopted_and_never_deleted(studio: World, made_by: str) -> None:
    if made_by == "feed":
        fed(studio)
    else:
        done(studio, job("007", name="007 — Fed", outputs=0))
        studio.documents = []
        done(studio)
    mine = job("007", owner="Ann", **GONE)
    deed = done(studio, mine, alpha("1"))
    assert deed.action("007").verb is Verb.ADOPT

    plan = planned(studio, alpha("1"))

    assert (rules(plan, "007"), plan.writes) == ({"not-ours"}, ())
    assert "007" in numbers(studio)


def test_st_r42_what_the_feed_made_is_let_go_by_default(studio: World) -> None:
    fed(studio)
    done(studio, job("007", owner="Ann"), alpha("1"))

    deed = done(studio, alpha("1"))

    assert (deed.action("007").verb, deed.bodies) == (Verb.RELEASE, ())


def test_st_r42_what_the_feed_made_may_be_archived_only_if_it_is_ours(studio: World) -> None:
    fed(studio)
    done(studio, job("007", owner="Ann", on_remove="archive", allow=["archive"]), alpha("1"))

    plan = planned(studio, alpha("1"))

    assert (rules(plan, "007"), plan.writes) == ({"not-ours"}, ())


def test_st_r37_the_feed_s_deliverables_are_left_alone(studio: World) -> None:
    fed(studio, outputs=2)

    deed = done(studio, job("007", outputs=5, owner="Ann"))

    assert deed.bodies == (f'PATCH /api/projects/{live(studio, "007").id} {{"requestor":"Ann"}}',)
    assert deed.action("007").notes == ("outputs: 5 declared, 2 live; only a create makes them",)
    assert outputs(studio, "007") == 2


def test_st_r17_a_team_that_the_feed_made_is_nobodys(studio: World) -> None:
    fed(studio, team="Surprise")
    assert "surprise" in teams(studio)

    plan = planned(studio, job("007", owner="Ann"))

    assert {a.address.kind for a in plan.actions} == {"Project"}
    assert [r.split(" ", 1)[1] for r in plan.reads] == [LIST]


def test_st_r40_the_feed_makes_the_old_number_again(studio: World) -> None:
    done(studio, alpha())
    renumbered = alpha("008", previous_key="007", previous_name="job-007", allow=["rename"])
    deed = done(studio, renumbered)
    assert deed.action("008").effects == (
        "the next workbook or job feed that still says 007 creates that project again",
    )
    fed(studio)

    assert done(studio, renumbered).calls == []
    assert numbers(studio) == ["007", "008"]
    assert len({t.slug for t in studio.tracker.state.of(Team).values()}) == len(teams(studio))
