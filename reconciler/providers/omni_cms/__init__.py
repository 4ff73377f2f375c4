"""Omni-CMS: base URL, key header, the words of its errors, bodies as JSON and as uploads (docs/apis/omni-cms.md).

Holds: the provider value, its codec, one module per kind and what these share. Never: requests of its own, or a
look at the twin.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

from reconciler.model.call import Request
from reconciler.model.catalog import Provider
from reconciler.model.document import Target
from reconciler.model.json import Json
from reconciler.providers.omni_cms.codec import DOWNLOAD, decode, encode

ACCOUNT = "account"
"""The setting of a target that says whose key the reconciler uses (CM-R51)."""
NO_FILE = "omni.component.not.found.file"
"""The code that says there is no file, whatever the status (CM-R16)."""


def base(url: str) -> str:
    """The operator's URL as `scheme://domain/api/v1`, with or without a trailing `/` or `/api/v1` (CM-R1)."""
    bare = re.sub(r"(/api(/v1)?)?/*$", "", url.strip())
    if not re.match(r"https?://[^/?#]+[^?#]*$", bare):
        raise ValueError("write it as https://<api domain>/api/v1")
    return bare + "/api/v1"


def headers(target: Target, secret: str) -> Mapping[str, str]:  # noqa: ARG001 - the same shape for every provider
    """The key, on public calls too: without it unpublished components do not show (CM-R2)."""
    return {"X-OMNI-API-KEY": secret}


def check(target: Target) -> list[str]:
    """The one setting is `account`: whose key the reconciler uses (CM-R51)."""
    account = target.settings.get(ACCOUNT, "@")
    if isinstance(account, str) and "@" in account:
        return []
    return [f"`{ACCOUNT}` is the e-mail address of the account whose key is used here"]


def message(body: Json) -> str:
    """`message` of a generic response (CM-R5)."""
    return _text(body, "message")


def code(body: Json) -> str:
    """`code` of a generic response: the one word that decides (CM-R5)."""
    return _text(body, "code")


def refuses(body: Json) -> bool:
    """A 2xx with `success: false` is a refusal (CM-R4); that there is no file is an answer (CM-R16)."""
    return isinstance(body, dict) and body.get("success") is False and code(body) != NO_FILE


def silent(request: Request, status: int) -> bool:  # noqa: ARG001 - the shape of a judgement
    """Only a file may be empty: reads are objects, writes are answered with a generic response (CM-R4, CM-R33)."""
    return request.media == DOWNLOAD


def _text(body: Json, name: str) -> str:
    text = body.get(name) if isinstance(body, dict) else None
    return text if isinstance(text, str) else ""


PROVIDER = Provider(
    name="omni-cms",
    base=base,
    headers=headers,
    check=check,
    message=message,
    credential="API key",
    concurrency=1,  # CM-R7
    encode=encode,
    decode=decode,
    refuses=refuses,
    silent=silent,
    code=code,
    settings={
        ACCOUNT: "The e-mail address of the account whose key is used here. That account is never locked out; "
        "without the setting every change to accounts is held."
    },
)
