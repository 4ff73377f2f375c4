"""The text of a plan: summary first, grave things next, nothing cut, nothing said twice."""

from __future__ import annotations

import re

import pytest

from reconciler.model.change import FieldChange, Hold, Reason, Verb
from reconciler.model.json import ABSENT
from reconciler.model.plan import Action, Plan, PlanTarget
from reconciler.model.record import replace
from reconciler.report.counts import least_seconds
from reconciler.report.facts import headline, pending
from reconciler.report.plan_markdown import plan_markdown
from reconciler.report.plan_text import plan_text
from reconciler.report.style import Style, cells
from tests.golden.sample import call, created, label, quiet_plan, rich_plan, team

EMPTY = replace(quiet_plan(), actions=())


def text_of(*actions: Action, width: int = 80) -> str:
    return plan_text(replace(EMPTY, actions=actions), Style(width))


def test_the_summary_is_the_first_line() -> None:
    first = plan_text(rich_plan(), Style(200)).splitlines()[0]
    assert first == (
        "Plan: 17 to create, 1 to rename, 2 to update, 1 to delete, 1 to adopt, 1 to release, 1 observed, 2 held"
    )


def test_deletes_and_access_changes_come_before_everything_else() -> None:
    text = plan_text(rich_plan(), Style())
    titles = ("Who gains", "Deletes", "Access changes", "Held", "analytics / Folder", "analytics / Label")
    places = [text.index(t) for t in titles]
    assert places == sorted(places)
    assert text.index("obsolete") < text.index("members: + jane@example.com") < text.index("region-00")


@pytest.mark.parametrize("width", [40, 80, 120])
def test_no_row_is_wider_than_asked_and_no_word_is_lost(width: int) -> None:
    narrow = plan_text(rich_plan(), Style(width), calls=True)
    wide = plan_text(rich_plan(), Style(100_000), calls=True)
    too_wide = [line for line in narrow.splitlines() if cells(line) > width]
    assert all(len(line.split()) == 1 for line in too_wide), "only an id that people copy sticks out"
    assert re.sub(r"\s", "", narrow) == re.sub(r"\s", "", wide)


def test_identical_changes_are_folded_and_named() -> None:
    text = " ".join(text_of(*(created(f"region-{n:02}", n, "1") for n in range(17))).split())
    assert text.count("+ create") == 3
    assert "... and 14 more like this: region-03, region-04" in text


def test_changes_that_differ_in_a_value_are_not_folded() -> None:
    odd = replace(created("odd", 9, "1"), fields=(FieldChange(("verified",), ABSENT, False, Reason.INTENT),))
    text = text_of(*(created(f"region-{n:02}", n, "1") for n in range(9)), odd)
    assert "odd" in text
    assert "... and 6 more like this" in text


def test_true_and_one_are_not_alike() -> None:
    def made(n: int, value: bool | int) -> Action:
        return Action(Verb.UPDATE, label(f"l{n}"), "", None, (FieldChange(("size",), 0, value),))

    text = text_of(*(made(n, True) for n in range(6)), made(7, 1))
    assert "size: 0 -> 1 " in text


@pytest.mark.parametrize("grave", ["deletes", "access", "holds"])
def test_grave_things_are_never_folded(grave: str) -> None:
    hold = Hold("protected", "it is protected", "unprotect it")
    kinds = {
        "deletes": Action(Verb.DELETE, label("x"), "X"),
        "access": Action(Verb.UPDATE, label("x"), "X", access=True),
        "holds": Action(Verb.UPDATE, label("x"), "X", holds=(hold,)),
    }
    text = text_of(*(replace(kinds[grave], address=label(f"thing-{n:03}")) for n in range(200)))
    assert all(f"analytics/Label/thing-{n:03}" in text for n in range(200))
    assert "more like this" not in text


def test_a_hold_says_its_rule_reason_and_every_way_out() -> None:
    text = plan_text(rich_plan(), Style())
    assert "held: not-ours - it was adopted, not created here" in text
    assert "way out: delete it by hand" in text
    assert "--override not-ours@analytics/Label/legacy" in text


def test_a_hold_of_a_whole_kind_is_explained_once() -> None:
    hold = Hold("too-many-deletes", "20 of 21 Labels would be deleted", "delete in smaller steps")
    text = text_of(*(Action(Verb.DELETE, label(f"l{n}"), "", holds=(hold,)) for n in range(3)), width=120)
    assert text.count("delete in smaller steps") == 1
    assert "  - delete  analytics/Label/l2   held: too-many-deletes, as above\n" in text
    shown = plan_markdown(
        replace(EMPTY, actions=tuple(Action(Verb.DELETE, label(f"l{n}"), "", holds=(hold,)) for n in range(3)))
    )
    assert shown.count("smaller steps") == 1
    assert "`analytics/Label/l2` - **held: `too-many-deletes`**, as above" in shown


def test_a_delete_that_takes_access_away_is_an_access_change() -> None:
    gone = Action(Verb.DELETE, team("x"), "X", access=True)
    text = text_of(gone, width=120)
    assert '- delete  studio/ClientTeam/x ("X"): everybody in it loses access' in text.split("Access changes")[1]
    shown = plan_markdown(replace(EMPTY, actions=(gone,)))
    assert "everybody in it loses access" in shown.split("Access changes: 1")[1]
    fields = (FieldChange(("members", "a"), {}, ABSENT, access=True),)
    assert "loses access through members" in text_of(replace(gone, fields=fields), width=120)


