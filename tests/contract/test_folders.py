"""Folder: a tree made level by level, and known by names (OA-R27 to OA-R32)."""

from __future__ import annotations

from reconciler.model.change import Verb
from reconciler.model.document import Address
from reconciler.model.json import Json
from reconciler.twins.omni_analytics.things import Folder
from tests.contract.deeds import action, carried_out, made, only_hold, planned
from tests.contract.instance import BOB, FINANCE, folder
from tests.world import OMNI, World, catalog, doc


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
    assert hold.way_out.endswith("or declare what it refers to")
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
