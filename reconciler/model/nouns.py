"""The names of kinds, and of what things contain, as people say them of one and of several."""

from __future__ import annotations


def plural(name: str) -> str:
    """`Labels`, `GlossaryEntries`, `SchemaRefreshes`; one that is a plural already stays: `ModelRoles`."""
    if name.endswith(("sh", "ch", "x", "z", "ss")):
        return f"{name}es"
    if name.endswith("y") and name[-2:-1] not in {*"aeiou"}:
        return f"{name[:-1]}ies"
    return name if name.endswith("s") else f"{name}s"


def a_kind(name: str) -> str:
    """A kind with its article: `an AttributeDefinition`, `a User`."""
    return f"{'an' if name[:1] in {*'AEIO'} else 'a'} {name}"
