"""Label: names that pass from one to another, in chains and rings (OA-R23)."""

from __future__ import annotations

from collections.abc import Mapping

import pytest

from reconciler.model.document import Address
from reconciler.workflow import Override
from tests.contract.deeds import carried_out, only_hold, planned
from tests.contract.instance import label, live_names
from tests.contract.oracle import ring_count
from tests.world import OMNI, World, doc


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


def test_a_chain_that_is_done_is_done_without_a_ledger_too(w: World) -> None:
    chain = (label("a", "Q1 2024", was="Draft"), label("b", "Last quarter", was="Q1 2024"))
    carried_out(w, *chain)
    w.ledger = None

    plan = planned(w, *chain)

    assert plan.writes == ()
    assert not [h for a in plan.actions for h in a.holds]


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


def test_the_formula_counts_rings() -> None:
    assert ring_count({"a": "b", "b": "a", "c": "d", "d": "e", "e": "c", "f": "g"}) == 2
    assert ring_count({"a": "b", "b": "c"}) == 0
