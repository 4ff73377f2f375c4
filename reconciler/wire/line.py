"""Connections to one origin: bytes out, bytes in. The one file that speaks httpx."""

from __future__ import annotations

import asyncio
import os
import socket
import ssl
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Protocol, TypeAlias

from reconciler.model.record import Record
from reconciler.wire.body import Broken, Unusable, collect
from reconciler.wire.library import load_httpx, no_tls, tls
from reconciler.wire.limits import Limits
from reconciler.wire.unread import unread
from reconciler.wire.url import Base

if TYPE_CHECKING:
    import httpx


GRACE = 1.0
"""Seconds that a request may take to its end once nobody waits for it."""


class Answer(Record, frozen=True):
    """What came back. Header names are in lower case. Nothing is read of a redirect, and an error's body is empty
    where it could not be read: its status says enough."""

    status: int
    headers: Mapping[str, str]
    body: bytes


class Unsent(Exception):
    """The request certainly did not leave. `final`: it will not next time either."""

    def __init__(self, message: str, *, final: bool = False) -> None:
        super().__init__(message)
        self.final = final


class Asks(Protocol):
    """Whatever carries bytes to one origin and back: the seam between a wire and its network."""

    async def ask(self, method: str, url: str, headers: Mapping[str, str], content: bytes) -> Answer:
        """Send once. Raises Unsent, Broken or Unusable."""
        ...

    async def aclose(self) -> None: ...


Opens: TypeAlias = "Callable[[Base, str | None, Limits], Asks]"
"""How such a thing is opened: origin, CA file, limits. Raises OSError where the CA file is unusable."""


class Line:
    """Keep-alive HTTP/1.1 connections to one origin, as many as there are requests side by side.

    Each has a pool of its own: the work of one pool grows with the square of its requests. The transport is used
    without httpx's client on top, which would add what we never want: cookies, redirects, proxies and passwords
    from the environment, and unpacking without a limit.
    """

    def __init__(self, base: Base, ca_file: str | None, limits: Limits) -> None:
        """Raises OSError where `ca_file` is unusable."""
        self._limits = limits
        self._httpx = load_httpx()
        self._tls = tls(ca_file) if base.scheme == "https" else no_tls()
        self._all: list[httpx.AsyncHTTPTransport] = []
        self._idle: list[httpx.AsyncHTTPTransport] = []
        self._under_way: set[asyncio.Task[Answer]] = set()

    async def aclose(self) -> None:
        """Ends what nobody waits for any more: a moment to come to its own end, then it is cut off."""
        if self._under_way:
            _, late = await asyncio.wait(self._under_way, timeout=GRACE)
            for task in late:
                task.cancel()
            await asyncio.gather(*late, return_exceptions=True)
        self._idle.clear()
        while self._all:
            await self._all.pop().aclose()

    def _connection(self) -> httpx.AsyncHTTPTransport:
        if self._idle:
            return self._idle.pop()
        one = self._httpx.Limits(
            max_connections=1, max_keepalive_connections=1, keepalive_expiry=self._limits.idle
        )
        made: httpx.AsyncHTTPTransport = self._httpx.AsyncHTTPTransport(
            verify=self._tls, trust_env=False, http1=True, http2=False, retries=0, limits=one
        )
        self._all.append(made)
        return made

    async def ask(self, method: str, url: str, headers: Mapping[str, str], content: bytes) -> Answer:
        """Send once. Raises Unsent, Broken or Unusable."""
        leaving = _Leaving(self._limits.answer)
        request = self._httpx.Request(
            method, url, headers=headers, content=content, extensions=self._extensions(leaving)
        )
        connection = self._connection()
        task = asyncio.ensure_future(self._exchange(connection, request, leaving))
        self._under_way.add(task)
        task.add_done_callback(lambda done: self._ended(done, connection))
        # Whoever gives up waiting does not cut a connection off while it is being made: that would leak it.
        return await asyncio.shield(task)

    def _ended(self, task: asyncio.Task[Answer], connection: httpx.AsyncHTTPTransport) -> None:
        self._under_way.discard(task)
        self._idle.append(connection)
        if not task.cancelled():
            task.exception()  # heard, even where nobody waits for it any more

    async def _exchange(
        self, connection: httpx.AsyncHTTPTransport, request: httpx.Request, leaving: _Leaving
    ) -> Answer:
        try:
            async with leaving.deadline:
                response = await connection.handle_async_request(request)
        except (self._httpx.HTTPError, OSError) as error:
            raise self._fault(error, sent=leaving.left) from None
        try:
            return await self._read(response, leaving.deadline.when())
        finally:
            more = unread(connection, response)
            await response.aclose()
            if more:  # it would be taken for the answer to the next request
                await connection.aclose()

    def _extensions(self, leaving: _Leaving) -> dict[str, object]:
        times = {
            "connect": self._limits.connect,
            "read": self._limits.read,
            "write": self._limits.read,
            "pool": self._limits.answer,
        }
        return {"timeout": times, "trace": leaving}

    async def _read(self, response: httpx.Response, deadline: float | None) -> Answer:
        status, headers = response.status_code, _headers(response)
        if 300 <= status < 400:
            return Answer(status, headers, b"")
        limit = self._limits.body if status < 300 else self._limits.error_body
        try:
            async with asyncio.timeout_at(deadline):
                body = await collect(response.aiter_raw(), headers.get("content-encoding", "").lower(), limit)
        except (self._httpx.HTTPError, OSError, Broken, Unusable) as error:
            if status >= 400:
                return Answer(status, headers, b"")
            if isinstance(error, Broken | Unusable):
                raise
            raise self._fault(error, sent=True) from None
        return Answer(status, headers, body)

    def _fault(self, error: Exception, *, sent: bool) -> Unsent | Broken:
        if not sent:
            return self._unsent(error)
        if isinstance(error, self._httpx.TimeoutException):
            return Broken(f"no answer within {self._limits.read:g} s")
        if isinstance(error, TimeoutError):
            return Broken(f"no whole answer within {self._limits.answer:g} s")
        return Broken(f"the connection broke before the answer was complete: {_text(error)}")

    def _unsent(self, error: Exception) -> Unsent:
        if isinstance(error, self._httpx.TimeoutException):
            return Unsent(f"none within {self._limits.connect:g} s")
        return Unsent(_text(error), final=isinstance(_root(error), ssl.SSLCertVerificationError))


