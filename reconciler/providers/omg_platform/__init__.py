"""OMG Platform: base URL, key header, ids in bodies, the words of its errors (docs/apis/omg-platform.md).

Holds: the provider value and one module per odd kind. Never: requests of its own, or a look at the twin.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Final

from reconciler.model.catalog import Provider
from reconciler.model.document import Target
from reconciler.model.json import Json
from reconciler.providers.omg_platform.codec import encode

AVATAR_PART: Final = "avatarPart"
"""The setting that names the part of an upload which holds the picture."""


def base(url: str) -> str:
    """The operator's URL as `scheme://host/tenant/v2`, with or without a trailing `/` or `/v2`; neither host nor
    tenant has a default (OP-R1)."""
    bare = re.sub(r"(?<=[^/])(/v2)?/?$", "", url.strip(), count=1)
    if not re.fullmatch(r"https?://[^/?#\s]+(/[^/?#\s]+)+", bare):
        raise ValueError("write it with its tenant, as https://omg.example.com/acme/v2")
    return bare + "/v2"


def headers(target: Target, secret: str) -> Mapping[str, str]:  # noqa: ARG001 - the same shape for every provider
    """The key and nothing else; it carries a user, in whose name everything is done (OP-R2)."""
    return {"X-Api-Key": secret}


def check(target: Target) -> list[str]:
    """Host and tenant stand in the base URL; the one setting is the name of the avatar's part (OP-R1, OP-R42)."""
    part = target.settings.get(AVATAR_PART, "avatar")
    if isinstance(part, str) and re.fullmatch(r"[A-Za-z0-9_.\[\]-]{1,100}", part):
        return []
    return [f"`{AVATAR_PART}` is the name of a part of a form, as `avatar`"]


def message(body: Json) -> str:
    """`detail`, else `title`, of a problem document (OP-R4)."""
    if not isinstance(body, dict):
        return ""
    texts = (body.get("detail"), body.get("title"))
    return next((t for t in texts if isinstance(t, str) and t.strip()), "")


def errs(body: Json) -> bool:
    """A problem document: its number says an error, and it has none of a success's data (OP-R3, OP-R4)."""
    if not isinstance(body, dict) or "data" in body:
        return False
    status = body.get("status")
    return isinstance(status, int) and status >= 400 and bool(message(body))


PROVIDER = Provider(
    name="omg-platform",
    base=base,
    headers=headers,
    check=check,
    message=message,
    encode=encode,
    errs=errs,
    stops=frozenset({401, 403}),  # a key that is not good for one call is good for none (OP-R5)
    heralded=True,
    settings={AVATAR_PART: "The name of the part of an upload that holds a user's picture; `avatar` if left out."},
)
