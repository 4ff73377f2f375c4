"""Labels of classifications and nodes: what leaves the manifest stays, and what is sent is all there is."""

from __future__ import annotations

from reconciler.model.change import Change, Delta
from reconciler.model.json import Json, pick

LABELS = "labels"


def live_labels(fields: Json) -> dict[str, str]:
    """Locale -> text, of a live thing's field."""
    return {str(pick(e, "/locale")): str(pick(e, "/text")) for e in (fields if isinstance(fields, list) else [])}


def wanted_labels(change: Change) -> dict[str, str]:
    """Every declared label, by its locale."""
    delta = change.deltas.get(LABELS, Delta())
    return {str(e.wire["locale"]): str(e.wire["text"]) for e in (*delta.kept, *delta.change, *delta.add)}


def standing_labels(change: Change | None) -> dict[str, str]:
    """The declared labels that are as they should be, whether a list shows them or not."""
    delta = change.deltas.get(LABELS, Delta()) if change is not None else Delta()
    return {str(e.wire["locale"]): str(e.wire["text"]) for e in delta.kept}
