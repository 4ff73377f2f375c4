"""Twins on real sockets: in a background thread for tests, or in the foreground until a signal comes."""

from __future__ import annotations

import asyncio
import contextlib
import signal
import socket
import threading
from collections.abc import Callable, Iterator, Sequence
from typing import TYPE_CHECKING

from reconciler.twins.core.twin import Twin

if TYPE_CHECKING:
    from reconciler.twins.core.sockets import TwinServer

LOOPBACK = "127.0.0.1"
START_SECONDS = 10.0


class TwinFailed(RuntimeError):
    """A twin broke on a request (a mistake of the twin, not an answer of the API), or could not be served."""


@contextlib.contextmanager
def running(twin: Twin, port: int = 0) -> Iterator[str]:
    """Serve one twin from a background thread; yields its base URL (`http://127.0.0.1:40123/api`).

    Port 0 takes a free one. On leaving, the server is stopped, open connections are cut, and its thread is gone.
    Raises OSError if the port is taken, and TwinFailed on leaving if the twin broke on a request meanwhile.
    """
    with running_all([twin], [port]) as urls:
        yield urls[0]


@contextlib.contextmanager
def running_all(twins: Sequence[Twin], ports: Sequence[int] = ()) -> Iterator[list[str]]:
    """Serve several twins from one background thread, each on a port of its own; yields their base URLs in order."""
    listeners = _listen(twins, LOOPBACK, ports)
    background = _Background(_servers(twins), listeners)
    background.start()
    try:
        yield _urls(twins, LOOPBACK, listeners)
    finally:
        background.stop()
    for twin in twins:
        if twin.crashes:
            raise TwinFailed(f"the twin of {twin.provider} broke on a request") from twin.crashes[0]


def serve(
    twins: Sequence[Twin],
    host: str = LOOPBACK,
    ports: Sequence[int] = (),
    ready: Callable[[list[str]], None] = lambda urls: None,
) -> None:
    """Serve twins in the foreground until SIGINT or SIGTERM, then return. Call it from the main thread.

    `ready` is called with the base URLs once connections are accepted. Raises OSError if a port is taken, and
    ValueError for a host that is not this machine.
    """
    if host not in {LOOPBACK, "localhost", "::1"}:
        raise ValueError(f"twins are served on this machine only, not on {host}")
    listeners = _listen(twins, host, ports)
    servers = _servers(twins)
    urls = _urls(twins, host, listeners)
    asyncio.run(_serve_until_signalled(servers, listeners, lambda: ready(urls)))


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
    for server, listener in zip(servers, listeners, strict=True):
        await server.begin(listener)
    try:
        ready()
        await stop.wait()
    finally:
        for server in servers:
            await server.end()


def _servers(twins: Sequence[Twin]) -> list[TwinServer]:
    from reconciler.twins.core.sockets import TwinServer

    return [TwinServer(twin) for twin in twins]


def _listen(twins: Sequence[Twin], host: str, ports: Sequence[int]) -> list[socket.socket]:
    """One listening socket per twin. Raises OSError, having closed those it opened."""
    wanted = [*ports, *([0] * (len(twins) - len(ports)))]
    opened: list[socket.socket] = []
    try:
        for _, port in zip(twins, wanted, strict=True):
            opened.append(socket.create_server((host, port), family=_family(host)))  # noqa: PERF401
    except OSError:
        for listener in opened:
            listener.close()
        raise
    return opened


def _family(host: str) -> socket.AddressFamily:
    return socket.AF_INET6 if ":" in host else socket.AF_INET


def _urls(twins: Sequence[Twin], host: str, listeners: Sequence[socket.socket]) -> list[str]:
    shown = f"[{host}]" if ":" in host else host
    return [
        f"http://{shown}:{listener.getsockname()[1]}{twin.base_path}"
        for twin, listener in zip(twins, listeners, strict=True)
    ]


class _Background:
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
            raise TwinFailed("the twins could not be served") from self._failed

    def stop(self) -> None:
        if self._loop is not None and self._stop is not None:
            with contextlib.suppress(RuntimeError):  # the loop has ended by itself
                self._loop.call_soon_threadsafe(self._stop.set)
        self._thread.join()
        if self._failed is not None:
            raise TwinFailed("serving the twins broke off") from self._failed

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
