"""User, for an import: everybody whom any list names."""

from __future__ import annotations

from collections.abc import Mapping

from reconciler.model.json import JsonObject
from reconciler.model.kind import Kind
from reconciler.model.live import Collection, Demand
from reconciler.providers.studio_tracker.user import EMBEDDING


def everything(kind: Kind, target: str, others: Mapping[str, Collection]) -> Demand:  # noqa: ARG001 - the verb's shape
    """The lists that embed people, then invitations and workload, whoever they name."""
    lists: tuple[JsonObject, ...] = tuple({"embedded": path} for path in EMBEDDING.values())
    return Demand(target, kind.name, details=(*lists, {"everybody": True}))
