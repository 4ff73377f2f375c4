"""Second plans that once had calls left, or could not be carried out: each as it was found among random pairs."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from reconciler.model.outcome import End
from reconciler.model.plan import Plan
from tests.contract.every_git import written
from tests.contract.every_row import Sheet
from tests.contract.grants import state
from tests.laws.normalising import normalising
from tests.laws.pair_grounds import Grounds, Seen, grounds
from tests.laws.pair_trials import alone, carried_out, forgotten, nothing_left
from tests.laws.pair_values import table_of
from tests.world import catalog

LAKE = {"connection": "Lake"}


@pytest.fixture(scope="module")
def stand() -> Iterator[Grounds]:
    with grounds("process") as made:
        yield made


def begun(stand: Grounds, provider: str, kind: str, profile: str = "plain", *forms: str) -> Seen:
    at = (provider, kind)
    return stand.of(table_of(at), profile).begin(normalising(catalog(), at, forms))


def says(w: Seen, at: tuple[str, str], *sheets: Sheet) -> Plan:
    """What these sheets say is brought about, and nothing is left to do; the plan that did it."""
    table = table_of(at)
    w.documents = written(w, table, *table.beside, *sheets)
    plan = w.plan()
    report = carried_out(w, plan)
    alone(plan, report)
    assert report.count(End.FAILED) == 0, report.outcomes
    nothing_left(plan, w.plan(), {})
    return plan


def test_a_place_in_a_listed_order_is_a_number_however_it_is_written(stand: Grounds) -> None:
    at = ("omni-cms", "Component")
    w = begun(stand, *at, "plain", "numbers")

    says(w, at, Sheet({**table_of(at).spec, "order": "listed", "children": [{"key": "home", "type": "page"}]}))


def test_a_task_that_is_only_pinned_may_belong_to_a_brief_that_is_just_made(stand: Grounds) -> None:
    at = ("omg-platform", "Task")
    w = begun(stand, *at)
    (brief, *_) = next(row for row in table_of(at).rows if row.path == "brief").beside
    spec: dict[str, Any] = {k: v for k, v in table_of(at).spec.items() if k != "parent"}

    says(w, at, brief, Sheet({**spec, "brief": brief.name}, metadata={"id": "4711"}))


def test_a_role_on_a_connection_does_not_come_by_a_model_that_loses_it(stand: Grounds) -> None:
    at = ("omni-analytics", "ModelRoles")
    w = begun(stand, *at, "adversarial")
    subject = {"subject": {"user": "jane@example.com"}}
    orders = {**LAKE, "model": "Orders"}
    says(w, at, Sheet({**subject, "roles": [{**orders, "role": "CONNECTION_ADMIN"}]}))

    plan = says(
        w, at, Sheet({**subject, "roles": [{**orders, "role": "MODELER"}, {**LAKE, "role": "CONNECTION_ADMIN"}]})
    )

    assert len(plan.writes) == 2


def test_an_invitation_goes_out_again_to_somebody_whom_only_the_workload_knows(stand: Grounds) -> None:
    at = ("studio-tracker", "Invitation")
    w = begun(stand, *at)
    accepted = next(d for d in table_of(at).deeds if d.name == "accepted")
    assert accepted.meanwhile is not None
    says(w, at, Sheet(table_of(at).spec))
    accepted.meanwhile(w)
    forgotten(w)  # the ledger is lost
    again = {"reissue": "2026-06"}

    plan = says(w, at, Sheet(table_of(at).spec, life={"allow": ["effects"]}, metadata={"once": again}))

    assert [c.line for c in plan.writes] == ["POST /api/org/invitations"]


def test_a_refresh_is_deleted_beside_one_that_comes_from_another_connection(stand: Grounds) -> None:
    at = ("omni-analytics", "SchemaRefresh")
    w = begun(stand, *at)
    times = {"cron": "0 5 * * ? *", "timezone": "UTC"}
    here, there = {**times, "connection": "Wh"}, {**times, "connection": "Other"}
    says(w, at, Sheet(there, name="one"), Sheet(here, name="two"))
    for every in state(w, "refresh_schedules"):
        w.omni.disable_refresh(every)

    plan = says(w, at, Sheet(here, name="one"))

    assert [c.method for c in plan.writes if not c.held] == ["DELETE"]
