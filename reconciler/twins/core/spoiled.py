"""An answer on its way through a fault: what the client gets to see of it."""

from __future__ import annotations

import gzip
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, TypeAlias

from reconciler.twins.core.faults import Act, Armed, Fault
from reconciler.twins.core.line import CHUNK, Line, content_of
from reconciler.twins.core.values import Answer

if TYPE_CHECKING:
    from reconciler.twins.core.twin import Turn, Twin

PORTAL = (
    b"<!DOCTYPE html><html><head><title>Sign in</title></head><body>Please sign in to the network.</body></html>"
)


class Spoiled:
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
        return content_of(self.twin.rendered(self.answer))

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

    async def half_head(self) -> None:
        self.line.raw(b"HTTP/1.1 200 OK\r\ncontent-ty")
        await self.line.reset()

    async def hang_up(self) -> None:
        await self.say(self.answer)
        await self.line.reset()

    async def drip(self) -> None:
        self.turn.entry.status = self.answer.status
        await self.line.pieces(self.answer.status, self.content, self.content_type, self.fault.seconds, 1)

    async def stall(self) -> None:
        self.turn.entry.status, content = self.answer.status, self.content
        half = max(1, (len(content) + 1) // 2)
        await self.line.pieces(self.answer.status, content, self.content_type, self.fault.seconds, half)

    async def bomb(self) -> None:
        self.turn.entry.status = 200
        before, after = self.twin.padded()
        packed = gzip.compress(before + b"x" * (self.fault.size - len(before) - len(after)) + after, 1)
        await self.line.content(200, packed, self.twin.content_type, {"content-encoding": "gzip"})

    async def empty(self) -> None:
        await self.say_bytes(200, b"", "")

    async def says_no(self) -> None:
        await self.say(replace(self.twin.error(self.fault.status, self.fault.text), status=200))

    async def nameless(self) -> None:
        body = self.answer.body
        bare = {name: value for name, value in body.items() if name != "id"} if isinstance(body, dict) else body
        await self.say(replace(self.answer, body=bare))

    async def charset(self) -> None:
        content, media = self.content, self.content_type.partition(";")[0]
        odd = content.decode(errors="replace").encode("utf-16") if content else b""
        await self.say_bytes(self.answer.status, odd, f"{media}; charset=utf-16" if content else "")

    async def too_long(self) -> None:
        self.turn.entry.status = self.answer.status
        await self.line.short(self.answer.status, self.content, self.content_type)

    async def too_short(self) -> None:
        content = self.content
        await self.say_bytes(self.answer.status, content[: len(content) // 2], self.content_type)
        self.line.raw(content[len(content) // 2 :])

    async def another(self) -> None:
        await self.say(self.answer)
        self.line.raw(b"HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: 2\r\n\r\n{}")

    async def odd(self) -> None:
        status = self.fault.status
        if not 200 <= status < 600:
            self.line.raw(f"HTTP/1.1 {status} Odd\r\ncontent-length: 0\r\n\r\n".encode())
            await self.line.reset()
        else:
            bare = status in (204, 205, 304)
            await self.say_bytes(status, b"" if bare else self.content, "" if bare else self.content_type)

    async def inform(self) -> None:
        self.line.raw(b"HTTP/1.1 103 Early Hints\r\nlink: </style.css>\r\n\r\nHTTP/1.1 102 Processing\r\n\r\n")
        await self.say(self.answer)

    async def headers(self) -> None:
        padding = {f"x-padding-{n}": "x" * 85 for n in range(self.fault.size // 100)}
        await self.say(replace(self.answer, headers={**self.answer.headers, **padding}))

    async def twice(self) -> None:
        body = self.twin.doubled(self.answer.body)
        await self.say(replace(self.answer, body=body) if self.answer.ok else self.answer)

    async def stale(self) -> None:
        await self.say(self.answer)


async def _padding(size: int, before: bytes, after: bytes) -> AsyncIterator[bytes]:
    """A body of `size` bytes: one text that never seems to end."""
    yield before
    left = size - len(before) - len(after)
    while left > 0:
        yield b"x" * min(left, CHUNK)
        left -= CHUNK
    yield after


_Delivery: TypeAlias = Callable[[Spoiled], Awaitable[None]]
DELIVERIES: Mapping[Act, _Delivery] = {
    Act.STATUS: Spoiled.status,
    Act.THROTTLE: Spoiled.throttle,
    Act.DROP: Spoiled.drop,
    Act.CUT: Spoiled.cut,
    Act.SLOW: Spoiled.slow,
    Act.HTML: Spoiled.html,
    Act.TRUNCATED: Spoiled.truncated,
    Act.WRONG_TYPE: Spoiled.wrong_type,
    Act.REDIRECT: Spoiled.redirect,
    Act.REPEAT_PAGE: Spoiled.repeat_page,
    Act.SHORT_PAGE: Spoiled.short_page,
    Act.HUGE: Spoiled.huge,
    Act.DEEP: Spoiled.deep,
    Act.DEAF: Spoiled.drop,
    Act.HALF_HEAD: Spoiled.half_head,
    Act.HANG_UP: Spoiled.hang_up,
    Act.DRIP: Spoiled.drip,
    Act.STALL: Spoiled.stall,
    Act.BOMB: Spoiled.bomb,
    Act.EMPTY: Spoiled.empty,
    Act.SAYS_NO: Spoiled.says_no,
    Act.NAMELESS: Spoiled.nameless,
    Act.CHARSET: Spoiled.charset,
    Act.TOO_LONG: Spoiled.too_long,
    Act.TOO_SHORT: Spoiled.too_short,
    Act.ANOTHER: Spoiled.another,
    Act.ODD: Spoiled.odd,
    Act.INFORM: Spoiled.inform,
    Act.HEADERS: Spoiled.headers,
    Act.TWICE: Spoiled.twice,
    Act.STALE: Spoiled.stale,
}
