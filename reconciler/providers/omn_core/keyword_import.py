"""Keyword, for an import: the whole forest."""

from __future__ import annotations

from collections.abc import Mapping

from reconciler.model.kind import Kind
from reconciler.model.live import Collection, Demand


def everything(kind: Kind, target: str, others: Mapping[str, Collection]) -> Demand:  # noqa: ARG001 - the verb's shape
    """Every root, by itself where the list shows roots only (OC-R12)."""
    return Demand(target, kind.name, details=({"every": True},))
