"""Spaces: each has a root from its beginning (CM-R17 to CM-R19)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from reconciler.twins.core.kinds import Kind
from reconciler.twins.core.twin import Twin
from reconciler.twins.core.values import Answer, Json
from reconciler.twins.omni_cms.call import Call, CmsRoute, done
from reconciler.twins.omni_cms.checks import STRING, Type, read_body, read_change
from reconciler.twins.omni_cms.errors import no_space, space_not_empty
from reconciler.twins.omni_cms.things import ROOT, Component, File, Space

ALL = "/space/all"
ONE = "/space/{id}"
TYPES: Mapping[str, Type] = {"name": STRING}


def list_all(call: Call) -> Answer:
    spaces = list(call.table(Space).values())
    if call.hard("CM-P13"):
        spaces.sort(key=lambda space: space.name, reverse=True)
    return Answer(200, {"spaces": [_shown(space) for space in spaces]})


def read(call: Call) -> Answer:
    return Answer(200, _shown(_asked(call)))


def create(call: Call) -> Answer:
    body = read_body(call.request, TYPES, ["name"])
    return call.created(make_space(call.twin, str(body["name"]), call.moment()))


def update(call: Call) -> Answer:
    space = _asked(call)
    body = read_change(call.request, space.id, TYPES)
    if "name" in body:
        call.moment()
        call.table(Space)[str(space.id)] = replace(space, name=str(body["name"]))
    return Answer(200, done())


def delete(call: Call) -> Answer:
    space = _asked(call)
    components = call.table(Component)
    inside = [component for component in components.values() if component.space_id == space.id]
    if call.hard("CM-P6") and not all(component.is_root for component in inside):
        raise space_not_empty(space.id)
    call.moment()
    for component in inside:
        del components[str(component.id)]
        call.table(File).pop(str(component.id), None)
    del call.table(Space)[str(space.id)]
    return Answer(200, done())


def make_space(twin: Twin, name: str, moment: str) -> int:
    """Add a space and its root; the space's id."""
    space = Space(twin.counters.next("space"), name)
    twin.state.of(Space)[str(space.id)] = space
    root = Component(
        id=twin.counters.next("component"),
        space_id=space.id,
        parent_id=None,
        key=ROOT,
        component_type=ROOT,
        date=moment,
        name="Root",
        published=True,
    )
    twin.state.of(Component)[str(root.id)] = root
    return space.id


def _asked(call: Call) -> Space:
    space = call.table(Space).get(call.ids["id"])
    if space is None:
        raise no_space(call.ids["id"])
    return space


def _shown(space: Space) -> Json:
    return {"id": space.id, "name": space.name}


KIND: Kind[CmsRoute] = Kind(
    routes=(
        CmsRoute(method="POST", path="/space", answer=create),
        CmsRoute(method="GET", path=ALL, answer=list_all),
        CmsRoute(method="GET", path=ONE, answer=read),
        CmsRoute(method="PUT", path=ONE, answer=update),
        CmsRoute(method="DELETE", path=ONE, answer=delete),
    )
)
