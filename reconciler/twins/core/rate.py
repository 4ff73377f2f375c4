"""A rate limit: so many requests per token within a sliding window."""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Callable


class Rate:
    """At most `limit` requests per token in any `window` seconds of the clock `now`; no limit with None."""

    def __init__(self, limit: int | None, window: float = 60.0, now: Callable[[], float] = time.monotonic) -> None:
        self.limit = limit
        self.window = window
        self.now = now
        self._seen: dict[str, deque[float]] = {}

    def wait(self, token: str, *, count_refused: bool = False) -> float | None:
        """Count one request and answer None; or, over the limit, answer the seconds to wait.

        With `count_refused` a request over the limit counts too, so that a client that hammers is never let in.
        """
        if self.limit is None:
            return None
        now = self.now()
        seen = self._seen.setdefault(token, deque())
        while seen and seen[0] <= now - self.window:
            seen.popleft()
        if len(seen) < self.limit:
            seen.append(now)
            return None
        wait = seen[-self.limit] + self.window - now
        if count_refused:
            seen.append(now)
            wait = seen[-self.limit] + self.window - now
        return wait

    def clear(self) -> None:
        self._seen.clear()
