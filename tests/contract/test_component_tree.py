"""Components renamed, moved and deleted, alone and all at once (CM-R29 to CM-R32, CM-R35)."""

from __future__ import annotations

from itertools import pairwise

from reconciler.model.document import Document
from tests.contract.components import (
    DELETABLE,
    at,
    by_key,
    carried_out,
    component,
    holds,
    lifting,
    planned,
    records,
    tree,
)
from tests.world import World


def ours(key: str, parent: str | None = None, /, **words: object) -> Document:
    """A component that is deleted when its document leaves."""
    return component(key, parent, **DELETABLE, **words)


# Renames.


def test_cm_r29_a_rename_keeps_id_children_and_file(c: World) -> None:
    carried_out(c, component("old"), component("leaf", "old"))
    c.cms.add_file(2, "a.txt", b"x")

    deed = carried_out(c, component("new", as_="old", previous_key="old"), component("leaf", "old"))

    assert deed.sent == ['put old {"key":"new"}']
    assert tree(c) == {"new": "root", "leaf": "new"}
    assert c.cms.file_of(2) == b"x"


def test_cm_r29_without_previously_a_rename_is_held(c: World) -> None:
    carried_out(c, component("old"))

    plan = planned(c, component("new", as_="old"))

    assert holds(plan) == {"old": ["rename-unconfirmed"]}
    assert (len(plan.writes), len(plan.held)) == (0, 1)


def test_cm_r29_a_key_that_somebody_else_keeps_is_refused(c: World) -> None:
    c.cms.add_component(1, "new")
    carried_out(c, component("old"))

    assert holds(planned(c, component("new", as_="old", previous_key="old"))) == {"old": ["name-taken"]}


def test_cm_r29_a_chain_of_renames_begins_where_the_key_is_free(c: World) -> None:
    carried_out(c, *(component(k) for k in "abc"))

    shifted = [component(new, as_=old, previous_key=old) for old, new in pairwise("abcd")]
    deed = carried_out(c, *shifted)

    assert deed.sent == ['put c {"key":"d"}', 'put b {"key":"c"}', 'put a {"key":"b"}']


def test_cm_r29_a_ring_takes_one_call_more_through_a_temporary_key(c: World) -> None:
    carried_out(c, *(component(k) for k in "abc"))
    ids = {str(r["key"]): i for i, r in records(c).items()}

    ring = [component(new, as_=old, previous_key=old) for old, new in zip("abc", "bca", strict=True)]
    deed = carried_out(c, *ring)

    assert len(deed.sent) == 4
    aside = [line for line in deed.sent if '"tmp-' in line]
    assert len(aside) == 1
    assert len(aside[0].split('"key":"tmp-')[1].rstrip('"}')) == 8
    assert {str(r["key"]): i for i, r in records(c).items() if r["key"] != "root"} == {
        "b": ids["a"],
        "c": ids["b"],
        "a": ids["c"],
    }


def test_cm_r29_a_key_is_taken_over_from_what_is_deleted(c: World) -> None:
    carried_out(c, ours("home", name="1"), ours("next", name="2"))

    deed = carried_out(c, ours("home", name="2", as_="next", previous_key="next"))

    assert deed.sent == ["delete home", 'put next {"key":"home"}']
    assert by_key(c, "home")["name"] == "2"


def test_cm_r29_a_new_component_takes_the_key_that_another_leaves(c: World) -> None:
    carried_out(c, component("home", as_="first", name="1"))

    deed = carried_out(
        c, component("away", as_="first", name="1", previous_key="home"), component("home", as_="second", name="2")
    )

    assert [line[:12] for line in deed.sent] == ['put home {"k', 'create {"com']
    assert (by_key(c, "home")["name"], by_key(c, "away")["name"]) == ("2", "1")


# Moves.


def test_cm_r30_a_move_takes_the_branch_along(c: World) -> None:
    carried_out(c, component("a"), component("b"), component("leaf", "a"), component("twig", "leaf"))

    deed = carried_out(c, component("a"), component("b"), component("leaf", "b"), component("twig", "leaf"))

    assert deed.sent == ['put leaf {"parentId":"b"}']
    assert tree(c) == {"a": "root", "b": "root", "leaf": "b", "twig": "leaf"}


