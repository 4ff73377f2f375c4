"""What describes products: attribute definitions, classifications with their nodes, and the nodes' attributes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar

from reconciler.twins.core.kinds import Kind
from reconciler.twins.core.state import Record
from reconciler.twins.core.values import Json
from reconciler.twins.omn_core.call import OmnRoute

TYPES = ("text", "date", "number", "boolean", "ref", "table")


@dataclass(frozen=True, slots=True)
class Definition(Record):
    """An attribute definition. Its key in the table is `tid`; `domain` is as in `domains`, None for none."""

    collection: ClassVar[str] = "definitions"
    id: str
    tid: str
    type: str
    labels: Mapping[str, str]
    multi_valued: bool = False
    domain: Mapping[str, Json] | None = None
    denied: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Classification(Record):
    """A classification. Its key in the table is `tid`; `id` is shown nowhere."""

    collection: ClassVar[str] = "classes"
    id: str
    tid: str
    labels: Mapping[str, str]
    denied: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Node(Record):
    """A node of a classification. A root has no parent, and the classification's `tid`."""

    collection: ClassVar[str] = "nodes"
    id: str
    tid: str
    class_tid: str
    parent_id: str | None
    labels: Mapping[str, str]
    denied: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Attribute(Record):
    """The use of a definition, whose `tid` is its `key`, at a node. `default` is the tid of a domain value."""

    collection: ClassVar[str] = "attributes"
    id: str
    node_id: str
    key: str
    level: str = "p"
    inheritance: str = "visible"
    restriction: str = "optional"
    localized: bool = False
    domain: Mapping[str, Json] | None = None
    default: str | None = None
    denied: tuple[str, ...] = ()


KIND: Kind[OmnRoute] = Kind(records=(Definition, Classification, Node, Attribute))
