"""BookingPlan, for an import: there are bookings, and no plans."""

from __future__ import annotations

from collections.abc import Mapping

from reconciler.model.kind import Kind
from reconciler.model.live import Collection


def everything(kind: Kind, target: str, others: Mapping[str, Collection]) -> str:  # noqa: ARG001 - the verb's shape
    """Which days and people a plan speaks of is for whoever plans to say (ST-R72)."""
    return "the tracker has bookings and no plans; write one whose `scope` names the people and the days"
