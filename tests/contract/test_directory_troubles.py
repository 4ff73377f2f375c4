"""Directories when something goes wrong: every error of the reference, lost answers, lists that lag, people at
work (OC-R114, OC-R119)."""

from __future__ import annotations

import pytest

from reconciler.twins import Fault
from tests.contract.directories import (
    LIST,
    PERFORM,
    PERSIST,
    at,
    carried_out,
    di,
    messages,
    planned,
    tree,
    troubled,
)
from tests.contract.keywords import requests
from tests.world import World

PERSISTING = (
    "Missing directory parameter 'name'",
    "Missing directory parameter 'name'\"",
    '"Target directory is itself or target parent directory"',
    "Directory attributes missing: 'rnc' or 'parent' attribute must be",
    "There must be only one of the attributes - 'rnc' or 'parent'",
    "Permissions missing for directory with tid '7D534991-B623-418C-A7CB-A273C877A37D'",
    "Cannot find RNC with identifier 'MAM'",
    "Directory with name 'B' already exists",
    "Directory not found",
    "File Management Synchronizer error",
    "Cannot find directory with tid '7D534991-B623-418C-A7CB-A273C877A37D'",
)
PERFORMING = (
    "Cannot find directory with tid '7D534991-B623-418C-A7CB-A273C877A37D'",
    "The directory does not exist",
    "Error during moving: No access to destination object '/MAM/A'",
    "Error during moving: No access to source objects",
    "Collision during move. Collision dir name:'B'",
    "The data type of the passed item is wrong. It must be 'dir'",
)


@pytest.mark.parametrize("text", PERSISTING)
def test_oc_r119_an_update_that_is_refused_says_why_and_leaves_the_others_done(d: World, text: str) -> None:
    carried_out(d, di("A"), di("B"), di("C"))
    plan = planned(d, *(di(p, {"N": p}) for p in ("A", "B", "C")))
    d.core.mar("B", description=text)

    deed = troubled(d, plan)

    [said] = messages(deed, "b")
    assert said.startswith("failed: ")
    assert text in said
    assert [messages(deed, n)[0].partition(":")[0] for n in ("a", "c")] == ["done", "done"]
    assert {p: v for p, v in tree(d).items() if v} == {"/MAM/A": {"N": "A"}, "/MAM/C": {"N": "C"}}
    carried_out(d, *(di(p, {"N": p}) for p in ("A", "B", "C")), calls=1)


@pytest.mark.parametrize("text", PERSISTING)
def test_oc_r119_a_create_that_is_refused_says_why_though_the_answer_names_nobody(d: World, text: str) -> None:
    documents = [di("A"), di("B"), di("C")]
    plan = planned(d, *documents)
    d.core.mar("B", description=text)

    deed = troubled(d, plan)

    [said] = messages(deed, "b")
    assert said.startswith("failed: ")
    assert text in said
    assert [messages(deed, n)[0].partition(":")[0] for n in ("a", "c")] == ["done", "done"]
    assert all(d.recorded.bonds[at(n)].made for n in ("a", "c"))
    assert at("b") not in d.recorded.bonds
    carried_out(d, *documents, calls=1)


@pytest.mark.parametrize("text", PERFORMING)
def test_oc_r119_a_move_that_is_refused_says_why_and_nothing_is_moved(d: World, text: str) -> None:
    carried_out(d, di("A", name="a"), di("B", name="b"), di("C", name="c"))
    documents = [di("A", name="a"), di("A/B", name="b", was="B"), di("A/C", name="c", was="C")]
    plan = planned(d, *documents)
    d.core.mar("B", description=text)

    deed = troubled(d, plan)

    assert messages(deed, "b") == [f"failed: {text}"]
    assert sorted(tree(d)) == ["/MAM/A", "/MAM/A/C", "/MAM/B"]
    carried_out(d, *documents, calls=1)


def test_oc_r119_a_failing_file_system_says_that_later_may_do(d: World) -> None:
    plan = planned(d, di("A"))
    d.core.mar("A", description="File Management Synchronizer error")

    deed = troubled(d, plan)

    assert messages(deed, "a") == [
        "failed: File Management Synchronizer error (the file system was not ready: retry later)"
    ]


def test_oc_r119_a_new_path_that_is_refused_blocks_what_lies_in_it_and_not_the_rest(d: World) -> None:
    documents = [di("A"), di("A/B"), di("A/B/C", {"N": "c"}), di("D"), di("D/E", {"N": "e"})]
    plan = planned(d, *documents)
    d.core.mar("A", description="Permissions missing for directory with tid ''")

    deed = troubled(d, plan)

    assert "Permissions missing" in messages(deed, "a")[0]
    assert all(m.startswith("done") for m in messages(deed, "d-e"))
    assert tree(d)["/MAM/D/E"] == {"N": "e"}
    carried_out(d, *documents)
    assert tree(d)["/MAM/A/B/C"] == {"N": "c"}


