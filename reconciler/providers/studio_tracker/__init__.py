"""Studio Tracker: base URL, key and organisation headers, the words of its errors (docs/apis/studio-tracker.md).

Holds: the provider value and one module per odd kind. Never: requests of its own, or a look at the twin.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

from reconciler.model.call import Request
from reconciler.model.catalog import Provider
from reconciler.model.document import Target
from reconciler.model.json import Json
from reconciler.providers.studio_tracker.workbook import encode


def base(url: str) -> str:
    """The operator's whole URL, application path included; there is no default (ST-R1)."""
    bare = url.strip().rstrip("/")
    if not re.match(r"https?://[^/?#]+[^?#]*$", bare):
        raise ValueError("write it with its application path, as https://studio.example.com/loreal-prod-tracker")
    return bare


def headers(target: Target, secret: str) -> Mapping[str, str]:
    """The key, and the organisation unless the operator says there is only one (ST-R2, ST-R3)."""
    organisation = target.settings.get("organisation")
    return {"X-API-Key": secret} | ({"X-Org-Id": organisation} if isinstance(organisation, str) else {})


def check(target: Target) -> list[str]:
    """Without an organisation the server takes the first it finds: either name it or say there is one (ST-R3)."""
    named = bool(target.settings.get("organisation"))
    if named == (target.settings.get("singleOrganisation") is True):
        return ["say either `organisation: <id>` or `singleOrganisation: true`"]
    return []


def tenant(target: Target) -> str:
    """One server holds several organisations (ST-R3)."""
    organisation = target.settings.get("organisation")
    return organisation if isinstance(organisation, str) else ""


def message(body: Json) -> str:
    """`{"error": "<message>"}` (ST-R5)."""
    text = body.get("error") if isinstance(body, dict) else None
    return text if isinstance(text, str) else ""


def errs(body: Json) -> bool:
    """`{"error": "<message>"}` and nothing besides (ST-R5)."""
    return isinstance(body, dict) and body.keys() == {"error"} and bool(message(body))


def silent(request: Request, status: int) -> bool:
    """What a delete answers is not documented. That a 204 says nothing is its own word; a 200 that says nothing is
    looked up, for what is made anew in its place stands on it (ST-R5, ST-R81)."""
    return request.method != "DELETE" or status == 204


PROVIDER = Provider(
    name="studio-tracker",
    base=base,
    headers=headers,
    check=check,
    message=message,
    errs=errs,
    silent=silent,
    tenant=tenant,
    credential="API key",
    encode=encode,
    settings={
        "organisation": "The id of the organisation that is meant, where the server holds several.",
        "singleOrganisation": "`true` where the server holds just one. Say either this or `organisation`.",
    },
)
