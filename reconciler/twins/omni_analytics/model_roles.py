"""Roles on models and connections, of users and of groups: given and changed, never taken away (OA-P40)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import partial

from reconciler.twins.core.kinds import Kind
from reconciler.twins.core.knobs import Knob
from reconciler.twins.core.values import Answer, Json, Refused
from reconciler.twins.omni_analytics.call import Call, OmniRoute
from reconciler.twins.omni_analytics.checks import admins_alone, is_uuid
from reconciler.twins.omni_analytics.connections import live_connection
from reconciler.twins.omni_analytics.grants import groups_of
from reconciler.twins.omni_analytics.model_things import Connection, CustomRole, Model, ModelRole, role_key
from reconciler.twins.omni_analytics.models import SHARED, live_model
from reconciler.twins.omni_analytics.things import Group, User

ADMIN = "CONNECTION_ADMIN"
ROLES = ("VIEWER", "QUERIER", "QUERY_TOPICS", "MODELER", ADMIN, "NO_ACCESS")
KINDS = ("standard", "embed")
IDS: Mapping[str, str] = {"modelId": "model", "connectionId": "connection"}
FIELDS = (*IDS, "roleName")
OF_USER = "/v1/users/{userId}/model-roles"
OF_GROUP = "/v1/user-groups/{userGroupId}/model-roles"
ADMINS = "Forbidden: Organization Admin permissions are required"
NEWER_TYPES: Mapping[str, str] = {"User Role": "USER", "Group Role": "GROUP", "Connection Base Role": "BASE"}


@dataclass(frozen=True, slots=True)
class _Result:
    """A role as it is shown: on which model (None: a whole connection), whence it comes, how much it counts."""

    role: str
    connection_id: str
    model_id: str | None
    origin: Mapping[str, Json]
    priority: int


def assign_to_user(call: Call) -> Answer:
    _check_body(call)
    user = _asked_user(call)
    role = _assigned(call, user.id, is_group=False)
    return Answer(200, {"membershipId" if call.newer else "userId": user.id, **role})


def assign_to_group(call: Call) -> Answer:
    _check_body(call)
    group = _asked_group(call)
    return Answer(200, {"userGroupId": group.id, **_assigned(call, group.id, is_group=True)})


def read_of_user(call: Call) -> Answer:
    """His own roles, then those of his groups by name, then what every connection gives to everybody."""
    wanted = _asked_filter(call)
    user = _asked_user(call)
    admins_alone(call, ADMINS)
    found = _direct(call, user.id, is_group=False, origin={"type": "User Role"}, priority=350)
    for group in groups_of(call, user.id):
        found += _direct(call, group.id, is_group=True, origin=_group_origin(group), priority=250)
    found = [one for one in [*found, *_base(call)] if _is_wanted(one, wanted)]
    return Answer(200, {"membershipId": user.id, "results": _resolved(call, found)})


def read_of_group(call: Call) -> Answer:
    wanted = _asked_filter(call)
    group = _asked_group(call)
    admins_alone(call, ADMINS)
    found = _direct(call, group.id, is_group=True, origin=_group_origin(group), priority=250)
    shown = [_shown(call, one, with_origin=call.newer) for one in found if _is_wanted(one, wanted)]
    return Answer(200, {"userGroupId": group.id, "results": shown})


def _check_body(call: Call) -> None:
    if not isinstance(call.body.get("roleName"), str) or not call.body["roleName"]:
        raise call.bad("roleName: Required")
    for name, noun in IDS.items():
        if call.body.get(name) is not None and not is_uuid(call.body[name]):
            raise call.bad(f"Invalid {noun} ID")


def _assigned(call: Call, subject: str, *, is_group: bool) -> dict[str, Json]:
    """Store the role that the body names, in the place of another; what the answer says of it. Raises Refused."""
    model, connection = _asked_model(call), _asked_connection(call)
    admins_alone(call, ADMINS)
    role = str(call.body["roleName"])
    base = base_role(call, role)
    if base is None:
        raise Refused(422, "Invalid role")
    if model is None and (base != ADMIN or connection is None):
        raise call.bad("modelId: Required")
    if model is not None and connection is not None and model.connection_id != connection.id:
        raise Refused(422, "Model does not belong to connection")
    if model is not None and model.kind not in SHARED:
        raise Refused(422, "Only shared and shared_extension models can be assigned model roles")
    connection_id = connection.id if connection is not None else str(model.connection_id if model else "")
    model_id = model.id if model is not None else None
    call.moment()
    given = ModelRole(subject, is_group, connection_id, model_id, role)
    call.table(ModelRole)[role_key(subject, connection_id, model_id, is_group=is_group)] = given
    return {"connectionId": connection_id, "modelId": model_id, "roleName": role}


def base_role(call: Call, role: str) -> str | None:
    """The base of a role, which is the role itself unless it is one of the organisation's own; None if unknown."""
    if role in ROLES:
        return role
    custom = call.table(CustomRole).get(role)
    return custom.base_role if custom is not None else None


def _asked_user(call: Call) -> User:
    user = call.table(User).get(call.ids["userId"].lower())
    if user is None or user.kind not in KINDS:
        raise Refused(404, "User not found in organization")
    return user


