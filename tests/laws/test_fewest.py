"""The fewest calls: on small worlds no shorter way exists than the plan, and the formula says so too."""

from __future__ import annotations

from typing import Any

from hypothesis import assume, given, settings
from hypothesis import strategies as st

from reconciler.model.document import Document
from reconciler.model.json import Json
from reconciler.model.live import Live
from reconciler.model.plan import Plan
from reconciler.model.recorded import Bond
from reconciler.model.values import resolved
from tests.laws import small_labels, small_teams
from tests.laws.manifests import address
from tests.laws.planned import plan_of, read
from tests.laws.search import shortest
from tests.laws.small_teams import Body, Team, Wanted
from tests.world import OMNI, TRACKER, doc

MOST = 4
NAMES = ("alpha", "beta", "gamma", "delta")
SLUGS = ("red", "blue", "green", "grey")
TITLES = ("Red", "Blue")
USERS = ("jane", "bob")

flag = st.sampled_from((None, True, False))
MORE = settings(max_examples=settings().max_examples * 4)
"""Nothing is served here, so examples are cheap."""


# Labels.


@st.composite
def label_worlds(draw: st.DrawFn) -> tuple[small_labels.Goal, list[Document], list[Bond]]:
    """At most three labels: some kept under their name or another, some gone, some nobody's, some to come."""
    here = draw(st.lists(st.sampled_from(NAMES), max_size=3, unique=True))
    start = frozenset(small_labels.Label(n, n, draw(st.booleans()), draw(st.booleans())) for n in here)
    fates = {n: draw(st.sampled_from(("kept", "kept", "kept", "gone", "nobody's"))) for n in here}
    kept_names = [n for n in here if fates[n] == "kept"]
    ring = [*kept_names[1:], *kept_names[:1], *(n for n in NAMES if n not in kept_names)]
    aims = draw(st.permutations(NAMES) | st.just(ring))
    kept: dict[str, tuple[str, small_labels.Flags]] = {}
    made: list[tuple[str, small_labels.Flags]] = []
    documents = []
    for name, aim in zip(kept_names, aims, strict=False):
        key = aim if draw(st.sampled_from((True, True, False))) or aim in {k for k, _ in kept.values()} else name
        kept[name] = (key, (draw(flag), draw(flag)))
    assume(len({k for k, _ in kept.values()}) == len(kept))
    for aim in aims[len(kept_names) :][: 3 - len(here)]:
        adopts = fates.get(aim) in ("gone", "nobody's")
        if aim not in {k for k, _ in kept.values()} and not adopts and draw(st.booleans()):
            made += [(aim, (draw(flag), draw(flag)))]
    for name, (key, flags) in kept.items():
        previous = {"previous_key": name} if key != name else {}
        documents.append(doc("Label", name, _label_spec(key, flags), **previous))
    documents += [doc("Label", f"to-come-{key}", _label_spec(key, flags)) for key, flags in made]
    gone = frozenset(n for n in here if fates[n] == "gone")
    bonds = [
        Bond(address("Label", n), n, n, made=True, on_remove="delete") for n in here if fates[n] != "nobody's"
    ]
    return small_labels.Goal(start, kept, tuple(made), gone), documents, bonds


def _label_spec(name: str, flags: small_labels.Flags) -> dict[str, Json]:
    spec: dict[str, Json] = {"name": name, "verified": flags[0], "homepage": flags[1]}
    return {k: v for k, v in spec.items() if v is not None}


def live_labels(state: small_labels.State) -> Live:
    shown: list[Json] = [
        {"name": one.name, "verified": one.verified, "homepage": one.homepage, "usage_count": 0}
        for one in sorted(state)
    ]
    return read(OMNI, {"Label": {"/v1/labels": {"labels": shown}}})


def carried_out_on_labels(plan: Plan, state: small_labels.State) -> small_labels.State:
    for call in plan.writes:
        after = small_labels.send(state, call.method, str(call.args.get("id", "")), call.body or {})  # type: ignore[arg-type]
        assert after is not None, call.line
        state = after
    return state


