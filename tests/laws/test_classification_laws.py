"""Random classifications, live and declared, and people at work besides: apply, then plan: 0 calls; what others
have made stays, whatever goes around it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reconciler.ledger import ephemeral, whoami
from reconciler.model.document import Document
from tests.contract.classes import at, cl, nd
from tests.world import CORE, World, hasty_clock, lasting, world

GOING: Mapping[str, Any] = {"on_remove": "delete", "allow": ["delete"]}
PATHS = ["S", "T", "S/a", "S/b", "S/a/a", "S/a/b", "T/a"]
KEYS = ["one", "two"]
LABELS = ["x", "y"]
VALUES = ["", "v", "vw"]
"""Values that come last: the order of those that are there is the server's."""

trees = st.dictionaries(
    st.sampled_from(PATHS),
    st.tuples(
        st.dictionaries(st.sampled_from(["en_GB", "de_DE"]), st.sampled_from(LABELS), max_size=2),
        st.dictionaries(st.sampled_from(KEYS), st.tuples(st.booleans(), st.sampled_from(VALUES)), max_size=2),
    ),
    max_size=6,
)
Attributes = Mapping[str, tuple[bool, str]]
Manifest = Mapping[str, tuple[Mapping[str, str], Attributes]]


@pytest.fixture(scope="module", params=["plain", "adversarial"])
def c(request: pytest.FixtureRequest) -> Iterator[World]:
    with world(request.param, seed=False, twins=[CORE]) as one:
        kinds = ("Classification", "ClassificationNode", "NodeAttribute")
        one.expect_missing = frozenset(f"{CORE}/{kind}" for kind in kinds)
        yield one


def rooted(wanted: Manifest) -> dict[str, tuple[dict[str, str], Attributes]]:
    """With all that the paths lead through. Labels of classifications are told apart by their names."""
    found: dict[str, tuple[dict[str, str], Attributes]] = {}
    for path in sorted(wanted):
        parts = path.split("/")
        for n in range(1, len(parts)):
            found.setdefault("/".join(parts[:n]), ({}, {}))
        labels, attributes = wanted[path]
        found[path] = ({k: path + v for k, v in labels.items()}, attributes)
    return found


def begin(c: World, live: Manifest, batch: int) -> None:
    c.core.reset()
    c.clock, c.documents, c.settings = hasty_clock(), [], {CORE: {"batchSize": batch}}
    c.ledger = lasting(ephemeral(whoami(), c.clock))
    for key in KEYS:
        c.core.add_definition(key)
    for path, (labels, attributes) in rooted(live).items():
        if "/" in path:
            c.core.add_node(f"/{path}", labels=labels)
        else:
            c.core.add_class(path, labels=labels)
        for key, (localized, values) in attributes.items():
            c.core.add_attribute(f"/{path}", key, localized=localized, values={v: {} for v in values} or None)


def documents(wanted: Manifest) -> list[Document]:
    found = []
    for path, (labels, attributes) in rooted(wanted).items():
        found.append((nd if "/" in path else cl)(path, **labels, **GOING))
        for key, (localized, values) in attributes.items():
            found.append(at(path, key, localized=localized, values=[*values], **GOING))
    return found


def there(c: World) -> dict[str, Any]:
    """Path -> labels, and the attributes in full."""
    found: dict[str, Any] = {}
    for one in c.core.classes_without_ids():
        own: Any = one
        found[own["tid"]] = own["labels"]
        for node in own["nodes"]:
            path = node["path"].strip("/")
            found[path + "#"] = node["labels"]
            found |= {f"{path}#{a['key']}": a for a in node["attributes"]}
    return found


@given(
    live=trees,
    rounds=st.lists(trees, min_size=1, max_size=4),
    batch=st.sampled_from([1, 2, 3, 200]),
    work=st.sets(st.sampled_from(PATHS[2:]), max_size=2),
)
def test_apply_then_plan_has_no_calls(
    c: World, live: Manifest, rounds: Sequence[Manifest], batch: int, work: set[str]
) -> None:
    begin(c, live, batch)
    foreign = there(c)
    for wanted in rounds:
        c.documents = documents(wanted)
        plan = c.plan()
        assert len(plan.writes) == plan.bound
        report = c.checked_apply(plan)
        assert {str(o.end) for o in report.outcomes} <= {"done", "held", "unneeded"}, report.outcomes
        left = c.plan()
        assert [one.line for one in left.writes] == []
        held = {(a.address, h.rule) for a in plan.actions for h in a.holds}
        assert {(a.address, h.rule) for a in left.actions for h in a.holds} <= held
        now = there(c)
        assert foreign.keys() <= now.keys(), "something that was there before has been deleted"
        for path, (labels, attributes) in rooted(wanted).items():
            assert labels.items() <= now[path + "#" if "/" in path else path].items()
            for key, (localized, values) in attributes.items():
                one = now[f"{path}#{key}"]
                assert one["localized"] is localized
                assert {*values} <= {v[0] for v in (one.get("domain") or {"values": []})["values"]}
        for path in sorted(work):
            _somebody_works(c, path)


def _somebody_works(c: World, path: str) -> None:
    """A label of another locale, where one can see it, and a value that the manifest does not know."""
    if f"/{path}" in c.core.node_paths():
        node = c.core.node(f"/{path}")
        c.core.change_node(f"/{path}", {**node.labels, "fr_FR": "autre"})
