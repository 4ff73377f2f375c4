"""How this API says no to a call as a whole (OC-R8)."""

from __future__ import annotations

from collections.abc import Mapping

from reconciler.twins.core.values import Answer, Json, Refused

CODES: Mapping[int, tuple[str, str]] = {
    400: ("1001", "Invalid input provided"),
    403: ("1010", "Access to the requested resource endpoint is forbidden"),
    404: ("1002", "The requested resource could not be found"),
    409: ("1003", "The resource already exists"),
    500: ("1000", "An unknown internal error occurred"),
}
# Of these no code is known.
TEXTS: Mapping[int, str] = {
    401: "Not authorized",
    429: "Too many requests",
    501: "Not served by the twin",
    502: "Bad Gateway",
    503: "Service Unavailable",
    504: "Gateway Timeout",
}
USUAL: Mapping[int, str] = {500: "Unexpected error"}
BODILESS = frozenset({405})


def error_answer(refused: Refused, support_id: str, accept: str, *, odd: bool = False) -> Answer:
    """The answer to a refused request, in the media type asked for; an `odd` one tells two kinds of refusal by
    their codes alone (OC-P32).
    """
    if refused.status in BODILESS:
        return Answer(refused.status, None, refused.headers)
    status = 422 if odd and refused.status in (400, 409) else refused.status
    body: Json = {
        "details": {"supportId": support_id},
        "issues": [_issue(refused.status, refused.text or USUAL.get(refused.status, ""))],
        "status": "ERROR",
    }
    return Answer(status, body, {"content-type": accept, **refused.headers})


def _issue(status: int, message: str) -> dict[str, Json]:
    code, description = CODES.get(status, ("", TEXTS.get(status, f"Error {status}")))
    issue: dict[str, Json] = {"code": code} if code else {}
    issue["description"] = description
    if message:
        issue["itms"] = [{"type": "details", "errorMessage": message}]
    return issue
