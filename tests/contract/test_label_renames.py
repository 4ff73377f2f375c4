"""Label: every way a name can move, and every way it must not (OA-R23)."""

from __future__ import annotations

from collections.abc import Mapping

import pytest

from reconciler.model.change import Reason, Verb
from reconciler.model.document import Address, Document
from reconciler.workflow import Override
from tests.contract.deeds import applied, carried_out, made, only_hold, planned, would_send
from tests.contract.oracle import ring_count
from tests.world import OMNI, World, doc


def label(name: str, shown: str, was: str | None = None, **metadata: object) -> Document:
    return doc("Label", name, {"name": shown}, **({"previous_key": was} if was else {}), **metadata)


def live_names(w: World) -> list[str]:
    body = w.omni.edit("GET", "/v1/labels").body
    assert isinstance(body, dict)
    labels = body["labels"]
    assert isinstance(labels, list)
    return sorted(str(one["name"]) for one in labels if isinstance(one, dict))


def test_a_rename_is_one_call_and_keeps_what_carries_the_label(w: World) -> None:
    deed = carried_out(w, label("draft", "Rough", was="Draft"))

    assert deed.sent == ('PUT /v1/labels/Draft {"name":"Rough"}',)
    assert deed.action("draft").verb is Verb.RENAME
    assert w.omni.edit("GET", "/v1/labels/rough").body["usage_count"] == 1  # type: ignore[index,call-overload]
    assert w.recorded.bonds[Address(OMNI, "Label", "draft")].id == "Rough"


def test_previously_may_stay_in_the_manifest(w: World) -> None:
    carried_out(w, label("draft", "Rough", was="Draft"))

    again = carried_out(w, label("draft", "Rough", was="Draft"))

    assert again.sent == ()


def test_a_rename_works_without_a_ledger_too(w: World) -> None:
    w.ledger = None

    plan = planned(w, label("draft", "Rough", was="Draft"))

    assert would_send(plan) == ['PUT /v1/labels/Draft {"name":"Rough"}']


def test_another_case_alone_is_no_difference(w: World) -> None:
    carried_out(w, label("draft", "Draft"))

    deed = carried_out(w, label("draft", "DRAFT"))

    assert deed.sent == ()


def test_a_case_is_changed_only_if_previously_asks_for_it(w: World, hard: bool) -> None:
    wanted = label("draft", "DRAFT", was="Draft")
    plan = planned(w, wanted)
    assert would_send(plan) == ['PUT /v1/labels/Draft {"name":"DRAFT"}']

    if not hard:
        carried_out(w, wanted)
        assert "DRAFT" in live_names(w)
        return
    deed = applied(w, plan)
    assert [(str(o.end), o.status) for o in deed.report.outcomes] == [("failed", 409)]
    assert "Draft" in live_names(w)
    assert carried_out(w, label("draft", "DRAFT")).sent == ()


def test_a_chain_frees_each_name_before_it_is_taken(w: World) -> None:
    deed = carried_out(
        w,
        label("a", "Beta", was="Draft"),
        label("b", "Gamma", was="Q1 2024"),
        label("c", "Draft", was="In Review"),
    )

    assert deed.sent.index('PUT /v1/labels/Draft {"name":"Beta"}') < deed.sent.index(
        'PUT /v1/labels/In%20Review {"name":"Draft"}'
    )
    assert len(deed.sent) == 3
    assert live_names(w) == ["Beta", "Draft", "Gamma", "Homepage pick"]


def test_a_long_chain_goes_from_its_end(w: World) -> None:
    carried_out(w, *(label(f"l{n}", f"Name {n}") for n in range(6)))

    deed = carried_out(w, *(label(f"l{n}", f"Name {n + 1}", was=f"Name {n}") for n in range(6)))

    assert list(deed.sent) == [f'PUT /v1/labels/Name%20{n} {{"name":"Name {n + 1}"}}' for n in reversed(range(6))]


SWAPS: Mapping[str, tuple[str, ...]] = {
    "two": ("Draft", "Q1 2024"),
    "three": ("Draft", "Q1 2024", "In Review"),
    "four": ("Draft", "Q1 2024", "In Review", "Homepage pick"),
}


@pytest.mark.parametrize("names", SWAPS.values(), ids=SWAPS.keys())
@pytest.mark.parametrize("recorded", [False, True], ids=["unknown", "recorded"])
def test_a_ring_takes_one_call_more_through_a_temporary_name(
    w: World, names: tuple[str, ...], recorded: bool
) -> None:
    if recorded:
        carried_out(w, *(label(f"l{n}", name) for n, name in enumerate(names)))
    used = {name: _usage(w, name) for name in names}
    turned = [*names[1:], names[0]]

    deed = carried_out(
        w, *(label(f"l{n}", new, was=old) for n, (old, new) in enumerate(zip(names, turned, strict=True)))
    )

    assert len(deed.sent) == len(names) + 1
    assert {new: _usage(w, new) for new in turned} == {
        new: used[old] for old, new in zip(names, turned, strict=True)
    }
    assert not [name for name in live_names(w) if name.startswith("tmp-")]


