"""The things of all tenants. Each is kept under `tenant/id`, so that no tenant's request finds another's."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import ClassVar

from reconciler.twins.core.kinds import Kind
from reconciler.twins.core.state import Record
from reconciler.twins.omg_platform.call import OmgRoute


@dataclass(frozen=True, slots=True)
class Key(Record):
    """An API key, good for one tenant."""

    collection: ClassVar[str] = "keys"
    token: str
    tenant: str


@dataclass(frozen=True, slots=True)
class Agency(Record):
    """An agency that users belong to. No operation lists or makes one."""

    collection: ClassVar[str] = "agencies"
    tenant: str
    id: int
    name: str


@dataclass(frozen=True, slots=True)
class JobRole(Record):
    """A job role of users. No operation lists or makes one."""

    collection: ClassVar[str] = "jobRoles"
    tenant: str
    id: int
    name: str


@dataclass(frozen=True, slots=True)
class User(Record):
    """A person. Made and deactivated by others only; `avatar_sha256` is that of the picture uploaded last."""

    collection: ClassVar[str] = "users"
    tenant: str
    id: int
    created_at: str
    email: str
    first_name: str
    last_name: str
    staffid: str | None = None
    owning_agency_id: int | None = None
    job_role: int | None = None
    active: bool = True
    avatar_url: str | None = None
    avatar_sha256: str | None = None


@dataclass(frozen=True, slots=True)
class Brief(Record):
    """A brief. `fields` are the texts that were given, by their names in the API; `transitions` counts how often
    its change request fired.
    """

    collection: ClassVar[str] = "briefs"
    tenant: str
    id: int
    created_at: str
    fields: Mapping[str, str] = field(default_factory=dict)
    status: str = "draft"
    transitions: int = 0


@dataclass(frozen=True, slots=True)
class Task(Record):
    """A planning task, which nobody can find again. `parent_planning_id` is as sent; times are texts as sent."""

    collection: ClassVar[str] = "tasks"
    tenant: str
    id: int
    created_at: str
    name: str
    start_date: str
    end_date: str
    parent_planning_id: str | int | None = None


KIND: Kind[OmgRoute] = Kind(records=(Key, Agency, JobRole, User, Brief, Task))
