"""Folder: a tree made level by level, known by names, and never changed (OA-R27 to OA-R37)."""

from __future__ import annotations

import pytest

from reconciler.model.change import Verb
from reconciler.model.document import Address, Document
from reconciler.model.json import Json
from reconciler.twins.omni_analytics.things import Folder
from reconciler.twins.omni_analytics.things import User as OmniUser
from tests.contract.deeds import action, carried_out, made, only_hold, planned
from tests.world import OMNI, World, catalog, doc

FINANCE = "00000002-0000-4000-8000-000000000001"
JANE, BOB = "00000001-0000-4000-8000-000000000003", "00000001-0000-4000-8000-000000000004"


def folder(name: str, path: Json, **metadata: object) -> Document:
    return doc("Folder", name, {"path": path}, **metadata)


def test_a_root_folder_is_one_call(w: World) -> None:
    deed = carried_out(w, folder("legal", "Legal"))

    assert deed.sent == ('POST /v1/folders {"name":"Legal"}',)


def test_scope_and_owner_are_sent_where_they_are_declared(w: World) -> None:
    deed = carried_out(
        w, doc("Folder", "legal", {"path": "Legal", "scope": "organization", "owner": "bob@example.com"})
    )

    assert deed.sent == (f'POST /v1/folders {{"name":"Legal","scope":"organization","userId":"{BOB}"}}',)


def test_a_child_names_its_live_parent_and_sends_no_scope(w: World) -> None:
    deed = carried_out(w, doc("Folder", "plans", {"path": "Finance/Plans", "scope": "organization"}))

    assert deed.sent == (f'POST /v1/folders {{"name":"Plans","parentFolderId":"{FINANCE}"}}',)


def test_a_tree_of_seven_levels_is_made_from_the_root_down(w: World) -> None:
    names: list[Json] = [f"Level {n}" for n in range(1, 8)]
    documents = [folder(f"l{n}", names[:n]) for n in range(1, 8)]

    deed = carried_out(w, *reversed(documents))

    assert [line.split('"name":')[1][:9] for line in deed.sent] == [f'"Level {n}"'[:9] for n in range(1, 8)]
    tree = {f.name: f.parent_id for f in w.omni.state.of(Folder).values() if f.name.startswith("Level")}
    ids = {f.name: f.id for f in w.omni.state.of(Folder).values()}
    assert tree == {"Level 1": None} | {f"Level {n}": ids[f"Level {n - 1}"] for n in range(2, 8)}


def test_an_eighth_level_is_refused_offline() -> None:
    kind = catalog().kind("omni-analytics", "Folder")
    deep: Json = [f"Level {n}" for n in range(1, 9)]

    problems = catalog().verbs["omni-analytics", "Folder"].check(kind, [folder("deep", deep)])

    assert [p.message for p in problems] == ["analytics/Folder/deep: 8 levels, at most 7 are allowed"]


def test_branches_do_not_wait_for_each_other(w: World) -> None:
    documents = [folder(f"{a}{b}", f"Root {a}/Leaf {b}") for a in "ab" for b in "xy"]
    roots = [folder(a, f"Root {a}") for a in "ab"]

    deed = carried_out(w, *documents, *roots)

    by_name = {c.summary.removeprefix("create Folder "): c for c in deed.plan.calls}
    for a in "ab":
        assert by_name[f"Root {a}"].after == frozenset()
        for b in "xy":
            assert by_name[f"Root {a}/Leaf {b}"].after == {by_name[f"Root {a}"].id}


def test_a_slash_inside_a_name_needs_the_list_form(w: World) -> None:
    carried_out(w, folder("io", ["Finance", "Input/Output"]), folder("child", ["Finance", "Input/Output", "May"]))

    names = {f.name for f in w.omni.state.of(Folder).values()}
    assert {"Input/Output", "May"} <= names


def test_both_forms_of_a_path_are_one(w: World) -> None:
    carried_out(w, folder("plans", "Finance/Plans"))

    assert carried_out(w, folder("plans", ["Finance", "Plans"])).sent == ()


def test_names_are_told_apart_by_case(w: World) -> None:
    """Other than labels (OA-R27, OA-A3)."""
    deed = carried_out(w, folder("lower", "finance"))

    assert deed.sent == ('POST /v1/folders {"name":"finance"}',)


def test_slugs_are_the_servers_and_never_computed(w: World) -> None:
    """Two names of one slug, and a name without any letter: the tree is found again all the same."""
    odd = [folder("a", "Étoile!"), folder("b", "étoile?"), folder("c", "★"), folder("d", "★/Étoile!")]

    assert len(carried_out(w, *odd).sent) == 4
    assert carried_out(w, *odd).sent == ()


