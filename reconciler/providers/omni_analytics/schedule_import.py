"""Schedule, for an import: what a schedule cannot be declared without, and no read returns (OA-R71)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from reconciler.model.document import Manage
from reconciler.model.drafted import Drafted
from reconciler.model.json import Json, JsonObject
from reconciler.model.kind import Kind
from reconciler.model.live import Collection, Demand, Resource
from reconciler.model.record import replace
from reconciler.providers.omni_analytics.schedule_asked import OWNER, USERS
from reconciler.providers.omni_analytics.schedule_check import NEEDED
from reconciler.providers.omni_analytics.schedule_parse import A_TILE

UNKNOWN: Final = "(no read returns it)"


def everything(kind: Kind, target: str, others: Mapping[str, Collection]) -> Demand:  # noqa: ARG001 - the verb's shape
    """The schedules of all documents (OA-R67)."""
    return Demand(target, kind.name, details=({"everything": True},))


def inquiry(
    kind: Kind,  # noqa: ARG001 - the verb's shape
    spec: JsonObject,
    others: Mapping[str, Collection],  # noqa: ARG001
    asked: frozenset[str],  # noqa: ARG001
) -> JsonObject:
    """Everybody by address; owners are found by asking about each person, which nobody does here (OA-R70)."""
    return {name: value for name, value in spec.items() if name not in (OWNER, USERS)}


def draft(kind: Kind, resource: Resource, drafted: Drafted, listed: Collection) -> Drafted:  # noqa: ARG001 - the verb's shape
    """A change is sent whole (OA-R74), so a document that has to guess at a part of it only observes."""
    spec = {n: v for n, v in drafted.spec.items() if n not in (OWNER, USERS)}
    doubtful = listed.seen.get("doubtful")
    if isinstance(doubtful, dict) and resource.id in doubtful:
        return replace(drafted, refusal=f"its recipients could not be read: {doubtful[resource.id]}")
    unknown = [n for n in NEEDED.get(str(spec.get("destination")), ()) if n not in spec]
    ignore = tuple(unknown)
    held: dict[str, Json] = {**spec, **dict.fromkeys(unknown, UNKNOWN)}
    if spec.get("tile") == A_TILE:
        held["tile"], unknown = UNKNOWN, [*unknown, "tile"]
    if isinstance(alert := spec.get("alert"), dict):
        held["alert"], unknown = {**alert, "query": UNKNOWN}, [*unknown, "alert.query"]
    lost = {n: why for n, why in drafted.lost.items() if n != OWNER}
    if not unknown:
        return replace(drafted, spec=spec, lost=lost)
    note = f"Only observed: no read returns {', '.join(unknown)}. Write what it is, then take `lifecycle` out."
    notes = (*drafted.notes, note)
    return replace(drafted, spec=held, lost=lost, notes=notes, manage=Manage.OBSERVE, ignore=ignore)
