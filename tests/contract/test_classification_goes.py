"""Classifications, nodes and attributes deleted, made anew, or kept from it (OC-R70 to OC-R77)."""

from __future__ import annotations

import pytest

from tests.contract.classes import (
    ADMIN,
    ANEW,
    ATTRIBUTES,
    CLASSES,
    GONE,
    LOOK,
    NODES,
    PERSIST,
    at,
    attributes,
    cl,
    hard,
    nd,
    of,
    tree,
    values,
)
from tests.contract.keywords import action, applied, carried_out, planned, requests, rules
from tests.world import World


def sent_to(report: object) -> list[str]:
    return [r.partition(" POST ")[2] for r in report.requests["calls"]]  # type: ignore[attr-defined]


@pytest.fixture
def made(k: World) -> World:
    """A classification that is not ours, with nodes and attributes that are."""
    k.core.add_definition("gender")
    k.core.add_definition("care")
    k.core.add_class("Standard")
    carried_out(k, *ours())
    return k


def ours() -> list:  # type: ignore[type-arg]
    return [
        nd("Standard/Shoes", **GONE),
        nd("Standard/Shoes/Boots", **GONE),
        at("Standard/Shoes", "gender", name="s", **GONE),
        at("Standard/Shoes/Boots", "gender", name="b", **GONE),
        at("Standard/Shoes/Boots", "care", name="c", **GONE),
    ]


def test_oc_r71_attributes_are_deleted_by_ids_that_are_read_in_groups(made: World) -> None:
    words = ours()[:2]
    plan = planned(made, *words)

    asked = requests(made, LOOK)
    slashes = [[["/Standard/Shoes"], ["/Standard/Shoes/Boots"]]]
    assert sorted(a["nodePaths"] for a in asked[:2]) == sorted(slashes[0])  # type: ignore[index]
    assert len(asked) == (4 if hard(made) else 2)  # both have `gender`: two groups (OC-C22)
    deed = carried_out(made, *words, calls=1)
    assert sent_to(deed.report) == [ATTRIBUTES]
    assert attributes(made) == {}
    assert len(plan.writes) == 1


def test_oc_r76_attributes_of_a_node_that_goes_need_no_call(made: World) -> None:
    deed = carried_out(made, calls=1)

    assert sent_to(deed.report) == [NODES]
    assert deed.sent[0].count("<action ") == 2
    assert made.core.node_paths() == ["/Standard"]
    assert made.recorded.bonds == {}


def test_oc_r75_the_admin_role_is_asked_for_first(made: World) -> None:
    made.core.add_token("plain_user", "jane@example.com")
    made.keys["core"] = "plain_user"
    plan = planned(made)

    assert requests(made, ADMIN) == [{"classificationTid": "Standard"}]
    assert [c.summary for c in plan.writes] == ["delete NodeAttributes"]
    assert "no-admin" in rules(plan, "Standard-Shoes")
    assert "no-admin" in rules(plan, "Standard-Shoes-Boots")


def test_oc_r75_writing_needs_no_admin_role(k: World) -> None:
    k.core.add_token("plain_user", "jane@example.com")
    k.keys["core"] = "plain_user"
    k.core.add_definition("gender")
    carried_out(k, cl("S"), nd("S/a"), at("S/a", "gender"), calls=1)


@pytest.mark.parametrize("what", ["node", "attribute"])
def test_oc_r76_a_node_stays_while_something_foreign_is_in_it(made: World, what: str) -> None:
    if what == "node":
        made.core.add_node("/Standard/Shoes/Boots/Red")
    else:
        made.core.add_definition("foreign")
        made.core.add_attribute("/Standard/Shoes/Boots", "foreign")
    plan = planned(made)

    assert "in-use" in rules(plan, "Standard-Shoes-Boots")
    assert any("Boots" in n and "not to go" in n for n in action(plan, "Standard-Shoes-Boots").notes)
    assert [c.summary for c in plan.writes] == ["delete NodeAttributes"]  # those of ours, by themselves
    applied(made, plan)
    assert "/Standard/Shoes/Boots" in made.core.node_paths()


