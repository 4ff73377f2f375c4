"""Plans of many changes: the same order as if every edge were looked at, and twice the work for twice as many."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterable
from types import FrameType

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reconciler.model.change import Change, Changes, Verb
from reconciler.model.document import DeleteLimit, Desired
from reconciler.model.faults import DependencyCycle
from reconciler.model.holding import with_holds
from reconciler.model.json import Json
from reconciler.model.plan import Call, Phase, Plan
from reconciler.model.plan_from_json import from_json
from reconciler.model.record import replace
from reconciler.model.recorded import Recorded
from reconciler.plan import build
from reconciler.plan.order import earlier, ordered, riders_of
from reconciler.plan.ranks import placing
from reconciler.report.plan_json import plan_json
from reconciler.report.plan_markdown import LIMIT, plan_markdown
from reconciler.report.plan_text import plan_text
from reconciler.report.style import Style
from tests.unit.plan.samples import BASES, TARGETS, address, call, create, delete, live_of, rename, thing
from tests.world import catalog, doc


def plan_of_many(changes: Iterable[Change]) -> Plan:
    found = sorted(changes, key=lambda c: c.address)
    live = live_of(*((c.address.kind, c.live) for c in found if c.live))
    desired = Desired((), TARGETS, "sha256:0", DeleteLimit(1_000_000, 100))
    recorded, made_at = Recorded({}, exists=True), "2026-06-01T00:00:00+00:00"
    return build(Changes(tuple(found)), desired, live, recorded, catalog(), BASES, "0", made_at)


def mixed(size: int) -> list[Change]:
    """A third each is created, renamed and deleted; every delete waits for all the others."""
    found = [create("Label", f"new-{n:05}", f"New {n}") for n in range(size // 3)]
    found += [
        rename("Label", f"old-{n:05}", thing(f"Old {n}", f"Old {n}"), f"Other {n}") for n in range(size // 3)
    ]
    return found + [delete("Label", f"off-{n:05}", thing(f"Off {n}", f"Off {n}")) for n in range(size // 3)]


def chain(size: int) -> list[Change]:
    """Folders each of which lies in the one before it, and is made after it."""
    found = []
    for n in range(size):
        name, wire = f"folder-{n:05}", {"path": f"d{n}"}
        above: Json = {"$id": str(address("Folder", f"folder-{n - 1:05}"))} if n else None
        document = doc("Folder", name, wire)
        at = address("Folder", name)
        found.append(
            Change(Verb.CREATE, at, document, key=[f"d{n}"], label=f"d{n}", wire=dict(wire), parent=above)
        )
    return found


# The order is that of all edges


def one_by_one(calls: list[Call]) -> list[str]:
    """The same order, found by looking at every edge of what is left at each step."""
    by_id, riders, place = {c.id: c for c in calls}, riders_of(calls), placing({})
    left = {c.id: earlier(c, by_id, riders, (c.waits, c.follows)) for c in calls}
    found: list[str] = []
    while left:
        here = min((i for i, needed in left.items() if needed.isdisjoint(left)), key=lambda i: place(by_id[i]))
        found.append(here)
        del left[here]
    return found


@st.composite
def graphs(draw: st.DrawFn) -> list[Call]:
    """Calls of which many wait for or follow the same others, with a request that carries some."""
    size = draw(st.integers(3, 12))
    ids = [str(n) for n in range(size)]
    sets = [frozenset(draw(st.lists(st.sampled_from(ids), min_size=2, unique=True))) for _ in range(3)]
    found = []
    for n, one in enumerate(ids):
        before = frozenset(ids[:n])
        waits, follows = (draw(st.sampled_from([*sets, frozenset[str]()])) & before for _ in range(2))
        phase = draw(st.sampled_from([Phase.CREATE, Phase.UPDATE, Phase.DELETE]))
        after = frozenset(draw(st.lists(st.sampled_from(ids[:n]), max_size=1))) if n else frozenset[str]()
        found.append(call(one, phase, name=f"n{size - n}", after=after, waits=waits, follows=follows))
    if draw(st.booleans()):
        carrier = call("99", Phase.UPDATE, name="k", body={"$riders": "99"})
        aboard = draw(st.integers(0, size - 1))
        found = [replace(c, carrier="99") if n == aboard else c for n, c in enumerate(found)] + [carrier]
    return draw(st.permutations(found))


@settings(max_examples=150, deadline=None)
@given(graphs())
def test_the_same_order_as_edge_by_edge(calls: list[Call]) -> None:
    try:
        found = [c.id for c in ordered(calls)]
    except DependencyCycle:
        with pytest.raises(ValueError, match="empty"):  # nothing of what is left can begin
            one_by_one(calls)
    else:
        assert found == one_by_one(calls)


def test_a_circle_through_what_many_wait_for_names_its_path() -> None:
    both = frozenset({"a", "b"})
    calls = [call("a", after=frozenset({"c"})), call("b"), call("c", waits=both), call("d", waits=both)]

    with pytest.raises(DependencyCycle) as caught:
        ordered(calls)
    assert "call a" in str(caught.value)
    assert "call c" in str(caught.value)


@settings(max_examples=150, deadline=None)
@given(graphs(), st.sets(st.integers(0, 12)))
def test_what_is_held_holds_the_same_as_if_looked_for_again_and_again(calls: list[Call], held: set[int]) -> None:
    found = with_holds(calls, lambda c: ["rule"] if int(c.id) in held else [])

    expected = {c.id for c in calls if int(c.id) in held}
    for _ in calls:
        expected |= {c.id for c in calls if c.after & expected}
        aboard = {c.id for c in calls if c.carrier}
        expected |= {c.id for c in calls if c.id == "99" and aboard and aboard <= expected}
    assert {c.id for c in found.values() if c.held} == expected


# Growth, counted


def counted(work: Callable[[], object]) -> int:
    """How many functions of Python are called."""
    found = 0

    def one_more(frame: FrameType, event: str, arg: object) -> None:
        nonlocal found
        found += event == "call"

    sys.setprofile(one_more)
    try:
        work()
    finally:
        sys.setprofile(None)
    return found


@pytest.mark.parametrize("changes", [mixed, chain])
def test_twice_as_many_changes_take_twice_the_work(changes: Callable[[int], list[Change]]) -> None:
    plan_of_many(changes(30))  # what is made ready once
    few, many = changes(150), changes(300)
    small, large = plan_of_many(few), plan_of_many(many)
    stages: dict[str, Callable[[Plan, list[Change]], object]] = {
        "build": lambda _, found: plan_of_many(found),
        "text": lambda plan, _: plan_text(plan, Style()),
        "every call": lambda plan, _: plan_text(plan, Style(), calls=True),
        "Markdown": lambda plan, _: plan_markdown(plan),
        "JSON": lambda plan, _: plan_json(plan),
        "read again": lambda plan, _: from_json(json.loads(plan_json(plan))),
    }

    grew = {
        name: counted(lambda: stage(large, many)) / counted(lambda: stage(small, few))  # noqa: B023 - called at once
        for name, stage in stages.items()
    }

    assert max(grew.values()) <= 2.1, grew


def test_a_saved_plan_grows_with_its_changes_and_a_comment_does_not() -> None:
    small, large = plan_of_many(mixed(600)), plan_of_many(mixed(1_200))

    assert len(plan_json(large)) <= 2.1 * len(plan_json(small))
    assert len(plan_markdown(large).encode()) <= LIMIT
    assert len(plan_text(large, Style(), calls=True)) <= 2.1 * len(plan_text(small, Style(), calls=True))
    assert "not if one of 1 to 800 fails" in plan_text(large, Style(10_000), calls=True)


def test_a_chain_of_ten_thousand_is_put_in_order() -> None:
    """By values alone: whatever looks from one to the next does so without going deeper."""
    last = 10_000
    numbers = range(last, 0, -1)
    calls = [call(str(n), Phase.CREATE, name=f"n{n}", after=frozenset({str(n - 1)})) for n in numbers]

    assert [c.id for c in ordered(calls)] == [str(n) for n in range(1, last + 1)]
    held = with_holds(calls, lambda c: ["rule"] if c.id == "1" else [])
    assert all(c.held for c in held.values())
