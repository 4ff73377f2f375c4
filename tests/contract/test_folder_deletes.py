"""Folders whose documents left git (OA-R36, OA-R38)."""

from __future__ import annotations

from reconciler.model.change import Verb
from reconciler.model.document import Address
from reconciler.twins.omni_analytics.things import Folder
from reconciler.workflow import Override
from tests.contract.deeds import action, applied, carried_out, made, only_hold, planned
from tests.contract.gone import GONE, KEEP, folder
from tests.world import OMNI, World, doc

TREE = [folder("a", "A"), folder("b", "A/B"), folder("c", "A/B/C"), folder("d", "A/D")]


def test_a_tree_is_deleted_from_the_deepest_up(w: World) -> None:
    carried_out(w, *TREE, KEEP)
    ids = {f.id: f.name for f in w.omni.state.of(Folder).values()}

    deed = carried_out(w, KEEP)

    order = [ids[line.rpartition("/")[2]] for line in deed.sent]
    assert sorted(order) == ["A", "B", "C", "D"]
    assert order.index("C") < order.index("B") < order.index("A")
    assert order.index("D") < order.index("A")


def test_a_folder_is_released_unless_it_says_otherwise(w: World) -> None:
    carried_out(w, folder("a", "A", on_remove=None), KEEP)

    deed = carried_out(w, KEEP)

    assert deed.sent == ()
    assert deed.action("a").verb is Verb.RELEASE


def test_a_folder_with_a_document_is_held_and_so_is_what_it_lies_in(w: World) -> None:
    carried_out(w, *TREE, KEEP)
    inside = next(f.id for f in w.omni.state.of(Folder).values() if f.name == "C")
    w.omni.add_document("Report", folder_id=inside)

    deed = carried_out(w, KEEP)

    assert [line.split(" ")[0] for line in deed.sent] == ["DELETE"]
    assert only_hold(deed.plan, "c").rule == "in-use"
    for name in ("a", "b"):
        assert action(deed.plan, name).holds


def test_a_folder_with_somebody_elses_folder_inside_is_held(w: World) -> None:
    carried_out(w, *TREE, KEEP)
    parent = next(f.id for f in w.omni.state.of(Folder).values() if f.name == "D")
    made(w.omni, "POST", "/v1/folders", {"name": "Theirs", "parentFolderId": parent})

    deed = carried_out(w, KEEP)

    assert len(deed.sent) == 2
    assert "Folders in it: 1" in only_hold(deed.plan, "d").reason
    assert action(deed.plan, "a").holds


def test_a_folder_whose_child_is_protected_stays_with_it(w: World) -> None:
    carried_out(w, folder("a", "A"), folder("b", "A/B", protect=True, **GONE), KEEP)

    deed = carried_out(w, KEEP)

    assert deed.sent == ()
    assert only_hold(deed.plan, "b").rule == "protected"

    lifted = Override("protected", Address(OMNI, "Folder", "b"), "moved away")
    assert len(carried_out(w, KEEP, overrides=[lifted]).sent) == 2


def test_a_folder_whose_child_is_declared_still_is_held(w: World) -> None:
    carried_out(w, folder("a", "A"), folder("b", "A/B"))

    plan = planned(w, folder("b", "A/B"))

    assert plan.writes == ()
    assert "Folders in it" in only_hold(plan, "a").reason


def test_an_adopted_folder_is_released(w: World) -> None:
    carried_out(w, doc("Folder", "marketing", {"path": "Marketing"}), KEEP)

    assert carried_out(w, KEEP).action("marketing").verb is Verb.RELEASE


def test_a_restricted_folder_is_found_for_its_delete_though_nothing_declares_its_owner_any_more(w: World) -> None:
    board = doc("Folder", "board", {"path": "Board", "scope": "restricted", "owner": "jane@example.com"}, **GONE)
    carried_out(w, board, KEEP)

    deed = carried_out(w, KEEP)

    assert [line.split(" ")[0] for line in deed.sent] == ["DELETE"]


def test_a_folder_filled_between_plan_and_apply_is_refused_as_stale(w: World) -> None:
    carried_out(w, folder("a", "A"), KEEP)
    plan = planned(w, KEEP)
    w.omni.add_document("Report", folder_id=w.recorded.bonds[Address(OMNI, "Folder", "a")].id)

    deed = applied(w, plan)

    assert deed.ends == {"stale"}
