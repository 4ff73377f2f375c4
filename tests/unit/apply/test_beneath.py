"""What lies beneath goes along in the ledger, whatever the plan says of it."""

from __future__ import annotations

from collections.abc import Iterable

from reconciler.apply.beneath import moved_along
from reconciler.apply.look import Kinds
from reconciler.model.document import Address
from reconciler.model.json import Json
from reconciler.model.plan import Plan, PlanTarget
from reconciler.model.recorded import Bond
from tests.world import CORE, catalog

KINDS = Kinds(
    catalog(),
    Plan(
        stamp="",
        tool="t",
        manifests="m",
        targets=(PlanTarget(CORE, "omn-core", "http://x", None),),
        actions=(),
        calls=(),
    ),
)


def bond(name: str, key: Json, kind: str = "Keyword", remote_id: str = "") -> Bond:
    return Bond(Address(CORE, kind, name), remote_id or name, key=key)


def along(before: Iterable[Bond], now: Iterable[Bond]) -> dict[str, Json]:
    was, there = ({b.address: b for b in bonds} for bonds in (before, now))
    return {b.address.name: b.key for b in moved_along(KINDS, was, there)}


def test_a_branch_goes_along_and_its_neighbours_stay() -> None:
    below = [bond("x", ["Old", "X"]), bond("y", ["Old", "X", "Y"]), bond("z", ["Older", "X"]), bond("o", ["Old"])]

    found = along([bond("r", ["Old"], remote_id="1"), *below], [bond("r", ["New"], remote_id="1"), *below])

    assert found == {"x": ["New", "X"], "y": ["New", "X", "Y"]}


def test_the_nearest_that_was_moved_counts() -> None:
    leaf = bond("leaf", ["A", "B", "C"])
    before = [bond("a", ["A"]), bond("b", ["A", "B"]), leaf]

    assert along(before, [bond("a", ["Z"]), bond("b", ["Q"]), leaf]) == {"leaf": ["Q", "C"]}


def test_what_was_told_of_a_thing_itself_stays() -> None:
    before = [bond("r", ["Old"]), bond("x", ["Old", "X"])]

    assert along(before, [bond("r", ["New"]), bond("x", ["X"])]) == {}


def test_another_thing_of_the_same_name_has_led_nothing_away() -> None:
    below = bond("x", ["Old", "X"])

    assert along([bond("r", ["Old"], remote_id="1"), below], [bond("r", ["New"], remote_id="2"), below]) == {}
    assert along([below], [bond("r", ["New"]), below]) == {}


def test_what_stands_under_a_root_of_another_kind_goes_along_with_it() -> None:
    """A classification is the root of its nodes (`x-roots`)."""
    node, word = bond("n", ["Old", "Shoes"], "ClassificationNode"), bond("w", ["Old", "Shoes"])

    root = [bond("c", name, "Classification", "1") for name in ("Old", "New")]

    assert along([root[0], node, word], [root[1], node, word]) == {"n": ["New", "Shoes"]}
