"""Grants on folders and documents alike: one per principal, given, changed and ended by name (OA-R53 to OA-R65).

A folder and a document differ in where they are found, in who may manage them, and in two texts.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from reconciler.twins.core.values import Answer, Json, Refused
from reconciler.twins.omni_analytics.call import Call
from reconciler.twins.omni_analytics.checks import given_flag, is_uuid
from reconciler.twins.omni_analytics.things import Group, Permit, User, permit_key

ROLES = ("NO_ACCESS", "VIEWER", "EXPLORER", "EDITOR", "MANAGER")
PRINCIPALS = ("userIds", "userGroupIds")
FIELDS = ("role", "accessBoost", *PRINCIPALS)
NOBODY = "userIds.userGroupIds: userIds or userGroupIds must be provided"


@dataclass(frozen=True, slots=True)
class Place:
    """What grants are given on, as far as one request is concerned: `managed` if the caller may manage it."""

    id: str
    word: str
    managed: bool


@dataclass(frozen=True, slots=True)
class Grants:
    """The writes of one kind of place. `find` raises Refused; the texts are those of a revoke that names nobody,
    and of one that names a malformed or unknown user (None: as elsewhere).
    """

    find: Callable[[Call], Place]
    revoke_nobody: str = NOBODY
    revoke_unknown: str | None = None

    def grant(self, call: Call) -> Answer:
        """Grants to principals without one; OA-P23 says what becomes of those that have one."""
        role, boost = _asked_role(call)
        named = self._asked(call)
        if call.hard("OA-P23") and any(one.key in call.table(Permit) for one in named):
            raise Refused(400, "Principal already has a permission")
        return _written(call, named, role, access_boost=boost)

    def change(self, call: Call) -> Answer:
        """Changes the grants of principals that have one; OA-P23 says what becomes of the others."""
        role, boost = _asked_role(call)
        named = self._asked(call)
        _check_all_have_one(call, named)
        return _written(call, named, role, access_boost=boost)

    def revoke(self, call: Call) -> Answer:
        named = self._asked(call, nobody=self.revoke_nobody, unknown=self.revoke_unknown)
        _check_all_have_one(call, named)
        call.moment()
        for one in named:
            call.table(Permit).pop(one.key, None)
        return Answer(200, {"success": True})

    def _asked(self, call: Call, nobody: str = NOBODY, unknown: str | None = None) -> list[_Named]:
        """The principals of a write, all of them known, by one who may write. Raises Refused."""
        sent = {name: _asked_ids(call, name) for name in PRINCIPALS}
        if not any(sent.values()):
            raise call.bad(nobody)
        users = [user_id.lower() for user_id in sent["userIds"]]
        _check(call, "userIds", [is_uuid(user_id) for user_id in users], unknown)
        place = self.find(call)
        _check(call, "userIds", [user_id in call.table(User) for user_id in users], unknown)
        groups = sent["userGroupIds"]
        _check(call, "userGroupIds", [group_id in call.table(Group) for group_id in groups], None)
        check_managed(place)
        named = [_Named(place.id, user_id, is_group=False) for user_id in dict.fromkeys(users)]
        return named + [_Named(place.id, group_id, is_group=True) for group_id in dict.fromkeys(groups)]


def check_managed(place: Place) -> None:
    """Raises Refused where the caller may not manage the grants of this place."""
    if not place.managed:
        raise Refused(403, f"User does not have permission to manage {place.word} permissions")


def asked_user(call: Call) -> str:
    """The user a GET of grants asks about: a UUID, whether or not anybody has it. Raises Refused."""
    asked = call.query.get("userId")
    if asked is None:
        raise call.bad("userId: userId must be provided")
    if not is_uuid(asked):
        raise call.bad("userId: Invalid userId")
    return asked.lower()


def known_user(call: Call, user_id: str) -> User:
    """Raises Refused if there is no such user."""
    user = call.table(User).get(user_id)
    if user is None:
        raise call.bad("userId: Invalid userId")
    return user


def groups_of(call: Call, user_id: str) -> list[Group]:
    """The groups a user is a member of, by name."""
    found = [group for group in call.table(Group).values() if user_id in group.members]
    return sorted(found, key=lambda group: (group.name.lower(), group.id))


def granted_to(call: Call, container: str, user_id: str) -> list[Permit]:
    """The grants of a user on a folder or document: his own, then those of his groups by name."""
    keys = [permit_key(container, user_id, is_group=False)]
    keys += [permit_key(container, group.id, is_group=True) for group in groups_of(call, user_id)]
    permits = call.table(Permit)
    return [permits[key] for key in keys if key in permits]


def drop_grants(call: Call, container: str) -> None:
    """The grants on a folder or document go with it."""
    permits = call.table(Permit)
    for key in [key for key, permit in permits.items() if permit.container == container]:
        del permits[key]


@dataclass(frozen=True, slots=True)
class _Named:
    """A principal that a request names: a user, or a group."""

    container: str
    principal: str
    is_group: bool

    @property
    def key(self) -> str:
        return permit_key(self.container, self.principal, is_group=self.is_group)


def _written(call: Call, named: Iterable[_Named], role: str, *, access_boost: bool) -> Answer:
    call.moment()
    for one in named:
        call.table(Permit)[one.key] = Permit(one.container, one.principal, one.is_group, role, access_boost)
    return Answer(200, {"success": True})


def _asked_role(call: Call) -> tuple[str, bool]:
    """The role and the boost, false where none was sent. Raises Refused."""
    if "role" not in call.body:
        raise call.bad("role: Required")
    role = call.body["role"]
    if not isinstance(role, str) or role not in ROLES:
        raise call.bad("role: Invalid value")
    return role, given_flag(call, "accessBoost") or False


def _asked_ids(call: Call, name: str) -> list[str]:
    given: Json = call.body.get(name, [])
    if not isinstance(given, list):
        raise call.bad(f"{name}: Invalid value")
    for place, value in enumerate(given):
        if not isinstance(value, str):
            raise call.bad(f"{name}.{place}: Invalid uuid")
    return [str(value) for value in given]


def _check(call: Call, name: str, good: Iterable[bool], text: str | None) -> None:
    """The reference words an unknown principal like a malformed one, groups too, whose ids are no UUIDs."""
    for place, fine in enumerate(good):
        if not fine:
            raise call.bad(text or f"{name}.{place}: Invalid uuid")


def _check_all_have_one(call: Call, named: Iterable[_Named]) -> None:
    if call.hard("OA-P23") and any(one.key not in call.table(Permit) for one in named):
        raise Refused(404, "Permission not found")