def test_cm_r30_an_inversion_is_two_moves_the_lower_first(c: World) -> None:
    """B must be out before A gets beneath it, since nobody says that the server would notice (CM-P7)."""
    carried_out(c, component("a"), component("b", "a"))

    deed = carried_out(c, component("a", "b"), component("b"))

    assert deed.sent == ['put b {"parentId":"root"}', 'put a {"parentId":"b"}']


def test_cm_r35_a_whole_chain_upside_down(c: World) -> None:
    carried_out(c, component("a"), component("b", "a"), component("c", "b"), component("d", "c"))

    deed = carried_out(c, component("d"), component("c", "d"), component("b", "c"), component("a", "b"))

    assert len(deed.sent) == 4
    assert tree(c) == {"d": "root", "c": "d", "b": "c", "a": "b"}


def test_cm_r30_beneath_its_own_descendant_is_refused_and_never_sent(c: World) -> None:
    a = c.cms.add_component(1, "a")
    c.cms.add_component(1, "theirs", parent_id=a)

    plan = planned(c, component("a", "theirs", name="x"))

    assert holds(plan) == {"a": ["own-descendant"]}
    assert plan.calls == ()


def test_cm_r30_a_move_waits_with_the_one_it_needs(c: World) -> None:
    """B cannot be renamed and so does not get out; A must not get beneath it."""
    c.cms.add_component(1, "taken")
    carried_out(c, component("a"), component("b", "a"))

    plan = planned(c, component("a", "b"), component("taken", as_="b", previous_key="b"))

    assert holds(plan)["b"] == ["name-taken"]
    assert holds(plan)["a"] == ["own-descendant"]
    assert plan.writes == ()


def test_cm_r35_moves_into_what_is_made(c: World) -> None:
    carried_out(c, component("a"), component("b", "a"))

    deed = carried_out(c, component("new"), component("a", "new"), component("b", "new"))

    assert [line[:8] for line in deed.sent] == ["create {", 'put a {"', 'put b {"']
    assert tree(c) == {"new": "root", "a": "new", "b": "new"}


def test_cm_r35_a_key_and_a_place_handed_over_at_once_take_no_call_more(c: World) -> None:
    """X takes the key of Y, and Y gets beneath X: if Y goes first, X may still move with it."""
    carried_out(c, component("z"), component("x", "z"), component("y"))

    deed = carried_out(
        c,
        component("z"),
        component("y", as_="x", previous_key="x"),
        component("other", "x", as_="y", previous_key="y"),
    )

    assert len(deed.sent) == 2
    assert tree(c) == {"z": "root", "y": "root", "other": "y"}


def test_cm_r35_an_inversion_that_hands_over_the_key_takes_one_call_more(c: World) -> None:
    """X is beneath Y and must be out before Y gets beneath it; Y must let go of its key before X can have it."""
    carried_out(c, component("y"), component("x", "y"))

    deed = carried_out(
        c, component("y", as_="x", previous_key="x"), component("other", "x", as_="y", previous_key="y")
    )

    assert len(deed.sent) == 3
    assert tree(c) == {"y": "root", "other": "y"}


def test_cm_r35_a_ring_of_keys_is_not_cut_where_a_place_is_needed_too(c: World) -> None:
    """D gets beneath A, which lies beneath it, and takes its key from A: no temporary key lets D go before A."""
    carried_out(c, component("d"), component("f", "d"), component("a", "f"), component("e", "f"))

    deed = carried_out(
        c,
        component("f", as_="a", previous_key="a"),
        component("d", "a", as_="e", previous_key="e"),
        component("a", "a", as_="d", previous_key="d"),
        component("c", "e", as_="f", previous_key="f"),
    )

    assert len(deed.sent) == 5
    assert tree(c) == {"f": "root", "d": "f", "a": "f", "c": "d"}


def test_cm_r35_two_rings_in_one_knot_take_two_calls_more(c: World) -> None:
    carried_out(c, component("d"), component("f", "d"), component("a", "f"), component("e", "f"))

    deed = carried_out(
        c,
        component("f", as_="a", previous_key="a"),
        component("d", "a", as_="e", previous_key="e"),
        component("a", "f", as_="d", previous_key="d"),
        component("c", "e", as_="f", previous_key="f"),
    )

    assert len(deed.sent) == 6
    assert tree(c) == {"f": "root", "d": "f", "c": "d", "a": "c"}


# Deletes.