@MORE
@given(label_worlds())
def test_no_shorter_way_to_these_labels(world: tuple[small_labels.Goal, list[Document], list[Bond]]) -> None:
    goal, documents, bonds = world
    plan = plan_of(documents, live_labels(goal.start), bonds)
    assume(not any(a.holds for a in plan.actions) and len(plan.writes) <= MOST)

    assert goal.distance(carried_out_on_labels(plan, goal.start)) == 0
    assert shortest(goal.start, goal, lambda s: goal.distance(s) == 0, MOST) == len(plan.writes) == plan.bound


@given(label_worlds(), st.lists(st.integers(0, 10_000), max_size=3))
def test_no_call_changes_more_than_one_label(
    world: tuple[small_labels.Goal, list[Document], list[Bond]], steps: list[int]
) -> None:
    """Which makes the distance a lower bound, and the search above complete."""
    goal, state = world[0], world[0].start
    for step in steps:
        ahead = sorted(goal.moves(state), key=sorted)
        state = ahead[step % len(ahead)]
    assert all(goal.distance(after) >= goal.distance(state) - 1 for after in goal.moves(state))


class Blind(small_labels.Goal):
    """The same goal for a search that is told nothing about distances."""

    __slots__ = ()

    def distance(self, state: small_labels.State) -> int:  # noqa: ARG002
        return 0


def test_two_labels_swap_their_names_in_three_calls_and_not_in_two() -> None:
    start = frozenset(small_labels.Label(n, n, False, False) for n in ("alpha", "beta"))
    aims: dict[str, tuple[str, small_labels.Flags]] = {
        "alpha": ("beta", (None, None)),
        "beta": ("alpha", (None, None)),
    }
    goal, blind = (of(start, aims, (), frozenset()) for of in (small_labels.Goal, Blind))
    documents = [doc("Label", n, {"name": aims[n][0]}, previous_key=n) for n in aims]
    bonds = [Bond(address("Label", n), n, n) for n in aims]

    assert len(plan_of(documents, live_labels(start), bonds).writes) == 3
    assert shortest(start, blind, lambda s: goal.distance(s) == 0, 2) is None


# Client teams.


@st.composite
def team_worlds(draw: st.DrawFn) -> tuple[small_teams.Goal, list[Document], list[Bond]]:
    """At most two teams and two people."""
    here = draw(st.lists(st.sampled_from(SLUGS), max_size=2, unique=True))
    start = frozenset(
        Team(f"t{i}", slug, draw(st.sampled_from(TITLES)), frozenset(draw(members())))
        for i, slug in enumerate(here)
    )
    fates = {t.ident: draw(st.sampled_from(("kept", "kept", "kept", "gone", "nobody's"))) for t in start}
    ring = draw(st.booleans())
    in_turn = [*here[1:], *here[:1], *(s for s in SLUGS if s not in here)]
    aims = iter(in_turn if ring else draw(st.permutations(SLUGS)))
    primaries: set[str] = set()
    kept: dict[str, Wanted] = {}
    documents = []
    for team in sorted(start):
        if fates[team.ident] == "kept":
            aim = next(aims)
            slug = aim if ring else draw(st.sampled_from((team.slug, aim)))
            kept[team.ident] = draw(wanted_teams(slug, primaries))
            documents.append(_team_document(team.ident, kept[team.ident], team.slug))
    made = [draw(wanted_teams(next(aims), primaries)) for _ in range(draw(st.integers(0, 2 - len(start))))]
    slugs = [w.slug for w in (*kept.values(), *made)]
    assume(len(set(slugs)) == len(slugs))
    assume(not {w.slug for w in made} & {t.slug for t in start if t.ident not in kept})  # which would be adopted
    documents += [_team_document(f"to-come-{i}", wanted, None) for i, wanted in enumerate(made)]
    gone = frozenset(i for i, fate in fates.items() if fate == "gone")
    bonds = [
        Bond(address("ClientTeam", t.ident), t.ident, t.slug, made=True, on_remove="delete")
        for t in start
        if fates[t.ident] != "nobody's"
    ]
    return small_teams.Goal(start, kept, tuple(made), gone, USERS), documents, bonds


