"""The things that several kinds look at: who there is, what fills a folder, what carries a label."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import ClassVar

from reconciler.twins.core.kinds import Kind
from reconciler.twins.core.state import Record
from reconciler.twins.core.values import Json
from reconciler.twins.omni_analytics.call import OmniRoute


@dataclass(frozen=True, slots=True)
class Org(Record):
    """The one organisation."""

    collection: ClassVar[str] = "org"
    id: str
    name: str


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
    """A person. `kind` is standard, embed or email_only; times are ISO instants."""

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
class Document(Record):
    """A document in a folder, or at the root. `labels` are folded label names; a deleted one counts nowhere.

    Set-up state: no operation on documents is served yet.
    """

    collection: ClassVar[str] = "documents"
    identifier: str
    uuid: str
    name: str
    owner_id: str
    folder_id: str | None = None
    scope: str = "organization"
    labels: tuple[str, ...] = ()
    deleted: bool = False


def fold(label_name: str) -> str:
    """The form under which two spellings of one label are the same."""
    return label_name.casefold()


KIND: Kind[OmniRoute] = Kind(records=(Org, Key, User, Document, Folder, Label))
