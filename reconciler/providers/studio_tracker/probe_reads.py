"""Which safe calls the probes of Studio Tracker make, and what their answers show together."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

from reconciler.model.call import Request, quoted
from reconciler.model.doctor import Heard, Known
from reconciler.model.json import JsonObject
from reconciler.model.record import replace
from reconciler.providers.probing import get, rows, text

TEAMS, PODS, PROJECTS = "GET /api/client-teams", "GET /api/pods", "GET /api/projects"
INVITATIONS, WORKLOAD, HEALTH = "GET /api/org/invitations", "GET /api/workload", "GET /api/health"
USER_ID = ("/userId", "/user/id")
DATES = ("startDate", "dueDate")
REFUSED = (401, 403)


def list_read(known: Known, call: str) -> Request:
    return get(known.target, call, {"numWeeks": "1"} if call == WORKLOAD else None)


def asks(*calls: str) -> Callable[[Known, Heard], Sequence[Request]]:
    return lambda known, heard: [list_read(known, call) for call in calls]  # noqa: ARG005 - always the same


def teams_shown(known: Known, heard: Heard) -> list[JsonObject]:
    return rows(heard, list_read(known, TEAMS), "") or []


def projects_shown(known: Known, heard: Heard) -> list[JsonObject]:
    return rows(heard, list_read(known, PROJECTS), "") or []


def members_of(teams: Sequence[JsonObject]) -> list[JsonObject]:
    lists = (team.get("members") for team in teams)
    return [m for members in lists if isinstance(members, list) for m in members if isinstance(m, dict)]


def people_shown(known: Known, heard: Heard) -> Iterator[tuple[str, str]]:
    """(address without case, user id) of everybody whom a list names with both."""
    for member in members_of(teams_shown(known, heard)):
        yield text(member, "/user/email").casefold(), text(member, "/userId") or text(member, "/user/id")
    for one in rows(heard, list_read(known, INVITATIONS), "") or []:
        yield text(one, "/email").casefold(), text(one, "/userId")
    for one in rows(heard, list_read(known, WORKLOAD), "", "/users") or []:
        yield text(one, "/email").casefold(), text(one, "/id")


def health_read(known: Known, *, keyless: bool) -> Request:
    return replace(list_read(known, HEALTH), keyless=keyless)


def health_asks(known: Known, heard: Heard) -> Sequence[Request]:
    bare = health_read(known, keyless=True)
    answer = heard.of(bare)
    return [bare, *([health_read(known, keyless=False)] if answer and answer.status in REFUSED else [])]


def one_asks(known: Known, heard: Heard) -> Sequence[Request]:
    return [list_read(known, PROJECTS), *one_read(known, heard)]


def one_read(known: Known, heard: Heard) -> list[Request]:
    """The read of one live project: one that is recorded, else the first."""
    live = [remote_id for p in projects_shown(known, heard) if (remote_id := text(p, "/id"))]
    chosen = sorted(live, key=lambda i: (i not in known.of("Project"), live.index(i)))[:1]
    return [get(known.target, f"GET /api/projects/{quoted(i)}") for i in chosen]
