"""A few client teams as the API keeps them, as a value, under both answers to what a flag set to true does."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import permutations, product
from typing import NamedTuple

TEMPORARY = "in-between"

Members = frozenset[tuple[str, bool]]


class Team(NamedTuple):
    """`ident` is the server's id; new teams are `new 1` …"""

    ident: str
    slug: str
    name: str
    members: Members


Teams = frozenset[Team]


class State(NamedTuple):
    """One history, twice: where a true flag clears the person's others, and where it clears nothing (ST-P8).
    Nobody knows which it is, so a plan has to work in both."""

    clearing: Teams
    lax: Teams


class Body(NamedTuple):
    """What a call says; None: not said."""

    name: str | None = None
    slug: str | None = None
    user: str | None = None
    flag: bool | None = None


def send(state: State, method: str, path: str, body: Body) -> State | None:
    """The state after a call to `/`, `/<ident>` or `/<ident>/members`; None where it is refused in either."""
    both = [_send(teams, method, path, body, clears=i == 0) for i, teams in enumerate(state)]
    clearing, lax = both
    return None if clearing is None or lax is None else State(clearing, lax)


def _send(teams: Teams, method: str, path: str, body: Body, *, clears: bool) -> Teams | None:
    ident, _, rest = path.strip("/").partition("/")
    own = next((t for t in teams if t.ident == ident), None)
    if body.slug is not None and any(t is not own and t.slug == body.slug for t in teams):
        return None
    if not ident:
        fresh = f"new {1 + sum(t.ident.startswith('new') for t in teams)}"
        return teams | {Team(fresh, str(body.slug), str(body.name), frozenset())}
    if own is None:
        return None
    others = teams - {own}
    if rest:
        return _membership(others, own, method, body, clears=clears)
    if method == "DELETE":
        return others
    return others | {own._replace(name=body.name or own.name, slug=body.slug or own.slug)}


def _membership(others: Teams, own: Team, method: str, body: Body, *, clears: bool) -> Teams | None:
    user = str(body.user)
    had = next((flag for who, flag in own.members if who == user), None)
    left = frozenset(m for m in own.members if m[0] != user)
    if method == "DELETE":
        return None if had is None else others | {own._replace(members=left)}
    flag = bool(had) if body.flag is None else body.flag
    if flag and clears:
        others = frozenset(_cleared(t, user) for t in others)
    return others | {own._replace(members=left | {(user, flag)})}


def _cleared(team: Team, user: str) -> Team:
    return team._replace(members=frozenset((who, flag and who != user) for who, flag in team.members))


@dataclass(frozen=True, slots=True)
class Wanted:
    """A team as it shall be. `members` None: not managed; a flag None: not managed."""

    slug: str
    name: str
    members: Mapping[str, bool | None] | None = None


@dataclass(frozen=True, slots=True)
class Goal:
    """`kept`: ident -> as it shall be; `made`: those to come; `gone`: idents that shall not be there. Whatever
    else there is shall be as it was, but for flags that the server may have cleared."""

    start: Teams
    kept: Mapping[str, Wanted]
    made: tuple[Wanted, ...]
    gone: frozenset[str]
    users: tuple[str, ...]

    def reached(self, state: State) -> bool:
        return all(self._wrong(teams) == 0 for teams in state)

    def distance(self, state: State) -> int:
        """How many teams and memberships are not as they shall be where a flag clears nothing: no call there
        touches more than one of them, so no fewer calls can do."""
        return self._wrong(state.lax)

    def _wrong(self, teams: Teams) -> int:
        now = {t.ident: t for t in teams}
        kept = sum(self._far(t, now.get(t.ident)) for t in self.start)
        fresh = [t for t in teams if t.ident.startswith("new")]
        slots: list[Wanted | None] = [*self.made, *[None] * max(0, len(fresh) - len(self.made))]
        found: list[Team | None] = [*fresh, *[None] * max(0, len(self.made) - len(fresh))]
        return kept + min(
            sum(_apart(wanted, team) for wanted, team in zip(slots, order, strict=True))
            for order in permutations(found)
        )

    def _far(self, before: Team, now: Team | None) -> int:
        if before.ident in self.gone:
            return int(now is not None)
        as_was = Wanted(before.slug, before.name, {w: None for w, _ in before.members})
        return 99 if now is None else _apart(self.kept.get(before.ident, as_was), now)

    def moves(self, state: State) -> Iterator[State]:
        """Every state that one call leads to, with names, slugs and people of the start and of the goal."""
        wanted = [*self.kept.values(), *self.made]
        slugs = [*sorted({t.slug for t in self.start} | {w.slug for w in wanted}), TEMPORARY]
        names = sorted({t.name for t in self.start} | {w.name for w in wanted})
        for name, slug in product(names, slugs):
            yield from _reached(state, "POST", "/", Body(name, slug))
        for ident in sorted(t.ident for t in state.lax):
            for name_, slug_ in product((None, *names), (None, *slugs)):
                yield from _reached(state, "PATCH", f"/{ident}", Body(name_, slug_))
            for user, flag in product(self.users, (None, True, False)):
                yield from _reached(state, "POST", f"/{ident}/members", Body(user=user, flag=flag))
            for user in self.users:
                yield from _reached(state, "DELETE", f"/{ident}/members", Body(user=user))
            yield from _reached(state, "DELETE", f"/{ident}", Body())


def _apart(wanted: Wanted | None, team: Team | None) -> int:
    """Calls between a team as it is and as it shall be; None: there is none, or none shall be."""
    if wanted is None:
        return int(team is not None)
    has = dict(team.members) if team else {}
    members = has if wanted.members is None else wanted.members
    entries = sum(who not in has or (flag is not None and has[who] is not flag) for who, flag in members.items())
    other = team is None or (team.name, team.slug) != (wanted.name, wanted.slug)
    return int(other) + entries + len(has.keys() - members.keys())


def _reached(state: State, method: str, path: str, body: Body) -> Iterator[State]:
    after = send(state, method, path, body)
    if after is not None and after != state:
        yield after
