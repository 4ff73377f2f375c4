"""One request's connection to the client, and what can be done with it."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Mapping

from starlette.types import Receive, Scope, Send

from reconciler.twins.core.values import Answer, encode

# Where the server puts the functions that reset and close the connection, and write bytes as they are.
RESET, CLOSE, RAW = "twin.reset", "twin.close", "twin.raw"
CHUNK = 64 * 1024


class Line:
    """One request's connection to the client."""

    def __init__(self, scope: Scope, receive: Receive, send: Send) -> None:
        self._scope = scope
        self._receive = receive
        self._send = send

    async def answer(self, answer: Answer, content_type: str) -> None:
        """An answer with its body as JSON, or with the bytes it has instead."""
        content = content_of(answer)
        await self.content(answer.status, content, content_type if content else "", answer.headers)

    async def content(
        self, status: int, content: bytes, content_type: str, headers: Mapping[str, str] | None = None
    ) -> None:
        """A whole answer of given bytes."""
        length = {} if status == 204 else {"content-length": str(len(content))}
        await self.start(status, content_type, {**length, **(headers or {})})
        await self._send({"type": "http.response.body", "body": content})

    async def start(self, status: int, content_type: str, headers: Mapping[str, str]) -> None:
        """The head of an answer."""
        kind = {"content-type": content_type} if content_type else {}
        raw = [(name.encode("latin-1"), value.encode("latin-1")) for name, value in {**kind, **headers}.items()]
        await self._send({"type": "http.response.start", "status": status, "headers": raw})

    async def stream(self, content_type: str, chunks: AsyncIterator[bytes]) -> None:
        """200 and a body of unknown length."""
        await self.start(200, content_type, {})
        async for chunk in chunks:
            await self._send({"type": "http.response.body", "body": chunk, "more_body": True})
        await self._send({"type": "http.response.body", "body": b""})

    async def part(self, status: int, content: bytes, content_type: str) -> None:
        """Half of an answer that promised all of it; then the connection is reset."""
        await self.start(status, content_type, {"content-length": str(len(content))})
        await self._send({"type": "http.response.body", "body": content[: len(content) // 2], "more_body": True})
        await self.reset()

    async def reset(self) -> None:
        """Cut the connection, without another byte."""
        self._scope["extensions"][RESET]()
        while (await self._receive())["type"] != "http.disconnect":
            pass

    async def short(self, status: int, content: bytes, content_type: str) -> None:
        """All of an answer that promised more; then the connection is closed in good order."""
        await self.start(status, content_type, {"content-length": str(len(content) + 1000)})
        await self._send({"type": "http.response.body", "body": content, "more_body": True})
        self._scope["extensions"][CLOSE]()
        while (await self._receive())["type"] != "http.disconnect":
            pass

    async def pieces(self, status: int, content: bytes, content_type: str, seconds: float, step: int) -> None:
        """An answer in pieces of `step` bytes with a pause before each; it ends when the client leaves."""
        await self.start(status, content_type, {} if status == 204 else {"content-length": str(len(content))})
        for at in range(0, max(1, len(content)), step):
            more = {"body": content[at : at + step], "more_body": at + step < len(content)}
            if at and await self.wait(seconds):
                return
            await self._send({"type": "http.response.body", **more})

    def raw(self, content: bytes) -> None:
        """Bytes as they are, before or behind an answer."""
        self._scope["extensions"][RAW](content)

    async def wait(self, seconds: float) -> bool:
        """Let time pass, or until the client has left; whether it has."""
        try:
            await asyncio.wait_for(self._receive(), seconds)
        except TimeoutError:
            return False
        return True


def content_of(answer: Answer) -> bytes:
    if answer.content is not None:
        return answer.content
    return b"" if answer.body is None else encode(answer.body)
