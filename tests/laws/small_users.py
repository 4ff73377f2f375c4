"""A few accounts as the API keeps them, as a value: what each call does, and how far a state is from a goal."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import NamedTuple

from reconciler.model.json import Json

TEMPORARY = "tmp@example.com"


class Account(NamedTuple):
    """`ident` is its id; new ones are `new-1` … `password`: the version sent last, 0 for what was there before.
    `key`: 0 for none, else which one: a new one has a number of its own."""

    ident: str
    email: str
    active: bool
    password: int
    key: int


State = frozenset[Account]
Aim = tuple[str, bool | None, int | None, str | None]
"""Address, activity, version of the password, and what is to be with the key: `some`, `new`, `none` (None: as it
was)."""


def send(state: State, method: str, path: str, body: Mapping[str, Json]) -> State | None:
    """The state after a call, None where the API refuses it: an address that another one has, or nobody active."""
    own = next((a for a in state if a.ident == path.rpartition("/")[2]), None)
    if method == "POST":
        fresh = f"new-{1 + sum(a.ident.startswith('new') for a in state)}"
        made = Account(fresh, str(body["email"]), body.get("active") is not False, _version(body), 0)
        return None if any(a.email == made.email for a in state) else state | {made}
    if own is None:
        return None
    others = state - {own}
    if path.startswith("key/"):
        return others | {own._replace(key=1 + max(a.key for a in state) if method == "PUT" else 0)}
    if method == "DELETE":
        return others if any(a.active for a in others) else None
    now = own._replace(
        email=str(body.get("email", own.email)),
        active=own.active if "active" not in body else body["active"] is True,
        password=_version(body) if "password" in body else own.password,
    )
    taken = any(a.email == now.email for a in others)
    return None if taken or not any(a.active for a in (*others, now)) else others | {now}


def _version(body: Mapping[str, Json]) -> int:
    secret = body["password"]
    reference = secret["$secret"] if isinstance(secret, dict) else None
    return int(str(reference["version"])) if isinstance(reference, dict) else 0


def password(version: int) -> Json:
    return {"$secret": {"fromEnv": "PW", "version": version}}


@dataclass(frozen=True, slots=True)
class Goal:
    """`kept`: id -> how it shall be. `made`: how those to come shall be. `off`: shall be inactive, `gone` shall
    not be there; whatever else there is shall be as it was."""

    start: State
    kept: Mapping[str, Aim]
    made: tuple[Aim, ...]
    off: frozenset[str]
    gone: frozenset[str]

    def distance(self, state: State) -> int:
        """How many accounts are not as they shall be, and how many keys."""
        now = {a.ident: a for a in state}
        wrong = sum(self._wrong(a, now.get(a.ident)) for a in self.start)
        fresh = [a for a in state if a.ident.startswith("new")]
        missing = sum(not any(_is(a, aim, a) for a in fresh) for aim in self.made)
        stray = sum(not any(_is(a, aim, a) for aim in self.made) for a in fresh)
        keys = sum(aim[3] == "some" for aim in self.made) - sum(a.key > 0 for a in fresh)
        return wrong + max(missing, stray) + max(keys, 0)

    def reached(self, state: State) -> bool:
        """Whether all is as it shall be, the keys of new accounts too."""
        fresh = [a for a in state if a.ident.startswith("new")]
        keyed = all(any(_is(a, aim, a) and _keyed(a, aim[3], 0) for aim in self.made) for a in fresh)
        return self.distance(state) == 0 and keyed

    def _wrong(self, was: Account, now: Account | None) -> int:
        if was.ident in self.gone or now is None:
            return int(not (was.ident in self.gone and now is None))
        aim = self.kept.get(was.ident, (was.email, False if was.ident in self.off else None, None, None))
        return (not _is(now, aim, was)) + (not _keyed(now, aim[3], was.key))

    def moves(self, state: State) -> Iterator[State]:
        """Every state that one call leads to, with the addresses of the start and of the goal."""
        emails = [TEMPORARY, *sorted({a.email for a in self.start} | {a[0] for a in self._aims()})]
        for _, active, version, _ in self.made:
            for email in emails:
                body: dict[str, Json] = {"email": email, "password": password(version or 0)}
                yield from _reached(state, "POST", "", body | ({} if active is None else {"active": active}))
        for one in state:
            _, active, version, _ = self.kept.get(
                one.ident, ("", False if one.ident in self.off else None, None, None)
            )
            secret: dict[str, Json] = {} if version is None else {"password": password(version)}
            activity: dict[str, Json] = {} if active is None else {"active": active}
            for words in ({}, secret, activity, {**secret, **activity}):
                for address in (None, *emails):
                    more: dict[str, Json] = {} if address is None else {"email": address}
                    yield from _reached(state, "PUT", one.ident, {**words, **more})
            yield from _reached(state, "DELETE", one.ident, {})
            yield from _reached(state, "PUT", f"key/{one.ident}", {})
            yield from _reached(state, "DELETE", f"key/{one.ident}", {})

    def _aims(self) -> tuple[Aim, ...]:
        return (*self.kept.values(), *self.made)


def _is(now: Account, aim: Aim, was: Account) -> bool:
    """All but the key."""
    email, active, version, _ = aim
    fresh = now.ident.startswith("new")
    usual = True if fresh else was.active
    wanted = (email, usual if active is None else active, was.password if version is None else version)
    return (now.email, now.active, now.password) == wanted


def _keyed(now: Account, wanted: str | None, was: int) -> bool:
    if wanted is None:
        return now.key == was
    if wanted == "none":
        return now.key == 0
    return now.key > 0 and (wanted == "some" or now.key != was)


def _reached(state: State, method: str, path: str, body: Mapping[str, Json]) -> Iterator[State]:
    after = send(state, method, path, body)
    if after is not None and after != state:
        yield after
