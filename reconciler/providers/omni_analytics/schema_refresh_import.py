"""SchemaRefresh, for an import: its times are its only name (OA-R149)."""

from __future__ import annotations

from reconciler.model.document import Manage
from reconciler.model.drafted import Drafted
from reconciler.model.kind import Kind
from reconciler.model.live import Collection, Resource
from reconciler.model.normalise import cron
from reconciler.model.record import replace
from reconciler.providers.omni_analytics.schema_refresh_reads import TIMES


def draft(kind: Kind, resource: Resource, drafted: Drafted, listed: Collection) -> Drafted:  # noqa: ARG001 - the verb's shape
    """With its id where another has the same times; one that the server has disabled is only looked at."""
    alike = [r for r in listed.resources if _times(r) == _times(resource)]
    found = replace(
        drafted,
        spec={**drafted.spec, "cron": cron(resource.fields[TIMES])},
        lost={n: why for n, why in drafted.lost.items() if n != "cron"},
        pin=len(alike) > 1,
    )
    if resource.fields.get("disabledAt") is None:
        return found
    note = "Only observed: the server has it disabled, and this API cannot enable it (see `recreateIfDisabled`)."
    return replace(found, manage=Manage.OBSERVE, notes=(*found.notes, note))


def _times(one: Resource) -> tuple[object, ...]:
    return one.fields.get("connection"), cron(one.fields.get(TIMES)), one.fields.get("timezone")
