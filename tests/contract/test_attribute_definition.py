"""Attribute definitions made, changed and deleted, many in one request (OC-R40 to OC-R49)."""

from __future__ import annotations

import pytest

from reconciler.model.json import ABSENT
from reconciler.report.plan_text import plan_text
from reconciler.report.style import Style
from tests.contract.definitions import GONE, PERFORM, PERSIST, RETRIEVE, ad, at, hard, there
from tests.contract.keywords import LOCALES, action, applied, carried_out, planned, requests, rules
from tests.world import CORE, World

ONE = '<attrDef tid="care" type="text">'
PLAIN = {"allowNewValue": "false", "sortDirection": "MANUAL"}


def test_oc_r41_one_request_makes_any_number_whole(k: World) -> None:
    deed = carried_out(
        k,
        ad("care", values=["bleach", ("wash", {"en_GB": "Wash", "de_DE": "Waschen"})], multi=True, en_GB="Care"),
        ad("weight", "number"),
        calls=1,
    )

    values = (
        '<domainVal tid="bleach"/><domainVal tid="wash"><itm loc="en_GB">Wash</itm><itm loc="de_DE">Waschen</itm>'
        "</domainVal>"
    )
    assert deed.sent == [
        (
            f"<attrDefs>{ONE}<multiValued>true</multiValued>"
            f'<domainVals allowNewValue="false" sortDirection="MANUAL" mode="FULL">{values}</domainVals>'
            '<name><itm loc="en_GB">Care</itm></name></attrDef><attrDef tid="weight" type="number"/></attrDefs>'
        )
    ]
    assert there(k)["care"] == {
        "type": "text",
        "labels": {"en_GB": "Care"},
        "multiValued": True,
        "domain": {**PLAIN, "values": [["bleach", {}], ["wash", {"en_GB": "Wash", "de_DE": "Waschen"}]]},
        "denied": [],
    }
    assert (k.recorded.bonds[at("care")].made, k.recorded.bonds[at("care")].id) == (True, "care")


@pytest.mark.parametrize("of", ["text", "date", "number", "boolean", "ref", "table"])
def test_oc_r44_every_type(k: World, of: str) -> None:
    carried_out(k, ad("a", of), calls=1)

    assert there(k)["a"]["type"] == of  # type: ignore[index,call-overload]


def test_oc_r42_a_live_one_is_adopted_and_only_what_differs_is_sent(k: World) -> None:
    k.core.add_definition("care", labels={"en_GB": "Care"}, multi_valued=True)

    deed = carried_out(k, ad("care", en_GB="Care"), calls=0)

    assert action(deed.plan, "care").verb == "adopt"
    assert not k.recorded.bonds[at("care")].made


def test_oc_r41_what_nobody_declares_goes_along_as_it_is(k: World) -> None:
    values = {"a": {"en_GB": "A", "fr_FR": "Ah"}, "b": {}}
    k.core.add_definition("care", labels={"fr_FR": "Soin"}, multi_valued=True, values=values, allow_new=True)

    deed = carried_out(k, ad("care", en_GB="Care"), calls=1)

    assert 'allowNewValue="true"' in deed.sent[0]
    assert there(k)["care"] == {
        "type": "text",
        "labels": {"fr_FR": "Soin", "en_GB": "Care"},
        "multiValued": True,
        "domain": {**PLAIN, "allowNewValue": "true", "values": [["a", {"en_GB": "A", "fr_FR": "Ah"}], ["b", {}]]},
        "denied": [],
    }


@pytest.mark.parametrize(
    ("changed", "shown"),
    [
        (ad("a", values=["x", "y"], en_GB="B"), {"labels": {"en_GB": "B"}}),
        (ad("a", values=["x", "y"], en_GB="A", multi=True), {"multiValued": True}),
        (ad("a", values=["y", "x"], en_GB="A"), {"domain": {**PLAIN, "values": [["y", {}], ["x", {}]]}}),
        (
            ad("a", values=["x", "y", "z"], en_GB="A"),
            {"domain": {**PLAIN, "values": [["x", {}], ["y", {}], ["z", {}]]}},
        ),
        (
            ad("a", values=["x", ("y", {"de_DE": "Y"})], en_GB="A"),
            {"domain": {**PLAIN, "values": [["x", {}], ["y", {"de_DE": "Y"}]]}},
        ),
        (
            ad("a", en_GB="A", spec={"domain": {"allowNewValue": True}}),
            {"domain": {"allowNewValue": "true", "sortDirection": "MANUAL", "values": [["x", {}], ["y", {}]]}},
        ),
        (
            ad("a", en_GB="A", spec={"domain": {"sortDirection": "ASCENDING"}}),
            {"domain": {"allowNewValue": "false", "sortDirection": "ASCENDING", "values": [["x", {}], ["y", {}]]}},
        ),
    ],
    ids=["label", "multi", "order", "value", "value's label", "flag", "word of the server"],
)
def test_oc_r41_each_field_is_one_call(k: World, changed: object, shown: dict[str, object]) -> None:
    carried_out(k, ad("a", values=["x", "y"], en_GB="A"), calls=1)
    before = there(k)["a"]
    assert isinstance(before, dict)

    deed = carried_out(k, changed, calls=1)  # type: ignore[arg-type]

    assert deed.asked("preconditions") == 1
    assert there(k)["a"] == {**before, **shown}


