"""A tree whose roots are things of another kind, and a key that makes another thing."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from reconciler import diff
from reconciler.model.change import Change, Verb
from reconciler.model.document import Address, Desired, Document, Target
from reconciler.model.json import JsonObject
from reconciler.model.live import Collection, Live, Proof, Resource
from reconciler.model.recorded import Bond, Recorded
from tests.kept import changes_text, keep_in_test
from tests.world import CORE, catalog, doc

NODE = "ClassificationNode"


def live_node(own: str, *path: str, parent: str | None = None) -> Resource:
    fields: JsonObject = {"path": [*path], "classification": path[0]}
    return Resource(own, [*path], fields, "/".join(path), parent, {"children": 0, "NodeAttributes": 0})


def compared(
    documents: Sequence[Document], nodes: Sequence[Resource] = (), bonds: Sequence[Bond] = ()
) -> list[Change]:
    proof = Proof(True, "the list")
    classes = tuple(
        Resource(r.id[1:], r.id[1:], {"identifier": r.id[1:], "rooted": True}) for r in nodes if not r.parent
    )
    live = {"Classification": classes, NODE: tuple(nodes), "NodeAttribute": ()}
    found = {(CORE, name): Collection(name, some, proof) for name, some in live.items()}
    desired = Desired(tuple(documents), {CORE: Target(CORE, "omn-core")}, "files")
    recorded = Recorded({b.address: b for b in bonds}, exists=True)
    changes = list(diff.compare(desired, Live(found), recorded, catalog()).changes)
    keep_in_test(Path(__file__).with_name("changes.txt"), changes_text(changes))
    return changes


def test_what_lies_right_in_a_root_to_come_has_that_for_a_parent() -> None:
    words = [doc("core/Classification", "std", {"identifier": "S"}), doc(f"core/{NODE}", "a", {"path": "S/a"})]
    node = next(c for c in compared(words) if c.address.kind == NODE)
    assert node.parent == {"$id": "core/Classification/std"}
    assert node.holds == ()
    assert node.needs == {Address(CORE, "Classification", "std")}


def test_in_a_live_root_that_is_the_parent() -> None:
    [node] = compared([doc(f"core/{NODE}", "a", {"path": "S/a"})], [live_node("1S", "S")])
    assert (node.parent, node.holds) == ("1S", ())


def test_a_root_that_is_nowhere_is_named() -> None:
    [node] = compared([doc(f"core/{NODE}", "a", {"path": "T/a"})], [live_node("1S", "S")])
    [hold] = node.holds
    assert (hold.rule, hold.final) == ("unresolved", True)
    assert "no Classification 'T'" in hold.reason


def test_in_a_path_only_keys_are_meant_and_proposed() -> None:
    root = doc("core/Classification", "fashion", {"identifier": "Fashion"})
    for path in ("Fashoin/a", "fashion/a"):
        _, node = compared([root, doc(f"core/{NODE}", "a", {"path": path})])
        assert node.parent is None
        assert "did you mean Fashion?" in node.holds[0].reason


def bond(name: str, own: str, *path: str) -> Bond:
    return Bond(Address(CORE, NODE, name), own, [*path], made=True)


def test_another_key_is_another_thing_and_needs_a_consent() -> None:
    nodes = [live_node("1S", "S"), live_node("2", "S", "a", parent="1S")]
    words = [doc(f"core/{NODE}", "a", {"path": "S/b"})]
    [node] = compared(words, nodes, [bond("a", "2", "S", "a")])
    assert (node.verb, [h.rule for h in node.holds]) == (Verb.REPLACE, ["replace"])

    agreed = [doc(f"core/{NODE}", "a", {"path": "S/b"}, allow=["replace"])]
    [node] = compared(agreed, nodes, [bond("a", "2", "S", "a")])
    assert (node.verb, node.holds) == (Verb.REPLACE, ())


def test_what_lies_in_it_does_not_move_along() -> None:
    nodes = [
        live_node("1S", "S"),
        live_node("2", "S", "a", parent="1S"),
        live_node("3", "S", "a", "x", parent="2"),
    ]
    words = [
        doc(f"core/{NODE}", "a", {"path": "S/b"}, allow=["replace"]),
        doc(f"core/{NODE}", "x", {"path": "S/b/x"}, allow=["replace"]),
    ]
    bonds = [bond("a", "2", "S", "a"), bond("x", "3", "S", "a", "x")]
    assert [c.verb for c in compared(words, nodes, bonds)] == [Verb.REPLACE, Verb.REPLACE]


def test_a_key_that_somebody_has_is_not_taken() -> None:
    nodes = [live_node(i, "S", i, parent="1S") for i in ("2", "3")]
    words = [doc(f"core/{NODE}", "a", {"path": "S/3"}, allow=["replace"])]
    [node] = compared(words, [live_node("1S", "S"), *nodes], [bond("a", "2", "S", "2")])
    assert "name-taken" in [h.rule for h in node.holds]
