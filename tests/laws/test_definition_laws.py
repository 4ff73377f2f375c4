"""Attribute definitions: from any to any other, people at work in between, apply, plan again: 0 calls."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reconciler.ledger import ephemeral, whoami
from reconciler.model.document import Document
from reconciler.model.json import Json
from tests.world import CORE, World, doc, lasting, world

TIDS = ["a", "A", "care note"]
GOING: Mapping[str, Any] = {"on_remove": "delete", "allow": ["delete", "replace"]}


@dataclass(frozen=True)
class Wanted:
    """`None`: not declared."""

    of: str = "text"
    multi: bool | None = None
    labels: Mapping[str, str] | None = None
    values: Mapping[str, Mapping[str, str]] | None = None
    flags: Mapping[str, Json] = field(default_factory=dict)

    def document(self, tid: str) -> Document:
        spec: dict[str, Json] = {"identifier": tid, "type": self.of}
        if self.multi is not None:
            spec["multiValued"] = self.multi
        if self.labels is not None:
            spec["labels"] = [{"locale": k, "text": v} for k, v in self.labels.items()]
        values: list[Json] = [
            {"id": i, **({"labels": dict(t)} if t else {})} for i, t in (self.values or {}).items()
        ]
        domain: dict[str, Json] = {**self.flags, **({"values": values} if values else {})}
        if domain:
            spec["domain"] = domain
        return doc("core/AttributeDefinition", f"d{TIDS.index(tid)}", spec, **GOING)


labels = st.dictionaries(
    st.sampled_from(["en_GB", "de_DE", "fr_FR"]), st.sampled_from(["x", "Y & z", "ß"]), max_size=2
)
values = st.permutations(["v", "w"]).flatmap(
    lambda names: st.tuples(labels, labels).map(lambda t: dict(zip(names, t, strict=True)))
)
some_values: st.SearchStrategy[Mapping[str, Mapping[str, str]]] = st.one_of(
    values, labels.map(lambda t: {"v": t}), st.just({})
)
types = st.sampled_from(["text", "text", "text", "number"])
flags = st.fixed_dictionaries({}, optional={"allowNewValue": st.booleans(), "sortDirection": st.just("MANUAL")})
wanted = st.builds(Wanted, types, st.none() | st.booleans(), st.none() | labels, st.none() | some_values, flags)
manifests = st.dictionaries(st.sampled_from(TIDS), wanted, max_size=3)
live = st.tuples(st.sampled_from(TIDS), types, labels, st.booleans(), some_values, st.booleans())
worlds = st.lists(live, max_size=3, unique_by=lambda one: one[0])
Live = tuple[str, str, Mapping[str, str], bool, Mapping[str, Mapping[str, str]], bool]


@pytest.fixture(scope="module", params=["plain", "adversarial"])
def k(request: pytest.FixtureRequest) -> Iterator[World]:
    with world(request.param, seed=False, twins=[CORE]) as one:
        one.expect_missing = frozenset({f"{CORE}/AttributeDefinition"})
        yield one


def people(k: World, things: Sequence[Live]) -> None:
    """Somebody makes these definitions, or changes them, and sometimes deletes one."""
    there = {str(one["tid"]) for one in k.core.definitions_without_ids() if isinstance(one, dict)}
    for tid, of, texts, multi, domain, allow in things:
        if tid not in there:
            k.core.add_definition(
                tid, of, labels=texts, multi_valued=multi, values=domain or None, allow_new=allow
            )
        elif allow:
            k.core.change_definition(tid, labels=texts, multi_valued=multi, values=domain or None)
        else:
            k.core.remove_definition(tid)


@given(st.lists(st.tuples(worlds, manifests), min_size=1, max_size=3))
def test_apply_then_plan_again_has_no_calls(
    k: World, rounds: Sequence[tuple[Sequence[Live], Mapping[str, Wanted]]]
) -> None:
    k.core.reset()
    k.ledger, k.documents = lasting(ephemeral(whoami(), k.clock)), []
    for things, manifest in rounds:
        people(k, things)
        k.documents = [one.document(tid) for tid, one in sorted(manifest.items())]
        plan = k.plan()
        assert len(plan.writes) == plan.bound
        report = k.checked_apply(plan)
        ends = {str(o.end) for o in report.outcomes}
        assert ends <= {"done", "held", "unneeded"} or (k.core.knobs.profile == "adversarial" and "failed" in ends)
        left = k.plan()
        assert [c.line for c in left.writes] == []
