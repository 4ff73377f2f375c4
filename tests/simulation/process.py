"""One process of ours on one machine: its clock, its boundaries, its end."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field

from reconciler.ledger import Who
from reconciler.model.clock import Clock

EPOCH = 1_780_000_000.0
"""Seconds since 1970 when a history begins."""
NOBODY = 5_000_000
"""Beyond every number that a system gives to a process: a dead one of ours is found dead, whatever runs here."""


class Killed(BaseException):
    """The process is dead: nothing of it runs on, but that Python takes down what it had built up."""


@dataclass(slots=True)
class Machine:
    """A host: how far its wall clock is from the right time, in seconds."""

    name: str
    ahead: float = 0.0
    started: int = 0


@dataclass(slots=True)
class Process:
    """A process. `dies_at`: the number of the boundary (of the network or the ledger) that it does not live to
    cross; `naps`: what it slept, in seconds; `tasks`: all it ever began."""

    machine: Machine
    number: int
    time: Callable[[], float]
    dies_at: int = 0
    crossed: int = 0
    dead: bool = False
    paused_until: float = 0.0
    naps: list[float] = field(default_factory=list)
    tasks: list[asyncio.Task[object]] = field(default_factory=list)
    died: str = ""

    def __str__(self) -> str:
        return f"{self.machine.name}.{self.number}"

    @property
    def who(self) -> Who:
        return Who("ci", self.machine.name, NOBODY + self.number, "")

    def clock(self) -> Clock:
        return Clock(self.time, lambda: EPOCH + self.time() + self.machine.ahead, self._sleep)

    def cross(self, boundary: str) -> None:
        """Go on, unless this is where it ends. Raises Killed, and from then on whenever the dead try anything."""
        if self.dead:
            raise Killed
        self.crossed += 1
        if self.crossed == self.dies_at:
            self.died = boundary
            self.kill()
            raise Killed

    def kill(self) -> None:
        self.dead = True
        for task in self.tasks:
            task.cancel()

    async def _sleep(self, seconds: float) -> None:
        self.naps.append(seconds)
        await asyncio.sleep(seconds)
