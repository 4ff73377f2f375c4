"""JSON values: their type, one canonical text, a digest, and equality in which `True` is not `1`."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping
from types import MappingProxyType
from typing import Any, Final, Never, TypeAlias

Json: TypeAlias = "bool | int | float | str | list[Json] | dict[str, Json] | None"
JsonObject: TypeAlias = "dict[str, Json]"


class Missing:
    """The value of a field that is not there at all; distinct from `null`."""

    __slots__ = ()

    def __repr__(self) -> str:
        return "absent"

    def __bool__(self) -> bool:
        return False


ABSENT: Final = Missing()
NOTHING: Final[Mapping[Any, Never]] = MappingProxyType({})
"""What stands wherever a value has none of something: one for all."""

_ENCODER: Final = json.JSONEncoder(sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False)
_QUOTED: Final = json.encoder.encode_basestring
"""What the encoder does with a text; most of what is brought to one text is one."""


def canonical(value: object) -> str:
    """One text per value: sorted keys, no blanks. Raises ValueError for NaN and infinities."""
    return _QUOTED(value) if type(value) is str else _ENCODER.encode(value)


def digest(value: object) -> str:
    """`sha256:<hex>` of the canonical text."""
    return "sha256:" + hashlib.sha256(canonical(value).encode("utf-8", "surrogatepass")).hexdigest()


def same(a: object, b: object) -> bool:
    """Equal as JSON: 1 equals 1.0, True does not equal 1, lists by order, objects by key."""
    if type(a) is str and type(b) is str:  # what most values are
        return a == b
    if isinstance(a, bool) or isinstance(b, bool):
        return a is b
    if isinstance(a, Mapping) and isinstance(b, Mapping):
        return a.keys() == b.keys() and all(same(v, b[k]) for k, v in a.items())
    if isinstance(a, list | tuple) and isinstance(b, list | tuple):
        return len(a) == len(b) and all(same(x, y) for x, y in zip(a, b, strict=True))
    return a == b


_TEXTS: Final = frozenset({str})


def identical(a: Json, b: Json) -> bool:
    """Alike to the last type: `1` is not `1.0` either. Of values as JSON has them, and quicker than `same`."""
    kind = type(a)
    if kind is not type(b):
        return False
    if kind is dict:
        if a != b:  # nothing is identical that is not even equal
            return False
        if _TEXTS.issuperset(map(type, a.values())):  # type: ignore[union-attr] # nothing else equals a text
            return True
        return all(identical(v, b[k]) for k, v in a.items())  # type: ignore[union-attr, index]
    if kind is list:
        return len(a) == len(b) and all(map(identical, a, b))  # type: ignore[arg-type]
    return a == b


def pick(value: Json, pointer: str) -> Json | Missing:
    """What stands at a JSON pointer (`""` is the whole); `ABSENT` where nothing does."""
    here = value
    for escaped in pointer.split("/")[1:]:
        step = escaped.replace("~1", "/").replace("~0", "~")
        if isinstance(here, dict):
            if step not in here:
                return ABSENT
            here = here[step]
        elif isinstance(here, list) and step.isdigit() and int(step) < len(here):
            here = here[int(step)]
        else:
            return ABSENT
    return here


OURS: Final = frozenset(
    {"$id", "$made", "$from", "$find", "$riders", "$count", "$secret", "$file", "$set", "$text", "$join", "$has"}
)
"""An object with one of these as its only key means something to us wherever it stands in a body."""


_PLAIN: Final = frozenset({str, int, float, bool, type(None)})


def our_word(value: Json, words: frozenset[str] = OURS) -> str | None:
    """The first of our words that a value from outside holds: it would be taken for one of ours."""
    if isinstance(value, dict):
        if len(value) == 1 and not words.isdisjoint(value):
            return next(iter(value))
        below = [*value.values()]
    elif isinstance(value, list):
        below = value
    else:
        return None
    if _PLAIN.issuperset(map(type, below)):  # what most values are
        return None
    return next((word for item in below if (word := our_word(item, words))), None)


def agrees(value: Json, pointer: str, wanted: Json) -> bool:
    """Whether the value shows at a pointer what is wanted. The step `*` stands for every item of a list, in its
    order; `{"$set": [...]}` wants these items in whatever order, `{"$text": "3"}` what has this text, `{"$has":
    {...}}` a list with an item that shows at least this."""
    head, star, tail = pointer.partition("/*")
    found = pick(value, head)
    if star:
        found = [_or_none(pick(item, tail)) for item in found] if isinstance(found, list) else ABSENT
    if isinstance(found, Missing):
        return False
    items = wanted.get("$set") if isinstance(wanted, dict) and len(wanted) == 1 else None
    if isinstance(wanted, dict) and set(wanted) == {"$text"}:
        return same(as_text(found), wanted["$text"])
    part = wanted.get("$has") if isinstance(wanted, dict) and len(wanted) == 1 else None
    if isinstance(part, dict) and isinstance(found, list):
        return any(isinstance(i, dict) and all(n in i and same(i[n], v) for n, v in part.items()) for i in found)
    if isinstance(items, list) and isinstance(found, list):
        return sorted(map(canonical, found)) == sorted(map(canonical, items))
    return same(found, wanted)


def as_text(value: Json) -> Json:
    """A number or a truth value as its text: `3`, `3.0` and `"3"` are one; a list item by item, an object name by
    name."""
    if isinstance(value, list):
        return [as_text(v) for v in value]
    if isinstance(value, dict):
        return {name: as_text(v) for name, v in value.items()}
    if isinstance(value, float) and value.is_integer():
        return canonical(int(value))
    return canonical(value) if isinstance(value, bool | int | float) else value


def _or_none(value: Json | Missing) -> Json:
    return None if isinstance(value, Missing) else value


def leaves(value: object, path: tuple[str, ...] = ()) -> Iterator[tuple[tuple[str, ...], object]]:
    """Yield every non-container value with its path."""
    if isinstance(value, Mapping):
        for key, item in value.items():
            yield from leaves(item, (*path, str(key)))
    elif isinstance(value, list | tuple):
        for i, item in enumerate(value):
            yield from leaves(item, (*path, str(i)))
    else:
        yield path, value
