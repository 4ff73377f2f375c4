"""From any live schedules and for any documents of schedules: apply, then plan, has nothing to do (OA-R66 to OA-R85)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reconciler.ledger import ephemeral, whoami
from reconciler.model.document import Document
from reconciler.model.outcome import End
from reconciler.model.plan import Plan
from tests.laws import schedules
from tests.laws.schedules import PEOPLE, make, specs
from tests.world import OMNI, World, hasty_clock, lasting, world

PLACES = 3


@dataclass(frozen=True, slots=True)
class Stage:
    """A world with people, documents and no schedules, to which each example goes back."""

    world: World
    saved: Mapping[str, Any]
    places: tuple[str, ...]
    people: Mapping[str, str]

    def begin(self) -> World:
        self.world.omni.load(dict(self.saved))
        self.world.clock = hasty_clock()
        self.world.ledger = lasting(ephemeral(whoami(), self.world.clock))
        return self.world


@pytest.fixture(scope="module", params=["plain", "adversarial"])
def stage(request: pytest.FixtureRequest) -> Iterator[Stage]:
    with world(request.param, seed=False, twins=[OMNI]) as w:
        people = {PEOPLE[0]: "00000001-0000-4000-8000-000000000001"}
        people |= {address: w.omni.add_user(address) for address in PEOPLE[1:]}
        viewers = [people[address] for address in PEOPLE]
        places = tuple(
            w.omni.add_document(f"Sales {n}", tiles=["1", "2"], filter_keys=["region"], viewers=viewers)
            for n in range(PLACES)
        )
        w.expect_missing = frozenset({"analytics/Schedule"})
        yield Stage(w, w.omni.dump(), places, people)


def live(stage: Stage) -> st.SearchStrategy[list[tuple[dict[str, Any], str | None, bool]]]:
    owners = st.sampled_from([None, *list(stage.people.values())[1:]])
    return st.lists(st.tuples(specs(stage.places, lists=False), owners, st.booleans()), max_size=4)


def left_to_do(w: World, plan: Plan) -> None:
    """Nothing; and what is held was held before."""
    again = w.plan()
    held = {(a.address, h.rule) for a in plan.actions for h in a.holds}
    assert [c.line for c in again.writes] == []
    assert {(a.address, h.rule) for a in again.actions for h in a.holds} <= held


def reconcile(w: World, documents: list[Document]) -> Plan:
    plan = w.plan(*documents) if documents else w.plan()
    assert len(plan.writes) == plan.bound, [c.line for c in plan.writes]
    report = w.checked_apply(plan)
    amiss = [o for o in report.outcomes if o.end not in (End.DONE, End.HELD, End.UNNEEDED)]
    assert amiss == [], [(c.line, c.body) for c in plan.calls if c.id in {o.call for o in amiss}]
    left_to_do(w, plan)
    return plan


@given(data=st.data())
def test_apply_then_plan_has_nothing_to_do(stage: Stage, data: st.DataObject) -> None:
    w = stage.begin()
    for spec, owner, paused in data.draw(live(stage)):
        make(w, spec, owner, paused=paused)
    w.documents = data.draw(schedules.documents(stage.places))

    reconcile(w, w.documents)


@given(data=st.data())
def test_three_rounds_with_others_at_work(stage: Stage, data: st.DataObject) -> None:
    w = stage.begin()
    before: list[Document] = []
    for _ in range(3):
        before = w.documents = data.draw(schedules.documents(stage.places, before))
        reconcile(w, before)
        for spec, owner, paused in data.draw(live(stage)):
            make(w, spec, owner, paused=paused)
