"""Every hold of every guard, word for word: the rule, the reason, the way out, whether an override lifts it."""

from __future__ import annotations

from typing import Any

import pytest

from reconciler.model.change import Change, Changes, Delta, Entry, Hold, Verb
from reconciler.model.document import Address, DeleteLimit, Desired
from reconciler.model.live import Proof, Resource
from reconciler.model.record import replace
from reconciler.model.recorded import Bond, Recorded
from reconciler.plan.guards import guarded
from tests.unit.plan.samples import (
    FINAL,
    TARGETS,
    WAIT,
    address,
    create,
    delete,
    kind_of,
    live_of,
    thing,
)
from tests.world import TRACKER, doc

LABEL = thing("x1", "Prod", uses=0)
GONE = delete("Label", "a", LABEL)
TEAM = thing("t", "brand", projects=0)
DROP_TEAM = delete("ClientTeam", "a", TEAM)


def holds(
    *changes: Change,
    of: str = "a",
    bonds: tuple[Bond, ...] = (),
    limit: DeleteLimit | None = None,
    proof: Proof | None = None,
    more: tuple[tuple[str, Resource], ...] = (),
    declared: tuple[Any, ...] = (),
) -> tuple[Hold, ...]:
    """The holds of the change of this name, once all guards have spoken."""
    there = [(c.address.kind, c.live) for c in changes if c.live] + [*more]
    live = live_of(*there, proof=proof) if proof else live_of(*there)
    desired = Desired((), TARGETS, "", limit or DeleteLimit(100, 100), declared=declared)
    recorded = Recorded({b.address: b for b in bonds}, exists=True)
    found = guarded(Changes(tuple(sorted(changes, key=lambda c: c.address))), desired, live, recorded, kind_of)
    assert [c.address for c in found] == sorted(c.address for c in changes)
    return next(c.holds for c in found if c.address.name == of)


KEPT = Hold(
    "protected",
    "lifecycle.protect was set when it was last applied",
    "put the document back with `protect: false`, apply, then remove it",
)


def test_nothing_speaks_against_what_is_ours_and_empty() -> None:
    assert holds(GONE) == ()


@pytest.mark.parametrize("verb", [Verb.DELETE, Verb.ARCHIVE, Verb.DEACTIVATE])
def test_what_the_ledger_protects(verb: Verb) -> None:
    change = replace(GONE, verb=verb)

    assert holds(change, bonds=(Bond(GONE.address, "x1", protect=True),)) == (KEPT,)
    assert holds(change, bonds=(Bond(GONE.address, "x1", protect=False),)) == ()
    assert holds(change, bonds=(Bond(address("Label", "b"), "x1", protect=True),)) == ()


@pytest.mark.parametrize(("by_document", "by_ledger"), [(True, False), (False, True), (True, True)])
def test_what_is_protected_is_not_made_anew(by_document: bool, by_ledger: bool) -> None:
    change = replace(GONE, verb=Verb.REPLACE, document=doc("Label", "a", {"name": "b"}, protect=by_document))
    bonds = (Bond(GONE.address, "x1", protect=by_ledger),)

    assert holds(change, bonds=bonds) == (
        Hold(
            "protected",
            "it would be deleted and made anew, and lifecycle.protect keeps it",
            "apply it with `protect: false` and nothing else changed, then change it",
        ),
    )


def test_what_is_made_anew_is_asked_nothing_else() -> None:
    """A replace goes by its own consent; even a thing that others made, in a list nobody can prove."""
    change = replace(GONE, verb=Verb.REPLACE, was_made=False, document=doc("Label", "a", {"name": "b"}))

    assert holds(change, proof=Proof(False, "half"), limit=DeleteLimit(0, 0)) == ()


@pytest.mark.parametrize(
    ("verb", "first"),
    [
        (Verb.DELETE, "delete it by hand"),
        (Verb.ARCHIVE, "put the document back with the values you want it to have"),
        (Verb.DEACTIVATE, "put the document back with the values you want it to have"),
    ],
)
def test_what_others_made(verb: Verb, first: str) -> None:
    assert holds(replace(GONE, verb=verb, was_made=False)) == (
        Hold(
            "not-ours",
            f"it was adopted, not created here: not ours to {verb}",
            f"{first}, or put it back with `onRemove: release`, apply, then remove it",
        ),
    )


HALF = Hold(
    "unproven-listing",
    "the list is not proven complete: 3 of 4 came",
    "plan again; if it stays so, look at the API's answer",
    final=True,
)


@pytest.mark.parametrize(("verb", "found"), [(Verb.DELETE, (HALF,)), (Verb.ARCHIVE, ()), (Verb.DEACTIVATE, ())])
def test_a_list_of_which_only_a_part_came(verb: Verb, found: tuple[Hold, ...]) -> None:
    assert holds(replace(GONE, verb=verb), proof=Proof(False, "3 of 4 came")) == found


