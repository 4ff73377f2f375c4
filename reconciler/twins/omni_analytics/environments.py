"""Environments: connections that stand in for a base connection, which no call lists (OA-P37)."""

from __future__ import annotations

from dataclasses import replace

from reconciler.twins.core.kinds import Kind
from reconciler.twins.core.values import Answer, Json, Refused
from reconciler.twins.omni_analytics.call import Call, OmniRoute
from reconciler.twins.omni_analytics.checks import admins_alone, is_uuid
from reconciler.twins.omni_analytics.connections import ADMINS, live_connection
from reconciler.twins.omni_analytics.ids import ENVIRONMENT, next_uuid
from reconciler.twins.omni_analytics.model_things import Connection, Environment

ALL = "/v1/connection-environments"


def create(call: Call) -> Answer:
    """All of one base at once, or none: a connection of its dialect, other than it, that is none of its yet."""
    base_id, ids = _asked(call)
    base = live_connection(call, base_id)
    if base is None:
        raise Refused(404, f"Connection with id {base_id} does not exist")
    if wrong := _wrong(call, base, ids):
        text = "The following environment connection IDs are not valid for this connection"
        raise Refused(400, f"{text}: {', '.join(wrong)}")
    admins_alone(call, ADMINS)
    call.moment()
    made = [Environment(next_uuid(call.twin.counters, ENVIRONMENT), base.id, one.lower()) for one in ids]
    for one in made:
        call.table(Environment)[one.id] = one
    if call.newer:
        return Answer(201, {"connectionEnvironments": [_shown(one) for one in made]})
    return Answer(
        201,
        {
            "success": True,
            "data": [{"id": one.id, "environmentConnectionId": one.connection_id} for one in made],
        },
    )


def list_all(call: Call) -> Answer:
    """Only the newer edition of the API knows this call."""
    if not call.newer:
        raise Refused(400, "Invalid method")
    return Answer(200, {"connectionEnvironments": [_shown(one) for one in call.table(Environment).values()]})


def update(call: Call) -> Answer:
    """Its values are replaced; an empty text leaves none."""
    sent = call.body.get("userAttributeValues")
    if "userAttributeValues" not in call.body:
        raise call.bad("userAttributeValues: Required")
    if not isinstance(sent, str):
        raise call.bad("userAttributeValues: Invalid value")
    values = _split(sent)
    table = call.table(Environment)
    environment = table.get(call.ids["connectionEnvironmentId"].lower())
    if environment is None:
        wanted = call.ids["connectionEnvironmentId"]
        raise Refused(404, f"Connection environment with id {wanted} does not exist")
    admins_alone(call, ADMINS)
    others = [one for one in table.values() if one.base_id == environment.base_id and one.id != environment.id]
    taken = {value for one in others for value in one.values}
    for value in values:
        if value in taken:
            raise Refused(400, f'User attribute value "{value}" is already in use')
    call.moment()
    table[environment.id] = replace(environment, values=tuple(dict.fromkeys(values)))
    return Answer(200, {"success": True})


def _asked(call: Call) -> tuple[str, list[str]]:
    """The base and the connections, as they were sent. Raises Refused."""
    base_id, sent = call.body.get("baseConnectionId"), call.body.get("environmentConnectionIds")
    if not isinstance(base_id, str) or not is_uuid(base_id):
        raise call.bad("baseConnectionId: Base connection ID must be a valid UUID")
    ids = _split(sent) if isinstance(sent, str) else []
    if not ids or not all(map(is_uuid, ids)):
        raise call.bad("environmentConnectionIds: All environment connection IDs must be valid UUIDs")
    return base_id, ids


def _split(text: str) -> list[str]:
    return [part.strip() for part in text.split(",") if part.strip()]


def _wrong(call: Call, base: Connection, ids: list[str]) -> list[str]:
    taken = {one.connection_id for one in call.table(Environment).values() if one.base_id == base.id}
    wrong = []
    for one in ids:
        connection = live_connection(call, one)
        if connection is None or connection.dialect != base.dialect or one.lower() in {base.id, *taken}:
            wrong.append(one)
        taken.add(one.lower())
    return wrong


def _shown(environment: Environment) -> Json:
    return {
        "id": environment.id,
        "baseConnectionId": environment.base_id,
        "connectionId": environment.connection_id,
        "userAttributeValues": list(environment.values),
    }


KIND: Kind[OmniRoute] = Kind(
    routes=(
        OmniRoute(
            method="POST",
            path=ALL,
            answer=create,
            fields=("baseConnectionId", "environmentConnectionIds"),
        ),
        OmniRoute(method="GET", path=ALL, answer=list_all),
        OmniRoute(
            method="PUT",
            path=f"{ALL}/{{connectionEnvironmentId}}",
            answer=update,
            uuids=("connectionEnvironmentId",),
            bad_id="Invalid uuid",
            fields=("userAttributeValues",),
        ),
    ),
)
