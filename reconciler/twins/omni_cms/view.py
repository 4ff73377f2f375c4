"""The world without anything that depends on who came first: no ids, no times, no secrets."""

from __future__ import annotations

import json
from collections.abc import Mapping

from reconciler.twins.core.twin import Twin
from reconciler.twins.core.values import Json
from reconciler.twins.omni_cms.things import Component, File, Space, User


def view(twin: Twin) -> dict[str, Json]:
    """`{"spaces": [{"name", "components": {key: {…}}}], "users": {email: {…}}}`.

    A component's `parent` is the key of its parent, `file` the digest of its file; both may be None. Spaces are
    sorted by all they hold, since their names may be the same.
    """
    components = list(twin.state.of(Component).values())
    spaces: list[dict[str, Json]] = [
        {
            "name": space.name,
            "components": {one.key: _shown(twin, one) for one in components if one.space_id == space.id},
        }
        for space in twin.state.of(Space).values()
    ]
    users: Mapping[str, Json] = {
        user.email: {"active": user.active, "apiKeyEnabled": user.api_key is not None}
        for user in twin.state.of(User).values()
    }
    return {"spaces": sorted(spaces, key=lambda space: json.dumps(space, sort_keys=True)), "users": users}


def _shown(twin: Twin, component: Component) -> Json:
    parent = twin.state.of(Component).get(str(component.parent_id))
    file = twin.state.of(File).get(str(component.id))
    return {
        "parent": parent.key if parent is not None else None,
        "componentType": component.component_type,
        "name": component.name,
        "content": component.content,
        "metadata": component.metadata,
        "tags": sorted(component.tags),
        "published": component.published,
        "visible": component.visible,
        "sequence": component.sequence,
        "file": file.sha256 if file is not None else None,
    }
