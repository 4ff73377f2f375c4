"""A plan is data: it survives JSON, and its id depends on what it says and on nothing else."""

from __future__ import annotations

import json
import random
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from reconciler.model.clock import Clock
from reconciler.model.json import canonical
from reconciler.model.plan import Plan
from reconciler.model.plan_from_json import from_json
from reconciler.model.plan_json import plan_id, to_json
from reconciler.model.record import replace
from tests.laws.lives import LiveWorld, Stage, caught_up, disturb, edits, live_ids, worlds
from tests.laws.manifests import documents, pinned_to
from tests.world import World

FEWER = settings(max_examples=settings().max_examples // 2)


def planned(stage: Stage, live: LiveWorld, data: st.DataObject) -> tuple[World, Plan]:
    """A plan in a world with a past: some documents applied, others at work since, other documents now."""
    here = stage.begin(live)
    here.documents = data.draw(documents(recased=not stage.hard))
    here.apply(here.plan())
    disturb(here, data.draw(edits))
    caught_up(here)
    found = data.draw(documents(here.documents, recased=not stage.hard))
    here.documents = pinned_to(found, live_ids(here))
    return here, here.plan()


@FEWER
@given(data=st.data(), live=worlds)
def test_a_plan_survives_json(stage: Stage, live: LiveWorld, data: st.DataObject) -> None:
    _, plan = planned(stage, live, data)

    again = from_json(json.loads(canonical(to_json(plan))))

    assert again == plan
    assert plan_id(again) == plan.id
    assert canonical(to_json(again)) == canonical(to_json(plan))


@FEWER
@given(data=st.data(), live=worlds, seed=st.integers(0, 1000))
def test_order_and_time_decide_nothing(stage: Stage, live: LiveWorld, seed: int, data: st.DataObject) -> None:
    """The same id whatever the order of documents and of answers, whenever it is made."""
    here, plan = planned(stage, live, data)

    rng = random.Random(seed)
    rng.shuffle(here.documents)
    for twin in (here.omni, here.tracker):
        twin.load({"state": shuffled(rng, twin.dump()["state"])})
    here.clock = later(here.clock, 86_400.0)

    again = here.plan()
    assert again.made_at != plan.made_at
    assert unbound(again) == unbound(plan)
    assert again.id == plan.id


@FEWER
@given(data=st.data(), live=worlds)
def test_whatever_is_said_otherwise_is_another_plan(stage: Stage, live: LiveWorld, data: st.DataObject) -> None:
    _, plan = planned(stage, live, data)
    others = [replace(plan, manifests="sha256:other"), replace(plan, bound=plan.bound + 1)]
    others += [replace(plan, actions=plan.actions[1:])] if plan.actions else []
    others += [replace(plan, calls=(replace(c, method="HEAD"), *plan.calls[1:])) for c in plan.calls[:1]]

    assert plan.id not in {plan_id(other) for other in others}


def unbound(plan: Plan) -> Plan:
    """Without what the id does not cover."""
    return replace(plan, stamp="", made_at="", commit=None)


def shuffled(rng: random.Random, state: Any) -> dict[str, Any]:
    """The same things, made in another order. The first organisation stays the first, and so do its people."""
    kept = ("orgs", "users")
    return {n: t if n in kept else {k: t[k] for k in rng.sample([*t], len(t))} for n, t in state.items()}


def later(clock: Clock, seconds: float) -> Clock:
    return Clock(clock.now, lambda: clock.wall() + seconds, clock.sleep)
