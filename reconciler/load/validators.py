"""The validators of a run: one per kind, built when the first document of the kind is met."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

from reconciler.load.facts import Facts, facts
from reconciler.load.shape import Form, prepared, shipped_schema, validator
from reconciler.model.document import NEW_KEY
from reconciler.model.json import Json, JsonObject
from reconciler.model.kind import REPLACE, Kind
from reconciler.model.normalise import normal
from reconciler.model.record import Record, field


class Validators(Record):
    """For all kinds of a catalog."""

    kinds: Mapping[tuple[str, str], Kind]
    refused: Mapping[tuple[str, str], Kind] = field(default_factory=dict)
    envelopes: dict[tuple[str, str], Form] = field(default_factory=dict)
    items: dict[tuple[str, str, frozenset[str]], Form] = field(default_factory=dict)
    specs: dict[tuple[str, str, frozenset[str]], Form] = field(default_factory=dict)
    fields: dict[tuple[str, str, str], Form] = field(default_factory=dict)
    known: dict[tuple[str, str], Facts] = field(default_factory=dict)

    def facts(self, kind: Kind) -> Facts:
        """What decides how documents of a kind are read."""
        at = (kind.provider, kind.name)
        if at not in self.known:
            self.known[at] = facts(kind)
        return self.known[at]

    def envelope(self, kind: Kind | None) -> Form:
        """Validates a whole document, but for what its `spec` holds. With a kind, its hints are of that kind: its
        own example of a `spec`, and the removals it allows."""
        if kind is None or kind.source:
            return self._strangers()
        at = (kind.provider, kind.name)
        if at not in self.envelopes:
            self.envelopes[at] = validator(_envelope(kind))
        return self.envelopes[at]

    def _strangers(self) -> Form:
        """Of a document whose kind nobody knows, or can declare: a `spec` of any kind would be no example."""
        if ("", "") not in self.envelopes:
            bare = _with(shipped_schema("manifest"), ("properties", "spec", "examples"), [])
            self.envelopes["", ""] = validator(bare)
        return self.envelopes["", ""]

    def item(self, kind: Kind, given: frozenset[str] = frozenset()) -> Form:
        """Validates what is written of a nested document, as `{metadata, spec}`, but for what its `spec` holds.
        `given`: as of `spec`."""
        at = (kind.provider, kind.name, given)
        if at not in self.items:
            self.items[at] = validator(_item(kind, given))
        return self.items[at]

    def spec(self, kind: Kind, given: frozenset[str] = frozenset()) -> Form:
        """Validates a whole `spec`; `given`: fields that are not written, since they follow from elsewhere, and a
        key of which just the end is."""
        at = (kind.provider, kind.name, given)
        if at not in self.specs:
            self.specs[at] = validator(prepared(_lacking(kind, given)))
        return self.specs[at]

    def key(self, kind: Kind) -> Form:
        """Validates a value of the kind's key field, as in `previously.key`."""
        return self.field(kind, kind.key)

    def field(self, kind: Kind, name: str) -> Form:
        """Validates a value of one field."""
        at = (kind.provider, kind.name, name)
        if at not in self.fields:
            self.fields[at] = validator(_property(kind, name))
        return self.fields[at]


LIFECYCLE: Final = ("properties", "metadata", "properties", "lifecycle", "properties")
CONSENTS: Final = ("rename", "first-removals", "effects")
NESTED_CONSENTS: Final = (NEW_KEY,)
"""What only makes sense where the name of a document follows from its key."""
RENAMABLE: Final = ("yes", "consent")
"""Where `rename` is a consent to something: of what can have another key. `NEW_KEY` speaks of any: where nothing
can be renamed, another key in a list is the loss of what had the former one."""


def _envelope(kind: Kind, more: Sequence[str] = ()) -> JsonObject:
    removals = kind.prune.allowed
    replaces = [REPLACE] if kind.rename == REPLACE or any(f.replaces for f in kind.fields.values()) else []
    common = [word for word in CONSENTS if word != "rename" or kind.rename in RENAMABLE]
    consents = [*common, *replaces, *kind.consents, *(word for word in removals if word != "release"), *more]
    schema = _with(shipped_schema("manifest"), (*LIFECYCLE, "onRemove", "enum"), list[Json](removals))
    schema = _with(schema, (*LIFECYCLE, "allow", "items", "enum"), list[Json](consents))
    return _with(schema, ("properties", "spec", "examples"), kind.schema.get("examples", []))


def _item(kind: Kind, given: frozenset[str]) -> JsonObject:
    """The envelope without what a nested document has from the one around it."""
    properties = _below(_envelope(kind, NESTED_CONSENTS), "properties")
    examples = kind.schema.get("examples")
    specs = examples if isinstance(examples, list) else []
    told = [_told(kind, given, one) for one in specs if isinstance(one, dict)]
    metadata = _below(properties, "metadata")
    words = {n: v for n, v in _below(metadata, "properties").items() if n not in ("name", "target")}
    own: JsonObject = {**metadata, "required": [], "properties": words}
    inner: JsonObject = {"metadata": own, "spec": {**_below(properties, "spec"), "examples": list[Json](told)}}
    return {"type": "object", "required": ["spec"], "additionalProperties": False, "properties": inner}


def _told(kind: Kind, given: frozenset[str], spec: JsonObject) -> JsonObject:
    """An example of a spec as it would be written where these fields follow from elsewhere."""
    kept = {n: v for n, v in spec.items() if n not in given - {kind.key}}
    return {**kept, kind.key: _end(kind, kept[kind.key])} if kind.key in given & kept.keys() else kept


def _end(kind: Kind, key: Json) -> Json:
    """The last name of a key that is a chain."""
    chain = normal(kind.key_field, key)
    return chain[-1] if isinstance(chain, list) and chain else key


def _lacking(kind: Kind, given: frozenset[str]) -> JsonObject:
    """The schema of a spec in which these fields are neither needed nor allowed, but for the key: of a key that
    follows in part the examples are what is left to be written."""
    schema, following = kind.schema, given - {kind.key}
    needed = schema.get("required")
    required = [name for name in needed if name not in following] if isinstance(needed, list) else []
    properties = {n: v for n, v in _below(schema, "properties").items() if n not in following}
    if kind.key in given:
        node = _below(properties, kind.key)
        examples = node.get("examples")
        ends = [_end(kind, one) for one in examples] if isinstance(examples, list) else []
        properties[kind.key] = {**node, "examples": ends}
    return {**schema, "required": required, "properties": properties}


def _below(node: Mapping[str, Json], word: str) -> JsonObject:
    value = node.get(word)
    return value if isinstance(value, dict) else {}


def _with(schema: Json, path: Sequence[str], value: Json) -> JsonObject:
    """The schema with another value at a path; nothing that both share is changed."""
    whole = schema if isinstance(schema, dict) else {}
    step, *rest = path
    return {**whole, step: _with(whole.get(step), rest, value) if rest else value}


def _property(kind: Kind, name: str) -> JsonObject:
    properties = kind.schema.get("properties")
    node = properties.get(name) if isinstance(properties, dict) else None
    return node if isinstance(node, dict) else {}
