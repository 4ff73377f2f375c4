"""Models: made of four kinds, listed in pages, looked at and set to work, never changed nor deleted (OA-P42)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from reconciler.twins.core.kinds import Kind
from reconciler.twins.core.knobs import Knob
from reconciler.twins.core.values import Answer, Json, JsonObject, Refused
from reconciler.twins.omni_analytics.call import Call, OmniRoute
from reconciler.twins.omni_analytics.checks import admins_alone, asked_flag, is_uuid, one_of
from reconciler.twins.omni_analytics.connections import live_connection
from reconciler.twins.omni_analytics.ids import MODEL, next_uuid
from reconciler.twins.omni_analytics.model_things import Connection, Model
from reconciler.twins.omni_analytics.paging import asked_order, page_of, page_size

MADE = ("SCHEMA", "SHARED", "SHARED_EXTENSION", "BRANCH")
LISTED = (*MADE, "WORKBOOK", "QUERY", "TOPIC", "FIELD_PICKER_TOPIC")
SHARED = ("SHARED", "SHARED_EXTENSION")
FIELDS = ("connectionId", "modelKind", "modelName", "accessGrants", "allowAsWorkbookBase", "baseModelId")
SORT_FIELDS = ("name", "modelKind", "connectionId", "baseModelId", "createdAt", "updatedAt")
FILTERS: Mapping[str, str] = {
    "baseModelId": "baseModelId",
    "connectionId": "connectionId",
    "modelId": "id",
    "modelKind": "modelKind",
    "name": "name",
}
QUERY = (*FILTERS, "includeDeleted", "pageSize", "cursor", "sortDirection", "sortField", "include")
BRANCHES = "activeBranches"
ALL = "/v1/models"


def create(call: Call) -> Answer:
    """One schema model per connection; the others need it. Whatever is wrong with a value has one text."""
    body = call.body
    _check_types(call, body)
    connection = live_connection(call, str(body["connectionId"]))
    if connection is None:
        raise _wrong(call)
    admins_alone(call, "Forbidden")
    kind = str(body.get("modelKind", "SCHEMA"))
    base = _base(call, connection, kind)
    moment = call.moment()
    model = Model(
        id=next_uuid(call.twin.counters, MODEL),
        kind=kind,
        connection_id=connection.id,
        name=_name(body),
        base_id=base.id if base is not None else None,
        created_at=moment,
        updated_at=moment,
        access_grants=_grants(body),
        allow_as_workbook_base=kind == "SHARED_EXTENSION" and body.get("allowAsWorkbookBase") is True,
    )
    call.table(Model)[model.id] = model
    call.made(Model, model.id)
    if call.hard("OA-P42") or call.newer:
        short: Json = {"id": model.id, "modelKind": model.kind, "name": model.name}
        return Answer(200, {"success": True, "model": short})
    return Answer(200, shown(model))


def list_page(call: Call) -> Answer:
    """Of all kinds, unless one is asked for."""
    field = one_of(call, "sortField", call.query.get("sortField", "updatedAt"), SORT_FIELDS)
    direction = one_of(call, "sortDirection", call.query.get("sortDirection", "desc"), ("asc", "desc"))
    if "modelKind" in call.query:
        one_of(call, "modelKind", call.query["modelKind"], LISTED)
    include = call.query.get("include")
    if include is not None:
        one_of(call, "include", include, (BRANCHES,))
    size, order = page_size(call, 20), asked_order(call, field, direction)
    deleted = asked_flag(call, "includeDeleted") or call.hard("OA-P49")
    found = [one for one in call.listed(Model) if deleted or one.deleted_at is None]
    records = [record for record in map(shown, found) if _matches(call, record)]
    if call.hard("OA-P49"):
        records += _ghosts(records)
    last = "" if order.descending else "\U0010ffff"
    rows = [(_sorted_by(record, field, last), str(record["id"]), record) for record in records]
    page = page_of(call, rows, order, size)
    listed: list[Json] = [
        {**record, "branches": _branches(call, str(record["id"]))} if include else record for record in page.items
    ]
    return Answer(200, {"pageInfo": page.info, "records": listed})


def live_model(call: Call, model_id: str) -> Model | None:
    """The model of this id, unless it is deleted."""
    model = call.table(Model).get(model_id.lower())
    return model if model is not None and model.deleted_at is None else None


def asked_model(call: Call) -> Model:
    """The model that the path names. Raises Refused."""
    model = live_model(call, call.ids["modelId"])
    if model is None:
        raise Refused(404, f"Model with id {call.ids['modelId']} does not exist")
    return model


def shown(model: Model) -> dict[str, Json]:
    """A model as lists and creates show it."""
    return {
        "id": model.id,
        "baseModelId": model.base_id,
        "connectionId": model.connection_id,
        "modelKind": model.kind,
        "name": model.name,
        "createdAt": model.created_at,
        "updatedAt": model.updated_at,
        "deletedAt": model.deleted_at,
    }


def touched(call: Call, model: Model, moment: str) -> None:
    """What was changed in a model shows in its time."""
    call.table(Model)[model.id] = replace(model, updated_at=moment)


def live_branch(call: Call, model_id: str, name: str) -> Model | None:
    """The branch of a model by its name."""
    return next((one for one in _live_branches(call, model_id) if one.name == name), None)


def _live_branches(call: Call, model_id: str) -> list[Model]:
    models = call.table(Model).values()
    return [one for one in models if (one.kind, one.base_id, one.deleted_at) == ("BRANCH", model_id, None)]


def _branches(call: Call, model_id: str) -> list[Json]:
    found = _live_branches(call, model_id)
    if call.newer:
        return [{"id": one.id, "name": one.name} for one in found]
    return [shown(one) for one in found]


def _wrong(call: Call) -> Refused:
    return call.bad("Invalid parameter value")


def _check_types(call: Call, body: JsonObject) -> None:
    connection_id, base_id = body.get("connectionId"), body.get("baseModelId")
    name, grants = body.get("modelName"), body.get("accessGrants", [])
    fits = (
        is_uuid(connection_id)
        and (base_id is None or is_uuid(base_id))
        and (name is None or isinstance(name, str))
        and body.get("modelKind", "SCHEMA") in MADE
        and isinstance(body.get("allowAsWorkbookBase", False), bool)
        and isinstance(grants, list)
        and all(map(_is_grant, grants))
    )
    if not fits:
        raise _wrong(call)


def _is_grant(value: Json) -> bool:
    if not isinstance(value, Mapping) or not isinstance(value.get("name"), str):
        return False
    return isinstance(value.get("accessBoostable", False), bool)


def _grants(body: JsonObject) -> tuple[JsonObject, ...]:
    given = body.get("accessGrants", [])
    return tuple(one for one in given if isinstance(one, Mapping)) if isinstance(given, list) else ()


def _name(body: JsonObject) -> str | None:
    name = body.get("modelName")
    return name if isinstance(name, str) else None


def _base(call: Call, connection: Connection, kind: str) -> Model | None:
    """The model that a new one of this kind is based on. Raises Refused."""
    on_it = [one for one in call.table(Model).values() if one.connection_id == connection.id]
    live = [one for one in on_it if one.deleted_at is None]
    schema = next((one for one in live if one.kind == "SCHEMA"), None)
    if kind == "SCHEMA":
        if schema is not None:
            raise call.bad("Schema model already exists for the connection")
        return None
    if schema is None:
        raise call.bad("Schema model does not exist when creating a non-schema model")
    if kind == "SHARED":
        if connection.branch_refresh:
            raise call.bad("Shared model cannot be created when branch schema refresh is enabled")
        return schema
    return _named_base(call, live, kind)


def _named_base(call: Call, live: list[Model], kind: str) -> Model:
    """The shared model that the body names; an extension may leave it out where there is only one."""
    fitting = [one for one in live if one.kind in (SHARED if kind == "BRANCH" else ("SHARED",))]
    base_id = call.body.get("baseModelId")
    if isinstance(base_id, str):
        fitting = [one for one in fitting if one.id == base_id.lower()]
    elif kind == "BRANCH":
        fitting = []
    if len(fitting) != 1:
        raise _wrong(call)
    name = _name(call.body)
    if kind == "BRANCH" and (not name or live_branch(call, fitting[0].id, name) is not None):
        raise _wrong(call)
    return fitting[0]


def _matches(call: Call, record: JsonObject) -> bool:
    """Ids are compared whatever their case, names exactly."""
    for parameter, key in FILTERS.items():
        wanted = call.query.get(parameter)
        if wanted is not None and record[key] != (wanted.lower() if key.lower().endswith("id") else wanted):
            return False
    return True


def _sorted_by(record: JsonObject, field: str, last: str) -> str:
    value = record[field]
    return value.lower() if isinstance(value, str) else last


def _ghosts(records: list[dict[str, Json]]) -> list[dict[str, Json]]:
    """A deleted one among the others, of the name of a live one, if none was deleted (OA-P49)."""
    if not records or any(record["deletedAt"] is not None for record in records):
        return []
    ghost_id = f"{MODEL:08x}-0000-4000-8000-{0xFFFFFFFFFFFF:012x}"
    return [{**records[0], "id": ghost_id, "deletedAt": "2025-06-01T00:00:00.000Z"}]


KIND: Kind[OmniRoute] = Kind(
    routes=(
        OmniRoute(method="POST", path=ALL, answer=create, prefix="Bad Request: ", fields=FIELDS),
        OmniRoute(method="GET", path=ALL, answer=list_page, query=QUERY),
    ),
    questions=(Knob("OA-P42", "the answer to the create of a model", "the model", "{success, model}"),),
)