class _Leaving:
    """Hears what the transport does, to know for certain whether a request has begun to leave.

    The time for the answer runs from then on: connecting has its own limits, and a transport that is cancelled
    in the middle of a TLS handshake forgets to close the socket.
    """

    __slots__ = ("_seconds", "deadline", "left")

    def __init__(self, seconds: float) -> None:
        self.left = False
        self.deadline = asyncio.timeout(None)
        self._seconds = seconds

    async def __call__(self, event: str, info: Mapping[str, object]) -> None:  # noqa: ARG002
        if not self.left and event.startswith("http11.send_request"):
            self.left = True
            self.deadline.reschedule(asyncio.get_running_loop().time() + self._seconds)


def _headers(response: httpx.Response) -> dict[str, str]:
    found = {name.lower(): value for name, value in response.headers.items()}
    found.pop("set-cookie", None)
    return found


def _root(error: BaseException) -> BaseException:
    """The operating system's or OpenSSL's own error at the bottom of the chain."""
    here, root, steps = error, error, 0
    while (below := here.__cause__ or here.__context__) is not None and steps < 16:
        here, steps = below, steps + 1
        if isinstance(here, OSError) and here.strerror:
            root = here
    return root


def _text(error: Exception) -> str:
    root = _root(error)
    if isinstance(root, ssl.SSLCertVerificationError):
        return f"TLS: {root.verify_message}"
    if isinstance(root, OSError) and root.strerror:
        own_words = isinstance(root, ssl.SSLError | socket.gaierror)
        return root.strerror if own_words or root.errno is None else os.strerror(root.errno)
    return str(error) or type(error).__name__
