"""BookingPlan: the bookings of some people in some weeks; the tracker has bookings and no plans (ST-R72)."""

from __future__ import annotations

from reconciler.providers.studio_tracker.booking_calls import bound, calls, settled
from reconciler.providers.studio_tracker.booking_check import check
from reconciler.providers.studio_tracker.booking_lists import details, guarding, narrow, parse, reads, showing
from reconciler.providers.studio_tracker.booking_review import review

__all__ = [
    "bound",
    "calls",
    "check",
    "details",
    "guarding",
    "narrow",
    "parse",
    "reads",
    "review",
    "settled",
    "showing",
]
