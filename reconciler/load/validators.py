"""The validators of a run: one per kind, built when the first document of the kind is met."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from reconciler.load.shape import prepared, validator
from reconciler.model.json import JsonObject
from reconciler.model.kind import Kind

if TYPE_CHECKING:
    from jsonschema.protocols import Validator


@dataclass(slots=True)
class Validators:
    """For all kinds of a catalog."""

    kinds: Mapping[tuple[str, str], Kind]
    specs: dict[tuple[str, str], Validator] = field(default_factory=dict)
    keys: dict[tuple[str, str], Validator] = field(default_factory=dict)

    def spec(self, kind: Kind) -> Validator:
        """Validates a whole `spec`."""
        at = (kind.provider, kind.name)
        if at not in self.specs:
            self.specs[at] = validator(prepared(dict(kind.schema)))
        return self.specs[at]

    def key(self, kind: Kind) -> Validator:
        """Validates a value of the kind's key field, as in `previously.key`."""
        at = (kind.provider, kind.name)
        if at not in self.keys:
            self.keys[at] = validator(_property(kind))
        return self.keys[at]


def _property(kind: Kind) -> JsonObject:
    properties = kind.schema.get("properties")
    node = properties.get(kind.key) if isinstance(properties, dict) else None
    return node if isinstance(node, dict) else {}
