"""What becomes of a field: whether a read shows it again, and what another value of it will do."""

from __future__ import annotations

from reconciler.model.kind import Field, Kind
from reconciler.report.kinds import observed

MODE = "Mode"


def read_back(kind: Kind, field: Field) -> str:
    """Whether the live value can be compared with the declared one, in a few words."""
    if field.refused or field.local or field.pins:
        return ""
    if field.write_only:
        return "never; compared by its version"
    if field.unreadable:
        return "no; compared with what was sent last"
    if not kind.findable and not kind.rest.read:
        return "no"
    return "yes"


def on_change(kind: Kind, path: tuple[str, ...], field: Field) -> str:
    """What a plan does about another value, in a sentence; empty where nothing can be declared."""
    if field.refused or field.read_only:
        return ""
    said = _on_change(kind, path, field)
    return f"{said}; {field.effect}" if field.effect else said


def _on_change(kind: Kind, path: tuple[str, ...], field: Field) -> str:
    if field.nested:
        return "each item is planned as a document of its own"
    if field.local or field.pins or field.lookup:
        mode = path[-1].endswith(MODE) and not field.sink
        return "decides what is done about entries that are not listed" if mode else "nothing is sent"
    if kind.source or observed(kind):
        return "nothing is sent; a difference is told as drift"
    if field.replaces:
        return "another value replaces the thing (needs lifecycle.allow: [replace])"
    if field.immutable:
        return f"refused, it is fixed once created: {field.immutable}"
    if path == (kind.key,):
        return renaming(kind)
    if field.write_only:
        return "a new version is sent"
    if len(path) > 1:
        return _of_an_entry(kind, path)
    return _of_a_set(kind, path[0]) if field.is_set else "changed in place"


def _of_a_set(kind: Kind, name: str) -> str:
    calls = kind.rest.sets.get(name)
    if calls is not None and calls.whole:
        return "the whole list is sent, with whatever else differs"
    return "only entries that differ are added, changed or removed"


def _of_an_entry(kind: Kind, path: tuple[str, ...]) -> str:
    outer = kind.fields.get(path[0])
    if outer is None or not outer.is_set:
        return "changed in place, with the rest of it"
    return "names another entry" if path[-1] in outer.keys else "the entry is changed"


def renaming(kind: Kind) -> str:
    """What another key means."""
    if not kind.findable:
        return "changed in place"
    if kind.rename == "yes":
        return f"renames it, where metadata.previously.key says its old {kind.key}; else it is another one"
    if kind.rename == "consent":
        return "renames it, with metadata.previously.key and lifecycle.allow: [rename]; else it is another one"
    return f"not possible; {kind.rename}"
