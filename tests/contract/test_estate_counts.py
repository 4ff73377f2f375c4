"""What reading an estate costs: what was foretold, what the formulas say, and what the twin was asked (OA-C40 to
OA-C42). The large one is `python -m benchmarks.estate`."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace

import pytest

from benchmarks.estate import MIXES, MOST, Mix, asked, formula, of_pull_request
from benchmarks.estates import Estate, Shape, estate
from reconciler.model.json import Json
from reconciler.workflow import Options
from tests.contract.described import differences, listen
from tests.contract.deviations import unexplained

SMALL = Shape(folders=60, documents=60, schedules=60, users=120, groups=20, labels=21)


@pytest.fixture(scope="module", params=["plain", "adversarial"])
def found(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Estate]:
    with estate(tmp_path_factory.mktemp("estate"), SMALL, str(request.param)) as made:
        listen(made.twin)
        yield made
        assert unexplained(differences(made.twin)) == []


def page(found: Estate) -> int:
    """The records to a page, where 100 are asked for (OA-P4)."""
    return 50 if found.twin.knobs.profile == "adversarial" else 100


@pytest.mark.parametrize("mix", MIXES, ids=lambda m: m.name)
def test_oa_c42_a_pull_request_reads_what_its_documents_need_and_no_more(found: Estate, mix: Mix) -> None:
    plan, _ = of_pull_request(found, mix)

    assert asked(found) == dict(sorted(formula(mix, SMALL, page(found)).items()))
    assert len(plan.reads) == sum(asked(found).values())
    if mix.folders == 4:
        assert len(plan.reads) <= MOST
    assert {a.address.name for a in plan.actions} == {name for _, name, _ in mix.changes(SMALL)}


def test_oa_c42_a_choice_by_address_reads_the_same(found: Estate) -> None:
    found.plan(Options(only=("analytics/Folder/folder-003",)))

    assert asked(found) == dict(sorted(formula(Mix("one", folders=1), SMALL, page(found)).items()))


def test_oa_c41_without_a_past_no_less_than_foretold(found: Estate) -> None:
    said: list[Mapping[str, Json]] = []
    plan = found.plan(progress=said.append, ledger=False)

    cost = plan.reading[0]
    assert cost.least
    assert cost.foretold <= cost.made == len(plan.reads)
    assert cost.foretold >= cost.made - 4, "but for further pages"
    assert (said[0]["requests"], said[0]["made"]) == (cost.foretold, 0), "said before anything is asked"
    assert (said[-1]["requests"], said[-1]["least"]) == (cost.made, False)


def test_oa_c40_with_a_past_just_what_was_foretold(found: Estate) -> None:
    found.apply(found.plan())
    said: list[Mapping[str, Json]] = []
    plan = found.plan(progress=said.append)

    cost = plan.reading[0]
    assert plan.writes == ()
    assert (cost.foretold, cost.least) == (cost.made, False)
    assert cost.made == len(plan.reads) == len(found.twin.log)
    assert said[0]["seconds"] == pytest.approx(60.1 * (-(-cost.made // 60) - 1)), "OA-C9, and a little"
    whole = Mix("all", 21, 120, 20, 60, 60, 60)
    lists = formula(replace(whole, people=0, groups=0, folders=0), SMALL, page(found))
    assert {what: asked(found)[what] for what in ("labels", "access", "recipients")} == {
        what: lists[what] for what in ("labels", "access", "recipients")
    }


def test_oa_c43_the_ledger_remembers_how_long_lists_were_and_no_address(found: Estate) -> None:
    found.apply(found.plan())

    pages = found.ledger.recorded().pages["analytics"]
    assert pages["GET /scim/v2/users?count=100"] == -(-122 // page(found))
    assert pages["GET /v1/labels"] == 1
    assert not [at for at in pages if "@" in at or "filter" in at]
    events = len([*found.ledger.events()])
    found.plan()
    assert len([*found.ledger.events()]) == events, "a plan writes nothing"


def test_oa_c40_one_thing_more_is_foretold_too(found: Estate) -> None:
    found.apply(found.plan())
    found.touch(("Folder", "folder-001", {"permissionsMode": "additive", "permissions": [_viewer("person003")]}))
    try:
        cost = found.plan(Options(only=("analytics/Folder/folder-001",))).reading[0]
    finally:
        found.touch(("Folder", "folder-001", {"permissions": []}))

    assert (cost.foretold, cost.least) == (cost.made, False)


def _viewer(name: str) -> dict[str, Json]:
    return {"role": "VIEWER", "users": [f"{name}@example.com"]}
