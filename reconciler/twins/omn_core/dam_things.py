"""What stores assets: root node configurations, their directories, and the assets in these."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar

from reconciler.twins.core.kinds import Kind
from reconciler.twins.core.state import Record
from reconciler.twins.core.values import Json
from reconciler.twins.omn_core.call import OmnRoute


@dataclass(frozen=True, slots=True)
class Rnc(Record):
    """A root node configuration. `meta` is all that is shown of it besides `tid`, its key in the table."""

    collection: ClassVar[str] = "rncs"
    tid: str
    meta: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Directory(Record):
    """A directory: at the top of an RNC, or below another one. Its key in the table is `tid`.

    `vals` are custom values by name, as they are written; `denied` are the users who have no access to it.
    """

    collection: ClassVar[str] = "dirs"
    tid: str
    id: str
    rnc: str | None
    parent: str | None
    name: str
    created: str
    modified: str
    vals: Mapping[str, Json] | None = None
    denied: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Asset(Record):
    """An asset, as far as it is known: set-up state, but for being deleted, or copied, with its directory."""

    collection: ClassVar[str] = "assets"
    tid: str
    id: str
    dir_tid: str
    name: str


KIND: Kind[OmnRoute] = Kind(records=(Rnc, Directory, Asset))
