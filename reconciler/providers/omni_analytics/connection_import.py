"""Connection, for an import: what it was made with, no read returns (OA-R137)."""

from __future__ import annotations

from typing import Final

from reconciler.model.drafted import Drafted
from reconciler.model.kind import Kind
from reconciler.model.live import Collection, Resource
from reconciler.model.record import replace

NOTE: Final = (
    "Host, port, username, password and the like show in no read: once declared they are taken as they are."
)


def draft(kind: Kind, resource: Resource, drafted: Drafted, listed: Collection) -> Drafted:  # noqa: ARG001 - the verb's shape
    """What the list shows, under its id: it would not do to make such a connection."""
    return replace(drafted, notes=(*drafted.notes, NOTE), pin=True)
