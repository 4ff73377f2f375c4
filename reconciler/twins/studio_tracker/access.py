"""Who asks: the key of an organisation, or the session of somebody who has logged in (ST-R2, ST-R3)."""

from __future__ import annotations

from collections.abc import Mapping

from reconciler.twins.core.state import State
from reconciler.twins.core.values import Refused, Request
from reconciler.twins.studio_tracker.things import Org, Session, User

COOKIE = "authjs.session-token"
PUBLIC = frozenset({"/api/health", "/api/local-auth/login"})
SIGNED = "/api/webhooks/"


def is_public(segments: tuple[str, ...]) -> bool:
    """Does this path, below the base path, skip authentication?"""
    path = "/" + "/".join(segments)
    return path in PUBLIC or path.startswith(SIGNED)


def caller(state: State, request: Request, key: str) -> User:
    """Who the key or the session stands for, in the organisation the request names. Raises Refused."""
    orgs = state.of(Org)
    wanted = request.headers.get("x-org-id")
    if request.headers.get("x-api-key") != key:
        return _logged_in(state, request, wanted)
    if wanted is not None and wanted not in orgs:
        raise Refused(403, "")
    org_id = wanted if wanted is not None else next(iter(orgs), "")
    for user in state.of(User).values():
        if user.org_id == org_id and user.role == "ADMIN":
            return user
    raise Refused(401, "")


def session_token(headers: Mapping[str, str]) -> str:
    """The value of the session's cookie, or nothing."""
    for pair in headers.get("cookie", "").split(";"):
        name, _, value = pair.strip().partition("=")
        if name == COOKIE:
            return value
    return ""


def _logged_in(state: State, request: Request, org_id: str | None) -> User:
    session = state.of(Session).get(session_token(request.headers))
    user = state.of(User).get(session.user_id) if session is not None else None
    if user is None:
        raise Refused(401, "")
    if org_id is not None and org_id != user.org_id:
        raise Refused(403, "")
    return user
