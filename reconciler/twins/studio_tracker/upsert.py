"""The one way in which workbook and job feed write a job (ST-R43, ST-P24 to ST-P26)."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

from reconciler.twins.core.slug import slugify
from reconciler.twins.core.values import Json
from reconciler.twins.studio_tracker.call import Call
from reconciler.twins.studio_tracker.things import Deliverable, Project, Team, Template


@dataclass(frozen=True, slots=True)
class Job:
    """What a writer says about one job. `values` are a project's fields by the record's names: only those to set.

    `outputs` counts at a create only; `raw` is merged into the custom fields.
    """

    number: str
    values: Mapping[str, str]
    team_id: str | None = None
    outputs: int = 0
    raw: Mapping[str, Json] | None = None


@dataclass(frozen=True, slots=True)
class Upserted:
    """The project a job is now, whether it is new, and how many deliverables were made for it."""

    project_id: str
    created: bool
    deliverables: int


def upsert(call: Call, org_id: str, job: Job, moment: str) -> Upserted:
    """Change the job of this number, or make it."""
    projects = call.table(Project)
    old = next((p for p in projects.values() if p.org_id == org_id and p.omg_job_number == job.number), None)
    if old is not None:
        changed = _with(old, job)
        if changed != old or not call.hard("ST-P26"):
            projects[old.id] = replace(changed, updated_at=moment)
        return Upserted(old.id, created=False, deliverables=0)
    blank = Project(call.new_id("proj"), org_id, job.number, job.number, moment, moment, client_team_id=None)
    projects[blank.id] = _with(blank, job)
    for i in range(1, job.outputs + 1):
        _make_deliverable(call, blank.id, f"Output {i}")
    return Upserted(blank.id, created=True, deliverables=job.outputs)


def team_by_slug(call: Call, org_id: str, text: str) -> str | None:
    """The team whose slug this text makes, made if there is none; None for a text that makes no slug."""
    slug = slugify(text)
    if not slug:
        return None
    found = _first_team(call, org_id, lambda team: team.slug == slug)
    return found or _make_team(call, org_id, text, slug)


def team_by_name(call: Call, org_id: str, text: str) -> str | None:
    """The team of this name whatever its case, else the one by slug."""
    found = _first_team(call, org_id, lambda team: team.name.lower() == text.lower())
    return found or team_by_slug(call, org_id, text)


def _with(project: Project, job: Job) -> Project:
    team_id = project.client_team_id if job.team_id is None else job.team_id
    custom = {**project.custom_fields, **(job.raw or {})}
    return replace(project, client_team_id=team_id, custom_fields=custom, **job.values)


def _first_team(call: Call, org_id: str, wanted: Callable[[Team], bool]) -> str | None:
    teams = call.table(Team).values()
    return next((team.id for team in teams if team.org_id == org_id and wanted(team)), None)


def _make_team(call: Call, org_id: str, name: str, slug: str) -> str:
    team = Team(call.new_id("team"), org_id, name, slug)
    call.table(Team)[team.id] = team
    return team.id


def _make_deliverable(call: Call, project_id: str, name: str) -> None:
    template = next(iter(call.table(Template).values()), None)
    names = template.stages if template is not None else ()
    stages = tuple({"id": call.new_id("stage"), "name": stage, "status": "PENDING"} for stage in names)
    deliverable = Deliverable(call.new_id("deliv"), project_id, name, stages)
    call.table(Deliverable)[deliverable.id] = deliverable
