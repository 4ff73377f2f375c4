"""Twins without a socket in between: their real answers, as bytes, one of them spoilt on its way."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Mapping
from dataclasses import dataclass, field
from typing import TypeAlias
from urllib.parse import urlsplit

from reconciler.twins import Twin
from reconciler.twins.core.values import Request, encode
from reconciler.wire.body import collect
from reconciler.wire.limits import Limits
from reconciler.wire.line import Answer, Asks
from reconciler.wire.url import Base

Key: TypeAlias = tuple[str, str, str, bytes]
"""What tells one request from another: target, method, path with query, body."""
Spoil: TypeAlias = "Callable[[Key, Answer], Answer]"


def honest(key: Key, answer: Answer) -> Answer:
    return answer


@dataclass(slots=True)
class Far:
    """All far ends of a run. `asked`: every request, in order; `writes`: those that changed something, or meant
    to; `heard`: the last true answer to each. Answers to what changes nothing are remembered until something
    changes."""

    twins: Mapping[str, Twin]
    spoil: Spoil = honest
    asked: list[Key] = field(default_factory=list)
    writes: list[tuple[Key, bool]] = field(default_factory=list)
    heard: dict[Key, Answer] = field(default_factory=dict)
    _known: dict[Key, Answer] = field(default_factory=dict)

    @property
    def urls(self) -> dict[str, str]:
        """Ports stand for the twins; nobody listens there."""
        return {name: f"http://127.0.0.1:{at}{twin.base_path}" for at, (name, twin) in self._at().items()}

    def _at(self) -> dict[int, tuple[str, Twin]]:
        return dict(enumerate(self.twins.items(), 1))

    def forget(self) -> None:
        """The worlds are others now."""
        self._known.clear()

    def opens(self, base: Base, ca_file: str | None, limits: Limits) -> Asks:  # noqa: ARG002 - their shape
        name, twin = self._at()[base.port]
        return _Line(self, name, twin, limits)

    def answer(self, key: Key, twin: Twin, headers: Mapping[str, str]) -> Answer:
        if key in self._known:
            return self._known[key]
        _, method, target, content = key
        path, _, query = target.partition("?")
        request = Request(method, path, query, {n.lower(): v for n, v in headers.items()}, content)
        answer = twin.perform(request)
        shown = twin.rendered(answer)
        body = shown.content if shown.content is not None else b"" if shown.body is None else encode(shown.body)
        kind = {"content-type": twin.content_type} if body else {}
        found = Answer(answer.status, {**kind, **{n.lower(): v for n, v in shown.headers.items()}}, body)
        if twin.is_write(request):
            self.writes.append((key, answer.ok))
            if answer.ok:
                self.forget()
        else:
            self._known[key] = found
        return found


@dataclass(slots=True)
class _Line:
    """What carries bytes to one of them."""

    far: Far
    name: str
    twin: Twin
    limits: Limits

    async def ask(self, method: str, url: str, headers: Mapping[str, str], content: bytes) -> Answer:
        """As a real line: what is packed is unpacked, and nothing larger than allowed comes in."""
        parts = urlsplit(url)
        key = (self.name, method, parts.path + (f"?{parts.query}" if parts.query else ""), content)
        self.far.asked.append(key)
        whole = self.far.heard[key] = self.far.answer(key, self.twin, headers)
        answer = self.far.spoil(key, whole)
        if 300 <= answer.status < 400:
            return Answer(answer.status, answer.headers, b"")
        limit = self.limits.body if answer.status < 300 else self.limits.error_body

        async def chunks() -> AsyncIterator[bytes]:
            yield answer.body

        coding = answer.headers.get("content-encoding", "").lower()
        return Answer(answer.status, answer.headers, await collect(chunks(), coding, limit))

    async def aclose(self) -> None:
        """Nothing is open."""