def _usage(w: World, name: str) -> object:
    """What the label carries, which a rename keeps."""
    for one in w.omni.edit("GET", "/v1/labels").body["labels"]:  # type: ignore[index,call-overload,union-attr]
        if one["name"] == name:  # type: ignore[index,call-overload]
            return one["usage_count"], one["verified"], one["homepage"]  # type: ignore[index,call-overload]
    raise AssertionError(name)


def test_two_rings_and_a_chain_at_once(w: World) -> None:
    names = [f"Name {n}" for n in range(7)]
    carried_out(w, *(label(f"l{n}", name) for n, name in enumerate(names)))
    to = {0: 1, 1: 0, 2: 3, 3: 4, 4: 2, 5: 6, 6: 7}

    deed = carried_out(w, *(label(f"l{old}", f"Name {new}", was=f"Name {old}") for old, new in to.items()))

    assert len(deed.sent) == 7 + 2


def test_a_ring_with_flags_needs_no_further_call(w: World) -> None:
    carried_out(w, label("a", "Alpha"), label("b", "Beta"))

    deed = carried_out(
        w,
        doc("Label", "a", {"name": "Beta", "verified": True}, previous_key="Alpha"),
        doc("Label", "b", {"name": "Alpha", "homepage": True}, previous_key="Beta"),
    )

    assert len(deed.sent) == 3


def test_a_name_that_somebody_keeps_is_refused(w: World) -> None:
    plan = planned(w, label("draft", "Q1 2024", was="Draft"), label("review", "In Review"))

    assert plan.writes == ()
    hold = only_hold(plan, "draft")
    assert (hold.rule, hold.final) == ("name-taken", True)
    assert "Q1 2024" in hold.reason


def test_a_name_that_a_declared_label_keeps_is_refused(w: World) -> None:
    carried_out(w, label("a", "Alpha"), label("b", "Beta"))

    plan = planned(w, label("a", "Beta", was="Alpha"), label("b", "Beta"))

    assert plan.writes == ()
    assert {h.rule for a in plan.actions for h in a.holds} <= {"name-taken", "taken"}
    assert plan.actions[0].holds


@pytest.mark.parametrize("recorded", [False, True], ids=["unknown", "recorded"])
def test_both_live_is_refused(w: World, recorded: bool) -> None:
    if recorded:
        carried_out(w, label("draft", "Draft"))
    made(w.omni, "POST", "/v1/labels", {"name": "Rough"})

    plan = planned(w, label("draft", "Rough", was="Draft"))

    assert plan.writes == ()
    hold = only_hold(plan, "draft")
    assert (hold.rule, hold.final) == ("name-taken", True)


def test_a_chain_that_is_done_is_done_without_a_ledger_too(w: World) -> None:
    chain = (label("a", "Q1 2024", was="Draft"), label("b", "Last quarter", was="Q1 2024"))
    carried_out(w, *chain)
    w.ledger = None

    plan = planned(w, *chain)

    assert plan.writes == ()
    assert not [h for a in plan.actions for h in a.holds]


def test_after_our_rename_a_new_label_of_the_old_name_is_nobodys_business(w: World) -> None:
    carried_out(w, label("draft", "Rough", was="Draft"))
    made(w.omni, "POST", "/v1/labels", {"name": "Draft"})

    deed = carried_out(w, label("draft", "Rough", was="Draft"))

    assert deed.sent == ()


@pytest.mark.parametrize("recorded", [False, True], ids=["unknown", "recorded"])
def test_already_renamed_costs_nothing(w: World, recorded: bool) -> None:
    if recorded:
        carried_out(w, label("draft", "Draft"))
    made(w.omni, "PUT", "/v1/labels/Draft", {"name": "Rough"})

    deed = carried_out(w, label("draft", "Rough", was="Draft"))

    assert deed.sent == ()
    assert w.recorded.bonds[Address(OMNI, "Label", "draft")].id == "Rough"


def test_a_rename_that_nobody_confirmed_is_held_with_the_line_to_add(w: World) -> None:
    carried_out(w, label("draft", "Draft"))

    plan = planned(w, label("draft", "Rough"))

    assert plan.writes == ()
    assert [c.line for c in plan.held] == ["PUT /v1/labels/Draft"]
    hold = only_hold(plan, "draft")
    assert (hold.rule, hold.final) == ("rename-unconfirmed", False)
    assert "previously: {key: Draft}" in hold.way_out
    assert carried_out(w, label("draft", "Rough", was="Draft")).sent == ('PUT /v1/labels/Draft {"name":"Rough"}',)


