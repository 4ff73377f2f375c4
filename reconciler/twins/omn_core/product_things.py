"""Products, without their articles and variants."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar

from reconciler.twins.core.kinds import Kind
from reconciler.twins.core.state import Record
from reconciler.twins.core.values import Json
from reconciler.twins.omn_core.call import OmnRoute


@dataclass(frozen=True, slots=True)
class Product(Record):
    """A product. Its key in the table is `tid`; `node` is the path of its node, with a leading slash, or empty.

    `vals` are values by attribute, as they are written; `denied` are the users who have no access to it.
    """

    collection: ClassVar[str] = "products"
    tid: str
    id: str
    name: str
    node: str
    created: str
    modified: str
    values_modified: str
    vals: Mapping[str, Json] | None = None
    denied: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ProductLink(Record):
    """An attribute of one product names another one. Its key in the table is `source>attribute>target`."""

    collection: ClassVar[str] = "product_links"
    source: str
    attribute: str
    target: str

    @property
    def key(self) -> str:
        return f"{self.source}>{self.attribute}>{self.target}"


KIND: Kind[OmnRoute] = Kind(records=(Product, ProductLink))
