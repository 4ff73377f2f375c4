"""What counts as gone from a thing that is to be deleted: whatever leaves it, loses it or is moved out of it."""

from __future__ import annotations

from typing import Any

import pytest

from reconciler.model.change import REMOVALS, Change, Changes, Delta, Entry, Hold, Verb
from reconciler.model.document import Address, DeleteLimit, Desired
from reconciler.model.live import Resource
from reconciler.model.record import replace
from reconciler.model.recorded import Bond, Recorded
from reconciler.plan.guards import guarded
from tests.unit.plan.samples import FINAL, TARGETS, WAIT, address, create, delete, kind_of, live_of, rename, thing
from tests.world import doc


def found(
    *changes: Change, bonds: tuple[Bond, ...] = (), limit: DeleteLimit | None = None, more: tuple[Any, ...] = ()
) -> dict[str, tuple[Hold, ...]]:
    """The holds of each change, once all guards have spoken."""
    there = [(c.address.kind, c.live) for c in changes if c.live] + [*more]
    desired = Desired((), TARGETS, "", limit or DeleteLimit(100, 100))
    recorded = Recorded({b.address: b for b in bonds}, exists=True)
    by_address = tuple(sorted(changes, key=lambda c: c.address))
    told = guarded(Changes(by_address), desired, live_of(*there), recorded, kind_of)
    return {c.address.name: c.holds for c in told}


def staying(*changes: Change, **words: Any) -> str:
    """Why the thing called `full` stays; nothing if it may go."""
    return "; ".join(h.reason for h in found(*changes, **words)["full"])


def full(**contents: int) -> Change:
    """A folder that is to be deleted, in which there is something."""
    inside: dict[str, Any] = {"children": 0, "documents": 0, **contents}
    return delete("Folder", "full", thing("f", ["Full"], **inside))


# By a reference


def paper(verb: Verb, folder: str | None = "f", **words: Any) -> Change:
    live = Resource("d", "d", {"identifier": "d", "folder": folder})
    document = None if verb in REMOVALS else doc("Document", "paper", {"identifier": "d", "folder": "Other"})
    words.setdefault("was_made", True)
    return Change(verb, address("Document", "paper"), document, live, "d", "d", **words)


MOVED: dict[str, Any] = {"wire": {"folder": "other"}, "changed": frozenset({"folder"})}
OTHERWISE: dict[str, Any] = {"wire": {"folder": "other", "title": "New"}, "changed": frozenset({"title"})}
ONE_IN_IT = "it is still in use (documents: 1)"


def test_what_is_deleted_lets_go_of_all_that_it_refers_to() -> None:
    assert staying(full(documents=1), paper(Verb.DELETE)) == ""
    assert staying(full(documents=2), paper(Verb.DELETE)) == ONE_IN_IT
    assert staying(full(documents=1), paper(Verb.DELETE, folder="other")) == ONE_IN_IT
    assert staying(full(documents=1), paper(Verb.DELETE, folder=None)) == ONE_IN_IT


def test_what_refers_to_another_from_now_on_lets_go() -> None:
    assert staying(full(documents=1), paper(Verb.UPDATE, **MOVED)) == ""
    assert staying(full(documents=1), paper(Verb.UPDATE, **OTHERWISE)) == ONE_IN_IT
    names = "analytics/Document/paper names it"
    assert staying(full(documents=1), paper(Verb.NONE)) == f"{names}; {ONE_IN_IT}"


@pytest.mark.parametrize("hold", [WAIT, FINAL])
def test_what_is_held_lets_go_of_nothing(hold: Hold) -> None:
    assert staying(full(documents=1), paper(Verb.UPDATE, **MOVED, holds=(hold,))) == ONE_IN_IT
    assert staying(full(documents=1), paper(Verb.DELETE, holds=(hold,))) == ONE_IN_IT


def test_what_a_guard_holds_lets_go_of_nothing() -> None:
    others = paper(Verb.DELETE, was_made=False)

    assert staying(full(documents=1), others) == ONE_IN_IT


def test_what_is_as_declared_says_nothing_of_those_after_it() -> None:
    quiet = replace(inside("a", Verb.NONE, parent="g"), live=thing("a", ["a"]))

    assert staying(full(documents=1), replace(quiet, address=address("Document", "a")), paper(Verb.DELETE)) == ""


def test_what_is_archived_still_refers_to_it() -> None:
    assert staying(full(documents=1), paper(Verb.ARCHIVE)) == ONE_IN_IT


def test_what_is_no_longer_there_lets_go_of_nothing_more() -> None:
    assert staying(full(documents=1), paper(Verb.DELETE, also_gone=True)) == ONE_IN_IT


