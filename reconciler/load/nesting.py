"""`x-nested`: the word of a schema that says which documents may be written inside another, and what they have
from it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from reconciler.load.schema_file import SchemaFile
from reconciler.model.json import Json, JsonObject
from reconciler.model.kind import AROUND, EXACT, Field, Kind, Nested
from reconciler.model.place import SpecPath

SPEC = "spec"
"""The word under which a nested document's fields stand where its metadata stand beside them."""


MAPPINGS: Final[JsonObject] = {"type": "object"}
SHORT: Final[JsonObject] = {"type": ["object", "string"]}
"""What the items of a nested list may be; a text is the key of one of which nothing else is to be said."""


def nested(source: SchemaFile, node: JsonObject, path: SpecPath) -> Nested | None:
    """What `x-nested` says of a property; None where it says nothing."""
    if "x-nested" not in node:
        return None
    word, at = source.mapping(node, path, "x-nested"), (*path, "x-nested")
    source.only(word, at, ("kind", "with"))
    items = node.get("items")
    if node.get("type") != "array" or items not in (MAPPINGS, SHORT):
        source.say(at, "what is nested is a list of mappings", "write `type: array` and `items: {type: object}`")
    unsaid = {n for n, value in source.mapping(word, at, "with").items() if value is None}
    said: JsonObject = {n: v for n, v in source.mapping(word, at, "with").items() if v is not None}
    given = source.texts_by_name({"with": said}, at, "with")
    return Nested(source.text(word, at, "kind"), {**given, **dict.fromkeys(unsaid)}, items == SHORT)


def nested_problems(source: SchemaFile, kind: Kind, kinds: Mapping[tuple[str, str], Kind]) -> None:
    """Whether each `x-nested` of a kind leads to a kind, and to fields on both sides."""
    for one in kind.fields.values():
        if one.nested is None:
            continue
        path: SpecPath = ("properties", one.name, "x-nested")
        known = [name for provider, name in kinds if provider == kind.provider]
        if source.one_of(one.nested.kind, known, (*path, "kind")):
            inner = kinds[kind.provider, one.nested.kind]
            _fits(source, path, kind, inner)
            _short(source, path, one.nested, inner)
            _gives(source, (*path, "with"), one.nested, kind, inner)
            _mode(source, kind.fields.get(f"{one.name}Mode"), kind, inner)


def _fits(source: SchemaFile, path: SpecPath, kind: Kind, inner: Kind) -> None:
    if inner.source:
        source.say((*path, "kind"), f"a {inner.name} is only read, so none stands in a {kind.name}")
    if SPEC in inner.fields:
        source.say((*path, "kind"), f"a {inner.name} has a field `{SPEC}`, which could mean all its fields")


def _short(source: SchemaFile, path: SpecPath, word: Nested, inner: Kind) -> None:
    needed = inner.schema.get("required")
    more = {*map(str, needed if isinstance(needed, list) else [])} - {inner.key, *word.given}
    if word.short and more:
        text = f"a {inner.name} needs more than its key: {', '.join(sorted(more))}"
        source.say((*path[:-1], "items"), text, "write `items: {type: object}`")


def _gives(source: SchemaFile, path: SpecPath, word: Nested, kind: Kind, inner: Kind) -> None:
    for name, value in word.given.items():
        if not source.one_of(name, inner.fields, path):
            continue
        if value is not None and not source.one_of(value, (AROUND, *kind.fields), (*path, name)):
            continue
        if value == AROUND and inner.fields[name].ref != kind.name:
            source.say((*path, name), f"a field that names a {kind.name} was expected")
        if name == inner.key and not (inner.tree and value not in (AROUND, None)):
            source.say((*path, name), "the key is what tells nested documents apart; it has to be written")


def _mode(source: SchemaFile, mode: Field | None, kind: Kind, inner: Kind) -> None:
    """What a list no longer holds can only be deleted where that is allowed."""
    properties = kind.schema.get("properties")
    node: Json = properties.get(mode.name) if mode and isinstance(properties, dict) else None
    words = node.get("enum") if isinstance(node, dict) else None
    if mode and isinstance(words, list) and EXACT in words and "delete" not in inner.prune.allowed:
        source.say(("properties", mode.name, "enum"), f"a {inner.name} cannot be deleted, so no list is exact")
