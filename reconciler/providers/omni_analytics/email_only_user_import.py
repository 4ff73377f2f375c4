"""EmailOnlyUser, for an import: the whole list."""

from __future__ import annotations

from collections.abc import Mapping

from reconciler.model.kind import Kind
from reconciler.model.live import Collection, Demand


def everything(kind: Kind, target: str, others: Mapping[str, Collection]) -> Demand:  # noqa: ARG001 - the verb's shape
    """Everybody, page by page (OA-R202)."""
    return Demand(target, kind.name, details=({"everybody": True},))
