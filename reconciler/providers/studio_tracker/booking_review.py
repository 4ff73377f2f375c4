"""What only plans of bookings know of their changes: jobs that there are not, the past, what leaves git (ST-R78,
ST-R86, ST-R88)."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from typing import Final

from reconciler.model.change import Change, Delta, Entry, FieldChange, Hold, Reason, Verb
from reconciler.model.document import Document
from reconciler.model.entries import entry_text, identity
from reconciler.model.json import ABSENT, Json, JsonObject
from reconciler.model.kind import Field, Kind
from reconciler.model.live import Collection
from reconciler.model.record import Record, replace
from reconciler.model.shows import entries_by_id
from reconciler.providers.studio_tracker.booking_days import day, days_of, is_exact, today
from reconciler.providers.studio_tracker.booking_lists import BOOKINGS

PAST: Final = "past"
MOST_NAMED: Final = 5
_PEOPLE: Final = "User/"


class Scene(Record, frozen=True):
    """What the reading told besides the bookings. `unknown`: job number -> the nearest that there are; None where
    nobody could tell. `nobody`, `people`: plan -> addresses that lead nowhere, ids of the others. `today`: None
    where nobody said when the reading was made."""

    kind: Kind
    unknown: JsonObject | None
    nobody: JsonObject
    people: JsonObject
    today: date | None

    def is_past(self, entry: Entry) -> bool:
        when = entry.wire.get("date", entry.live.get("date"))
        return self.today is not None and day(when) < self.today


def review(kind: Kind, changes: Sequence[Change], live: Collection) -> list[Change]:
    """Bookings that cannot be made, or must not be touched, are taken out one by one; the rest goes on."""
    unknown = live.seen.get("unknown")
    nobody, people = (_object(live.seen.get(word)) for word in ("nobody", "people"))
    scene = Scene(kind, unknown if isinstance(unknown, dict) else None, nobody, people, today(live.read_at))
    declared = [c for c in changes if c.document is not None]
    return [_leaving(c, declared, scene) if c.removes else _reviewed(c, scene) for c in changes]


def _reviewed(change: Change, scene: Scene) -> Change:
    """A plan is no thing that the tracker has, so it is ours from the start (ST-R72)."""
    document, delta = change.document, change.deltas.get(BOOKINGS)
    if document is None or delta is None:
        return change
    jobless = {entry_text(e.id) for e in (*delta.add, *delta.change) if _jobless(e, scene)}
    past = {entry_text(e.id) for e in _all(delta) if scene.is_past(e)} - jobless
    past = set() if PAST in document.lifecycle.allow else past
    found = _without(change, delta, jobless | past)
    holds = (*_no_such_job(delta, jobless, scene), *_in_the_past(delta, past))
    verb = Verb.UPDATE if found.verb is Verb.ADOPT and found.writes else found.verb
    notes = (*found.notes, *_notes(found, document, scene))
    return replace(found, verb=verb, was_made=True, holds=(*found.holds, *holds), notes=notes)


def _object(value: Json) -> JsonObject:
    return value if isinstance(value, dict) else {}


def _all(delta: Delta) -> tuple[Entry, ...]:
    return (*delta.add, *delta.change, *delta.remove)


def _jobless(entry: Entry, scene: Scene) -> bool:
    """Whether a booking is for a job that neither a document nor the tracker knows (ST-R78)."""
    return "jobNumber" not in entry.declared and entry.wire.get("jobNumber") in (scene.unknown or {})


def _without(change: Change, delta: Delta, out: set[str]) -> Change:
    """The change without these entries: what the ledger knows of them stays as it was. What is made anew is ours
    from then on."""

    def going(entries: Iterable[Entry]) -> tuple[Entry, ...]:
        return tuple(e for e in entries if entry_text(e.id) not in out)

    least = replace(delta, add=going(delta.add), change=going(delta.change), remove=going(delta.remove))
    before = {*(change.bond.entries.get(BOOKINGS, ()) if change.bond else ())}
    ours = ({*change.entries_ours.get(BOOKINGS, ())} - out) | (before & out)
    ours |= {entry_text(e.id) for e in least.change}
    recorded = change.bond.digests if change.bond else {}
    names = {f"{BOOKINGS}/{text}" for text in out}
    digests = {n: d for n, d in change.digests.items() if n not in names}
    digests |= {n: recorded[n] for n in names if n in recorded}
    return replace(
        change,
        deltas={**change.deltas, BOOKINGS: least},
        entries_ours={**change.entries_ours, BOOKINGS: tuple(sorted(ours))},
        digests=digests,
    )


def _no_such_job(delta: Delta, jobless: set[str], scene: Scene) -> Iterator[Hold]:
    numbers: dict[str, list[str]] = {}
    for entry in (*delta.add, *delta.change):
        if entry_text(entry.id) in jobless:
            numbers.setdefault(str(entry.wire["jobNumber"]), []).append(entry.shown)
    for number, shown in sorted(numbers.items()):
        near = (scene.unknown or {}).get(number)
        nearest = f"; nearest: {', '.join(map(str, near))}" if isinstance(near, list) and near else ""
        reason = f"there is no job '{number}'{nearest} ({_named(shown)})"
        way_out = "correct the number, or declare the Project"
        yield Hold("no-such-job", reason, way_out, final=True, only=BOOKINGS)


def _in_the_past(delta: Delta, past: set[str]) -> Iterator[Hold]:
    shown = [e.shown for e in _all(delta) if entry_text(e.id) in past]
    if shown:
        reason = f"{_count(shown)} would change in the past ({_named(shown)})"
        yield Hold(PAST, reason, "add `past` to lifecycle.allow, or leave what was as it was", True, BOOKINGS)


def _count(shown: Sequence[str]) -> str:
    return f"{len(shown)} bookings" if len(shown) > 1 else "1 booking"


def _named(shown: Sequence[str]) -> str:
    more = f" and {len(shown) - MOST_NAMED} more" if len(shown) > MOST_NAMED else ""
    return ", ".join(shown[:MOST_NAMED]) + more


def _notes(change: Change, document: Document, scene: Scene) -> Iterator[str]:
    """What is not looked at, and what could not be checked."""
    nobody = scene.nobody.get(change.live.id if change.live else "")
    booked = {str(b.get("user")) for b in _list(document.spec.get(BOOKINGS)) if isinstance(b, dict)}
    for address in _list(nobody):
        if str(address) not in booked:
            yield f"nobody is known as {address}: no booking of that person is looked at"
    delta = change.deltas[BOOKINGS]
    if delta.change:
        words = _count([e.shown for e in delta.change])
        yield f"no call changes a booking: {words} will be deleted and made anew"
    posts = [e for e in (*delta.add, *delta.change) if "jobNumber" not in e.declared]
    if posts and scene.unknown is None:
        yield "not verifiable: the job numbers (the tracker does not say which there are)"
    recorded = change.bond.entries.get(BOOKINGS, ()) if change.bond else ()
    left = [
        text
        for text in recorded
        if _outside(text, document, scene.people.get(change.live.id if change.live else ""))
    ]
    if left:
        yield f"left in place: {_count(left)} made here, outside the scope now"


def _outside(text: str, document: Document, people: Json) -> bool:
    """Whether a recorded booking lies outside the scope as it is now."""
    (first, last), [user, when, _] = days_of(document), json.loads(text)
    return not (first <= day(when) <= last and user in _list(people))


def _list(value: Json) -> list[Json]:
    return value if isinstance(value, list) else []


def _leaving(change: Change, declared: Sequence[Change], scene: Scene) -> Change:
    """Of a plan that left git, to be deleted: the bookings that we made, as far as no other plan speaks of them
    and they are not past; nobody else's (ST-R88)."""
    live = change.live.fields.get(BOOKINGS) if change.live else None
    field = scene.kind.fields[BOOKINGS]
    taken = {text for other in declared for text in _spoken_for(other, field)}
    allowed = PAST in (change.bond.allow if change.bond else ())
    people = _addresses(change)
    going: list[Entry] = []
    stay: list[str] = []
    for text, booking in entries_by_id(field, live).items():
        if not isinstance(booking, dict):
            stay.append(f"more than one booking is {_shown(booking, people)}: none is deleted")
            continue
        entry = Entry(_shown(booking, people), identity(field, booking), {}, live=booking)
        if text in taken:
            stay.append(f"left in place: {entry.shown} (another plan speaks of it)")
        elif scene.is_past(entry) and not allowed:
            stay.append(f"left in place: {entry.shown} (past)")
        else:
            going.append(entry)
    if not going:
        why = "left git; no booking made here is left to delete"
        return replace(change, verb=Verb.RELEASE, live=None, notes=(*change.notes, why, *stay))
    fields = tuple(FieldChange((BOOKINGS, e.shown), dict(e.live), ABSENT, Reason.INTENT) for e in going)
    why = f"deletes {_count([e.shown for e in going])} made here; what others booked stays"
    delta = Delta(remove=tuple(going))
    return replace(change, deltas={BOOKINGS: delta}, fields=fields, notes=(*change.notes, why, *stay))


def _addresses(change: Change) -> dict[str, str]:
    """Id -> address of the people whom the plan named when it was applied last: nobody reads them any more."""
    named = change.bond.names if change.bond else {}
    return {own: at.removeprefix(_PEOPLE) for at, own in named.items() if at.startswith(_PEOPLE)}


def _shown(booking: Json, people: Mapping[str, str]) -> str:
    one = booking[0] if isinstance(booking, list) else booking
    if not isinstance(one, dict):
        return ""
    return " ".join((people.get(str(one["user"]), str(one["user"])), str(one["date"]), str(one["jobNumber"])))


def _spoken_for(other: Change, field: Field) -> Iterator[str]:
    """The bookings that another plan declares, and those that it may remove by itself."""
    delta = other.deltas.get(BOOKINGS, Delta())
    yield from (entry_text(e.id) for e in (*delta.kept, *_all(delta)))
    there = other.live.fields.get(BOOKINGS) if other.live else None
    yield from entries_by_id(field, there) if other.document and is_exact(other.document) else ()
