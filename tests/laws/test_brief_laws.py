"""Random briefs, pinned, recorded and new, with people at work between the rounds: apply, then plan: 0 calls."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, TypeAlias

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reconciler.ledger import ephemeral, whoami
from reconciler.model.document import Document
from reconciler.model.outcome import Report
from reconciler.model.plan import Plan
from reconciler.workflow import Override
from reconciler.workflow.binding import released
from tests.world import PLATFORM, World, check_log, doc, hasty_clock, lasting, world

WIRE = {
    "title": "brief_title",
    "summary": "brief_summary",
    "deadline": "brief_deadline",
    "businessArea": "business_area",
    "slipstream": "slipstream",
    "externalReference": "external_reference",
}
OURS, PINNED = ("a", "b"), ("x",)
TOUCHY = ("unknown-past", "gone", "status")
"""The rules that a person may override."""

texts = st.sampled_from(["Q3", "q3", "UK/Sales", "Überblick ✓", "change_request", "{id}", " "])
days = st.sampled_from(["2026-06-30", "2026-07-01", "0999-12-31"])
specs = st.fixed_dictionaries(
    {"title": texts, "summary": texts, "deadline": days, "businessArea": texts},
    optional={"slipstream": texts, "externalReference": texts, "changeRequestFirst": st.booleans()},
)
metas = st.fixed_dictionaries(
    {"once": st.sampled_from([{}, {"changeRequest": "r1"}, {"changeRequest": "r2"}])},
    optional={
        "on_remove": st.just("delete"),
        "manage": st.sampled_from(["full", "full", "observe"]),
        "ignore": st.just(["spec.summary"]),
    },
)
manifests = st.dictionaries(st.sampled_from([*OURS, *PINNED]), st.tuples(specs, metas), min_size=1)
edits = st.lists(
    st.one_of(
        st.tuples(st.just("status"), st.integers(0, 3), st.sampled_from(["draft", "approved"])),
        st.tuples(st.just("status"), st.integers(0, 3), st.just("change_request")),
        st.tuples(st.just("text"), st.integers(0, 3), texts),
        st.tuples(st.just("gone"), st.integers(0, 3), st.just("")),
    ),
    min_size=1,
    max_size=4,
)
Manifest: TypeAlias = "Mapping[str, tuple[Mapping[str, Any], Mapping[str, Any]]]"


@dataclass(slots=True)
class Expected:
    """What must be true by the rules alone. `token`: name -> the brief and the token that acted on it last."""

    token: dict[str, tuple[str, str]] = field(default_factory=dict)
    fired: dict[str, int] = field(default_factory=dict)


@pytest.fixture(scope="module", params=["plain", "adversarial"])
def p(request: pytest.FixtureRequest) -> Iterator[World]:
    with world(request.param, seed=False, twins=[PLATFORM]) as one:
        yield one


def begin(p: World, *, hidden: bool) -> dict[str, str]:
    """A world with a brief of other people, and a ledger that knows nothing; name -> the brief it is pinned to."""
    p.platform.reset()
    p.platform.knobs.set("status-hidden", "adversarial" if hidden else "plain")
    p.ledger = lasting(ephemeral(whoami(), hasty_clock()))
    p.expect_missing = frozenset({f"{PLATFORM}/Brief"})
    return {name: p.platform.add_brief("Theirs", slipstream="Print") for name in PINNED}


def document(name: str, found: tuple[Mapping[str, Any], Mapping[str, Any]], pins: Mapping[str, str]) -> Document:
    spec, meta = found
    words = {**meta, "allow": ["delete"]} if "on_remove" in meta else dict(meta)
    return doc("Brief", name, spec, **({**words, "pinned_id": pins[name]} if name in pins else words))


def disturb(p: World, done: Sequence[tuple[str, int, str]]) -> None:
    for what, which, text in done:
        briefs = p.platform.briefs()
        if not briefs:
            return
        own = str(briefs[which % len(briefs)].id)
        if what == "status":
            p.platform.set_status(own, text)
        elif what == "gone":
            p.platform.remove_brief(own)
        else:
            p.platform.edit("PATCH", f"/briefs/{own}", {"brief_summary": text})


def fields(p: World) -> dict[str, dict[str, str]]:
    return {str(b.id): dict(b.fields) for b in p.platform.briefs()}


def firings(p: World) -> dict[str, int]:
    return {i: p.platform.transitions(i) for i in fields(p)}


def statuses(p: World) -> dict[str, str]:
    return {str(b.id): str(b.status) for b in p.platform.briefs()}


def applied(p: World, plan: Plan, lifted: Sequence[Override]) -> Report:
    """Apply, with the log as the oracle and the writes of OP-C2 reckoned from the twin's own state."""
    before, fired = fields(p), firings(p)
    p.platform.log.clear()
    report = p.apply(plan, *lifted)
    check_log(p, released(plan, lifted), report)
    after = fields(p)
    transitions = sum(n - fired.get(i, 0) for i, n in firings(p).items())
    changed = sum(before[i] != after[i] for i in before.keys() & after.keys())
    writes = [e for e in p.platform.log if e.write]
    assert {str(o.end) for o in report.outcomes} <= {"done", "held"}
    assert len(writes) == len(before.keys() ^ after.keys()) + changed + transitions
    assert not any(isinstance(e.body, dict) and "status" in e.body and len(e.body) > 1 for e in writes)
    return report


