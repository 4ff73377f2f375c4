"""What the tests of this twin say often."""

from __future__ import annotations

from typing import Any

from reconciler.twins import OmgTwin
from tests.unit.twins.served import Served

Omg = Served[OmgTwin]
TITLES = {
    400: "Bad Request",
    403: "Forbidden",
    404: "Not Found",
    422: "Unprocessable Entity",
    500: "Internal Server Error",
}
BRIEF = {
    "brief_title": "Q3 Campaign Brief",
    "brief_summary": "Overview of Q3 requirements",
    "brief_deadline": "2026-06-30",
    "business_area": "UK/Marketing/Digital",
}


def problem(status: int, detail: str) -> tuple[int, dict[str, Any]]:
    """Status and body of a refusal."""
    return status, {"type": "about:blank", "title": TITLES[status], "status": status, "detail": detail}


def make(world: Omg, **fields: str) -> str:
    """A new brief; the id in its path."""
    status, answer = world.ask("POST", "/briefs", {**BRIEF, **fields})
    assert status == 201, answer
    return str(answer["data"]["id"])
