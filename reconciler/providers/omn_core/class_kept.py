"""Labels of classifications and nodes: what leaves the manifest stays, and what is sent is all there is."""

from __future__ import annotations

from dataclasses import replace

from reconciler.model.change import Change, Delta, Verb
from reconciler.model.json import Json, pick

LABELS = "labels"


def kept(change: Change) -> Change:
    """A label that has left the manifest stays, managed no more: this API cannot take it away (OC-R21)."""
    delta = change.deltas.get(LABELS, Delta())
    if not delta.remove:
        return change
    gone = {e.shown for e in delta.remove}
    left = tuple(f for f in change.fields if not (f.path[:1] == (LABELS,) and f.path[1:] in {(g,) for g in gone}))
    shown = change.live is not None and LABELS in change.live.fields
    why = "this API cannot take a label away" if shown else "no list shows them, so they cannot be sent along"
    note = f"left in place: the labels in {', '.join(sorted(gone))} ({why})"
    deltas = {**change.deltas, LABELS: replace(delta, remove=(), others=(*delta.others, *delta.remove))}
    found = replace(change, fields=left, deltas=deltas, notes=(*change.notes, note))
    idle = change.verb is Verb.UPDATE and not left and not found.writes
    return replace(found, verb=Verb.NONE) if idle else found


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
