"""Collecting the bytes of an answer, unpacked as they come, and never more than a limit."""

from __future__ import annotations

import zlib
from collections.abc import AsyncIterator

_GZIP = 16 + zlib.MAX_WBITS


class Unusable(Exception):
    """What came is not what an API gives. `cut`: it looks as if its end were missing."""

    def __init__(self, message: str, *, cut: bool = False) -> None:
        super().__init__(message)
        self.cut = cut


class Broken(Exception):
    """The request was sent, and no whole answer came."""


async def collect(chunks: AsyncIterator[bytes], coding: str, limit: int) -> bytes:
    """All bytes, gzip undone; no chunk is unpacked further than the limit. Raises Unusable or Broken."""
    if coding not in ("", "identity", "gzip"):
        raise Unusable("its Content-Encoding was not asked for")
    unpack = zlib.decompressobj(_GZIP) if coding == "gzip" else None
    body, began = bytearray(), False
    async for chunk in chunks:
        began = began or bool(chunk)
        body += chunk if unpack is None else _unpacked(unpack, chunk, limit - len(body) + 1)
        if len(body) > limit:
            raise Unusable(f"it is larger than {limit:,} bytes")
    if unpack is not None and began and not unpack.eof:
        raise Broken("the compressed answer ended early")
    return bytes(body)


def _unpacked(unpack: zlib._Decompress, chunk: bytes, room: int) -> bytes:
    """Less than `room` bytes unless there is too much: then exactly `room`, the rest stays packed."""
    try:
        plain = unpack.decompress(chunk, room)
    except zlib.error:
        raise Unusable("its compression is damaged") from None
    if unpack.unused_data:
        raise Unusable("something follows its compressed body")
    return plain