def test_cm_r31_a_branch_is_deleted_from_its_leaves(c: World) -> None:
    carried_out(c, component("anchor"), ours("a"), ours("b", "a"), ours("c", "b"))

    deed = carried_out(c, component("anchor"))

    assert deed.sent == ["delete c", "delete b", "delete a"]
    assert tree(c) == {"anchor": "root"}


def test_cm_r32_without_consent_it_is_released(c: World) -> None:
    carried_out(c, component("anchor"), component("a"))

    deed = carried_out(c, component("anchor"))

    assert deed.sent == []
    assert str(deed.action("a").verb) == "release"


def test_cm_r32_what_holds_something_of_others_is_not_deleted(c: World) -> None:
    carried_out(c, component("anchor"), ours("a"), ours("b", "a"))
    c.cms.add_component(1, "theirs", parent_id=int(c.recorded.bonds[at("b")].id), published=False)

    plan = planned(c, component("anchor"))

    assert holds(plan) == {"a": ["in-use"], "b": ["in-use"]}
    assert plan.writes == ()


def test_cm_r31_moves_out_of_a_doomed_branch_go_first(c: World) -> None:
    carried_out(c, component("anchor"), ours("a"), ours("b", "a"), ours("kept", "b"))

    deed = carried_out(c, component("anchor"), ours("kept", "anchor"))

    assert deed.sent == ['put kept {"parentId":"anchor"}', "delete b", "delete a"]


def test_cm_r31_what_cannot_get_out_keeps_what_it_lies_in(c: World) -> None:
    c.cms.add_component(1, "taken")
    carried_out(c, component("anchor"), ours("a"), ours("kept", "a"))

    plan = planned(c, component("anchor"), ours("taken", "anchor", as_="kept", previous_key="kept"))

    assert holds(plan) == {"a": ["in-use"], "kept": ["name-taken"]}
    assert plan.writes == ()


def test_cm_r35_a_doomed_branch_whose_key_is_wanted_goes_early(c: World) -> None:
    carried_out(c, ours("home"), ours("leaf", "home"), ours("next"))

    deed = carried_out(c, ours("home", as_="next", previous_key="next", name="x"))

    assert deed.sent == ["delete leaf", "delete home", 'put next {"key":"home","name":"x"}']


def test_cm_r35_who_takes_the_key_of_the_doomed_thing_it_lies_in(c: World) -> None:
    """It must be out before the delete, which must be done before it has the key: a call more."""
    carried_out(c, ours("home"), ours("next", "home"))

    deed = carried_out(c, ours("home", as_="next", previous_key="next"))

    assert len(deed.sent) == 3
    assert tree(c) == {"home": "root"}


def test_cm_r32_what_was_adopted_is_not_ours_to_delete(c: World) -> None:
    c.cms.add_component(1, "a")
    carried_out(c, component("anchor"), ours("a"))

    assert holds(planned(c, component("anchor"))) == {"a": ["not-ours"]}


def test_cm_r32_nothing_is_deleted_in_a_space_that_no_manifest_names(c: World) -> None:
    c.cms.add_space("Shop")
    carried_out(c, component("anchor"), ours("a", space="Shop"))

    plan = planned(c, component("anchor"))

    assert holds(plan) == {"a": ["undeclared-space"]}
    assert (len(plan.writes), len(plan.held)) == (0, 1)
    assert lifting(plan, "undeclared-space")


def test_cm_r31_what_is_gone_already_is_gone(c: World) -> None:
    carried_out(c, component("anchor"), ours("a"))
    plan = planned(c, component("anchor"))
    own = c.recorded.bonds[at("a")].id
    c.cms.on_request(1, "before-effect", lambda _: c.cms.edit("DELETE", f"/component/{own}"), method="DELETE")

    report = c.apply(plan)

    assert [(str(o.end), o.status) for o in report.outcomes] == [("done", 404)]
    assert at("a") not in c.recorded.bonds


def test_cm_r32_something_put_into_a_doomed_thing_since_the_plan_keeps_it(c: World) -> None:
    carried_out(c, component("anchor"), ours("a"))
    plan = planned(c, component("anchor"))
    c.cms.add_component(1, "theirs", parent_id=int(c.recorded.bonds[at("a")].id))

    report = c.apply(plan)

    assert [str(o.end) for o in report.outcomes] == ["stale"]
    assert tree(c) == {"anchor": "root", "a": "root", "theirs": "a"}
