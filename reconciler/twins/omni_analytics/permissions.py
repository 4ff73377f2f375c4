"""Grants on folders: one per principal, shown only as far as they concern one asked user (OA-R53 to OA-R65)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import partial

from reconciler.twins.core.kinds import Kind
from reconciler.twins.core.knobs import Knob
from reconciler.twins.core.values import Answer, Json, Refused
from reconciler.twins.omni_analytics.call import Call, OmniRoute
from reconciler.twins.omni_analytics.checks import given_flag, is_uuid
from reconciler.twins.omni_analytics.things import Folder, Group, Permit, User, permit_key

ROLES = ("NO_ACCESS", "VIEWER", "EXPLORER", "EDITOR", "MANAGER")
PRINCIPALS = ("userIds", "userGroupIds")
FIELDS = ("role", "accessBoost", *PRINCIPALS)
PATH = "/v1/folders/{folderId}/permissions"
HIDDEN = "group-grants-hidden"

_route = partial(OmniRoute, path=PATH, uuids=("folderId",))


def read(call: Call) -> Answer:
    """What concerns the asked user: his ownership or his grant, then the grants of his groups, by name."""
    asked = call.query.get("userId")
    if asked is None:
        raise call.bad("userId: userId must be provided")
    if not is_uuid(asked):
        raise call.bad("userId: Invalid userId")
    folder = _asked_folder(call)
    user = call.table(User).get(asked.lower())
    if user is None:
        raise call.bad("userId: Invalid userId")
    _check_manager(call, folder)
    return Answer(200, {"permits": _permits(call, folder, user)})


def grant(call: Call) -> Answer:
    """Grants to principals without one; OA-P23 says what becomes of those that have one."""
    role, boost = _asked_role(call)
    named = _asked_principals(call)
    if call.hard("OA-P23") and any(one.key in call.table(Permit) for one in named):
        raise Refused(400, "Principal already has a permission")
    return _written(call, named, role, access_boost=boost)


def change(call: Call) -> Answer:
    """Changes the grants of principals that have one; OA-P23 says what becomes of the others."""
    role, boost = _asked_role(call)
    named = _asked_principals(call)
    _check_all_have_one(call, named)
    return _written(call, named, role, access_boost=boost)


def revoke(call: Call) -> Answer:
    named = _asked_principals(call)
    _check_all_have_one(call, named)
    call.moment()
    for one in named:
        call.table(Permit).pop(one.key, None)
    return Answer(200, {"success": True})


@dataclass(frozen=True, slots=True)
class _Named:
    """A principal that a request names on a folder: a user, or a group."""

    folder_id: str
    principal: str
    is_group: bool

    @property
    def key(self) -> str:
        return permit_key(self.folder_id, self.principal, is_group=self.is_group)


def _written(call: Call, named: Iterable[_Named], role: str, *, access_boost: bool) -> Answer:
    call.moment()
    for one in named:
        call.table(Permit)[one.key] = Permit(one.folder_id, one.principal, one.is_group, role, access_boost)
    return Answer(200, {"success": True})


def _asked_role(call: Call) -> tuple[str, bool]:
    """The role and the boost, false where none was sent. Raises Refused."""
    if "role" not in call.body:
        raise call.bad("role: Required")
    role = call.body["role"]
    if not isinstance(role, str) or role not in ROLES:
        raise call.bad("role: Invalid value")
    return role, given_flag(call, "accessBoost") or False


def _asked_principals(call: Call) -> list[_Named]:
    """The principals of a write, all of them known, by one who may write. Raises Refused."""
    sent = {name: _asked_ids(call, name) for name in PRINCIPALS}
    if not any(sent.values()):
        raise call.bad("userIds.userGroupIds: userIds or userGroupIds must be provided")
    for place, user_id in enumerate(sent["userIds"]):
        if not is_uuid(user_id):
            raise call.bad(f"userIds.{place}: Invalid uuid")
    folder = _asked_folder(call)
    users = [user_id.lower() for user_id in sent["userIds"]]
    _check_known(call, "userIds", users, call.table(User))
    _check_known(call, "userGroupIds", sent["userGroupIds"], call.table(Group))
    _check_manager(call, folder)
    named = [_Named(folder.id, user_id, is_group=False) for user_id in dict.fromkeys(users)]
    groups = dict.fromkeys(sent["userGroupIds"])
    return named + [_Named(folder.id, group_id, is_group=True) for group_id in groups]


def _asked_ids(call: Call, name: str) -> list[str]:
    given = call.body.get(name, [])
    if not isinstance(given, list):
        raise call.bad(f"{name}: Invalid value")
    for place, value in enumerate(given):
        if not isinstance(value, str):
            raise call.bad(f"{name}.{place}: Invalid uuid")
    return [str(value) for value in given]


def _check_known(call: Call, name: str, sent: Iterable[str], known: Iterable[str]) -> None:
    """The reference words an unknown principal like a malformed one, groups too, whose ids are no UUIDs."""
    there = frozenset(known)
    for place, principal in enumerate(sent):
        if principal not in there:
            raise call.bad(f"{name}.{place}: Invalid uuid")


def _check_all_have_one(call: Call, named: Iterable[_Named]) -> None:
    if call.hard("OA-P23") and any(one.key not in call.table(Permit) for one in named):
        raise Refused(404, "Permission not found")


def _asked_folder(call: Call) -> Folder:
    folder = call.table(Folder).get(call.ids["folderId"].lower())
    if folder is None:
        raise Refused(404, f'Folder with identifier "{call.ids["folderId"]}" not found')
    return folder


def _check_manager(call: Call, folder: Folder) -> None:
    """A personal token needs the ownership of the folder, or `MANAGER` there, his own or a group's."""
    caller = call.caller
    if not caller.personal or caller.org_admin or folder.owner_id == caller.user_id:
        return
    permits = call.table(Permit)
    keys = [permit_key(folder.id, caller.user_id, is_group=False)]
    keys += [permit_key(folder.id, group.id, is_group=True) for group in groups_of(call, caller.user_id)]
    if not any(permits[key].role == "MANAGER" for key in keys if key in permits):
        raise Refused(403, "User does not have permission to manage folder permissions")


