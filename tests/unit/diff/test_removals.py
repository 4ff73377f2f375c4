"""What leaves git: deleted or let go, as its last apply said."""

from __future__ import annotations

import pytest

from reconciler.model.change import Change, Verb
from reconciler.model.record import replace
from tests.unit.diff.samples import TARGETS, bond, compared, desired_of, folder, label
from tests.world import OMNI, doc


def only(**words: object) -> Change:
    found = compared([], [label("x1", uses=2)], [bond("Label", "old", "x1", **words)])
    return found["old"]


def test_what_we_made_and_may_delete_is_deleted() -> None:
    found = only(made=True, on_remove="delete")

    assert (found.verb, found.was_made, found.writes) == (Verb.DELETE, True, True)
    assert found.live is not None
    assert found.key == "x1"


@pytest.mark.parametrize("made", [True, False])
def test_whatever_is_to_be_released_stays_as_it_is(made: bool) -> None:
    found = only(made=made, on_remove="release")

    assert (found.verb, found.writes) == (Verb.RELEASE, False)
    assert found.notes == ("left git; it stays as it is, and is ours no more",)


def test_what_is_gone_already_is_only_forgotten() -> None:
    found = compared([], [], [bond("Label", "old", "x1", made=True, on_remove="delete")])["old"]

    assert (found.verb, found.also_gone, found.writes) == (Verb.RELEASE, True, False)


def test_a_deleted_folder_knows_what_it_lies_in() -> None:
    things = [folder("f", "A"), folder("g", "A", "B", parent="f")]
    by = {"scope": "organization"}
    bonds = [bond("Folder", "b", "g", ["A", "B"], made=True, on_remove="delete", by=by)]

    found = compared([doc("Folder", "a", {"path": "A"})], things, bonds)["b"]

    assert (found.verb, found.parent, found.label, found.by) == (
        Verb.DELETE,
        "f",
        "A/B",
        {"scope": "organization"},
    )


def test_what_is_not_selected_or_not_of_this_project_is_let_be() -> None:
    gone = bond("Label", "old", "x1", made=True, on_remove="delete")

    assert compared([], [label("x1")], [gone], desired=desired_of(left_out=(gone.address,))) == {}
    assert compared([], [label("x1")], [gone], desired=desired_of(selects=lambda _: False)) == {}
    elsewhere = {name: target for name, target in TARGETS.items() if name != OMNI}
    assert compared([], [label("x1")], [gone], desired=replace(desired_of(), targets=elsewhere)) == {}


GONE = bond("Label", "old", "x1", "Prod", made=True, on_remove="delete", label="Production", by={"in": "a"})


def test_every_way_to_leave_git_in_full() -> None:
    """With the name that people know it by, and a sentence that says why nothing is deleted."""
    there = label("x1", uses=2)
    let_go = Change(Verb.RELEASE, GONE.address, key="Prod", label="Production")

    released = compared([], [there], [replace(GONE, on_remove="release")])["old"]
    assert released == replace(let_go, was_made=True, notes=("left git; it stays as it is, and is ours no more",))
    gone = compared([], [], [GONE])["old"]
    assert gone == replace(let_go, notes=("left git, and is live no more",), also_gone=True)
    deleted = compared([], [there], [GONE])["old"]
    assert deleted == Change(
        Verb.DELETE, GONE.address, bond=GONE, live=there[1], key="x1", label="x1", was_made=True, by={"in": "a"},
        settings=deleted.settings,
    )  # fmt: skip
