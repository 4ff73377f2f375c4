"""OMG Platform: base URL, key header, ids in bodies, the words of its errors (docs/apis/omg-platform.md).

Holds: the provider value and one module per odd kind. Never: requests of its own, or a look at the twin.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from typing import Final

from reconciler.model.call import Content, Request
from reconciler.model.catalog import Fetch, Provider
from reconciler.model.document import Target
from reconciler.model.json import Json

PARENT: Final = "parent_planning_id"
NUMBER: Final = re.compile(r"[1-9][0-9]{0,17}")


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
    """Host and tenant stand in the base URL: this provider has no settings of its own (OP-R1)."""
    return [f"unknown setting '{name}'" for name in target.settings]


def message(body: Json) -> str:
    """`detail`, else `title`, of a problem document (OP-R4)."""
    if not isinstance(body, dict):
        return ""
    texts = (body.get("detail"), body.get("title"))
    return next((t for t in texts if isinstance(t, str) and t.strip()), "")


def encode(request: Request, fetch: Fetch) -> Content:  # noqa: ARG001 - the codec's shape
    """JSON; the id of a task's parent, which we keep as text, goes as a number where it is one (OP-R9, OP-A15)."""
    body = request.body
    if isinstance(body, dict) and isinstance(body.get(PARENT), str) and NUMBER.fullmatch(str(body[PARENT])):
        body = {**body, PARENT: int(str(body[PARENT]))}
    return Content("application/json", json.dumps(body, allow_nan=False).encode())


PROVIDER = Provider(
    name="omg-platform",
    base=base,
    headers=headers,
    check=check,
    message=message,
    encode=encode,
    stops=frozenset({401, 403}),  # a key that is not good for one call is good for none (OP-R5)
)
