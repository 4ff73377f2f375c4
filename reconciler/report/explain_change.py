"""What becomes of a field: whether a read shows it again, and what another value of it will do."""

from __future__ import annotations

from reconciler.model.kind import REPLACE, Field, Kind
from reconciler.model.record import replace
from reconciler.report.kinds import observed

MODE = "Mode"
UPDATE = "update"
FIXED = "refused, it is fixed once created"
RENAMED = ("yes", "consent")


def read_back(kind: Kind, path: tuple[str, ...]) -> str:
    """Whether the live value of the field at `path` can be compared with the declared one, in a few words."""
    field = _within(kind, path)
    if field.refused or field.local or field.pins:
        return ""
    if field.write_only:
        return "never; compared by its version"
    if field.unreadable:
        return "no; compared with what was sent last"
    if not kind.findable and not kind.rest.read:
        return "no"
    return "yes"


def on_change(kind: Kind, path: tuple[str, ...]) -> str:
    """What a plan does about another value of the field at `path`, in a sentence; empty where nothing can be
    declared."""
    field = _within(kind, path)
    if field.refused or field.read_only or kind.source:
        return ""
    said = _on_change(kind, path, field)
    return f"{said}; {field.effect}" if field.effect else said


def fixed(kind: Kind, path: tuple[str, ...]) -> str:
    """The remedy, where all that is said of another value is that it is refused; else empty."""
    one = _within(kind, path)
    return one.immutable or "" if on_change(kind, path) == f"{FIXED}: {one.immutable}" else ""


def _within(kind: Kind, path: tuple[str, ...]) -> Field:
    """The field as it is treated: what holds for the object or the set that it stands in, holds for it."""
    field = kind.fields[path[0]]
    for step in path[1:]:
        field = _beneath(field, field.entries[step])
    return field


def _beneath(above: Field, own: Field) -> Field:
    return replace(
        own,
        unreadable=own.unreadable or above.unreadable,
        write_only=own.write_only or above.write_only,
        read_only=own.read_only or above.read_only,
        refused=own.refused or above.refused,
        replaces=own.replaces or above.replaces,
        immutable=own.immutable or above.immutable,
        local=own.local or (above.local and not above.nested),
    )


def _on_change(kind: Kind, path: tuple[str, ...], field: Field) -> str:
    if field.nested:
        return "each item is planned as a document of its own"
    if field.local or field.pins or field.lookup:
        mode = path[-1].endswith(MODE) and not field.sink
        return "decides what is done about entries that are not listed" if mode else "nothing is sent"
    if observed(kind):
        return "nothing is sent; a difference is told as drift"
    if field.replaces:
        return "another value replaces the thing (needs lifecycle.allow: [replace])"
    if field.immutable:
        return f"{FIXED}: {field.immutable}"
    if _singles_out(kind, path[0]):
        return renaming(kind)
    return field.change or _as_sent(kind, path, field)


def _as_sent(kind: Kind, path: tuple[str, ...], field: Field) -> str:
    if field.write_only:
        return "a new version is sent"
    if not _changes(kind, path[0]):
        return renaming(kind)
    if len(path) > 1:
        return _of_an_entry(kind, path)
    return _of_a_set(kind, path[0]) if field.is_set else "changed in place"


def _singles_out(kind: Kind, name: str) -> bool:
    """Whether another value is that of another thing: the key, and its scope where nothing can be renamed."""
    return name == kind.key or (name in kind.scope and kind.rename not in RENAMED)


def _changes(kind: Kind, name: str) -> bool:
    """Whether a thing that is there can be changed in this field."""
    return UPDATE in kind.abilities or name in kind.abilities


def _of_a_set(kind: Kind, name: str) -> str:
    calls = kind.rest.sets.get(name)
    if calls is not None and calls.whole:
        return "the whole list is sent, with whatever else differs"
    if calls is not None and calls.remove is None:
        return "only entries that differ are added or changed; none is removed"
    return "only entries that differ are added, changed or removed"


def _of_an_entry(kind: Kind, path: tuple[str, ...]) -> str:
    outer = kind.fields[path[0]]
    if not outer.is_set:
        return "changed in place, with the rest of it"
    return "names another entry" if path[-1] in outer.keys else "the entry is changed"


def renaming(kind: Kind) -> str:
    """What another key means."""
    if kind.key_field.change:
        return kind.key_field.change
    if not kind.findable and UPDATE in kind.abilities:
        return "changed in place"
    if kind.rename == "yes":
        return f"renames it, where metadata.previously.key says its old {kind.key}; else it is another one"
    if kind.rename == "consent":
        return "renames it, with metadata.previously.key and lifecycle.allow: [rename]; else it is another one"
    if kind.rename == REPLACE:
        return "another one takes its place: the old one is deleted, with lifecycle.allow: [replace]"
    return f"not possible; {kind.rename}"
