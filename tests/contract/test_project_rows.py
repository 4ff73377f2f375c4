"""What rows of a workbook rely on, and what became of them where no list can show it (ST-R48, ST-R49)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import pytest

from reconciler.model.document import Document
from reconciler.model.json import Json
from reconciler.model.outcome import End, Report
from reconciler.model.plan import Plan
from reconciler.twins import Fault
from reconciler.twins.core.values import Answer, Request
from reconciler.twins.studio_tracker.things import Project
from tests.contract.altered import altered
from tests.contract.deeds import made
from tests.contract.jobs import (
    BOTH,
    COMMIT,
    LIST,
    PREVIEW,
    TEAMS,
    alpha,
    applied,
    change,
    done,
    job,
    live,
    make,
    numbers,
    planned,
    teams,
)
from tests.contract.studio import team
from tests.contract.test_booking_doubts import kill
from tests.contract.uploads import IMPORT, Usual, answering, is_commit, making
from tests.world import World

THREE = ("7", "8", "9")
EMPTY = {"name": "Empty", "slug": "empty"}


def noted(text: str, *these: str, **words: object) -> list[Document]:
    return [alpha(n, statusDetails=text, **words) for n in these or THREE]


def ends(plan: Plan, report: Report) -> dict[str, str]:
    """What became of each row, by its summary."""
    by_id = {o.call: str(o.end) for o in report.outcomes}
    return {c.summary: by_id[c.id] for c in plan.calls if c.carrier}


def notes(w: World, these: Sequence[str] = THREE) -> list[str | None]:
    return [live(w, n).description for n in these]


def settling(report: Report) -> list[str]:
    return [line.split(" ", 1)[1] for line in report.requests.get("settle", ())]


def singly(w: World, *these: str) -> list[str]:
    return [f"{LIST}/{live(w, n).id}" for n in these]


def lost(w: World, *, written: bool) -> None:
    """The connection goes with the answer to the next commit."""
    w.tracker.faults.add(Fault("drop", path=IMPORT, nth=2, effect=written))
    w.tracker.log.clear()


# Descriptions: no list shows them.


def test_st_c9_where_the_counts_vouch_no_description_is_read_again(studio: World) -> None:
    done(studio, *noted("Old"))

    deed = done(studio, *noted("New"))

    assert (deed.calls, deed.verified, notes(studio)) == ([*BOTH], [LIST], ["New"] * 3)
    assert sorted(deed.before) == sorted([LIST, *singly(studio, *THREE)])


def test_st_c9_the_list_between_row_and_patch_proves_the_rows(studio: World) -> None:
    deed = done(studio, *making(*THREE, statusDetails="New", projectCode="A-1"))

    assert [c for c in deed.calls if c.startswith("GET")] == [LIST]
    assert deed.verified == ([LIST] if studio.tracker.knobs.hard("ST-P20") else [])
    assert notes(studio) == ["New"] * 3


def test_st_r49_after_a_lost_answer_each_description_is_read(studio: World) -> None:
    done(studio, *noted("Old"), *(alpha(n) for n in ("4", "5")))
    plan = planned(studio, *noted("New"), *(alpha(n, owner="Ann") for n in ("4", "5")))
    lost(studio, written=True)

    report = studio.apply(plan)

    assert set(ends(plan, report).values()) == {"done"}
    assert sorted(settling(report)) == sorted([LIST, *singly(studio, *THREE)])
    assert [e.call for e in studio.tracker.log].count(COMMIT) == 1
    assert (notes(studio), planned(studio, *studio.documents).calls) == (["New"] * 3, ())


def test_st_r50_a_commit_that_wrote_no_description_is_sent_again(studio: World) -> None:
    done(studio, *noted("Old"))
    plan = planned(studio, *noted("New"))
    lost(studio, written=False)

    report = studio.apply(plan)

    assert set(ends(plan, report).values()) == {"done"}
    assert sorted(settling(report)) == sorted(2 * [LIST, *singly(studio, *THREE)])
    assert [e.call for e in studio.tracker.log].count(COMMIT) == 2
    assert (notes(studio), planned(studio, *studio.documents).calls) == (["New"] * 3, ())


def test_st_r49_a_row_that_was_left_out_has_failed_and_goes_with_the_next_plan(
    studio: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    done(studio, *noted("Old"))
    own, plan = live(studio, "8"), planned(studio, *noted("New"))

    def partly(request: Request, usual: Usual) -> Answer:
        answer = usual()
        body: Any = answer.body
        if not is_commit(request):
            return answer
        studio.tracker.state.of(Project)[own.id] = own
        return replace(answer, body={**body, "imported": 2, "updated": 2})

    with monkeypatch.context() as patch:
        altered(studio, patch, partly, path=IMPORT, twin=studio.tracker)
        report = studio.apply(plan)

    assert ends(plan, report) == {
        "update Project 7": "done",
        "update Project 8": "failed",
        "update Project 9": "done",
    }
    assert len(done(studio, *studio.documents).calls) == 1
    assert notes(studio) == ["New"] * 3


def test_st_r49_a_description_that_is_not_shown_leaves_its_row_in_doubt(
    studio: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It is neither done nor sent once more; the next run looks again."""
    done(studio, *noted("Old"))
    plan = planned(studio, *noted("New", "7", "8"), alpha("9", statusDetails="Old", owner="Ann"))
    assert len([c for c in plan.calls if c.carrier]) == 3
    lost(studio, written=True)

    def without(body: Any) -> Json:
        committed = COMMIT in [e.call for e in studio.tracker.log]
        return {k: v for k, v in body.items() if k != "description" or not committed}

    with monkeypatch.context() as patch:
        for n in ("7", "8"):
            answering(studio, patch, f"/api/projects/{live(studio, n).id}", without)
        report = studio.apply(plan)

    assert ends(plan, report) == {
        "update Project 7": "in doubt",
        "update Project 8": "in doubt",
        "update Project 9": "done",
    }
    assert [e.call for e in studio.tracker.log].count(COMMIT) == 1
    studio.settle()
    assert planned(studio, *studio.documents).calls == ()