def members() -> st.SearchStrategy[list[tuple[str, bool]]]:
    return st.lists(st.tuples(st.sampled_from(USERS), st.booleans()), max_size=2, unique_by=lambda m: m[0])


@st.composite
def wanted_teams(draw: st.DrawFn, slug: str, primaries: set[str]) -> Wanted:
    people: dict[str, bool | None] = {}
    for user in USERS:
        if draw(st.booleans()):
            people[user] = draw(flag)
            if people[user]:
                people[user] = user not in primaries
                primaries.add(user)
    return Wanted(
        slug, draw(st.sampled_from(TITLES)), people if draw(st.sampled_from((True, True, False))) else None
    )


def _team_document(name: str, wanted: Wanted, old_slug: str | None) -> Document:
    spec: dict[str, Json] = {"slug": wanted.slug, "name": wanted.name}
    if wanted.members is not None:
        entries: list[Json] = [
            {"user": f"{user}@example.com"} | ({} if primary is None else {"isPrimary": primary})
            for user, primary in wanted.members.items()
        ]
        spec["members"] = entries
    previous = {"previous_key": old_slug} if old_slug not in (None, wanted.slug) else {}
    return doc("ClientTeam", name, spec, allow=["rename", "first-removals"], **previous)


def _live_teams(teams: small_teams.Teams) -> Live:
    shown: list[Json] = [
        {
            "id": t.ident,
            "slug": t.slug,
            "name": t.name,
            "members": [{"userId": who, "isPrimary": primary} for who, primary in sorted(t.members)],
        }
        for t in sorted(teams)
    ]
    people: Json = [{"id": user, "email": f"{user}@example.com"} for user in USERS]
    users = {"/api/client-teams": [], "/api/org/invitations": [], "/api/workload": people}
    return read(
        TRACKER, {"ClientTeam": {"/api/client-teams": shown, "/api/projects": []}, "User": users}, removing=True
    )


def carried_out_on_teams(plan: Plan, state: small_teams.State) -> small_teams.State:
    results: dict[str, dict[str, Json]] = {}
    for call in plan.writes:
        body: Any = {**dict(call.query), **(call.body if isinstance(call.body, dict) else {})}
        ident = str(resolved(call.args.get("id", ""), results))
        path = call.path.removeprefix("/api/client-teams").replace("{id}", ident)
        said = Body(body.get("name"), body.get("slug"), body.get("userId"), body.get("isPrimary"))
        after = small_teams.send(state, call.method, path or "/", said)
        assert after is not None, call.line
        made = {t.ident for t in after.lax} - {t.ident for t in state.lax}
        results[call.id] = {"/id": min(made)} if made else {}
        state = after
    return state


@MORE
@given(team_worlds())
def test_no_shorter_way_to_these_teams(world: tuple[small_teams.Goal, list[Document], list[Bond]]) -> None:
    goal, documents, bonds = world
    plan = plan_of(documents, _live_teams(goal.start), bonds)
    assume(not any(a.holds for a in plan.actions) and len(plan.writes) <= MOST)
    start = small_teams.State(goal.start, goal.start)

    assert goal.reached(carried_out_on_teams(plan, start))
    assert shortest(start, goal, goal.reached, MOST) == len(plan.writes) == plan.bound


@given(team_worlds(), st.lists(st.integers(0, 10_000), max_size=2))
def test_no_call_changes_more_than_one_team_or_membership(
    world: tuple[small_teams.Goal, list[Document], list[Bond]], steps: list[int]
) -> None:
    goal = world[0]
    state = small_teams.State(goal.start, goal.start)
    for step in steps:
        ahead = list(goal.moves(state))
        state = ahead[step % len(ahead)] if ahead else state
    assert all(goal.distance(after) >= goal.distance(state) - 1 for after in goal.moves(state))
