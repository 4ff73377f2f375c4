"""What a spec refers to, by kind and name."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from reconciler.model.json import Json
from reconciler.model.kind import Field, Kind


def referred(kind: Kind, spec: Mapping[str, Json]) -> set[str]:
    """The kinds that the declared fields refer to, named or not: what leaves a set is shown by its name too. Where
    entries may be of several kinds, just the kinds that are named."""
    fields = [kind.fields[name] for name in spec if name in kind.fields]
    several = {name for one in fields for name in one.entry_keys}
    named = {kind_ for kind_, _ in references(kind, spec)}
    all_ = [(f.name in several, f.ref) for one in fields for f in (one, *one.entries.values())]
    return {ref for optional, ref in all_ if ref and (not optional or ref in named)}


def references(kind: Kind, spec: Mapping[str, Json]) -> Iterator[tuple[str, str]]:
    """(kind, name) of everything a spec refers to."""
    for name, value in spec.items():
        field_ = kind.fields.get(name)
        if field_ is not None:
            yield from _of_field(field_, value)


def _of_field(field_: Field, value: Json) -> Iterator[tuple[str, str]]:
    if field_.names and isinstance(value, dict):
        yield from ((field_.names, name) for name in value)
        return
    for item in value if isinstance(value, list) else [value]:
        if field_.ref and isinstance(item, str):
            yield field_.ref, item
        elif field_.entry_key and isinstance(item, str):
            yield from _of_field(field_.entries[field_.entry_key], item)
        if isinstance(item, dict):
            for name, sub in field_.entries.items():
                yield from _of_field(sub, item.get(name))


def leads_to(fields: Iterable[Field]) -> set[str]:
    """The kinds whose things these fields may name, in whatever way."""
    found: set[str] = set()
    for one in fields:
        found |= {name for name in (one.ref, one.names, one.mentions) if name} | leads_to(one.entries.values())
    return found
