"""Trees: what a thing lies in, and what it has from there."""

from __future__ import annotations

from tests.unit.diff import hard
from tests.unit.diff.samples import At, bond, compared, folder, rules
from tests.world import doc

FINANCE = folder("f", "Finance")
JANES = {"scope": "restricted", "owner": "jane@example.com"}


def test_a_parent_is_live_or_declared_or_a_miss() -> None:
    leaf = doc("Folder", "leaf", {"path": "Finance/Reports"})

    assert compared([leaf], [FINANCE])["leaf"].parent == "f"
    both = compared([leaf, doc("Folder", "root", {"path": "Finance"})])
    assert both["leaf"].parent == {"$id": "analytics/Folder/root"}
    assert both["root"].parent is None
    alone = compared([leaf], [folder("g", "Finanze")])["leaf"]
    assert rules(alone) == {"unresolved"}
    assert "did you mean Finanze?" in alone.holds[0].reason


def test_two_parents_of_one_name_are_refused_with_their_ids() -> None:
    things = [FINANCE, folder("g", "Finance")]

    found = compared([doc("Folder", "leaf", {"path": "Finance/Reports"})], things)["leaf"]

    assert rules(found) == {"unresolved"}
    assert "(f, g)" in found.holds[0].reason


def test_a_parent_that_is_live_under_another_name_is_not_lain_in() -> None:
    """Its document cannot rename it, so nothing may be made as if it had."""
    root, leaf = doc("Folder", "root", {"path": "Money"}), doc("Folder", "leaf", {"path": "Money/Reports"})

    found = compared([root, leaf], [FINANCE], [bond("Folder", "root", "f", ["Finance"])])

    assert "no-rename" in rules(found["root"])
    assert rules(found["leaf"]) == {"unresolved"}
    assert "'Money' is live as 'Finance'" in found["leaf"].holds[0].reason


BOARD = folder("b", "Board", scope="restricted")


def test_a_child_says_what_its_parent_says() -> None:
    """Else it would be made where no list of ours shows it again (OA-R31, OA-R33)."""

    def held(spec: dict[str, str], *things: At) -> set[str]:
        return rules(compared([doc("Folder", "leaf", {**spec})], things)["leaf"])

    assert held({"path": "Finance/X", **JANES}, FINANCE) == {"unlike-parent"}
    assert held({"path": "Finance/X", "scope": "organization"}, FINANCE) == set()
    assert held({"path": "Finance/X"}, FINANCE) == set()
    assert held({"path": "Board/X"}, BOARD) == {"unlike-parent"}
    assert held({"path": "Board/X", **JANES}, BOARD) == set()


def test_a_declared_parent_counts_as_it_will_be() -> None:
    leaf = doc("Folder", "leaf", {"path": "New/X", **JANES})

    plain = compared([leaf, doc("Folder", "root", {"path": "New"})])["leaf"]
    assert rules(plain) == {"unlike-parent"}
    assert plain.holds[0].way_out == "a child has what its parent has: say `scope: organization`"
    assert rules(compared([leaf, doc("Folder", "root", {"path": "New", **JANES})])["leaf"]) == set()


def test_of_two_parents_the_one_that_a_child_can_have_is_meant() -> None:
    things = [folder("o", "Board"), BOARD]

    assert compared([doc("Folder", "leaf", {"path": "Board/X"})], things)["leaf"].parent == "o"
    assert compared([doc("Folder", "leaf", {"path": "Board/X", **JANES})], things)["leaf"].parent == "b"


def test_of_two_parents_of_one_name_the_declared_one_is_meant() -> None:
    """The other one is nobody's."""
    live = [hard.there("Room", "1", ["A"]), hard.there("Room", "2", ["A"])]
    documents = [
        hard.declared("Room", "a", {"path": "A"}, pinned_id="2"),
        hard.declared("Room", "x", {"path": "A/x"}),
    ]

    found = hard.told(documents, live)["x"]

    assert (found.parent, hard.rules(found)) == ("2", [])


def test_what_is_live_keeps_its_place() -> None:
    """The scope of something that is there is compared as a field, not against its parent."""
    leaf = folder("x", "Finance", "X", parent="f", scope="restricted")

    found = compared([doc("Folder", "leaf", {"path": "Finance/X", **JANES})], [FINANCE, leaf])["leaf"]

    assert found.live is not None
    assert rules(found) == set()


def test_an_unplaced_namesake_may_be_the_very_one() -> None:
    """OA-R28: it holds a create of the same name and scope, and no other."""
    stray = folder("s", "(unplaced) /a/reports", "Reports", placed=False)

    assert rules(compared([doc("Folder", "r", {"path": "Reports"})], [stray])["r"]) == {"unplaced"}
    assert rules(compared([doc("Folder", "r", {"path": "Others"})], [stray])["r"]) == set()
    assert rules(compared([doc("Folder", "r", {"path": "Reports", **JANES})], [stray])["r"]) == set()
