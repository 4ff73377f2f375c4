"""The far ends and the network before them: the twins' own application, called without a socket, in simulated
time."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine, Mapping, MutableMapping
from contextvars import Context
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

from reconciler.twins import Twin
from reconciler.twins.core.line import CLOSE, RESET
from reconciler.wire.body import Broken, Unusable
from reconciler.wire.limits import Limits
from reconciler.wire.line import Answer, Unsent
from reconciler.wire.url import Base
from tests.simulation.loop import Loop
from tests.simulation.process import Process
from tests.simulation.trace import Exchange, Trace
from tests.simulation.weather import Fate, Weather

FIRST_PORT = 41_001
"""Nobody listens there: a port only says which twin is meant."""
WORLD = Context()
"""What belongs to no process of ours."""


@dataclass(slots=True)
class Far:
    """`meanwhile`: the number of an arrival -> what happens in the world at that very moment."""

    loop: Loop
    twins: Mapping[str, Twin]
    weather: Weather
    trace: Trace
    meanwhile: dict[int, list[Callable[[], None]]] = field(default_factory=dict)
    arrivals: int = 0
    broken: list[BaseException] = field(default_factory=list)

    def urls(self) -> dict[str, str]:
        named = enumerate(self.twins.items())
        return {name: f"http://127.0.0.1:{FIRST_PORT + n}{twin.base_path}" for n, (name, twin) in named}

    def opens(self, process: Process) -> Callable[[Base, str | None, Limits], Way]:
        """What a process has for a network."""
        places = {urlsplit(url).netloc: name for name, url in self.urls().items()}

        def way(base: Base, _: str | None, limits: Limits) -> Way:
            return Way(self, process, places[urlsplit(base.origin).netloc], limits)

        return way

    def begin(self, one: Exchange, url: str, fate: Fate, limits: Limits) -> asyncio.Future[Answer]:
        """Set a request on its way; whoever sent it may die meanwhile."""
        told: asyncio.Future[Answer] = self.loop.create_future()
        if fate.arrives:
            self.loop.call_later(fate.there, self._arrive, one, url, fate, limits, told, context=WORLD)
        else:
            self.loop.call_later(fate.after, self._fail, one, fate, told, context=WORLD)
        return told

    def _arrive(self, one: Exchange, url: str, fate: Fate, limits: Limits, told: asyncio.Future[Answer]) -> None:
        self.arrivals += 1
        for happens in self.meanwhile.pop(self.arrivals, ()):
            happens()
        twin = self.twins[one.target]
        one.arrived = self.loop.time()
        twin.faults.clear()
        if fate.fault is not None:
            twin.faults.add(fate.fault)
        seen = len(twin.log)
        heard = Heard()
        try:
            _run(twin.app(_scope(one, url, heard), heard.receiver(one.content), heard.send))
        except Exception as error:  # noqa: BLE001 - a twin that breaks ends the trial, by the one who waits for it
            self.broken.append(error)
        if len(twin.log) > seen:
            entry = twin.log[-1]
            one.write, one.changed = entry.write, entry.changed
        one.reached = self.trace.step(f"arrived: {one.line()}")
        if not fate.answers:
            self.loop.call_later(fate.after, self._fail, one, fate, told, context=WORLD)
        else:
            self.loop.call_later(fate.back, self._answer, one, heard, limits, told, context=WORLD)

    def _fail(self, one: Exchange, fate: Fate, told: asyncio.Future[Answer]) -> None:
        one.told = self.loop.time()
        self.trace.step(f"no answer: {one.line()}")
        if not told.done():
            why = "connection refused" if fate.unsent else "the connection broke before the answer was complete"
            told.set_exception(Unsent(why) if fate.unsent else Broken(why))

    def _answer(self, one: Exchange, heard: Heard, limits: Limits, told: asyncio.Future[Answer]) -> None:
        one.told, one.status, one.answer = self.loop.time(), heard.status or None, bytes(heard.body)
        wait = heard.headers.get("retry-after", "")
        one.asks_to_wait = float(wait) if wait.isdecimal() else None
        self.trace.step(f"answered: {one.line()}")
        if told.done():
            return
        try:
            told.set_result(heard.answer(limits))
        except (Broken, Unusable) as error:
            told.set_exception(error)


@dataclass(slots=True)
class Way:
    """One process's connections to one server: what `reconciler.wire.line.Line` is in the product."""

    far: Far
    process: Process
    target: str
    limits: Limits

    async def ask(self, method: str, url: str, headers: Mapping[str, str], content: bytes) -> Answer:
        """Send once. Raises Unsent, Broken or Unusable."""
        self.process.cross("before a request")
        trace, fate = self.far.trace, self.far.weather.fate()
        parts = urlsplit(url)
        below = parts.path.removeprefix(self.far.twins[self.target].base_path)
        call = f"{method} {below}" + (f"?{parts.query}" if parts.query else "")
        one = Exchange(0, self.process, self.target, method, call, headers, content, trace.time(), fate.name)
        one.step = trace.step(f"asked: {one.line()}")
        trace.exchanges.append(one)
        try:
            return await self.far.begin(one, url, fate, self.limits)
        finally:
            self.process.cross("after an answer")

    async def aclose(self) -> None:
        """Nothing is kept open."""


@dataclass(slots=True)
class Heard:
    """What the server has said so far."""

    status: int = 0
    headers: dict[str, str] = field(default_factory=dict)
    body: bytearray = field(default_factory=bytearray)
    reset: bool = False

    def cut_off(self) -> None:
        self.reset = True

    async def send(self, message: MutableMapping[str, Any]) -> None:
        if message["type"] == "http.response.start":
            self.status = message["status"]
            self.headers = {k.decode("latin-1").lower(): v.decode("latin-1") for k, v in message["headers"]}
        else:
            self.body += message.get("body", b"")

    def receiver(self, content: bytes) -> Callable[[], Coroutine[Any, Any, MutableMapping[str, Any]]]:
        waiting: list[MutableMapping[str, Any]] = [{"type": "http.request", "body": content, "more_body": False}]

        async def receive() -> MutableMapping[str, Any]:
            return waiting.pop() if waiting else {"type": "http.disconnect"}

        return receive

    def answer(self, limits: Limits) -> Answer:
        """As a line would give it. Raises Broken or Unusable."""
        if not self.status:
            raise Broken("the connection broke before the answer was complete")
        if 300 <= self.status < 400:
            return Answer(self.status, self.headers, b"")
        short = self.reset or len(self.body) < int(self.headers.get("content-length", "0"))
        large = len(self.body) > (limits.body if self.status < 300 else limits.error_body)
        if self.status >= 400 and (short or large):
            return Answer(self.status, self.headers, b"")
        if short:
            raise Broken("the connection broke before the answer was complete")
        if large:
            raise Unusable(f"it is larger than {limits.body:,} bytes")
        return Answer(self.status, self.headers, bytes(self.body))


def _scope(one: Exchange, url: str, heard: Heard) -> dict[str, Any]:
    parts = urlsplit(url)
    return {
        "type": "http",
        "method": one.method,
        "path": parts.path,
        "raw_path": parts.path.encode(),
        "query_string": parts.query.encode(),
        "headers": [(k.lower().encode("latin-1"), v.encode("latin-1")) for k, v in one.headers.items()],
        "extensions": {RESET: heard.cut_off, CLOSE: heard.cut_off},
    }


def _run(coroutine: Coroutine[Any, Any, None]) -> None:
    """To its end, which a twin without latency comes to without ever waiting."""
    try:
        coroutine.send(None)
    except StopIteration:
        return
    coroutine.close()
    raise AssertionError("a twin waited for something")