@pytest.mark.parametrize("written", [True, False])
def test_st_r49_of_a_project_that_is_made_its_number_tells(studio: World, written: bool) -> None:
    """The number was absent just before: the description needs no reading."""
    plan = planned(studio, *making(*THREE, statusDetails="New"))
    lost(studio, written=written)

    report = studio.apply(plan)

    assert set(ends(plan, report).values()) == {"done"}
    assert {line for line in settling(report) if line.startswith(f"{LIST}/")} == set()
    assert (numbers(studio), notes(studio)) == ([*THREE], ["New"] * 3)


@pytest.mark.parametrize("after", range(1, 12))
def test_st_r49_a_run_that_is_killed_ends_where_it_would_have(studio: World, after: int) -> None:
    """After the n-th thing that the journal was told."""
    done(studio, *noted("Old"))
    studio.documents = noted("New")

    assert kill(studio, after) or after > 8
    studio.settle()
    studio.apply(studio.plan())

    assert (notes(studio), studio.plan().calls) == (["New"] * 3, ())


def test_st_r43_a_description_that_is_overwritten_for_ever_is_contended_by_workbook_too(studio: World) -> None:
    done(studio, *noted("Ours"))
    for _ in range(2):
        for n in THREE:
            change(studio, n, description="Theirs")
        assert done(studio, *noted("Ours")).calls == [*BOTH]
    for n in THREE:
        change(studio, n, description="Theirs")

    plan = planned(studio, *noted("Ours"))

    assert plan.calls == ()
    assert {(h.rule, h.only) for a in plan.actions for h in a.holds} == {("contended", "statusDetails")}


# Teams: a commit makes one that is not there.


def test_st_c10_a_team_that_no_project_shows_is_looked_up_before_its_rows_go(studio: World) -> None:
    made(studio.tracker, "POST", "/api/client-teams", EMPTY)

    assert TEAMS not in done(studio, *making("1", "2", team="brand")).before
    assert done(studio, *making("3", "4", team="empty")).before.count(TEAMS) == 1
    assert TEAMS not in done(studio, *making("5", team="empty")).before


