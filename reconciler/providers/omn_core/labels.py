"""Labels in locales, of whatever has them: read, sent whole, never taken away (OC-R21, OC-R23). Pure.

Live they are the field `labels`: `[{locale, text}]`, in a change the set of that name; in a record and in a body
`{"name": {"itm": [{loc, value}]}}`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from reconciler.model.change import Change, Delta, Value, Verb
from reconciler.model.document import Document
from reconciler.model.json import Json, JsonObject, pick
from reconciler.model.place import Problem
from reconciler.model.record import replace
from reconciler.providers.omn_core.notation import localized
from reconciler.providers.omn_core.texts import amiss

LABELS = "labels"


def parsed(record: Json) -> list[Json]:
    """The labels of a record, each locale once."""
    return [{"locale": locale, "text": text} for locale, text in localized(pick(record, "/name")).items()]


def whole(change: Change) -> dict[str, str]:
    """Every label as it is to be: the live ones overlaid with the declared, by locale; of a thing that is made
    anew the declared ones alone."""
    anew = change.live is None or change.verb is Verb.REPLACE
    return ({} if anew else _live(change)) | declared(change)


def declared(change: Change) -> dict[str, str]:
    """The labels that the document says, by locale."""
    delta = change.deltas.get(LABELS, Delta())
    return {str(e.wire["locale"]): str(e.wire["text"]) for e in (*delta.kept, *delta.change, *delta.add)}


def wire(labels: Mapping[str, str]) -> JsonObject:
    """What a body says of them: `{"name": …}`, or nothing where there is none, since nothing empty is sent."""
    items: list[Json] = [{"loc": locale, "value": labels[locale]} for locale in sorted(labels)]
    return {"name": {"itm": items}} if items else {}


def shown(labels: Mapping[str, str]) -> tuple[tuple[Value, Mapping[str, Value]], ...]:
    """The same as what live must show of the set: an effect's `present`."""
    return tuple((locale, {"locale": locale, "text": text}) for locale, text in sorted(labels.items()))


def kept(change: Change) -> Change:
    """A label that has left the manifest stays, managed no more: this API cannot take it away (OC-R21)."""
    delta = change.deltas.get(LABELS, Delta())
    if not delta.remove:
        return change
    gone = {e.shown for e in delta.remove}
    left = tuple(f for f in change.fields if not (f.path[:1] == (LABELS,) and f.path[1:] in {(g,) for g in gone}))
    seen = change.live is not None and LABELS in change.live.fields
    why = "this API cannot take a label away" if seen else "no list shows them, so they cannot be sent along"
    note = f"left in place: the labels in {', '.join(sorted(gone))} ({why})"
    deltas = {**change.deltas, LABELS: replace(delta, remove=(), others=(*delta.others, *delta.remove))}
    found = replace(change, fields=left, deltas=deltas, notes=(*change.notes, note))
    idle = change.verb is Verb.UPDATE and not left and not found.writes
    return replace(found, verb=Verb.NONE) if idle else found


def problems(document: Document) -> Iterator[Problem]:
    """Labels that the server could not keep as they are (OC-R20)."""
    said = document.spec.get(LABELS)
    for i, label in enumerate(said if isinstance(said, list) else []):
        text = pick(label, "/text")
        if isinstance(text, str) and (why := amiss(text)):
            place = document.at("spec", LABELS, i, "text")
            yield Problem(place, f"{document.address}: the label {text!r} {why}", rule="OC-R20")


def _live(change: Change) -> dict[str, str]:
    known = change.live.fields.get(LABELS) if change.live else None
    found = known if isinstance(known, list) else []
    return {str(pick(one, "/locale")): str(pick(one, "/text")) for one in found}
