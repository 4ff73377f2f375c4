"""Pods and who is at home in them: documents of them, and what others do to them meanwhile."""

from __future__ import annotations

from reconciler.model.document import Address, Document
from reconciler.model.json import Json
from reconciler.twins.studio_tracker.things import Pod, User
from tests.world import TRACKER, World, doc

PODS = "GET /api/pods"
JANE, BOB, MARIA, CHEN = (f"{name}@example.com" for name in ("jane", "bob", "maria", "chen"))
UNMANAGED = ("",)


def pod(slug: str, *members: Json, **words: object) -> Document:
    """A pod with these members, or `*UNMANAGED`, by its slug; words are `lead`, `mode`, `name`, and metadata."""
    name = str(words.pop("name", slug.replace("-", " ").title()))
    spec: dict[str, Json] = {"slug": slug, "name": name}
    spec |= {} if members == UNMANAGED else {"members": [*members]}
    spec |= {"lead": words.pop("lead")} if "lead" in words else {}  # type: ignore[dict-item]
    spec |= {"membersMode": words.pop("mode")} if "mode" in words else {}  # type: ignore[dict-item]
    return doc("Pod", str(words.pop("document", slug)), spec, **words)


def at(slug: str) -> Address:
    return Address(TRACKER, "Pod", slug)


def user_id(w: World, email: str) -> str:
    return next(u.id for u in w.tracker.state.of(User).values() if u.email.casefold() == email.casefold())


def pod_id(w: World, slug: str) -> str:
    return next(p.id for p in w.tracker.state.of(Pod).values() if p.slug == slug)


def homes(w: World) -> dict[str, str]:
    """Who is at home where, by address and slug."""
    slugs = {p.id: p.slug for p in w.tracker.state.of(Pod).values()}
    return {u.email: slugs[u.home_pod_id] for u in w.tracker.state.of(User).values() if u.home_pod_id}


def pods(w: World) -> list[str]:
    return sorted(p.slug for p in w.tracker.state.of(Pod).values())


def empty(w: World) -> None:
    """Nobody is at home anywhere, and there are no pods."""
    for person in list(w.tracker.state.of(User)):
        w.tracker.set_home_pod(person, None)
    w.tracker.state.of(Pod).clear()


def settle_in(w: World, email: str, slug: str | None) -> None:
    """Somebody else moves a person."""
    w.tracker.set_home_pod(user_id(w, email), pod_id(w, slug) if slug else None)


def joined(w: World, slug: str, email: str) -> str:
    """The request that puts somebody into a live pod."""
    return f'POST /api/pods/{pod_id(w, slug)}/members {{"userId":"{user_id(w, email)}"}}'


def left(w: World, slug: str, email: str) -> str:
    """The request that takes somebody out of a live pod."""
    return f"DELETE /api/pods/{pod_id(w, slug)}/members?userId={user_id(w, email)}"
