"""From any live schedules and for any documents of schedules: apply, then plan, has nothing to do (OA-R66 to
OA-R85)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Set
from dataclasses import dataclass
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reconciler.ledger import ephemeral, whoami
from reconciler.model.document import Document
from reconciler.model.outcome import End
from reconciler.model.plan import Phase, Plan
from reconciler.twins import OmniTwin
from tests.laws import schedules
from tests.laws.schedules import PEOPLE, make, specs
from tests.world import OMNI, World, hasty_clock, lasting, world

PLACES = 3
QUESTIONS = sorted(k.name for k in OmniTwin.questions if not k.switch)
odd_answers = st.just(frozenset[str]()) | st.frozensets(st.sampled_from(QUESTIONS), max_size=8)


@dataclass(frozen=True, slots=True, repr=False)
class Stage:
    """A world with people, documents and no schedules, to which each example goes back."""

    world: World
    saved: Mapping[str, Any]
    places: tuple[str, ...]
    people: Mapping[str, str]

    def begin(self, odd: Set[str] = frozenset()) -> World:
        """A fresh state and ledger. `odd`: open questions to which the twin gives the other profile's answer."""
        twin = self.world.omni
        twin.load(dict(self.saved))
        for question in sorted(odd):
            twin.knobs.set(question, "plain" if twin.knobs.hard(question) else "adversarial")
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


def records(w: World) -> dict[str, Any]:
    """Every schedule as the list shows it, by id."""
    body: Any = w.omni.edit("GET", "/v1/schedules?pageSize=100").body
    return {r["id"]: r for r in body["records"]}


def untouched(plan: Plan, before: Mapping[str, Any], after: Mapping[str, Any]) -> None:
    """What no call of the plan names is as it was; nothing is made or gone but by a call."""
    named = {c.live_id for c in plan.writes} | {c.live_id for c in plan.contingent}
    assert {i: r for i, r in before.items() if i not in named} == {
        i: after.get(i) for i in before if i not in named
    }
    made = sum(c.phase is Phase.CREATE for c in plan.writes)
    gone = sum(c.phase is Phase.DELETE for c in plan.writes)
    assert len(after) == len(before) + made - gone


def left_to_do(w: World, plan: Plan) -> None:
    """Nothing; and what is held was held before."""
    again = w.plan()
    held = {(a.address, h.rule) for a in plan.actions for h in a.holds}
    assert [c.line for c in again.writes] == []
    assert {(a.address, h.rule) for a in again.actions for h in a.holds} <= held


def reconcile(w: World, documents: list[Document]) -> Plan:
    plan = w.plan(*documents) if documents else w.plan()
    assert len(plan.writes) == plan.bound, [c.line for c in plan.writes]
    before = records(w)
    report = w.checked_apply(plan)
    untouched(plan, before, records(w))
    amiss = [o for o in report.outcomes if o.end not in (End.DONE, End.HELD, End.UNNEEDED)]
    assert amiss == [], [(c.line, c.body) for c in plan.calls if c.id in {o.call for o in amiss}]
    left_to_do(w, plan)
    return plan


@given(data=st.data(), odd=odd_answers)
def test_apply_then_plan_has_nothing_to_do(stage: Stage, odd: frozenset[str], data: st.DataObject) -> None:
    w = stage.begin(odd)
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
