"""Attribute values of products, of whatever shape: those of any custom attribute, and the values of a domain,
which count by their identifiers (OC-R141)."""

from __future__ import annotations

from collections.abc import Mapping

from reconciler.model.json import Json, JsonObject
from reconciler.providers.omn_core import custom_values
from reconciler.providers.omn_core.words import ELEMENTS

DOMAIN = "domain"
"""The one name of an object that says: this is a value of the attribute's domain."""


def by_locale(value: Json) -> bool:
    return isinstance(value, dict) and set(value) != {DOMAIN}


def shapes(value: Json) -> set[str]:
    """The shapes of a value in all its locales: one text or several, of the domain or not."""
    each = value.values() if isinstance(value, dict) and by_locale(value) else [value]
    return {_shape(one) for one in each}


def _shape(one: Json) -> str:
    inner = one.get(DOMAIN) if isinstance(one, dict) else one
    several = "several" if isinstance(inner, list) else "one"
    return f"{several} of the domain" if isinstance(one, dict) else several


def overlaid(live: Mapping[str, Json], declared: Mapping[str, Json]) -> JsonObject:
    """The declared values, with the live ones of locales that nobody declares, as far as they are of the same
    shape: what is left out might be taken away (OC-R142)."""
    return {name: _with_others(live.get(name), value) for name, value in declared.items()}


def _with_others(live: Json, value: Json) -> Json:
    if not (isinstance(value, dict) and isinstance(live, dict) and by_locale(value) and by_locale(live)):
        return value
    return {**{locale: one for locale, one in live.items() if {_shape(one)} == shapes(value)}, **value}


def wire(values: Mapping[str, Json]) -> JsonObject:
    """The values as they are sent, attribute by attribute."""
    entries: list[Json] = []
    for name in sorted(values):
        shaped = _of_domain(values[name])
        plain = custom_values.wire({name: values[name]})["entries"]
        entries += [{"attr": name, **shaped}] if shaped else plain if isinstance(plain, list) else []
    return {"entries": entries}


def _of_domain(value: Json) -> JsonObject:
    """A value of the domain, or several, for all locales or in each; nothing where it is no such value."""
    if not isinstance(value, dict):
        return {}
    if not by_locale(value):
        keys = value[DOMAIN]
        several = isinstance(keys, list)
        return {"type": "multi_domain" if several else "domain", "itm": _keyed(keys)}
    inner = {locale: one[DOMAIN] for locale, one in value.items() if isinstance(one, dict) and not by_locale(one)}
    if len(inner) < len(value):
        return {}
    if not any(isinstance(keys, list) for keys in inner.values()):
        items: list[Json] = [{"key": keys, "loc": locale, "value": keys} for locale, keys in sorted(inner.items())]
        return {"type": "loc_domain", "itm": items}
    blocks: list[Json] = [
        {"loc": n, "itm": _keyed(k if isinstance(k, list) else [k])} for n, k in sorted(inner.items())
    ]
    return {"type": "multi_loc_domain", "i18n": blocks}


def _keyed(keys: Json) -> list[Json]:
    """Items by identifier. The text beside it is the API's own, but nothing empty is ever sent (OC-A63)."""
    if isinstance(keys, list):
        return [{"key": key, "pos": str(n), "value": key} for n, key in enumerate(keys)]
    return [{"key": keys, "value": keys}]


def parsed(record: Json) -> JsonObject:
    """The values that a record shows, by attribute; what is in no shape we know is left out."""
    vals = record.get("vals") if isinstance(record, dict) else None
    entries = vals.get("entries") if isinstance(vals, dict) else None
    found: JsonObject = {}
    for one in entries if isinstance(entries, list) else []:
        name = one.get("attr") if isinstance(one, dict) else None
        if isinstance(one, dict) and isinstance(name, str):
            kind = one.get("type")
            of_domain = isinstance(kind, str) and kind.endswith(DOMAIN)
            value = (
                _domain(one, str(kind))
                if of_domain
                else custom_values.parsed({"vals": {"entries": [one]}}).get(name)
            )
            if value is not None:
                found.setdefault(name, value)
    return found


def _domain(one: JsonObject, kind: str) -> Json:
    several, spoken = kind.startswith("multi"), "loc_" in kind
    by: dict[str, list[Json]] = {}
    for locale, key in _keys(one):
        if key not in by.setdefault(locale, []):
            by[locale].append(key)
    if spoken:
        said: JsonObject = {n: {DOMAIN: keys if several else keys[0]} for n, keys in by.items() if n and keys}
        return said or None
    keys = next((k for k in by.values() if k), [])
    return {DOMAIN: keys if several else keys[0]} if keys else None


def _keys(one: JsonObject) -> list[tuple[str, Json]]:
    """(locale or nothing, identifier) of every item, in order of their places."""
    blocks = [b for word in ("i18n", "i18N") for b in _list(one.get(word)) if isinstance(b, dict)]
    found = [(str(b.get("loc", "")), key) for b in blocks for key in _items(b, "i18n")]
    bare = [i for i in _list(one.get("itm")) if isinstance(i, dict)]
    if any("loc" in i for i in bare):
        return found + [(str(i.get("loc", "")), i["key"]) for i in bare if "key" in i]
    return found + [("", key) for key in _items(one, "val")]


def _items(holder: JsonObject, element: str) -> list[Json]:
    """The identifiers in one holder: of items with a place, and of those that have nothing but a key."""
    bare = [i for i in _list(holder.get("itm")) if isinstance(i, dict) and "key" in i]
    alone = [n for n, v in holder.items() if n not in ELEMENTS[element] and n != "itm" and isinstance(v, str)]
    return [i["key"] for i in sorted(bare, key=_place)] + [*alone]


def _place(item: JsonObject) -> int:
    at = item.get("pos")
    return int(at) if isinstance(at, str) and at.isdecimal() and len(at) < 9 else 10**9


def _list(value: Json) -> list[Json]:
    return value if isinstance(value, list) else []
