"""ModelRoles, for an import: every group is asked about, one by one, and no person: that would take a request for
each of them (OA-R176)."""

from __future__ import annotations

from collections.abc import Mapping

from reconciler.model.drafted import Drafted
from reconciler.model.json import JsonObject
from reconciler.model.kind import Kind
from reconciler.model.live import Collection, Demand, Resource
from reconciler.model.record import replace
from reconciler.providers.omni_analytics.role_reads import GROUP, KINDS, ROLES


def everything(kind: Kind, target: str, others: Mapping[str, Collection]) -> Demand:
    """One look per group."""
    groups = others[KINDS[GROUP]].resources if KINDS[GROUP] in others else ()
    about: JsonObject = {"address": "", "word": GROUP, "wanted": [], "alias": False}
    return Demand(target, kind.name, details=tuple({**about, "id": r.id, "key": {GROUP: r.key}} for r in groups))


def draft(kind: Kind, resource: Resource, drafted: Drafted, listed: Collection) -> Drafted:  # noqa: ARG001 - the verb's shape
    """Who has been given nothing needs no document."""
    return drafted if drafted.spec.get(ROLES) else replace(drafted, refusal="it has been given no role itself")
