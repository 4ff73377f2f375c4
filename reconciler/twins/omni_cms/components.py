"""Components, one at a time: made, changed, moved, renamed, deleted (CM-R20 to CM-R31)."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from reconciler.twins.core.kinds import Kind
from reconciler.twins.core.knobs import Knob
from reconciler.twins.core.values import Answer, Json, JsonObject
from reconciler.twins.omni_cms import errors
from reconciler.twins.omni_cms.call import Call, CmsRoute, done
from reconciler.twins.omni_cms.checks import (
    BOOLEAN,
    DATETIME,
    ID,
    INTEGER,
    OBJECT,
    STRING,
    TEXTS,
    Type,
    instant_of,
    read_body,
    read_change,
)
from reconciler.twins.omni_cms.things import ROOT, Component, File, Space
from reconciler.twins.omni_cms.tree import asked_component, below, with_key

ONE = "/component/{id}"
REQUIRED = ("key", "spaceId", "parentId", "componentType")
# Each field of a body: its type, and the record's name for it.
FIELDS: Mapping[str, tuple[Type, str]] = {
    "key": (STRING, "key"),
    "spaceId": (INTEGER, "space_id"),
    "parentId": (INTEGER, "parent_id"),
    "componentType": (STRING, "component_type"),
    "name": (STRING, "name"),
    "content": (STRING, "content"),
    "metadata": (OBJECT, "metadata"),
    "tags": (TEXTS, "tags"),
    "published": (BOOLEAN, "published"),
    "visible": (BOOLEAN, "visible"),
    "sequence": (INTEGER, "sequence"),
    "date": (DATETIME, "date"),
}
TYPES: Mapping[str, Type] = {name: kind for name, (kind, _) in FIELDS.items()}
_KEY = re.compile(r"[a-z0-9-]+")


def create(call: Call) -> Answer:
    body = read_body(call.request, TYPES, REQUIRED)
    space = call.table(Space).get(str(body["spaceId"]))
    if space is None:
        raise errors.no_space(body["spaceId"])
    _check_key(call, space.id, str(body["key"]))
    parent = _parent(call, body)
    if parent.space_id != space.id:
        raise errors.parent_elsewhere(parent.id, space.id)
    moment = call.moment()
    new_id = call.twin.counters.next("component")
    call.table(Component)[str(new_id)] = Component(id=new_id, **{"date": moment, **_values(body)})
    return call.created(new_id)


def update(call: Call) -> Answer:
    component = asked_component(call)
    body = read_change(call.request, component.id, TYPES, STRING if call.hard("text-ids") else ID)
    _check_change(call, component, body)
    if not body:
        return Answer(200, done())
    call.moment()
    values = _values(body)
    if "metadata" in values and call.hard("CM-P5"):
        values["metadata"] = {**component.metadata, **values["metadata"]}
    call.table(Component)[str(component.id)] = replace(component, **values)
    return Answer(200, done())


def delete(call: Call) -> Answer:
    component = asked_component(call)
    if component.is_root:
        raise errors.root_protected()
    table = call.table(Component)
    children = below(table, component)
    if children and call.hard("CM-P6"):
        raise errors.has_children(component.id)
    call.moment()
    for gone in {component.id, *children}:
        del table[str(gone)]
        call.table(File).pop(str(gone), None)
    return Answer(200, done())


def _check_change(call: Call, component: Component, body: JsonObject) -> None:
    if component.is_root and ("key" in body or "parentId" in body):
        raise errors.root_protected()
    if body.get("key", component.key) != component.key:
        _check_key(call, component.space_id, str(body["key"]))
    if body.get("parentId") == component.id:
        raise errors.own_parent(component.id)
    parent = _parent(call, body) if "parentId" in body else None
    spaces = {body.get("spaceId", component.space_id), parent.space_id if parent else component.space_id}
    if spaces != {component.space_id}:
        raise errors.space_change(component.id, component.space_id)
    if parent is None or call.hard("CM-P7"):
        return
    if parent.id in below(call.table(Component), component):
        raise errors.under_descendant(component.id, parent.id)


def _check_key(call: Call, space_id: int, key: str) -> None:
    if key == ROOT:
        raise errors.reserved_key()
    if not _KEY.fullmatch(key):
        raise errors.invalid_key()
    if (holder := with_key(call, space_id, key)) is not None:
        raise errors.duplicate_key(key, holder.id)


def _parent(call: Call, body: JsonObject) -> Component:
    parent = call.table(Component).get(str(body["parentId"]))
    if parent is None:
        raise errors.no_component(body["parentId"])
    return parent


def _values(body: JsonObject) -> dict[str, Any]:
    """The checked fields under the record's names, as it holds them."""
    return {FIELDS[name][1]: _kept(name, value) for name, value in body.items()}


def _kept(name: str, value: Json) -> object:
    if name == "date":
        return instant_of(str(value))
    return tuple(value) if isinstance(value, list) else value


KIND: Kind[CmsRoute] = Kind(
    routes=(
        CmsRoute(method="POST", path="/component", answer=create),
        CmsRoute(method="PUT", path=ONE, answer=update),
        CmsRoute(method="DELETE", path=ONE, answer=delete),
    ),
    questions=(
        Knob("CM-P4", "answer of a create", "with the new id", "without"),
        Knob("CM-P5", "metadata in a PUT", "replaces", "is merged key by key"),
        Knob("CM-P6", "deleting what has content", "takes it along", "is refused"),
        Knob("CM-P7", "a descendant as parent", "is refused", "is accepted, and cuts the branch off"),
        Knob("text-ids", "id in the body of a component's PUT", "integer or text", "text only", switch=True),
    ),
)
