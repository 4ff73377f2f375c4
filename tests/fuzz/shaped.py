"""Changes of JSON values that keep the form and break the meaning: other types, names, sizes, repetitions."""

# ruff: noqa: E501 - rows of a table

from __future__ import annotations

import random
from collections.abc import Callable, Sequence
from typing import Any, TypeAlias

Json: TypeAlias = Any
LONG = "x" * 5_000
TEXTS: Sequence[str] = (
    "", " ", "x", "\x00", "\x1b[2J\x07\r", "a\nb", "a\tb", "\u202egnp.exe", "\u200b", "\u2028", "\ufeff", "\ud800",
    "e\u0301", "İ", "ß", "\U0001f600", LONG, "../../x", "..", ".", "/", "a//b", "a/../b", "%2e%2e%2f", "a?b=c", "a#b",
    "%00", "a\\b", "a;b", "//evil.example.com/x", "http://evil.example.com/", "file:///etc/passwd", "=1+1", "-1", "0",
    "1", "01", "1e3", "9" * 400, "true", "null", "NaN", "no", "2026-02-30", "9999-12-31T23:59:59.999999Z",
    "0001-01-01T00:00:00+14:00", "2026-01-01T00:00:00", "jane@example.com", "JANE@EXAMPLE.COM", "a@b", "${var.x}",
    "{{x}}", "</details><script>alert(1)</script>", "```", "$secret", "__proto__", "id", "*", "**", "~", "a,b", "a|b",
)  # fmt: skip
NUMBERS: Sequence[Json] = (
    0, 1, -1, 2, 255, 2**31, -(2**31), 2**53, 2**63, 2**64, 10**30, 10**400, 0.0, -0.0, 0.1, 1.0, 1e300, -1e300, 5e-324,
)  # fmt: skip
OURS: Sequence[Json] = (
    {"$secret": {"fromEnv": "HOME"}}, {"$file": {"path": "x", "sha256": "0" * 64, "bytes": 1}},
    {"$from": {"call": "1", "path": "/id"}}, {"$find": {"read": "1", "where": {}, "path": "/id"}}, {"$refused": 404},
    {"fromEnv": "HOME"}, {"$ref": "http://evil.example.com/schema.json"},
)  # fmt: skip
OTHERS: Sequence[Json] = (
    None,
    True,
    False,
    [],
    {},
    [None],
    [[]],
    [{}],
    {"": None},
    {"id": None},
    {"x": {"y": []}},
)


def nasty(rng: random.Random) -> Json:
    """A value nobody expects."""
    sort = rng.random()
    if sort < 0.45:
        return rng.choice(TEXTS)
    if sort < 0.65:
        return rng.choice(NUMBERS)
    if sort < 0.75:
        return rng.choice(OURS)
    if sort < 0.78:
        return _deep(rng.choice((20, 63, 70, 300)))
    return rng.choice(OTHERS)


def _deep(levels: int) -> Json:
    found: Json = []
    for _ in range(levels):
        found = [found]
    return found


def changed(value: Json, rng: random.Random, most: int = 3) -> Json:
    """One to `most` changes somewhere in it; the value itself stays as it is."""
    for _ in range(min(rng.randrange(1, most + 1), rng.randrange(1, most + 1))):
        value = _somewhere(value, rng, rng.choice(CHANGES))
    return value


Change: TypeAlias = "Callable[[Json, random.Random], Json]"


def _somewhere(value: Json, rng: random.Random, change: Change) -> Json:
    """Down a random way, and there the change; what is beside the way is shared."""
    if isinstance(value, dict) and value and rng.random() < 0.85:
        name = rng.choice(list(value))
        return {**value, name: _somewhere(value[name], rng, change)}
    if isinstance(value, list) and value and rng.random() < 0.85:
        at = rng.randrange(len(value))
        return [*value[:at], _somewhere(value[at], rng, change), *value[at + 1 :]]
    return change(value, rng)


def _other(value: Json, rng: random.Random) -> Json:
    return nasty(rng)


def _alike(value: Json, rng: random.Random) -> Json:
    """Another value of the same type."""
    if isinstance(value, str):
        return rng.choice(TEXTS)
    if isinstance(value, bool):
        return not value
    return rng.choice(NUMBERS) if isinstance(value, int | float) else _typed(value, rng)


def _typed(value: Json, rng: random.Random) -> Json:
    """The same in another type."""
    if isinstance(value, bool):
        return rng.choice((str(value).lower(), int(value), None, not value))
    if isinstance(value, int | float):
        return rng.choice((str(value), -value, value + 1, float(value) if abs(value) < 1e300 else 0, [value]))
    if isinstance(value, str):
        return rng.choice(
            (value.upper(), value + " ", f" {value}", value[:-1], value * 2, [value], {"value": value})
        )
    if isinstance(value, list):
        return rng.choice(({str(i): v for i, v in enumerate(value[:50])}, value[0] if value else None, len(value)))
    if isinstance(value, dict):
        return rng.choice((list(value.values()), list(value), [value], str(value)[:100]))
    return rng.choice(("", 0, [], {}))


def _less(value: Json, rng: random.Random) -> Json:
    if isinstance(value, dict) and value:
        gone = rng.choice(list(value))
        return {k: v for k, v in value.items() if k != gone}
    if isinstance(value, list) and value:
        at = rng.randrange(len(value))
        return [*value[:at], *value[at + 1 :]]
    return None


def _more(value: Json, rng: random.Random) -> Json:
    """A member more, or one twice."""
    if isinstance(value, dict):
        name = rng.choice(list(value)) if value and rng.random() < 0.5 else rng.choice(TEXTS)
        return {**value, name if rng.random() < 0.5 else name + "s": nasty(rng)}
    if isinstance(value, list):
        one = rng.choice(value) if value and rng.random() < 0.7 else nasty(rng)
        return [*value, *([one] * rng.choice((1, 1, 1, 2, 200)))]
    return [value, value]


def _renamed(value: Json, rng: random.Random) -> Json:
    if isinstance(value, dict) and value:
        old = rng.choice(list(value))
        new = rng.choice((old.upper(), old + "_", old[:-1], rng.choice(list(value)), rng.choice(TEXTS)))
        return {new if k == old else k: v for k, v in value.items()}
    return nasty(rng)


def _mixed(value: Json, rng: random.Random) -> Json:
    """Members in another order, or each other's values."""
    if isinstance(value, list) and value:
        return rng.sample(value, len(value))
    if isinstance(value, dict) and len(value) > 1:
        one, other = rng.sample(list(value), 2)
        return {**value, one: value[other], other: value[one]}
    return _typed(value, rng)


CHANGES: Sequence[Change] = (_other, _alike, _alike, _alike, _typed, _typed, _less, _less, _more, _renamed, _mixed)
