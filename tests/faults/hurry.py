"""An event loop whose clock can be turned: whoever waits for a silent server waits no longer than a blink."""

from __future__ import annotations

import asyncio
import threading
from dataclasses import dataclass, field

STEP = 0.4
"""Seconds that pass at once."""
PAUSE = 0.006
"""Seconds between two steps: long enough for every answer that is not held back."""
STEPS = 12


class TurnedLoop(asyncio.SelectorEventLoop):
    """The usual loop, with a clock of its own."""

    ahead = 0.0

    def time(self) -> float:
        return super().time() + self.ahead

    def turn(self, seconds: float) -> None:
        self.ahead += seconds


@dataclass(slots=True)
class Hurry:
    """Turns the clock of the loop at work."""

    loop: TurnedLoop | None = None
    _turning: list[threading.Thread] = field(default_factory=list)
    _stop: threading.Event = field(default_factory=threading.Event)

    def runner(self) -> asyncio.Runner:
        return asyncio.Runner(loop_factory=self._made)

    def _made(self) -> TurnedLoop:
        self.loop = TurnedLoop()
        return self.loop

    def now(self, _: object = None) -> None:
        """From any thread: time passes quickly for a while."""
        turning = threading.Thread(target=self._turn, args=(self.loop,), daemon=True)
        turning.start()
        self._turning.append(turning)

    def rest(self) -> None:
        """Time passes as usual again."""
        self._stop.set()
        for turning in self._turning:
            turning.join()
        self._turning.clear()
        self._stop.clear()

    def _turn(self, loop: TurnedLoop | None) -> None:
        for _ in range(STEPS):
            if loop is None or self._stop.wait(PAUSE) or loop.is_closed():
                return
            try:
                loop.call_soon_threadsafe(loop.turn, STEP)
            except RuntimeError:  # it has just been closed
                return