def test_a_set_loses_just_what_is_removed_from_it() -> None:
    label = delete("Label", "full", thing("x1", "Prod", uses=1))
    live = Resource("d", "d", {"identifier": "d", "labels": ["x1", "x2"]})
    document = doc("Document", "d", {"identifier": "d", "labels": []})

    def losing(*ids: Any) -> Change:
        delta = Delta(remove=tuple(Entry(str(i), i) for i in ids))
        at = address("Document", "d")
        return Change(Verb.UPDATE, at, document, live, "d", "d", deltas={"labels": delta})

    assert staying(label, losing("x1")) == ""
    assert staying(label, losing("x1", ["x2", "x3"])) == ""
    assert staying(label, losing("x2")) == "it is still in use (uses: 1)"


# Out of a folder


def inside(name: str, verb: Verb, **words: Any) -> Change:
    """A folder in the full one."""
    live = thing(name, ["Full", name], parent="f", children=0, documents=0)
    document = None if verb is Verb.DELETE else doc("Folder", name, {"path": f"Full/{name}"})
    return Change(verb, address("Folder", name), document, live, live.key, name, was_made=True, **words)


IN_IT = "it is still in use (Folders in it: 1)"


@pytest.mark.parametrize("parent", [None, "f", "g"])
def test_what_is_deleted_goes_once_wherever_it_is_said_to_lie(parent: str | None) -> None:
    assert staying(full(children=1), inside("a", Verb.DELETE, parent=parent)) == ""
    assert staying(full(children=2), inside("a", Verb.DELETE, parent=parent)) == IN_IT


def test_what_gets_another_name_in_the_same_place_stays_in_it() -> None:
    other_name = inside("a", Verb.RENAME, parent="f", changed=frozenset({"path"}), wire={"path": "Full/b"})

    assert staying(full(children=1), other_name) == IN_IT


def test_what_is_declared_elsewhere_and_not_moved_stays_in_it() -> None:
    assert staying(full(children=1), inside("a", Verb.NONE, parent="g")) == IN_IT


@pytest.mark.parametrize(
    ("hold", "why"), [(WAIT, IN_IT), (FINAL, IN_IT), (replace(WAIT, only="remove"), ""), (None, "")]
)
def test_what_moves_out_is_gone_unless_the_move_is_held(hold: Hold | None, why: str) -> None:
    holds = (hold,) if hold else ()
    moves = inside("a", Verb.MOVE, parent="g", changed=frozenset({"path"}), wire={"path": "a"}, holds=holds)

    assert staying(full(children=1), moves) == why


# Released


def test_each_that_this_plan_lets_go_is_counted() -> None:
    names = ("a", "b", "c")
    lives = tuple(("Folder", thing(n, ["Full", n], parent="f")) for n in names)
    let_go = [Change(Verb.RELEASE, address("Folder", n), key=["Full", n]) for n in names]
    bonds = (Bond(let_go[1].address, "b"), Bond(let_go[2].address, "c"))

    told = staying(full(children=3), *let_go, bonds=bonds, more=lives)

    assert told == "it is still in use (Folders in it: 3, 2 of them released by this plan)"


def test_what_is_released_is_found_by_the_id_in_the_ledger() -> None:
    let_go = Change(Verb.RELEASE, address("Folder", "a"), key=["Full", "a"])
    other = ("Folder", thing("a", ["Full", "a"], parent="f"))

    assert staying(full(children=1), let_go, bonds=(Bond(let_go.address, "z"),), more=(other,)) == IN_IT


# Limits and guards where there is nothing to look at


def gone(count: int) -> list[Change]:
    return [Change(Verb.DELETE, Address("analytics", "Label", f"n{i}"), was_made=True) for i in range(count)]


def test_deletes_of_what_nobody_sees_are_no_share_of_anything() -> None:
    assert set(found(*gone(3), limit=DeleteLimit(3, 0)).values()) == {()}
    [hold, *_] = found(*gone(3), limit=DeleteLimit(2, 0))["n0"]
    assert (hold.rule, hold.reason) == (
        "too-many-deletes", "3 of 0 Labels would be deleted (limit 2, or 0 %)",
    )  # fmt: skip


@pytest.mark.parametrize("verb", [Verb.UPDATE, Verb.RENAME, Verb.CREATE, Verb.NONE, Verb.RELEASE, Verb.ADOPT])
def test_what_stays_is_asked_nothing_even_if_it_is_protected_and_was_made_by_others(verb: Verb) -> None:
    one = rename("Label", "a", thing("x1", "x1", uses=3), "x2")
    one = create("Label", "a", "x2") if verb is Verb.CREATE else replace(one, verb=verb)
    bond = Bond(one.address, "x1", protect=True)

    assert found(one, bonds=(bond,), limit=DeleteLimit(0, 0)) == {"a": ()}
