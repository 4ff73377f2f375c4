"""Properties of a schema -> fields of a kind."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Final

from reconciler.load.access_words import field_access
from reconciler.load.nesting import nested
from reconciler.load.refused import refused_field
from reconciler.load.schema_file import SchemaFile
from reconciler.model.json import JsonObject
from reconciler.model.kind import Field, SecretRule
from reconciler.model.normalise import NORMALISERS
from reconciler.model.place import SpecPath

TYPES: Final = ("string", "integer", "number", "boolean", "array", "object", "null")
FORMATS: Final[Mapping[str, tuple[str, ...]]] = {
    "email": ("casefold",),  # addresses compare without case everywhere (ST-R18, OA-R16)
    "date": ("instant",),
    "date-time": ("instant",),
}
BYTES: Final = "bytes"
"""`x-file: bytes`: the value is a file of the project, by its path; any other word is the field whose value is the
text of that file."""
SECRET_RULE: Final = "x-secret-rule"  # noqa: S105 - a word of ours, no secret
REPLACE: Final = "replace"
"""`x-immutable: replace`: another value needs another thing; any other text is the remedy a refusal prints."""
# The words of JSON Schema that may stand in our files. There is no `$ref`: nothing is ever fetched.
# fmt: off
STANDARD: Final = frozenset({
    "title", "description", "type", "required", "additionalProperties", "properties", "examples", "default",
    "enum", "const", "pattern", "minLength", "maxLength", "minimum", "maximum", "exclusiveMinimum",
    "exclusiveMaximum", "multipleOf", "items", "minItems", "maxItems", "uniqueItems", "format", "readOnly",
    "writeOnly", "minProperties", "maxProperties", "propertyNames", "anyOf", "oneOf", "allOf", "not", "if", "then",
    "else", "dependentRequired", "deprecated",
})
FIELD_WORDS: Final = frozenset({
    "x-normalise", "x-wire", "x-ref", "x-immutable", "x-unreadable", "x-access", "x-entry-key", "x-local",
    "x-inherited", "x-merged", "x-mentions", "x-effects", "x-sink", "x-file", "x-pin", "x-nested", "x-refused",
    "x-lookup", "x-begins", "x-secret-rule", "x-output", "x-change", "x-names", "x-entry-value",
})
# fmt: on


def fields(source: SchemaFile, node: JsonObject, path: SpecPath = ()) -> dict[str, Field]:
    """All properties of an object schema; a `<set>Mode` beside its set is for us only, like `x-local`."""
    properties = source.mapping(node, path, "properties")
    below = (*path, "properties")
    found = {
        name: _field(source, name, value, (*below, name))
        for name, value in properties.items()
        if isinstance(value, dict)
    }
    for name in properties.keys() - found.keys():
        source.say((*below, name), "expected a mapping")
    for one in found.values():
        if path and (one.file or one.sink):
            word = "x-file" if one.file else "x-sink"
            source.say((*below, one.name, word), "stands at the top of a spec only")
        if path and one.nested:
            source.say((*below, one.name, "x-nested"), "stands at the top of a spec only")
        if one.file and one.file != BYTES:
            source.one_of(one.file, [n for n in found if n != one.name], (*below, one.name, "x-file"))
        if one.pins:
            source.one_of(one.pins, [n for n, f in found.items() if f.ref], (*below, one.name, "x-pin"))
    return found


def _field(source: SchemaFile, name: str, node: JsonObject, path: SpecPath) -> Field:
    source.only(node, path, STANDARD | FIELD_WORDS)
    types = source.texts(node, path, "type") or TYPES
    for word in types:
        source.one_of(word, TYPES, (*path, "type"))
    _compiles(source, node, path)
    item = _item(source, node, path)
    entries = fields(source, item, (*path, "items")) if "properties" in item else {}
    entries = entries or (fields(source, node, path) if "properties" in node else {})
    immutable, file = source.text(node, path, "x-immutable"), source.text(node, path, "x-file")
    sink = _pointer(source, node, path, "x-sink", "")
    inner = nested(source, node, path)
    pins, lookup = source.text(node, path, "x-pin"), source.flag(node, path, "x-lookup")
    local = source.flag(node, path, "x-local") or lookup or file not in ("", BYTES)
    entry_keys, entry_parts = _entry_keys(source, node, path, entries)
    access, gives = field_access(source, node, path)
    entry_value = _entry_value(source, node, path, entry_keys, entries)
    spread = {"null", "object"} if entry_value else {"null"}
    return Field(
        name=name,
        type=tuple(t for t in types if t not in spread),
        wire=_pointer(source, node, path, "x-wire", f"/{name}"),
        normalise=_normalise(source, node, path) + (("file",) if file == BYTES else ()),
        ref=_ref(source, node, path) or (None if entries else _ref(source, item, (*path, "items"))),
        mentions=source.text(node, path, "x-mentions") or None,
        names=_names(source, node, path),
        immutable=None if immutable == REPLACE else immutable or None,
        unreadable=source.flag(node, path, "x-unreadable"),
        read_only=source.flag(node, path, "readOnly"),
        write_only=source.flag(node, path, "writeOnly"),
        local=local or bool(sink or inner or pins),
        access=access,
        gives=gives,
        inherited=source.flag(node, path, "x-inherited"),
        nullable="null" in types,
        is_set="array" in types and source.flag(node, path, "uniqueItems"),
        entry_key=entry_keys[0] if len(entry_keys) == 1 else None,
        entry_keys=entry_keys if len(entry_keys) > 1 else (),
        entry_parts=entry_parts,
        entry_value=entry_value,
        entries=entries,
        replaces=immutable == REPLACE,
        effect=source.text(node, path, "x-effects"),
        sink=sink,
        file=file,
        pins=pins,
        description=source.text(node, path, "description"),
        nested=inner,
        refused=refused_field(source, node, path),
        lookup=lookup,
        begins=_begins(source, node, path),
        secret_rule=_secret_rule(source, node, path),
        output=_output(source, node, path),
        merged=source.flag(node, path, "x-merged"),
        change=source.text(node, path, "x-change"),
    )


def _output(source: SchemaFile, node: JsonObject, path: SpecPath) -> bool:
    """`x-output`, of what is the API's own alone: all else stands in the manifest."""
    found = source.flag(node, path, "x-output")
    if found and not source.flag(node, path, "readOnly"):
        source.say((*path, "x-output"), "is for what the API alone writes", "add `readOnly: true`")
    return found


