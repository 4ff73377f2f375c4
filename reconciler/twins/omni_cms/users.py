"""Accounts and their API keys. At least one is active at any time, and no password is ever shown."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import replace

from reconciler.twins.core.kinds import Kind
from reconciler.twins.core.knobs import Knob
from reconciler.twins.core.values import Answer, Json, JsonObject
from reconciler.twins.omni_cms import errors
from reconciler.twins.omni_cms.call import Call, CmsRoute, done
from reconciler.twins.omni_cms.checks import BOOLEAN, STRING, Type, read_body, read_change
from reconciler.twins.omni_cms.login import secret_digest
from reconciler.twins.omni_cms.things import Session, User

ALL = "/user/all"
ONE = "/user/{id}"
KEY = "/user/key/{id}"
TYPES: Mapping[str, Type] = {"email": STRING, "password": STRING, "active": BOOLEAN}
KEY_LENGTH = 62
_KEY_LETTERS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"


def list_all(call: Call) -> Answer:
    return Answer(200, {"users": [_shown(user) for user in call.table(User).values()]})


def read(call: Call) -> Answer:
    return Answer(200, _shown(_asked(call)))


def create(call: Call) -> Answer:
    body = read_body(call.request, TYPES, ["email", "password"])
    _check(call, body)
    call.moment()
    blank = User(call.twin.counters.next("user"), "", "")
    call.table(User)[str(blank.id)] = _with(blank, body)
    return call.created(blank.id)


def update(call: Call) -> Answer:
    user = _asked(call)
    body = read_change(call.request, user.id, TYPES)
    _check(call, body, user)
    if body:
        call.moment()
        call.table(User)[str(user.id)] = _with(user, body)
    return Answer(200, done())


def delete(call: Call) -> Answer:
    user = _asked(call)
    _check_not_last(call, user)
    call.moment()
    del call.table(User)[str(user.id)]
    sessions = call.table(Session)
    for token in [session.token for session in sessions.values() if session.user_id == user.id]:
        del sessions[token]
    return Answer(200, done())


def make_key(call: Call) -> Answer:
    """A new key, told this once; the old one opens nothing any more."""
    user = _asked(call)
    call.moment()
    key = _new_key(user.id, call.twin.counters.next("key"))
    call.table(User)[str(user.id)] = replace(user, api_key=secret_digest(key))
    return Answer(200, {"key": key, "success": True})


def remove_key(call: Call) -> Answer:
    user = _asked(call)
    call.moment()
    call.table(User)[str(user.id)] = replace(user, api_key=None)
    return Answer(200, done())


def _asked(call: Call) -> User:
    user = call.table(User).get(call.ids["id"])
    if user is None:
        raise errors.no_user(call.ids["id"])
    return user


def _check(call: Call, body: JsonObject, user: User | None = None) -> None:
    """Password, address and activity, in this order; `user` is the one to change. Raises Denied."""
    if "password" in body and not _is_secure(str(body["password"])):
        raise errors.password_insecure()
    if "email" in body:
        _check_free(call, str(body["email"]), user)
    if user is not None and body.get("active") is False:
        _check_not_last(call, user)


def _is_secure(password: str) -> bool:
    letters, digits = sum(map(str.isalpha, password)), sum(map(str.isdigit, password))
    return len(password) >= 8 and letters >= 2 and digits >= 2


def _check_free(call: Call, email: str, own: User | None) -> None:
    same = str.casefold if call.hard("CM-P20") else str
    for user in call.table(User).values():
        if user is not own and same(user.email) == same(email):
            raise errors.duplicate_email(email, user.id)


def _check_not_last(call: Call, user: User) -> None:
    if not any(one.active and one.id != user.id for one in call.table(User).values()):
        raise errors.minimum_active()


def _with(user: User, body: JsonObject) -> User:
    """The user with the sent fields."""
    password = secret_digest(str(body["password"])) if "password" in body else user.password
    return replace(
        user,
        email=str(body.get("email", user.email)),
        password=password,
        active=body.get("active", user.active) is True,
    )


def _new_key(user_id: int, number: int) -> str:
    """The next key: 62 letters and digits, the same in every run."""
    value = int(hashlib.sha512(f"{user_id}/{number}".encode()).hexdigest(), 16)
    letters = []
    for _ in range(KEY_LENGTH):
        value, place = divmod(value, len(_KEY_LETTERS))
        letters.append(_KEY_LETTERS[place])
    return "".join(letters)


def _shown(user: User) -> Json:
    return {
        "id": user.id,
        "email": user.email,
        "apiKeyEnabled": user.api_key is not None,
        "active": user.active,
    }


KIND: Kind[CmsRoute] = Kind(
    routes=(
        CmsRoute(method="POST", path="/user", answer=create),
        CmsRoute(method="GET", path=ALL, answer=list_all),
        CmsRoute(method="GET", path=ONE, answer=read),
        CmsRoute(method="PUT", path=ONE, answer=update),
        CmsRoute(method="DELETE", path=ONE, answer=delete),
        CmsRoute(method="PUT", path=KEY, answer=make_key),
        CmsRoute(method="DELETE", path=KEY, answer=remove_key),
    ),
    questions=(Knob("CM-P20", "two e-mail addresses that differ in case", "are two", "are the same"),),
)
