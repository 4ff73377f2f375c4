"""How this API says no (OA-R4, OA-P1)."""

from __future__ import annotations

from collections.abc import Mapping

from reconciler.twins.core.values import Answer, Json, Refused
from reconciler.twins.omni_analytics.call import Style

TITLES: Mapping[int, str] = {400: "Bad Request", 403: "Forbidden", 404: "Not Found", 409: "Conflict"}
USUAL_TEXTS: Mapping[int, str] = {
    401: "Unauthorized: Missing or invalid API key",
    404: "Not Found",
    405: "Method Not Allowed",
    429: "Too Many Requests",
    500: "Internal Server Error",
    502: "Bad Gateway",
    503: "Service Unavailable",
    504: "Gateway Timeout",
}
SCIM_ERROR = "urn:ietf:params:scim:api:messages:2.0:Error"


def error_answer(refused: Refused, style: Style, *, hard: bool) -> Answer:
    """The answer to a refused request. `hard` is the declared schema, which the API's own examples contradict."""
    status, text = refused.status, refused.text or USUAL_TEXTS.get(refused.status, f"Error {refused.status}")
    return Answer(status, _body(status, text, style, hard=hard), refused.headers)


def _body(status: int, text: str, style: Style, *, hard: bool) -> Json:
    if hard:
        return {"error": str(status), "message": text}
    if style is Style.BARE:
        return {"error": text}
    plain: dict[str, Json] = {"detail": text, "status": status}
    if style is Style.SCIM:
        return {"schemas": [SCIM_ERROR], **plain}
    if style is Style.TITLED and status in TITLES:
        return {**plain, "title": TITLES[status]}
    return plain