def test_st_c10_neither_a_patch_nor_a_post_is_kept_waiting_for_its_team(studio: World) -> None:
    """Both name it by its id."""
    made(studio.tracker, "POST", "/api/client-teams", EMPTY)
    done(studio, alpha("1"))

    assert TEAMS not in done(studio, alpha("1", team="empty"), alpha("2", team="empty")).before


@pytest.mark.parametrize("how", ["deleted", "called otherwise"])
def test_st_r48_rows_that_move_to_a_team_that_is_gone_are_stale(studio: World, how: str) -> None:
    """And nothing of their workbook goes; a PATCH does."""
    done(studio, *(alpha(n) for n in (*THREE, "4")))
    own = made(studio.tracker, "POST", "/api/client-teams", EMPTY)
    updates = [alpha(n, team="empty" if n == "7" else "brand-safety") for n in THREE]
    plan = planned(studio, *updates, alpha("4", projectCode="B-1"))
    assert len([c for c in plan.calls if c.carrier]) == 3
    other = {"name": "Empty", "slug": "other"}
    made(studio.tracker, "DELETE" if how == "deleted" else "PATCH", f"/api/client-teams/{own}", other)
    before = teams(studio)

    deed = applied(studio, plan)

    assert deed.calls == [f"PATCH /api/projects/{live(studio, '4').id}"]
    why = next(o.message for o in deed.report.outcomes if o.end is End.STALE)
    said = "live no more" if how == "deleted" else "now called 'other'"
    assert f"its team 'empty' is {said}" in why
    assert ends(plan, deed.report)["update Project 7"] == "stale"
    assert (teams(studio), live(studio, "8").client_team_id) == (before, live(studio, "9").client_team_id)


def test_st_r48_a_team_that_took_the_slug_of_another_is_not_the_one_that_was_meant(studio: World) -> None:
    own = made(studio.tracker, "POST", "/api/client-teams", EMPTY)
    plan = planned(studio, *making("8", team="empty"))
    made(studio.tracker, "PATCH", f"/api/client-teams/{own}", {"slug": "other"})
    made(studio.tracker, "POST", "/api/client-teams", EMPTY)

    deed = applied(studio, plan)

    assert (deed.calls, ends(plan, deed.report)) == ([], {"create Project 8": "stale"})
    assert numbers(studio) == []


def test_st_r48_what_the_projects_show_of_a_team_is_enough(studio: World) -> None:
    """Also where it was called otherwise since."""
    own = made(studio.tracker, "POST", "/api/client-teams", EMPTY)
    make(studio, "1", clientTeamId=own)
    plan = planned(studio, *making("8", team="empty"))
    made(studio.tracker, "PATCH", f"/api/client-teams/{own}", {"slug": "other"})

    deed = applied(studio, plan)

    assert (TEAMS in deed.before, deed.calls, numbers(studio)) == (False, [], ["1"])


@pytest.mark.parametrize("status", [403, 500])
def test_st_r48_where_the_teams_cannot_be_read_no_row_goes(studio: World, status: int) -> None:
    made(studio.tracker, "POST", "/api/client-teams", EMPTY)
    plan = planned(studio, *making("8", team="empty"))
    studio.tracker.faults.add(Fault("status", method="GET", path="/api/client-teams", status=status, times=None))

    report = studio.apply(plan)

    assert PREVIEW not in [e.call for e in studio.tracker.log]
    assert {o.end for o in report.outcomes} <= {End.NOT_SENT, End.BLOCKED, End.UNNEEDED}
    assert numbers(studio) == []


def test_st_r48_a_team_of_the_same_plan_cannot_have_gone(studio: World) -> None:
    documents = [team("fresh"), *(job(n, name="N", outputs=1, team="fresh") for n in ("1", "2"))]

    deed = done(studio, *documents)

    assert [c for c in deed.calls if "bulk-import" in c] == [*BOTH]
