"""Days and weeks of bookings, and what tells one booking from another."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import UTC, date, datetime, timedelta

from reconciler.model.document import Document
from reconciler.model.json import Json

WEEK = timedelta(days=7)


def day(value: Json) -> date:
    """The day of a date, or of an instant in UTC (ST-R77). Raises ValueError for what is neither."""
    if not isinstance(value, str):
        raise ValueError(f"{value!r} is no date")  # noqa: TRY004 - what an answer holds is no matter of types
    moment = datetime.fromisoformat(value)
    try:
        return (moment if moment.tzinfo is None else moment.astimezone(UTC)).date()
    except OverflowError:
        raise ValueError(f"{value!r} is beyond all days") from None


def today(seconds: float) -> date | None:
    """The day of a reading, UTC; None where nobody said when it was made."""
    return datetime.fromtimestamp(seconds, UTC).date() if seconds > 0 else None


def mondays(days: Iterable[date]) -> list[str]:
    """The weeks that hold these days, each by its Monday, in their order (ST-R76)."""
    return [d.isoformat() for d in sorted({d - timedelta(days=d.weekday()) for d in days})]


def weeks_between(first: date, last: date) -> list[str]:
    """The Mondays of all weeks from one day to another."""
    count = max(0, (last - first).days)
    return mondays([*(first + i * WEEK for i in range(count // 7 + 1)), max(first, last)])


def scope_of(document: Document) -> Mapping[str, Json]:
    found = document.spec.get("scope")
    return found if isinstance(found, dict) else {}


def users_of(document: Document) -> list[str]:
    found = scope_of(document).get("users")
    return [str(u) for u in found] if isinstance(found, list) else []


def days_of(document: Document) -> tuple[date, date]:
    """The first and the last day of a plan. Raises ValueError where they are none."""
    scope = scope_of(document)
    return day(scope.get("from")), day(scope.get("to"))


def bookings_of(document: Document) -> list[Mapping[str, Json]]:
    found = document.spec.get("bookings")
    return [b for b in found if isinstance(b, dict)] if isinstance(found, list) else []


def is_exact(document: Document) -> bool:
    return document.spec.get("bookingsMode") == "exact"