def test_oc_r43_no_values_are_as_good_as_none_said(k: World) -> None:
    k.core.add_definition("a")

    carried_out(k, ad("a", spec={"domain": {"allowNewValue": False}}), calls=0)
    carried_out(k, ad("a", spec={"domain": {"allowNewValue": True}}), calls=1)
    assert there(k)["a"]["domain"] == {**PLAIN, "allowNewValue": "true", "values": []}  # type: ignore[index,call-overload]


def test_oc_r45_a_value_that_the_server_keeps_is_told_once_and_not_sent_for_ever(k: World) -> None:
    carried_out(k, ad("a", values=["x", "y"]))
    less = ad("a", values=["y"])
    deed = applied(k, planned(k, less))

    if not hard(k):
        assert deed.ends == ["done", "done"]
        return
    assert deed.ends == ["failed", "done"]
    assert "domain" in deed.report.outcomes[0].message
    left = planned(k, less)
    assert (left.writes, rules(left, "a")) == ((), ["changed-by-server"])
    more = carried_out(k, ad("a", values=["y"], en_GB="A"), calls=1)
    assert '<domainVal tid="x"/>' in more.sent[0]
    carried_out(k, ad("a", values=["x", "y", "z"]), calls=1)


def test_oc_r46_labels_are_never_taken_away(k: World) -> None:
    carried_out(k, ad("a", en_GB="a", de_DE="ä"))

    deed = carried_out(k, ad("a", en_GB="a"), calls=0)

    assert "left in place: the labels in de_DE (this API cannot take a label away)" in action(deed.plan, "a").notes
    assert there(k)["a"]["labels"] == {"en_GB": "a", "de_DE": "ä"}  # type: ignore[index,call-overload]


def test_oc_r17_an_unknown_locale_is_refused_wherever_it_stands(k: World) -> None:
    plan = planned(k, ad("a", en_UK="a"), ad("b", values=[("x", {"en_UK": "x"})]))

    assert (rules(plan, "a"), rules(plan, "b")) == (["unresolved"], ["unresolved"])
    assert "did you mean en_" in action(plan, "b").holds[0].reason
    assert plan.writes == ()


def test_oc_c10_locales_are_read_only_where_a_label_is_declared(k: World) -> None:
    planned(k, ad("a", values=["x"]))
    assert requests(k, LOCALES) == []

    planned(k, ad("a", values=[("x", {"en_GB": "x"})]))
    assert requests(k, LOCALES) == [{"mode": "ALL"}]


def test_drift_is_repaired_and_what_nobody_declares_is_not(k: World) -> None:
    one = ad("a", values=["x"], en_GB="A")
    carried_out(k, one)
    k.core.change_definition(
        "a", labels={"en_GB": "B", "fr_FR": "Ah"}, values={"x": {"fr_FR": "x"}}, multi_valued=True
    )

    deed = carried_out(k, one, calls=1)

    assert [str(f.reason) for f in action(deed.plan, "a").fields] == ["drift"]
    assert there(k)["a"]["labels"] == {"en_GB": "A", "fr_FR": "Ah"}  # type: ignore[index,call-overload]
    assert there(k)["a"]["multiValued"] is True  # type: ignore[index,call-overload]


def test_oc_c11_batches(k: World) -> None:
    k.settings[CORE] = {"batchSize": 2}
    many = [ad(f"a{n}", **GONE) for n in range(5)]

    carried_out(k, *many, calls=3)
    carried_out(k, calls=3)
    assert requests(k, PERSIST) == []


def test_oc_r40_what_is_recorded_and_not_listed_is_asked_for_once_more(k: World) -> None:
    carried_out(k, ad("a"), ad("b"))
    k.core.remove_definition("a")

    deed = carried_out(k, ad("a"), ad("b"), calls=1)

    assert action(deed.plan, "a").verb == "create"
    k.core.remove_definition("b")
    planned(k, ad("a"), ad("b"))
    assert requests(k, RETRIEVE) == [{"all": True}, {"tids": ["b"]}]


def test_the_same_documents_twice_in_a_row_ask_nothing_more(k: World) -> None:
    carried_out(k, ad("a", en_GB="A"))

    planned(k, ad("a", en_GB="A"))
    assert requests(k, PERFORM) == requests(k, PERSIST) == []


def test_values_that_differ_are_told_by_their_ids(k: World) -> None:
    before = [
        ("red", {"de_DE": "Rot"}),
        ("green", {"de_DE": "Grün", "en_GB": "Green"}),
        ("blue", {"de_DE": "Blau"}),
    ]
    carried_out(k, ad("colour", values=before), calls=1)

    plan = planned(k, ad("colour", values=[("blue", {"de_DE": "Blau"}), ("green", {"de_DE": "Laub"}), "touch"]))

    assert [(f.path, f.before, f.after) for f in action(plan, "colour").fields] == [
        (("domain", "values", "(order)"), ["red", "green", "blue"], ["blue", "green", "touch"]),
        (("domain", "values", "green", "labels", "de_DE"), "Grün", "Laub"),
        (("domain", "values", "red"), {"labels": {"de_DE": "Rot"}}, ABSENT),
        (("domain", "values", "touch"), ABSENT, {}),
    ]
    assert "domain: - values red   (" in plan_text(plan, Style(200))


def test_one_that_was_deleted_behind_our_back_says_why_it_is_made_again(k: World) -> None:
    carried_out(k, ad("colour", en_GB="Colour"), calls=1)
    k.core.remove_definition("colour")

    plan = planned(k, ad("colour", en_GB="Colour"))

    assert "the ledger knows it, but it is live no more: made anew" in action(plan, "colour").notes
    assert 'labels: + en_GB "Colour"' in plan_text(plan, Style(200))
