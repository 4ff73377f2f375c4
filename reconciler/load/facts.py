"""What of a kind decides how its documents are read, worked out once: most documents need hardly any of it."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from reconciler.model.kind import Field, Kind
from reconciler.model.record import Record


class Facts(Record, frozen=True):
    """`peculiar`: fields that are more than values where they are written, since they hold documents, name files
    or may be written in another form. `needed`: fields that are more than missing where they are not: a key for
    which its default stands, or another field. `hides`: it may hold secrets. `refers`, `mentions`: its fields may
    name other things, or their keys. `sets`: it has sets."""

    kind: Kind
    peculiar: frozenset[str]
    needed: frozenset[str]
    hides: bool
    refers: bool
    mentions: bool
    sets: bool


def facts(kind: Kind) -> Facts:
    """Those of a kind."""
    fields = kind.fields.values()
    return Facts(
        kind=kind,
        peculiar=frozenset(name for one in fields for name in _peculiar(one)),
        needed=frozenset({kind.key}),
        hides=_any(fields, lambda one: one.write_only),
        refers=kind.tree or _any(fields, lambda one: bool(one.ref or one.names)),
        mentions=_any(fields, lambda one: bool(one.mentions)),
        sets=any(one.is_set for one in fields),
    )


def _peculiar(one: Field) -> Iterable[str]:
    if one.nested:
        return one.name, f"{one.name}Mode"
    return (one.name,) if one.entry_value or one.file or one.lookup else ()


def _any(fields: Iterable[Field], true: Callable[[Field], bool]) -> bool:
    """Whether it is true of a field, or of one of its entries' fields."""
    return any(true(one) or _any(one.entries.values(), true) for one in fields)
