"""The login of a person, beside the API itself: a form, and a cookie that counts as a key does (CM-R2)."""

from __future__ import annotations

import hashlib
import hmac
from typing import TYPE_CHECKING
from urllib.parse import parse_qs

from reconciler.twins.core.twin import Twin
from reconciler.twins.core.values import Answer, Request
from reconciler.twins.omni_cms.call import COOKIE, KEY_HEADER, done
from reconciler.twins.omni_cms.errors import no_route, not_logged_in
from reconciler.twins.omni_cms.things import Session, User

if TYPE_CHECKING:
    from collections.abc import Iterable

# Not below the base path.
LOGIN = "/auth/login"


def secret_digest(text: str) -> str:
    """What is kept of a password or a key."""
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


def log_in(twin: Twin, request: Request) -> Answer:
    """The answer to the form's `email` and `password`. Raises Denied."""
    if request.method != "POST":
        raise no_route()
    form = parse_qs(request.body.decode("utf-8", "replace"), keep_blank_values=True)
    email, password = (form.get(name, [""])[0] for name in ("email", "password"))
    for user in twin.state.of(User).values():
        if user.active and user.email == email and hmac.compare_digest(user.password, secret_digest(password)):
            twin.clock.tick()
            token = begin_session(twin, user.id)
            return Answer(200, done(), {"set-cookie": f"{COOKIE}={token}; Path=/; HttpOnly; SameSite=Lax"})
    raise not_logged_in()


def begin_session(twin: Twin, user_id: int) -> str:
    """Log a user in; the value of the cookie."""
    token = f"session{twin.counters.next('session')}"
    twin.state.of(Session)[token] = Session(token, user_id)
    return token


def caller_of(twin: Twin, request: Request) -> User | None:
    """The active user whose key or session the request carries, or None."""
    users = twin.state.of(User)
    key = request.headers.get(KEY_HEADER.lower())
    if key is not None and (owner := _owner(users.values(), key)) is not None:
        return owner
    session = twin.state.of(Session).get(cookie(request))
    user = users.get(str(session.user_id)) if session is not None else None
    return user if user is not None and user.active else None


def cookie(request: Request) -> str:
    """The session's token, or nothing."""
    for pair in request.headers.get("cookie", "").split(";"):
        name, _, value = pair.strip().partition("=")
        if name == COOKIE:
            return value
    return ""


def _owner(users: Iterable[User], key: str) -> User | None:
    digest = secret_digest(key)
    return next((user for user in users if user.active and user.api_key == digest), None)
