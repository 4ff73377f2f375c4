"""The body of a request as bytes: JSON, or what the provider's codec makes of it."""

from __future__ import annotations

import json
from typing import NamedTuple

from reconciler.model.call import Content, Request
from reconciler.model.catalog import Provider
from reconciler.model.faults import GuardRefused, RequestUnsendable
from reconciler.model.json import Json
from reconciler.model.record import replace
from reconciler.wire.judge import fault
from reconciler.wire.late import Late, revealed
from reconciler.wire.redact import Redaction

JSON = "application/json"


class Encoded(NamedTuple):
    """`content` None: no body. `secrets`: what of it nobody may ever say."""

    content: Content | None
    secrets: tuple[str, ...]


def encoded(request: Request, provider: Provider, late: Late) -> Encoded:
    """The body with its late values, for one try. Raises RequestUnsendable where one of them is not to be had, a
    file is not what was planned, or the codec cannot write the body; nothing has been sent then."""
    if request.body is None:
        return Encoded(None, ())
    secrets: list[str] = []
    try:
        whole = replace(request, body=revealed(request.body, late, secrets))
        content = _json(whole.body) if provider.encode is None else provider.encode(whole, late.fetch)
    except GuardRefused as error:
        raise fault(RequestUnsendable, request, f"not sent: {error}", hint=error.hint) from None
    except (ValueError, RecursionError) as error:
        text = Redaction(secrets).clean(str(error))
        raise fault(RequestUnsendable, request, f"not sent: {text}") from None
    return Encoded(content, tuple(secrets))


def _json(body: Json) -> Content:
    """Raises ValueError for NaN, and for a file: JSON has no place for bytes."""
    if _holds_file(body):
        raise ValueError("a file cannot stand in a JSON body")
    return Content(JSON, json.dumps(body, allow_nan=False).encode())


def _holds_file(value: Json) -> bool:
    if isinstance(value, dict):
        return set(value) == {"$file"} or any(map(_holds_file, value.values()))
    return isinstance(value, list) and any(map(_holds_file, value))
