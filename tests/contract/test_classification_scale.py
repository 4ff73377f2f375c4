"""A large classification: what it costs, and that it is planned and applied in linear time (OC-C20 to OC-C24)."""

from __future__ import annotations

import os
from math import ceil

import pytest

from reconciler.model.document import Document
from tests.contract.classes import LIST, PERSIST, at, attributes, cl, nd
from tests.contract.definitions import PERSIST as DEFINE
from tests.contract.definitions import ad
from tests.contract.keywords import applied, planned, requests
from tests.world import CORE, world

NODES, KEYS, BATCH = 2000, 40, 200
LONG = bool(os.environ.get("RECONCILER_LONG"))
"""The adversarial profile takes as long again, and is part of the long campaign."""


def estate(changed: int = 0) -> list[Document]:
    """Definitions, and a hundred nodes with nineteen beneath each, two attributes at every one; of the nodes as
    many as this have another label."""
    words = [cl("S", en_GB="S"), *(ad(f"d{n}", en_GB=f"Definition {n}") for n in range(KEYS))]
    for n in range(NODES):
        path = f"S/N{n // 20}" + (f"/M{n}" if n % 20 else "")
        words.append(nd(path, name=f"n{n}", en_GB=f"{'New' if n < changed else 'Node'} {n}"))
        words += [at(path, f"d{(n + i) % KEYS}", name=f"a{n}-{i}") for i in range(2)]
    return words


@pytest.mark.parametrize(
    "profile",
    ["plain", pytest.param("adversarial", marks=pytest.mark.skipif(not LONG, reason="RECONCILER_LONG=1"))],
)
def test_two_thousand_nodes_and_four_thousand_attributes(profile: str) -> None:
    with world(profile, seed=False, twins=[CORE]) as k:
        words = estate()
        plan = planned(k, *words)
        assert len(plan.reads) == 3, "locales, definitions, and one list for all 6,001 things"
        assert [c.line for c in plan.writes] == [f"POST {DEFINE}"] + [f"POST {PERSIST}"] * ceil(
            (NODES + 1) / BATCH
        )

        deed = applied(k, plan)

        assert set(deed.ends) == {"done"}
        assert deed.asked("preconditions") == 2
        assert len(k.core.node_paths()) == NODES + 1
        assert sum(map(len, attributes(k).values())) == 2 * NODES

        left = planned(k, *words)
        assert (left.writes, len(left.reads)) == ((), 3)

        deed = applied(k, planned(k, *estate(changed=BATCH)))
        assert set(deed.ends) == {"done"}
        assert deed.report.requests["calls"] == (f"{CORE}: POST {PERSIST}",)
        assert len(requests(k, LIST)) <= 3, "before the write, and after it at most twice"
