"""The fewest calls for pods: on small worlds no shorter way exists, and the formula says so too (ST-C13)."""

from __future__ import annotations

from typing import Any

from hypothesis import assume, given, settings
from hypothesis import strategies as st

from reconciler.model.document import Address, Document
from reconciler.model.json import Json
from reconciler.model.live import Live
from reconciler.model.plan import Plan
from reconciler.model.recorded import Bond
from reconciler.model.values import resolved
from tests.laws.planned import plan_of, read
from tests.laws.search import shortest
from tests.laws.small_pods import UNSAID, Body, Goal, Pod, State, Wanted, send
from tests.world import TRACKER, doc

MOST = 4
SLUGS = ("red", "blue", "green", "grey")
NAMES = ("Red", "Blue")
USERS = ("jane", "bob", "chen")
MORE = settings(max_examples=settings().max_examples * 4)
"""Nothing is served here, so examples are cheap."""
World = tuple[Goal, list[Document], list[Bond]]


@st.composite
def pod_worlds(draw: st.DrawFn) -> World:
    """At most three pods and three people, everybody declared in one pod at most."""
    here = draw(st.lists(st.sampled_from(SLUGS[:3]), max_size=3, unique=True))
    pods = [
        Pod(f"p{i}", slug, draw(st.sampled_from(NAMES)), draw(st.sampled_from((None, "jane"))))
        for i, slug in enumerate(here)
    ]
    fates = {p.ident: draw(st.sampled_from(("kept", "kept", "kept", "gone", "nobody's"))) for p in pods}
    live = [(u, i) for u in USERS if (i := draw(st.sampled_from((None, *fates)))) is not None]
    start = State(frozenset(pods), frozenset(live))
    ring = draw(st.booleans())
    in_turn = [*here[1:], *here[:1], *(s for s in SLUGS if s not in here)]
    aims = iter(in_turn if ring else draw(st.permutations(SLUGS)))
    free = list(USERS)
    kept: dict[str, Wanted] = {}
    documents = []
    for pod in pods:
        if fates[pod.ident] == "kept":
            aim = next(aims)
            slug = aim if ring else draw(st.sampled_from((pod.slug, pod.slug, aim)))
            kept[pod.ident] = draw(wanted_pods(slug, free))
            documents.append(_document(pod.ident, kept[pod.ident], pod.slug))
    made = [draw(wanted_pods(next(aims), free)) for _ in range(draw(st.integers(0, min(1, 3 - len(pods)))))]
    slugs = [w.slug for w in (*kept.values(), *made)]
    assume(len(set(slugs)) == len(slugs))
    assume(not {w.slug for w in made} & {p.slug for p in pods if p.ident not in kept})  # which would be adopted
    documents += [_document(f"to-come-{i}", wanted, None) for i, wanted in enumerate(made)]
    gone = frozenset(i for i, fate in fates.items() if fate == "gone")
    bonds = [
        Bond(Address(TRACKER, "Pod", p.ident), p.ident, p.slug, made=True, on_remove="delete")
        for p in pods
        if fates[p.ident] != "nobody's"
    ]
    return Goal(start, kept, tuple(made), gone, USERS), documents, bonds


@st.composite
def wanted_pods(draw: st.DrawFn, slug: str, free: list[str]) -> Wanted:
    members = draw(st.lists(st.sampled_from(free), unique=True)) if free else []
    managed = draw(st.sampled_from((True, True, True, False)))
    for user in members if managed else ():
        free.remove(user)
    lead = draw(st.sampled_from((UNSAID, UNSAID, None, "bob")))
    return Wanted(slug, draw(st.sampled_from(NAMES)), lead, tuple(members) if managed else None)


def _document(name: str, wanted: Wanted, old_slug: str | None) -> Document:
    spec: dict[str, Json] = {"slug": wanted.slug, "name": wanted.name}
    if wanted.members is not None:
        spec["members"] = [f"{user}@example.com" for user in wanted.members]
    if wanted.lead != UNSAID:
        spec["lead"] = wanted.lead and f"{wanted.lead}@example.com"
    previous = {"previous_key": old_slug} if old_slug not in (None, wanted.slug) else {}
    return doc("Pod", name, spec, allow=["rename", "first-removals"], **previous)


def _live(state: State) -> Live:
    shown: list[Json] = [
        {
            "id": p.ident,
            "slug": p.slug,
            "name": p.name,
            "leadUserId": p.lead,
            "members": [{"id": u, "email": f"{u}@example.com"} for u, at in sorted(state.homes) if at == p.ident],
        }
        for p in sorted(state.pods)
    ]
    people: Json = [{"id": user, "email": f"{user}@example.com"} for user in USERS]
    return read(TRACKER, {"Pod": {"/api/pods": shown}, "User": {"/api/workload": people}}, removing=True)


def carried_out(plan: Plan, state: State) -> State:
    results: dict[str, dict[str, Json]] = {}
    for call in plan.writes:
        body: Any = {**dict(call.query), **(call.body if isinstance(call.body, dict) else {})}
        ident = str(resolved(call.args.get("id", ""), results))
        path = call.path.removeprefix("/api/pods").replace("{id}", ident)
        said = Body(body.get("name"), body.get("slug"), body.get("leadUserId", UNSAID), body.get("userId"))
        after = send(state, call.method, path or "/", said)
        assert after is not None, call.line
        made = {p.ident for p in after.pods} - {p.ident for p in state.pods}
        results[call.id] = {"/id": min(made)} if made else {}
        state = after
    return state


@MORE
@given(pod_worlds())
def test_no_shorter_way_to_these_pods(world: World) -> None:
    goal, documents, bonds = world
    plan = plan_of(documents, _live(goal.start), bonds)
    assume(not any(a.holds for a in plan.actions) and len(plan.writes) <= MOST)

    assert goal.distance(carried_out(plan, goal.start)) == 0
    assert shortest(goal.start, goal, lambda s: goal.distance(s) == 0, MOST) == len(plan.writes) == plan.bound


@MORE
@given(pod_worlds())
def test_nobody_is_ever_taken_out_who_is_to_be_elsewhere(world: World) -> None:
    """Nor does any pod go under somebody's feet, whatever is held (ST-R67, ST-R69)."""
    goal, documents, bonds = world
    plan = plan_of(documents, _live(goal.start), bonds)
    wanted = {m for w in (*goal.kept.values(), *goal.made) for m in w.members or ()}

    assert {str(c.query["userId"]) for c in plan.calls if "userId" in c.query} <= goal.homeless
    after = carried_out(plan, goal.start)
    gone = {p.ident for p in goal.start.pods} - {p.ident for p in after.pods}
    assert {u for u, i in goal.start.homes if i in gone} <= wanted
    assert all(after.home(u) is not None for u, i in goal.start.homes if i in gone)


@given(pod_worlds(), st.lists(st.integers(0, 10_000), max_size=2))
def test_no_call_mends_more_than_one_pod_or_home(world: World, steps: list[int]) -> None:
    """Which makes the distance a lower bound, and the search above complete."""
    goal, state = world[0], world[0].start
    for step in steps:
        ahead = sorted(goal.moves(state), key=repr)
        state = ahead[step % len(ahead)] if ahead else state
    assert all(goal.distance(after) >= goal.distance(state) - 1 for after in goal.moves(state))