def test_a_live_folder_is_adopted_by_its_chain_of_names(w: World) -> None:
    deed = carried_out(w, folder("reports", "Finance/Reports"))

    assert deed.sent == ()
    assert deed.action("reports").verb is Verb.ADOPT
    assert w.recorded.bonds[Address(OMNI, "Folder", "reports")].on_remove == "release"


def test_a_folder_whose_parent_is_nowhere_is_held_and_all_beneath_it(w: World) -> None:
    plan = planned(w, folder("a", "Nowhere/Sub"), folder("b", "Nowhere/Sub/Leaf"), folder("c", "Finance/Fine"))

    assert [c.line for c in plan.writes] == ["POST /v1/folders"]
    hold = only_hold(plan, "a")
    assert (hold.rule, hold.final) == ("unresolved", True)
    assert "Nowhere" in hold.reason
    assert only_hold(plan, "b").rule == "depends-on"
    assert carried_out(w, folder("a", "Nowhere/Sub"), folder("c", "Finance/Fine")).ends == {"done"}


def test_a_parent_with_a_near_name_is_pointed_out(w: World) -> None:
    plan = planned(w, folder("a", "Finanse/Sub"))

    assert "did you mean Finance?" in only_hold(plan, "a").reason


def test_siblings_of_one_name_are_refused_with_their_ids(w: World) -> None:
    twin_id = made(w.omni, "POST", "/v1/folders", {"name": "Finance"})

    plan = planned(w, folder("finance", "Finance"), folder("plans", "Finance/Plans"))

    assert plan.writes == ()
    hold = only_hold(plan, "finance")
    assert (hold.rule, hold.final) == ("ambiguous", True)
    assert FINANCE in hold.reason
    assert twin_id in hold.reason
    assert action(plan, "plans").holds[0].final


def test_a_pinned_id_says_which_sibling(w: World) -> None:
    made(w.omni, "POST", "/v1/folders", {"name": "Finance"})

    deed = carried_out(w, folder("finance", "Finance", pinned_id=FINANCE))

    assert deed.sent == ()
    assert w.recorded.bonds[Address(OMNI, "Folder", "finance")].id == FINANCE


def test_a_pinned_id_that_nobody_has_is_held(w: World) -> None:
    plan = planned(w, folder("finance", "Finance", pinned_id="00000002-0000-4000-8000-00000000ffff"))

    assert plan.writes == ()
    assert only_hold(plan, "finance").rule == "no-such-id"


# Restricted folders.

BOARD = doc("Folder", "board", {"path": "Board", "scope": "restricted", "owner": "jane@example.com"})


def test_a_restricted_folder_is_made_for_its_owner_and_found_again(w: World) -> None:
    deed = carried_out(w, BOARD)

    assert deed.sent == (f'POST /v1/folders {{"name":"Board","scope":"restricted","userId":"{JANE}"}}',)
    assert not [r for r in deed.plan.reads if "scope=organization" in r]


def test_a_live_restricted_folder_is_adopted(w: World) -> None:
    drafts = doc("Folder", "drafts", {"path": "Jane's drafts", "scope": "restricted", "owner": "jane@example.com"})

    assert carried_out(w, drafts).sent == ()


def test_a_tree_of_restricted_folders_of_one_owner(w: World) -> None:
    below = [
        doc("Folder", "minutes", {"path": "Board/Minutes", "scope": "restricted", "owner": "jane@example.com"}),
        doc("Folder", "may", {"path": "Board/Minutes/May", "scope": "restricted", "owner": "jane@example.com"}),
    ]

    assert len(carried_out(w, BOARD, *below).sent) == 3
    assert carried_out(w, BOARD, *below).sent == ()


def test_a_restricted_child_may_have_another_owner(w: World) -> None:
    """It stands in the other owner's listing; its place in the tree shows in the two together (OA-R28)."""
    bobs = doc("Folder", "bobs", {"path": "Board/Bob", "scope": "restricted", "owner": "bob@example.com"})

    assert len(carried_out(w, BOARD, bobs).sent) == 2
    assert carried_out(w, BOARD, bobs).sent == ()


def test_the_restricted_folders_of_several_owners_are_a_listing_each(w: World) -> None:
    bobs = doc("Folder", "deals", {"path": "Deals", "scope": "restricted", "owner": "bob@example.com"})

    assert len(carried_out(w, BOARD, bobs).sent) == 2
    more = doc("Folder", "more", {"path": "Deals/More", "scope": "restricted", "owner": "bob@example.com"})
    assert len(carried_out(w, BOARD, bobs, more).sent) == 1


