"""Values of custom attributes, of whatever shape: one text, several, and either of these by locale (OC-R117)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from reconciler.model.json import Json, JsonObject, as_text

LAST = 1_000_000
"""The place of a value that says none."""


def wire(values: Mapping[str, Json]) -> JsonObject:
    """The values as they are sent, attribute by attribute."""
    return {"entries": [{"attr": name, **_shaped(as_text(values[name]))} for name in sorted(values)]}


def _shaped(value: Json) -> JsonObject:
    if isinstance(value, list):
        return {"type": "multiple", "itm": _several(value)}
    if not isinstance(value, dict):
        return {"itm": [value]}
    if not any(isinstance(v, list) for v in value.values()):
        return {"type": "localized", "itm": [{"loc": locale, "value": value[locale]} for locale in sorted(value)]}
    lists: dict[str, list[Json]] = {locale: v if isinstance(v, list) else [v] for locale, v in value.items()}
    return {"type": "multi_loc", "i18n": [{"loc": n, "itm": _several(lists[n])} for n in sorted(lists)]}


def _several(values: list[Json]) -> list[Json]:
    return [{"pos": str(n), "value": value} for n, value in enumerate(values)]


def parsed(record: Json) -> dict[str, Json]:
    """The values that a record shows, if any. What is in no shape we know is left out."""
    vals = record.get("vals") if isinstance(record, dict) else None
    entries = vals.get("entries") if isinstance(vals, dict) else None
    found: dict[str, Json] = {}
    for one in entries if isinstance(entries, list) else []:
        name, value = (one.get("attr"), _read(one)) if isinstance(one, dict) else (None, None)
        if isinstance(name, str) and value is not None:
            found.setdefault(name, value)
    return found


def _read(one: JsonObject) -> Json:
    blocks = [b for word in ("i18n", "i18N") for b in _list(one.get(word)) if isinstance(b, dict)]
    by_locale: JsonObject = {str(b["loc"]): _in_order(b) for b in blocks if b.get("loc") and _in_order(b)}
    if by_locale:
        return by_locale
    spoken: JsonObject = {str(i["loc"]): i.get("value") for i in _items(one) if i.get("loc")}
    if spoken:
        return spoken
    values = _in_order(one)
    if one.get("type") == "multiple" or len(values) > 1:
        return values or None
    return values[0] if values else None


def _in_order(holder: JsonObject) -> list[Json]:
    """Its values by their places."""
    items = [i for i in _items(holder) if isinstance(i.get("value"), str)]
    return [i["value"] for i in sorted(items, key=_place)]


def _place(item: JsonObject) -> int:
    at = item.get("pos")
    return int(at) if isinstance(at, str) and at.isdecimal() and len(at) < len(str(LAST)) else LAST


def _items(holder: JsonObject) -> Iterator[JsonObject]:
    for item in _list(holder.get("itm")):
        yield item if isinstance(item, dict) else {"value": item}


def _list(value: Json) -> list[Json]:
    return value if isinstance(value, list) else []


def overlaid(live: Mapping[str, Json], declared: Mapping[str, Json]) -> JsonObject:
    """What is sent of the declared attributes: of one by locale the live ones of other locales too, since what a
    left-out locale means is nowhere said (OC-R117)."""
    return {name: _with_others(live.get(name), value) for name, value in declared.items()}


def _with_others(live: Json, value: Json) -> Json:
    return {**live, **value} if isinstance(value, dict) and isinstance(live, dict) else value


def texts(values: Json) -> Iterator[str]:
    """Every single text in them, as it is sent."""
    if isinstance(values, dict | list):
        for one in values.values() if isinstance(values, dict) else values:
            yield from texts(one)
    elif isinstance(text := as_text(values), str):
        yield text
