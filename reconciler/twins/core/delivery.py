"""How an answer reaches the client: as it is, or spoiled by a fault."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, TypeAlias

from starlette.types import Receive, Scope, Send

from reconciler.twins.core.faults import Act, Armed, Fault
from reconciler.twins.core.values import Answer, encode

if TYPE_CHECKING:
    from reconciler.twins.core.twin import Turn, Twin

# Where the server puts the function that resets the connection.
RESET = "twin.reset"
CHUNK = 64 * 1024
PORTAL = (
    b"<!DOCTYPE html><html><head><title>Sign in</title></head><body>Please sign in to the network.</body></html>"
)


class Line:
    """One request's connection to the client."""

    def __init__(self, scope: Scope, receive: Receive, send: Send) -> None:
        self._scope = scope
        self._receive = receive
        self._send = send

    async def answer(self, answer: Answer, content_type: str) -> None:
        """An answer with its body as JSON, or with the bytes it has instead."""
        content = _content(answer)
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

    async def wait(self, seconds: float) -> None:
        """Let time pass, or until the client has left."""
        try:
            await asyncio.wait_for(self._receive(), seconds)
        except TimeoutError:
            return


def _content(answer: Answer) -> bytes:
    if answer.content is not None:
        return answer.content
    return b"" if answer.body is None else encode(answer.body)


async def deliver(twin: Twin, turn: Turn, answer: Answer, line: Line) -> None:
    """Send `answer`, or what the turn's fault makes of it."""
    if turn.armed is None:
        twin.log.answered(turn.entry, answer)
        await line.answer(twin.rendered(answer), twin.content_type)
        return
    act = Act(turn.armed.fault.act)
    turn.entry.fault = act.value
    await _DELIVERIES[act](_Spoiled(twin, turn, turn.armed, answer, line))


class _Spoiled:
    """One answer on its way through a fault."""

    def __init__(self, twin: Twin, turn: Turn, armed: Armed, answer: Answer, line: Line) -> None:
        self.twin = twin
        self.turn = turn
        self.armed = armed
        self.fault: Fault = armed.fault
        self.answer = answer
        self.line = line

    @property
    def content(self) -> bytes:
        """Of the right answer."""
        return _content(self.twin.rendered(self.answer))

    @property
    def content_type(self) -> str:
        """Of the right answer."""
        return self.answer.headers.get("content-type", self.twin.content_type)

    async def say(self, answer: Answer) -> None:
        self.turn.entry.status = answer.status
        await self.line.answer(self.twin.rendered(answer), self.twin.content_type)

    async def say_bytes(self, status: int, content: bytes, content_type: str) -> None:
        self.turn.entry.status = status
        await self.line.content(status, content, content_type)

    async def status(self) -> None:
        await self.say(self.twin.error(self.fault.status, self.fault.text))

    async def throttle(self) -> None:
        wait = self.fault.retry_after
        headers = {} if wait is None else {"retry-after": wait}
        answer = self.twin.error(429, self.fault.text)
        await self.say(replace(answer, headers={**answer.headers, **headers}))

    async def drop(self) -> None:
        await self.line.reset()

    async def cut(self) -> None:
        if content := self.content:
            await self.line.part(self.answer.status, content, self.content_type)
        else:
            await self.line.reset()

    async def slow(self) -> None:
        await self.line.wait(self.fault.seconds)
        await self.say(self.answer)

    async def html(self) -> None:
        await self.say_bytes(200, PORTAL, "text/html; charset=utf-8")

    async def truncated(self) -> None:
        content = self.content
        await self.say_bytes(self.answer.status, content[: len(content) // 2], self.content_type)

    async def wrong_type(self) -> None:
        await self.say_bytes(self.answer.status, self.content, "text/plain; charset=utf-8")

    async def redirect(self) -> None:
        status = self.fault.status if 300 <= self.fault.status < 400 else 307
        await self.say(Answer(status, None, {"location": self.fault.location}))

    async def repeat_page(self) -> None:
        if self.armed.first is None and self.answer.ok:
            self.armed.first = replace(self.answer, body=self.twin.endless(self.answer.body))
        await self.say(self.armed.first or self.answer)

    async def short_page(self) -> None:
        await self.say(replace(self.answer, body=self.twin.shortened(self.answer.body, self.fault.omit)))

    async def huge(self) -> None:
        self.turn.entry.status = 200
        await self.line.stream(self.twin.content_type, _padding(self.fault.size, *self.twin.padded()))

    async def deep(self) -> None:
        await self.say_bytes(200, self.twin.nested(self.fault.depth), self.twin.content_type)


async def _padding(size: int, before: bytes, after: bytes) -> AsyncIterator[bytes]:
    """A body of `size` bytes: one text that never seems to end."""
    yield before
    left = size - len(before) - len(after)
    while left > 0:
        yield b"x" * min(left, CHUNK)
        left -= CHUNK
    yield after


_Delivery: TypeAlias = Callable[[_Spoiled], Awaitable[None]]
_DELIVERIES: Mapping[Act, _Delivery] = {
    Act.STATUS: _Spoiled.status,
    Act.THROTTLE: _Spoiled.throttle,
    Act.DROP: _Spoiled.drop,
    Act.CUT: _Spoiled.cut,
    Act.SLOW: _Spoiled.slow,
    Act.HTML: _Spoiled.html,
    Act.TRUNCATED: _Spoiled.truncated,
    Act.WRONG_TYPE: _Spoiled.wrong_type,
    Act.REDIRECT: _Spoiled.redirect,
    Act.REPEAT_PAGE: _Spoiled.repeat_page,
    Act.SHORT_PAGE: _Spoiled.short_page,
    Act.HUGE: _Spoiled.huge,
    Act.DEEP: _Spoiled.deep,
}