def test_without_a_ledger_the_next_step_is_a_ledger() -> None:
    plan = replace(rich_plan(), ledger_head="")
    command = "reconciler apply"
    for text in (plan_text(plan, Style(200), command=command), plan_markdown(plan, command=command)):
        assert "no ledger: reasons are unknown, and apply needs one: " in text
        assert "next:" not in text


def test_a_final_hold_offers_no_override() -> None:
    hold = Hold("last-one", "no ClientTeam would be left", "keep one", final=True)
    assert "--override" not in text_of(Action(Verb.DELETE, team("x"), "X", holds=(hold,)))


def test_what_depends_on_a_held_call_says_so() -> None:
    action = Action(Verb.CREATE, team("x"), "X", calls=("1",))
    held = replace(EMPTY, actions=(action,), calls=(call("1", team("x"), "POST /t", held=("depends on 4",)),))
    text = plan_text(held, Style())
    assert text.startswith("Plan: 1 held\n")
    assert "held with what it depends on: depends on 4" in text


def test_held_removals_leave_the_rest_of_the_change_going() -> None:
    hold = Hold("first-removals", "2 would be removed", "allow it", only="remove")
    plan = replace(EMPTY, actions=(Action(Verb.UPDATE, team("x"), "X", holds=(hold,), calls=("1",)),))
    plan = replace(plan, calls=(call("1", team("x"), "POST /t"),))
    assert headline(plan) == "1 to update, 1 partly held"
    assert "removals held: first-removals" in plan_text(plan, Style())


def test_a_thing_left_as_it_is_is_called_unchanged() -> None:
    assert ". unchanged  three" in text_of(Action(Verb.NONE, label("three"), "Three", notes=("looked at",)))


def test_nothing_to_do_is_one_sentence() -> None:
    text = plan_text(quiet_plan(), Style(200), command="reconciler apply")
    assert text == "Nothing to do: 34 things were looked at, and all is as declared. 0 calls, 1 read.\n"
    assert not pending(quiet_plan())


def test_what_was_left_out_is_always_said() -> None:
    text = plan_text(replace(quiet_plan(), left_out=(label("other"),)), Style())
    assert "left out by the selection: 1: analytics/Label/other" in text


def test_calls_are_shown_with_bodies_edges_triggers_and_holds() -> None:
    text = plan_text(rich_plan(), Style(), calls=True)
    assert '  4  POST /api/client-teams/t-1/members\n     {"userId": "u-1", "isPrimary": true}\n' in text
    assert "write, for studio/ClientTeam/brand, after 5" in text
    assert "contingent, for studio/ClientTeam/brand, sent only if call 5 is refused" in text
    assert "write, for analytics/Label/legacy, held: not-ours" in text
    assert text.count("POST /v1/labels\n") == 17


def test_a_value_not_known_yet_is_named() -> None:
    source = {"$from": {"call": "3", "path": "/data/id"}}
    plan = replace(EMPTY, calls=(call("4", team("x"), "POST /t/{id}", {"parent": source}, args={"id": source}),))
    text = plan_text(plan, Style(), calls=True)
    assert "POST /t/<data/id of call 3>" in text
    assert '{"parent": "<data/id of call 3>"}' in text


def test_long_values_are_cut_where_they_differ_and_say_so() -> None:
    before, after = "a" * 5_000 + "OLD" + "b" * 5_000, "a" * 5_000 + "NEW" + "b" * 5_000
    text = text_of(
        Action(Verb.UPDATE, label("x"), "", None, (FieldChange(("text",), before, after),)), width=2_000
    )
    assert "OLD" in text
    assert "NEW" in text
    assert "of 10005 characters not shown]" in text
    assert len(text) < 2_000


@pytest.mark.parametrize(("requests", "seconds"), [(1, 0), (60, 0), (61, 60), (120, 60), (121, 120)])
def test_a_rate_limit_tells_how_long_it_takes_at_least(requests: int, seconds: int) -> None:
    calls = tuple(call(str(n), label(f"l{n}"), "POST /v1/labels") for n in range(requests))
    targets = (
        PlanTarget("analytics", "omni-analytics", "https://a.example.com", 60),
        PlanTarget("studio", "s", "x"),
    )
    plan = replace(EMPTY, calls=calls, targets=targets)
    assert least_seconds(plan) == seconds


def test_the_command_is_only_offered_where_there_is_something_to_apply() -> None:
    held = Action(Verb.DELETE, label("x"), "X", holds=(Hold("r", "reason", "way", final=True),))
    plan: Plan = replace(EMPTY, actions=(held,))
    assert "next:" not in plan_text(plan, Style(), command="reconciler apply")
    adopts = replace(EMPTY, actions=(Action(Verb.ADOPT, label("x"), "X"),))
    assert "next: reconciler apply" in plan_text(adopts, Style(), command="reconciler apply")


def test_colour_changes_nothing_but_colour() -> None:
    plain, coloured = (plan_text(rich_plan(), Style(80, colour), calls=True) for colour in (False, True))
    assert re.sub(r"\x1b\[[0-9;]*m", "", coloured) == plain
    assert coloured != plain
