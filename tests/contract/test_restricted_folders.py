"""Folders that only their owners list (OA-R28, OA-R33)."""

from __future__ import annotations

import pytest

from reconciler.model.json import Json
from reconciler.twins.omni_analytics.things import Folder
from tests.contract.deeds import carried_out, made, only_hold, planned
from tests.contract.instance import BOARD, BOB, JANE, folder
from tests.world import World, catalog, doc


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