def test_oc_r112_a_collision_is_told_with_the_name_and_nothing_is_overwritten(d: World) -> None:
    carried_out(d, di("A", name="a"), di("X", name="x"))
    plan = planned(d, di("A", name="a"), di("A/X", name="x", was="X"))
    d.core.on_request(1, "before-effect", lambda *_: d.core.add_directory("/MAM/A/X"), path=PERFORM)

    deed = troubled(d, plan)

    assert "Collision dir name:'X'" in messages(deed, "x")[0]
    assert sorted(tree(d)) == ["/MAM/A", "/MAM/A/X", "/MAM/X"]


def test_oc_r119_one_that_somebody_else_has_made_meanwhile_is_not_made_twice(d: World) -> None:
    plan = planned(d, di("A"), di("B"))
    d.core.on_request(1, "before-effect", lambda *_: d.core.add_directory("/MAM/A"), path=PERSIST)

    deed = troubled(d, plan)

    assert sorted(tree(d)) == ["/MAM/A", "/MAM/B"]
    assert messages(deed, "b")[0].startswith("done")
    carried_out(d, di("A"), di("B"), calls=0)


def test_oc_r6_a_warning_is_not_done(d: World) -> None:
    carried_out(d, di("A"))
    plan = planned(d, di("A", {"N": "a"}))
    d.core.mar("A", "WARNING", "dropped a value")

    deed = troubled(d, plan)

    assert messages(deed, "a") == ["failed: dropped a value"]


def test_oc_r6_a_success_with_issues_is_not_done(d: World) -> None:
    carried_out(d, di("A"))
    plan = planned(d, di("A", {"N": "a"}))
    d.core.mar("A", "SUCCESS", "saved", issue="a value was left out")

    deed = troubled(d, plan)

    assert messages(deed, "a")[0].startswith("failed: ")


@pytest.mark.parametrize("path", [PERSIST, PERFORM])
def test_oc_r114_a_lost_answer_is_looked_up_and_nothing_is_made_twice(d: World, path: str) -> None:
    documents = [di("A"), di("B")] if path == PERSIST else [di("A"), di("A/B")]
    plan = planned(d, *documents)
    fault = Fault("drop", method="POST", path=path, effect=True)
    d.core.faults.add(fault)
    d.core.log.clear()

    report = d.apply(plan)

    assert {str(o.end) for o in report.outcomes} == {"done"}
    assert len(requests(d, path)) == 1
    assert len(tree(d)) == 2
    assert planned(d, *documents).writes == ()


def test_oc_r114_a_request_that_never_arrived_is_sent_again(d: World) -> None:
    plan = planned(d, di("A"))
    d.core.faults.add(Fault("status", method="POST", path=PERSIST, status=502))
    d.core.log.clear()

    report = d.apply(plan)

    assert {str(o.end) for o in report.outcomes} == {"done"}
    assert len(requests(d, PERSIST)) == 2
    assert sorted(tree(d)) == ["/MAM/A"]


def test_oc_r114_a_fault_in_the_middle_is_settled_object_by_object(d: World) -> None:
    plan = planned(d, di("A"), di("B"), di("C"))
    d.core.break_after(1)
    d.core.log.clear()

    report = d.apply(plan)

    assert {str(o.end) for o in report.outcomes} == {"done"}
    assert [str(body).count("<dir ") for body in requests(d, PERSIST)] == [3, 2]
    assert len(tree(d)) == 3


def test_oc_r8_a_refusal_of_the_whole_is_that_of_everybody(d: World) -> None:
    plan = planned(d, di("A"), di("B"))
    d.core.faults.add(Fault("status", method="POST", path=PERSIST, status=400))

    deed = troubled(d, plan)

    assert deed.ends == ["failed"] * 3
    assert tree(d) == {}


def test_oc_r11_what_moved_since_the_plan_is_refused(d: World) -> None:
    carried_out(d, di("A", name="a"), di("B", name="b"))
    plan = planned(d, di("A", {"N": "a"}, name="a"), di("B", {"N": "b"}, name="b"))
    d.core.rename_directory("/MAM/A", "X")

    deed = troubled(d, plan)

    assert [m.partition(":")[0] for m in (*messages(deed, "a"), *messages(deed, "b"))] == ["stale", "done"]


def test_oc_r115_a_move_that_shows_late_is_looked_at_twice(d: World) -> None:
    d.core.delay_moves(1)
    carried_out(d, di("A", name="a"), di("X", name="x"))

    plan = planned(d, di("A", name="a"), di("A/X", name="x", was="X"))
    deed = troubled(d, plan)

    assert set(deed.ends) == {"done"}
    assert deed.asked("verify") == 2
    assert len(requests(d, LIST)) == 3


def test_oc_r118_the_values_of_one_that_moves_away_from_its_new_parent_find_it(d: World) -> None:
    """Everything at once: a new branch with values, a move into it that shows late, a rename."""
    carried_out(d, di("X", name="x"), di("Y", name="y"))
    documents = [
        di("N", {"A": "1"}),
        di("N/M", {"B": "2"}),
        di("N/M/X", name="x", was="X"),
        di("Z", name="y", was="Y"),
    ]

    carried_out(d, *documents, calls=4)

    assert tree(d) == {"/MAM/N": {"A": "1"}, "/MAM/N/M": {"B": "2"}, "/MAM/N/M/X": {}, "/MAM/Z": {}}
