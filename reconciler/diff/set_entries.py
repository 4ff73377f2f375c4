"""Entries of set-valued fields: what each one is on the wire, whom it means, and where it differs."""

from __future__ import annotations

from collections.abc import Mapping

from reconciler.diff.fields import Compared, Pair, unresolved
from reconciler.diff.index import Miss
from reconciler.diff.left_out import left_out
from reconciler.model.change import Entry, Value
from reconciler.model.document import Address
from reconciler.model.entries import entry_digest, entry_text, identity, spread
from reconciler.model.json import Json
from reconciler.model.kind import Field, Kind
from reconciler.model.normalise import normal
from reconciler.model.place import SpecPath
from reconciler.model.record import replace
from reconciler.model.shows import same_subfield


def wanted_entries(pair: Pair, one: Field, out: Compared) -> dict[str, Entry]:
    """The declared entries by their identity on the wire. What leads nowhere is left out (ST-R28); a set that goes
    over the wire whole cannot leave anything out."""
    found: dict[str, Entry] = {}
    missing: dict[Miss, list[tuple[str, SpecPath]]] = {}
    for path, item in spread(one, pair.document.spec[one.name]):
        entry = _entry(pair, one, item)
        if isinstance(entry, Miss) and whole(pair.kind, one):
            out.holds.append(unresolved(pair.document, entry, one.name, *path))
        elif isinstance(entry, Miss):
            missing.setdefault(entry, []).append((_shown(one, item), path))
        elif entry_text(entry.id) in found:
            twice = Miss(f"{entry.shown} and {found[entry_text(entry.id)].shown} are one and the same")
            out.holds.append(unresolved(pair.document, twice, one.name, *path))
        else:
            found[entry_text(entry.id)] = entry
    for miss, entries in missing.items():
        out.holds.append(left_out(pair, one, miss, entries))
    return found


def whole(kind: Kind, one: Field) -> bool:
    """Whether the set is written with its object, all of it at once."""
    return one.name in kind.rest.sets and kind.rest.sets[one.name].whole


def _entry(pair: Pair, one: Field, item: Json) -> Entry | Miss:
    key = one.key_in(item) if isinstance(item, dict) else None
    if not isinstance(item, dict) or key is None:
        found = _resolved(pair, one, item)
        return found if isinstance(found, Miss) else Entry(str(item), found if one.ref else normal(one, found))
    wire: dict[str, Value] = {}
    declared: dict[str, Address] = {}
    for name, value in item.items():
        sub = one.entries.get(name)
        if sub is not None and not sub.local:
            found = _resolved(pair, sub, value, item)
            if isinstance(found, Miss):
                return found
            wire[name] = found
            if (by := pair.index.declaring(pair.document, sub, value)) is not None:
                declared[name] = by.address
    return Entry(_shown(one, item), identity(one, wire), wire, declared=declared)


def _shown(one: Field, item: Json) -> str:
    """What people know a declared entry by."""
    key = one.key_in(item) if isinstance(item, dict) else None
    if not isinstance(item, dict) or key is None:
        return str(item)
    return " ".join(str(item[part]) for part in one.entry_parts or (key,) if item.get(part) is not None)


def _resolved(pair: Pair, one: Field, value: Json, beside: Mapping[str, Json] | None = None) -> Value | Miss:
    if one.ref is None or not isinstance(value, str):
        return value
    found = pair.index.resolve(pair.document, one.ref, value, beside)
    return replace(found, kind=one.ref, name=value) if isinstance(found, Miss) else found


def unlike(one: Field, entry: Entry, live: Json) -> list[str]:
    """The declared subfields that differ; what is not declared is not ours to change."""
    if not isinstance(live, dict):
        return []
    return [n for n, value in entry.wire.items() if not same_subfield(one, n, live.get(n), value)]


def unlike_record(pair: Pair, one: Field, entry: Entry, text: str) -> list[str]:
    """The declared subfields of an entry that cannot be read, if they are not what was sent last."""
    if pair.recorded.get(f"{one.name}/{text}") == entry_digest(one, entry.wire):
        return []
    return [name for name in entry.wire if name not in one.keys]


def identity_of(one: Field, text: str, live: Json) -> dict[str, Value]:
    """The subfields that identify an entry; nothing where nobody knows which of several that is."""
    if one.entry_parts:
        return {part: live[part] for part in one.entry_parts if part in live} if isinstance(live, dict) else {}
    key = one.key_in(live) if isinstance(live, dict) else None
    key = key or (one.keys[0] if len(one.keys) == 1 else None)
    return {key: text} if key else {}


def recorded_entries(pair: Pair, one: Field) -> list[str]:
    """The entries that were in the set when it was applied last."""
    return [name.removeprefix(f"{one.name}/") for name in pair.recorded if name.startswith(f"{one.name}/")]


def name_of(pair: Pair, one: Field, text: str, entry: Json = None) -> str:
    """What people know a live entry by; `entry`: as it was read."""
    if one.entry_parts:
        return (
            " ".join(_part(pair, one.entries[n], v) for n in one.entry_parts if (v := entry.get(n)) is not None)
            if isinstance(entry, dict)
            else text
        )
    for ref in [one.entries[key].ref for key in one.keys] or [one.ref]:
        shown = pair.index.shown(pair.document, ref, text) if ref else text
        if shown != text:
            return str(shown)
    return pair.resource.names.get(text, text) if pair.resource else text


def _part(pair: Pair, sub: Field, value: Json) -> str:
    return str(pair.index.shown(pair.document, sub.ref, value) if sub.ref else value)
