"""Who stands above, below and beside whom. Never looks twice at a component, since a tree may have become a ring
(CM-P7).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from reconciler.twins.omni_cms.call import Call
from reconciler.twins.omni_cms.errors import no_component, no_component_key
from reconciler.twins.omni_cms.things import Component


def asked_component(call: Call) -> Component:
    """The component that the path names, by id, or by space and key, if the caller may see it. Raises Denied."""
    if "key" in call.ids:
        key = call.ids["key"]
        found = with_key(call, call.ids["space_id"], key)
        missing = no_component_key(key)
    else:
        found = call.table(Component).get(call.ids["id"])
        missing = no_component(call.ids["id"])
    if found is None or not may_see(call, found):
        raise missing
    return found


def may_see(call: Call, component: Component) -> bool:
    """Anonymous callers see the published ones only."""
    return component.published or call.caller is not None


def with_key(call: Call, space_id: int | str, key: str) -> Component | None:
    """The component of this key in a space."""
    for component in call.table(Component).values():
        if component.key == key and str(component.space_id) == str(space_id):
            return component
    return None


def by_parent(components: Iterable[Component]) -> dict[int, list[Component]]:
    """Children by the id of their parent."""
    children: dict[int, list[Component]] = {}
    for component in components:
        if component.parent_id is not None:
            children.setdefault(component.parent_id, []).append(component)
    return children


def ancestors(table: Mapping[str, Component], component: Component) -> list[Component]:
    """The parents, nearest first."""
    found: dict[int, Component] = {}
    parent = table.get(str(component.parent_id))
    while parent is not None and parent.id not in found:
        found[parent.id] = parent
        parent = table.get(str(parent.parent_id))
    return list(found.values())


def below(table: Mapping[str, Component], component: Component) -> dict[int, Component]:
    """All descendants, by id."""
    children = by_parent(table.values())
    found: dict[int, Component] = {}
    waiting = [component]
    while waiting:
        for child in children.get(waiting.pop().id, ()):
            if child.id not in found:
                found[child.id] = child
                waiting.append(child)
    return found