@pytest.mark.parametrize("verb", [Verb.DELETE, Verb.ARCHIVE])
def test_more_than_the_limit_of_a_kind(verb: Verb) -> None:
    things = [thing(f"x{i}", f"X{i}", uses=0) for i in range(8)]
    changes = [replace(delete("Label", name, one), verb=verb) for name, one in zip("abc", things, strict=False)]
    others = tuple(("Label", one) for one in things[3:])

    def found(count: int, percent: int) -> tuple[Hold, ...]:
        return holds(*changes, more=others, limit=DeleteLimit(count, percent))

    def much(count: int, percent: int) -> Hold:
        reason = f"3 of 8 Labels would be deleted (limit {count}, or {percent} %)"
        way_out = "delete in smaller steps, or raise guards.deletes in reconciler.yaml"
        return Hold("too-many-deletes", reason, way_out)

    assert found(3, 37) == ()
    assert found(3, 36) == (much(3, 36),)
    assert found(2, 100) == (much(2, 100),)


def test_a_percentage_counts_from_three_deletes_on() -> None:
    two = [delete("Label", name, thing(name, name, uses=0)) for name in "ab"]
    three = [*two, delete("Label", "c", thing("c", "c", uses=0))]

    assert holds(*two, limit=DeleteLimit(10, 0)) == ()
    assert [h.rule for h in holds(*three, limit=DeleteLimit(10, 99))] == ["too-many-deletes"]
    assert holds(*three, limit=DeleteLimit(10, 100)) == ()


def used(reason: str, way_out: str = "move or remove them first, then plan again") -> Hold:
    return Hold("in-use", reason, way_out, final=True)


def test_what_others_use_or_nobody_can_count() -> None:
    """Counts are looked at by their names in order; the first that speaks is told."""
    both = delete("Label", "a", thing("x1", "x1", uses=2, documents=0))
    unknown = delete("Label", "a", thing("x1", "x1", zebras=1, uses=None))

    assert holds(both) == (used("it is still in use (uses: 2)"),)
    assert holds(unknown) == (
        Hold("contents-unknown", "the API does not say how many uses it has", "delete it by hand", final=True),
    )
    assert holds(replace(both, verb=Verb.ARCHIVE)) == ()


def folder(remote_id: str, *chain: str, parent: str | None = None, **contents: int) -> Change:
    live = thing(remote_id, [*chain], parent=parent, **{"children": 0, "documents": 0, **contents})
    return delete("Folder", chain[-1].lower(), live)


def test_what_is_to_be_in_it() -> None:
    coming = create("Folder", "new", ["A", "New"], parent="f")
    moved = replace(folder("g", "B"), verb=Verb.MOVE, parent="f")

    assert holds(folder("f", "A"), coming) == (
        Hold(
            "in-use",
            "1 declared things belong in it",
            "declare it too, or move what is declared in it",
            final=True,
        ),
    )
    assert holds(folder("f", "A"), coming, moved)[0].reason == "2 declared things belong in it"
    stays = replace(folder("g", "A", "B", parent="f"), verb=Verb.UPDATE)
    assert holds(folder("f", "A", children=1), stays) == (used("it is still in use (Folders in it: 1)"),)


def test_what_goes_or_moves_out_does_not_count() -> None:
    full = folder("f", "A", children=2)
    goes, moves = folder("g", "A", "G", parent="f"), folder("h", "A", "H", parent="f")
    own = doc("Folder", "h", {"path": "H"})
    out = replace(
        moves, verb=Verb.MOVE, parent=None, document=own, wire={"path": "H"}, changed=frozenset({"path"})
    )

    assert holds(full, goes, out) == ()
    assert holds(full, goes, replace(out, holds=(WAIT,))) == (used("it is still in use (Folders in it: 1)"),)
    kept = replace(goes, holds=(FINAL,))
    assert holds(full, kept, out) == (used("it is still in use (Folders in it: 1)"),)
    assert holds(full, replace(goes, holds=(replace(WAIT, only="remove"),)), out) == ()


@pytest.mark.parametrize(("inside", "told", "others"), [
    (1, "released by this plan", ""),
    (3, "1 of them released by this plan", "; move or remove the others first"),
])  # fmt: skip
def test_what_stays_since_this_plan_lets_it_go(inside: int, told: str, others: str) -> None:
    child = thing("g", ["A", "G"], parent="f")
    let_go = Change(Verb.RELEASE, address("Folder", "g"), key=["A", "G"])
    bonds = (Bond(let_go.address, "g"),)

    found = holds(folder("f", "A", children=inside), let_go, bonds=bonds, more=(("Folder", child),))

    back = "put these back with `onRemove: delete` (a nested list: its mode `exact`)"
    assert found == (
        used(f"it is still in use (Folders in it: {inside}, {told})", f"{back}, apply, then take all out{others}"),
    )
    gone = replace(let_go, also_gone=True)
    assert holds(folder("f", "A", children=inside), gone, bonds=bonds, more=(("Folder", child),)) == (
        used(f"it is still in use (Folders in it: {inside})"),
    )


