"""Classifications with everything in them as people write them, nested or not: the same calls."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from reconciler.model.document import Document
from reconciler.model.faults import ManifestInvalid
from tests.contract.classes import GONE, attributes, hard, tree
from tests.contract.keywords import carried_out
from tests.contract.nests import written
from tests.world import World

HEAD = "apiVersion: omn-core/v1\nkind: {kind}\nmetadata: {{name: {name}}}\nspec: {spec}\n"

NESTED = """apiVersion: omn-core/v1
kind: Classification
metadata: {name: std}
spec:
  identifier: Standard
  labels: {en_GB: Fashion, de_DE: Mode}
  attributes: [{definition: care-note}]
  nodes:
    - path: Shoes
      labels: {en_GB: Shoes}
      nodes:
        - path: Boots
          attributes: [{definition: gender, localized: true, domain: {values: [{id: f, labels: {en_GB: female}}]}}]
"""
DEFINITIONS = [
    HEAD.format(kind="AttributeDefinition", name="care-note", spec="{identifier: care_note, type: text}"),
    HEAD.format(kind="AttributeDefinition", name="gender", spec="{identifier: gender, type: text}"),
]
ALONE = [
    HEAD.format(
        kind="Classification", name="std", spec="{identifier: Standard, labels: {en_GB: Fashion, de_DE: Mode}}"
    ),
    HEAD.format(kind="NodeAttribute", name="care", spec="{node: Standard, definition: care_note}"),
    HEAD.format(kind="ClassificationNode", name="shoes", spec="{path: Standard/Shoes, labels: {en_GB: Shoes}}"),
    HEAD.format(kind="ClassificationNode", name="boots", spec="{path: Standard/Shoes/Boots}"),
    HEAD.format(
        kind="NodeAttribute",
        name="gender",
        spec="{node: Standard/Shoes/Boots, definition: gender, localized: true,"
        " domain: {values: [{id: f, labels: {en_GB: female}}]}}",
    ),
]


def sent(k: World, documents: Sequence[Document]) -> list[str]:
    k.core.reset()
    assert k.ledger is not None
    deed = carried_out(k, *documents)
    assert tree(k)["Standard/Shoes/Boots"] == {}
    assert attributes(k) == {"Standard": ["care_note"], "Standard/Shoes/Boots": ["gender"]}
    return deed.sent


def test_nested_or_not_is_the_same(k: World) -> None:
    nested = written(NESTED, *DEFINITIONS)
    assert {str(d.address.name) for d in nested if d.kind == "ClassificationNode"} == {
        "std/Shoes",
        "std/Shoes/Boots",
    }
    first = sent(k, nested)
    other = written(*ALONE, *DEFINITIONS)
    k.expect_missing = frozenset({f"core/{kind}" for kind in {d.kind for d in other}})
    assert sent(k, other) == first


def test_a_definition_may_be_called_by_the_name_of_its_document(k: World) -> None:
    [one] = [d for d in written(NESTED, *DEFINITIONS) if d.address.name == "std/care-note"]
    assert one.spec == {"node": "Standard", "definition": "care_note"}


def test_what_leaves_an_exact_list_is_deleted(k: World) -> None:
    exact = NESTED.replace("      labels: {en_GB: Shoes}\n", "      nodesMode: exact\n")
    carried_out(k, *written(exact, *DEFINITIONS))
    without = exact[: exact.index("      nodes:\n")]
    carried_out(k, *written(without, *DEFINITIONS), calls=1)
    assert sorted(tree(k)) == ["Standard", "Standard/Shoes"]
    assert GONE["on_remove"] == "delete"


@pytest.mark.parametrize(
    ("spec", "said"),
    [
        ("{path: Standard}", "'Standard' is a root node"),
        ("{path: 'Standard/ x'}", "has a blank"),
        ("{path: Standard/x, labels: {en_GB: ' y'}}", "has a blank"),
        ("{path: Standard//x}", "path"),
    ],
)
def test_oc_r65_what_is_wrong_is_said_with_its_place(spec: str, said: str) -> None:
    with pytest.raises(ManifestInvalid) as caught:
        written(HEAD.format(kind="ClassificationNode", name="a", spec=spec))
    [problem] = caught.value.problems
    assert said in str(problem)
    assert problem.place.line == 4


def exact(shoes: str, boots: str, words: str = "") -> list[Document]:
    """Two nodes, one in the other, with an attribute each; `words` of the outer one's metadata."""
    metadata = f"metadata: {words}, " if words else ""
    return written(
        "apiVersion: omn-core/v1\nkind: Classification\nmetadata: {name: std}\n"
        "spec:\n  identifier: Standard\n  nodesMode: exact\n  nodes:\n"
        f"    - {{{metadata}spec: {{path: {shoes}, labels: {{en_GB: Shoes}}, attributesMode: exact,"
        " attributes: [{definition: care_note}],"
        f" nodes: [{{path: {boots}, labels: {{en_GB: Boots}}}}]}}}}\n",
        *DEFINITIONS,
    )


def test_a_node_under_another_identifier_waits_with_all_in_it_before_it_is_lost(k: World) -> None:
    carried_out(k, *exact("Sandals", "Flat"))

    plan = k.plan(*exact("Sandal", "Flat"))

    assert {a.address.name for a in plan.actions if any(h.rule == "rename-unconfirmed" for h in a.holds)} == {
        "std/Sandals", "std/Sandals/Flat", "std/Sandals/care_note",
        "std/Sandal", "std/Sandal/Flat", "std/Sandal/care_note",
    }  # fmt: skip
    assert plan.writes == ()
    (hold,) = next(a for a in plan.actions if a.address.name == "std/Sandal").holds
    assert "a ClassificationNode cannot be renamed" in hold.reason
    assert "lifecycle: {allow: [new-key]}" in hold.way_out

    k.documents = exact("Sandal", "Flat", "{lifecycle: {allow: [new-key]}}")
    k.converge(*k.documents)
    assert sorted(tree(k)) == ["Standard", "Standard/Sandal", "Standard/Sandal/Flat"]


def test_a_node_that_leaves_while_an_unlike_one_comes_is_deleted(k: World) -> None:
    carried_out(k, *exact("Sandals", "Flat"))
    other = written(
        "apiVersion: omn-core/v1\nkind: Classification\nmetadata: {name: std}\n"
        "spec: {identifier: Standard, nodesMode: exact, nodes: [{path: Hats, labels: {en_GB: Hats}}]}\n",
        *DEFINITIONS,
    )

    plan = k.plan(*other)

    assert {h.rule for a in plan.actions for h in a.holds} == ({"rename-unconfirmed"} if hard(k) else set())
    if not hard(k):  # there no reading shows the labels, and nothing tells the two apart
        k.converge(*other)
        assert sorted(tree(k)) == ["Standard", "Standard/Hats"]
