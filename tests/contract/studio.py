"""Teams and people of the studio: documents of them, and what others do to them meanwhile."""

from __future__ import annotations

from typing import TypeAlias

from reconciler.model.document import Address, Document
from reconciler.model.json import Json
from reconciler.twins.studio_tracker.things import Team, User
from tests.contract.deeds import made
from tests.world import TRACKER, World, doc

JANE, BOB, MARIA, CHEN = (f"{name}@example.com" for name in ("jane", "bob", "maria", "chen"))
BRAND = Address(TRACKER, "ClientTeam", "brand")


Person: TypeAlias = "str | tuple[str, bool]"
"""An e-mail address, or that and whether the team is this person's primary one."""


def people(*members: Person) -> Json:
    """Members as a manifest has them."""
    return [{"user": m} if isinstance(m, str) else {"user": m[0], "isPrimary": m[1]} for m in members]


def team(slug: str, *members: Person, mode: str = "", **metadata: object) -> Document:
    """A team with these members, named so that its name leads to its slug. `mode`: of the members."""
    spec: dict[str, Json] = {"slug": slug, "name": slug.replace("-", " ").title(), "members": people(*members)}
    return doc("ClientTeam", slug, spec | ({"membersMode": mode} if mode else {}), **metadata)


def user_id(w: World, email: str) -> str:
    """The server's id of a person."""
    return next(u.id for u in w.tracker.state.of(User).values() if u.email == email)


def live(w: World, slug: str) -> dict[str, bool]:
    """Address -> flag, as it is live."""
    emails = {u.id: u.email for u in w.tracker.state.of(User).values()}
    one = next(t for t in w.tracker.state.of(Team).values() if t.slug == slug)
    return {emails[u]: flag for u, flag in one.members.items()}


def team_id(w: World, slug: str) -> str:
    """The server's id of a team."""
    return next(t.id for t in w.tracker.state.of(Team).values() if t.slug == slug)


def join(w: World, slug: str, email: str, **flag: bool) -> None:
    """Somebody else adds a member."""
    made(w.tracker, "POST", f"/api/client-teams/{team_id(w, slug)}/members", {"userId": user_id(w, email), **flag})


def leave(w: World, slug: str, email: str) -> None:
    """Somebody else removes a member."""
    made(w.tracker, "DELETE", f"/api/client-teams/{team_id(w, slug)}/members?userId={user_id(w, email)}")
