"""Channel, where all are to be shown: by the one call whose body nobody documents."""

from __future__ import annotations

from collections.abc import Mapping

from reconciler.model.kind import Kind
from reconciler.model.live import Collection, Demand


def everything(kind: Kind, target: str, others: Mapping[str, Collection]) -> Demand:  # noqa: ARG001 - the verb's shape
    """All that `channels/query` names to an empty question (OC-R53)."""
    return Demand(target, kind.name, details=({"every": True},))
