"""ConnectionEnvironments, for an import: there is nothing to be shown (OA-R146)."""

from __future__ import annotations

from collections.abc import Mapping

from reconciler.model.kind import Kind
from reconciler.model.live import Collection, Demand


def everything(kind: Kind, target: str, others: Mapping[str, Collection]) -> Demand | str:  # noqa: ARG001 - the verb's shape
    """Why there is nothing."""
    return "no list shows which connections are linked to which: declare them, with the `id` of each link"
