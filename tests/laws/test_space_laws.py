"""Random spaces with components in them, live and declared: apply, then plan: 0 calls; others' are left alone."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reconciler.ledger import ephemeral, whoami
from reconciler.model.document import Document
from tests.world import CMS, World, doc, hasty_clock, lasting, world

NAMES = ["One", "one", "Zwei ✓", "a/b"]
GOING: Mapping[str, Any] = {"on_remove": "delete", "allow": ["delete"]}

pages = st.sets(st.sampled_from(["home", "about"]), max_size=2)
live_worlds = st.lists(st.tuples(st.sampled_from(NAMES), pages), max_size=3)
manifests = st.dictionaries(st.sampled_from(NAMES), pages, max_size=3)
renames = st.dictionaries(st.sampled_from(NAMES), st.sampled_from(NAMES), max_size=2)
Manifest = Mapping[str, set[str]]


@pytest.fixture(scope="module", params=["plain", "adversarial"])
def c(request: pytest.FixtureRequest) -> Iterator[World]:
    with world(request.param, seed=False, twins=[CMS]) as one:
        one.expect_missing = frozenset({f"{CMS}/Component", f"{CMS}/Space"})
        yield one


def begin(c: World, live: Sequence[tuple[str, set[str]]]) -> None:
    c.cms.reset()
    c.clock, c.documents = hasty_clock(), []
    c.ledger = lasting(ephemeral(whoami(), c.clock))
    for name, keys in live:
        own = c.cms.add_space(name)
        for key in sorted(keys):
            c.cms.add_component(own, key)


def documents(wanted: Manifest, before: Mapping[str, str]) -> list[Document]:
    """A space is called like its first name (`before`: name -> the document), a page like both of them."""
    found = []
    for name, keys in sorted(wanted.items()):
        own = before.get(name, name)
        moved = {"previous_key": own} if own != name else {}
        found.append(doc("Space", f"s{NAMES.index(own)}", {"name": name}, **GOING, **moved))
        spec = {"space": name, "type": "page"}
        found += [doc("Component", f"{NAMES.index(own)}-{k}", {**spec, "key": k}, **GOING) for k in sorted(keys)]
    return found


def things(c: World) -> tuple[dict[int, str], dict[int, tuple[int, str]]]:
    """Id -> name of every space; id -> space and key of every component but the roots."""
    state: Any = c.cms.dump()["state"]
    spaces = {int(i): str(one["name"]) for i, one in state["spaces"].items()}
    parts = {int(i): one for i, one in state["components"].items() if one["parent_id"] is not None}
    return spaces, {i: (int(one["space_id"]), str(one["key"])) for i, one in parts.items()}


@given(live=live_worlds, rounds=st.lists(st.tuples(manifests, renames), min_size=1, max_size=4))
def test_apply_then_plan_has_no_calls(
    c: World, live: Sequence[tuple[str, set[str]]], rounds: Sequence[tuple[Manifest, Mapping[str, str]]]
) -> None:
    begin(c, live)
    spaces, parts = things(c)
    for wanted, renamed in rounds:
        # Each document leads to one space: of two that would be called alike, neither is renamed.
        before = {new: old for old, new in sorted(renamed.items()) if new in wanted and old not in wanted}
        c.documents = documents(wanted, before)
        plan = c.plan()
        assert len(plan.writes) == plan.bound
        report = c.checked_apply(plan)
        assert {str(o.end) for o in report.outcomes} <= {"done", "held", "unneeded"}, report.outcomes
        left = c.plan()
        assert [one.line for one in left.writes] == []
        held = {(a.address, h.rule) for a in plan.actions for h in a.holds}
        assert {(a.address, h.rule) for a in left.actions for h in a.holds} <= held
        now, there = things(c)
        assert spaces.keys() <= now.keys(), "a space that was there before has been deleted"
        assert parts.items() <= there.items(), "a component that was there before has changed"
        if not held:
            for name, keys in wanted.items():
                [own] = [i for i, called in now.items() if called == name]
                assert keys <= {key for space, key in there.values() if space == own}
