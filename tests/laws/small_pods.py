"""A few pods and who is at home in them as the API keeps them, as a value."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from itertools import permutations, product
from typing import NamedTuple

TEMPORARY = "in-between"
UNSAID = ""
"""A lead that is not managed, or not said in a call."""


class Pod(NamedTuple):
    """`ident` is the server's id; new pods are `new 1` …"""

    ident: str
    slug: str
    name: str
    lead: str | None


class State(NamedTuple):
    """`homes`: (person, ident of the pod), nobody twice."""

    pods: frozenset[Pod]
    homes: frozenset[tuple[str, str]]

    def home(self, user: str) -> str | None:
        return dict(self.homes).get(user)


class Body(NamedTuple):
    """What a call says; None, or of a lead UNSAID: not said."""

    name: str | None = None
    slug: str | None = None
    lead: str | None = UNSAID
    user: str | None = None


def send(state: State, method: str, path: str, body: Body) -> State | None:
    """The state after a call to `/`, `/<ident>` or `/<ident>/members`; None where either answer to what is not
    documented would refuse it (ST-P30, ST-P32): a plan has to work with both."""
    ident, _, rest = path.strip("/").partition("/")
    own = next((p for p in state.pods if p.ident == ident), None)
    if body.slug is not None and any(p is not own and p.slug == body.slug for p in state.pods):
        return None
    if not ident:
        fresh = f"new {1 + sum(p.ident.startswith('new') for p in state.pods)}"
        made = Pod(fresh, str(body.slug), str(body.name), body.lead or None)
        return state._replace(pods=state.pods | {made})
    if own is None:
        return None
    others = state.pods - {own}
    if rest:
        return _at_home(state, own, method, str(body.user))
    if method == "DELETE":
        return State(others, frozenset(h for h in state.homes if h[1] != ident))
    lead = own.lead if body.lead == UNSAID else body.lead
    changed = own._replace(name=body.name or own.name, slug=body.slug or own.slug, lead=lead)
    return state._replace(pods=others | {changed})


def _at_home(state: State, own: Pod, method: str, user: str) -> State | None:
    """One home each: a new one takes somebody out of the old one."""
    elsewhere = frozenset(h for h in state.homes if h[0] != user)
    if method == "POST":
        return state._replace(homes=elsewhere | {(user, own.ident)})
    return state._replace(homes=elsewhere) if state.home(user) == own.ident else None


@dataclass(frozen=True, slots=True)
class Wanted:
    """A pod as it shall be. `members` None: not managed."""

    slug: str
    name: str
    lead: str | None = UNSAID
    members: tuple[str, ...] | None = None


@dataclass(frozen=True, slots=True)
class Goal:
    """`kept`: ident -> as it shall be; `made`: those to come; `gone`: idents that shall not be there. Whatever
    else there is, and whoever nobody speaks of, shall be as it was."""

    start: State
    kept: Mapping[str, Wanted]
    made: tuple[Wanted, ...]
    gone: frozenset[str]
    users: tuple[str, ...]
    homeless: frozenset[str] = field(init=False)

    def __post_init__(self) -> None:
        """Nobody's home any more: who is in a pod whose members are declared, and is declared in none."""
        exact = {i for i, w in self.kept.items() if w.members is not None}
        declared = {m for w in (*self.kept.values(), *self.made) for m in w.members or ()}
        out = frozenset(u for u, i in self.start.homes if i in exact and u not in declared)
        object.__setattr__(self, "homeless", out)

    def distance(self, state: State) -> int:
        """How many pods and homes are not as they shall be. Who shall have no home, and is in a pod that shall not
        be there, is as good as out: that pod's delete does it. So no call mends more than one of all these."""
        now = {p.ident: p for p in state.pods}
        kept = sum(self._far(p, now.get(p.ident)) for p in self.start.pods)
        fresh = [p for p in state.pods if p.ident.startswith("new")]
        slots: list[Wanted | None] = [*self.made, *[None] * max(0, len(fresh) - len(self.made))]
        found: list[Pod | None] = [*fresh, *[None] * max(0, len(self.made) - len(fresh))]
        orders = ([*zip(slots, order, strict=True)] for order in permutations(found))
        return kept + min(sum(_apart(w, p) for w, p in pairs) + self._astray(state, pairs) for pairs in orders)

    def _far(self, before: Pod, now: Pod | None) -> int:
        if before.ident in self.gone:
            return int(now is not None)
        return (
            99
            if now is None
            else _apart(self.kept.get(before.ident, Wanted(before.slug, before.name, before.lead)), now)
        )

    def _astray(self, state: State, fresh: list[tuple[Wanted | None, Pod | None]]) -> int:
        """Who is not where they shall be, each of the new pods being the one that is wanted there."""
        aims: dict[str, str | None] = {m: i for i, w in self.kept.items() for m in w.members or ()}
        aims |= {m: p.ident if p else "to come" for w, p in fresh if w for m in w.members or ()}
        passing = {*self.gone, *(p.ident for w, p in fresh if p and not w)}
        wrong = 0
        for user in self.users:
            aim = aims.get(user, None if user in self.homeless else self.start.home(user))
            here = state.home(user)
            wrong += here != aim and not (aim is None and here in passing)
        return wrong

    def moves(self, state: State) -> Iterator[State]:
        """Every state that one call leads to, with names, slugs and people of the start and of the goal."""
        wanted = [*self.kept.values(), *self.made]
        slugs = [*sorted({p.slug for p in self.start.pods} | {w.slug for w in wanted}), TEMPORARY]
        names = sorted({p.name for p in self.start.pods} | {w.name for w in wanted})
        leads = sorted({w.lead for w in wanted if w.lead})
        for name, slug, lead in product(names, slugs, (UNSAID, *leads)):
            yield from _reached(state, "POST", "/", Body(name, slug, lead))
        for ident in sorted(p.ident for p in state.pods):
            for name_, slug_, lead_ in product((None, *names), (None, *slugs), (UNSAID, None, *leads)):
                yield from _reached(state, "PATCH", f"/{ident}", Body(name_, slug_, lead_))
            for user, method in product(self.users, ("POST", "DELETE")):
                yield from _reached(state, method, f"/{ident}/members", Body(user=user))
            yield from _reached(state, "DELETE", f"/{ident}", Body())


def _apart(wanted: Wanted | None, pod: Pod | None) -> int:
    """Calls between a pod as it is and as it shall be, but for its people; None: there is or shall be none."""
    if wanted is None or pod is None:
        return int((wanted is None) != (pod is None))
    lead = pod.lead if wanted.lead == UNSAID else wanted.lead
    return int((pod.name, pod.slug, pod.lead) != (wanted.name, wanted.slug, lead))


def _reached(state: State, method: str, path: str, body: Body) -> Iterator[State]:
    after = send(state, method, path, body)
    if after is not None and after != state:
        yield after
