"""Whose answer is it, and has a lost one happened: OC-R6, OC-R7, OC-R32."""

from __future__ import annotations

import pytest

from reconciler.model.catalog import Verdict
from reconciler.model.change import Change
from reconciler.model.json import Json
from reconciler.model.live import Collection, Proof, Resource
from reconciler.model.plan import Call
from reconciler.model.record import replace
from reconciler.providers.omn_core import keyword
from tests.unit.providers.omn import KEYWORD, changed, doomed, live, new

A, B = live("1", "A"), live("2", "B")


def riders(*changes: Change) -> list[Call]:
    return [c for c in keyword.calls(KEYWORD, changes) if c.carrier and not c.contingent]


def ok(**echo: Json) -> Json:
    return {**echo, "status": "SUCCESS", "description": "fine"}


def no(text: str = "no", **echo: Json) -> Json:
    return {**echo, "status": "ERROR", "description": text}


def said(calls: list[Call], *entries: Json) -> list[Verdict]:
    body: Json = {"responses": {"entries": list(entries)}}
    found = keyword.verdicts(KEYWORD, calls[0], calls, body)
    return [found[c.id] for c in calls]


def test_oc_r7_by_id_and_by_path_in_any_order() -> None:
    calls = riders(changed("a", A, "C"), new("n", "N"))

    assert [v.done for v in said(calls, ok(path="/N"), ok(id="1", path="/whatever"))] == [True, True]


def test_oc_r7_an_error_without_a_name_is_that_of_the_one_left_over() -> None:
    calls = riders(new("n", "N"), new("m", "M"))

    one, other = said(calls, no("taken"), ok(path="/N"))

    assert {(one.done, one.message), (other.done, other.message)} == {(True, "fine"), (False, "taken")}


def test_oc_r7_several_errors_are_those_of_the_ones_left_over_and_nobody_knows_which() -> None:
    calls = riders(new("l", "L"), new("m", "M"), new("n", "N"))

    found = said(calls, no("this"), no("that"), ok(path="/M"))

    assert [(v.done, v.message) for v in found] == [(False, "this; that"), (True, "fine"), (False, "this; that")]


def test_oc_r7_in_the_order_sent_each_has_its_own() -> None:
    calls = riders(new("l", "L"), new("m", "M"), new("n", "N"))

    assert [v.message for v in said(calls, no("this"), ok(path="/M"), no("that"))] == ["this", "fine", "that"]


@pytest.mark.parametrize("entries", [[], [no()], [no(), no(), no()], [ok(path="/else"), no()]])
def test_oc_r7_else_nobody_knows(entries: list[Json]) -> None:
    assert [v.done for v in said(riders(new("n", "N"), new("m", "M")), *entries)] == [None, None]


def test_oc_r7_an_error_that_tells_the_path_of_the_parent_is_not_about_the_parent() -> None:
    calls = riders(new("n", "N"), new("m", "N/M", {"$id": "core/Keyword/n"}))

    assert [v.done for v in said(calls, no(path="/N"), ok(path="/N"))] == [True, False]


def test_oc_r6_done_is_only_a_success_without_issues() -> None:
    calls = riders(changed("a", A, en_GB="x"))

    assert said(calls, {"id": "1", "status": "WARNING", "description": "dropped"}) == [Verdict(False, "dropped")]
    with_issue: Json = {"id": "1", "status": "SUCCESS", "issues": [{"description": "unlinked"}]}
    assert said(calls, with_issue) == [Verdict(False, "unlinked")]


def test_oc_r6_a_new_keyword_with_a_warning_is_looked_at_and_never_made_again() -> None:
    assert said(riders(new("n", "N")), {"path": "/N", "status": "WARNING"})[0].done is None


def test_oc_r28_a_refused_delete_may_be_gone_already() -> None:
    calls = riders(doomed("a", A))

    assert said(calls, no("There is no keyword with the given id", id="1"))[0].done is None


def test_a_body_that_says_nothing() -> None:
    [call] = riders(doomed("a", A))

    assert keyword.verdicts(KEYWORD, call, [call], None)[call.id].done is None


def forest(*resources: Resource, complete: bool = True) -> Collection:
    return Collection("Keyword", resources, Proof(complete, "all"))


def test_oc_r32_a_create_is_done_if_one_of_its_value_is_under_its_parent_whatever_the_path_is_now() -> None:
    [call] = riders(new("n", "Old/N", "1"))

    assert keyword.settled(KEYWORD, call, forest(live("1", "New"), live("5", "New/N", "1"))) is True
    assert keyword.settled(KEYWORD, call, forest(live("1", "New"))) is False
    assert keyword.settled(KEYWORD, call, forest(live("1", "New"), complete=False)) is None
    two = forest(live("5", "New/N", "1"), live("6", "New/N", "1"))
    assert keyword.settled(KEYWORD, call, two) is None


def test_oc_r32_a_create_by_path() -> None:
    _, call = riders(new("n", "N"), new("m", "N/M", {"$id": "core/Keyword/n"}))

    assert keyword.settled(KEYWORD, call, forest(live("5", "N"), live("6", "N/M", "5"))) is True
    assert keyword.settled(KEYWORD, call, forest(live("5", "N"), live("6", "O/M", "4"))) is False


def test_oc_r32_updates_moves_and_deletes_are_absolute() -> None:
    [renamed, moved] = riders(changed("a", A, "X/C", "9"))
    [gone] = riders(doomed("b", B))
    after = replace(live("1", "X/C", "9"))

    assert keyword.settled(KEYWORD, renamed, forest(A)) is False
    assert keyword.settled(KEYWORD, moved, forest(live("1", "C"))) is False
    assert [keyword.settled(KEYWORD, c, forest(after)) for c in (renamed, moved)] == [True, True]
    assert [keyword.settled(KEYWORD, gone, f) for f in (forest(A), forest(B))] == [True, False]


def test_oc_r28_a_delete_that_is_denied_has_failed_and_one_of_what_is_gone_may_have_happened() -> None:
    calls = riders(doomed("a", A), doomed("b", B))

    denied, gone = said(
        calls,
        no("The keyword is not available by access rights", id="1"),
        no("There is no keyword with the given id", id="2"),
    )

    assert (denied.done, gone.done) == (False, None)
