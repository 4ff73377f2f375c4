"""Live fields back into the words of a spec: ids as names, defaults left out, entries as people write them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Final

from reconciler.importing.names import Names
from reconciler.model.json import Json, JsonObject, canonical, pick, same
from reconciler.model.kind import Field, Kind
from reconciler.model.live import Resource
from reconciler.model.normalise import instant, normal
from reconciler.model.record import Record, field
from reconciler.model.shows import entries_by_id

ADDITIVE: Final = "additive"


class Inverted(Record):
    """A spec in the schema's order; field -> why it was left out; sentences for whoever reads it."""

    spec: JsonObject = field(default_factory=dict)
    lost: dict[str, str] = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)


def importable(one: Field) -> bool:
    """Whether a live value can be declared: a read returns it, and it is not the API's own."""
    ours = one.local or bool(one.sink or one.pins or one.refused or one.nested)
    return not (ours or one.read_only or one.write_only or one.unreadable)


def required(kind: Kind) -> frozenset[str]:
    """The fields that every manifest of the kind has."""
    names = kind.schema.get("required")
    return frozenset(map(str, names if isinstance(names, list) else []))


def inverted(kind: Kind, resource: Resource, names: Names) -> Inverted:
    """What a document of this thing would declare. Empty and default values mean what a field left out means."""
    out = Inverted()
    scope = dict(zip(kind.scope, resource.scope, strict=False))
    live = {**resource.fields, **scope, kind.key: resource.key}
    for name, one in kind.fields.items():
        if name in live and importable(one):
            value = _key(kind, live[name], out) if name == kind.key else _value(kind, one, live[name], names, out)
            needless = name not in required(kind) and _says_nothing(kind, one, value)
            if value is not None and not needless:
                out.spec[name] = value
    _modes(kind, out)
    return out


def _key(kind: Kind, key: Json, out: Inverted) -> Json:
    """A key in the schema's words; None where no manifest can name it."""
    return _chain(kind.key_field, key, out) if kind.tree and isinstance(key, list) else key


def _chain(one: Field, live: list[Json], out: Inverted) -> Json:
    """A chain of names as one text, unless a name itself holds a slash; None where that cannot be said."""
    names = [str(name) for name in live]
    splits = any("/" in name or not name for name in names)
    if splits and "array" not in one.type:
        out.lost[one.name] = "a name in it is empty or holds a slash"
        return None
    return list[Json](names) if splits else "/".join(names)


def _value(kind: Kind, one: Field, live: Json, names: Names, out: Inverted) -> Json:
    """The value as a manifest has it; None where there is nothing to say."""
    if live is None:
        return None
    if one.is_set:
        return _set(kind, one, live, names, out)
    if one.ref is not None:
        found = names.of(one.ref, live)
        if found is None:
            out.lost[one.name] = f"no list shows the {one.ref} it names"
        return found
    if "segments" in one.normalise and isinstance(live, list):
        return _chain(one, live, out)
    return _worded(_node(kind, one.name), one, normal(one, live) if "unordered" in one.normalise else live)


def _node(kind: Kind, name: str) -> Mapping[str, Json]:
    """What the schema says of a field."""
    properties = kind.schema.get("properties")
    node = properties.get(name) if isinstance(properties, dict) else None
    return node if isinstance(node, dict) else {}


def _worded(node: Mapping[str, Json], one: Field, live: Json) -> Json:
    """A value in the words of the schema: one of its choices, whatever the spelling; a day as a day, where the API
    gives an instant."""
    choices = node.get("enum")
    if isinstance(choices, list) and live not in choices:
        return next((c for c in choices if same(normal(one, c), normal(one, live))), live)
    if isinstance(live, str) and node.get("format") == "date" and same(instant(live[:10]), instant(live)):
        return live[:10]
    return live


def _says_nothing(kind: Kind, one: Field, value: Json) -> bool:
    if value in ("", [], {}):
        return True
    default = kind.default(one.name)
    return default is not None and same(normal(one, value), normal(one, default))


