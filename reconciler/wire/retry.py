"""Whether a try that failed is worth another one, and after how long."""

from __future__ import annotations

import random
import re
from collections.abc import Mapping
from datetime import UTC
from email.utils import parsedate_to_datetime

from reconciler.model.faults import AnswerLost, ProviderUnreachable, RemoteFault
from reconciler.model.record import Record
from reconciler.wire.limits import Limits

THROTTLED = 429
_PASSING = (500, 502, 503, 504)
_SECONDS = re.compile(r"[+-]?[0-9]{1,12}(\.[0-9]{1,12})?")
_ENDLESS = 1e12


class Failure(Record, frozen=True):
    """A try that failed. `asked`: seconds a Retry-After names. `cut`: JSON without its end. `final`: it would fail
    in the same way again."""

    fault: RemoteFault
    asked: float | None = None
    cut: bool = False
    final: bool = False

    @property
    def throttled(self) -> bool:
        return self.fault.status == THROTTLED


def tries(failure: Failure, limits: Limits, *, read: bool, repeat: bool = True) -> int:
    """How many tries in all such a failure may have: a write gets another only if it certainly did nothing.
    `repeat` False: none after a refusal for haste either."""
    if failure.final or (failure.throttled and not repeat):
        return 1
    if isinstance(failure.fault, ProviderUnreachable):
        return limits.tries
    if failure.throttled:
        return limits.tries if read else limits.throttled_tries
    if not read:
        return 1
    if isinstance(failure.fault, AnswerLost) or failure.fault.status in _PASSING:
        return limits.tries
    return min(2, limits.tries) if failure.cut else 1


def pause(failure: Failure, attempt: int, limits: Limits, rng: random.Random) -> float:
    """Seconds until the next try: what the server asked for (capped), else doubling, with jitter."""
    if failure.asked:
        return min(failure.asked, limits.wait_cap)
    full: float = min(limits.backoff * 2.0 ** min(attempt - 1, 30), limits.backoff_cap)
    return full * rng.uniform(0.5, 1.0)


def asked(headers: Mapping[str, str], wall: float) -> float | None:
    """The seconds a Retry-After names, never negative; None without one that can be understood.

    A date is measured against the server's own `Date` where there is one, so that our clock need not be right.
    """
    text = headers.get("retry-after", "").strip()
    if _SECONDS.fullmatch(text):
        return max(0.0, float(text))
    if text.isascii() and text.isdigit():
        return _ENDLESS
    moment = _instant(text)
    if moment is None:
        return None
    now = _instant(headers.get("date", ""))
    return max(0.0, moment - (wall if now is None else now))


def _instant(text: str) -> float | None:
    """An HTTP date as seconds since 1970; None for anything else."""
    try:
        moment = parsedate_to_datetime(text)
        return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).timestamp()
    except (ValueError, TypeError, OverflowError, IndexError):
        return None
