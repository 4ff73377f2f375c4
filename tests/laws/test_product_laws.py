"""Random products, live and declared, with people at work in between: apply, then plan: 0 calls; only declared
values and links change."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reconciler.ledger import ephemeral, whoami
from reconciler.model.document import Document
from tests.contract.peos import GOING, product
from tests.world import CORE, World, hasty_clock, lasting, world

TIDS = ["p1", "p2", "P-3"]
ATTRIBUTES = ["color", "size", "note"]
LOCALES = ["en_GB", "de_DE"]

texts = st.sampled_from(["Black", "a & <b>", "8.5", "ä ✓", "two\nlines"])
plain = st.one_of(texts, st.integers(-3, 3), st.booleans(), st.lists(texts, min_size=1, max_size=3))
spoken = st.dictionaries(st.sampled_from(LOCALES), texts, min_size=1)
lists = st.dictionaries(st.sampled_from(LOCALES), st.lists(texts, min_size=1, max_size=2), min_size=1)
keys = st.sampled_from(["EUR", "USD"])
domains = st.one_of(
    st.lists(keys, min_size=1, max_size=2, unique=True).map(lambda many: {"domain": many}),
    st.dictionaries(st.sampled_from(LOCALES), keys.map(lambda one: {"domain": one}), min_size=1),
)
values = st.dictionaries(st.sampled_from(ATTRIBUTES), st.one_of(plain, spoken, lists, domains), max_size=3)
links = st.frozensets(st.tuples(st.sampled_from(["ACC", "OLD"]), st.sampled_from(TIDS)), max_size=3)
Wanted = tuple[Mapping[str, Any], frozenset[tuple[str, str]], bool]
manifests = st.dictionaries(st.sampled_from(TIDS), st.tuples(values, links, st.booleans()), max_size=3)
live_worlds = st.dictionaries(
    st.sampled_from(TIDS), st.dictionaries(st.sampled_from(ATTRIBUTES), spoken), max_size=3
)


@pytest.fixture(scope="module", params=["plain", "adversarial"])
def k(request: pytest.FixtureRequest) -> Iterator[World]:
    with world(request.param, seed=False, twins=[CORE]) as one:
        one.expect_missing = frozenset({f"{CORE}/Product"})
        yield one


def begin(k: World, live: Mapping[str, Mapping[str, Any]]) -> None:
    k.core.reset()
    k.clock, k.documents = hasty_clock(), []
    k.ledger = lasting(ephemeral(whoami(), k.clock))
    for tid in ATTRIBUTES:
        k.core.add_definition(tid)
    for tid in ("ACC", "OLD"):
        k.core.add_definition(tid, "ref")
    k.core.add_product("other", "Other", vals={"color": {"fr_FR": "noir"}})
    for tid, one in live.items():
        k.core.add_product(tid, f"Product {tid}", vals=one)


def documents(wanted: Mapping[str, Wanted]) -> list[Document]:
    """A link leads to what is declared, or to `other`."""
    found = []
    for tid, (held, linked, exact) in sorted(wanted.items()):
        ends = {(attribute, to if to in wanted and to != tid else "other") for attribute, to in linked}
        words: dict[str, Any] = {"name": f"Product {tid}"} | ({"values": dict(held)} if held else {})
        words["links"] = [{"attribute": a, "product": to} for a, to in sorted(ends)]
        words["linksMode"] = "exact" if exact else "additive"
        found.append(product(tid, **words, **{**GOING, "allow": [*GOING["allow"], "first-removals"]}))
    return found


@given(live=live_worlds, rounds=st.lists(st.tuples(manifests, st.sampled_from(TIDS)), min_size=1, max_size=3))
def test_apply_then_plan_has_no_calls(
    k: World, live: Mapping[str, Mapping[str, Any]], rounds: Sequence[tuple[Mapping[str, Wanted], str]]
) -> None:
    begin(k, live)
    for wanted, somebody in rounds:
        k.documents = documents(wanted)
        plan = k.plan()
        assert len(plan.writes) == plan.bound
        report = k.checked_apply(plan)
        assert {str(o.end) for o in report.outcomes} <= {"done", "held"}, report.outcomes
        left = k.plan()
        assert [one.line for one in left.writes] == []
        tids = {str(one["tid"]) for one in k.core.products_without_ids() if isinstance(one, dict)}
        assert {"other", *live, *wanted} == tids
        if somebody in tids:
            k.core.change_product(somebody, vals={"color": "changed", "note": {"en_GB": "changed"}})