def test_oc_r76_products_keep_a_node_and_the_reason_is_told(made: World) -> None:
    made.core.add_product("p", "P", "/Standard/Shoes/Boots")
    plan = planned(made)
    report = made.apply(plan)

    texts = " ".join(o.message for o in report.outcomes)
    assert "The node could not be deleted. Reason: node is not empty" in texts
    assert "/Standard/Shoes/Boots" in made.core.node_paths()
    assert attributes(made)["Standard/Shoes/Boots"] == ["care", "gender"]
    assert len(made.recorded.bonds) == 5


@pytest.fixture
def whole(k: World) -> World:
    """A classification that is ours, with all in it."""
    k.core.add_definition("gender")
    k.core.add_definition("care")
    carried_out(k, cl("Standard", **GONE), *ours(), at("Standard", "care", name="r", **GONE))
    return k


def test_oc_r77_a_classification_goes_with_all_in_it_by_one_call(whole: World) -> None:
    deed = carried_out(whole, calls=1)

    assert sent_to(deed.report) == [CLASSES]
    assert deed.sent == ['<actions><action dataType="classification" tid="Standard" type="delete"/></actions>']
    assert tree(whole) == {}
    assert whole.recorded.bonds == {}


def test_oc_r77_it_needs_no_admin_role(whole: World) -> None:
    whole.core.add_token("plain_user", "jane@example.com")
    whole.keys["core"] = "plain_user"
    carried_out(whole, calls=1)
    assert tree(whole) == {}


def test_oc_r77_it_stays_while_something_foreign_is_in_it(whole: World) -> None:
    whole.core.add_node("/Standard/Hats")
    plan = planned(whole)

    assert rules(plan, "Standard") == ["in-use"]
    assert "in it, and not to go: Standard/Hats" in action(plan, "Standard").notes
    assert [c.summary for c in plan.writes] == ["delete NodeAttributes", "delete ClassificationNodes"]
    applied(whole, plan)
    assert tree(whole) == {"Standard": {}, "Standard/Hats": {}}


def test_oc_r77_it_stays_while_something_in_it_is_only_let_go(whole: World) -> None:
    words = ours()
    keeps = nd("Standard/Shoes/Boots")
    carried_out(
        whole, cl("Standard", **GONE), words[0], keeps, *words[2:], at("Standard", "care", name="r", **GONE)
    )
    plan = planned(whole)

    assert rules(plan, "Standard") == ["in-use"]
    assert "in-use" in rules(plan, "Standard-Shoes")


def test_oc_r77_it_stays_while_something_in_it_is_protected(whole: World) -> None:
    words = [nd("Standard/Shoes", **GONE, protect=True), *ours()[1:]]
    carried_out(whole, cl("Standard", **GONE), *words, at("Standard", "care", name="r", **GONE))
    plan = planned(whole)

    assert rules(plan, "Standard-Shoes") == ["protected"]
    assert "in-use" in rules(plan, "Standard")


def test_oc_r76_what_was_adopted_is_not_ours_to_delete(k: World) -> None:
    k.core.add_class("Standard")
    carried_out(k, cl("Standard", **GONE))
    plan = planned(k)
    assert rules(plan, "Standard") == ["not-ours"]
    assert plan.writes == ()


def test_oc_r73_another_path_is_another_node(made: World) -> None:
    words = ours()
    moved = [nd("Standard/Hats", name="Standard-Shoes-Boots", **GONE), words[0], words[2]]
    plan = planned(made, *moved)
    assert "replace" in rules(plan, "Standard-Shoes-Boots")
    assert plan.writes == () or all("ClassificationNode" not in c.summary for c in plan.writes)


