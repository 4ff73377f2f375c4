"""Random peos, live and declared, with people at work in between: apply, then plan: 0 calls; nothing is made
twice, and what others made is left alone."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reconciler.ledger import ephemeral, whoami
from reconciler.model.document import Document
from tests.contract.peos import GOING, TEMPLATE, caught_up, peo, shop
from tests.world import CORE, World, hasty_clock, lasting, world

NAMES = ["Summer", "Winter ✓", "a & b"]
PRODUCTS = ["prod-1", "prod-2"]
CHANNELS = ["AWS", "Web", "Old"]
Thing = tuple[str, str]
Manifest = Mapping[Thing, tuple[frozenset[str], bool]]

things = st.tuples(st.sampled_from(PRODUCTS), st.sampled_from(NAMES))
projects = st.frozensets(st.sampled_from(CHANNELS))
live_worlds = st.lists(st.tuples(things, projects), max_size=4)
manifests = st.dictionaries(things, st.tuples(projects, st.booleans()), max_size=5)
people = st.lists(st.tuples(st.integers(0, 9), st.one_of(st.none(), projects)), max_size=2)


@pytest.fixture(scope="module", params=["plain", "adversarial"])
def k(request: pytest.FixtureRequest) -> Iterator[World]:
    with world(request.param, seed=False, twins=[CORE]) as one:
        one.expect_missing = frozenset({f"{CORE}/Peo"})
        yield one


def begin(k: World, live: Sequence[tuple[Thing, frozenset[str]]]) -> None:
    k.core.reset()
    k.clock, k.documents = hasty_clock(), []
    k.ledger = lasting(ephemeral(whoami(), k.clock))
    k.settings[CORE] = {"batchSize": 2}
    shop(k)
    for (product, name), linked in live:
        k.core.add_peo(product, TEMPLATE, name, sorted(linked))


def documents(wanted: Manifest) -> list[Document]:
    return [
        peo(
            name,
            called=f"{product}-{NAMES.index(name)}",
            product=product,
            projects=sorted(linked),
            projectsMode="exact" if exact else "additive",
            on_remove="delete",
            allow=[*GOING["allow"], "first-removals"],
        )
        for (product, name), (linked, exact) in sorted(wanted.items())
    ]


def peos(k: World) -> dict[str, Any]:
    """All peos by their tids."""
    state: Any = k.core.dump()["state"]
    return dict(state["peos"])


def at_work(k: World, deeds: Sequence[tuple[int, frozenset[str] | None]]) -> None:
    """Somebody deletes a peo, or links it otherwise."""
    for n, linked in deeds:
        if tids := sorted(peos(k)):
            tid = tids[n % len(tids)]
            k.core.remove_peo(tid) if linked is None else k.core.change_peo(tid, projects=sorted(linked))


@given(live=live_worlds, rounds=st.lists(st.tuples(manifests, people), min_size=1, max_size=3))
def test_apply_then_plan_has_no_calls(
    k: World,
    live: Sequence[tuple[Thing, frozenset[str]]],
    rounds: Sequence[tuple[Manifest, Sequence[tuple[int, frozenset[str] | None]]]],
) -> None:
    begin(k, live)
    foreign = set(peos(k))
    for wanted, deeds in rounds:
        k.documents = documents(wanted)
        caught_up(k)
        there = set(peos(k))
        plan = k.plan()
        assert len(plan.writes) == plan.bound
        report = k.checked_apply(plan)
        assert {str(o.end) for o in report.outcomes} <= {"done", "held"}, report.outcomes
        left = k.plan()
        assert [one.line for one in left.writes] == []
        held = {(a.address, h.rule) for a in plan.actions for h in a.holds}
        assert {(a.address, h.rule) for a in left.actions for h in a.holds} <= held
        now = peos(k)
        assert foreign & there <= now.keys(), "a peo that somebody else made has been deleted"
        shown = [(p["product"], p["name"]) for p in now.values()]
        for (product, name), (linked, exact) in wanted.items():
            found = [p for p in now.values() if (p["product"], p["name"]) == (product, name)]
            assert found, "it is there"
            if len(found) == 1:
                assert linked <= set(found[0]["projects"])
                assert not exact or linked == set(found[0]["projects"])
        assert not {s for s in shown if shown.count(s) > 1} - {thing for thing, _ in live}, "nothing is made twice"
        at_work(k, deeds)
