"""Project, for an import: what only the creation takes."""

from __future__ import annotations

from collections.abc import Mapping

from reconciler.model.drafted import Drafted
from reconciler.model.json import JsonObject
from reconciler.model.kind import Kind
from reconciler.model.live import Collection, Resource
from reconciler.model.record import replace
from reconciler.providers.studio_tracker.project_rows import OUTPUTS


def inquiry(
    kind: Kind,  # noqa: ARG001 - the verb's shape
    spec: JsonObject,
    others: Mapping[str, Collection],  # noqa: ARG001
    asked: frozenset[str],  # noqa: ARG001
) -> JsonObject:
    """Nothing is made, so nobody asks whether the server could."""
    return {name: value for name, value in spec.items() if name != OUTPUTS}


def draft(kind: Kind, resource: Resource, drafted: Drafted, listed: Collection) -> Drafted:  # noqa: ARG001 - the verb's shape
    """How many deliverables a project was made with is no matter any more (ST-R37)."""
    return replace(drafted, spec={name: value for name, value in drafted.spec.items() if name != OUTPUTS})
