"""Collections of more than one page (OA-R13 to OA-R15, OA-P4): everything is read, in the fewest calls."""

from __future__ import annotations

import re

import pytest

from reconciler.model.json import Json
from reconciler.twins import Fault
from reconciler.twins.omni_analytics.things import Folder, Label
from tests.contract.deeds import carried_out, made, only_hold, planned
from tests.contract.oracle import page_size
from tests.world import World, doc


def fill(w: World, count: int, **more: Json) -> list[str]:
    return [made(w.omni, "POST", "/v1/folders", {"name": f"Crowd {n:03}", **more}) for n in range(count)]


def listings(w: World) -> list[str]:
    return [e.query for e in w.omni.log if e.call.startswith("GET /v1/folders")]


def _drop(w: World, folder_id: str) -> None:
    del w.omni.state.of(Folder)[folder_id]


@pytest.mark.parametrize("count", [46, 47, 96, 97, 98, 197, 230])
def test_folders_of_many_pages_are_all_read(w: World, count: int) -> None:
    """Three organisation folders are there before: the counts lie around whole pages of 50 and of 100."""
    fill(w, count)

    plan = planned(
        w, doc("Folder", "last", {"path": f"Crowd {count - 1:03}"}), doc("Folder", "x", {"path": "Zzz"})
    )

    assert [c.address.name for c in plan.writes] == ["x"]
    pages = -(-(count + 3) // page_size(w))
    assert len(listings(w)) == pages
    assert [("cursor" in query) for query in listings(w)] == [False] + [True] * (pages - 1)
    assert len({re.sub("&?cursor=[^&]*", "", query) for query in listings(w)}) == 1


def test_a_deed_among_many_folders(w: World) -> None:
    parents = fill(w, 130)

    deed = carried_out(w, doc("Folder", "x", {"path": "Crowd 125/Inside"}))

    assert deed.sent == (f'POST /v1/folders {{"name":"Inside","parentFolderId":"{parents[125]}"}}',)


def test_a_parent_and_its_child_on_different_pages(w: World) -> None:
    fill(w, 160)
    top = made(w.omni, "POST", "/v1/folders", {"name": "Crowd"})
    made(w.omni, "POST", "/v1/folders", {"name": "Zzz", "parentFolderId": top})

    plan = planned(w, doc("Folder", "z", {"path": "Crowd/Zzz"}), doc("Folder", "y", {"path": "Crowd 159"}))

    assert plan.writes == ()


def test_restricted_folders_of_many_pages(w: World) -> None:
    jane = "00000001-0000-4000-8000-000000000003"
    fill(w, 120, scope="restricted", userId=jane)
    spec: dict[str, Json] = {"path": "Crowd 119", "scope": "restricted", "owner": "jane@example.com"}

    assert carried_out(w, doc("Folder", "last", spec)).sent == ()


def test_more_folders_are_made_than_a_page_holds(w: World) -> None:
    documents = [doc("Folder", f"n{n}", {"path": f"New {n:03}"}) for n in range(105)]

    assert len(carried_out(w, *documents).sent) == 105
    assert carried_out(w, *documents).sent == ()


def test_many_labels_are_one_list_however_many(w: World) -> None:
    documents = [doc("Label", f"n{n}", {"name": f"Name {n}"}) for n in range(120)]

    assert len(carried_out(w, *documents).sent) == 120
    assert len(w.omni.state.of(Label)) == 124


def test_a_page_that_hides_a_folder_is_read_once_more(w: World) -> None:
    """A recorded one is missing, though the counts agree: the first listing lied, the second does not."""
    carried_out(w, doc("Folder", "zzz", {"path": "Zzz"}), doc("Folder", "finance", {"path": "Finance"}))
    w.omni.faults.add(Fault("short_page", path="/v1/folders"))
    w.omni.log.clear()

    plan = w.plan()

    assert plan.writes == ()
    assert len(listings(w)) == 2


def test_a_list_that_never_proves_itself_creates_nothing(w: World) -> None:
    """The same page again and again: no end, no proof, no create (OA-R13)."""
    fill(w, 120)
    w.omni.faults.add(Fault("repeat_page", path="/v1/folders", times=None))

    plan = w.plan(doc("Folder", "new", {"path": "New"}))

    assert plan.writes == ()
    assert only_hold(plan, "new").rule == "unproven-listing"
    assert only_hold(plan, "new").final
    assert len(listings(w)) < 10


def test_a_list_that_shifts_while_it_is_read_is_read_again(w: World) -> None:
    """A folder before the first page goes while the second is asked for: an offset skips one (OA-P5)."""
    ids = fill(w, 120)
    w.omni.on_request(2, "before-effect", lambda _: _drop(w, ids[0]), path="/v1/folders")

    plan = w.plan(doc("Folder", "skipped", {"path": "Crowd 050"}), doc("Folder", "n", {"path": "New"}))

    assert [c.address.name for c in plan.writes] == ["n"]


def test_people_of_many_pages(w: World) -> None:
    for n in range(230):
        w.omni.add_user(f"p{n}@example.com")
    owners = [f"p{n}@example.com" for n in (5, 60, 105, 155, 205, 229)]

    deed = carried_out(w, *(doc("Folder", f"f{n}", {"path": f"F {n}", "owner": o}) for n, o in enumerate(owners)))

    assert len(deed.sent) == 6
    starts = [r.rpartition("startIndex=")[2] for r in deed.plan.reads if "startIndex" in r]
    assert sorted(map(int, starts)) == ([1, 51, 101, 151, 201] if page_size(w) == 50 else [1, 101, 201])
