"""The world without anything that depends on who came first: no ids, no times of writing, no secrets."""

from __future__ import annotations

import json
from collections.abc import Iterable

from reconciler.twins.core.twin import Twin
from reconciler.twins.core.values import Json
from reconciler.twins.studio_tracker.things import (
    Booking,
    Deliverable,
    Invitation,
    Org,
    Pod,
    Project,
    Team,
    User,
)


def view(twin: Twin, org_id: str) -> dict[str, Json]:
    """`{"people", "invitations", "teams", "pods", "projects", "bookings", "others"}`.

    People and invitations are by address, a team, a pod or a project stands under another's key (slug, number).
    Teams, pods, projects and bookings are sorted by all they hold, since their keys may be the same. `others` are
    the views of the other organisations, without names.
    """
    others = [_organisation(twin, other) for other in twin.state.of(Org) if other != org_id]
    return {**_organisation(twin, org_id), "others": _sorted(others)}


def _organisation(twin: Twin, org_id: str) -> dict[str, Json]:
    return {
        "people": _people(twin, org_id),
        "invitations": {
            one.email: {"role": one.role, "isExternal": one.is_external}
            for one in twin.state.of(Invitation).values()
            if one.org_id == org_id
        },
        "teams": _sorted(_team(twin, one) for one in twin.state.of(Team).values() if one.org_id == org_id),
        "pods": _sorted(
            {"name": one.name, "slug": one.slug, "lead": _email(twin, one.lead_user_id)}
            for one in twin.state.of(Pod).values()
            if one.org_id == org_id
        ),
        "projects": _sorted(
            _project(twin, one) for one in twin.state.of(Project).values() if one.org_id == org_id
        ),
        "bookings": _sorted(
            _booking(twin, one) for one in twin.state.of(Booking).values() if one.org_id == org_id
        ),
    }


def _people(twin: Twin, org_id: str) -> dict[str, Json]:
    pods = twin.state.of(Pod)
    return {
        user.email: {
            "name": user.name,
            "role": user.role,
            "isExternal": user.is_external,
            "homePod": pods[user.home_pod_id].slug if user.home_pod_id is not None else None,
            "invitation": user.invitation,
        }
        for user in twin.state.of(User).values()
        if user.org_id == org_id
    }


def _team(twin: Twin, team: Team) -> Json:
    members = {_email(twin, user_id) or "": primary for user_id, primary in team.members.items()}
    return {"name": team.name, "slug": team.slug, "members": members}


def _project(twin: Twin, project: Project) -> Json:
    team_id = project.client_team_id
    return {
        "number": project.omg_job_number,
        "code": project.project_code,
        "name": project.name,
        "description": project.description,
        "status": project.status,
        "priority": project.priority,
        "start": project.start_date,
        "due": project.due_date,
        "businessUnit": project.business_unit,
        "requestor": project.requestor,
        "team": twin.state.of(Team)[team_id].slug if team_id is not None else None,
        "customFields": project.custom_fields,
        "deliverables": [
            {"name": one.name, "stages": [[stage["name"], stage["status"]] for stage in one.stages]}
            for one in twin.state.of(Deliverable).values()
            if one.project_id == project.id
        ],
    }


def _booking(twin: Twin, booking: Booking) -> Json:
    return {
        "user": _email(twin, booking.user_id),
        "date": booking.date,
        "jobNumber": booking.job_number,
        "hours": booking.hours,
        "note": booking.note,
    }


def _email(twin: Twin, user_id: str | None) -> str | None:
    return None if user_id is None else twin.state.of(User)[user_id].email


def _sorted(shown: Iterable[Json]) -> list[Json]:
    return sorted(shown, key=lambda one: json.dumps(one, sort_keys=True))
