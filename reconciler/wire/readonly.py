"""The half of a wire that cannot touch anything."""

from __future__ import annotations

from reconciler.model.call import Reader, Reply, Request


class ReadOnly:
    """A Reader and nothing more: what planning is given."""

    __slots__ = ("_reader",)

    def __init__(self, reader: Reader) -> None:
        self._reader = reader

    async def read(self, request: Request) -> Reply:
        """See `Reader`."""
        return await self._reader.read(request)