def _asked_group(call: Call) -> Group:
    group = call.table(Group).get(call.ids["userGroupId"])
    if group is None:
        raise Refused(404, "User group not found in organization")
    return group


def _asked_model(call: Call) -> Model | None:
    model_id = call.body.get("modelId")
    if not isinstance(model_id, str):
        return None
    model = live_model(call, model_id)
    if model is None:
        raise Refused(404, "Model does not exist")
    return model


def _asked_connection(call: Call) -> Connection | None:
    connection_id = call.body.get("connectionId")
    if not isinstance(connection_id, str):
        return None
    connection = live_connection(call, connection_id)
    if connection is None:
        raise Refused(404, "Connection does not exist")
    return connection


def _asked_filter(call: Call) -> Mapping[str, str]:
    wanted = {name: call.query[name] for name in IDS if name in call.query}
    for name, value in wanted.items():
        if not is_uuid(value):
            raise call.bad(f"Invalid {IDS[name]} ID")
    return {name: value.lower() for name, value in wanted.items()}


def _is_wanted(one: _Result, wanted: Mapping[str, str]) -> bool:
    """A role on a whole connection is one on each of its models, so a filter by model shows it as well."""
    if one.model_id is not None and wanted.get("modelId", one.model_id) != one.model_id:
        return False
    return wanted.get("connectionId", one.connection_id) == one.connection_id


def _direct(
    call: Call, subject: str, *, is_group: bool, origin: Mapping[str, Json], priority: int
) -> list[_Result]:
    whose = (subject, is_group)
    roles = [one for one in call.table(ModelRole).values() if (one.subject, one.is_group) == whose]
    roles = [one for one in roles if _is_live(call, one)]
    found: list[_Result] = []
    for one in roles:
        models: Iterable[str | None] = (one.model_id,)
        if one.model_id is None and call.hard("OA-P44"):
            models = _shared_models(call, one.connection_id)
        found += [_Result(one.role, one.connection_id, model_id, origin, priority) for model_id in models]
    return found


def _is_live(call: Call, role: ModelRole) -> bool:
    """A role on something that is deleted is shown no more."""
    if live_connection(call, role.connection_id) is None:
        return False
    return role.model_id is None or live_model(call, role.model_id) is not None


def _group_origin(group: Group) -> Mapping[str, Json]:
    return {"depth": 0, "miniUuid": group.id, "name": group.name, "type": "Group Role"}


def _base(call: Call) -> list[_Result]:
    found: list[_Result] = []
    for connection in call.table(Connection).values():
        if connection.deleted_at is None and connection.base_role not in (None, "NO_ACCESS"):
            origin: Mapping[str, Json] = {"type": "Connection Base Role"}
            role = str(connection.base_role)
            models = _shared_models(call, connection.id)
            found += [_Result(role, connection.id, model_id, origin, 50) for model_id in models]
    return found


def _shared_models(call: Call, connection_id: str) -> list[str]:
    models = call.table(Model).values()
    live = [one for one in models if one.connection_id == connection_id and one.deleted_at is None]
    return [one.id for one in live if one.kind in SHARED]


def _resolved(call: Call, found: list[_Result]) -> list[Json]:
    """`resolved` is said of one role per model: the first of those that count most."""
    winners: dict[tuple[str, str | None], _Result] = {}
    for one in sorted(found, key=lambda one: -one.priority):
        winners.setdefault((one.connection_id, one.model_id), one)
    won = {id(one) for one in winners.values()}
    return [_shown(call, one, resolved=id(one) in won) for one in found]


def _shown(call: Call, one: _Result, *, resolved: bool | None = None, with_origin: bool = True) -> Json:
    shown: dict[str, Json] = {"baseRole": _word(call, base_role(call, one.role) or one.role)}
    if with_origin:
        kind = str(one.origin["type"])
        shown["from"] = {**one.origin, "type": NEWER_TYPES[kind] if call.newer else kind}
        shown["priority"] = one.priority
    if resolved is not None:
        shown["resolved"] = resolved
    shown["roleName"] = _word(call, one.role)
    return {**shown, "connectionId": one.connection_id, "modelId": one.model_id}


def _word(call: Call, role: str) -> str:
    """A role's name, as it is read (OA-P40)."""
    return "RESTRICTED_QUERIER" if role == "QUERY_TOPICS" and call.hard("OA-P40") else role


_of_user = partial(OmniRoute, path=OF_USER, uuids=("userId",))
_of_group = partial(OmniRoute, path=OF_GROUP)
KIND: Kind[OmniRoute] = Kind(
    routes=(
        _of_user(method="POST", answer=assign_to_user, fields=FIELDS),
        _of_user(method="GET", answer=read_of_user, query=tuple(IDS)),
        _of_group(method="POST", answer=assign_to_group, fields=FIELDS),
        _of_group(method="GET", answer=read_of_group, query=tuple(IDS)),
    ),
    questions=(
        Knob("OA-P40", "the role QUERY_TOPICS, as read", "QUERY_TOPICS", "RESTRICTED_QUERIER"),
        Knob("OA-P44", "a role on a whole connection, as read", "one result", "one per shared model"),
    ),
)
