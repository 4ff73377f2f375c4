"""The fewest calls for components: on small trees no way is shorter than the plan, and the formula says so."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from hypothesis import assume, given, settings
from hypothesis import strategies as st

from reconciler import diff
from reconciler import plan as planning
from reconciler.model.call import Request
from reconciler.model.document import Address, DeleteLimit, Desired, Document, Target
from reconciler.model.json import Json
from reconciler.model.live import Collection, Demand, Live, Proof, Resource
from reconciler.model.packed import Packed
from reconciler.model.plan import Plan
from reconciler.model.recorded import Bond, Recorded
from reconciler.model.values import resolved
from tests.laws.search import shortest
from tests.laws.small_components import ROOT, Aim, Component, Goal, State, send
from tests.world import CMS, PROVIDERS, catalog, doc

MOST = 5
KEYS = ("a", "b", "c", "d")
IDS = ("2", "3", "4")
MORE = settings(max_examples=settings().max_examples * 2)
"""Nothing is served here, so examples are cheap."""
World = tuple[Goal, list[Document], list[Bond]]


@st.composite
def worlds(draw: st.DrawFn) -> World:
    """At most three components: some kept where they are or elsewhere, some gone, some to come."""
    ids = IDS[: draw(st.integers(0, 3))]
    keys = draw(st.permutations(KEYS))
    start = frozenset(
        Component(own, keys[i], draw(st.sampled_from((ROOT, *ids[:i]))), "", draw(st.sampled_from((1000, 1))))
        for i, own in enumerate(ids)
    )
    fates = {own: draw(st.sampled_from(("kept", "kept", "kept", "gone"))) for own in ids}
    kept = [own for own in draw(st.permutations(ids)) if fates[own] == "kept"] if ids else []
    fresh = [f"made-{i}" for i in range(draw(st.integers(0, 3 - len(ids))))]
    names = draw(st.permutations([*kept, *fresh])) if kept or fresh else []
    now = {c.ident: c for c in start}
    given_keys = _keys(draw, names, now)
    aims: dict[str, Aim] = {}
    documents: list[Document] = []
    for i, own in enumerate(names):
        above = draw(st.sampled_from((None, *names[:i])))
        spec: dict[str, Json] = {"space": "Site", "key": given_keys[own], "type": "page"}
        spec |= {"parent": f"of-{above}"} if above else {}
        spec |= {"name": "x"} if draw(st.sampled_from((True, False, False))) else {}
        spec |= {"sequence": draw(st.sampled_from((1, 2)))} if draw(st.booleans()) else {}
        parent = ROOT if above is None else above if above in now else f"key:{given_keys[above]}"
        aims[own] = (given_keys[own], parent, spec.get("name"), spec.get("sequence"))  # type: ignore[assignment]
        renamed = own in now and now[own].key != given_keys[own]
        words = {"previous_key": now[own].key} if renamed else {}
        documents.append(doc("Component", f"of-{own}", spec, on_remove="delete", allow=["delete"], **words))
    gone = frozenset(own for own, fate in fates.items() if fate == "gone")
    assume(not {aims[own][0] for own in fresh} & {now[own].key for own in gone})  # which would be adopted
    bonds = [_bond(now[own]) for own in ids]
    made = tuple(aims[own] for own in fresh)
    return Goal(start, {own: aims[own] for own in kept}, made, gone), documents, bonds


def _keys(draw: st.DrawFn, names: Sequence[str], now: dict[str, Component]) -> dict[str, str]:
    """A key for each: its own, or another's, so that rings are common."""
    if draw(st.booleans()):
        shuffled = draw(st.permutations([*(now[n].key for n in names if n in now), *(k for k in KEYS)]))
        distinct = list(dict.fromkeys(shuffled))
        return dict(zip(names, distinct, strict=False))
    kept = {n: now[n].key for n in names if n in now}
    free = [k for k in KEYS if k not in kept.values()]
    return kept | dict(zip((n for n in names if n not in now), free, strict=False))


def _bond(one: Component) -> Bond:
    at = Address(CMS, "Component", f"of-{one.ident}")
    return Bond(at, one.ident, one.key, made=True, on_remove="delete", by={"space": "1"})


