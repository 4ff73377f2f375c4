"""What is wrong with plans of bookings, seen from the files alone (ST-R73 to ST-R75)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import timedelta
from itertools import combinations
from typing import Final

from reconciler.model.document import Document
from reconciler.model.kind import Kind
from reconciler.model.place import Problem
from reconciler.providers.studio_tracker.booking_days import bookings_of, day, days_of, is_exact, users_of

LONGEST: Final = timedelta(days=731)


def check(kind: Kind, documents: Sequence[Document]) -> list[Problem]:  # noqa: ARG001 - the verb's shape
    """Days in their order, bookings inside the scope, and no booking that two plans lay claim to."""
    found: list[Problem] = []
    sound: list[Document] = []
    for document in documents:
        mistakes = [*_scope(document)]
        found += mistakes or _outside(document)
        sound += [] if mistakes else [document]
    for one, other in combinations(sorted(sound, key=lambda d: d.place), 2):
        found += _contested(one, other)
    return found


def _scope(document: Document) -> Iterator[Problem]:
    first, last = days_of(document)
    if last < first:
        text = f"{document.address}: `to` ({last}) is before `from` ({first})"
        yield Problem(document.at("spec", "scope", "to"), text, "swap the two", rule="ST-R73")
    elif last - first > LONGEST:
        text = f"{document.address}: the scope is longer than two years, a request for each of its weeks"
        yield Problem(document.at("spec", "scope", "to"), text, "split the plan", rule="ST-R73")


def _outside(document: Document) -> Iterator[Problem]:
    """Bookings that lie outside the plan's own scope would never be read again."""
    (first, last), people = days_of(document), {u.casefold() for u in users_of(document)}
    for i, booking in enumerate(bookings_of(document)):
        if not first <= day(booking["date"]) <= last:
            text = f"{document.address}: {booking['date']} is outside the scope, {first} to {last}"
            place = document.at("spec", "bookings", i, "date")
            yield Problem(place, text, "widen the scope, or take the booking out", rule="ST-R74")
        if str(booking["user"]).casefold() not in people:
            text = f"{document.address}: {booking['user']} is none of the people in the scope"
            place = document.at("spec", "bookings", i, "user")
            yield Problem(place, text, "add the address to `scope.users`, or take the booking out", rule="ST-R74")


def _contested(one: Document, other: Document) -> Iterator[Problem]:
    """Two plans over the same people and days, of which one is exact: it would remove what the other books. Else
    only the same booking twice is one too many."""
    (a, b), (c, d) = days_of(one), days_of(other)
    people = sorted({u.casefold() for u in users_of(one)} & {u.casefold() for u in users_of(other)})
    if not people or b < c or d < a:
        return
    if is_exact(one) or is_exact(other):
        text = f"{other.address}: the scope of {one.address} holds {people[0]} from {max(a, c)} to {min(b, d)} too"
        hint = f"one of the two is exact and would remove what the other books; the other is at {one.place}"
        yield Problem(other.at("spec", "scope"), text, hint, rule="ST-R75")
        return
    first = {_triple(booking): i for i, booking in enumerate(bookings_of(one))}
    for i, booking in enumerate(bookings_of(other)):
        if (j := first.get(_triple(booking))) is not None:
            text = f"{other.address}: {' '.join(_triple(booking))} is booked in {one.address} too"
            hint = f"take one of the two out; the other is at {one.at('spec', 'bookings', j)}"
            yield Problem(other.at("spec", "bookings", i), text, hint, rule="ST-R75")


def _triple(booking: object) -> tuple[str, ...]:
    entry = booking if isinstance(booking, dict) else {}
    return str(entry.get("user")).casefold(), day(entry.get("date")).isoformat(), str(entry.get("jobNumber"))
