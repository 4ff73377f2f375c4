"""Values that are not known yet: what stands for them in a plan, and what they are once answers are there."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import TypeAlias

from reconciler.model.json import Json, JsonObject, canonical

Riders: TypeAlias = "Mapping[str, Sequence[Json]]"
"""Carrier -> the bodies of the riders that go along, in plan order."""


def resolved(value: Json, results: Mapping[str, Mapping[str, Json]], riders: Riders | None = None) -> Json:
    """The value with everything that was not known yet filled in: `{"$from": {call, path}}`, `{"$find": {read,
    key, scope}}`, `{"$riders": carrier}` in a list, `{"$count": carrier}`, `{"$join": [texts]}` for one text with
    commas. Raises KeyError where that is not known."""
    if isinstance(value, dict) and len(value) == 1:
        [(word, at)] = value.items()
        if word == "$from" and isinstance(at, dict):
            return results[str(at["call"])][str(at["path"])]
        if word == "$find" and isinstance(at, dict):
            return results[str(at["read"])][found_at(at["key"], at["scope"])]
        if word == "$count" and riders is not None:
            return len(riders[str(at)])
        if word == "$join" and isinstance(at, list):
            return ",".join(str(resolved(one, results, riders)) for one in at)
    if isinstance(value, dict):
        return {k: resolved(v, results, riders) for k, v in value.items()}
    if isinstance(value, list):
        return [r for v in value for r in _spread(v, results, riders)]
    return value


def _spread(item: Json, results: Mapping[str, Mapping[str, Json]], riders: Riders | None) -> Sequence[Json]:
    if isinstance(item, dict) and set(item) == {"$riders"} and riders is not None:
        return riders[str(item["$riders"])]
    return [resolved(item, results, riders)]


def found_at(key: Json, scope: Json = None) -> str:
    """Where the result of a find keeps the id of the one thing with this key. No pointer and no fact begins so."""
    return "=" + canonical([key, scope or []])


def told_at(place: int, name: str) -> str:
    """Where the result of a call keeps what its answer said of an entry, by the entry's place in the effect."""
    return f"#told/{place}/{name}"


def sources(value: Json) -> set[str]:
    """The calls whose answers a value needs."""
    return {str(at["read" if word == "$find" else "call"]) for word, at in waiting_for(value)}


def waiting_for(value: Json) -> Iterator[tuple[str, JsonObject]]:
    """Every `$from` and `$find` in a value, with what it names."""
    if isinstance(value, dict):
        for word, at in value.items():
            if len(value) == 1 and word in ("$from", "$find") and isinstance(at, dict):
                yield word, at
            else:
                yield from waiting_for(at)
    for item in value if isinstance(value, list) else []:
        yield from waiting_for(item)