def check_state(p: World, documents: Sequence[Document], held: set[str]) -> None:
    """Every brief that is managed and not held shows what is declared (OP-R15, OP-R16)."""
    live = fields(p)
    for one in documents:
        name = one.address.name
        if name in held or str(one.lifecycle.manage) != "full":
            continue
        shown = live[p.recorded.bonds[one.address].id]
        wanted = {WIRE[k]: v for k, v in one.spec.items() if k in WIRE and f"spec.{k}" not in one.lifecycle.ignore}
        assert wanted.items() <= shown.items()


@given(
    rounds=st.lists(st.tuples(manifests, edits, st.sampled_from([True, True, False])), min_size=2, max_size=5),
    hidden=st.sampled_from([False, False, True]),
)
def test_apply_then_plan_has_no_calls(
    p: World, rounds: Sequence[tuple[Manifest, Any, bool]], hidden: bool
) -> None:
    pins = begin(p, hidden=hidden)
    expected = Expected()
    for manifest, done, lift in rounds:
        documents = [document(name, found, pins) for name, found in sorted(manifest.items())]
        p.documents = documents
        plan = p.plan()
        assert (len(plan.writes), plan.contingent) == (plan.bound, ())
        lifted = _lifted(plan) if lift else []
        held = {a.address.name for a in plan.actions if a.holds} - {o.address.name for o in lifted}
        before = statuses(p)

        applied(p, plan, lifted)

        check_state(p, documents, held)
        foresee(p, expected, documents, held, before, hidden=hidden)
        assert firings(p) == {i: expected.fired.get(i, 0) for i in fields(p)}
        again = p.plan()
        assert [c.line for c in again.writes] == []
        assert {a.address.name for a in again.actions if a.holds} <= held
        disturb(p, done)
        for own in fields(p) if hidden else ():
            p.platform.set_status(own, "draft")  # what no read shows would be asked for twice, and refused (OP-P5)


def _lifted(plan: Plan) -> list[Override]:
    """All that may be lifted, of whatever nothing final holds."""
    open_ = [a for a in plan.actions if a.holds and all(h.rule in TOUCHY for h in a.holds)]
    return [Override(h.rule, a.address, "so it is") for a in open_ for h in a.holds]


def foresee(
    p: World,
    expected: Expected,
    documents: Sequence[Document],
    held: set[str],
    before: Mapping[str, str],
    *,
    hidden: bool,
) -> None:
    """A token that has not acted on this very brief fires once, unless it was in a change request (OP-R19)."""
    bonds = {a.name: b.id for a, b in p.recorded.bonds.items()}
    expected.token = {n: t for n, t in expected.token.items() if bonds.get(n) == t[0]}
    for one in documents:
        name, token = one.address.name, one.once.get("changeRequest")
        if token is None or name in held or (own := bonds.get(name)) is None or _watched(one, own in before):
            continue
        if expected.token.get(name) == (own, token):
            continue
        expected.token[name] = (own, token)
        if hidden or before.get(own) != "change_request":
            expected.fired[own] = expected.fired.get(own, 0) + 1


def _watched(document: Document, there: bool) -> bool:
    """Whether it is only looked at."""
    return there and str(document.lifecycle.manage) == "observe"
