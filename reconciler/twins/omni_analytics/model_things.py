"""Where data comes from and how it is modelled: connections, models, and what belongs to them. Records alone."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import ClassVar

from reconciler.twins.core.kinds import Kind
from reconciler.twins.core.state import Record
from reconciler.twins.core.values import Json, JsonObject
from reconciler.twins.omni_analytics.call import OmniRoute


@dataclass(frozen=True, slots=True)
class Connection(Record):
    """A connection to a data base. `settings` are the other fields of the create as they were given, `secrets` its
    password and key. `attribute` is `{attributeName, defaultValues}`. A deleted one has `deleted_at`; with
    `branch_refresh` it takes no new shared models.
    """

    collection: ClassVar[str] = "connections"
    id: str
    name: str
    dialect: str
    base_role: str | None = None
    settings: Mapping[str, Json] = field(default_factory=dict)
    secrets: Mapping[str, Json] = field(default_factory=dict)
    attribute: JsonObject | None = None
    deleted_at: str | None = None
    branch_refresh: bool = False


@dataclass(frozen=True, slots=True)
class Environment(Record):
    """One connection that stands in for another (its base) where a user's attribute has one of the values."""

    collection: ClassVar[str] = "environments"
    id: str
    base_id: str
    connection_id: str
    values: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class RefreshSchedule(Record):
    """When the schema of a connection is read anew. Times are ISO instants or None."""

    collection: ClassVar[str] = "refresh_schedules"
    id: str
    connection_id: str
    schedule: str
    timezone: str
    created_at: str
    updated_at: str
    disabled_at: str | None = None


@dataclass(frozen=True, slots=True)
class Model(Record):
    """A model of some kind (`SCHEMA`, `SHARED`, `SHARED_EXTENSION`, `BRANCH` …) on a connection. `issues` are what
    a validation of it finds, as the API shows them.
    """

    collection: ClassVar[str] = "models"
    id: str
    kind: str
    connection_id: str | None
    name: str | None
    base_id: str | None
    created_at: str
    updated_at: str
    deleted_at: str | None = None
    access_grants: tuple[JsonObject, ...] = ()
    allow_as_workbook_base: bool = False
    issues: tuple[JsonObject, ...] = ()


@dataclass(frozen=True, slots=True)
class ModelGit(Record):
    """The git configuration of a model, under the model's id. `ahead`: the repository has what the model lacks."""

    collection: ClassVar[str] = "model_git"
    model_id: str
    ssh_url: str
    base_branch: str
    branch_per_pull_request: bool
    git_follower: bool
    provider: str
    model_path: str | None
    require_pull_request: str
    web_url: str | None
    ahead: bool = False


@dataclass(frozen=True, slots=True)
class ModelFile(Record):
    """One YAML file of a model (or of a branch, which is a model). Its key is `file_key`."""

    collection: ClassVar[str] = "model_files"
    model_id: str
    name: str
    yaml: str


@dataclass(frozen=True, slots=True)
class Job(Record):
    """Something that runs by itself. `kind` is `refresh_schema` or another; it ends after so many polls."""

    collection: ClassVar[str] = "jobs"
    id: str
    kind: str
    polls_left: int = 2
    fails: bool = False


@dataclass(frozen=True, slots=True)
class ModelRole(Record):
    """A role of a user, or of a group, on one model or on a whole connection. Its key is `role_key`."""

    collection: ClassVar[str] = "model_roles"
    subject: str
    is_group: bool
    connection_id: str
    model_id: str | None
    role: str


@dataclass(frozen=True, slots=True)
class CustomRole(Record):
    """A role that an organisation made for itself out of a base role. Set-up state."""

    collection: ClassVar[str] = "custom_roles"
    name: str
    base_role: str


@dataclass(frozen=True, slots=True)
class Attribute(Record):
    """A user attribute as it is defined: `type` is `string` or `number`. Set-up state."""

    collection: ClassVar[str] = "attributes"
    name: str
    type: str = "string"
    multiple: bool = False


def file_key(model_id: str, name: str) -> str:
    """The key of a file in the table."""
    return f"{model_id}/{name}"


def role_key(subject: str, connection_id: str, model_id: str | None, *, is_group: bool) -> str:
    """The key of a role in the table: one per subject, connection and model."""
    return f"{'userGroup' if is_group else 'user'}/{subject}/{connection_id}/{model_id or ''}"


KIND: Kind[OmniRoute] = Kind(
    records=(
        Connection,
        Environment,
        RefreshSchedule,
        Model,
        ModelGit,
        ModelFile,
        Job,
        ModelRole,
        CustomRole,
        Attribute,
    )
)
