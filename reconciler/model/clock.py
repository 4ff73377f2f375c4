"""Time as a value that can be handed in: the real one lives at the edge, tests turn their own."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from reconciler.model.record import Record


class Clock(Record, frozen=True):
    """`now`: seconds that only grow. `wall`: seconds since 1970. `sleep(seconds)`: let that much time go by."""

    now: Callable[[], float]
    wall: Callable[[], float]
    sleep: Callable[[float], Awaitable[None]]
