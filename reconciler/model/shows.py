"""Does live show what a call was to bring about? The one test behind post-conditions and settling."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Final

from reconciler.model.entries import entry_text, identity
from reconciler.model.json import Json, canonical, digest, same
from reconciler.model.kind import Field, Kind
from reconciler.model.live import Collection, Demand, Resource
from reconciler.model.normalise import normal, unlike_names
from reconciler.model.plan import Effect
from reconciler.model.record import Record, replace


def find(kind: Kind, collection: Collection, key: Json, scope: Sequence[Json] = ()) -> list[Resource]:
    """The live things with this key, compared in normal form, in this scope; none where a key tells nothing."""
    if not kind.findable:
        return []

    def called(key: Json, scope: Sequence[Json]) -> str:
        return canonical([normal(kind.key_field, key), list(scope) if kind.scope else None])

    filed = collection.filed((kind.provider, kind.name), lambda r: called(r.key, r.scope))
    return list(filed.get(called(key, scope), ()))


def by_id(collection: Collection, remote_id: str | None) -> Resource | None:
    found = collection.filed("id", lambda r: r.id).get(remote_id, ()) if remote_id is not None else ()
    return next(iter(found), None)


def still_live(kind: Kind, collection: Collection, remote_id: str) -> Resource | None:
    """The live thing with a recorded id; where the id is the name itself, its spelling may have changed."""
    found = by_id(collection, remote_id)
    if found is None and kind.rest.id == kind.key_field.wire:
        found = next(iter(find(kind, collection, remote_id)), None)
    return found


def shows(kind: Kind, effect: Effect, resource: Resource | None) -> bool | None:
    """True or False; None where the field concerned could not be read. Values must be resolved (no `$from`)."""
    if effect.gone:
        return resource is None
    if resource is None:
        return False
    if effect.key is not None and not same(
        normal(kind.key_field, resource.key), normal(kind.key_field, effect.key)
    ):
        return False
    answers = [_field_shows(kind.fields[name], value, resource) for name, value in effect.fields.items()]
    if effect.set_field is not None:
        answers.append(_set_shows(kind.fields[effect.set_field], effect, resource))
    if False in answers:
        return False
    return None if None in answers else True


def _field_shows(field: Field, value: Json, resource: Resource) -> bool | None:
    if field.name not in resource.fields:
        return None
    live = resource.fields[field.name]
    if field.merged:
        return not unlike_names(field, live, value)
    return _same_set(field, live, value) if field.is_set else same(normal(field, live), normal(field, value))


def _same_set(field: Field, live: Json, wanted: Json) -> bool:
    """The same entries, whatever their order, each with what was declared of it."""
    there, asked = entries_by_id(field, live), entries_by_id(field, wanted)
    if there.keys() != asked.keys():
        return False
    return all(_entry_shows(field, e, there[i]) for i, e in asked.items() if isinstance(e, dict))


def entry_id(field: Field, entry: Json) -> str:
    """The identity of a live set entry."""
    if field.entry_parts and isinstance(entry, dict):
        return entry_text(identity(field, entry))
    key = field.key_in(entry) if isinstance(entry, dict) else None
    return str(entry[key]) if key is not None and isinstance(entry, dict) else str(entry)


def entries_by_id(field: Field, value: Json) -> dict[str, Json]:
    """The live entries of a set. Where several parts identify one, nothing keeps two from being alike: these stand
    there as a list."""
    if not field.entry_parts:
        return {entry_id(field, e): e for e in value} if isinstance(value, list) else {}
    found: dict[str, list[Json]] = {}
    for one in value if isinstance(value, list) else []:
        found.setdefault(entry_id(field, one), []).append(one)
    return {i: alike[0] if len(alike) == 1 else alike for i, alike in found.items()}


def _set_shows(field: Field, effect: Effect, resource: Resource) -> bool | None:
    if field.name not in resource.fields:
        return None
    live = entries_by_id(field, resource.fields[field.name])
    untold = set(resource.unknown.get(field.name, ()))
    absent, present = [*map(entry_text, effect.absent)], [(entry_text(i), e) for i, e in effect.present]
    if any(i in live for i in absent):
        return False
    if not all(_entry_shows(field, e, live.get(i)) for i, e in present if i not in untold):
        return False
    spoken_of = {*absent, *(i for i, _ in present)}
    return None if spoken_of & untold else True


def _entry_shows(field: Field, wanted: Mapping[str, Json], entry: Json) -> bool:
    if entry is None:
        return False
    if not isinstance(entry, dict):
        return True
    return all(name in field.keys or same_subfield(field, name, entry.get(name), v) for name, v in wanted.items())


def same_subfield(field: Field, name: str, a: Json, b: Json) -> bool:
    """Whether two values of a subfield of a set's entries mean the same."""
    sub = field.entries.get(name)
    return same(normal(sub, a), normal(sub, b)) if sub else same(a, b)


KEY: Final = ""
CONTENTS: Final = "#contents"
"""Under what names the digests of a thing's key and of what it contains stand beside those of its fields."""


def live_looks(kind: Kind, resource: Resource, fields: tuple[str, ...], *, contents: bool) -> dict[str, str]:
    """How a thing looks, as one digest for each of `fields`: what a precondition compares. A field may be one
    entry of a set, as `members/<entry id>`. `attributes/<name>`: one name of an object that is
    merged. Always covers the key; with `contents`, also what the thing contains."""
    seen = {name: digest(_looks(kind, resource, name)) for name in sorted(fields)}
    if contents:
        seen[CONTENTS] = digest(dict(sorted(resource.contents.items())))
    return {KEY: digest(normal(kind.key_field, resource.key)), **seen}


def _looks(kind: Kind, resource: Resource, name: str) -> Json:
    field_name, _, entry = name.partition("/")
    field, value = kind.fields[field_name], resource.fields.get(field_name)
    if entry and field.merged:
        held = normal(field, value)
        return held.get(entry) if isinstance(held, dict) else None
    if entry:
        return entries_by_id(field, value).get(entry)
    if field.is_set and isinstance(value, list):
        return dict(sorted(entries_by_id(field, value).items()))
    return normal(field, value)


class Touched(Record, frozen=True):
    """A thing that is written, or about to be: its id and keys, as far as they are known, and which fields."""

    id: str | None
    keys: tuple[Json, ...]
    fields: frozenset[str]


def asked_again(kind: Kind, demand: Demand, touched: Iterable[Touched]) -> Demand:
    """The demand with those details alone that ask about a field which is written. A detail that names no fields,
    in the kind's own words, stays."""
    ids: dict[str, set[str]] = {}
    keys: dict[str, set[str]] = {}
    for one in touched:
        if one.id is not None:
            ids.setdefault(one.id, set()).update(one.fields)
        for key in one.keys:
            keys.setdefault(canonical(normal(kind.key_field, key)), set()).update(one.fields)

    def wanted(detail: Mapping[str, Json]) -> bool:
        fields = detail.get("fields")
        written = ids.get(str(detail.get("id")), set()) | keys.get(canonical(detail.get("key")), set())
        return not isinstance(fields, list) or not written.isdisjoint(map(str, fields))

    return replace(demand, details=tuple(d for d in demand.details if wanted(d)))
