"""The things that several kinds look at: organisations, people, teams, and what belongs to a project."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import ClassVar

from reconciler.twins.core.kinds import Kind
from reconciler.twins.core.state import Record
from reconciler.twins.core.values import Json
from reconciler.twins.studio_tracker.call import TrackerRoute


@dataclass(frozen=True, slots=True)
class Org(Record):
    """An organisation. The first one is what a key without `X-Org-Id` works on."""

    collection: ClassVar[str] = "orgs"
    id: str
    name: str


@dataclass(frozen=True, slots=True)
class User(Record):
    """A person of one organisation. Roles: ADMIN, PRODUCER, CREATIVE, CLIENT.

    `invitation` is empty for somebody who was never invited, `open` for a placeholder who has not accepted yet,
    or `accepted`. Without a password nobody can log in.
    """

    collection: ClassVar[str] = "users"
    id: str
    org_id: str
    email: str
    name: str
    role: str
    is_external: bool = False
    home_pod_id: str | None = None
    invitation: str = ""
    password: str | None = None


@dataclass(frozen=True, slots=True)
class Session(Record):
    """A login of one person."""

    collection: ClassVar[str] = "sessions"
    token: str
    user_id: str


@dataclass(frozen=True, slots=True)
class Template(Record):
    """A pipeline template, with the names of its stages; a server without one is not seeded."""

    collection: ClassVar[str] = "pipelineTemplates"
    id: str
    name: str
    stages: tuple[str, ...] = ("Brief", "Design", "Review", "Delivery")


@dataclass(frozen=True, slots=True)
class Team(Record):
    """A client team. `members` maps a user's id to its `isPrimary`, in order of joining."""

    collection: ClassVar[str] = "clientTeams"
    id: str
    org_id: str
    name: str
    slug: str
    members: Mapping[str, bool] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Project(Record):
    """A project. Times are ISO instants. One without a number was made by people (ST-R32)."""

    collection: ClassVar[str] = "projects"
    id: str
    org_id: str
    omg_job_number: str | None
    name: str
    created_at: str
    updated_at: str
    client_team_id: str | None
    project_code: str | None = None
    description: str | None = None
    status: str = "PIPELINE"
    priority: str = "MEDIUM"
    start_date: str | None = None
    due_date: str | None = None
    business_unit: str | None = None
    requestor: str | None = None
    custom_fields: Mapping[str, Json] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Deliverable(Record):
    """A piece of work of a project; each stage is `{id, name, status}`."""

    collection: ClassVar[str] = "deliverables"
    id: str
    project_id: str
    name: str
    stages: tuple[Mapping[str, Json], ...] = ()


@dataclass(frozen=True, slots=True)
class Invitation(Record):
    """A pending invitation, one per person; an accepted one is gone. `token` opens its link."""

    collection: ClassVar[str] = "invitations"
    id: str
    org_id: str
    email: str
    role: str
    user_id: str
    created_at: str
    is_external: bool = False
    token: str = ""


@dataclass(frozen=True, slots=True)
class Pod(Record):
    """A group of people who plan their capacity together. Who is in it stands with the people: `home_pod_id`."""

    collection: ClassVar[str] = "pods"
    id: str
    org_id: str
    name: str
    slug: str
    lead_user_id: str | None = None


@dataclass(frozen=True, slots=True)
class Booking(Record):
    """Hours of one person on one day for one job. `date` is an instant, `job_number` need be no project's."""

    collection: ClassVar[str] = "bookings"
    id: str
    org_id: str
    user_id: str
    date: str
    job_number: str
    hours: float
    note: str | None = None


KIND: Kind[TrackerRoute] = Kind(
    records=(Org, User, Session, Template, Team, Project, Deliverable, Invitation, Pod, Booking)
)
