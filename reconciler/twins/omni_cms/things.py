"""The things there are: spaces, components, their files, and who may look at them. Ids are numbers.

In a table each stands under its id as text, which is how a path names it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import ClassVar

from reconciler.twins.core.kinds import Kind
from reconciler.twins.core.state import Record
from reconciler.twins.core.values import Json
from reconciler.twins.omni_cms.call import CmsRoute

ROOT = "root"
SEQUENCE = 1000


@dataclass(frozen=True, slots=True)
class Space(Record):
    """A tree of components. Names need not be unique."""

    collection: ClassVar[str] = "spaces"
    id: int
    name: str


@dataclass(frozen=True, slots=True)
class Component(Record):
    """One thing in a space's tree; without a parent it is the root. `date` is an instant in UTC."""

    collection: ClassVar[str] = "components"
    id: int
    space_id: int
    parent_id: int | None
    key: str
    component_type: str
    date: str
    name: str = ""
    content: str = ""
    metadata: Mapping[str, Json] = field(default_factory=dict)
    tags: tuple[str, ...] = ()
    published: bool = False
    visible: bool = True
    sequence: int = SEQUENCE

    @property
    def is_root(self) -> bool:
        return self.parent_id is None


@dataclass(frozen=True, slots=True)
class File(Record):
    """The file of one component, under that one's id. `content` is the bytes in base64, `sha256` their digest."""

    collection: ClassVar[str] = "files"
    component_id: int
    filename: str
    content: str
    sha256: str


@dataclass(frozen=True, slots=True)
class User(Record):
    """An account. `password` and `api_key` are sha256 digests; without a key there is none to use."""

    collection: ClassVar[str] = "users"
    id: int
    email: str
    password: str
    active: bool = True
    api_key: str | None = None


@dataclass(frozen=True, slots=True)
class Session(Record):
    """A login of one user."""

    collection: ClassVar[str] = "sessions"
    token: str
    user_id: int


KIND: Kind[CmsRoute] = Kind(records=(Space, Component, File, User, Session))
