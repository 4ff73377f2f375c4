"""One short sentence per violated word of a schema: what is there, what was expected, and a way out."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Final, TypeAlias

from reconciler.load.formats import NAMES
from reconciler.load.mistakes import Mistake, declared
from reconciler.load.nearest import did_you_mean, listed
from reconciler.load.secret_shape import HINT, SINK_HINT, SOURCES
from reconciler.model.json import Json, canonical

Sentence: TypeAlias = "tuple[str, str]"
LONGEST_SHOWN: Final = 60

_TYPES: Final = {
    "string": "text",
    "integer": "a whole number",
    "number": "a number",
    "boolean": "true or false",
    "array": "a list",
    "object": "a mapping",
    "null": "null",
}


def sentence(mistake: Mistake) -> Sentence:
    """What is wrong, and a way out (which may be empty)."""
    return _SENTENCES.get(mistake.word, _other)(mistake)


def shown(value: Json) -> str:
    """A value as it may stand in a message: short."""
    if isinstance(value, str):
        return f"'{value[:LONGEST_SHOWN]}…'" if len(value) > LONGEST_SHOWN else f"'{value}'"
    if isinstance(value, list | dict):
        return _TYPES[type_of(value)]
    text = canonical(value)
    return text[:LONGEST_SHOWN] + ("…" if len(text) > LONGEST_SHOWN else "")


def type_of(value: Json) -> str:
    """The JSON type of a value; True is no number."""
    for kind, name in ((bool, "boolean"), (int, "integer"), (float, "number"), (str, "string"), (list, "array")):
        if isinstance(value, kind):
            return name
    return "object" if isinstance(value, dict) else "null"


def example(schema: Mapping[str, Json], name: str = "") -> str:
    """The first example of a field, as it would be written; "" where the schema gives none."""
    node = declared(schema).get(name) if name else schema
    examples = node.get("examples") if isinstance(node, dict) else None
    if not isinstance(examples, list) or not examples:
        return ""
    first = examples[0] if isinstance(examples[0], str) else canonical(examples[0])
    return f"for example `{name}: {first}`" if name else f"for example {first}"


def form(mistake: Mistake) -> str:
    """An example of the right form and what the schema says of it; where it says nothing, the pattern."""
    description = str(mistake.schema.get("description", "")).split(". ", maxsplit=1)[0].rstrip(".")
    if description:
        return ". ".join(part for part in (example(mistake.schema), description) if part)
    rule = f"pattern {mistake.wanted}" if mistake.word == "pattern" else ""
    return "; ".join(part for part in (example(mistake.schema), rule) if part)


def _wrong_type(mistake: Mistake) -> Sentence:
    wanted = [str(w) for w in (mistake.wanted if isinstance(mistake.wanted, list) else [mistake.wanted])]
    expected = " or ".join(_TYPES.get(w, w) for w in wanted if w != "null")
    value, found = mistake.value, type_of(mistake.value)
    if value is None:
        return f"nothing stands here, expected {expected}", "write a value, or leave the field out"
    if found == "string":
        said = f"{shown(value)} is text"
    else:
        said = f"is {shown(value) if found == 'boolean' else _TYPES['number' if found == 'integer' else found]}"
    return f"{said}, expected {expected}", _type_hint(mistake, wanted)


def _type_hint(mistake: Mistake, wanted: list[str]) -> str:
    value = mistake.value
    if "string" in wanted and isinstance(value, bool | int | float):
        return "quote it"
    if "boolean" in wanted and isinstance(value, str):
        return {"yes": "write true", "on": "write true", "no": "write false", "off": "write false"}.get(
            value.casefold(), "write true or false, without quotes"
        )
    if isinstance(value, str) and not {"integer", "number"}.isdisjoint(wanted):
        return "write it without quotes"
    return _list_hint(mistake) if "array" in wanted and not isinstance(value, dict) else ""


def _list_hint(mistake: Mistake) -> str:
    """How to write what stands where a list does: as its one item, if that can be one."""
    value, items = mistake.value, mistake.schema.get("items")
    types = items.get("type") if isinstance(items, dict) else None
    if types is not None and type_of(value) not in (types if isinstance(types, list) else [types]):
        return example(mistake.schema)
    return f"write it as a list: [{value if isinstance(value, str) and len(value) <= LONGEST_SHOWN else '…'}]"


def _not_listed(mistake: Mistake) -> Sentence:
    choices = mistake.wanted if isinstance(mistake.wanted, list) else []
    words = [c if isinstance(c, str) else canonical(c) for c in choices]
    return f"{shown(mistake.value)} is not one of {listed(words)}", did_you_mean(mistake.value, words, sure=True)


def _not_const(mistake: Mistake) -> Sentence:
    return f"is {shown(mistake.value)}, expected {shown(mistake.wanted)}", ""


def _wrong_form(mistake: Mistake) -> Sentence:
    fault = _chain_fault(mistake) if _is_chain(mistake.schema) else ""
    if fault:
        return f"{shown(mistake.value)} has {fault}", example(mistake.schema)
    return f"{shown(mistake.value)} has not the expected form", form(mistake)


def _is_chain(schema: Mapping[str, Json]) -> bool:
    words = schema.get("x-normalise")
    return words == "segments" or (isinstance(words, list) and "segments" in words)


def _chain_fault(mistake: Mistake) -> str:
    """What is wrong with names joined by slashes; "" where it is something else."""
    text, most = str(mistake.value), mistake.schema.get("maxItems")
    levels = text.count("/") + 1
    if text.startswith("/"):
        return "a leading slash"
    if text.endswith("/"):
        return "a trailing slash"
    if "//" in text:
        return "an empty name between two slashes"
    return f"{levels} levels, at most {most}" if isinstance(most, int) and levels > most else ""


def _wrong_format(mistake: Mistake) -> Sentence:
    noun, hint = NAMES[str(mistake.wanted)]
    return f"{shown(mistake.value)} is not {noun}", hint


def _size(mistake: Mistake) -> Sentence:
    noun = {"L": "character", "I": "item", "P": "field"}[mistake.word[3]]
    size = len(mistake.value) if isinstance(mistake.value, str | list | dict) else 0
    if size == 0:
        return "is empty", "write something, or leave the field out"
    if mistake.word == "maxItems" and _is_chain(mistake.schema):
        return f"has {size} levels, at most {mistake.wanted}", ""
    which = "at least" if mistake.word.startswith("min") else "at most"
    subject = f"{shown(mistake.value)} has" if noun == "character" else "has"
    return f"{subject} {size} {noun}{'' if size == 1 else 's'}, expected {which} {mistake.wanted}", ""


def _bound(mistake: Mistake) -> Sentence:
    return f"is {shown(mistake.value)}, expected {_BOUNDS[mistake.word]} {shown(mistake.wanted)}", ""


_BOUNDS: Final = {
    "minimum": "at least",
    "maximum": "at most",
    "exclusiveMinimum": "more than",
    "exclusiveMaximum": "less than",
}


def _forbidden(mistake: Mistake) -> Sentence:
    if mistake.schema.get("writeOnly") is True and _unversioned(mistake.value):
        return "`version` is missing", "add `version: 1`; whenever the secret changes, write another one"
    if mistake.schema.get("writeOnly") is True:
        return "expected where the secret is and its version, never the secret itself", HINT
    if "x-sink" in mistake.schema:
        return "expected where the value goes that is shown once, in one of three ways", SINK_HINT
    if "x-refused" in mistake.schema:
        return f"cannot be managed: {mistake.schema['x-refused']}", ""
    if mistake.schema.get("readOnly") is True:
        return "the API's own: it is read, never written", "remove it"
    return f"{shown(mistake.value)} is not allowed", form(mistake)


def _unversioned(value: Json) -> bool:
    """Whether it says where the secret is, and nothing else."""
    return (
        isinstance(value, dict)
        and len(value) == 1
        and all(w in SOURCES and isinstance(value[w], str) for w in value)
    )


def _needs_too(mistake: Mistake) -> Sentence:
    """A field that has to be given together with another one."""
    there = mistake.value if isinstance(mistake.value, dict) else {}
    needs = mistake.wanted if isinstance(mistake.wanted, dict) else {}
    for name, others in needs.items():
        for other in others if name in there and isinstance(others, list) else []:
            if other not in there:
                return f"`{name}` needs `{other}` beside it", example(mistake.schema, str(other))
    return _other(mistake)


def _other(mistake: Mistake) -> Sentence:
    """A word of JSON Schema without a sentence of its own."""
    return f"{shown(mistake.value)} does not satisfy `{mistake.word}: {shown(mistake.wanted)}`", ""


_SENTENCES: Final[Mapping[str, Callable[[Mistake], Sentence]]] = {
    "type": _wrong_type,
    "enum": _not_listed,
    "const": _not_const,
    "pattern": _wrong_form,
    "format": _wrong_format,
    "not": _forbidden,
    "dependentRequired": _needs_too,
    **dict.fromkeys(("minLength", "maxLength", "minItems", "maxItems", "minProperties", "maxProperties"), _size),
    **dict.fromkeys(_BOUNDS, _bound),
}