def _secret_rule(source: SchemaFile, node: JsonObject, path: SpecPath) -> SecretRule | None:
    """`x-secret-rule: {pattern, says}`, of a secret alone: all else is judged where it stands."""
    if SECRET_RULE not in node:
        return None
    rule, at = source.mapping(node, path, SECRET_RULE), (*path, SECRET_RULE)
    source.only(rule, at, ("pattern", "says"))
    _compiles(source, rule, at)
    found = SecretRule(source.text(rule, at, "pattern"), source.text(rule, at, "says"))
    if not found.pattern or not found.says:
        source.say(at, "a rule has a pattern, and says in words what it means")
    if not source.flag(node, path, "writeOnly"):
        source.say(at, "is for secrets", "write `pattern:` instead, or add `writeOnly: true`")
    return found


def _entry_keys(
    source: SchemaFile, node: JsonObject, path: SpecPath, entries: Mapping[str, Field]
) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The subfields of which one identifies an entry; those that do so all together (`{all: [a, b]}`)."""
    word, at = node.get("x-entry-key"), (*path, "x-entry-key")
    if not isinstance(word, dict):
        one_of_them = source.texts(node, path, "x-entry-key")
        for key in one_of_them:
            source.one_of(key, entries, at)
        return one_of_them, ()
    source.only(word, at, ("all",))
    together = source.texts(word, at, "all")
    required = source.texts(source.mapping(node, path, "items"), (*path, "items"), "required")
    for key in together:
        source.one_of(key, entries, (*at, "all"))
        if key not in required and not (key in entries and entries[key].nullable):
            source.say((*path, "items", "required"), f"'{key}' identifies an entry and must be required")
    if len(together) < 2:
        source.say((*at, "all"), "expected two names or more", "a single name stands alone")
    return (), together


def _names(source: SchemaFile, node: JsonObject, path: SpecPath) -> str | None:
    """`x-names`, of an object whose names nobody knows beforehand."""
    if "x-names" in node and ("object" not in source.texts(node, path, "type") or "properties" in node):
        source.say((*path, "x-names"), "is for a mapping whose names are free", "write `type: object` alone")
    return source.text(node, path, "x-names") or None


def _entry_value(
    source: SchemaFile, node: JsonObject, path: SpecPath, keys: tuple[str, ...], entries: Mapping[str, Field]
) -> str:
    """`x-entry-value`: the subfield that stands beside the one key in a set written as a mapping."""
    word, at = source.text(node, path, "x-entry-value"), (*path, "x-entry-value")
    if word and source.one_of(word, entries, at):
        required = {*source.texts(source.mapping(node, path, "items"), (*path, "items"), "required")}
        if len(keys) != 1 or not required <= {word, *keys} or len(path) > 2:
            source.say(
                at, "a set at the top of a spec whose entries need no more than a key and this was expected"
            )
        if "object" not in source.texts(node, path, "type"):
            source.say((*path, "type"), "the set may be a mapping, too", "write `type: [array, object]`")
    return word


def _begins(source: SchemaFile, node: JsonObject, path: SpecPath) -> str:
    """Hexadecimal digits, two for each byte that a file begins with."""
    text = source.text(node, path, "x-begins")
    if text and not (re.fullmatch("([0-9A-F]{2} )*[0-9A-F]{2}", text) and node.get("x-file") == BYTES):
        source.say(
            (*path, "x-begins"), "bytes of a file that is a value (`x-file: bytes`) were expected", "FF D8 FF"
        )
    return text


def _item(source: SchemaFile, node: JsonObject, path: SpecPath) -> JsonObject:
    item = source.mapping(node, path, "items")
    source.only(item, (*path, "items"), STANDARD | FIELD_WORDS)
    _compiles(source, item, (*path, "items"))
    return item


def _compiles(source: SchemaFile, node: JsonObject, path: SpecPath) -> None:
    try:
        re.compile(source.text(node, path, "pattern"))
    except re.error as error:
        source.say((*path, "pattern"), f"not a pattern: {error}")
    if "format" in node:
        source.one_of(source.text(node, path, "format"), FORMATS, (*path, "format"))


def _pointer(source: SchemaFile, node: JsonObject, path: SpecPath, word: str, default: str) -> str:
    pointer = source.text(node, path, word, default)
    if word in node and not pointer.startswith("/"):
        source.say((*path, word), f"'{pointer}' is no JSON pointer", "it begins with a slash")
    return pointer


def _normalise(source: SchemaFile, node: JsonObject, path: SpecPath) -> tuple[str, ...]:
    """What `x-normalise` says, and what the format implies; not for references, whose values become ids."""
    named = source.texts(node, path, "x-normalise")
    known = [n for n in named if source.one_of(n, NORMALISERS, (*path, "x-normalise"))]
    implied: tuple[str, ...] = () if "x-ref" in node else FORMATS.get(str(node.get("format")), ())
    return (*known, *(n for n in implied if n not in known))


def _ref(source: SchemaFile, node: JsonObject, path: SpecPath) -> str | None:
    return source.text(node, path, "x-ref") or None


def modes(found: Mapping[str, Field]) -> frozenset[str]:
    """The names of the fields that only say how their set, or what is nested in them, is meant."""
    meant = (name for name, field in found.items() if field.is_set or field.nested)
    return frozenset(mode for name in meant if (mode := f"{name}Mode") in found)
