"""One twin on one listening socket, spoken to by the HTTP server's own protocol."""

from __future__ import annotations

import asyncio
import socket
from typing import TYPE_CHECKING

from starlette.types import Receive, Scope, Send
from uvicorn.config import Config
from uvicorn.protocols.http.h11_impl import H11Protocol
from uvicorn.server import ServerState

from reconciler.twins.core.line import CLOSE, RAW, RESET

if TYPE_CHECKING:
    from reconciler.twins.core.twin import Twin

IDLE_SECONDS = 60


class _Protocol(H11Protocol):
    """The server's HTTP protocol; each request also learns how to reset or close its connection, and to
    write on it past the protocol."""

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        super().connection_made(transport)
        app = self.app

        async def resettable(scope: Scope, receive: Receive, send: Send) -> None:
            scope["extensions"] = {RESET: transport.abort, CLOSE: transport.close, RAW: transport.write}
            await app(scope, receive, send)

        self.app = resettable


class TwinServer:
    """Serves one twin until told to end; begins and ends without waiting for anything.

    The server's own start and stop look for work ten times a second and wait for their clients; a test suite that
    starts a thousand twins cannot.
    """

    def __init__(self, twin: Twin) -> None:
        self._config = Config(
            twin.app,
            http=_Protocol,
            ws="none",
            lifespan="off",
            interface="asgi3",
            log_config=None,
            log_level="warning",
            access_log=False,
            server_header=False,
            date_header=False,
            timeout_keep_alive=IDLE_SECONDS,
        )
        self._config.load()
        self._state = ServerState()
        self._server: asyncio.Server | None = None

    async def begin(self, listener: socket.socket) -> None:
        """Accept connections on a listening socket, which is then the server's own."""
        loop = asyncio.get_running_loop()
        self._server = await loop.create_server(self._protocol, sock=listener)

    def _protocol(self) -> asyncio.Protocol:
        return _Protocol(config=self._config, server_state=self._state, app_state={})

    async def end(self) -> None:
        """Stop accepting, cut the open connections, and wait until the requests in work have noticed."""
        if self._server is None:
            return
        self._server.close()
        for connection in list(self._state.connections):
            connection.transport.abort()
        if self._state.tasks:
            await asyncio.wait(set(self._state.tasks), timeout=IDLE_SECONDS)
        await self._server.wait_closed()