def test_restricted_and_organisation_folders_side_by_side(w: World) -> None:
    deed = carried_out(w, BOARD, folder("legal", "Legal"))

    assert len(deed.sent) == 2
    assert len([r for r in deed.plan.reads if "/v1/folders" in r]) == 2


def test_only_the_listings_that_concern_a_write_are_read_again(w: World) -> None:
    carried_out(w, BOARD)

    deed = carried_out(w, BOARD, folder("legal", "Legal"))

    assert [r for r in deed.report.requests["preconditions"] if "restricted" in r] == []


@pytest.mark.parametrize(
    ("spec", "said"),
    [
        ({"path": "Board", "scope": "restricted"}, "listed by owner"),
        ({"path": "Board/Minutes", "scope": "restricted"}, "listed by owner"),
        ({"path": "Board/Minutes", "owner": "jane@example.com"}, "the folder above it is restricted"),
        ({"path": "Board/Minutes"}, "listed by owner"),
        ({"path": "Board/Minutes", "scope": "organization", "owner": "jane@example.com"}, "its parent's scope"),
    ],
)
def test_a_restricted_branch_says_so_at_every_level(spec: dict[str, Json], said: str) -> None:
    """Otherwise a folder would be made that no listing of ours shows again (OA-R31, OA-R33)."""
    kind = catalog().kind("omni-analytics", "Folder")
    documents = [doc("Folder", "x", spec)] + ([BOARD] if "/" in str(spec["path"]) else [])

    problems = catalog().verbs["omni-analytics", "Folder"].check(kind, documents)

    assert any(said in p.message for p in problems), problems


def test_an_unplaced_folder_is_not_taken_for_absent(w: World) -> None:
    """Bob's folder beneath Jane's: in Bob's listing alone its place is unknown (OA-R28)."""
    janes = next(f.id for f in w.omni.state.of(Folder).values() if f.scope == "restricted")
    made(w.omni, "POST", "/v1/folders", {"name": "Deals", "parentFolderId": janes, "userId": BOB})

    plan = planned(w, doc("Folder", "deals", {"path": "Deals", "scope": "restricted", "owner": "bob@example.com"}))

    assert plan.writes == ()
    hold = only_hold(plan, "deals")
    assert hold.rule == "unplaced"
    assert "janes-drafts/deals" in hold.reason.replace("jane-s", "janes")


def test_an_unplaced_folder_of_another_name_hinders_nobody(w: World) -> None:
    janes = next(f.id for f in w.omni.state.of(Folder).values() if f.scope == "restricted")
    made(w.omni, "POST", "/v1/folders", {"name": "Deals", "parentFolderId": janes, "userId": BOB})

    deed = carried_out(
        w, doc("Folder", "x", {"path": "Others", "scope": "restricted", "owner": "bob@example.com"})
    )

    assert len(deed.sent) == 1


# What is fixed once created.


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
    _rename(w, "Legal", "Law")

    assert carried_out(w, folder("legal", "Law", previous_key="Legal")).sent == ()


def test_a_folder_renamed_in_the_product_is_held_and_never_created_beside(w: World) -> None:
    carried_out(w, folder("legal", "Legal"), folder("cases", "Legal/Cases"))
    _rename(w, "Legal", "Law")

    plan = planned(w, folder("legal", "Legal"), folder("cases", "Legal/Cases"))

    assert plan.writes == ()
    assert {h.rule for h in action(plan, "legal").holds} == {"no-rename"}
    assert {h.rule for h in action(plan, "cases").holds} >= {"no-rename"}


def test_a_folder_moved_in_the_product_is_held(w: World) -> None:
    carried_out(w, folder("legal", "Legal"))
    with w.omni.lock:
        table = w.omni.state.of(Folder)
        one = next(f for f in table.values() if f.name == "Legal")
        from dataclasses import replace

        table[one.id] = replace(one, parent_id=FINANCE)

    plan = planned(w, folder("legal", "Legal"))

    assert plan.writes == ()
    assert only_hold(plan, "legal").rule == "no-rename"


def _rename(w: World, old: str, new: str) -> None:
    """What a person does in the product; the API of this edition has no call for it."""
    from dataclasses import replace

    with w.omni.lock:
        table = w.omni.state.of(Folder)
        one = next(f for f in table.values() if f.name == old)
        table[one.id] = replace(one, name=new)


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
