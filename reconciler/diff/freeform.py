"""Free-form JSON values (filter configurations, metadata) explained by path. Slow, so only where they differ."""

from __future__ import annotations

from typing import TypeAlias

from reconciler.model.json import ABSENT, Json, Missing

Told: TypeAlias = "bytes | int | float | str | list[Told] | dict[str, Told] | None"
"""JSON with its booleans as bytes, which JSON has none of: to Python `True` is `1`."""


def differences(before: Json, after: Json) -> list[tuple[tuple[str, ...], Json | Missing, Json | Missing]]:
    """(path, before, after) of everything that differs between two JSON values, in path order."""
    from deepdiff import DeepDiff

    found: list[tuple[tuple[str, ...], Json | Missing, Json | Missing]] = []
    tree = DeepDiff(_told_apart(before), _told_apart(after), view="tree", ignore_numeric_type_changes=True)
    for change_type, levels in tree.items():
        for level in levels:
            path = tuple(str(step) for step in level.path(output_format="list"))
            old = ABSENT if change_type.endswith("_added") else _as_json(level.t1)
            new = ABSENT if change_type.endswith("_removed") else _as_json(level.t2)
            found.append((path, old, new))
    return sorted(found, key=lambda f: f[0])


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
