"""Requests and replies, and who may send which."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Final, Protocol

from reconciler.model.json import Json
from reconciler.model.record import Record, aside, field

_PLAIN: Final = re.compile(r"[A-Za-z0-9._~-]*")


def quoted(text: str) -> str:
    """The text as one path segment or query value, percent-encoded but for `A-Z a-z 0-9 - . _ ~`. Half a surrogate
    pair, which only a server would put into an id, is encoded too."""
    if _PLAIN.fullmatch(text):  # as nearly every id is
        return text
    from urllib.parse import quote

    return quote(text, safe="-._~", errors="surrogatepass")


@aside("barred")
class Request(Record, frozen=True):
    """What goes over the wire. `path` is relative to the target's base and already percent-encoded.

    `safe` is a promise of the kind's author: the call changes nothing (some safe calls are POSTs).
    `may_be_gone`: a 404 is an answer to this look, not a fault. `may_fail`: so is any other fault of the far
    end, and the answer is then None; the kind decides what it means. `refusals`: statuses that are an answer too:
    it is then `{"$refused": status}`. `media`: the form of the body, a word of the
    provider's codec. `repeat` False: not even a refusal for haste (429) lets it be sent again in the same run.
    `keyless`: it goes without the credential, and without the provider's other headers. `barred`: asked right
    before each time it leaves, however long it has waited: why it must not after all, empty where it may.
    """

    target: str
    method: str
    path: str
    query: tuple[tuple[str, str], ...] = ()
    body: Json = None
    safe: bool = False
    may_be_gone: bool = False
    may_fail: bool = False
    refusals: frozenset[int] = frozenset()
    media: str = "json"
    repeat: bool = True
    keyless: bool = False
    barred: Callable[[], str] | None = None

    def __str__(self) -> str:
        query = "&".join(f"{quoted(name)}={quoted(value)}" for name, value in self.query)
        return f"{self.method} {self.path}" + (f"?{query}" if query else "")


def asks(request: Request, call: str) -> bool:
    """Whether a request is this one of the API's calls, `METHOD path`."""
    return f"{request.method} {request.path}" == call


def listing_of(request: Request) -> tuple[str, str, tuple[tuple[str, str], ...]]:
    """Which listing a page belongs to: its target, path and query without the place in it."""
    query = tuple((k, v) for k, v in request.query if k not in {"cursor", "startIndex"})
    return request.target, request.path, query


class Content(Record, frozen=True):
    """A body as it goes over the wire. `type`: the Content-Type header."""

    type: str
    data: bytes


class Reply(Record, frozen=True):
    """A 2xx answer. `body` is None where the answer was empty. `attempts` counts sends, retries included."""

    status: int
    body: Json = None
    headers: Mapping[str, str] = field(default_factory=dict)
    attempts: int = 1


class Reader(Protocol):
    """Can look, cannot touch: refuses (ValueError) a request that is not declared safe."""

    async def read(self, request: Request) -> Reply:
        """Raises RemoteFault."""
        ...


class Writer(Reader, Protocol):
    """Can look and touch."""

    async def send(self, request: Request) -> Reply:
        """Send a write once; again only where the first try certainly did nothing. Raises RemoteFault."""
        ...
