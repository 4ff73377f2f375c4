"""An event loop whose time jumps: when nothing is ready it is at once the moment of what comes next."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine
from contextvars import Context, ContextVar
from typing import Any, TypeVarTuple, Unpack

from tests.simulation.process import Killed, Process

HERE: ContextVar[Process | None] = ContextVar("process", default=None)
"""The process whose code runs; None: the world around them."""
Ts = TypeVarTuple("Ts")
LONGEST = 40 * 86_400.0
"""Simulated seconds after which a run counts as one that never ends."""


class Stuck(AssertionError):
    """Nothing will ever happen again, and somebody still waits; or it never comes to an end."""


class Skipping:
    """A selector without files: it knows only how long nobody has anything to do."""

    def __init__(self) -> None:
        self.now = 0.0

    def select(self, timeout: float | None) -> list[object]:
        if timeout is None:
            raise Stuck("everybody waits for something that never comes")
        self.now += max(0.0, timeout)
        if self.now > LONGEST:
            raise Stuck("the run has no end")
        return []

    def close(self) -> None:
        """There is nothing to close."""


class Loop(asyncio.base_events.BaseEventLoop):
    """Runs processes beside each other. What belongs to one that is paused waits until it goes on; the order of
    everything else follows from the program alone."""

    def __init__(self) -> None:
        super().__init__()
        self._selector = Skipping()
        self._clock_resolution = 1e-6
        self.unheard: list[str] = []
        self.set_task_factory(_belonging)  # type: ignore[arg-type]
        self.set_exception_handler(self._hear)

    def time(self) -> float:
        """Simulated seconds."""
        return self._selector.now

    def call_soon(
        self, callback: Callable[[Unpack[Ts]], object], *args: *Ts, context: Context | None = None
    ) -> asyncio.Handle:
        until = _paused_until(context)
        if until > self.time():
            return self.call_at(until, callback, *args, context=context)
        return super().call_soon(callback, *args, context=context)

    def _process_events(self, event_list: list[object]) -> None:
        """There are none."""

    def _write_to_self(self) -> None:
        """Nobody wakes it from outside."""

    def _hear(self, _: asyncio.AbstractEventLoop, told: dict[str, Any]) -> None:
        fault = told.get("exception")
        if not isinstance(fault, Killed):
            self.unheard.append(f"{told.get('message')}: {fault!r}")


def _paused_until(context: Context | None) -> float:
    process = HERE.get() if context is None else context.get(HERE)
    return process.paused_until if process is not None and not process.dead else 0.0


def _belonging(
    loop: asyncio.AbstractEventLoop, coro: Coroutine[Any, Any, Any], context: Context | None = None
) -> asyncio.Task[Any]:
    """A task that its process knows, so that it ends with it."""
    task: asyncio.Task[Any] = asyncio.Task(coro, loop=loop, context=context)
    process = HERE.get() if context is None else context.get(HERE)
    if process is not None:
        process.tasks.append(task)
    return task
