"""A large classification: what it costs, and that it is planned and applied in linear time (OC-C20 to OC-C23)."""

from __future__ import annotations

from collections.abc import Iterator
from math import ceil

import pytest

from reconciler.model.document import Document
from tests.contract.classes import LIST, PERSIST, at, cl, nd
from tests.contract.keywords import carried_out, planned, requests
from tests.world import CORE, World, world

NODES, KEYS = 2000, 4


@pytest.fixture
def k() -> Iterator[World]:
    with world("plain", seed=False, twins=[CORE]) as found:
        for n in range(KEYS):
            found.core.add_definition(f"d{n}")
        yield found


def estate() -> list[Document]:
    """A hundred nodes with nineteen beneath each, two attributes at every one."""
    words = [cl("S", en_GB="S")]
    for n in range(NODES):
        path = f"S/N{n // 20}" + (f"/M{n}" if n % 20 else "")
        words.append(nd(path, name=f"n{n}", en_GB=f"Node {n}"))
        words += [at(path, f"d{(n + i) % KEYS}", name=f"a{n}-{i}") for i in range(2)]
    return words


def test_two_thousand_nodes_and_four_thousand_attributes(k: World) -> None:
    words = estate()

    deed = carried_out(k, *words, calls=ceil((NODES + 1) / 200))

    assert len(k.core.node_paths()) == NODES + 1
    assert deed.asked("preconditions") == 1
    assert len(requests(k, LIST)) == 1
    plan = planned(k, *words)
    assert plan.writes == ()
    assert len(plan.reads) == 3  # locales, definitions, and one list for all 6,001 things
    renamed = [
        nd(str(d.spec["path"]), name=d.address.name, en_GB="New") if d.kind.endswith("Node") else d for d in words
    ]
    deed = carried_out(k, *renamed, calls=ceil(NODES / 200))
    assert {r.rpartition(" ")[2] for r in deed.report.requests["calls"]} == {PERSIST}
