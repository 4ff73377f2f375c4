"""What a manifest of keywords must not say, and what it must not do to the keywords that are live."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from reconciler.model.change import Change, Delta, Hold, Verb
from reconciler.model.document import Document
from reconciler.model.json import Json, JsonObject
from reconciler.model.kind import Kind
from reconciler.model.live import Collection, Resource
from reconciler.model.place import Problem
from reconciler.providers.omn_core.forest import taken
from reconciler.providers.omn_core.listing import chain
from reconciler.providers.omn_core.piece import (
    IN_THE_WAY,
    PLAIN,
    ROOT,
    Piece,
    Slot,
    piece,
    pieces,
    slots,
    values,
)

_UNCARRIED = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
"""What XML 1.0 cannot carry (OC-R20)."""


def check(kind: Kind, documents: Sequence[Document]) -> list[Problem]:
    """Values that the server could not keep as they are, and siblings of one label (OC-R20, OC-R22)."""
    return [*_values(kind, documents), *_twins(kind, documents)]


def _values(kind: Kind, documents: Sequence[Document]) -> Iterator[Problem]:
    for document in documents:
        for name in chain(document.spec.get(kind.key)):
            if why := _wrong(name):
                text = f"{document.address}: the value {name!r} {why}"
                yield Problem(document.at("spec", kind.key), text, rule="OC-R20")
        for i, label in _labels(document):
            value = label.get("text")
            if isinstance(value, str) and (why := _wrong(value)):
                place = document.at("spec", "labels", i, "text")
                yield Problem(place, f"{document.address}: the label {value!r} {why}", rule="OC-R20")


def _wrong(value: str) -> str:
    if not value or value != value.strip():
        return "is empty, or has a blank at its beginning or end; take it away"
    if len(value.splitlines()) > 1:
        return "has a line break; write it in one line"
    return "has a character that XML cannot carry; take it away" if _UNCARRIED.search(value) else ""


def _labels(document: Document) -> Iterator[tuple[int, Mapping[str, Json]]]:
    labels = document.spec.get("labels")
    for i, label in enumerate(labels if isinstance(labels, list) else []):
        if isinstance(label, dict):
            yield i, label


def _twins(kind: Kind, documents: Sequence[Document]) -> Iterator[Problem]:
    """The chain itself is the key, and every key is declared once anyhow."""
    first: dict[tuple[object, ...], Document] = {}
    for document in documents:
        above = chain(document.spec.get(kind.key))[:-1]
        for i, label in _labels(document):
            other = first.setdefault((above, label.get("locale"), label.get("text")), document)
            if other is not document:
                text = f"{document.address}: its sibling {other.address} has the label {label.get('text')!r} too"
                place = document.at("spec", "labels", i, "text")
                yield Problem(
                    place, text, f"in {label.get('locale')}, siblings need labels of their own", rule="OC-R22"
                )


def review(kind: Kind, changes: Sequence[Change], live: Collection) -> list[Change]:
    """Labels are never taken away; values that others keep are not taken; what is in the way of a move is
    noted."""
    found = [_kept(change) for change in changes]
    return _noted(kind, _free_to_go(kind, found, live), live)


def _kept(change: Change) -> Change:
    """A label that has left the manifest stays, managed no more: this API cannot take it away (OC-R21)."""
    delta = change.deltas.get("labels", Delta())
    if not delta.remove:
        return change
    gone = {e.shown for e in delta.remove}
    left = tuple(
        f for f in change.fields if not (f.path[:1] == ("labels",) and f.path[1:] in {(g,) for g in gone})
    )
    note = f"left in place: the labels in {', '.join(sorted(gone))} (this API cannot take a label away)"
    deltas = {**change.deltas, "labels": replace(delta, remove=(), others=(*delta.others, *delta.remove))}
    kept = replace(change, fields=left, deltas=deltas, notes=(*change.notes, note))
    idle = change.verb is Verb.UPDATE and not left and not kept.writes
    return replace(kept, verb=Verb.NONE) if idle else kept


def _free_to_go(kind: Kind, changes: list[Change], live: Collection) -> list[Change]:
    """Hold whatever would take a value that a sibling keeps (OC-R22), and again, now that those stay as they
    are."""
    for _ in range(len(changes) + 1):
        pieced = {p.change.address: p for p in pieces(kind, changes)}
        keeps = _keeps([*pieced.values()], live)
        waiting = [p for p in pieced.values() if any(not h.only for h in p.change.holds)]
        stuck = {p.path: p for p in waiting if p.created or p.path != p.old_path}
        found = [_held(c, pieced.get(c.address), keeps, stuck) for c in changes]
        if all(a is b for a, b in zip(changes, found, strict=True)):
            return found
        changes = found
    return changes


def _held(
    change: Change,
    one: Piece | None,
    keeps: Mapping[Slot, Sequence[Resource | Piece]],
    stuck: Mapping[tuple[str, ...], Piece],
) -> Change:
    hold = (_taken(one, keeps) or _beneath(one, stuck)) if one and not _stays(one) else None
    return replace(change, holds=(*change.holds, hold)) if hold and hold not in change.holds else change


def _beneath(one: Piece, stuck: Mapping[tuple[str, ...], Piece]) -> Hold | None:
    """What is to be made or put beneath a keyword that does not get there has no place."""
    if not (one.created or one.moved or one.renamed):
        return None
    above = next((stuck[one.path[:n]] for n in range(1, len(one.path)) if one.path[:n] in stuck), None)
    if above is None:
        return None
    at, final = above.change.address, _stays(above)
    return Hold("depends-on", f"{at} is held, and this lies beneath it", f"mend {at} first", final=final)


def _stays(one: Piece) -> bool:
    return any(h.final and not h.only for h in one.change.holds)


def _keeps(pieced: Sequence[Piece], live: Collection) -> dict[Slot, list[Resource | Piece]]:
    """Who will have each value: what is to be, what stays because it is held, and what nobody touches."""
    known = {p.change.live.id for p in pieced if p.change.live}
    found: dict[Slot, list[Resource | Piece]] = {}
    for one in pieced:
        stays = _stays(one)
        for slot in slots(one.out_of, one.was) if stays else slots(one.into, one.will):
            found.setdefault(slot, []).append(one)
    for other in live.resources:
        if other.id not in known:
            for slot in slots(other.parent or ROOT, values(other)):
                found.setdefault(slot, []).append(other)
    return found


def _taken(one: Piece, keeps: Mapping[Slot, Sequence[Resource | Piece]]) -> Hold | None:
    if one.doomed:
        return None
    for slot in sorted(slots(one.into, one.will) - slots(one.out_of, one.was)):
        others = [k for k in keeps.get(slot, ()) if k is not one]
        if others:
            return _value_taken(slot, others[0])
    return None


def _value_taken(slot: Slot, other: Resource | Piece) -> Hold:
    where = "the unlocalized value" if slot[1] == PLAIN else f"the label in {slot[1]}"
    label = str(other.change.address) if isinstance(other, Piece) else f"'{other.label}' (id {other.id})"
    reason = f"{where} {slot[2]!r} is that of its sibling {label}"
    return Hold("value-taken", reason, "choose another value, or change the sibling's first", final=True)


def _noted(kind: Kind, changes: list[Change], live: Collection) -> list[Change]:
    """On every keyword that moves and changes: the values on its way that are in use (OC-R26)."""
    pieced = [piece(kind, c) for c in changes if c.live is not None]
    moving = [p for p in pieced if p.moved]
    if not moving:
        return changes
    touched = {p.name for p in pieced if not _stays(p) and (p.moved or p.spoken or p.doomed)}
    used = {s for r in live.resources if r.id not in touched for s in slots(r.parent or ROOT, values(r))}
    notes = {p.change.address: sorted(_way(p) & used) for p in moving}
    return [_with_note(c, notes[c.address]) if notes.get(c.address) else c for c in changes]


def _way(one: Piece) -> set[Slot]:
    """The values it has for a while: by a rename before its move, or by a move before its rename."""
    return (taken(one) | slots(one.into, one.was)) - slots(one.out_of, one.was)


def _with_note(change: Change, used: Sequence[Slot]) -> Change:
    if change.live is None:
        return change
    fields: JsonObject = {**change.live.fields, IN_THE_WAY: [list[Json](slot) for slot in used]}
    return replace(change, live=replace(change.live, fields=fields))
