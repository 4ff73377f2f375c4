"""The acceptance checks of Studio Tracker, one by one, with their numbers (ST-K1 to ST-K10)."""

from __future__ import annotations

from itertools import pairwise

import pytest

from reconciler.model.document import Document
from reconciler.model.outcome import End
from reconciler.twins.studio_tracker.things import Invitation, Pod, User
from tests.contract import homes
from tests.contract.bookings import LAUNCH, book, booked, booking, own_id
from tests.contract.bookings import plan as bookings
from tests.contract.homes import pod
from tests.contract.jobs import (
    COMMIT,
    LIST,
    PREVIEW,
    WORKLOAD,
    alpha,
    applied,
    done,
    invited,
    job,
    live,
    make,
    numbers,
    outputs,
    planned,
    rules,
    teams,
)
from tests.contract.studio import BOB, JANE, MARIA, team, team_id
from tests.contract.studio import live as members
from tests.contract.uploads import GONE, NEW
from tests.world import World


def everything() -> list[Document]:
    """Something of each kind."""
    return [
        team("social", JANE, (BOB, True)),
        team("brand", mode="additive"),
        pod("pod-c", MARIA, lead=JANE),
        invited(NEW),
        alpha("7", team="social", statusDetails="Soon", externalDeadline="2026-04-03"),
        job("8", name="Beta", outputs=2, projectCode="B-8", team="brand"),
        bookings(booking(JANE, 0), booking(BOB, 8, "7", note="Layouts")),
    ]


def test_check_a_where_all_is_as_declared_nothing_is_written(studio: World) -> None:
    done(studio, *everything())

    plan = planned(studio, *everything())
    studio.checked_apply(plan)

    assert (plan.calls, [e.call for e in studio.tracker.log]) == ((), [])


def test_check_b_10_new_names_are_2_writes(studio: World) -> None:
    done(studio, *(alpha(f"{i:03}") for i in range(10)))

    deed = done(studio, *(alpha(f"{i:03}", name=f"Name {i}") for i in range(10)))

    assert deed.calls == [PREVIEW, COMMIT]
    assert deed.plan.bound == 2
    assert [live(studio, f"{i:03}").name for i in range(10)] == [f"Name {i}" for i in range(10)]


def test_check_c_2_updates_are_2_patches(studio: World) -> None:
    done(studio, alpha("1"), alpha("2"))

    deed = done(studio, alpha("1", name="One"), alpha("2", name="Two"))

    assert deed.calls == [f"PATCH /api/projects/{live(studio, n).id}" for n in ("1", "2")]
    assert deed.plan.bound == 2


def test_check_d_a_create_with_3_outputs_and_a_code_is_preview_commit_list_and_1_patch(studio: World) -> None:
    deed = done(studio, job("9", name="Beta", outputs=3, projectCode="B-9"))

    assert deed.calls == [PREVIEW, COMMIT, LIST, f"PATCH /api/projects/{live(studio, '9').id}"]
    assert deed.plan.bound == 4
    assert (outputs(studio, "9"), live(studio, "9").project_code) == (3, "B-9")


def test_check_e_a_move_between_pods_is_1_post_and_the_home_is_the_new_one(studio: World, firm: bool) -> None:
    """In the harder profile a DELETE from the old pod would clear the home whichever it is."""
    assert studio.tracker.knobs.hard("ST-P32") is not firm
    before = [pod("pod-a", JANE, BOB), pod("pod-b", MARIA)]
    done(studio, *before)

    deed = done(studio, pod("pod-a", JANE), pod("pod-b", MARIA, BOB))

    assert deed.bodies == (homes.joined(studio, "pod-b", BOB),)
    assert deed.plan.bound == 1
    person = next(u for u in studio.tracker.state.of(User).values() if u.email == BOB)
    assert studio.tracker.state.of(Pod)[str(person.home_pod_id)].slug == "pod-b"


