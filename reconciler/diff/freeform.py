"""Free-form JSON values (filter configurations, metadata) explained by path. Slow, so only where they differ."""

from __future__ import annotations

from reconciler.model.json import ABSENT, Json, Missing


def differences(before: Json, after: Json) -> list[tuple[tuple[str, ...], Json | Missing, Json | Missing]]:
    """(path, before, after) of everything that differs between two JSON values, in path order."""
    from deepdiff import DeepDiff

    found: list[tuple[tuple[str, ...], Json | Missing, Json | Missing]] = []
    tree = DeepDiff(before, after, view="tree", ignore_numeric_type_changes=True)
    for change_type, levels in tree.items():
        for level in levels:
            path = tuple(str(step) for step in level.path(output_format="list"))
            old = ABSENT if change_type.endswith("_added") else level.t1
            new = ABSENT if change_type.endswith("_removed") else level.t2
            found.append((path, old, new))
    return sorted(found, key=lambda f: f[0])