# Sets.


def _set(kind: Kind, one: Field, live: Json, names: Names, out: Inverted) -> Json:
    """The entries that have a name, in the order of the names; the others stay where they are, if a mode says
    so."""
    entries = list(entries_by_id(one, live).items())
    found = [e for i, entry in entries if (e := _entry(kind, one, i, entry, names)) is not None]
    nameless = len(entries) - len(found)
    mode = f"{one.name}Mode"
    if nameless and mode not in kind.fields:
        out.lost[one.name] = f"{nameless} of its {len(entries)} entries lead to nothing that a list shows"
        return None
    if nameless and not found:
        out.lost[one.name] = "none of its entries leads to anything that a list shows"
        return None
    if nameless:
        out.spec[mode] = ADDITIVE
        others = "entry leads" if nameless == 1 else "entries lead"
        out.notes.append(f"{one.name}: {nameless} more {others} to nothing that a list shows; left as they are.")
    return list[Json](_folded(one, sorted(found, key=lambda e: _identity(one, e))))


def _entry(kind: Kind, one: Field, remote_id: str, live: Json, names: Names) -> Json:
    """One entry; flags that are off and values that are empty are left out. None where it has no name."""
    if not one.entries or not isinstance(live, dict):
        return (names.of(one.ref, remote_id) or None) if one.ref else live
    found: JsonObject = {}
    for name, sub in one.entries.items():
        value = live.get(name)
        if not importable(sub) or (value in (None, False, "", [], {}) and name not in one.keys):
            continue
        if sub.ref is not None and value is not None:
            value = names.of(sub.ref, value)
            if value is None:
                return None
        if value is not None:
            found[name] = value
    only = len(found) == 1 and one.entry_key in found and _may_be_text(one, kind)
    return found[str(one.entry_key)] if only else found


def _identity(one: Field, entry: Json) -> str:
    """What entries are sorted by: what tells them apart, then all the rest."""
    told = [entry.get(key) for key in one.keys] if isinstance(entry, dict) else [entry]
    return canonical([told, entry])


def _may_be_text(one: Field, kind: Kind) -> bool:
    """Whether an entry that says nothing but its identity may be written as that alone."""
    items = pick(dict(_node(kind, one.name)), "/items/type")
    return isinstance(items, list) and "string" in items


def _folded(one: Field, entries: list[Json]) -> Iterator[Json]:
    """Entries that say the same of several, where the schema lets one entry stand for many, as `{users: [a,
    b]}`."""
    many = {key for key in one.entry_keys if one.entries[key].is_set}
    groups: dict[str, JsonObject] = {}
    for entry in entries:
        key = one.key_in(entry) if isinstance(entry, dict) else None
        if not isinstance(entry, dict) or key not in many:
            yield entry
            continue
        others = {n: v for n, v in entry.items() if n not in many}
        group = groups.setdefault(canonical(others), dict(others))
        items = group.setdefault(str(key), [])
        if isinstance(items, list):
            items.append(entry[str(key)])
    order = list(one.entries)
    for group in groups.values():
        yield {name: group[name] for name in sorted(group, key=order.index)}


def _modes(kind: Kind, out: Inverted) -> None:
    """A mode that has to be written out beside its set; and everything in the schema's order."""
    needs = kind.schema.get("dependentRequired")
    for name, others in needs.items() if isinstance(needs, dict) else ():
        for other in others if name in out.spec and isinstance(others, list) else ():
            choices = _choices(kind, str(other))
            if other not in out.spec and len(choices) == 1:
                out.spec[str(other)] = choices[0]
    for mode in [n for n in out.spec if n.endswith("Mode") and n.removesuffix("Mode") in kind.fields]:
        if mode.removesuffix("Mode") not in out.spec:
            del out.spec[mode]
    out.spec = {name: out.spec[name] for name in kind.fields if name in out.spec}


def _choices(kind: Kind, name: str) -> list[Json]:
    choices = _node(kind, name).get("enum")
    return choices if isinstance(choices, list) else []