def live_of(state: State) -> Live:
    """The state as it is read: by the kind's own parse, from one page of the search."""
    every = (Component(ROOT, "root", "", "Root", 1000), *sorted(state))
    keys = {c.ident: c.key for c in every}
    shown: list[Json] = [
        {
            "id": int(c.ident),
            "key": c.key,
            "spaceId": 1,
            "parents": [{"id": int(c.parent), "key": keys[c.parent]}] if c.parent else [],
            "componentType": "page",
            "name": c.name,
            "sequence": c.sequence,
        }
        for c in every
    ]
    spaces = Request(CMS, "GET", "/space/all", safe=True)
    search = Request(CMS, "POST", "/component/search", body={"offset": 0}, safe=True)
    page: Json = {"components": shown, "total": len(shown), "more": False}
    ids = tuple(c.ident for c in sorted(state))
    demand = Demand(CMS, "Component", ids=ids, removing=True, details=({"spaces": ["1"]},))
    listed: Json = {"spaces": [{"id": 1, "name": "Site"}]}
    replies = ((spaces, listed), (search, page))
    verbs, kind = catalog().verbs["omni-cms", "Component"], catalog().kind("omni-cms", "Component")
    site = Collection("Space", (Resource("1", "Site", {"name": "Site"}, "Site"),), Proof(True, "all"))
    found = {(CMS, "Component"): verbs.parse(kind, demand, replies), (CMS, "Space"): site}
    demands = {(CMS, "Component"): demand, (CMS, "Space"): Demand(CMS, "Space")}
    return Live(found, (spaces, search), demands, {(CMS, "Component"): Packed.of(replies)})


def plan_of(documents: Sequence[Document], state: State, bonds: Sequence[Bond]) -> Plan:
    targets = {CMS: Target(CMS, PROVIDERS[CMS])}
    anchor = doc("Component", "anchor", {"space": "Site", "key": "root", "type": "page"}, manage="observe")
    desired = Desired((*documents, anchor), targets, "sha256:0", DeleteLimit(100, 100))
    recorded, live = Recorded({b.address: b for b in bonds}, exists=True), live_of(state)
    changes = diff.compare(desired, live, recorded, catalog())
    bases = {CMS: "https://cms.example.com/api/v1"}
    return planning.build(changes, desired, live, recorded, catalog(), bases, "0", "2026-06-01T00:00:00+00:00")


def carried_out(plan: Plan, state: State) -> State:
    results: dict[str, dict[str, Json]] = {}
    for call in plan.writes:
        riders = {call.id: [r.body for r in plan.riders(call.id) if not r.contingent]}
        body: Any = resolved(call.body, results, riders) or {}
        own = str(resolved(call.args.get("id", ""), results))
        path = "sequence" if call.path.endswith("sequence") else own
        given = {k: str(v) if k == "parentId" else v for k, v in body.items()}
        after = send(state, call.method, path, given)
        assert after is not None, (call.line, body, state)
        made = {c.ident for c in after} - {c.ident for c in state}
        results[call.id] = {"/id": min(made)} if made else {}
        state = after
    return state


@MORE
@given(worlds())
def test_no_shorter_way_to_these_components(world: World) -> None:
    goal, documents, bonds = world
    plan = plan_of(documents, goal.start, bonds)
    assert not any(a.holds for a in plan.actions)
    assume(len(plan.writes) <= MOST)

    assert goal.distance(carried_out(plan, goal.start)) == 0
    assert shortest(goal.start, goal, lambda s: goal.distance(s) == 0, MOST) == len(plan.writes) == plan.bound


@given(worlds(), st.lists(st.integers(0, 10_000), max_size=3))
def test_no_call_brings_the_goal_nearer_by_more_than_one(world: World, steps: list[int]) -> None:
    """Which makes the distance a lower bound, and the search above complete."""
    goal, state = world[0], world[0].start
    for step in steps:
        ahead = sorted(goal.moves(state), key=sorted)
        state = ahead[step % len(ahead)] if ahead else state
    assert all(goal.distance(after) >= goal.distance(state) - 1 for after in goal.moves(state))
