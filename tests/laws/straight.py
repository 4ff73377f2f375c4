"""Twins without sockets: what the wire would send goes straight into the twin, and its answer straight back.

All of the product is at work but the connection itself: retries, budgets, codecs and faults too.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from urllib.parse import urlsplit

from reconciler.twins import Twin
from reconciler.twins.core.values import Answer as Told
from reconciler.twins.core.values import Request, encode
from reconciler.wire.line import Answer, Line

FIRST_PORT = 40_001
"""Nobody listens there, and nobody connects: a port is only how an address says which twin is meant."""


@dataclass(frozen=True, slots=True)
class Straight:
    """The twins by the place (`127.0.0.1:40001`) that their addresses name."""

    twins: Mapping[str, Twin]

    def ask(self, method: str, url: str, headers: Mapping[str, str], content: bytes) -> Answer:
        """One exchange, as the server would have it: no fault is armed here, and no hook called."""
        where = urlsplit(url)
        twin = self.twins[where.netloc]
        lower = {name.lower(): value for name, value in headers.items()}
        turn = twin.arrive(Request(method, where.path, where.query, lower, content))
        told = twin.take_effect(turn)
        twin.log.answered(turn.entry, told)
        return _answer(twin, twin.rendered(told))


def _answer(twin: Twin, told: Told) -> Answer:
    empty = b"" if told.body is None else encode(told.body)
    data = empty if told.content is None else told.content
    named = {name.lower(): value for name, value in told.headers.items()}
    kind = {"content-type": twin.content_type} if data else {}
    return Answer(told.status, {**kind, **named}, data)


@contextmanager
def connected(twins: Sequence[Twin]) -> Iterator[list[str]]:
    """The base URLs of these twins, which answer for as long as the block lasts, and nobody else does."""
    places = {f"127.0.0.1:{FIRST_PORT + n}": twin for n, twin in enumerate(twins)}
    straight, before = Straight(places), Line.ask

    async def ask(_: Line, method: str, url: str, headers: Mapping[str, str], content: bytes) -> Answer:
        return straight.ask(method, url, headers, content)

    Line.ask = ask  # type: ignore[method-assign, assignment]
    try:
        yield [f"http://{place}{twin.base_path}" for place, twin in places.items()]
    finally:
        Line.ask = before  # type: ignore[method-assign]
