"""A Reader that remembers, for a command that reads the same things several times over; and files that come by."""

from __future__ import annotations

from collections.abc import Mapping

from reconciler.model.call import Reader, Reply, Request
from reconciler.model.catalog import Catalog, Provider
from reconciler.model.faults import ProviderRefused
from reconciler.model.json import Json, Missing, canonical

Downloads = dict[str, bytes]
"""What was downloaded, by its sha256."""


class Memory:
    """Asks each question once in a command. What is asked again within one reading is asked anew: then the first
    answer was not enough."""

    def __init__(self, reader: Reader) -> None:
        self._reader = reader
        self._answers: dict[object, Reply | ProviderRefused] = {}
        self._asked: set[object] = set()
        self.requests = 0

    def begin(self) -> None:
        """Another reading begins."""
        self._asked.clear()

    async def read(self, request: Request) -> Reply:
        """See `Reader`."""
        at = (request.target, request.method, request.path, request.query, canonical(request.body))
        if at not in self._answers or at in self._asked:
            self._answers[at] = await self._ask(request)
        self._asked.add(at)
        answer = self._answers[at]
        if isinstance(answer, ProviderRefused):
            raise answer
        return answer

    async def _ask(self, request: Request) -> Reply | ProviderRefused:
        self.requests += 1
        try:
            return await self._reader.read(request)
        except ProviderRefused as refusal:
            return refusal


def keeping(known: Catalog, downloads: Downloads) -> Catalog:
    """The catalog, with every file that an answer turns out to be kept besides."""
    from reconciler.model.record import replace

    return replace(known, providers={n: _keeping(p, downloads) for n, p in known.providers.items()})


def _keeping(provider: Provider, downloads: Downloads) -> Provider:
    from reconciler.model.record import replace

    decode = provider.decode
    if decode is None:
        return provider

    def kept(request: Request, content_type: str, data: bytes) -> Json | Missing:
        found = decode(request, content_type, data)
        held = found.get("$file") if isinstance(found, Mapping) else None
        if isinstance(held, Mapping):
            downloads[str(held.get("sha256"))] = data
        return found

    return replace(provider, decode=kept)
