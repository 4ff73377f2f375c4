"""The twin's own time and numbers: both stand still until a write moves them, so every run is the same."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta


class Clock:
    """A clock that stands still. `tick` is called before each write takes effect."""

    def __init__(self, start: str, step: float = 1.0) -> None:
        self._now = parse_instant(start)
        self.step = step

    def now(self) -> str:
        """ISO 8601, UTC, milliseconds, `Z`."""
        return instant(self._now)

    def tick(self) -> str:
        """Move on by one step; the new time."""
        return self.advance(self.step)

    def advance(self, seconds: float) -> str:
        """Move on (or back); the new time."""
        self._now += timedelta(seconds=seconds)
        return self.now()

    def set(self, text: str) -> None:
        """Jump to an instant. Raises ValueError if it is none."""
        self._now = parse_instant(text)


class Counters:
    """Numbers for ids, one row per kind of thing, never reused. The first number is `seed` + 1."""

    def __init__(self, seed: int = 0) -> None:
        self.seed = seed
        self._last: dict[str, int] = {}

    def next(self, kind: str) -> int:
        """The next number of this kind."""
        self._last[kind] = self._last.get(kind, self.seed) + 1
        return self._last[kind]

    def dump(self) -> dict[str, int]:
        return dict(self._last)

    def load(self, saved: dict[str, int]) -> None:
        self._last = dict(saved)


def instant(moment: datetime) -> str:
    """ISO 8601, UTC, milliseconds, `Z`."""
    # Not by strftime, which writes the year 1 as `1`.
    return moment.astimezone(UTC).replace(tzinfo=None).isoformat(timespec="milliseconds") + "Z"


def parse_instant(text: str) -> datetime:
    """A date (midnight UTC) or a date with time (UTC where it names no offset). Raises ValueError."""
    moment = datetime.fromisoformat(text)
    return moment.astimezone(UTC) if moment.tzinfo else moment.replace(tzinfo=UTC)
