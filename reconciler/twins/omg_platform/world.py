"""A small believable world: people of two agencies, and briefs that were there before anyone wrote a manifest."""

from __future__ import annotations

from typing import TYPE_CHECKING

from reconciler.twins.core.values import Json

if TYPE_CHECKING:
    from reconciler.twins.omg_platform.twin import OmgTwin

AGENCIES = ("Example London", "Example Berlin")
JOB_ROLES = ("Producer", "Designer")
PEOPLE = (
    ("jane@example.com", "Jane", "Smith", "S1001", 0, 0, True),
    ("bob@example.com", "Bob", "Stone", "S1002", 0, 1, True),
    ("Maria.Lopez@example.com", "María", "López", None, 1, 0, True),
    ("chen@example.com", "Chen", "Wei", "S1004", 1, 1, False),
)
BRIEFS: tuple[dict[str, Json], ...] = (
    {
        "brief_title": "Spring launch",
        "brief_summary": "Films and posters for the launch",
        "brief_deadline": "2026-06-30",
        "business_area": "UK/Marketing/Digital",
        "slipstream": "Digital",
    },
    {
        "brief_title": "Shop windows",
        "brief_summary": "Decoration of twelve windows",
        "brief_deadline": "2026-09-15",
        "business_area": "DE/Retail",
        "external_reference": "SW-12",
    },
)


def seed(twin: OmgTwin) -> None:
    """Fill the world, where the API has a way by its own rules."""
    agencies = [twin.add_agency(name) for name in AGENCIES]
    roles = [twin.add_job_role(name) for name in JOB_ROLES]
    for email, first, last, staffid, agency, role, active in PEOPLE:
        twin.add_user(
            email,
            first,
            last,
            staffid=staffid,
            agency_id=agencies[agency],
            job_role=roles[role],
            active=active,
        )
    ids = [_made(twin, brief) for brief in BRIEFS]
    _check(twin.edit("PATCH", f"/briefs/{ids[-1]}", {"status": "change_request"}).ok)
    _check(twin.edit_in("globex", "POST", "/briefs", {**BRIEFS[0], "brief_title": "Another house's brief"}).ok)


def _made(twin: OmgTwin, brief: dict[str, Json]) -> str:
    answer = twin.edit("POST", "/briefs", brief)
    _check(answer.ok)
    data = answer.body["data"] if isinstance(answer.body, dict) else None
    return str(data["id"]) if isinstance(data, dict) else ""


def _check(fine: bool) -> None:
    if not fine:
        raise RuntimeError("the seed of the world was refused")
