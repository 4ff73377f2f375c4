"""Product, for an import: everything that was ever changed, with all its values."""

from __future__ import annotations

from collections.abc import Mapping

from reconciler.model.kind import Kind
from reconciler.model.live import Collection, Demand


def everything(kind: Kind, target: str, others: Mapping[str, Collection]) -> Demand:  # noqa: ARG001 - the verb's shape
    """All products (OC-R138)."""
    return Demand(target, kind.name, details=({"every": True},))
