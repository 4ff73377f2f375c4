"""What it costs to read, reckoned from numbers and compared with what the twin was asked (OA-C1 to OA-C35). An
estate of everything: `test_estate_counts`; what it costs to write: `test_omni_write_counts`."""

from __future__ import annotations

from collections.abc import Iterator
from math import ceil
from pathlib import Path

import pytest

from tests.contract.accounts_omni import person, recipient
from tests.contract.counted import BORDERS, crowd, given, hard, pages, read, ready_world
from tests.contract.dashboards import paper
from tests.contract.groups import group, people
from tests.contract.models import git, model
from tests.contract.organisation import delivery
from tests.contract.warehouses import refresh
from tests.world import World, doc


@pytest.fixture(params=["plain", "adversarial"])
def w(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[World]:
    with ready_world(str(request.param), tmp_path) as found:
        yield found


@pytest.mark.parametrize("many", [0, 1, 3, 60])
def test_oa_c1_labels_are_one_call(w: World, many: int) -> None:
    documents = [doc("Label", f"l{n}", {"name": f"Label {n}"}) for n in range(many)]

    assert read(w, *documents) == ({"labels": 1} if many else {})


@pytest.mark.parametrize("many", BORDERS)
def test_oa_c2_folders_are_read_page_by_page(w: World, many: int) -> None:
    for n in range(many):
        assert w.omni.edit("POST", "/v1/folders", {"name": f"Folder {n:03}"}).ok

    assert read(w, doc("Folder", "one", {"path": "Folder 000"})) == {"folders": pages(w, many)}


@pytest.mark.parametrize("owners", [1, 2, 5])
def test_oa_c2_restricted_folders_take_one_listing_for_each_owner(w: World, owners: int) -> None:
    names = crowd(w, owners)
    private = [
        doc("Folder", f"f{n}", {"path": f"F {n}", "scope": "restricted", "owner": who})
        for n, who in enumerate(names)
    ]

    assert read(w, *private) == {"users": 1, "folders": owners}
    assert read(w, *private, doc("Folder", "all", {"path": "All"})) == {"users": 1, "folders": owners + 1}


@pytest.mark.parametrize("there", [1, 48, 97, 98, 99, 148])
@pytest.mark.parametrize("named", [1, 2, 5])
def test_oa_c3_people_are_asked_for_or_listed_whichever_is_cheaper(w: World, there: int, named: int) -> None:
    """The key's own user and another one come first. One call more than the least there could be, at most."""
    everybody = crowd(w, there)
    wanted = everybody[-named:]
    page = 50 if hard(w) else 100
    first = {*everybody[: page - 2]}
    formula = 1 if len(wanted) == 1 else 1 + min(pages(w, there + 2) - 1, len({*wanted} - first))

    assert read(w, group("Team", *wanted))["users"] == formula <= min(pages(w, there + 2), len(wanted)) + 1


@pytest.mark.parametrize("named", [1, 3, 12])
def test_oa_c11_attributes_that_the_list_hides_take_one_call_each(w: World, named: int) -> None:
    for address in crowd(w, named):
        w.omni.set_attributes(people(w)[address], {"region": ["US"]})
    documents = [person(f"p{n:03}@example.com", "", attributes={"region": ["US"]}) for n in range(named)]

    assert read(w, *documents) == {"users": 1 + (named if hard(w) else 0)}


@pytest.mark.parametrize("many", BORDERS)
def test_oa_c10_groups_are_read_page_by_page(w: World, many: int) -> None:
    for n in range(many):
        assert w.omni.edit("POST", "/scim/v2/groups", {"displayName": f"G {n:03}", "members": []}).ok

    assert read(w, group("G 000")) == {"groups": pages(w, many)}


@pytest.mark.parametrize(("there", "named"), [(0, 0), (0, 1), (45, 1), (0, 2), (20, 2), (21, 2), (45, 2), (45, 9)])
def test_oa_c35_email_only_users_go_20_to_a_page(w: World, there: int, named: int) -> None:
    """Those named come last in the list."""
    for n in range(there):
        w.omni.add_email_only(f"a{n:02}@example.com")
    left = max(1, ceil(there / 20)) - 1
    formula = min(named, 1) if named < 2 else 1 + min(left, named)

    found = read(w, *(recipient(f"z{n}@example.com") for n in range(named)))

    assert found == ({"email-only": formula} if formula else {})


@pytest.mark.parametrize("many", BORDERS)
def test_oa_c20_documents_are_listed_once_for_all(w: World, many: int) -> None:
    papers = [w.omni.add_document(f"Paper {n:03}") for n in range(many)]
    documents = [paper(one, one, name=f"Paper {n:03}") for n, one in enumerate(papers)]

    assert read(w, *documents) == {"documents": ceil((many + hard(w)) / 100)}, "deleted ones count too (OA-P49)"


@pytest.mark.parametrize("many", [0, 1, 30])
def test_oa_c20_settings_show_nowhere_and_a_document_is_looked_at(w: World, many: int) -> None:
    papers = [w.omni.add_document(f"Paper {n:03}") for n in range(many)]

    found = read(w, *(paper(one, one, settings={"canDrill": False}) for one in papers))

    assert found == ({"documents": many} if many else {})


@pytest.mark.parametrize("many", [0, *BORDERS])
@pytest.mark.parametrize("papers", [1, 2])
def test_oa_c20_access_lists_are_read_page_by_page_for_each_document(w: World, many: int, papers: int) -> None:
    """Whoever owns it is one of them; 100 to a page is documented."""
    viewers = [w.omni.add_user(f"v{n:03}@example.com") for n in range(many)]
    named = [w.omni.add_document(f"Paper {n}", viewers=viewers) for n in range(papers)]
    documents = [paper(one, one, permissions=[], permissionsMode="additive") for one in named]

    assert read(w, *documents)["access"] == papers * ceil((many + 1) / 100)


@pytest.mark.parametrize("many", [1, 3, 20])
def test_oa_c29_oa_c31_filters_and_repositories_are_one_look_each(w: World, many: int) -> None:
    lake = w.omni.add_connection("Lake")
    schema = w.omni.add_model(lake, "SCHEMA")
    for n in range(many):
        w.omni.add_document(f"D {n}", identifier=f"d{n}", filter_keys=["region"])
        w.omni.add_model(lake, "SHARED", f"M {n}", base_id=schema)
    filters = [doc("DashboardFilters", f"d{n}", {"document": f"d{n}", "order": ["region"]}) for n in range(many)]

    assert read(w, *filters) == {"filters": many}
    assert read(w, *(git(f"M {n}", as_=f"g{n}") for n in range(many))) == {
        "connections": 1,
        "models": 1,
        "git": many,
    }


@pytest.mark.parametrize(("connections", "each"), [(1, 1), (1, 5), (4, 3)])
def test_oa_c27_refreshes_are_one_listing_for_each_connection(w: World, connections: int, each: int) -> None:
    for n in range(connections):
        w.omni.add_connection(f"C {n}")
    documents = [refresh(f"C {n}", f"0 {m} * * ? *", f"r{n}-{m}") for n in range(connections) for m in range(each)]

    assert read(w, *documents) == {"connections": 1, "refreshes": connections}


@pytest.mark.parametrize("many", [1, 2, 7])
def test_oa_c32_roles_are_one_look_for_each_subject(w: World, many: int) -> None:
    lake = w.omni.add_connection("Lake")
    w.omni.add_model(lake, "SHARED", "Orders", base_id=w.omni.add_model(lake, "SCHEMA"))
    documents = [given(f"p{n:03}@example.com") for n, _ in enumerate(crowd(w, many))]

    assert read(w, *documents)["roles"] == many


@pytest.mark.parametrize("many", BORDERS)
def test_oa_c30_models_are_read_page_by_page_for_each_kind(w: World, many: int) -> None:
    lake = w.omni.add_connection("Lake")
    schema = w.omni.add_model(lake, "SCHEMA")
    for n in range(many):
        w.omni.add_model(lake, "SHARED", f"M {n:03}", base_id=schema)
    both = [model("M 000"), model("", "SCHEMA", as_="schema")]

    assert read(w, *both) == {"connections": 1, "models": pages(w, many + hard(w)) + 1}, (
        "deleted ones too (OA-P49)"
    )


@pytest.mark.parametrize(("there", "boards"), [(1, 1), (99, 2), (100, 2), (101, 2), (250, 2), (250, 5)])
def test_oa_c15_schedules_are_listed_or_asked_for_by_document(w: World, there: int, boards: int) -> None:
    """100 to a page is documented. The declared ones are not on the first page."""
    owner = crowd(w, 1)[0]
    w.omni.add_document("Other", identifier="other")
    for n in range(there):
        w.omni.add_slack_schedule("other", f"A {n:03}")
    documents = [delivery(board(w, n), f"Z {n}", f"z{n}", owner=owner, allow=["effects"]) for n in range(boards)]
    for n in range(boards):
        w.omni.add_slack_schedule(f"b{n}", f"Z {n}", destination="email")
    listed = 1 if boards == 1 else 1 + min(ceil((there + boards) / 100) - 1, boards)

    found = read(w, *documents)

    assert found["schedules"] == listed + 1, "and one listing of their owner"
    assert found["recipients"] == boards


def board(w: World, n: int) -> str:
    return w.omni.add_document(f"Board {n}", identifier=f"b{n}", tiles=["1"])
