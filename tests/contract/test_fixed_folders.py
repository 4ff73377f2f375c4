"""What of a folder cannot be changed, and whom it belongs to (OA-R16, OA-R17, OA-R34)."""

from __future__ import annotations

from dataclasses import replace

from reconciler.model.document import Address
from reconciler.twins.omni_analytics.things import Folder
from reconciler.twins.omni_analytics.things import User as OmniUser
from tests.contract.deeds import action, carried_out, made, only_hold, planned
from tests.contract.instance import BOARD, BOB, FINANCE, JANE, folder, rename_folder
from tests.world import OMNI, World, doc


def test_an_owner_that_differs_is_refused_with_the_remedy(w: World) -> None:
    plan = planned(w, doc("Folder", "marketing", {"path": "Marketing", "owner": "jane@example.com"}))

    assert plan.writes == ()
    hold = only_hold(plan, "marketing")
    assert (hold.rule, hold.final, hold.way_out) == ("immutable", True, "transfer the folder in the product")
    assert [(f.path, f.before, f.after) for f in action(plan, "marketing").fields] == [
        (("owner",), BOB, "jane@example.com")
    ]


def test_a_scope_that_differs_is_refused_though_the_folder_stands_in_another_listing(w: World) -> None:
    carried_out(w, doc("Folder", "legal", {"path": "Legal", "owner": "jane@example.com"}))

    plan = planned(
        w, doc("Folder", "legal", {"path": "Legal", "scope": "restricted", "owner": "jane@example.com"})
    )

    assert plan.writes == ()
    hold = only_hold(plan, "legal")
    assert (hold.rule, hold.final) == ("immutable", True)
    assert "make a new folder" in hold.way_out


def test_a_restricted_folder_is_found_again_when_its_scope_leaves_the_manifest(w: World) -> None:
    carried_out(w, BOARD)

    for spec in ({"path": "Board"}, {"path": "Board"}, {"path": "Board", "owner": "jane@example.com"}):
        assert carried_out(w, doc("Folder", "board", spec)).sent == ()


def test_the_owner_is_compared_only_if_declared(w: World) -> None:
    assert carried_out(w, folder("marketing", "Marketing")).sent == ()


def test_an_owner_given_in_other_letters_is_the_same(w: World) -> None:
    assert carried_out(w, doc("Folder", "m", {"path": "Marketing", "owner": "BOB@Example.com"})).sent == ()


def test_a_rename_is_refused_with_the_remedy(w: World) -> None:
    carried_out(w, folder("legal", "Legal"))

    plan = planned(w, folder("legal", "Law", previous_key="Legal"))

    assert plan.writes == ()
    hold = only_hold(plan, "legal")
    assert (hold.rule, hold.final) == ("no-rename", True)
    assert "rename the folder in the product" in hold.way_out


def test_the_remedy_works(w: World) -> None:
    carried_out(w, folder("legal", "Legal"))
    rename_folder(w, "Legal", "Law")

    assert carried_out(w, folder("legal", "Law", previous_key="Legal")).sent == ()


def test_a_folder_renamed_in_the_product_is_held_and_never_created_beside(w: World) -> None:
    carried_out(w, folder("legal", "Legal"), folder("cases", "Legal/Cases"))
    rename_folder(w, "Legal", "Law")

    plan = planned(w, folder("legal", "Legal"), folder("cases", "Legal/Cases"))

    assert plan.writes == ()
    assert {h.rule for h in action(plan, "legal").holds} == {"no-rename"}
    assert {h.rule for h in action(plan, "cases").holds} >= {"no-rename"}


def test_a_folder_moved_in_the_product_is_held(w: World) -> None:
    carried_out(w, folder("legal", "Legal"))
    with w.omni.lock:
        table = w.omni.state.of(Folder)
        one = next(f for f in table.values() if f.name == "Legal")
        table[one.id] = replace(one, parent_id=FINANCE)

    plan = planned(w, folder("legal", "Legal"))

    assert plan.writes == ()
    assert only_hold(plan, "legal").rule == "no-rename"


def test_a_recorded_folder_that_is_gone_is_looked_for_twice_and_made_again(w: World) -> None:
    carried_out(w, folder("legal", "Legal"), folder("finance", "Finance"))
    made(w.omni, "DELETE", "/v1/folders/" + w.recorded.bonds[Address(OMNI, "Folder", "legal")].id)

    deed = carried_out(w, folder("legal", "Legal"), folder("finance", "Finance"))

    assert len([r for r in deed.plan.reads if "/v1/folders" in r]) == 2
    assert deed.sent == ('POST /v1/folders {"name":"Legal"}',)


# Owners.


def test_an_unknown_owner_holds_only_that_folder_and_names_the_nearest(w: World) -> None:
    plan = planned(
        w, doc("Folder", "a", {"path": "A", "owner": "jan@example.com"}), doc("Folder", "b", {"path": "B"})
    )

    assert len(plan.writes) == 1
    hold = only_hold(plan, "a")
    assert (hold.rule, hold.final) == ("unresolved", True)
    assert "jan@example.com" in hold.reason


def test_two_people_of_one_address_are_refused(w: World) -> None:
    w.omni.add_user("JANE@example.com", "The other Jane")

    plan = planned(w, doc("Folder", "a", {"path": "A", "owner": "jane@example.com"}))

    assert plan.writes == ()
    assert only_hold(plan, "a").rule == "unresolved"
    assert JANE in only_hold(plan, "a").reason


def test_addresses_are_compared_without_case(w: World) -> None:
    deed = carried_out(w, doc("Folder", "a", {"path": "A", "owner": "maria.LOPEZ@example.com"}))

    maria = next(u.id for u in w.omni.state.of(OmniUser).values() if u.user_name.startswith("Maria"))
    assert deed.sent == (f'POST /v1/folders {{"name":"A","userId":"{maria}"}}',)
