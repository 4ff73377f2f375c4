"""Plans as a ledger keeps them: each run has one, and it tells of everything that is declared, changed or not."""

from __future__ import annotations

import base64
import binascii
import json
import zlib
from typing import Final

from reconciler.model.json import Json, JsonObject, canonical

ZLIB: Final = "zlib"


def packed(value: JsonObject) -> JsonObject:
    """`{"zlib": …}`: the canonical JSON text, compressed (RFC 1950), as base64. About a ninth of a large plan."""
    text = canonical(value).encode("utf-8", "surrogatepass")
    return {ZLIB: base64.b64encode(zlib.compress(text)).decode("ascii")}


def unpacked(value: Json) -> JsonObject:
    """The inverse; what an older version wrote was not packed. Raises TypeError or ValueError on another shape."""
    found: Json = value
    if isinstance(value, dict) and value.keys() == {ZLIB}:
        try:
            text = zlib.decompress(base64.b64decode(str(value[ZLIB]), validate=True))
        except (zlib.error, binascii.Error) as error:
            raise ValueError(f"it cannot be unpacked: {error}") from error
        found = json.loads(text.decode("utf-8", "surrogatepass"))
    if not isinstance(found, dict):
        raise TypeError("the plan of a run is not an object")
    return found
