"""Which media types a request and its answer have (OC-R3)."""

from __future__ import annotations

from reconciler.twins.core.values import Refused, Request

XML = "application/xml; charset=UTF-8"
COMPACT = "application/json+compact"
JSON = "application/json"
_ANY = ("", "*/*", "application/*", "application/xml")


def bare(content_type: str) -> str:
    """A media type without its parameters."""
    return content_type.partition(";")[0].strip().lower()


def preferred(request: Request) -> str | None:
    """What the answer is written in: XML unless the compact notation is asked for; None for what cannot be had."""
    for wanted in request.headers.get("accept", "").split(","):
        if bare(wanted) in _ANY:
            return XML
        if bare(wanted) == COMPACT:
            return COMPACT
    return None


def check_accept(request: Request) -> str:
    """As `preferred`. Raises Refused."""
    accept = preferred(request)
    if accept is None:
        raise Refused(400, f"Unsupported accept type '{request.headers['accept']}'")
    return accept


def check_content(request: Request, allowed: tuple[str, ...]) -> str:
    """The body's media type, without parameters. Raises Refused if it is none of those allowed."""
    given = bare(request.headers.get("content-type", ""))
    if given not in allowed:
        raise Refused(400, f"Unsupported content type '{given}'")
    return given
