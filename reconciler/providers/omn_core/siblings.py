"""Things of a tree that lie in one: who keeps which value, who may not take it, and who stands in whose way."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from reconciler.model.change import Change, Hold
from reconciler.model.json import Json, JsonObject
from reconciler.model.kind import Kind
from reconciler.model.live import Collection, Resource
from reconciler.model.record import replace
from reconciler.providers.omn_core.forest import taken
from reconciler.providers.omn_core.piece import (
    IN_THE_WAY,
    PLAIN,
    Piece,
    Slot,
    lies_in,
    piece,
    pieces,
    slots,
    values,
)


def free_to_go(kind: Kind, changes: list[Change], live: Collection) -> list[Change]:
    """Hold whatever would take a value that a sibling keeps (OC-R22, OC-R107), and again, now that those stay as
    they are."""
    for _ in range(len(changes) + 1):
        pieced = {p.change.address: p for p in pieces(kind, changes)}
        keeps = _keeps([*pieced.values()], live)
        waiting = [p for p in pieced.values() if any(not h.only for h in p.change.holds)]
        stuck = {p.path: p for p in waiting if p.created or p.path != p.old_path}
        found = [_held(kind, c, pieced.get(c.address), keeps, stuck) for c in changes]
        if all(a is b for a, b in zip(changes, found, strict=True)):
            return found
        changes = found
    return changes


def _held(
    kind: Kind,
    change: Change,
    one: Piece | None,
    keeps: Mapping[Slot, Sequence[Resource | Piece]],
    stuck: Mapping[tuple[str, ...], Piece],
) -> Change:
    hold = (_taken(kind, one, keeps) or _beneath(one, stuck)) if one and not _stays(one) else None
    return replace(change, holds=(*change.holds, hold)) if hold and hold not in change.holds else change


def _beneath(one: Piece, stuck: Mapping[tuple[str, ...], Piece]) -> Hold | None:
    """What is to be made or put beneath a thing that does not get there has no place."""
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
            for slot in slots(lies_in(other), values(other)):
                found.setdefault(slot, []).append(other)
    return found


def _taken(kind: Kind, one: Piece, keeps: Mapping[Slot, Sequence[Resource | Piece]]) -> Hold | None:
    if one.doomed:
        return None
    for slot in sorted(slots(one.into, one.will) - slots(one.out_of, one.was)):
        others = [k for k in keeps.get(slot, ()) if k is not one]
        if others:
            return _value_taken(kind, slot, others[0])
    return None


def _value_taken(kind: Kind, slot: Slot, other: Resource | Piece) -> Hold:
    where = "the unlocalized value" if slot[1] == PLAIN else f"the label in {slot[1]}"
    label = str(other.change.address) if isinstance(other, Piece) else f"'{other.label}' (id {other.id})"
    if "labels" not in kind.fields:
        reason = f"the name {slot[2]!r} is that of its sibling {label}"
        return Hold("name-taken", reason, "choose another name, or change the sibling's first", final=True)
    reason = f"{where} {slot[2]!r} is that of its sibling {label}"
    return Hold("value-taken", reason, "choose another value, or change the sibling's first", final=True)


def noted(kind: Kind, changes: list[Change], live: Collection) -> list[Change]:
    """On everything that moves and changes: the values on its way that are in use (OC-R26, OC-R112)."""
    pieced = [piece(kind, c) for c in changes if c.live is not None]
    moving = [p for p in pieced if p.moved]
    if not moving:
        return changes
    touched = {p.name for p in pieced if not _stays(p) and (p.moved or p.spoken or p.doomed)}
    used = {s for r in live.resources if r.id not in touched for s in slots(lies_in(r), values(r))}
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
