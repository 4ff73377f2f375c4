"""Folder, for an import: its permissions, where somebody asked for them. Nothing lists them, so everybody is asked
about in every folder (OA-R54)."""

from __future__ import annotations

from collections.abc import Mapping

from reconciler.model.json import Json, JsonObject
from reconciler.model.kind import Kind
from reconciler.model.live import Collection
from reconciler.providers.omni_analytics.folder_permissions import PERMISSIONS


def inquiry(
    kind: Kind,  # noqa: ARG001 - the verb's shape
    spec: JsonObject,
    others: Mapping[str, Collection],
    asked: frozenset[str],
) -> JsonObject:
    """A grant for everybody and every group: whose it is, the answers tell."""
    found = {name: value for name, value in spec.items() if name != PERMISSIONS}
    if PERMISSIONS not in asked:
        return found
    grants: list[Json] = []
    for key, kind_name in (("users", "User"), ("groups", "UserGroup")):
        names = _names(others.get(kind_name, Collection(kind_name)))
        grants += [{"role": "VIEWER", key: names}] if names else []
    return {**found, "permissionsMode": "additive", PERMISSIONS: grants}


def _names(there: Collection) -> list[Json]:
    return sorted({str(r.key) for r in there.resources if r.key})  # type: ignore[return-value]