def test_what_is_let_go_by_its_reference_counts_as_released_too() -> None:
    document = Resource("d", "d", {"labels": ["x1"], "folder": "f"})
    let_go = Change(Verb.RELEASE, address("Document", "d"), key="d")

    found = holds(folder("f", "A", documents=1), let_go, bonds=(Bond(let_go.address, "d"),),
                  more=(("Document", document),))  # fmt: skip

    assert found[0].reason == "it is still in use (documents: 1, released by this plan)"


def untagged(name: str, **words: Any) -> Change:
    own = Resource(name, name, {"labels": ["x1"]})
    delta = Delta(remove=(Entry("Prod", "x1"),))
    at = address("Document", name)
    document = doc("Document", name, {"identifier": name, "labels": []})
    return Change(Verb.UPDATE, at, document, own, name, name, deltas={"labels": delta}, **words)


def test_what_lets_go_in_the_same_plan() -> None:
    used_twice = delete("Label", "a", thing("x1", "Prod", uses=2))

    assert holds(used_twice, untagged("p"), untagged("q")) == ()
    assert holds(used_twice, untagged("p")) == (used("it is still in use (uses: 1)"),)
    assert holds(used_twice, untagged("p"), untagged("q", holds=(FINAL,))) == (
        used("it is still in use (uses: 1)"),
    )
    waits = untagged("q", holds=(replace(WAIT, only="remove"),))
    assert holds(used_twice, untagged("p"), waits) == (used("it is still in use (uses: 1)"),)


def test_who_names_it_stands_first_and_how_many_use_it_after() -> None:
    live = Resource("d", "d", {"labels": ["x1"]})
    kept = Delta(kept=(Entry("Prod", "x1"),))
    document = doc("Document", "d", {"identifier": "d", "labels": ["Prod"]})
    names = Change(Verb.NONE, document.address, document, live, "d", "d", deltas={"labels": kept})

    assert holds(delete("Label", "a", thing("x1", "Prod", uses=1)), names) == (
        used("analytics/Document/d names it; it is still in use (uses: 1)",
             "take it out there first, or declare it again"),
    )  # fmt: skip
    assert holds(GONE, names) == (
        used("analytics/Document/d names it", "take it out there first, or declare it again"),
    )


def test_what_was_not_selected_names_it() -> None:
    aside = doc("Document", "d", {"identifier": "d", "labels": ["PROD"]})

    assert holds(GONE, declared=(aside,)) == (
        used("analytics/Document/d names it", "take it out there first, or declare it again"),
    )


def test_who_came_about_with_it_is_named() -> None:
    at = Address(TRACKER, "Invitation", "i")
    live = Resource("new@example.com", "new@example.com", {"invitationId": "i-1"})
    invited = Change(Verb.DELETE, at, live=live, key="new@example.com", was_made=True)
    pod = doc("Pod", "p", {"slug": "p", "lead": "new@example.com"})
    leads = Change(Verb.NONE, pod.address, pod, live=thing("p", "p"))

    assert holds(invited, leads, of="i") == (
        used("studio/Pod/p names the User that came about with this, and may go with it",
             "take it out there first, or declare it again"),
    )  # fmt: skip


LAST = Hold("last-one", "no ClientTeam would be left", "keep one, or delete the last by hand", final=True)


def test_the_last_of_a_collection_that_must_not_be_empty() -> None:
    assert holds(DROP_TEAM) == (LAST,)
    assert holds(DROP_TEAM, more=(("ClientTeam", thing("u", "other")),)) == ()
    assert holds(DROP_TEAM, create("ClientTeam", "new", "new")) == ()
    assert holds(DROP_TEAM, create("ClientTeam", "new", "new", holds=(WAIT,))) == (LAST,)
    other = delete("ClientTeam", "b", thing("u", "other", projects=0))
    assert holds(DROP_TEAM, other) == (LAST,)
    assert holds(replace(DROP_TEAM, verb=Verb.ARCHIVE)) == ()


def test_all_that_speaks_against_it_is_told_in_one_order() -> None:
    change = replace(delete("Label", "a", thing("x1", "x1", uses=1), made=False), holds=(WAIT,))

    found = holds(change, bonds=(Bond(GONE.address, "x1", protect=True),), proof=Proof(False, "half"),
                  limit=DeleteLimit(0, 0))  # fmt: skip

    assert [h.rule for h in found] == [
        "ask", "protected", "not-ours", "unproven-listing", "too-many-deletes", "in-use",
    ]  # fmt: skip


def test_a_chain_of_containers_is_held_from_the_innermost_on() -> None:
    top, middle = folder("t", "T", children=1), folder("m", "T", "M", parent="t", children=1)
    full = folder("l", "T", "M", "L", parent="m", documents=1)

    assert holds(top, middle, full, of="l") == (used("it is still in use (documents: 1)"),)
    for name in ("m", "t"):
        assert holds(top, middle, full, of=name) == (used("it is still in use (Folders in it: 1)"),)
