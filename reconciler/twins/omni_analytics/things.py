"""The things that several kinds look at: who there is, who may what, what fills a folder, what carries a label."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import ClassVar

from reconciler.twins.core.kinds import Kind
from reconciler.twins.core.state import Record
from reconciler.twins.core.values import Json, JsonObject
from reconciler.twins.omni_analytics.call import OmniRoute


@dataclass(frozen=True, slots=True)
class Org(Record):
    """The one organisation. Without `has_yaml` the beta of model files is not for it."""

    collection: ClassVar[str] = "org"
    id: str
    name: str
    has_yaml: bool = True


@dataclass(frozen=True, slots=True)
class Key(Record):
    """A bearer token: an organisation key, or the personal token of one user."""

    collection: ClassVar[str] = "keys"
    token: str
    user_id: str
    personal: bool = False
    org_admin: bool = True


@dataclass(frozen=True, slots=True)
class User(Record):
    """A person. `kind` is standard, embed or email_only; times are ISO instants. An embed user has an entity, and
    the id that the application he comes through knows him by.
    """

    collection: ClassVar[str] = "users"
    id: str
    user_name: str
    display_name: str
    created: str
    last_modified: str
    active: bool = True
    kind: str = "standard"
    attributes: Mapping[str, Json] = field(default_factory=dict)
    last_login: str | None = None
    embed_email: str | None = None
    embed_entity: str | None = None
    embed_external_id: str | None = None


@dataclass(frozen=True, slots=True)
class Group(Record):
    """A user group. `members` are user ids, in the order sent; times are ISO instants."""

    collection: ClassVar[str] = "groups"
    id: str
    name: str
    members: tuple[str, ...]
    created: str
    last_modified: str


@dataclass(frozen=True, slots=True)
class Label(Record):
    """A label. Its key in the table, and in what carries it, is `fold(name)`."""

    collection: ClassVar[str] = "labels"
    name: str
    verified: bool
    homepage: bool
    created_by: str

    @property
    def marked(self) -> bool:
        """Verified or homepage: only an administrator's to manage."""
        return self.verified or self.homepage


@dataclass(frozen=True, slots=True)
class Folder(Record):
    """A folder. `labels` are folded label names; times are ISO instants."""

    collection: ClassVar[str] = "folders"
    id: str
    name: str
    slug: str
    parent_id: str | None
    scope: str
    owner_id: str
    created_at: str
    updated_at: str
    labels: tuple[str, ...] = ()
    favorites: int = 0


@dataclass(frozen=True, slots=True)
class Permit(Record):
    """One grant: of one user, or of one group, on one folder or document. `container` is the folder's id or the
    document's identifier, `principal` the id of him who was granted it; see `permit_key`.
    """

    collection: ClassVar[str] = "permits"
    container: str
    principal: str
    is_group: bool
    role: str
    access_boost: bool


def permit_key(container: str, principal: str, *, is_group: bool) -> str:
    """The key of a grant in the table: one per container and principal."""
    return f"{container}/{'userGroup' if is_group else 'user'}/{principal}"


# What a new document lets people do.
NEW_SETTINGS: Mapping[str, Json] = {
    "organizationRole": "VIEWER",
    "canDownload": True,
    "canDrill": True,
    "canSchedule": True,
    "canUpload": False,
    "canViewWorkbook": True,
}


@dataclass(frozen=True, slots=True)
class Document(Record):
    """A document in a folder, or at the root. A deleted one lies in the trash and counts nowhere.

    `labels` are folded label names; `favorites` the ids of those whose favorite it is; `filters` go by their ids,
    `controls` carry theirs; `tiles` are the keys of its queries (None: any). Models and connections are named by
    their ids, whether or not they exist. `updated_at` is an ISO instant.
    """

    collection: ClassVar[str] = "documents"
    identifier: str
    uuid: str
    name: str
    owner_id: str
    creator_id: str
    updated_at: str
    folder_id: str | None = None
    scope: str = "organization"
    labels: tuple[str, ...] = ()
    deleted: bool = False
    has_dashboard: bool = True
    workbook_only: bool = False
    published: bool = True
    has_draft: bool = False
    model_id: str | None = None
    connection_id: str | None = None
    settings: Mapping[str, Json] = field(default_factory=lambda: dict(NEW_SETTINGS))
    filters: Mapping[str, JsonObject] = field(default_factory=dict)
    controls: tuple[JsonObject, ...] = ()
    filter_order: tuple[str, ...] = ()
    tiles: tuple[str, ...] | None = None
    favorites: tuple[str, ...] = ()
    views: int = 0

    @property
    def organization_role(self) -> str:
        """What everyone in the organisation may do with it."""
        return str(self.settings["organizationRole"])

    @property
    def is_dashboard(self) -> bool:
        """Is there a dashboard to look at?"""
        return self.has_dashboard and not self.workbook_only


@dataclass(frozen=True, slots=True)
class Schedule(Record):
    """A delivery or an alert. `recipients` are user ids, of e-mail only; `settings` all other fields of the body
    that were given, by their names there; the password is kept apart. Times are ISO instants or None. `running`: a
    delivery is under way.
    """

    collection: ClassVar[str] = "schedules"
    id: str
    identifier: str
    name: str
    schedule: str
    timezone: str
    format: str
    destination_type: str
    owner_id: str
    settings: Mapping[str, Json] = field(default_factory=dict)
    password: str | None = None
    recipients: tuple[str, ...] = ()
    disabled_at: str | None = None
    system_disabled_at: str | None = None
    system_disabled_reason: str | None = None
    last_completed_at: str | None = None
    last_status: str | None = None
    running: bool = False


def fold(label_name: str) -> str:
    """The form under which two spellings of one label are the same."""
    return label_name.casefold()


KIND: Kind[OmniRoute] = Kind(records=(Org, Key, User, Group, Document, Folder, Permit, Label, Schedule))
