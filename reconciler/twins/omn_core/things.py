"""The things there are: tokens, locales, and the tree of keywords."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar

from reconciler.twins.core.kinds import Kind
from reconciler.twins.core.state import Record
from reconciler.twins.omn_core.call import OmnRoute


@dataclass(frozen=True, slots=True)
class Token(Record):
    """A bearer token, and who uses it. Nodes are for administrators alone."""

    collection: ClassVar[str] = "tokens"
    token: str
    user: str
    admin: bool = True


@dataclass(frozen=True, slots=True)
class Locale(Record):
    """A locale. Its key in the table, and in names, is `tid`."""

    collection: ClassVar[str] = "locales"
    id: str
    tid: str
    name: str
    language: str
    country: str
    content: bool = True
    frontend: bool = True
    default_content: bool = False
    default_frontend: bool = False


@dataclass(frozen=True, slots=True)
class Keyword(Record):
    """A keyword. `value` is the unlocalized one, which the API never makes empty; `labels` are texts by locale.

    `assets` are the GUIDs of the assets linked to it, `denied` the users who have no access to it: both are set-up
    state.
    """

    collection: ClassVar[str] = "keywords"
    id: str
    parent_id: str | None
    value: str
    labels: Mapping[str, str]
    created: str
    assets: tuple[str, ...] = ()
    denied: tuple[str, ...] = ()


KIND: Kind[OmnRoute] = Kind(records=(Token, Locale, Keyword))
