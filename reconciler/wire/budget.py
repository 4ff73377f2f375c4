"""How many requests a minute a server gets from us, whoever of us asks."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager

from reconciler.model.clock import Clock

SPAN = 60.1
"""Seconds a place stays taken: the minute of the APIs, and a little for a server whose clock runs otherwise."""
_HAIR = 0.001  # a sleep may end this much early, and sums of floats are never exact


def expected_seconds(requests: int, per_minute: int | None, used: Sequence[float] = ()) -> float:
    """The least time until the last of so many requests may be sent.

    `used`: the ages in seconds of the requests that already count, answers not in yet having age 0.
    """
    if requests < 1 or per_minute is None:
        return 0.0
    leaves = sorted(SPAN - age for age in used if age < SPAN)[-per_minute:]
    rounds, place = divmod(requests - 1, per_minute)
    free = per_minute - len(leaves)
    return rounds * SPAN + (0.0 if place < free else leaves[place - free])


class Budget:
    """At most `per_minute` requests in any window of 60 s, in the order of asking; None: no limit is known.

    A request takes a place when it is sent and frees it a minute after it *ended*: whenever it reached the server
    in between, the server never counts more than we do. After a 429 the window counts as full (somebody else uses
    the same key), or closed for as long as the server said, and for a minute requests go one at a time.
    """

    def __init__(self, per_minute: int | None, clock: Clock, ended: deque[float] | None = None) -> None:
        """`ended`: when the requests ended that count already; kept up to date, so that a later budget of the same
        server goes on from there."""
        if per_minute is not None and per_minute < 1:
            raise ValueError(f"{per_minute} requests a minute is no rate")
        self._limit = per_minute
        self._clock = clock
        self._turn = asyncio.Lock()  # first come, first served: the one whose turn it is waits for everybody
        self._ended: deque[float] = deque() if ended is None else ended
        self._under_way = 0
        self._one_ended = asyncio.Event()
        self._closed_until = float("-inf")
        self._wary_until = float("-inf")

    def tighten(self, per_minute: int | None) -> None:
        """Another target shares this server: the smaller of both limits holds."""
        if per_minute is not None:
            self._limit = per_minute if self._limit is None else min(self._limit, per_minute)

    def expected_seconds(self, requests: int) -> float:
        """As the function of this name, from what this process has sent."""
        now = self._clock.now()
        taken = len(self._ended) + self._under_way
        if requests < 1 or self._limit is None or taken + requests <= self._limit:
            ages: list[float] = []  # there is room for all, however old they are: this is asked at every call
        else:
            ages = [*(now - end for end in self._ended), *([0.0] * self._under_way)]
        return max(expected_seconds(requests, self._limit, ages), self._closed_until - now if requests else 0.0)

    @asynccontextmanager
    async def place(self) -> AsyncIterator[None]:
        """Wait for a place and hold it for one try."""
        async with self._turn:
            await self._room()
            self._under_way += 1
            if self._clock.now() < self._wary_until:
                try:
                    yield
                finally:
                    self._end()
                return
        try:
            yield
        finally:
            self._end()

    def refused(self, seconds: float, *, asked: bool) -> None:
        """A 429 came; send nothing for so long. Unless the server `asked` for that pause, a known limit tells
        better: our oldest requests leave the window at a known time, whoever sent the others."""
        now = self._clock.now()
        self._wary_until = now + SPAN
        if asked or self._limit is None:
            self._closed_until = max(self._closed_until, now + seconds)
        else:
            self._ended.extend([now] * (self._limit - self._under_way - len(self._ended)))

    def _end(self) -> None:
        self._under_way -= 1
        self._ended.append(self._clock.now())
        self._one_ended.set()

    async def _room(self) -> None:
        """Return as soon as one more request may be sent; only the one whose turn it is asks."""
        while True:
            now = self._clock.now()
            while self._ended and self._ended[0] + SPAN - now < _HAIR:
                self._ended.popleft()
            if self._closed_until - now >= _HAIR:
                await self._clock.sleep(self._closed_until - now)
            elif self._limit is None or self._under_way + len(self._ended) < self._limit:
                return
            elif self._ended:
                await self._clock.sleep(self._ended[0] + SPAN - now)
            else:
                self._one_ended.clear()
                await self._one_ended.wait()
