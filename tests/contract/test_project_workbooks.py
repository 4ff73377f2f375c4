"""Projects by workbook: which way, the form, the gate, the commit, and doubt (ST-R37, ST-R44 to ST-R52)."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

import pytest

from reconciler.model.change import Verb
from reconciler.model.document import Document
from reconciler.model.json import Json
from reconciler.model.outcome import End
from reconciler.providers.studio_tracker import workbook
from reconciler.twins import Fault
from reconciler.twins.studio_tracker.things import Team, Template
from tests.contract.jobs import (
    BOTH,
    COMMIT,
    HEALTH,
    LIST,
    PREVIEW,
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
    outputs,
    planned,
    rules,
    teams,
    uploads,
)
from tests.world import World, doc


def some(n: int, **words: object) -> list[Document]:
    return [alpha(f"{i:03}", **words) for i in range(n)]


def fresh(n: int, **words: object) -> list[Document]:
    """Projects that only a workbook can make."""
    return [job(f"{i:03}", **{"name": f"Beta {i}", "outputs": i, **words}) for i in range(n)]


@pytest.mark.parametrize("count", [1, 2, 3, 4, 10])
def test_st_r45_updates_alone_cost_two_calls_at_most(studio: World, count: int) -> None:
    done(studio, *some(count))

    deed = done(studio, *some(count, owner="Celena"))

    assert len(deed.calls) == min(count, 2)
    assert deed.calls == list(BOTH) if count > 2 else all(c.startswith("PATCH") for c in deed.calls)
    assert deed.before == [LIST]
    assert all(live(studio, f"{i:03}").requestor == "Celena" for i in range(count))


def test_st_c8_a_create_with_outputs_and_a_code_takes_five_calls_less_one(studio: World, firm: bool) -> None:
    deed = done(studio, job("9", name="Beta", outputs=3, projectCode="B-1", team="brand"))

    own = live(studio, "9").id
    assert deed.calls == [*BOTH, LIST, f"PATCH /api/projects/{own}"]
    assert deed.bodies == (f'PATCH /api/projects/{own} {{"projectCode":"B-1"}}',)
    assert sorted(deed.reads) == sorted(deed.before) == sorted([LIST, HEALTH])
    assert deed.verified == ([] if firm else [LIST])
    assert outputs(studio, "9") == 3
    assert any("projectCode" in n for n in deed.action("9").notes)


def test_st_r37_without_more_to_say_the_list_after_the_commit_tells_the_id(studio: World) -> None:
    deed = done(studio, *fresh(3))

    assert (deed.calls, deed.verified) == (list(BOTH), [LIST])
    assert [outputs(studio, f"{i:03}") for i in range(3)] == [0, 1, 2]
    assert studio.recorded.bonds[deed.action("000").address].id == live(studio, "000").id
    assert studio.recorded.bonds[deed.action("000").address].made


@pytest.mark.parametrize("status", ["COMPLETED", "CANCELED", "ARCHIVED"])
def test_st_r37_a_status_without_a_cell_text_follows_by_patch(studio: World, status: str) -> None:
    deed = done(studio, job("9", name="Beta", outputs=1, status=status))

    assert deed.bodies == (f'PATCH /api/projects/{live(studio, "9").id} {{"status":"{status}"}}',)


def test_st_r37_outputs_are_a_matter_of_the_create_alone(studio: World) -> None:
    done(studio, *fresh(2))

    plan = planned(studio, job("001", name="Beta 1", outputs=7))

    assert plan.calls == ()
    assert "outputs: 7 declared, 1 live; only a create makes them" in action(plan, "001").notes


def test_st_r37_a_workbook_needs_a_name_that_a_cell_holds(studio: World) -> None:
    plan = planned(studio, job("8", outputs=1), job("9", outputs=1, name=" Beta"))

    assert rules(plan, "8") == rules(plan, "9") == {"incomplete"}
    assert plan.calls == ()


@pytest.mark.parametrize("updates", [1, 2, 5])
def test_st_r45_updates_ride_along_with_creates(studio: World, updates: int) -> None:
    done(studio, *[alpha(f"u{i}") for i in range(updates)])

    deed = done(studio, *[alpha(f"u{i}", owner="Ann") for i in range(updates)], *fresh(2))

    assert deed.calls == list(BOTH)
    assert "goes by workbook" in deed.action("u0").notes[0]


@pytest.mark.parametrize(
    ("field", "value"), [("projectCode", "B-2"), ("status", "COMPLETED"), ("owner", " Ann "), ("name", "a\rb")]
)
def test_st_r44_what_a_row_cannot_say_is_patched_whole(studio: World, field: str, value: str) -> None:
    done(studio, *some(4))

    deed = done(studio, *some(3, priority="HIGH"), alpha("003", priority="HIGH", **{field: value}))

    assert sorted(c.split(" ")[0] for c in deed.calls) == ["PATCH", "POST", "POST"]
    assert live(studio, "003").priority == "HIGH"


def test_st_r44_clearing_goes_by_patch(studio: World, firm: bool) -> None:
    done(studio, *some(3, owner="Ann"))

    plan = planned(studio, *some(3, owner=None))

    assert [c.method for c in plan.writes] == ["PATCH"] * 3
    ends = {str(o.end) for o in applied(studio, plan).report.outcomes}
    assert ends == ({"done"} if firm else {"failed"})


def test_st_r36_creates_without_outputs_never_go_by_workbook(studio: World) -> None:
    deed = done(studio, *some(5), job("9", name="Beta", outputs=1))

    assert (
        sorted(c.split("?")[0] for c in deed.calls)
        == ["POST /api/projects"] * 5 + ["POST /api/projects/bulk-import"] * 2
    )


def test_st_r46_preview_and_commit_are_the_same_bytes_and_fill_what_changes(studio: World) -> None:
    done(studio, *some(3))
    planned(studio, *some(3, owner="=1+1", externalDeadline="2026-04-03"))

    deed = done(studio, *studio.documents)

    rows = [c.body for c in deed.plan.calls if c.carrier]
    assert rows == [
        {"Owner": "=1+1", "Number": f"{i:03}", "Project Name": "Alpha", "External Deadline": "2026-04-03"}
        for i in range(3)
    ]
    assert live(studio, "000").requestor == "=1+1"
    assert deed.action("000").verb is Verb.UPDATE


def test_st_r46_the_bytes_sent_twice_are_the_same(studio: World) -> None:
    applied(studio, planned(studio, *fresh(4)))

    first, second = uploads(studio)
    assert first == second
    assert isinstance(first, list)
    assert len(first) == 1
    assert isinstance(first[0], dict)
    assert first[0].keys() == {"bytes", "filename", "media", "name", "sha256"}


def test_st_r46_a_team_is_named_where_its_name_leads_to_its_slug(studio: World) -> None:
    studio.tracker.edit("POST", "/api/client-teams", {"name": "Odd One", "slug": "odd"})
    plan = planned(studio, *fresh(1, team="odd"), job("9", name="G", outputs=0, team="brand-safety"))

    assert sorted(str(c.body["Team"]) for c in plan.calls if c.carrier and isinstance(c.body, dict)) == [
        "Brand Safety",
        "odd",
    ]
    applied(studio, plan)
    assert len(teams(studio)) == 4  # and no team was made


def test_st_r47_more_than_18_teams_may_take_a_second_workbook(studio: World) -> None:
    for i in range(30):
        studio.tracker.edit("POST", "/api/client-teams", {"name": f"Team {i}", "slug": f"team-{i}"})

    deed = done(studio, *[job(f"{i:03}", name="N", outputs=0, team=f"team-{i % 30}") for i in range(60)])

    assert deed.calls == [*BOTH, *BOTH]
    assert deed.reads[-1] == HEALTH or HEALTH in deed.reads
    assert deed.verified == [LIST]


def test_st_r47_eighteen_teams_fit_in_one_workbook(studio: World) -> None:
    for i in range(18):
        studio.tracker.edit("POST", "/api/client-teams", {"name": f"Team {i}", "slug": f"team-{i}"})
    status = [("PIPELINE", "ACTIVE", "ON_HOLD")[i // 5 % 3] for i in range(72)]
    risk = [("LOW", "MEDIUM", "HIGH", "URGENT")[i // 7 % 4] for i in range(72)]
    words = [
        {"team": f"team-{i % 18}", "status": s, "priority": r}
        for i, (s, r) in enumerate(zip(status, risk, strict=True))
    ]

    deed = done(studio, *[job(f"{i:03}", name="N", outputs=0, **said) for i, said in enumerate(words)])

    assert deed.calls == list(BOTH)


def test_st_r48_a_preview_that_differs_commits_nothing(studio: World, monkeypatch: pytest.MonkeyPatch) -> None:
    plan = planned(studio, *fresh(3, team="brand"))
    write: Any = workbook._write

    def misread(cell: object, header: str, value: Json) -> None:
        write(cell, header, "Brnd" if header == "Team" and value == "Brand" else value)

    monkeypatch.setattr(workbook, "_write", misread)
    deed = applied(studio, plan)

    assert deed.calls == [PREVIEW]
    gate = next(o for o in deed.report.outcomes if o.end is End.FAILED)
    assert "001: clientTeamSlug is 'brnd', not 'brand'" in gate.message
    assert {str(o.end) for o in deed.report.outcomes} == {"failed", "blocked"}
    assert (numbers(studio), teams(studio)) == ([], ["brand", "brand-safety", "retail-media"])


def test_st_r48_a_server_without_a_template_gets_no_workbook_that_creates(studio: World) -> None:
    done(studio, *some(3))
    with studio.tracker.lock:
        studio.tracker.state.of(Template).clear()

    plan = studio.plan(*some(3, owner="Ann"), job("9", name="Beta", outputs=1))

    assert rules(plan, "9") == {"not-seeded"}
    assert [c.line for c in plan.writes] == list(BOTH)  # updates make no deliverables


def test_st_r48_a_template_that_vanishes_since_stops_everything(studio: World) -> None:
    plan = planned(studio, *fresh(2))
    with studio.tracker.lock:
        studio.tracker.state.of(Template).clear()

    report = studio.apply(plan)

    assert {o.end for o in report.outcomes} == {End.NOT_SENT, End.UNNEEDED}
    assert "not seeded" in report.outcomes[0].message
    assert numbers(studio) == []


def test_st_r50_a_lost_commit_is_looked_up_and_not_repeated(studio: World) -> None:
    plan = planned(studio, *fresh(3))
    studio.tracker.faults.add(Fault("drop", path="/api/projects/bulk-import", nth=2, effect=True))
    studio.tracker.log.clear()

    report = studio.apply(plan)

    assert {o.end for o in report.outcomes} == {End.DONE}
    assert [e.call for e in studio.tracker.log].count(COMMIT) == 1
    assert len(report.requests["settle"]) == 1
    assert len(studio.recorded.bonds) == 3


def test_st_r50_a_commit_that_did_nothing_is_sent_once_more_after_two_lists(studio: World) -> None:
    plan = planned(studio, *fresh(3))
    studio.tracker.faults.add(Fault("drop", path="/api/projects/bulk-import", nth=2))
    studio.tracker.log.clear()

    report = studio.apply(plan)

    assert {o.end for o in report.outcomes} == {End.DONE}
    assert [e.call for e in studio.tracker.log].count(COMMIT) == 2
    assert len([r for r in report.requests["settle"] if r.endswith(LIST)]) == 2
    assert numbers(studio) == ["000", "001", "002"]


def test_st_r52_a_number_that_appeared_meanwhile_is_not_made_twice(studio: World) -> None:
    plan = planned(studio, alpha("5"), alpha("6"))
    make(studio, "5")

    report = studio.apply(plan)

    ends = {o.end: o.message for o in report.outcomes}
    assert set(ends) == {End.STALE, End.DONE}
    assert "has appeared since the plan" in ends[End.STALE]
    assert numbers(studio) == ["5", "6"]


def test_st_r52_the_job_feed_is_never_called(studio: World) -> None:
    deed = done(studio, *fresh(3), *some(0))

    assert not [c for c in deed.calls if "webhooks" in c]


def test_st_r43_what_somebody_overwrites_for_ever_is_held_as_contended(studio: World) -> None:
    mine = alpha(status="ON_HOLD", owner="Ann")
    done(studio, mine)
    for _ in range(2):
        change(studio, "007", status="ACTIVE")
        assert len(done(studio, mine).calls) == 1
    change(studio, "007", status="ACTIVE")

    deed = done(studio, alpha(status="ON_HOLD", owner="Bob"))

    (hold,) = deed.action("007").holds
    assert (hold.rule, hold.only) == ("contended", "status")
    assert "lifecycle.ignore" in hold.way_out
    assert deed.bodies == (f'PATCH /api/projects/{live(studio, "007").id} {{"requestor":"Bob"}}',)


def test_st_r43_the_feed_is_a_writer_like_any_other(studio: World, firm: bool) -> None:
    mine = alpha(status="ON_HOLD")
    done(studio, mine)
    studio.tracker.fire_feed({"number": "007", "status": "In production"})  # in the first organisation, ST-P14

    assert len(done(studio, mine).calls) == (1 if firm else 0)


def test_st_r43_an_ignored_field_is_set_at_the_create_and_left_alone(studio: World) -> None:
    mine = job("9", name="Beta", outputs=1, status="ON_HOLD", ignore=["spec.status", "spec.name"])
    done(studio, mine)
    assert live(studio, "9").status == "ON_HOLD"
    change(studio, "9", status="ACTIVE", name="Gamma")

    assert planned(studio, mine).calls == ()


def test_st_r46_a_row_writes_an_ignored_name_as_it_is(studio: World) -> None:
    mine = [alpha(f"{i:03}", ignore=["spec.name"]) for i in range(3)]
    done(studio, *mine)
    for i in range(3):
        change(studio, f"{i:03}", name=f"Theirs {i}")

    done(studio, *[alpha(f"{i:03}", owner="Ann", ignore=["spec.name"]) for i in range(3)])

    assert [live(studio, f"{i:03}").name for i in range(3)] == ["Theirs 0", "Theirs 1", "Theirs 2"]


def test_st_r51_a_declared_team_is_made_before_the_workbook_that_names_it(studio: World) -> None:
    team = doc("ClientTeam", "fresh", {"slug": "new-team", "name": "New Team"})

    deed = done(studio, *fresh(2, team="fresh"), team)

    assert deed.calls == ["POST /api/client-teams", *BOTH]
    assert len(teams(studio)) == 4


def test_st_r51_rows_of_a_team_that_takes_another_slug_go_without_its_name(studio: World) -> None:
    """Its old name would be made into a team again, its new one before there is such a team."""
    done(studio, doc("ClientTeam", "brand", {"slug": "brand", "name": "Brand"}), *some(3, team="retail-media"))
    team = doc("ClientTeam", "brand", {"slug": "brnd", "name": "Brnd"}, previous_key="brand", allow=["rename"])

    deed = done(studio, team, *some(3, team="brand"), job("9", name="Beta", outputs=1, team="brand"))

    assert sorted(c.split("/api")[0] for c in deed.calls) == sorted(["PATCH "] * 5 + ["POST "] * 2 + ["GET "])
    assert teams(studio) == ["brand-safety", "brnd", "retail-media"]
    assert {studio.tracker.state.of(Team)[str(live(studio, n).client_team_id)].slug for n in ("000", "9")} == {
        "brnd"
    }


def test_st_r51_workbooks_follow_one_another_and_the_list_comes_after(studio: World) -> None:
    for i in range(30):
        studio.tracker.edit("POST", "/api/client-teams", {"name": f"Team {i}", "slug": f"team-{i}"})
    plan = planned(
        studio, *[job(f"{i}", name="N", outputs=0, team=f"team-{i}", projectCode="C") for i in range(30)]
    )

    sent = [c for c in plan.calls if c.sent]
    firsts = [c for c in sent if "bulk-import" in c.path]
    assert [c.line for c in firsts] == [*BOTH, *BOTH]
    assert all(a.id in {*b.after, *b.waits} for a, b in pairwise(firsts))
    (found,) = [c for c in sent if c.method == "GET"]
    assert {c.id for c in firsts if c.line == COMMIT} == found.after
    assert len(done(studio, *studio.documents).calls) == 4 + 1 + 30


def test_st_r34_the_team_list_is_read_for_workbooks_only_where_a_slug_does_not_show(studio: World) -> None:
    studio.tracker.edit("POST", "/api/client-teams", {"name": "Empty", "slug": "empty"})

    assert TEAMS not in done(studio, *fresh(1, team="brand")).reads
    assert TEAMS in done(studio, *fresh(2, team="empty")).reads
