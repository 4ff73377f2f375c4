"""Documents, when an answer gets lost or a run is cut short: every call may be sent again (OA-R118)."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from reconciler.model.document import Document
from reconciler.twins.core.faults import Fault
from tests.contract.dashboards import (
    folder_of,
    holders,
    labels_of,
    listed,
    owner_of,
    paper,
    settings_of,
)
from tests.contract.grants import ADMIN, BOB, JANE, to
from tests.world import OMNI, World, world

CALLS = (
    ("POST", "/permissions"),
    ("PATCH", "/permissions"),
    ("PUT", "/move"),
    ("PUT", "/transfer-ownership"),
    ("PUT", "/permissions"),
    ("PATCH", "/labels"),
    ("PATCH", "/documents/[^/]+$"),
)


@pytest.fixture(params=["plain", "adversarial"])
def w(request: pytest.FixtureRequest) -> Iterator[World]:
    with world(str(request.param), twins=[OMNI]) as found:
        yield found


def whole(sales: str) -> Document:
    return paper(
        sales,
        folder="Finance",
        owner=JANE,
        name="Weekly",
        permissions=[to("EDITOR", ADMIN), to("VIEWER", BOB)],
        settings={"canDownload": False},
        labels=["Draft"],
    )


def as_declared(w: World, sales: str) -> None:
    assert folder_of(w, sales) == "Finance"
    assert owner_of(w, sales) == JANE
    assert holders(w, sales) == {ADMIN: ("EDITOR", False), BOB: ("VIEWER", False)}
    assert settings_of(w, sales)["canDownload"] is False
    assert labels_of(w, sales) == {"Draft"}
    assert listed(w)[sales]["name"] == "Weekly"


@pytest.mark.parametrize("effect", [True, False])
@pytest.mark.parametrize("at", CALLS)
def test_oa_r118_a_lost_answer_is_looked_up_or_sent_again(w: World, at: tuple[str, str], effect: bool) -> None:
    sales = w.omni.add_document("Sales")
    plan = w.plan(whole(sales))
    w.omni.faults.add(Fault("drop", *at, effect=effect))

    report = w.apply(plan)

    assert w.omni.faults.fired == 1
    assert {str(o.end) for o in report.outcomes} <= {"done", "unneeded"}, report.outcomes
    as_declared(w, sales)
    assert w.plan().writes == ()


@pytest.mark.parametrize("at", CALLS)
def test_oa_r118_a_server_fault_after_the_effect(w: World, at: tuple[str, str]) -> None:
    sales = w.omni.add_document("Sales")
    plan = w.plan(whole(sales))
    w.omni.faults.add(Fault("status", *at, effect=True, status=502))

    report = w.apply(plan)

    assert w.omni.faults.fired == 1
    assert {str(o.end) for o in report.outcomes} <= {"done", "unneeded"}, report.outcomes
    as_declared(w, sales)