def test_an_override_lifts_exactly_that_hold(w: World) -> None:
    carried_out(w, label("draft", "Draft"), label("q", "Q1 2024"))
    wanted = (label("draft", "Rough"), label("q", "Q2 2024"))
    lifted = Override("rename-unconfirmed", Address(OMNI, "Label", "draft"), "agreed by telephone")

    deed = applied(w, planned(w, *wanted), overrides=[lifted])

    assert deed.sent == ('PUT /v1/labels/Draft {"name":"Rough"}',)
    assert sorted(str(o.end) for o in deed.report.outcomes) == ["done", "held"]


def test_without_a_ledger_a_new_name_is_a_new_label(w: World) -> None:
    """Nobody knows that it was another one before: the old one is left alone, never deleted."""
    w.ledger = None

    plan = planned(w, label("draft", "Rough"))

    assert would_send(plan) == ['POST /v1/labels {"name":"Rough"}']


def test_a_name_freed_by_a_delete_is_taken_after_it(w: World) -> None:
    carried_out(w, label("old", "Alpha"), label("new", "Beta"))

    deed = carried_out(w, label("new", "Alpha", was="Beta"))

    assert deed.sent == ("DELETE /v1/labels/Alpha", 'PUT /v1/labels/Beta {"name":"Alpha"}')


def test_a_name_that_cannot_be_freed_holds_who_wants_it(w: World) -> None:
    carried_out(w, label("old", "Alpha"), label("new", "Beta"))
    w.omni.add_document("Uses it", labels=("Alpha",))

    plan = planned(w, label("new", "Alpha", was="Beta"))

    assert plan.writes == ()
    assert only_hold(plan, "old").rule == "in-use"
    assert (only_hold(plan, "new").rule, only_hold(plan, "new").final) == ("depends-on", True)


def test_a_name_whose_delete_waits_for_a_word_is_waited_for(w: World) -> None:
    carried_out(w, doc("Label", "old", {"name": "Alpha"}, protect=True), label("new", "Beta"))
    wanted = label("new", "Alpha", was="Beta")
    plan = planned(w, wanted)
    assert (plan.writes, plan.bound) == ((), 0)
    assert only_hold(plan, "old").rule == "protected"

    lifted = Override("protected", Address(OMNI, "Label", "old"), "no longer needed")
    deed = carried_out(w, wanted, overrides=[lifted])

    assert deed.sent == ("DELETE /v1/labels/Alpha", 'PUT /v1/labels/Beta {"name":"Alpha"}')


def test_a_chain_whose_end_is_stuck_stays_where_it_is(w: World) -> None:
    plan = planned(w, label("a", "Q1 2024", was="Draft"), label("b", "In Review", was="Q1 2024"))

    assert plan.writes == ()
    assert only_hold(plan, "b").rule == "name-taken"
    assert only_hold(plan, "a").rule == "depends-on"


def test_a_name_left_by_a_rename_is_created_anew_after_it(w: World) -> None:
    carried_out(w, label("a", "Alpha"))

    deed = carried_out(w, label("a", "Beta", was="Alpha"), label("b", "Alpha"))

    assert deed.sent == ('PUT /v1/labels/Alpha {"name":"Beta"}', 'POST /v1/labels {"name":"Alpha"}')


def test_a_previous_name_that_never_was_is_a_create(w: World) -> None:
    deed = carried_out(w, label("new", "Fresh", was="Stale"))

    assert deed.sent == ('POST /v1/labels {"name":"Fresh"}',)


def test_a_rename_in_the_product_shows_as_a_new_label(w: World) -> None:
    """A label has no id but its name: nothing tells that the other one was this one (OA-R19)."""
    carried_out(w, label("a", "Alpha"))
    made(w.omni, "PUT", "/v1/labels/Alpha", {"name": "Renamed"})

    deed = carried_out(w, label("a", "Alpha"))

    assert deed.sent == ('POST /v1/labels {"name":"Alpha"}',)


def test_reasons_of_a_rename(w: World) -> None:
    carried_out(w, label("a", "Alpha"))
    plan = planned(w, label("a", "Beta", was="Alpha"))

    assert [(f.path, f.before, f.after, f.reason) for f in plan.actions[0].fields] == [
        (("name",), "Alpha", "Beta", Reason.INTENT)
    ]


def test_the_formula_counts_rings() -> None:
    assert ring_count({"a": "b", "b": "a", "c": "d", "d": "e", "e": "c", "f": "g"}) == 2
    assert ring_count({"a": "b", "b": "c"}) == 0