def groups_of(call: Call, user_id: str) -> list[Group]:
    """The groups a user is a member of, by name."""
    found = [group for group in call.table(Group).values() if user_id in group.members]
    return sorted(found, key=lambda group: (group.name.lower(), group.id))


def _permits(call: Call, folder: Folder, user: User) -> list[Json]:
    permits = call.table(Permit)
    own = permits.get(permit_key(folder.id, user.id, is_group=False))
    shown: list[Json] = []
    if folder.owner_id == user.id:
        shown.append(_owner(user))
    elif own is not None:
        shown.append(_shown(own, user.display_name))
    if call.hard(HIDDEN):
        return shown
    groups = [(permit_key(folder.id, group.id, is_group=True), group) for group in groups_of(call, user.id)]
    return shown + [_shown(permits[key], group.name) for key, group in groups if key in permits]


def _shown(permit: Permit, name: str) -> Json:
    return {
        "id": permit.principal,
        "name": name,
        "description": "User group" if permit.is_group else "User",
        "type": "userGroup" if permit.is_group else "user",
        "direct": {"accessBoost": permit.access_boost, "isOwner": False, "role": permit.role},
    }


def _owner(user: User) -> Json:
    return {
        "id": user.id,
        "name": user.display_name,
        "description": "Owner",
        "type": "user",
        "direct": {"accessBoost": False, "isOwner": True, "role": "MANAGER"},
    }


KIND: Kind[OmniRoute] = Kind(
    routes=(
        _route(method="GET", answer=read, query=("userId",)),
        _route(method="POST", answer=grant, fields=FIELDS),
        _route(method="PATCH", answer=change, fields=FIELDS),
        _route(method="DELETE", answer=revoke, fields=PRINCIPALS, body_optional=True),
    ),
    questions=(
        Knob("OA-P23", "a second grant; a change or an end of none", "sets it; nothing happens", "400; 404"),
        Knob(HIDDEN, "a permission GET", "shows the grants of groups", "does not (OA-R60)", switch=True),
    ),
)
