"""The event loop under the twins: one in a thread for tests, or the main thread's own until a signal comes."""

from __future__ import annotations

import asyncio
import contextlib
import signal
import socket
import threading
from collections.abc import Callable, Sequence

from reconciler.twins.core.sockets import TwinServer

START_SECONDS = 10.0


def serve_until_signalled(
    servers: Sequence[TwinServer], listeners: Sequence[socket.socket], ready: Callable[[], None]
) -> None:
    """Serve in the calling thread, the main one, until SIGINT or SIGTERM. `ready` is called once it accepts."""
    asyncio.run(_serve_until_signalled(servers, listeners, ready))


class Background:
    """A thread with an event loop that serves until it is told to stop."""

    def __init__(self, servers: Sequence[TwinServer], listeners: Sequence[socket.socket]) -> None:
        self._servers = servers
        self._listeners = listeners
        self._ready = threading.Event()
        self._loop: asyncio.AbstractEventLoop | None = None
        self._stop: asyncio.Event | None = None
        self._failed: BaseException | None = None
        self._thread = threading.Thread(target=self._run, name="twins", daemon=True)

    def start(self) -> None:
        self._thread.start()
        if not self._ready.wait(START_SECONDS) or self._failed is not None:
            raise RuntimeError("the twins could not be served") from self._failed

    def stop(self) -> None:
        if self._loop is not None and self._stop is not None:
            with contextlib.suppress(RuntimeError):  # the loop has ended by itself
                self._loop.call_soon_threadsafe(self._stop.set)
        self._thread.join()
        if self._failed is not None:
            raise RuntimeError("serving the twins broke off") from self._failed

    def _run(self) -> None:
        try:
            asyncio.run(self._main())
        except BaseException as error:  # noqa: BLE001 - handed to the thread that waits for us
            self._failed = error
        finally:
            self._ready.set()

    async def _main(self) -> None:
        self._loop = asyncio.get_running_loop()
        self._stop = asyncio.Event()
        await _serve(self._servers, self._listeners, self._stop, self._ready.set)


async def _serve_until_signalled(
    servers: Sequence[TwinServer], listeners: Sequence[socket.socket], ready: Callable[[], None]
) -> None:
    loop = asyncio.get_running_loop()
    stop = asyncio.Event()

    def end(_signal: int, _frame: object) -> None:
        loop.call_soon_threadsafe(stop.set)

    before = {number: signal.signal(number, end) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        await _serve(servers, listeners, stop, ready)
    finally:
        for number, handling in before.items():
            signal.signal(number, handling)


async def _serve(
    servers: Sequence[TwinServer],
    listeners: Sequence[socket.socket],
    stop: asyncio.Event,
    ready: Callable[[], None],
) -> None:
    try:
        for server, listener in zip(servers, listeners, strict=True):
            await server.begin(listener)
        ready()
        await stop.wait()
    finally:
        for server in servers:
            await server.end()
        for listener in listeners:
            listener.close()
