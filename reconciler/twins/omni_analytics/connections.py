"""Connections to data bases: made, changed a little, listed with a few of their fields, never deleted (OA-R35)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from reconciler.twins.core.kinds import Kind
from reconciler.twins.core.knobs import Knob
from reconciler.twins.core.values import Answer, Json, JsonObject, Refused
from reconciler.twins.omni_analytics.call import Call, OmniRoute
from reconciler.twins.omni_analytics.checks import admins_alone, asked_flag, given_text, one_of
from reconciler.twins.omni_analytics.ids import CONNECTION, next_uuid
from reconciler.twins.omni_analytics.model_things import Connection

DIALECTS = (
    *("athena", "bigquery", "clickhouse", "databricks", "exasol", "mariadb", "motherduck", "mssql", "mysql"),
    *("postgres", "redshift", "snowflake", "starrocks", "trino"),
)
BASE_ROLES = ("NO_ACCESS", "VIEWER", "RESTRICTED_QUERIER", "QUERIER", "MODELER", "CONNECTION_ADMIN")
TEXTS = (
    *("host", "database", "username", "warehouse", "includeSchemas", "includeOtherCatalogs", "defaultSchema"),
    *("region", "maxBillingBytes", "scratchSchema", "systemTimezone", "queryTimezone"),
)
NUMBERS: Mapping[str, int] = {"port": 65535, "queryTimeoutSeconds": 3600}
FLAGS = ("allowsUserSpecificTimezones", "trustServerCertificate")
SECRETS = ("passwordUnencrypted", "privateKey")
FIELDS = ("dialect", "name", *TEXTS, *NUMBERS, *FLAGS, *SECRETS, "baseRole")
NEEDED: Mapping[str, tuple[str, ...]] = {
    "snowflake": ("warehouse",),
    "databricks": ("warehouse",),
    "bigquery": ("region",),
    "athena": ("region",),
    "mssql": ("defaultSchema",),
}
FILTERS = ("name", "database")
SORT_FIELDS = ("database", "dialect", "name")
ADMINS = "Forbidden: Organization Admin permissions are required"
ALL = "/v1/connections"


def create(call: Call) -> Answer:
    """Names may repeat. What the body says beyond the listed fields can never be read again."""
    body = call.body
    _check_there(call, body)
    for name, value in body.items():
        if name in FIELDS and not _fits(name, value):
            raise call.bad(f"{name}: Invalid value")
    admins_alone(call, ADMINS)
    call.moment()
    connection = Connection(
        id=next_uuid(call.twin.counters, CONNECTION),
        name=str(body["name"]),
        dialect=str(body["dialect"]),
        base_role=given_text(call, "baseRole"),
        settings={name: body[name] for name in (*TEXTS, *NUMBERS, *FLAGS) if name in body},
        secrets={name: body[name] for name in SECRETS if name in body},
    )
    call.table(Connection)[connection.id] = connection
    call.made(Connection, connection.id)
    return Answer(201, {"success": True, "data": connection.id})


def list_all(call: Call) -> Answer:
    """In order of creation unless a field to sort by is asked for."""
    wanted = _asked_dialects(call)
    field = one_of(call, "sortField", call.query["sortField"], SORT_FIELDS) if "sortField" in call.query else None
    direction = one_of(call, "sortDirection", call.query.get("sortDirection", "asc"), ("asc", "desc"))
    deleted = asked_flag(call, "includeDeleted") or call.hard("OA-P49")
    found = [one for one in call.listed(Connection) if deleted or one.deleted_at is None]
    if wanted:
        found = [one for one in found if one.dialect in wanted]
    for name in FILTERS:
        part = call.query.get(name, "").casefold()
        found = [one for one in found if part in (_sorted_by(one, name) or "")]
    if call.hard("OA-P49"):
        found += _ghosts(found)
    if field is not None:
        found.sort(key=lambda one: one.id)
        found.sort(key=lambda one: _sorted_by(one, field) or "", reverse=direction == "desc")
        found.sort(key=lambda one: _sorted_by(one, field) is None)
    return Answer(200, {"connections": [_shown(call, one) for one in found]})


def update(call: Call) -> Answer:
    """The base role and the attribute that chooses an environment: nothing else can be changed."""
    given = {name: call.body[name] for name in ("baseRole", "environmentUserAttribute") if name in call.body}
    if not given:
        raise Refused(400, "At least one field must be provided")
    if "baseRole" in given and given["baseRole"] not in BASE_ROLES:
        raise call.bad("baseRole: Invalid value")
    attribute = given.get("environmentUserAttribute")
    if not _is_environment_attribute(attribute):
        raise call.bad("environmentUserAttribute: Invalid value")
    connection = live_connection(call, call.ids["connectionId"])
    if connection is None:
        raise Refused(404, f"Connection with id {call.ids['connectionId']} does not exist")
    admins_alone(call, ADMINS)
    call.moment()
    if "baseRole" in given:
        connection = replace(connection, base_role=str(given["baseRole"]))
    if "environmentUserAttribute" in given:
        connection = replace(connection, attribute=attribute if isinstance(attribute, Mapping) else None)
    call.table(Connection)[connection.id] = connection
    return Answer(200, {"success": True, "message": "Connection updated"})


def live_connection(call: Call, connection_id: str) -> Connection | None:
    """The connection of this id, unless it is deleted."""
    connection = call.table(Connection).get(connection_id.lower())
    return connection if connection is not None and connection.deleted_at is None else None


def _check_there(call: Call, body: JsonObject) -> None:
    """What must be there for this dialect; a Snowflake connection with a key may go without a password."""
    dialect = body.get("dialect")
    needed = ["dialect", "name", *NEEDED.get(dialect if isinstance(dialect, str) else "", ())]
    if dialect != "snowflake" or not body.get("privateKey"):
        needed.append("passwordUnencrypted")
    for name in needed:
        if body.get(name) in (None, ""):
            raise call.bad(f"{name}: Required")


def _fits(name: str, value: Json) -> bool:
    if name == "dialect":
        return value in DIALECTS
    if name == "baseRole":
        return value in BASE_ROLES
    if name in FLAGS:
        return isinstance(value, bool)
    if name in NUMBERS:
        return isinstance(value, int) and not isinstance(value, bool) and 0 < value <= NUMBERS[name]
    return isinstance(value, str)


def _is_environment_attribute(value: Json) -> bool:
    if value is None:
        return True
    if not isinstance(value, Mapping) or not isinstance(value.get("attributeName"), str):
        return False
    values = value.get("defaultValues")
    return isinstance(values, list) and all(isinstance(one, str) for one in values)


def _asked_dialects(call: Call) -> list[str]:
    wanted = [one.strip() for one in call.query.get("dialect", "").split(",") if one.strip()]
    if wrong := [one for one in wanted if one not in DIALECTS]:
        raise Refused(400, f"Invalid dialect(s): {', '.join(wrong)}")
    return wanted


def _sorted_by(connection: Connection, field: str) -> str | None:
    value = {"name": connection.name, "dialect": connection.dialect}.get(
        field, connection.settings.get("database")
    )
    return value.casefold() if isinstance(value, str) else None


def _ghosts(found: list[Connection]) -> list[Connection]:
    """A deleted one among the others, of the name of a live one, if none was deleted (OA-P49)."""
    if not found or any(one.deleted_at is not None for one in found):
        return []
    ghost_id = f"{CONNECTION:08x}-0000-4000-8000-{0xFFFFFFFFFFFF:012x}"
    return [replace(found[0], id=ghost_id, deleted_at="2025-06-01T00:00:00.000Z")]


def _shown(call: Call, connection: Connection) -> Json:
    attribute = connection.attribute or {}
    values = attribute.get("defaultValues")
    newer = call.hard("OA-P37") or call.newer
    text = ",".join(map(str, values)) if isinstance(values, list) else None
    name = "userAttributeNameForConnectionsEnvironments" if newer else "userAttributeNameForConnectionEnvironments"
    return {
        "id": connection.id,
        "name": connection.name,
        "dialect": connection.dialect,
        "database": connection.settings.get("database"),
        "baseRole": connection.base_role,
        "deletedAt": connection.deleted_at,
        name: attribute.get("attributeName"),
        "userAttributeValuesForDefaultEnvironment": values if newer else text,
        "branchConnectionEnvironmentOverridesUserAttr": False,
        "environmentConnectionSwitchesSchemaModel": False,
        "defaultSchema": connection.settings.get("defaultSchema"),
    }


KIND: Kind[OmniRoute] = Kind(
    routes=(
        OmniRoute(method="POST", path=ALL, answer=create, fields=FIELDS),
        OmniRoute(
            method="GET",
            path=ALL,
            answer=list_all,
            query=(*FILTERS, "dialect", "sortField", "sortDirection", "includeDeleted"),
            strict="",
        ),
        OmniRoute(
            method="PATCH",
            path=f"{ALL}/{{connectionId}}",
            answer=update,
            uuids=("connectionId",),
            fields=("baseRole", "environmentUserAttribute"),
        ),
    ),
    questions=(Knob("OA-P37", "a connection's environment attribute as read", "text", "an array; another name"),),
)
