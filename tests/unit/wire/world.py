"""A provider, a credential, clocks: what a wire needs besides a far end."""

from __future__ import annotations

import asyncio
import random
from collections.abc import Awaitable, Callable, Coroutine, Mapping
from dataclasses import dataclass, field
from typing import Any, TypeVar

from reconciler.model.call import Request
from reconciler.model.catalog import Provider
from reconciler.model.clock import Clock
from reconciler.model.document import Target
from reconciler.model.faults import RemoteFault
from reconciler.model.json import Json
from reconciler.model.operator import Access
from reconciler.model.record import replace
from reconciler.wire.limits import Limits
from reconciler.wire.wire import Wire
from tests.unit.wire.far_end import Answer, FarEnd

SECRET = 'k3y/with+odd="signs"&<more>'
T = TypeVar("T")

GET = Request("shop", "GET", "/v1/things", safe=True)
POST = Request("shop", "POST", "/v1/things", body={"name": "x"})


def words(body: Json) -> str:
    """The error text of our example API."""
    return str(body.get("error", "")) if isinstance(body, dict) else ""


def headers(target: Target, secret: str) -> Mapping[str, str]:
    return {"Authorization": f"Bearer {secret}", "X-Org-Id": str(target.settings.get("org", "o1"))}


def provider(per_minute: int | None = None, base: Callable[[str], str] = str) -> Provider:
    return Provider("example", base, headers, lambda _: [], words, per_minute)


@dataclass
class Hands:
    """A clock that a test turns: sleeping costs nothing and is written down."""

    time: float = 1_000.0
    date: float = 1_700_000_000.0
    naps: list[float] = field(default_factory=list)

    async def sleep(self, seconds: float) -> None:
        self.naps.append(seconds)
        self.time += seconds
        self.date += seconds
        await asyncio.sleep(0)

    @property
    def clock(self) -> Clock:
        return Clock(lambda: self.time, lambda: self.date, self.sleep)


USED = Limits(connect=10, read=20, answer=30, body=20_000)
HASTY = replace(USED, connect=0.2, read=0.2, answer=0.5)
"""For far ends that are slow on purpose: nothing good may be expected within these times on a busy machine."""


def wire(url: str, hands: Hands, limits: Limits = USED, **target: Any) -> Wire:
    ca_file, per_minute = target.pop("ca_file", None), target.pop("provider_per_minute", None)
    return Wire(
        Target("shop", "example", **target),
        provider(per_minute),
        Access(url, lambda: SECRET, "env SHOP_KEY", ca_file),
        hands.clock,
        random.Random(7),
        limits=limits,
    )


@dataclass
class Result:
    """How a talk with a far end ended."""

    far: FarEnd
    hands: Hands
    wire: Wire
    fault: RemoteFault | None = None
    body: Json = None
    status: int = 0
    attempts: int = 0

    @property
    def raised(self) -> type[RemoteFault] | None:
        return type(self.fault) if self.fault else None

    @property
    def text(self) -> str:
        return f"{self.fault} {self.fault.hint}" if self.fault else ""


async def _talk(request: Request, answers: tuple[Answer, ...], limits: Limits, write: bool) -> Result:
    hands = Hands()
    async with FarEnd(answers) as far, wire(far.url, hands, limits) as line:
        result = Result(far, hands, line)
        try:
            reply = await (line.send(request) if write else line.read(request))
        except RemoteFault as fault:
            result.fault = fault
        else:
            result.body, result.status, result.attempts = reply.body, reply.status, reply.attempts
        return result


def read(*answers: Answer, request: Request = GET, limits: Limits = USED) -> Result:
    """One read of a far end that gives these answers."""
    return run(_talk(request, answers, limits, write=False))


def send(*answers: Answer, request: Request = POST, limits: Limits = USED) -> Result:
    """One write to a far end that gives these answers."""
    return run(_talk(request, answers, limits, write=True))


def run(main: Coroutine[Any, Any, T]) -> T:
    return asyncio.run(main)


class WarpLoop(asyncio.SelectorEventLoop):
    """An event loop in which nobody waits: when all sleep, its clock jumps to the next alarm."""

    def __init__(self) -> None:
        super().__init__()
        self._warp = 0.0
        selector: Any = self._selector  # type: ignore[attr-defined]
        select = selector.select

        def jump(timeout: float | None = None) -> Any:
            if timeout is None:
                raise RuntimeError("everybody sleeps and nothing will wake them")
            self._warp += max(0.0, timeout)
            return select(0)

        selector.select = jump

    def time(self) -> float:
        return self._warp

    @property
    def clock(self) -> Clock:
        return Clock(self.time, lambda: 1.7e9 + self._warp, asyncio.sleep)


def warped(main: Callable[[Clock], Awaitable[T]]) -> T:
    """Run in time that passes by itself, deterministically."""
    loop = WarpLoop()

    async def whole() -> T:
        return await main(loop.clock)

    try:
        return loop.run_until_complete(whole())
    finally:
        loop.close()
