"""A far end made of raw bytes: it answers each request with exactly what a test says, down to the reset."""

from __future__ import annotations

import asyncio
import json
import socket
import ssl
import struct
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import Enum
from types import TracebackType
from typing import Self, TypeAlias


class Do(Enum):
    """Steps that are not bytes."""

    RESET = "reset"
    CLOSE = "close"
    HANG = "hang"


Step: TypeAlias = "bytes | float | Do"
Answer: TypeAlias = "bytes | tuple[Step, ...]"
DEAF = (Do.RESET,)


@dataclass(frozen=True)
class Seen:
    """A request as it arrived. Header names are in lower case."""

    method: str
    target: str
    headers: Mapping[str, str]
    body: bytes
    raw: bytes


@dataclass
class FarEnd:
    """Answers the n-th request with the n-th answer, and every further one with the last."""

    answers: tuple[Answer, ...]
    tls: ssl.SSLContext | None = None
    port: int = 0
    seen: list[Seen] = field(default_factory=list)
    connections: int = 0
    open_now: int = 0
    most_at_once: int = 0

    async def __aenter__(self) -> Self:
        self._server = await asyncio.start_server(self._serve, "127.0.0.1", self.port, ssl=self.tls)
        self.port = self._server.sockets[0].getsockname()[1]
        self.asked = asyncio.Event()
        self._tasks: set[asyncio.Task[None]] = set()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._server.close()
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        await self._server.wait_closed()

    @property
    def url(self) -> str:
        return f"{'https' if self.tls else 'http'}://127.0.0.1:{self.port}/api"

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        self._tasks.add(task)
        self.connections += 1
        try:
            while await self._one(reader, writer):
                pass
        except (ConnectionError, asyncio.IncompleteReadError, asyncio.CancelledError, ssl.SSLError):
            return  # the wire hung up, or the test is over
        finally:
            self._tasks.discard(task)
            writer.transport.abort()

    async def _one(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> bool:
        head = await reader.readuntil(b"\r\n\r\n")
        first, *lines = head.decode("latin-1").split("\r\n")[:-2]
        headers = {k.strip().lower(): v.strip() for k, _, v in (line.partition(":") for line in lines)}
        body = await reader.readexactly(int(headers.get("content-length", "0")))
        method, target, _ = first.split(" ")
        self.asked.set()
        self.seen.append(Seen(method, target, headers, body, head + body))
        answer = self.answers[min(len(self.seen), len(self.answers)) - 1]
        self.open_now += 1
        self.most_at_once = max(self.most_at_once, self.open_now)
        try:
            for step in (answer,) if isinstance(answer, bytes) else answer:
                if not await _take(step, writer):
                    return False
        finally:
            self.open_now -= 1
        return True


async def _take(step: Step, writer: asyncio.StreamWriter) -> bool:
    match step:
        case bytes():
            writer.write(step)
            await writer.drain()
        case float() | int():
            await asyncio.sleep(step)
        case Do.HANG:
            await asyncio.sleep(3600)
        case Do.RESET:
            await asyncio.sleep(0.01)  # let what was written leave before the connection is torn down
            raw: socket.socket = writer.get_extra_info("socket")
            raw.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            writer.transport.abort()
            return False
        case Do.CLOSE:
            writer.close()
            return False
    return True


def answer(
    body: object = None,
    status: int = 200,
    kind: str | None = "application/json",
    headers: Mapping[str, str] | None = None,
    *,
    length: int | None = None,
) -> bytes:
    """An answer's bytes. A body that is not bytes is sent as JSON. `length`: a Content-Length that lies."""
    raw = body if isinstance(body, bytes) else b"" if body is None else json.dumps(body).encode()
    lines = [f"HTTP/1.1 {status} Whatever"]
    if kind is not None:
        lines.append(f"Content-Type: {kind}")
    lines += [f"{name}: {value}" for name, value in (headers or {}).items()]
    if status != 204:
        lines.append(f"Content-Length: {len(raw) if length is None else length}")
    return "\r\n".join([*lines, "", ""]).encode("latin-1") + raw
