"""Attribute definitions that go, and those that are made anew (OC-R47, OC-R48)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest

from tests.contract.definitions import GONE, ad, at, there
from tests.contract.keywords import action, carried_out, planned, rules
from tests.world import World, doc


def test_oc_r47_what_left_git_goes_in_one_request_by_tid(k: World) -> None:
    carried_out(k, ad("a", **GONE), ad("b", **GONE), ad("c"))

    deed = carried_out(k, calls=1)

    assert deed.sent == [
        (
            '<actions><action dataType="attrDefinition" tid="a" type="delete"/>'
            '<action dataType="attrDefinition" tid="b" type="delete"/></actions>'
        )
    ]
    assert [*there(k)] == ["c"]


def test_oc_r47_deletes_come_after_everything_else(k: World) -> None:
    carried_out(k, ad("a", **GONE), ad("b"))

    deed = carried_out(k, ad("b", en_GB="B"), ad("n"), calls=2)

    assert [s.partition(">")[0] for s in deed.sent] == ["<attrDefs", "<actions"]
    assert deed.asked("preconditions") == 2


def test_oc_r47_one_that_a_node_uses_stays_and_the_reason_is_told(k: World) -> None:
    carried_out(k, ad("a", **GONE), ad("b", **GONE))
    k.core.add_class("Standard")
    k.core.add_attribute("/Standard", "a")

    deed = carried_out(k, calls=1)

    [hold] = action(deed.plan, "a").holds
    assert (hold.rule, hold.final) == ("in-use", True)
    assert "NodeAttributes: 1" in hold.reason
    assert [*there(k)] == ["a"]
    assert at("a") in k.recorded.bonds
    assert planned(k).writes == ()


def test_oc_r47_one_that_a_node_begins_to_use_after_the_plan_stays(k: World) -> None:
    carried_out(k, ad("a", **GONE), ad("b"))
    plan = planned(k, ad("b"))
    k.core.add_class("Standard")
    k.core.add_attribute("/Standard", "a")

    report = k.apply(plan)

    assert [str(o.end) for o in report.outcomes] == ["stale", "unneeded"]
    assert [*there(k)] == ["a", "b"]


@pytest.mark.parametrize(("gone", "rules_of_a"), [({}, ["in-use"]), (GONE, [])], ids=["released", "deleted"])
def test_oc_r47_one_whose_use_leaves_git_with_it_goes_only_if_that_is_deleted(
    k: World, gone: Mapping[str, Any], rules_of_a: list[str]
) -> None:
    use = doc("core/NodeAttribute", "use", {"node": "Standard", "definition": "a"}, **gone)
    k.core.add_class("Standard")
    carried_out(k, ad("a", **GONE), use)

    plan = planned(k)

    assert rules(plan, "a") == rules_of_a
    carried_out(k, calls=0 if rules_of_a else 2)
    assert [*there(k)] == (["a"] if rules_of_a else [])


def test_oc_r47_one_that_is_gone_already_is_done(k: World) -> None:
    carried_out(k, ad("a", **GONE), ad("b"))
    plan = planned(k, ad("b"))
    k.core.remove_definition("a")

    report = k.apply(plan)

    assert [str(o.end) for o in report.outcomes] == ["stale", "unneeded"]
    carried_out(k, ad("b"), calls=0)
    assert at("a") not in k.recorded.bonds


def test_what_left_git_is_released_by_default_and_an_adopted_one_never_deleted(k: World) -> None:
    k.core.add_definition("found")
    carried_out(k, ad("found", **GONE), ad("made"))

    deed = carried_out(k, calls=0)

    assert [*there(k)] == ["found", "made"]
    assert at("made") not in k.recorded.bonds
    assert rules(deed.plan, "found") == ["not-ours"]


def test_oc_r48_it_cannot_be_renamed(k: World) -> None:
    carried_out(k, ad("old", name="a"))

    plan = planned(k, ad("new", name="a", previous_key="old"))

    assert plan.writes == ()
    assert "cannot be renamed" in action(plan, "a").holds[0].way_out + action(plan, "a").holds[0].reason


def test_oc_r48_another_type_is_another_definition(k: World) -> None:
    carried_out(k, ad("a", "text", en_GB="A", values=["x"]), ad("b"))
    k.core.change_definition("a", labels={"en_GB": "A", "fr_FR": "somebody's"})

    assert rules(planned(k, ad("a", "number", en_GB="A"), ad("b")), "a") == ["replace"]

    deed = carried_out(k, ad("a", "number", en_GB="A", allow=["replace"]), ad("b", en_GB="B"), calls=2)
    assert [s.partition(">")[0] for s in deed.sent] == ["<actions", "<attrDefs"]
    assert there(k)["a"] == {
        "type": "number",
        "labels": {"en_GB": "A"},
        "multiValued": False,
        "domain": None,
        "denied": [],
    }


def test_oc_r48_while_a_node_uses_it_nothing_is_made_anew(k: World) -> None:
    carried_out(k, ad("a"), ad("b"))
    k.core.add_class("Standard")
    k.core.add_attribute("/Standard", "a")

    deed = carried_out(k, ad("a", "number", allow=["replace"]), ad("b", en_GB="B"), calls=1)

    assert rules(deed.plan, "a") == ["in-use"]
    assert there(k)["a"]["type"] == "text"  # type: ignore[index,call-overload]
    assert there(k)["b"]["labels"] == {"en_GB": "B"}  # type: ignore[index,call-overload]


def test_a_delete_that_people_have_protected_waits(k: World) -> None:
    carried_out(k, ad("a", protect=True, **GONE))

    plan = planned(k)

    assert rules(plan, "a") == ["protected"]
    assert plan.writes == ()