@pytest.mark.parametrize("recorded", [True, False])
def test_check_f_who_has_accepted_and_is_listed_no_more_is_not_invited(studio: World, recorded: bool) -> None:
    if recorded:
        done(studio, invited(NEW))
        (own,) = [i.id for i in studio.tracker.state.of(Invitation).values() if i.email == NEW]
    else:
        own = studio.tracker.add_invitation(NEW, "PRODUCER")
    studio.tracker.accept_invitation(own)

    deed = done(studio, invited(NEW))

    assert (deed.calls, deed.plan.writes) == ([], ())
    assert (WORKLOAD in deed.reads) is not recorded


def test_check_g_a_team_with_projects_is_sent_no_delete(studio: World) -> None:
    brand = team("brand", mode="additive")
    done(studio, brand, team("social", **GONE))
    own = team_id(studio, "social")
    make(studio, "991", clientTeamId=own)

    plan = planned(studio, brand)
    studio.checked_apply(plan)

    assert rules(plan, "social") == {"in-use"}
    assert [e.call for e in studio.tracker.log] == []
    assert "social" in teams(studio)


def test_check_h_an_unknown_team_in_a_row_ends_after_the_preview_and_makes_no_team(
    studio: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A manifest that says so is not even previewed; here the row says something else than the manifest."""
    before = teams(studio)
    told = planned(studio, job("8", name="Beta", outputs=1, team="brnd"))
    assert (rules(told, "8"), told.calls) == ({"unresolved"}, ())
    plan = planned(studio, *(job(n, name="Beta", outputs=1, team="brand") for n in ("8", "9")))
    misspelling(monkeypatch)

    deed = applied(studio, plan)

    assert deed.calls == [PREVIEW]
    assert (teams(studio), numbers(studio)) == (before, [])
    gate = next(o for o in deed.report.outcomes if o.end is End.FAILED)
    assert "9: clientTeamSlug is 'brnd', not 'brand'" in gate.message


def misspelling(patch: pytest.MonkeyPatch) -> None:
    """From now on our own workbooks misspell a team in their last row."""
    from reconciler.providers.studio_tracker import workbook

    usual = workbook.workbook
    patch.setattr(workbook, "workbook", lambda rows: usual([*rows[:-1], {**rows[-1], "Team": "Brnd"}]))


def test_check_i_other_hours_are_a_delete_and_then_a_post(studio: World) -> None:
    book(studio, JANE, 0, hours=4)
    old = own_id(studio, JANE, 0)

    deed = done(studio, bookings(booking(JANE, 0, hours=6)))

    assert deed.calls == [f"DELETE /api/resources/bookings/{old}", "POST /api/resources/bookings"]
    assert deed.plan.bound == 2
    assert booked(studio) == [(JANE, 0, LAUNCH, 6, None)]
    first, second = deed.plan.calls
    assert all(a.id in b.after for a, b in pairwise((first, second)))


def test_check_j_a_date_that_cannot_be_cleared_is_reported_and_the_others_are_applied(
    studio: World, firm: bool
) -> None:
    done(studio, alpha("1", externalDeadline="2026-04-03"), alpha("2"), team("social", JANE))
    plan = planned(
        studio,
        alpha("1", externalDeadline=None),
        alpha("2", owner="Ann"),
        job("3", name="Gamma", outputs=1),
        team("social", JANE, BOB),
    )

    deed = applied(studio, plan)

    ends = {c.summary: (o.end, o.message) for c, o in zip(plan.calls, deed.report.outcomes, strict=True)}
    end, message = ends.pop("update Project 1")
    assert end is (End.DONE if firm else End.FAILED)
    assert ("dueDate: Invalid input" in message) is not firm
    assert {end for end, _ in ends.values()} == {End.DONE}
    assert live(studio, "1").due_date == (None if firm else "2026-04-03T00:00:00.000Z")
    assert (live(studio, "2").requestor, outputs(studio, "3")) == ("Ann", 1)
    assert members(studio, "social").keys() == {JANE, BOB}
    left = planned(studio, *studio.documents).writes
    assert [c.summary for c in left] == ([] if firm else ["update Project 1"])
