"""Grants on folders, shown only as far as they concern one asked user (OA-R53 to OA-R65)."""

from __future__ import annotations

from functools import partial

from reconciler.twins.core.kinds import Kind
from reconciler.twins.core.knobs import Knob
from reconciler.twins.core.values import Answer, Json, Refused
from reconciler.twins.omni_analytics.call import Call, OmniRoute
from reconciler.twins.omni_analytics.grants import (
    FIELDS,
    PRINCIPALS,
    Grants,
    Place,
    asked_user,
    check_managed,
    granted_to,
    known_user,
)
from reconciler.twins.omni_analytics.things import Folder, Group, Permit, User

PATH = "/v1/folders/{folderId}/permissions"
HIDDEN = "group-grants-hidden"

_route = partial(OmniRoute, path=PATH, uuids=("folderId",))


def read(call: Call) -> Answer:
    """What concerns the asked user: his ownership or his grant, then the grants of his groups, by name."""
    if call.newer and "userId" not in call.query:
        return _all(call)
    user_id = asked_user(call)
    folder = asked_folder(call)
    user = known_user(call, user_id)
    check_managed(_place(call))
    return Answer(200, {"permits": _permits(call, folder, user)})


def asked_folder(call: Call) -> Folder:
    """The folder that the path names. Raises Refused."""
    folder = call.table(Folder).get(call.ids["folderId"].lower())
    if folder is None:
        raise Refused(404, f'Folder with identifier "{call.ids["folderId"]}" not found')
    return folder


def _place(call: Call) -> Place:
    """A personal token needs the ownership of the folder, or `MANAGER` there, his own or a group's."""
    folder, caller = asked_folder(call), call.caller
    free = not caller.personal or caller.org_admin or folder.owner_id == caller.user_id
    managed = free or any(one.role == "MANAGER" for one in granted_to(call, folder.id, caller.user_id))
    return Place(folder.id, "folder", managed)


def _all(call: Call) -> Answer:
    """All grants of a folder, as a newer edition shows them where no user is asked about."""
    folder = asked_folder(call)
    check_managed(_place(call))
    stored = [one for one in call.table(Permit).values() if one.container == folder.id]
    others = [one for one in stored if one.is_group or one.principal != folder.owner_id]
    owner: Json = {"userId": folder.owner_id, "role": "MANAGER", "accessBoost": False}
    return Answer(200, {"permits": [owner, *(_newer(one) for one in others)]})


def _permits(call: Call, folder: Folder, user: User) -> list[Json]:
    granted = granted_to(call, folder.id, user.id)
    groups = [one for one in granted if one.is_group and not call.hard(HIDDEN)]
    if folder.owner_id != user.id:
        shown = [one for one in granted if not one.is_group] + groups
        return [_newer(one) if call.newer else _shown(call, one) for one in shown]
    if call.newer:
        owner: Json = {"userId": user.id, "role": "MANAGER", "accessBoost": False}
        return [owner, *(_newer(one) for one in groups)]
    return [_owner(user), *(_shown(call, one) for one in groups)]


def _newer(permit: Permit) -> Json:
    whose = "userGroupId" if permit.is_group else "userId"
    return {whose: permit.principal, "role": permit.role, "accessBoost": permit.access_boost}


def _shown(call: Call, permit: Permit) -> Json:
    if permit.is_group:
        name = call.table(Group)[permit.principal].name
    else:
        name = call.table(User)[permit.principal].display_name
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


WRITES = Grants(_place)
KIND: Kind[OmniRoute] = Kind(
    routes=(
        _route(method="GET", answer=read, query=("userId",)),
        _route(method="POST", answer=WRITES.grant, fields=FIELDS),
        _route(method="PATCH", answer=WRITES.change, fields=FIELDS),
        _route(method="DELETE", answer=WRITES.revoke, fields=PRINCIPALS, body_optional=True),
    ),
    questions=(
        Knob("OA-P23", "a second grant; a change or an end of none", "sets it; nothing happens", "400; 404"),
        Knob(HIDDEN, "a permission GET", "shows the grants of groups", "does not (OA-R60)", switch=True),
    ),
)
