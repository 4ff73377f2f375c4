"""Label: create, change, adopt, and what stays away from it (OA-R19 to OA-R26)."""

from __future__ import annotations

import pytest

from reconciler.model.change import Reason, Verb
from reconciler.model.json import JsonObject
from reconciler.twins.omni_analytics.things import Label
from tests.contract.deeds import carried_out, made, only_hold, planned
from tests.world import World, catalog, doc

PROD = doc("Label", "prod", {"name": "Production"})


def test_a_label_is_created_with_what_is_declared(w: World) -> None:
    deed = carried_out(w, PROD)

    assert deed.sent == ('POST /v1/labels {"name":"Production"}',)
    assert deed.action("prod").verb is Verb.CREATE


def test_a_label_is_created_with_both_flags_in_one_call(w: World) -> None:
    deed = carried_out(w, doc("Label", "prod", {"name": "Production", "verified": True, "homepage": True}))

    assert deed.sent == ('POST /v1/labels {"homepage":true,"name":"Production","verified":true}',)


def test_a_label_in_sync_costs_nothing(w: World) -> None:
    carried_out(w, PROD)

    again = carried_out(w, PROD)

    assert again.sent == ()
    assert again.action("prod").verb is Verb.NONE


@pytest.mark.parametrize("field", ["verified", "homepage"])
def test_one_field_is_one_call_with_that_field_alone(w: World, field: str) -> None:
    carried_out(w, doc("Label", "prod", {"name": "Production", "verified": False, "homepage": False}))

    deed = carried_out(
        w, doc("Label", "prod", {"name": "Production", "verified": False, "homepage": False, field: True})
    )

    assert deed.sent == (f'PUT /v1/labels/Production {{"{field}":true}}',)
    assert [(f.path, f.before, f.after, f.reason) for f in deed.action("prod").fields] == [
        ((field,), False, True, Reason.INTENT)
    ]


def test_both_fields_and_the_name_are_one_call(w: World) -> None:
    carried_out(w, doc("Label", "prod", {"name": "Production", "verified": False, "homepage": False}))

    deed = carried_out(
        w,
        doc("Label", "prod", {"name": "Live", "verified": True, "homepage": True}, previous_key="Production"),
    )

    assert deed.sent == ('PUT /v1/labels/Production {"homepage":true,"name":"Live","verified":true}',)


def test_a_field_left_out_is_left_alone(w: World) -> None:
    deed = carried_out(w, doc("Label", "review", {"name": "In Review", "homepage": True}))

    assert deed.sent == ('PUT /v1/labels/In%20Review {"homepage":true}',)
    assert made(w.omni, "GET", "/v1/labels/In%20Review") == ""
    assert w.omni.edit("GET", "/v1/labels/in%20review").body["verified"] is True  # type: ignore[index,call-overload]


def test_a_label_that_is_live_is_adopted_and_never_created(w: World) -> None:
    deed = carried_out(w, doc("Label", "draft", {"name": "Draft", "verified": False}))

    assert deed.sent == ()
    assert deed.action("draft").verb is Verb.ADOPT
    bond = next(b for a, b in w.recorded.bonds.items() if a.name == "draft")
    assert (bond.id, bond.made, bond.on_remove) == ("Draft", False, "release")


def test_an_adopted_label_is_found_whatever_its_case(w: World) -> None:
    deed = carried_out(w, doc("Label", "draft", {"name": "DRAFT", "verified": True}))

    assert deed.sent == ('PUT /v1/labels/Draft {"verified":true}',)


@pytest.mark.parametrize("name", ["a/b c", "50%", "Über?#", "日本", "x;y=z&w"])
def test_names_travel_through_paths_unharmed(w: World, name: str) -> None:
    carried_out(w, doc("Label", "odd", {"name": name}))
    deed = carried_out(w, doc("Label", "odd", {"name": name, "verified": True}))

    assert len(deed.sent) == 1
    label = w.omni.state.dump()["labels"]
    assert isinstance(label, dict)
    assert [v["verified"] for v in label.values() if isinstance(v, dict) and v["name"] == name] == [True]


@pytest.mark.parametrize("name", ["..", " Production", "Production "])
def test_names_that_no_path_can_carry_are_refused_offline(name: str) -> None:
    kind = catalog().kind("omni-analytics", "Label")

    problems = catalog().verbs["omni-analytics", "Label"].check(kind, [doc("Label", "odd", {"name": name})])

    assert [p.rule for p in problems] == ["OA-R20"]


def test_many_labels_are_one_list_and_one_call_each(w: World) -> None:
    specs: list[JsonObject] = [{"name": f"Label {n}", "verified": n % 2 == 0} for n in range(12)]

    deed = carried_out(w, *(doc("Label", f"l{n}", spec) for n, spec in enumerate(specs)))

    assert len(deed.sent) == 12
    assert deed.plan.reads == ("analytics: GET /v1/labels",)


def test_two_live_labels_of_one_folded_name_are_refused(w: World) -> None:
    """The twin keeps names unique, so its table is bent: a list may show two that fold to one (OA-R19)."""
    with w.omni.lock:
        table = w.omni.state.of(Label)
        table["bent"] = Label("STRASSE", verified=False, homepage=False, created_by="x")
        table["too"] = Label("straße", verified=False, homepage=False, created_by="y")

    plan = planned(w, doc("Label", "s", {"name": "Strasse", "verified": True}))

    assert plan.writes == ()
    hold = only_hold(plan, "s")
    assert (hold.rule, hold.final) == ("ambiguous", True)
    assert "STRASSE, straße" in hold.reason


def test_a_missing_recorded_label_is_asked_for_singly_and_made_again(w: World) -> None:
    carried_out(w, PROD, doc("Label", "draft", {"name": "Draft"}))
    made(w.omni, "DELETE", "/v1/labels/production")

    deed = carried_out(w, PROD, doc("Label", "draft", {"name": "Draft"}))

    assert "analytics: GET /v1/labels/Production" in deed.plan.reads
    assert deed.sent == ('POST /v1/labels {"name":"Production"}',)


def test_a_label_spelled_anew_in_the_product_is_still_the_same(w: World, hard: bool) -> None:
    carried_out(w, PROD)
    w.omni.knobs.set("OA-P8", "plain")
    made(w.omni, "PUT", "/v1/labels/production", {"name": "PRODUCTION"})

    deed = carried_out(w, PROD)

    assert deed.sent == ()
