"""How this API says no: problem documents, and what the gateway before it may say instead (OP-R4, OP-P7)."""

from __future__ import annotations

from collections.abc import Mapping
from http import HTTPStatus

from reconciler.twins.core.values import Answer, Json, Refused

PROBLEM = "application/problem+json"
# Later versions of HTTP have another phrase for it.
TITLES: Mapping[int, str] = {422: "Unprocessable Entity"}
USUAL_TEXTS: Mapping[int, str] = {
    403: "Missing or invalid X-Api-Key",
    404: "Route not found",
    429: "Too many requests",
    500: "Unexpected server error",
}
PAGE = b"<html><head><title>403 Forbidden</title></head><body><h1>Forbidden</h1></body></html>\n"


def problem(refused: Refused) -> Answer:
    """The problem document of a refused request."""
    status = refused.status
    text = refused.text or USUAL_TEXTS.get(status, f"Error {status}")
    body: dict[str, Json] = {"type": "about:blank", "title": _title(status), "status": status, "detail": text}
    return Answer(status, body, {**refused.headers, "content-type": PROBLEM})


def gateway_page() -> Answer:
    """What a gateway answers to a bad key: nothing that this API's reference describes."""
    return Answer(403, headers={"content-type": "text/html; charset=utf-8"}, content=PAGE)


def _title(status: int) -> str:
    phrases = {known.value: known.phrase for known in HTTPStatus}
    return TITLES.get(status) or phrases.get(status, "Error")
