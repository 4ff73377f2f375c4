"""OMN Core: base URL, bearer token, XML on the wire, the words of its errors (docs/apis/omn-core.md).

Holds: the provider value, its codec (`notation`), and what its kinds need beyond their schemas. Never: requests of
its own, or a look at the twin.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

from reconciler.model.call import Request
from reconciler.model.catalog import Provider
from reconciler.model.document import Target
from reconciler.model.json import Json, pick
from reconciler.providers.omn_core import batch
from reconciler.providers.omn_core.answers import issues
from reconciler.providers.omn_core.notation import ACCEPT_AT, XML, decode, encode


def base(url: str) -> str:
    """The operator's URL as `scheme://server/api/core/v1`, with or without that path or a trailing `/` (OC-R1)."""
    bare = re.sub(r"/api/core/v1$", "", url.strip().rstrip("/"))
    if not re.match(r"https?://[^/?#]+[^?#]*$", bare):
        raise ValueError("write it as https://<server>/api/core/v1")
    return bare + "/api/core/v1"


def headers(target: Target, secret: str) -> Mapping[str, str]:  # noqa: ARG001 - the same shape for every provider
    """A bearer token, made by the operator (OC-R2)."""
    return {"Authorization": f"Bearer {secret}"}


def check(target: Target) -> list[str]:
    """How large batches may be."""
    return batch.problems(target.settings)


def silent(request: Request, status: int) -> bool:  # noqa: ARG001 - the shape of a judgement
    """Never: not even a list of nothing is empty."""
    return False


def refuses(body: Json) -> bool:
    """A bare `<response>` is a call that failed as a whole, whatever its status says (OC-R8)."""
    bare = isinstance(body, dict) and "responses" not in body
    return bare and pick(body, "/status") in ("SUCCESS", "WARNING", "ERROR")


def message(body: Json) -> str:
    """What went wrong as a whole, and the support id people are asked for (OC-R8)."""
    texts, support = issues(body), pick(body, "/details/supportId")
    return texts + (f" (support id {support})" if isinstance(support, str) and support else "")


def code(body: Json) -> str:
    """`1000` to `1010`, where a call failed as a whole (OC-R8)."""
    found = pick(body, "/issues/0/code")
    return found if isinstance(found, str) else ""


PROVIDER = Provider(
    name="omn-core",
    base=base,
    headers=headers,
    check=check,
    message=message,
    credential="bearer token",
    concurrency=1,  # batches go one after another (OC-R10)
    encode=encode,
    decode=decode,
    accept=XML,
    accept_at=ACCEPT_AT,
    refuses=refuses,
    code=code,
    silent=silent,
    settings={
        batch.SETTING: f"How many objects go into one request, 1 to {batch.USUAL}; {batch.USUAL} if left out."
    },
)
