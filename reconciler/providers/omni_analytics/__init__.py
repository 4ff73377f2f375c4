"""Omni Analytics: base URL, bearer key, the words of its errors (docs/apis/omni-analytics.md).

Holds: the provider value and one module per odd kind. Never: requests of its own, or a look at the twin.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Final

from reconciler.model.call import Request
from reconciler.model.catalog import Provider
from reconciler.model.document import Target
from reconciler.model.json import Json
from reconciler.providers.omni_analytics.own import SETTINGS, problems


def base(url: str) -> str:
    """The operator's URL as `scheme://host/api`, with or without a trailing `/`, `/api` or `/api/v1` (OA-R1)."""
    bare = re.sub(r"/(api(/(v1|unstable))?/?)?$", "", url.strip())
    if not re.match(r"https?://[^/?#]+[^?#]*$", bare):
        raise ValueError("write it as https://<instance>.omniapp.co/api")
    return bare + "/api"


def headers(target: Target, secret: str) -> Mapping[str, str]:  # noqa: ARG001 - the same shape for every provider
    """A bearer key (OA-R2)."""
    return {"Authorization": f"Bearer {secret}"}


def check(target: Target) -> list[str]:
    """Whose key is used, and who is never deleted (OA-R194)."""
    return [*problems(target.settings)]


def message(body: Json) -> str:
    """The first of `detail`, `message`, `error` (unless only digits) and `title` that says something (OA-R4)."""
    if not isinstance(body, dict):
        return ""
    for name in ("detail", "message", "error", "title"):
        text = body.get(name)
        if isinstance(text, str) and text.strip() and not (name == "error" and text.isdigit()):
            return re.sub(r"^(Bad Request|Not Found): ", "", text)
    return ""


ERROR_FIELDS: Final = frozenset({"detail", "status", "title", "error", "message", "schemas"})
SCIM_ERROR: Final = "urn:ietf:params:scim:api:messages:2.0:Error"


def errs(body: Json) -> bool:
    """Any of the documented shapes, and nothing besides: a text alone may be a success (OA-R4)."""
    if not isinstance(body, dict) or not message(body) or body.keys() - ERROR_FIELDS:
        return False
    status, schemas = body.get("status"), body.get("schemas")
    numbered = isinstance(status, int) and status >= 400
    return numbered or isinstance(body.get("error"), str) or (isinstance(schemas, list) and SCIM_ERROR in schemas)


def silent(request: Request, status: int) -> bool:  # noqa: ARG001 - the shape of a judgement
    """A 204 has no body, and every other success is JSON (OA-R3)."""
    return status == 204


PROVIDER = Provider(
    name="omni-analytics",
    base=base,
    headers=headers,
    check=check,
    message=message,
    per_minute=60,  # OA-R7
    credential="organisation API key",
    errs=errs,
    silent=silent,
    settings=SETTINGS,
)
