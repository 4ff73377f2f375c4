"""`x-refused`: the word of a schema for what people will try to declare and nobody can, with the reason and what
to do instead."""

from __future__ import annotations

from typing import Final

from reconciler.load.schema_file import SchemaFile
from reconciler.model.json import JsonObject
from reconciler.model.kind import Kind
from reconciler.model.place import SpecPath

WORD: Final = "x-refused"
NOTHING: Final[JsonObject] = {}
"""`not: {}` allows nothing: any reader of JSON Schema, which does not know our word, refuses as well."""
_OF_A_KIND: Final = ("title", "description", "examples", "not", WORD)
_OF_A_FIELD: Final = ("description", "examples", "not", "type", "readOnly", "x-wire", WORD)


def refuses(schema: JsonObject) -> bool:
    """Whether a schema file is that of a kind of which nothing is managed and nothing read."""
    return WORD in schema and "x-source" not in schema


def refused_kind(source: SchemaFile, provider: str, name: str, schema: JsonObject) -> Kind:
    """Such a kind: its name, what it is, and why it is refused; it has no fields."""
    source.only(schema, (), _OF_A_KIND)
    description, why = source.text(schema, (), "description"), refusal(source, schema, ())
    return Kind(provider, name, "", {}, schema, description=description, refused=why)


def refused_field(source: SchemaFile, node: JsonObject, path: SpecPath) -> str:
    """Why a property is refused; empty where it is not."""
    if WORD not in node:
        return ""
    source.only(node, path, _OF_A_FIELD)
    return refusal(source, node, path)


def refusal(source: SchemaFile, node: JsonObject, path: SpecPath) -> str:
    """The reason, beside `not: {}`."""
    if node.get("not") != NOTHING:
        source.say((*path, WORD), "`not: {}` is missing beside it, or other readers of the schema would allow it")
    why = source.text(node, path, WORD)
    if WORD in node and not why.strip():
        source.say((*path, WORD), "the reason is missing", "say why, and what to do instead")
    return why
