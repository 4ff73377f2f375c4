"""Model, for an import: what it was made with no read returns, and a schema model has no name (OA-R167)."""

from __future__ import annotations

from typing import Final

from reconciler.model.drafted import Drafted
from reconciler.model.kind import Kind
from reconciler.model.live import Collection, Resource
from reconciler.model.record import replace
from reconciler.providers.omni_analytics.model_check import SCHEMA

NOTE: Final = "Access grants and `allowAsWorkbookBase` show in no read: once declared they are taken as they are."


def draft(kind: Kind, resource: Resource, drafted: Drafted, listed: Collection) -> Drafted:  # noqa: ARG001 - the verb's shape
    """What the list shows, under its id: it would not do to make such a model."""
    if drafted.spec.get("modelKind") == SCHEMA:
        spec = {name: value for name, value in drafted.spec.items() if name != kind.key}
        return replace(drafted, spec=spec, pin=True)
    return replace(drafted, notes=(*drafted.notes, NOTE), pin=True)
