"""Random pods and homes, with others at work between the runs: apply, then plan: 0 calls, and nobody loses a home
that no document speaks of (ST-R64 to ST-R70)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reconciler.ledger import ephemeral, whoami
from reconciler.model.document import Document
from reconciler.model.json import Json
from reconciler.twins import Answer
from reconciler.twins.studio_tracker.things import Pod, User
from tests.world import TRACKER, World, check_log, doc, hasty_clock, lasting, world

PEOPLE = ("jane@example.com", "Bob.Stone@example.com", "maria@example.com", "chen@example.com")
NAMES = ("red", "blue", "green")


@dataclass(frozen=True, slots=True)
class Said:
    """One pod's document. `renamed`: under its second slug; `managed`: its members are declared."""

    renamed: bool
    title: str
    managed: bool
    additive: bool
    lead: int | None


said = st.builds(
    Said,
    st.sampled_from((False, False, True)),
    st.sampled_from(("A", "B")),
    st.sampled_from((True, True, True, False)),
    st.sampled_from((False, False, True)),
    st.none() | st.integers(0, 3),
)
manifests = st.dictionaries(st.sampled_from(NAMES), said)
placements = st.tuples(*(st.sampled_from((None, *NAMES)) for _ in PEOPLE))
deeds = st.lists(
    st.one_of(
        st.tuples(st.just("move"), st.integers(0, 3), st.integers(0, 3)),
        st.tuples(st.just("out"), st.integers(0, 3), st.none()),
        st.tuples(st.just("pod"), st.sampled_from((*NAMES, "grey")), st.none()),
        st.tuples(st.just("drop"), st.integers(0, 3), st.none()),
        st.tuples(st.just("rename"), st.integers(0, 3), st.sampled_from(("A", "B", "C"))),
    ),
    max_size=4,
)
rounds = st.lists(st.tuples(deeds, manifests, placements), min_size=1, max_size=4)


@pytest.fixture(scope="module", params=["plain", "adversarial"])
def one(request: pytest.FixtureRequest) -> Iterator[World]:
    with world(request.param, seed=False, twins=[TRACKER]) as found:
        for address in PEOPLE:
            found.tracker.add_user(address, address.partition("@")[0])
        found.expect_missing = frozenset({"studio/Pod"})
        yield found


def documents(
    manifest: Mapping[str, Said], homes: Sequence[str | None], *, leaving: str = "delete"
) -> list[Document]:
    """`leaving`: what becomes of a pod whose document is gone."""
    found = []
    for name, words in sorted(manifest.items()):
        slugs = (name, f"{name}-new")
        spec: dict[str, Json] = {"slug": slugs[words.renamed], "name": words.title}
        if words.managed:
            spec |= {"members": [p for p, home in zip(PEOPLE, homes, strict=True) if home == name]}
            spec |= {"membersMode": "additive"} if words.additive else {}
        spec |= {} if words.lead is None else {"lead": PEOPLE[words.lead]}
        life = {"allow": ["rename", "first-removals", "delete"], "on_remove": leaving}
        found.append(doc("Pod", name, spec, previous_key=slugs[not words.renamed], **life))
    return found


def disturb(w: World, changes: Sequence[tuple[str, Any, Any]]) -> None:
    """What others do; what the API refuses changes nothing."""
    for deed, which, value in changes:
        pods, users = sorted(w.tracker.state.of(Pod)), [_id(w, p) for p in PEOPLE]
        if deed == "pod":
            if which not in {p.slug for p in w.tracker.state.of(Pod).values()}:
                w.tracker.edit("POST", "/api/pods", {"name": str(which).title(), "slug": which})
        elif pods:
            _disturb(w, deed, pods, users, which, value)


def _disturb(
    w: World, deed: str, pods: Sequence[str], users: Sequence[str], which: int, value: Any
) -> Answer | None:
    match deed:
        case "move":
            at = pods[value % len(pods)]
            return w.tracker.edit("POST", f"/api/pods/{at}/members", {"userId": users[which]})
        case "out":
            w.tracker.set_home_pod(users[which], None)
        case "drop":
            return w.tracker.edit("DELETE", f"/api/pods/{pods[which % len(pods)]}")
        case "rename":
            return w.tracker.edit("PATCH", f"/api/pods/{pods[which % len(pods)]}", {"name": value})
    return None


def _id(w: World, email: str) -> str:
    return next(u.id for u in w.tracker.state.of(User).values() if u.email == email)


def homes_of(w: World) -> dict[str, str | None]:
    """Address -> slug."""
    slugs = {p.id: p.slug for p in w.tracker.state.of(Pod).values()}
    people = {u.email: u.home_pod_id for u in w.tracker.state.of(User).values()}
    return {p: slugs.get(people[p] or "") for p in PEOPLE}


def begin(w: World, *, ledger: bool, hidden: bool = False) -> None:
    w.tracker.state.of(Pod).clear()
    for person in PEOPLE:
        w.tracker.set_home_pod(_id(w, person), None)
    w.tracker.knobs.set("pod-members-hidden", "adversarial" if hidden else "plain")
    book = ephemeral(whoami(), hasty_clock())
    w.ledger = lasting(book) if ledger else book


@given(rounds=rounds, ledger=st.sampled_from((True, True, False)))
def test_apply_then_plan_has_no_calls(
    one: World, rounds: Sequence[tuple[Any, Mapping[str, Said], Sequence[str | None]]], ledger: bool
) -> None:
    begin(one, ledger=ledger)
    for changes, manifest, homes in rounds:
        disturb(one, changes)
        before = homes_of(one)
        one.documents = documents(manifest, homes)
        plan = one.plan()
        assert len(plan.writes) == plan.bound
        one.tracker.log.clear()
        report = one.apply(plan)
        check_log(one, plan, report)
        assert {str(o.end) for o in report.outcomes} <= {"done", "held"}
        left = one.plan()
        assert [c.line for c in left.writes] == []
        _as_declared(before, homes_of(one), {a.address.name for a in plan.actions if a.holds}, one.documents)


def _as_declared(
    before: Mapping[str, str | None], after: Mapping[str, str | None], held: set[str], declared: Sequence[Document]
) -> None:
    """Whoever is declared is at home there; whoever is not stays where they were, or is out where the pod says who
    is in it."""
    exact = {d.spec["slug"] for d in declared if "members" in d.spec}
    names = {str(p): d for d in declared for p in d.spec.get("members", ())}  # type: ignore[union-attr]
    for person, was in before.items():
        own = names.get(person)
        if own is not None and own.address.name not in held:
            assert after[person] == own.spec["slug"]
        elif own is None and was is not None:
            slugs = {was, f"{was}-new", was.removesuffix("-new")}
            assert after[person] in slugs or (after[person] is None and slugs & exact)


@given(rounds=st.lists(st.tuples(manifests, placements), min_size=1, max_size=4))
def test_hidden_homes_are_sent_once(
    one: World, rounds: Sequence[tuple[Mapping[str, Said], Sequence[str | None]]]
) -> None:
    """Nothing shows who is where, nobody else is at work: the ledger alone leads to the same end (ST-R70)."""
    begin(one, ledger=True, hidden=True)
    for manifest, homes in rounds:
        before = homes_of(one)
        one.documents = documents(manifest, homes, leaving="release")
        plan = one.plan()
        one.tracker.log.clear()
        report = one.apply(plan)
        check_log(one, plan, report)
        assert {str(o.end) for o in report.outcomes} <= {"done", "held"}
        assert [c.line for c in one.plan().writes] == []
        _as_declared(before, homes_of(one), {a.address.name for a in plan.actions if a.holds}, one.documents)
