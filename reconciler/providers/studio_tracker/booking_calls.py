"""The calls that bring bookings to what is declared, and how many are needed at least (ST-R80 to ST-R84)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final

from reconciler.model.change import Change, Delta, Entry, Value
from reconciler.model.entries import entry_text
from reconciler.model.json import JsonObject
from reconciler.model.kind import Kind
from reconciler.model.live import Collection
from reconciler.model.normalise import instant
from reconciler.model.plan import Call, Effect, Phase
from reconciler.model.record import replace
from reconciler.providers import rest
from reconciler.providers.studio_tracker.booking_lists import BOOKINGS

POST: Final = "/api/resources/bookings"
DELETE: Final = "/api/resources/bookings/{id}"


def calls(kind: Kind, changes: Sequence[Change]) -> list[Call]:
    """One call per booking that is too many or missing, two for one that is otherwise than declared: there is no
    way to change one. All deletes come before the first post (ST-R83)."""
    found = [c for change in changes if change.writes for c in _of_plan(kind, change)]
    deletes = frozenset(c.id for c in found if c.method == "DELETE")
    return [replace(c, follows=deletes - c.after) if c.method == "POST" else c for c in found]


def _delta(change: Change) -> Delta:
    return change.deltas.get(BOOKINGS, Delta())


def _of_plan(kind: Kind, change: Change) -> Iterator[Call]:
    delta = _delta(change)
    for entry in delta.remove:
        yield _delete(kind, change, entry, Phase.REMOVE)
    for entry in delta.change:
        gone = _delete(kind, change, entry, Phase.CHANGE)
        yield gone
        yield replace(_post(kind, change, entry), after=frozenset({gone.id}))
    for entry in delta.add:
        yield _post(kind, change, entry)


def _delete(kind: Kind, change: Change, entry: Entry, phase: Phase) -> Call:
    """`live_id` is the plan's; the booking's own id stands in the path."""
    again, note = ", to be made anew" if phase is Phase.CHANGE else "", entry.live.get("note")
    return Call(
        id=f"{change.address}#{BOOKINGS}:delete:{entry_text(entry.id)}",
        target=change.address.target,
        kind=kind.name,
        address=change.address,
        method="DELETE",
        path=DELETE,
        args={"id": entry.live["id"]},
        phase=phase,
        summary=f"delete the booking {entry.shown}{again}",
        effect=Effect(set_field=BOOKINGS, absent=(entry.id,)),
        live_id=change.live.id if change.live else None,
        set_field=BOOKINGS,
        keeps={"note": note} if phase is Phase.CHANGE and "note" not in entry.wire and note is not None else {},
    )


def _post(kind: Kind, change: Change, entry: Entry) -> Call:
    """A booking made anew keeps the note that nobody declares (ST-R81)."""
    note = entry.wire.get("note", entry.live.get("note"))
    user, date, number, hours = (entry.wire[n] for n in ("user", "date", "jobNumber", "hours"))
    body: dict[str, Value] = {"userId": user, "date": date, "jobNumber": number, "hours": hours}
    body |= {} if note is None else {"note": note}
    shown: JsonObject = {"/userId": user, "/date": instant(date), "/jobNumber": number, "/hours": hours}
    return Call(
        id=f"{change.address}#{BOOKINGS}:post:{entry_text(entry.id)}",
        target=change.address.target,
        kind=kind.name,
        address=change.address,
        method="POST",
        path=POST,
        phase=Phase.ADD,
        body=body,
        summary=f"book {entry.shown}, {hours} h",
        expect=shown | ({} if note is None else {"/note": note}),
        effect=Effect(set_field=BOOKINGS, present=((entry.id, {**entry.wire, "note": note}),)),
        live_id=change.live.id if change.live else None,
        set_field=BOOKINGS,
    )


def bound(kind: Kind, changes: Sequence[Change]) -> int:  # noqa: ARG001 - the verb's shape
    """ST-C16: bookNew + 2 · bookChanged + bookDel."""
    deltas = [c.deltas[BOOKINGS] for c in changes if BOOKINGS in c.deltas]
    return sum(len(d.add) + 2 * len(d.change) + len(d.remove) for d in deltas)


def settled(kind: Kind, call: Call, live: Collection) -> bool | None:
    """A delete has happened when no booking has this id any more, whatever stands in its place by now (ST-R84)."""
    if not call.effect.absent:
        return rest.settled(kind, call, live)
    there = (r.fields.get(BOOKINGS) for r in live.resources if r.id == call.live_id)
    ids = {b["id"] for bookings in there if isinstance(bookings, list) for b in bookings if isinstance(b, dict)}
    return call.args["id"] not in ids
