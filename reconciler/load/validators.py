"""The validators of a run: one per kind, built when the first document of the kind is met."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from reconciler.load.shape import prepared, shipped_schema, shipped_validator, validator
from reconciler.model.json import Json, JsonObject
from reconciler.model.kind import Kind

if TYPE_CHECKING:
    from jsonschema.protocols import Validator


@dataclass(slots=True)
class Validators:
    """For all kinds of a catalog."""

    kinds: Mapping[tuple[str, str], Kind]
    envelopes: dict[tuple[str, str], Validator] = field(default_factory=dict)
    specs: dict[tuple[str, str], Validator] = field(default_factory=dict)
    fields: dict[tuple[str, str, str], Validator] = field(default_factory=dict)

    def envelope(self, kind: Kind | None) -> Validator:
        """Validates a whole document, but for what its `spec` holds. With a kind, its hints are of that kind: its
        own example of a `spec`, and the removals it allows."""
        if kind is None or kind.source:
            return shipped_validator("manifest")
        at = (kind.provider, kind.name)
        if at not in self.envelopes:
            self.envelopes[at] = validator(_envelope(kind))
        return self.envelopes[at]

    def spec(self, kind: Kind) -> Validator:
        """Validates a whole `spec`."""
        at = (kind.provider, kind.name)
        if at not in self.specs:
            self.specs[at] = validator(prepared(dict(kind.schema)))
        return self.specs[at]

    def key(self, kind: Kind) -> Validator:
        """Validates a value of the kind's key field, as in `previously.key`."""
        return self.field(kind, kind.key)

    def field(self, kind: Kind, name: str) -> Validator:
        """Validates a value of one field."""
        at = (kind.provider, kind.name, name)
        if at not in self.fields:
            self.fields[at] = validator(_property(kind, name))
        return self.fields[at]


LIFECYCLE: Final = ("properties", "metadata", "properties", "lifecycle", "properties")
CONSENTS: Final = ("rename", "first-removals", "effects")


def _envelope(kind: Kind) -> JsonObject:
    removals = kind.prune.allowed
    replaces = ["replace"] if any(f.replaces for f in kind.fields.values()) else []
    consents = [*CONSENTS, *replaces, *(word for word in removals if word != "release")]
    schema = _with(shipped_schema("manifest"), (*LIFECYCLE, "onRemove", "enum"), list[Json](removals))
    schema = _with(schema, (*LIFECYCLE, "allow", "items", "enum"), list[Json](consents))
    return _with(schema, ("properties", "spec", "examples"), kind.schema.get("examples", []))


def _with(schema: Json, path: Sequence[str], value: Json) -> JsonObject:
    """The schema with another value at a path; nothing that both share is changed."""
    whole = schema if isinstance(schema, dict) else {}
    step, *rest = path
    return {**whole, step: _with(whole.get(step), rest, value) if rest else value}


def _property(kind: Kind, name: str) -> JsonObject:
    properties = kind.schema.get("properties")
    node = properties.get(name) if isinstance(properties, dict) else None
    return node if isinstance(node, dict) else {}