def test_oc_r73_with_consent_it_is_made_anew(made: World) -> None:
    words = ours()
    life = {**GONE, "allow": ["delete", "replace"]}
    moved = [
        words[0],
        nd("Standard/Hats", name="Standard-Shoes-Boots", en_GB="Hats", **life),
        words[2],
        at("Standard/Hats", "gender", name="b", **life),
        at("Standard/Hats", "care", name="c", **life),
    ]
    deed = carried_out(made, *moved, calls=2)

    assert sent_to(deed.report) == [NODES, PERSIST]
    assert tree(made) == {"Standard": {}, "Standard/Shoes": {}, "Standard/Hats": {"en_GB": "Hats"}}
    assert attributes(made) == {"Standard/Shoes": ["gender"], "Standard/Hats": ["care", "gender"]}
    bond = made.recorded.bonds[of("ClassificationNode", "Standard-Shoes-Boots")]
    assert (bond.made, bond.id) == (True, made.core.node("/Standard/Hats").id)


def test_oc_r73_not_while_something_else_stands_in_it(made: World) -> None:
    made.core.add_node("/Standard/Shoes/Boots/Red")
    words = ours()
    life = {**GONE, "allow": ["delete", "replace"]}
    moved = nd("Standard/Hats", name="Standard-Shoes-Boots", **life)
    plan = planned(made, words[0], moved, *words[2:])
    assert "foreign-content" in rules(plan, "Standard-Shoes-Boots")


def test_oc_r73_another_definition_is_another_attribute(made: World) -> None:
    words = ours()
    other = at("Standard/Shoes", "care", name="s", **GONE)
    plan = planned(made, *words[:2], other, *words[3:])
    assert rules(plan, "s") == ["replace"]
    assert plan.writes == ()

    agreed = at("Standard/Shoes", "care", name="s", **{**GONE, "allow": ["delete", "replace"]})
    deed = carried_out(made, *words[:2], agreed, *words[3:], calls=2)
    assert sent_to(deed.report) == [ATTRIBUTES, PERSIST]
    assert attributes(made)["Standard/Shoes"] == ["care"]
    assert any("lose the values" in e for e in action(deed.plan, "s").effects)


def test_oc_r74_a_value_cannot_be_taken_away(k: World) -> None:
    k.core.add_definition("size")
    k.core.add_class("S")
    carried_out(k, at("S", "size", name="a", values=["s", "m", "l"]), calls=1)

    plan = planned(k, at("S", "size", name="a", values=["s", "l"]))

    assert [(h.rule, h.only) for h in action(plan, "a").holds] == [("cannot-remove", "domain")]
    assert plan.writes == ()
    more = [{"id": "s", "labels": {"en_GB": "small"}}, "l", "xl"]
    carried_out(k, at("S", "size", name="a", values=more), calls=1)
    assert values(k, "/S", "size") == ["s", "m", "l", "xl"]


def test_oc_r74_with_consent_the_attribute_is_made_anew(k: World) -> None:
    k.core.add_definition("size")
    k.core.add_definition("other")
    k.core.add_class("S")
    k.core.add_attribute("/S", "other")
    carried_out(k, at("S", "size", name="a", values=["s", "m", "l"]), calls=1)

    deed = carried_out(k, at("S", "size", name="a", values=["s", "l"], **ANEW), calls=2)

    assert sent_to(deed.report) == [ATTRIBUTES, PERSIST]
    assert values(k, "/S", "size") == ["s", "l"]
    assert attributes(k) == {"S": ["other", "size"]}


def test_a_node_and_its_namesake_elsewhere(made: World) -> None:
    """What goes and what comes in one plan: everything is written before anything is deleted."""
    words = ours()
    deed = carried_out(made, words[0], words[2], nd("Standard/Hats"), calls=2)
    assert sent_to(deed.report) == [PERSIST, NODES]
    assert made.core.node_paths() == ["/Standard", "/Standard/Shoes", "/Standard/Hats"]


def test_oc_r65_an_attribute_on_a_node_that_goes(made: World) -> None:
    """A new one is refused; one that is there keeps its node."""
    made.core.add_definition("new")
    words = ours()
    boots = "Standard/Shoes/Boots"
    plan = planned(made, words[0], words[2], at(boots, "new", name="new"), at(boots, "care", name="there"))

    assert "unresolved" in rules(plan, "new")
    assert "in-use" in rules(plan, "Standard-Shoes-Boots")
