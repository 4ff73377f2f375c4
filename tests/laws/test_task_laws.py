"""Random tasks under briefs and other parents, changed and made anew: apply, then plan: 0 calls, nothing twice."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, TypeAlias

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reconciler.ledger import ephemeral, whoami
from reconciler.model.document import Document
from reconciler.workflow import Override
from reconciler.workflow.binding import released
from tests.world import PLATFORM, World, check_log, doc, hasty_clock, lasting, world

BRIEF = {"title": "Q3", "summary": "S", "deadline": "2026-06-30", "businessArea": "UK"}
FIXED: Mapping[str, str] = {"endDate": "2026-05-01T10:00:00Z"}

specs = st.fixed_dictionaries(
    {
        "name": st.sampled_from(["Kick-off", "Über/✓"]),
        "startDate": st.sampled_from(["2026-05-01T09:00:00Z", "2026-05-01T11:00:00+02:00"]),
        "above": st.sampled_from([("brief", "b"), ("brief", "c"), ("parent", "7"), ("parent", "a-b")]),
    }
)
tokens = st.sampled_from([None, None, "r1", "r2"])
manifests = st.dictionaries(st.sampled_from(["x", "y"]), st.tuples(specs, tokens))
Manifest: TypeAlias = "Mapping[str, tuple[Mapping[str, Any], str | None]]"


@pytest.fixture(scope="module", params=["plain", "adversarial"])
def p(request: pytest.FixtureRequest) -> Iterator[World]:
    with world(request.param, seed=False, twins=[PLATFORM]) as one:
        yield one


def documents(manifest: Manifest) -> list[Document]:
    found = [doc("Brief", name, BRIEF) for name in ("b", "c")]
    for name, (spec, token) in sorted(manifest.items()):
        word, value = spec["above"]
        whole = {"name": spec["name"], "startDate": spec["startDate"], **FIXED, word: value}
        found.append(doc("Task", name, whole, **({"once": {"supersede": token}} if token else {})))
    return found


@given(rounds=st.lists(manifests, min_size=1, max_size=6))
def test_apply_then_plan_has_no_calls(p: World, rounds: Sequence[Manifest]) -> None:
    p.platform.reset()
    p.ledger = lasting(ephemeral(whoami(), hasty_clock()))
    sent: dict[
        str, tuple[str, tuple[str, str]]
    ] = {}  # what of a task matters: its start is one instant throughout
    spent: dict[str, str] = {}
    expected = 0
    for manifest in rounds:
        p.documents = documents(manifest)
        plan = p.plan()
        lifted = [Override("unknown-past", a.address, "new") for a in plan.actions if _new(a.holds)]
        held = {a.address.name for a in plan.actions if a.holds and not _new(a.holds)}
        p.platform.log.clear()
        report = p.apply(plan, *lifted)
        check_log(p, released(plan, lifted), report)
        refused = set()
        sent = {name: one for name, one in sent.items() if name in manifest}  # what left git is forgotten
        spent = {name: token for name, token in spent.items() if name in manifest}
        for name, (spec, token) in manifest.items():
            wanted = (spec["name"], spec["above"])
            if name not in sent or (token is not None and spent.get(name) != token):
                sent[name], expected = wanted, expected + 1
                spent |= {name: token} if token is not None else {}
            elif sent[name] != wanted:
                refused.add(name)
        assert held == refused
        assert len(p.platform.tasks()) == expected
        left = p.plan()
        assert [c.line for c in left.writes] == []
        assert {a.address.name for a in left.actions if a.holds} == refused


def _new(holds: Sequence[Any]) -> bool:
    return [h.rule for h in holds] == ["unknown-past"]
