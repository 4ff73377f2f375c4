"""Projects, one at a time (ST-R32 to ST-R42); what keeps a team from being deleted (ST-R16)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import TypeAlias

from reconciler.twins.core.kinds import Kind
from reconciler.twins.core.knobs import Knob
from reconciler.twins.core.values import Answer, Json, JsonObject, Refused
from reconciler.twins.studio_tracker.call import Call, TrackerRoute
from reconciler.twins.studio_tracker.checks import day, invalid, required, text, word
from reconciler.twins.studio_tracker.things import Deliverable, Project, Team

ALL = "/api/projects"
ONE = "/api/projects/{projectId}"
STATUSES = ("PIPELINE", "ACTIVE", "ON_HOLD", "COMPLETED", "CANCELED", "ARCHIVED")
PRIORITIES = ("LOW", "MEDIUM", "HIGH", "URGENT")
REQUIRED = ("projectCode", "name", "omgJobNumber", "clientTeamId")
NULLABLE = frozenset({"projectCode", "description", "startDate", "dueDate", "businessUnit", "requestor"})

Check: TypeAlias = Callable[[JsonObject, str], str]
# Each field of a body: the record's name for it, and its check.
FIELDS: Mapping[str, tuple[str, Check]] = {
    "omgJobNumber": ("omg_job_number", text),
    "projectCode": ("project_code", text),
    "name": ("name", text),
    "description": ("description", text),
    "status": ("status", lambda body, name: word(body, name, STATUSES)),
    "priority": ("priority", lambda body, name: word(body, name, PRIORITIES)),
    "startDate": ("start_date", day),
    "dueDate": ("due_date", day),
    "businessUnit": ("business_unit", text),
    "requestor": ("requestor", text),
    "clientTeamId": ("client_team_id", text),
}


def list_all(call: Call) -> Answer:
    made = Counter(deliverable.project_id for deliverable in call.table(Deliverable).values())
    shown = [_in_list(call, project, made[project.id]) for project in visible(call)]
    return Answer(200, shown)


def read(call: Call) -> Answer:
    project = _asked(call)
    deliverables: list[Json] = [
        {"id": deliverable.id, "name": deliverable.name, "stages": list(deliverable.stages)}
        for deliverable in call.table(Deliverable).values()
        if deliverable.project_id == project.id
    ]
    return Answer(200, {**_in_full(call, project), "deliverables": deliverables})


def create(call: Call) -> Answer:
    call.require("PROJECT_CREATE")
    body = call.body(*FIELDS)
    for name in REQUIRED:
        required(body, name)
        if body[name] is None:
            raise invalid(name)
    values = _values(call, body)
    if not call.hard("ST-P10"):
        _check_number(call, body)
    moment = call.moment()
    blank = Project(call.new_id("proj"), call.user.org_id, "", "", moment, moment, client_team_id=None)
    project = replace(blank, **values)  # type: ignore[arg-type]
    call.table(Project)[project.id] = project
    return Answer(201, _in_full(call, project))


def update(call: Call) -> Answer:
    project = _asked(call)
    call.require("PROJECT_UPDATE")
    body = call.body(*FIELDS)
    values = _values(call, body)
    if "omgJobNumber" in body:
        _check_number(call, body, project.id)
    changed = replace(project, updated_at=call.moment(), **values)  # type: ignore[arg-type]
    call.table(Project)[project.id] = changed
    if call.hard("ST-P20"):
        return Answer(200, {"id": changed.id, "updatedAt": changed.updated_at})
    return Answer(200, _in_full(call, changed))


def delete(call: Call) -> Answer:
    project = _asked(call)
    call.require("PROJECT_DELETE")
    call.moment()
    del call.table(Project)[project.id]
    deliverables = call.table(Deliverable)
    for gone in [item.id for item in deliverables.values() if item.project_id == project.id]:
        del deliverables[gone]
    return call.deleted()


def visible(call: Call) -> list[Project]:
    """The projects the caller may see: an administrator all, others those of their teams."""
    projects = [project for project in call.table(Project).values() if project.org_id == call.user.org_id]
    if call.user.role == "ADMIN":
        return projects
    mine = {team.id for team in call.table(Team).values() if call.user.id in team.members}
    return [project for project in projects if project.client_team_id in mine]


def _asked(call: Call) -> Project:
    found = [project for project in visible(call) if project.id == call.ids["projectId"]]
    if not found:
        raise Refused(404, "Not found")
    return found[0]


def _values(call: Call, body: JsonObject) -> dict[str, str | None]:
    """The sent fields, checked, under the record's names. Raises Refused."""
    values: dict[str, str | None] = {}
    for name, (own_name, check) in FIELDS.items():
        if name not in body:
            continue
        if body[name] is None and name in NULLABLE and not call.hard("ST-P11"):
            values[own_name] = None
        else:
            values[own_name] = check(body, name)
    team_id = values.get("client_team_id")
    if team_id is not None:
        team = call.table(Team).get(team_id)
        if team is None or team.org_id != call.user.org_id:
            raise invalid("clientTeamId")
    return values


def _check_number(call: Call, body: JsonObject, own_id: str = "") -> None:
    number = body.get("omgJobNumber")
    for project in call.table(Project).values():
        same_org = project.org_id == call.user.org_id
        if same_org and project.id != own_id and project.omg_job_number == number:
            raise Refused(400, "omgJobNumber: already exists")


def _team(call: Call, project: Project) -> Json:
    if project.client_team_id is None:
        return None
    team = call.table(Team)[project.client_team_id]
    return {"id": team.id, "name": team.name, "slug": team.slug}


def _in_list(call: Call, project: Project, deliverables: int) -> Json:
    return {
        "id": project.id,
        "omgJobNumber": project.omg_job_number,
        "projectCode": project.project_code,
        "name": project.name,
        **_work(project),
        "clientTeam": _team(call, project),
        "_count": {"deliverables": deliverables},
        "updatedAt": project.updated_at,
    }


def _in_full(call: Call, project: Project) -> dict[str, Json]:
    return {
        "id": project.id,
        "omgJobNumber": project.omg_job_number,
        "projectCode": project.project_code,
        "name": project.name,
        "description": project.description,
        **_work(project),
        "clientTeamId": project.client_team_id,
        "clientTeam": _team(call, project),
        "customFields": project.custom_fields,
        "createdAt": project.created_at,
        "updatedAt": project.updated_at,
    }


def _work(project: Project) -> dict[str, Json]:
    return {
        "status": project.status,
        "priority": project.priority,
        "startDate": project.start_date,
        "dueDate": project.due_date,
        "businessUnit": project.business_unit,
        "requestor": project.requestor,
    }


KIND: Kind[TrackerRoute] = Kind(
    routes=(
        TrackerRoute(method="GET", path=ALL, answer=list_all),
        TrackerRoute(method="POST", path=ALL, answer=create),
        TrackerRoute(method="GET", path=ONE, answer=read),
        TrackerRoute(method="PATCH", path=ONE, answer=update),
        TrackerRoute(method="DELETE", path=ONE, answer=delete),
    ),
    questions=(
        Knob("ST-P10", "a taken omgJobNumber", "400 on POST and PATCH", "POST makes a second project"),
        Knob("ST-P11", "null for a nullable project field", "clears", "400"),
        Knob("ST-P20", "answer of a project PATCH", "the full project", "id and updatedAt"),
    ),
)
