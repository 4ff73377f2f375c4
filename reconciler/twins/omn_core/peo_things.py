"""Channels, the templates of peos, and peos; the components of the server."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar

from reconciler.twins.core.kinds import Kind
from reconciler.twins.core.state import Record
from reconciler.twins.core.values import Json
from reconciler.twins.omn_core.call import OmnRoute


@dataclass(frozen=True, slots=True)
class Component(Record):
    """A component of the server: `active` or `inactive`."""

    collection: ClassVar[str] = "components"
    name: str
    status: str


@dataclass(frozen=True, slots=True)
class Channel(Record):
    """A channel, also called project. Its key in the table is `tid`; `links` are assets by GUID, with their paths.

    `parent` is the tid of the channel above it; the API shows it nowhere.
    """

    collection: ClassVar[str] = "channels"
    tid: str
    id: str
    name: str
    type: str
    order: str
    created: str
    modified: str
    icon: str
    functions: str
    parent: str | None = None
    vals: Mapping[str, Json] | None = None
    links: Mapping[str, str] | None = None
    denied: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Template(Record):
    """A template of peos. No call tells which id has which name."""

    collection: ClassVar[str] = "templates"
    id: str
    name: str


@dataclass(frozen=True, slots=True)
class Peo(Record):
    """A peo of a product. Its key in the table is `tid`; `projects` are tids of channels."""

    collection: ClassVar[str] = "peos"
    tid: str
    id: str
    product: str
    template_id: str
    name: str
    created: str
    modified: str
    default: bool = False
    projects: tuple[str, ...] = ()
    denied: tuple[str, ...] = ()


KIND: Kind[OmnRoute] = Kind(records=(Component, Channel, Template, Peo))
