"""Twins on real sockets: in a background thread for tests, or in the foreground until a signal comes."""

from __future__ import annotations

import contextlib
import socket
from collections.abc import Callable, Iterator, Sequence

from reconciler.twins.core.twin import Twin

LOOPBACK = "127.0.0.1"


class TwinFailed(RuntimeError):
    """A twin broke on a request: a mistake of the twin, not an answer of the API."""


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
    """Serve several twins from one background thread, each on a port of its own; yields their base URLs."""
    from reconciler.twins.core.loops import Background
    from reconciler.twins.core.sockets import TwinServer

    servers = [TwinServer(twin) for twin in twins]
    listeners = _listen(twins, LOOPBACK, ports)
    background = Background(servers, listeners)
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
    ready: Callable[[list[str]], None] | None = None,
) -> None:
    """Serve twins in the foreground until SIGINT or SIGTERM, then return. Call it from the main thread.

    `ready` is called with the base URLs once connections are accepted. Raises OSError if a port is taken, and
    ValueError for a host that is not this machine.
    """
    if host not in {LOOPBACK, "localhost", "::1"}:
        raise ValueError(f"twins are served on this machine only, not on {host}")
    from reconciler.twins.core.loops import serve_until_signalled
    from reconciler.twins.core.sockets import TwinServer

    servers = [TwinServer(twin) for twin in twins]
    listeners = _listen(twins, host, ports)
    urls = _urls(twins, host, listeners)

    def tell() -> None:
        if ready is not None:
            ready(urls)

    serve_until_signalled(servers, listeners, tell)


def _listen(twins: Sequence[Twin], host: str, ports: Sequence[int]) -> list[socket.socket]:
    """One listening socket per twin. Raises OSError, having closed those it opened."""
    wanted = [*ports, *([0] * (len(twins) - len(ports)))]
    opened: list[socket.socket] = []
    try:
        for _, port in zip(twins, wanted, strict=True):
            opened.append(_listener(host, port))
    except OSError:
        for listener in opened:
            listener.close()
        raise
    return opened


def _listener(host: str, port: int) -> socket.socket:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    # Named as TCP, since only then does the event loop switch off Nagle's algorithm, which costs 40 ms a request.
    listener = socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    try:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind((host, port))
        listener.listen()
    except OSError:
        listener.close()
        raise
    return listener


def _urls(twins: Sequence[Twin], host: str, listeners: Sequence[socket.socket]) -> list[str]:
    shown = f"[{host}]" if ":" in host else host
    return [
        f"http://{shown}:{listener.getsockname()[1]}{twin.base_path}"
        for twin, listener in zip(twins, listeners, strict=True)
    ]
