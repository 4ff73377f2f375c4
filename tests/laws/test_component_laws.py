"""From any trees and for any documents: apply, then plan, has nothing to do; nothing is cut off or touched."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reconciler.model.change import Verb
from reconciler.model.document import Address, Document
from reconciler.model.plan import Plan
from tests.laws.component_worlds import SPACES, Trees, documents, live_trees
from tests.laws.lives import remember
from tests.world import CMS, World, hasty_clock, world

Records = Mapping[int, Mapping[str, Any]]


@pytest.fixture(scope="module", params=["plain", "adversarial"])
def stage(request: pytest.FixtureRequest) -> Iterator[tuple[World, Any]]:
    with world(request.param, twins=[CMS], seed=False) as one:
        for name in SPACES:
            one.cms.add_space(name)
        one.expect_missing = frozenset({f"{CMS}/Component"})
        yield one, one.cms.dump()


def begin(stage: tuple[World, Any], live: Trees) -> World:
    here, saved = stage
    here.cms.load(saved)
    here.clock, here.documents = hasty_clock(), []
    remember(here, ledger=True)
    ids: list[int] = []
    for one in live:
        above = ids[one.parent] if one.parent is not None else None
        held = dict(one.metadata)
        ids.append(
            here.cms.add_component(
                one.space + 1, one.key, parent_id=above, name=one.name, sequence=one.sequence, metadata=held
            )
        )
        if one.file:
            here.cms.add_file(ids[-1], "a.css", b"x")
    return here


def records(here: World) -> Records:
    state: Any = here.cms.dump()["state"]
    return {int(i): one for i, one in state["components"].items()}


def reconcile(here: World, wanted: Sequence[Document]) -> Plan:
    """One round, and everything that must be true after it."""
    before, recorded = records(here), dict(here.recorded.bonds)
    here.documents = list(wanted)
    plan = here.plan()
    assert plan.bound <= len(plan.writes)
    report = here.checked_apply(plan)
    assert {str(o.end) for o in report.outcomes} <= {"done", "held", "unneeded"}, report.outcomes
    left = here.plan()
    assert [c.line for c in left.writes] == []
    assert left.bound == 0
    rules = {(a.address, h.rule) for a in plan.actions for h in a.holds}
    assert {(a.address, h.rule) for a in left.actions for h in a.holds} <= rules
    nothing_cut_off(records(here))
    others_untouched(plan, before, records(here), {int(b.id) for b in recorded.values()})
    as_declared(here, plan, wanted)
    return plan


def nothing_cut_off(after: Records) -> None:
    for start in after:
        here, steps = start, 0
        while (above := after[here]["parent_id"]) is not None:
            here, steps = above, steps + 1
            assert steps <= len(after), f"{start} lies beneath itself"
        assert after[here]["key"] == "root"


def others_untouched(plan: Plan, before: Records, after: Records, ours: set[int]) -> None:
    """What nobody declared is as it was, and where it was."""
    bonds = (a.bond for a in plan.actions if a.bond is not None)
    ours = ours | {int(b.id) for b in bonds if b.id}
    for i, one in before.items():
        assert i in ours or after.get(i) == one


def as_declared(here: World, plan: Plan, wanted: Sequence[Document]) -> None:
    after = records(here)
    held = {a.address for a in plan.actions if a.holds}
    for document in wanted:
        if document.address in held or any(c.held for c in plan.calls if c.address == document.address):
            continue
        one = after[int(here.recorded.bonds[document.address].id)]
        spec: Any = document.spec
        assert one["key"] == spec["key"]
        assert one["name"] == spec.get("name", one["name"])
        assert one["sequence"] == spec.get("sequence", one["sequence"])
        assert set(one["tags"]) == set(spec.get("tags", one["tags"]))
        assert {**one["metadata"], **spec.get("metadata", {})} == one["metadata"]
        above, named = after[one["parent_id"]], str(spec.get("parent", "root"))
        parent = here.recorded.bonds.get(Address(CMS, "Component", named))
        known = {d.address.name for d in wanted if d.address in held}  # whose thing nobody may be sure of
        assert named in known or (above["id"] == int(parent.id) if parent else above["key"] == named)
    in_listed_order(plan, after, here, wanted, held)


def in_listed_order(plan: Plan, after: Records, here: World, wanted: Sequence[Document], held: set[Any]) -> None:
    for parent in wanted:
        own = [d for d in wanted if d.spec.get("parent") == parent.address.name and d.address not in held]
        if parent.spec.get("order") == "listed" and parent.address not in held:
            numbers = [after[int(here.recorded.bonds[d.address].id)]["sequence"] for d in own]
            assert numbers == sorted(set(numbers)), (plan, numbers)


def undeclared(live: Trees) -> list[tuple[str, str]]:
    return [(SPACES[one.space], one.key) for one in live]


@given(data=st.data(), live=live_trees())
def test_one_round(stage: tuple[World, Any], live: Trees, data: st.DataObject) -> None:
    here = begin(stage, live)
    reconcile(here, data.draw(documents([], undeclared(live))))


@given(data=st.data(), live=live_trees())
def test_three_rounds(stage: tuple[World, Any], live: Trees, data: st.DataObject) -> None:
    here = begin(stage, live)
    before: list[Document] = []
    for turn in range(3):
        before = data.draw(documents(before, undeclared(live), turn))
        reconcile(here, before)


@given(live=live_trees())
def test_what_is_live_differs_in_nothing_from_itself(stage: tuple[World, Any], live: Trees) -> None:
    from tests.world import doc

    here = begin(stage, live)
    found = []
    for one in live:
        spec: dict[str, Any] = {"space": SPACES[one.space], "key": one.key, "type": "page", "name": one.name}
        spec |= {"sequence": one.sequence, "metadata": dict(one.metadata)}
        spec |= {"parent": live[one.parent].key} if one.parent is not None else {}
        spec |= {} if one.file else {"file": "absent"}
        found.append(doc("Component", f"of-{one.key}", spec))
    here.documents = found

    plan = here.plan()

    assert [c.line for c in plan.calls] == []
    assert {a.verb for a in plan.actions} <= {Verb.ADOPT}
    assert not [f for a in plan.actions for f in a.fields]
