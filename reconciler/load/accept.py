"""
A second validator that only says yes, a hundred times faster than the one that explains.

It is given a schema of the few words that mean the same to both; what has a meaning of our own (a pattern, a
format, items that do not repeat) is asked of the very functions that the other one asks. A schema with any other
word it does not judge at all. Whatever it does not accept, or stumbles over, is for the other one: this one never
says no.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial
from typing import Final, TypeAlias

from reconciler.load.formats import CHECKS
from reconciler.load.words import again, matches
from reconciler.model.json import Json, JsonObject, leaves

Accepts: TypeAlias = "Callable[[Json], bool]"
Checks: TypeAlias = "dict[str, Callable[[str], bool]]"

_SILENT: Final = frozenset({"title", "description", "examples", "default", "readOnly", "writeOnly", "deprecated"})
"""Words that judge nothing; so do ours, which begin with `x-`."""
_TYPES: Final = frozenset({"object", "array", "string", "number", "integer", "boolean", "null"})
_COUNTS: Final = frozenset({"minLength", "maxLength", "minItems", "maxItems", "minProperties", "maxProperties"})
_BELOW: Final = frozenset({"items", "additionalProperties", "propertyNames", "not"})
_BRANCHES: Final = frozenset({"anyOf", "oneOf", "allOf", "prefixItems"})
_BOUNDS: Final = frozenset({"minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum"})
_EXACT: Final = 1 << 53
"""From here on a number may differ as an integer and as a float; no schema needs such a one."""


class _UnsharedError(Exception):
    """The two might not mean the same."""


def accepting(schema: Json) -> Accepts:
    """What says yes to values that are right by a schema: to no others, and to none that it cannot judge."""
    checks: Checks = {}
    try:
        shared = _shared(schema, checks)
    except _UnsharedError:
        return _never
    from jsonschema_rs import Draft202012Validator

    right = Draft202012Validator(
        shared, formats=checks, validate_formats=True, keywords={"uniqueItems": _NoneTwice}, offline=True
    ).is_valid

    def accepts(value: Json) -> bool:
        try:
            return right(value)
        except ValueError:  # half a character: only the other one can read such a text
            return False

    return accepts


def _never(value: Json) -> bool:  # noqa: ARG001 - the shape of what judges
    return False


class _NoneTwice:
    """`uniqueItems`, as the library wants its words to be."""

    def __init__(self, parent_schema: JsonObject, value: Json, schema_path: list[str | int]) -> None:  # noqa: ARG002
        self.wanted = value is True

    def validate(self, instance: object) -> None:
        """Raises ValueError where an item stands there twice."""
        if self.wanted and isinstance(instance, list) and next(again(instance), None) is not None:
            raise ValueError("an item stands there twice")


def _shared(schema: Json, checks: Checks) -> JsonObject | bool:
    """The schema in words that both know. `checks` are the texts it asks us about, by the names it does so."""
    if isinstance(schema, bool):
        return schema
    if not isinstance(schema, dict):
        raise _UnsharedError
    found: JsonObject = {}
    ours: list[Json] = []
    for word, wanted in schema.items():
        if word in _SILENT or word.startswith("x-"):
            continue
        if word in ("pattern", "format"):
            ours += _asked(word, wanted, checks)
        else:
            found[word] = _word(word, wanted, checks)
    # Beside what is there, since one schema has but one `format`, and may have an `allOf` of its own.
    return {"allOf": [found, *ours]} if ours else found


def _asked(word: str, wanted: Json, checks: Checks) -> Iterator[Json]:
    """A word that judges texts by a function of ours."""
    if not isinstance(wanted, str):
        raise _UnsharedError
    check = partial(matches, wanted) if word == "pattern" else CHECKS.get(wanted)
    if check is not None:
        checks[f"{word} {wanted}"] = check
        yield {"format": f"{word} {wanted}"}


def _word(word: str, wanted: Json, checks: Checks) -> Json:
    if word == "properties" and isinstance(wanted, dict):
        return {name: _shared(below, checks) for name, below in wanted.items()}
    if word in _BELOW:
        return _shared(wanted, checks)
    if word in _BRANCHES and isinstance(wanted, list):
        return [_shared(below, checks) for below in wanted]
    if not _alike(word, wanted):
        raise _UnsharedError
    return wanted


def _alike(word: str, wanted: Json) -> bool:
    """Whether a word that holds no schemas means the same to both."""
    if word == "type":
        return _TYPES.issuperset(map(str, wanted if isinstance(wanted, list) else [wanted]))
    if word in _COUNTS:
        return type(wanted) is int and 0 <= wanted < _EXACT
    if word in _BOUNDS:
        return type(wanted) in (int, float) and _exact(wanted)
    if word in ("enum", "const"):
        return _exact(wanted)
    if word == "required":
        return _names(wanted)
    if word == "dependentRequired":
        return isinstance(wanted, dict) and all(map(_names, wanted.values()))
    return word == "uniqueItems" and isinstance(wanted, bool)


def _names(value: Json) -> bool:
    return isinstance(value, list) and all(isinstance(name, str) for name in value)


def _exact(value: Json) -> bool:
    return all(not isinstance(one, int | float) or abs(one) < _EXACT for _, one in leaves(value))
