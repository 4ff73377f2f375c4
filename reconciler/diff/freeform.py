"""Free-form JSON values (filter configurations, metadata) explained by path. Slow, so only where they differ."""

from __future__ import annotations

from typing import Final, TypeAlias

from reconciler.model.json import ABSENT, Json, JsonObject, Missing

Told: TypeAlias = "bytes | int | float | str | list[Told] | dict[str, Told] | None"
"""JSON with its booleans as bytes, which JSON has none of: to Python `True` is `1`."""

Part: TypeAlias = "tuple[tuple[str, ...], Json | Missing, Json | Missing]"
"""(path, before, after)."""

ID: Final = "id"
"""What an item of a list is known by, where each has one of its own."""
ORDER: Final = "(order)"
"""The last step of the path where items that are known by their ids stand in another order."""


def differences(before: Json, after: Json) -> list[Part]:
    """(path, before, after) of everything that differs between two JSON values, in path order. Items of a list
    that each have an `id` of their own are compared by it: it is their step in the path, and no part of them."""
    from deepdiff import DeepDiff

    found: list[Part] = []
    old_by_id, new_by_id = _by_ids(before, after, (), found)
    tree = DeepDiff(_told_apart(old_by_id), _told_apart(new_by_id), view="tree", ignore_numeric_type_changes=True)
    for change_type, levels in tree.items():
        for level in levels:
            path = tuple(str(step) for step in level.path(output_format="list"))
            old = ABSENT if change_type.endswith("_added") else _as_json(level.t1)
            new = ABSENT if change_type.endswith("_removed") else _as_json(level.t2)
            found.append((path, old, new))
    return sorted(found, key=lambda f: f[0])


def by_id(value: Json) -> dict[str, JsonObject] | None:
    """The items of a list by their ids, without these; None of anything else, and where not each has its own."""
    if not isinstance(value, list):
        return None
    found: dict[str, JsonObject] = {}
    for item in value:
        own = item.get(ID) if isinstance(item, dict) else None
        if not isinstance(item, dict) or not isinstance(own, str) or own in found:
            return None
        found[own] = {name: v for name, v in item.items() if name != ID}
    return found


def _by_ids(
    before: Json,
    after: Json,
    path: tuple[str, ...],
    orders: list[Part],
) -> tuple[Json, Json]:
    """Both with such lists as objects, however deep; other orders are added to `orders`."""
    old, new = by_id(before), by_id(after)
    if old is not None and new is not None:
        if [i for i in old if i in new] != [i for i in new if i in old]:
            orders.append(((*path, ORDER), [*old], [*new]))
        return _each(dict[str, Json](old), dict[str, Json](new), path, orders)
    if isinstance(before, dict) and isinstance(after, dict):
        return _each(before, after, path, orders)
    if isinstance(before, list) and isinstance(after, list):
        both = enumerate(zip(before, after, strict=False))
        pairs = [_by_ids(b, a, (*path, str(i)), orders) for i, (b, a) in both]
        return (
            [*(b for b, _ in pairs), *before[len(pairs) :]],
            [*(a for _, a in pairs), *after[len(pairs) :]],
        )
    return before, after


def _each(
    before: JsonObject,
    after: JsonObject,
    path: tuple[str, ...],
    orders: list[Part],
) -> tuple[JsonObject, JsonObject]:
    pairs = {n: _by_ids(before[n], after[n], (*path, n), orders) for n in before if n in after}
    old = {n: pairs[n][0] if n in pairs else v for n, v in before.items()}
    return old, {n: pairs[n][1] if n in pairs else v for n, v in after.items()}


def _told_apart(value: Json) -> Told:
    if isinstance(value, dict):
        return {k: _told_apart(v) for k, v in value.items()}
    if isinstance(value, list):
        return [_told_apart(v) for v in value]
    return b"%d" % value if isinstance(value, bool) else value


def _as_json(value: Told) -> Json:
    if isinstance(value, dict):
        return {k: _as_json(v) for k, v in value.items()}
    if isinstance(value, list):
        return [_as_json(v) for v in value]
    return value == b"1" if isinstance(value, bytes) else value
