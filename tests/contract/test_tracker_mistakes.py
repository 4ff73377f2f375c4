"""Mistakes in real files of the studio: each is told with file and line before anything is written."""

from __future__ import annotations

import pytest

from tests.contract.jobs import action, numbers, planned, rules, teams
from tests.contract.studio_files import file, problems, written
from tests.world import World

JOB = """\
omgJobNumber: "2400001"
name: Alpha
outputs: 2
team: brnd
"""
POST_JOB = """\
omgJobNumber: "2400001"
name: Alpha
projectCode: A-1
team: brnd
"""


def writes(w: World) -> list[str]:
    return [e.call for e in w.tracker.log if e.write]


@pytest.mark.parametrize("spec", [JOB, POST_JOB], ids=["by workbook", "by POST"])
def test_an_unknown_team_is_told_where_it_stands_and_none_is_made(studio: World, spec: str) -> None:
    before = teams(studio)

    plan = planned(studio, *written(file("Project", "job-1", spec)))
    studio.tracker.log.clear()
    studio.apply(plan)

    assert rules(plan, "1") == {"unresolved"}
    (hold,) = action(plan, "1").holds
    assert hold.reason.startswith("manifests/0.yaml:8:9: no ClientTeam 'brnd'")
    assert "did you mean brand" in hold.reason
    assert (plan.writes, writes(studio), teams(studio), numbers(studio)) == ((), [], before, [])


PODS = [
    file("Pod", "a", "slug: pod-a\nname: Pod A\nmembers:\n  - jane@example.com"),
    file("Pod", "b", "slug: pod-b\nname: Pod B\nmembers:\n  - bob@example.com\n  - Jane@Example.com"),
]


def test_two_pods_for_one_person_are_told_at_the_second() -> None:
    (told,) = problems(*PODS)

    assert told.startswith("manifests/1.yaml:9:")
    assert "jane@example.com" in told.casefold()
    assert "studio/Pod/a" in told


@pytest.mark.parametrize("number", ["2337959", "0040001", "1e3"])
def test_an_unquoted_job_number_is_told_where_it_stands(number: str) -> None:
    (project,) = problems(file("Project", "job-1", f"omgJobNumber: {number}\nname: Alpha"))
    assert project.startswith("manifests/0.yaml:5:17: studio/Project/job-1: spec.omgJobNumber: ")
    assert "quote it" in project

    scope = "scope: {from: 2026-04-20, to: 2026-04-26, users: [jane@example.com]}\nbookings:"
    entry = f"  - {{user: jane@example.com, date: 2026-04-21, jobNumber: {number}, hours: 4}}"
    (booking,) = problems(file("BookingPlan", "spring", f"name: Spring\n{scope}\n{entry}"))
    assert booking.startswith("manifests/0.yaml:8:")
    assert "spec.bookings[0].jobNumber: " in booking
    assert "quote it" in booking


BOOKINGS = """\
name: Spring
scope: {from: 2126-04-20, to: 2126-04-26, users: [jane@example.com, zoe@example.com]}
bookings:
  - {user: zoe@example.com, date: 2126-04-21, jobNumber: "2337959", hours: 4}
"""
STRANGERS = {
    "member": ("ClientTeam", "slug: brand\nname: Brand\nmembers:\n  - user: zoe@example.com", "8:13"),
    "pod": ("Pod", "slug: pod-a\nname: Pod A\nmembers:\n  - zoe@example.com", "8:7"),
    "lead": ("Pod", "slug: pod-a\nname: Pod A\nlead: zoe@example.com", "7:9"),
    "booking": ("BookingPlan", BOOKINGS, "8:7, manifests/0.yaml:6:71"),
}


@pytest.mark.parametrize("where", STRANGERS)
def test_an_address_that_nothing_resolves_is_told_where_it_stands(studio: World, where: str) -> None:
    kind, spec, place = STRANGERS[where]

    plan = planned(studio, *written(file(kind, "it", spec)))
    studio.tracker.log.clear()
    studio.apply(plan)

    (hold,) = [h for h in action(plan, "it").holds if h.rule == "unresolved"]
    told = f"manifests/0.yaml:{place}: no User 'zoe@example.com' is live"
    assert hold.reason.partition(" left out; ")[2 if where != "lead" else 0] == told
    assert (plan.writes, writes(studio)) == ((), [])


def test_a_target_that_names_no_organisation_is_told_where_it_stands() -> None:
    good = file("ClientTeam", "brand", "slug: brand\nname: Brand")

    assert problems(good, settings="") == [
        "reconciler.yaml:4:3: targets.studio: say either `organisation: <id>` or `singleOrganisation: true`"
    ]
    assert problems(good, settings="singleOrganisation: false") != []
    assert problems(good, settings="singleOrganisation: true") == problems(good) == []


def test_all_of_them_come_at_once_and_nobody_is_asked(studio: World) -> None:
    bad = file("Project", "job-1", "omgJobNumber: 7\nname: Alpha\nstatus: CANCELLED")
    studio.tracker.log.clear()

    told = problems(*PODS, bad)

    assert [line.split(": ")[0] for line in told] == [
        "manifests/1.yaml:9:7",
        "manifests/2.yaml:5:17",
        "manifests/2.yaml:7:11",
    ]
    assert len(studio.tracker.log) == 0
