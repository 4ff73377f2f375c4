"""A member's isPrimary: what it means is not documented, so it is handled with care (ST-R20 to ST-R22)."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from reconciler.model.change import Reason
from reconciler.model.document import Document
from reconciler.model.place import Problem, Severity
from tests.contract.deeds import carried_out
from tests.contract.studio import BOB, JANE, MARIA, join, leave, live, team, user_id
from tests.world import World, catalog


def test_a_changed_flag_is_posted_again_with_a_fall_back(w: World, hard: bool) -> None:
    """ST-R21: in one profile the server takes the flag, in the other it refuses a present member."""
    carried_out(w, team("brand", (JANE, True), (BOB, False)))

    deed = carried_out(w, team("brand", (JANE, False), (BOB, False)))

    jane = user_id(w, JANE)
    flag = f'POST /api/client-teams/cmo7team1/members {{"isPrimary":false,"userId":"{jane}"}}'
    away = f"DELETE /api/client-teams/cmo7team1/members?userId={jane}"
    assert deed.sent == ((flag, away, flag) if hard else (flag,))
    assert (len(deed.plan.writes), len(deed.plan.contingent)) == (1, 2)
    assert live(w, "brand")[JANE] is False
    assert [(f.path, f.before, f.after, f.reason) for f in deed.action("brand").fields] == [
        (("members", JANE, "isPrimary"), True, False, Reason.INTENT)
    ]


def test_a_flag_left_out_is_neither_compared_nor_sent(w: World) -> None:
    carried_out(w, team("brand", JANE, BOB))
    assert live(w, "brand")[JANE] is True

    assert carried_out(w, team("brand", JANE, BOB)).sent == ()


def test_a_flag_flipped_in_the_product_is_drift(w: World) -> None:
    carried_out(w, team("brand", (JANE, True), (BOB, False)))
    leave(w, "brand", JANE)
    join(w, "brand", JANE, isPrimary=False)

    deed = carried_out(w, team("brand", (JANE, True), (BOB, False)))

    assert [(f.path, f.before, f.after, f.reason) for f in deed.action("brand").fields] == [
        (("members", JANE, "isPrimary"), False, True, Reason.DRIFT)
    ]


def test_a_primary_moves_false_before_true(w: World) -> None:
    carried_out(w, team("brand", (JANE, True), BOB), team("brand-safety", MARIA, (JANE, False)))

    deed = carried_out(w, team("brand", (JANE, False), BOB), team("brand-safety", MARIA, (JANE, True)))

    flags = [line for line in deed.sent if "isPrimary" in line]
    assert ["false" in line for line in flags] == sorted(["false" in line for line in flags], reverse=True)
    assert (live(w, "brand")[JANE], live(w, "brand-safety")[JANE]) == (False, True)


def test_a_flag_the_server_flips_by_itself_is_reported(w: World, hard: bool) -> None:
    """Jane becomes primary here; where the server keeps one primary a person it clears the other (ST-R22)."""
    carried_out(w, team("brand", JANE, BOB))

    deed = carried_out(
        w, team("brand", JANE, BOB), team("brand-safety", MARIA, (JANE, True)), unseen=0 if hard else -1
    )

    assert deed.ends == {"done"}
    assert live(w, "brand")[JANE] is hard
    notes = [n for n in deed.report.notes if "changed by itself" in n]
    assert len(notes) == (0 if hard else 1)
    assert all(n.startswith("brand: members") for n in notes)


def test_what_somebody_else_changes_of_it_meanwhile_is_reported(w: World) -> None:
    """Somebody renames the team in the product after we have looked, and just before our call."""
    carried_out(w, team("brand", JANE, BOB))
    plan = w.plan(team("brand", JANE, BOB, (MARIA, True)))
    w.tracker.on_request(
        1,
        "before-effect",
        lambda _: w.tracker.edit("PATCH", "/api/client-teams/cmo7team1", {"name": "Renamed by hand"}),
        writes=True,
    )

    report = w.apply(plan)

    assert [str(o.end) for o in report.outcomes] == ["done"]
    assert report.notes == ('brand: name was changed meanwhile, not by us: "Brand" -> "Renamed by hand"',)


def test_one_person_primary_in_two_teams_is_an_error_in_the_files() -> None:
    problems = _checked(team("brand", (JANE, True)), team("brand-safety", ("Jane@Example.com", True)))

    assert [(p.rule, p.severity) for p in problems] == [("ST-R20", Severity.ERROR)]
    assert "primary in studio/ClientTeam/brand too" in problems[0].message


@pytest.mark.parametrize("flags", [(True, False), (False, False), (True, None)])
def test_other_flags_of_one_person_in_two_teams_are_fine(flags: tuple[bool | None, ...]) -> None:
    members = [JANE if flag is None else (JANE, flag) for flag in flags]

    assert not _checked(team("brand", members[0]), team("brand-safety", members[1]))


def test_two_primaries_in_one_team_are_a_warning() -> None:
    problems = _checked(team("brand", (JANE, True), (BOB, True)))

    assert [(p.rule, p.severity) for p in problems] == [("ST-R20", Severity.WARNING)]


def _checked(*documents: Document) -> Sequence[Problem]:
    kind = catalog().kind("studio-tracker", "ClientTeam")
    return catalog().verbs["studio-tracker", "ClientTeam"].check(kind, list(documents))
