"""Documents: where they lie, and what is never made of them (OA-R100 to OA-R109)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from reconciler.model.change import Verb
from tests.contract.dashboards import (
    carried_out,
    effects,
    folder_of,
    listed,
    moved,
    notes,
    paper,
    rules,
    short,
)
from tests.contract.grants import state
from tests.world import OMNI, World, doc, world

FINANCE, REPORTS, MARKETING = (f"00000002-0000-4000-8000-00000000000{n}" for n in (1, 2, 3))
ADMIN, JANE = "admin@example.com", "jane@example.com"


@pytest.fixture(params=["plain", "adversarial"])
def w(request: pytest.FixtureRequest) -> Iterator[World]:
    with world(str(request.param), twins=[OMNI]) as found:
        yield found


@pytest.fixture
def sales(w: World) -> str:
    return w.omni.add_document("Sales")


def test_oa_r109_a_document_is_moved_by_the_path_that_the_server_gave(w: World, sales: str) -> None:
    step = carried_out(w, paper(sales, folder="Finance/Reports"))

    slug = next(r["path"] for r in _folders(w) if r["id"] == REPORTS)
    assert step.sent == [f"PUT {sales}/move"]
    assert step.bodies == [{"folderPath": slug}]
    assert folder_of(w, sales) == "Reports"
    assert step.action().verb is Verb.ADOPT
    assert "whoever sees the document through its folder" in effects(step.plan)


def _folders(w: World) -> list[dict[str, str]]:
    body: Any = w.omni.edit("GET", "/v1/folders?pageSize=100").body
    return list(body["records"])


def test_oa_r109_null_is_the_root(w: World) -> None:
    sales = w.omni.add_document("Sales", folder_id=FINANCE)

    step = carried_out(w, paper(sales, folder=None))

    assert step.bodies == [{"folderPath": None}]
    assert folder_of(w, sales) is None


def test_oa_r109_a_folder_of_the_same_plan_comes_first_and_its_path_from_its_answer(w: World, sales: str) -> None:
    step = carried_out(w, doc("Folder", "legal", {"path": "Legal & Co"}), paper(sales, folder="legal"))

    assert [line.split(" ")[0] for line in step.sent] == ["POST", "PUT"]
    assert folder_of(w, sales) == "Legal & Co"


def test_oa_r109_what_waits_for_a_folder_waits_with_it(w: World, sales: str) -> None:
    plan = w.plan(
        doc("Folder", "legal", {"path": "Nowhere/Legal"}),
        paper(sales, folder="legal", settings={"canDownload": False}),
    )

    assert rules(plan) == ["depends-on"]
    assert plan.writes == ()


def test_oa_r109_the_scope_goes_along_where_it_is_declared(w: World, sales: str) -> None:
    step = carried_out(w, paper(sales, folder="Finance", scope="organization"))

    assert step.bodies[0]["scope"] == "organization"


def test_oa_r109_a_scope_that_is_not_the_folders_is_held(w: World, sales: str) -> None:
    plan = w.plan(paper(sales, folder="Finance", scope="restricted", settings={"canDrill": False}))

    assert [(h.rule, h.only) for a in plan.actions for h in a.holds] == [("unlike-folder", "folder")]
    assert [short(c.line) for c in plan.writes] == [f"PUT {sales}/permissions"]


def test_oa_r109_in_a_folder_the_scope_alone_cannot_be_changed(w: World) -> None:
    sales = w.omni.add_document("Sales", folder_id=FINANCE)

    assert rules(w.plan(paper(sales, scope="restricted"))) == ["unlike-folder"]


def test_oa_r109_at_the_root_the_scope_can_be_changed(w: World, sales: str) -> None:
    step = carried_out(w, paper(sales, scope="restricted"))

    assert step.bodies == [{"folderPath": None, "scope": "restricted"}]
    assert "changes who may see the document" in effects(step.plan)


def test_oa_r109_moving_between_scopes_is_said(w: World, sales: str) -> None:
    drafts = doc("Folder", "drafts", {"path": "Jane's drafts", "scope": "restricted", "owner": JANE})

    step = carried_out(w, drafts, paper(sales, folder="drafts"))

    assert "moves it from organization to restricted: who may see it changes" in effects(step.plan)
    assert listed(w)[sales]["scope"] == "restricted"


def test_a_document_that_somebody_moves_is_moved_back(w: World, sales: str) -> None:
    carried_out(w, paper(sales, folder="Finance"))
    moved(w, sales, "/marketing")

    step = carried_out(w, paper(sales, folder="Finance"))

    assert step.sent == [f"PUT {sales}/move"]
    assert [str(f.reason) for f in step.action().fields] == ["drift"]


def test_oa_r100_what_is_not_live_is_never_made(w: World) -> None:
    plan = w.plan(paper("nowhere", folder="Finance", labels=["Draft"], owner=JANE))

    assert rules(plan) == ["no-such-document"]
    assert plan.calls == ()
    assert [short(r) for r in plan.reads if r.endswith("nowhere")] == ["analytics: GET nowhere"]


def test_oa_r104_what_lies_in_the_trash_is_not_there(w: World, sales: str) -> None:
    w.omni.trash(sales)

    assert rules(w.plan(paper(sales, folder="Finance"))) == ["no-such-document"]


def test_oa_r100_leaving_git_changes_nothing(w: World, sales: str) -> None:
    carried_out(w, paper(sales, folder="Finance"))
    w.documents = []

    plan = w.plan()
    w.checked_apply(plan)

    assert [a.verb for a in plan.actions] == [Verb.RELEASE]
    assert plan.calls == ()
    assert (folder_of(w, sales), w.recorded.bonds) == ("Finance", {})


def test_oa_r100_another_identifier_is_another_document(w: World, sales: str) -> None:
    carried_out(w, paper(sales, folder="Finance"))
    stock = w.omni.add_document("Stock")

    assert rules(w.plan(paper(stock, folder="Finance"))) == ["no-rename"]


def test_oa_r100_an_identifier_that_is_no_live_one_is_not_taken_for_a_rename(w: World, sales: str) -> None:
    carried_out(w, paper(sales, folder="Finance"))
    before = dict(w.recorded.bonds)

    plan = w.plan(paper("nowhere", folder="Finance"))
    w.checked_apply(plan)

    assert [a.verb for a in plan.actions] == [Verb.NONE]
    assert rules(plan) == ["no-such-document"]
    assert dict(w.recorded.bonds) == before


def test_oa_r100_observed_it_is_read_and_left(w: World, sales: str) -> None:
    plan = w.plan(paper(sales, folder="Finance", manage="observe"))

    assert [f.after for a in plan.actions for f in a.fields] == ["Finance"]
    assert plan.calls == ()


def test_a_folder_that_is_not_there_is_said_with_the_nearest(w: World, sales: str) -> None:
    plan = w.plan(paper(sales, folder="Finace"))

    assert rules(plan) == ["unresolved"]
    assert "did you mean Finance" in plan.actions[0].holds[0].reason


# Reading


def _reads(w: World, *words: str) -> list[str]:
    return [short(r) for r in w.plan().reads if any(word in r for word in words)]


def test_oa_c20_one_folder_is_listed_alone(w: World) -> None:
    papers = [w.omni.add_document(f"Paper {n}", folder_id=FINANCE) for n in range(3)]
    w.documents = [paper(one, one, folder="Finance") for one in papers]

    assert len(_reads(w, "/v1/documents")) == 1
    assert "folderId=" in _reads(w, "/v1/documents")[0]


def test_oa_c20_what_one_list_shows_needs_no_second(w: World) -> None:
    finance, market = (w.omni.add_document("Paper", folder_id=at) for at in (FINANCE, MARKETING))
    w.documents = [paper(finance, "a", folder="Finance"), paper(market, "b", folder="Marketing")]

    assert len(_reads(w, "/v1/documents")) == 1
    assert "folderId=" not in _reads(w, "/v1/documents")[0]


def test_oa_c20_folders_are_listed_where_that_takes_fewer(w: World) -> None:
    for n in range(420):
        w.omni.add_document(f"A {n:03}")
    finance, market = (w.omni.add_document("Z", folder_id=at) for at in (FINANCE, MARKETING))
    w.documents = [paper(finance, "a", folder="Finance"), paper(market, "b", folder="Marketing")]

    found = _reads(w, "/v1/documents")

    assert [("folderId" in r) for r in found].count(True) == 2
    assert len(found) == 3


def test_oa_c20_the_list_is_read_no_further_than_needed(w: World) -> None:
    first = w.omni.add_document("000")
    for n in range(250):
        w.omni.add_document(f"A {n:03}")
    w.documents = [paper(first, folder=None), paper(w.omni.add_document("001"), "other", folder=None)]

    assert len(_reads(w, "/v1/documents")) == 1


def test_oa_c20_twenty_documents_of_a_large_estate_within_the_budget(w: World) -> None:
    for n in range(400):
        w.omni.add_document(f"Paper {n:03}")
    papers = sorted(listed_ids(w))[:20]
    w.documents = [
        paper(one, one, folder="Finance", labels=["Draft"], permissions=[{"role": "VIEWER", "users": [JANE]}])
        for one in papers
    ]

    plan = w.plan()

    assert len(plan.reads) <= 120
    assert len(_reads(w, "access-list")) == 20


def listed_ids(w: World) -> list[str]:
    return [*state(w, "documents")]


def test_oa_c20_settings_alone_ask_for_that_document(w: World, sales: str) -> None:
    w.documents = [paper(sales, settings={"canDownload": False})]

    assert _reads(w, "/v1/") == [f"analytics: GET {sales}"]
    step = carried_out(w, *w.documents)
    assert step.asked("preconditions") == 0


def test_oa_r103_a_document_that_no_list_shows(w: World) -> None:
    hidden = w.omni.add_document("Theirs", scope="restricted", owner_id="00000001-0000-4000-8000-000000000003")

    step = carried_out(w, paper(hidden, folder=None, labels=["Draft"]))

    again = notes(w.plan())
    if hidden in listed(w):
        assert step.sent == [f"PATCH {hidden}/labels"]
    else:
        assert max(step.sent) == f"PUT {hidden}/move"
        assert "no list shows it" in again
        assert "not verifiable: folder" in again


def test_oa_r101_a_list_that_grows_with_deleted_things_is_complete(w: World, sales: str) -> None:
    w.omni.trash(w.omni.add_document("Old"))

    carried_out(w, paper(sales, folder="Finance"))
