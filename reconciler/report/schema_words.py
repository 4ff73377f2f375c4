"""What a JSON schema says of one value, a few words each."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping

from reconciler.model.json import Json


class UnknownField(LookupError):
    """The kind has no such field. `choices`: the fields there are at that place; `word`: what was asked for."""

    def __init__(self, word: str, choices: tuple[str, ...]) -> None:
        super().__init__(word)
        self.word = word
        self.choices = choices


def limits(schema: Mapping[str, Json]) -> Iterator[str]:
    """`at most (characters): 100`, one text per limit."""
    named = {
        "format": "format",
        "pattern": "pattern",
        "minLength": "at least (characters)",
        "maxLength": "at most (characters)",
        "minItems": "at least (entries)",
        "maxItems": "at most (entries)",
        "minimum": "at least",
        "maximum": "at most",
    }
    for word, said in named.items():
        if word in schema:
            yield f"{said}: {schema[word]}"


def examples(schema: Mapping[str, Json], before: str = "") -> list[str]:
    """`example: "brand"`, one text per example; `before`: what stands before the value where it is written."""
    given = schema.get("examples")
    return [f"example: {before}{flow(value)}" for value in given] if isinstance(given, list) else []


def type_words(schema: Mapping[str, Json]) -> str:
    """`string or array`, `one of full, observe`, `always Project`; empty where the schema names no type."""
    if "const" in schema:
        return f"always {schema['const']}"
    enum, kind = schema.get("enum"), schema.get("type")
    if isinstance(enum, list):
        return "one of " + ", ".join(str(v) for v in enum)
    if isinstance(kind, list):
        return " or ".join(str(v) for v in kind)
    return kind if isinstance(kind, str) else ""


def flow(value: Json) -> str:
    """A value as YAML on one line; JSON is YAML too."""
    return json.dumps(value, ensure_ascii=False)


def a(name: str) -> str:
    """A kind with its article: `an AttributeDefinition`, `a User`."""
    return f"{'an' if name[:1] in {*'AEIO'} else 'a'} {name}"
