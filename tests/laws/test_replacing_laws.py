"""Nodes, attributes and peos of OMN Core that become others under the same document: replaced with consent,
renamed, adopted, deleted, with people at work in between; apply, then plan: 0 calls."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reconciler.ledger import ephemeral, whoami
from reconciler.model.document import Document
from tests.contract.classes import at, cl, nd
from tests.contract.peos import TEMPLATE, peo, peos, shop
from tests.world import CORE, World, hasty_clock, lasting, world

GOING: Mapping[str, Any] = {"on_remove": "delete", "allow": ["delete", "replace", "first-removals"]}


@pytest.fixture(scope="module", params=["plain", "adversarial"])
def k(request: pytest.FixtureRequest) -> Iterator[World]:
    with world(request.param, seed=False, twins=[CORE]) as one:
        kinds = ("Classification", "ClassificationNode", "NodeAttribute", "Peo")
        one.expect_missing = frozenset(f"{CORE}/{kind}" for kind in kinds)
        yield one


def begin(k: World, batch: int) -> None:
    k.core.reset()
    k.clock, k.documents, k.settings = hasty_clock(), [], {CORE: {"batchSize": batch}}
    k.ledger = lasting(ephemeral(whoami(), k.clock))


def settle(k: World, documents: Sequence[Document], *, failing: bool = False) -> None:
    """A plan as large as the formula says, and then nothing is left, but for nodes that something was taken out
    of: these go with the next one. `failing`: the server may say no of some."""
    k.documents = list(documents)
    ends = {"done", "held", "unneeded", *(["failed"] if failing else [])}
    plan = k.plan()
    for _ in range(3):
        assert len(plan.writes) == plan.bound
        report = k.checked_apply(plan)
        assert {str(o.end) for o in report.outcomes} <= ends, report.outcomes
        held = {a.address for a in plan.actions if any(h.rule == "in-use" for h in a.holds)}
        plan = k.plan()
        assert {c.address for c in plan.calls if c.carrier and not c.held} <= held
        if not plan.writes:
            return
    raise AssertionError([c.line for c in plan.writes])


# A classification: five documents of nodes and four of attributes, each of which may be anywhere.


PATHS = ("S/a", "S/b", "S/a/a", "S/a/b", "S/b/a")
KEYS = ("one", "two")
VALUES = ("", "v", "vw", "w")
trees = st.dictionaries(st.sampled_from(["n1", "n2", "n3"]), st.sampled_from(PATHS), max_size=3)
uses = st.dictionaries(
    st.sampled_from(["u1", "u2", "u3"]),
    st.tuples(
        st.sampled_from(["S", *PATHS]),
        st.sampled_from(KEYS),
        st.sampled_from(VALUES),
        st.sampled_from(["visible", "not_visible"]),
        st.booleans(),
    ),
    max_size=3,
)
Use = tuple[str, str, str, str, bool]
people = st.lists(
    st.tuples(st.integers(0, 5), st.sampled_from(PATHS), st.sampled_from(KEYS)),
    max_size=3,
)


def documents(nodes: Mapping[str, str], used: Mapping[str, Use]) -> list[Document]:
    """Each path, and each use of a definition at a node, by one document; what would be twice is left out."""
    found = [cl("S", name="s")]
    places = {"S"}
    for name, path in sorted(nodes.items(), key=lambda one: one[1]):
        if path not in places and path.rpartition("/")[0] in places:
            found.append(nd(path, name=name, **GOING))
            places.add(path)
    seen = set()
    for name, (path, key, values, inheritance, default) in sorted(used.items()):
        if path in places and (path, key) not in seen:
            seen.add((path, key))
            words: dict[str, Any] = {"inheritance": inheritance}
            if default and values:
                words["default"] = values[0]
            found.append(at(path, key, name=name, values=[*values], **words, **GOING))
    return found


def in_the_tree(k: World, what: int, path: str, key: str) -> None:
    """Somebody adds or deletes a node or an attribute, gives it another value or another default."""
    there = f"/{path}" in k.core.node_paths()
    every: Any = k.core.classes_without_ids()
    held = {(n["path"], a["key"]) for c in every for n in c["nodes"] for a in n["attributes"]}
    used = (f"/{path}", key) in held
    if what == 0 and not there and f"/{path}".rpartition("/")[0] in k.core.node_paths():
        k.core.add_node(f"/{path}")
    elif what == 1 and there:
        k.core.remove_node(f"/{path}")
    elif what == 2 and there and not used:
        k.core.add_attribute(f"/{path}", key, values={"v": {}}, default="v")
    elif what == 3 and used:
        k.core.remove_attribute(f"/{path}", key)
    elif what == 4 and used:
        k.core.change_attribute(f"/{path}", key, values={"z": {}, "v": {}}, inheritance="not_visible")
    elif what == 5 and used:
        k.core.change_attribute(f"/{path}", key, default="z", localized=True)


@given(rounds=st.lists(st.tuples(trees, uses, people), min_size=1, max_size=4), batch=st.sampled_from([1, 2, 200]))
def test_nodes_and_attributes(
    k: World,
    rounds: Sequence[tuple[Mapping[str, str], Mapping[str, Use], Sequence[tuple[int, str, str]]]],
    batch: int,
) -> None:
    begin(k, batch)
    for key in KEYS:
        k.core.add_definition(key)
    for nodes, used, meanwhile in rounds:
        settle(k, documents(nodes, used))
        for deed in meanwhile:
            in_the_tree(k, *deed)


# Peos: three documents, each of which may mean another one every time.


NAMES = ("Summer", "Winter", "a & b")
meant = st.dictionaries(
    st.sampled_from(["p1", "p2", "p3"]),
    st.tuples(
        st.sampled_from(["prod-1", "prod-2"]),
        st.sampled_from(["Print", "Web"]),
        st.sampled_from(NAMES),
        st.frozensets(st.sampled_from(["AWS", "Web", "Old"])),
    ),
    max_size=3,
)
Peo = tuple[str, str, str, frozenset[str]]
TEMPLATES = {"Print": TEMPLATE, "Web": "8"}


def spoken(wanted: Mapping[str, Peo], before: Mapping[str, Peo]) -> list[Document]:
    """What is renamed says so; of two of one key one is left out."""
    found, seen = [], set()
    for name, (made, template, called, projects) in sorted(wanted.items()):
        if (made, template, called) in seen:
            continue
        seen.add((made, template, called))
        was = before.get(name)
        former: dict[str, Any] = {"previous_key": was[2]} if was and was[2] != called else {}
        words = {"template": template, "templateId": TEMPLATES[template], "projects": sorted(projects)}
        consents = {**GOING, "allow": [*GOING["allow"], "rename"]}
        found.append(peo(called, called=name, product=made, **words, **former, **consents))
    return found


@given(
    rounds=st.lists(st.tuples(meant, st.integers(0, 5)), min_size=1, max_size=4), batch=st.sampled_from([1, 200])
)
def test_peos(k: World, rounds: Sequence[tuple[Mapping[str, Peo], int]], batch: int) -> None:
    begin(k, batch)
    shop(k)
    k.core.add_template("8", "Web")
    k.core.add_peo("prod-2", TEMPLATE, "Winter", ["AWS"])
    before: Mapping[str, Peo] = {}
    for wanted, which in rounds:
        documents_ = spoken(wanted, before)
        settle(k, documents_, failing=k.core.knobs.hard("OC-P26"))
        assert "prod-2/Print/Winter" in peos(k) or any(was[2] == "Winter" for was in before.values())
        before = {d.address.name: wanted[d.address.name] for d in documents_}
        state: Any = k.core.dump()["state"]
        if which < len(state["peos"]):
            tid = sorted(state["peos"])[which]
            k.core.change_peo(tid, projects=["Old"])
