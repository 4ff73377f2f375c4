"""Custom values: taken as they are written, shown as they were taken (OC-P29, OC-P52)."""

from __future__ import annotations

from collections.abc import Mapping

from reconciler.twins.core.values import Json, JsonObject
from reconciler.twins.omn_core.call import text
from reconciler.twins.omn_core.notation import ATTRIBUTES

Vals = Mapping[str, Json]
_LISTS = ("i18n", "i18N")


def sent_values(given: JsonObject) -> dict[str, Json]:
    """The `val`s of an object by their `attr`, each as it was written; texts by locale under `i18n`.

    A value without any text says nothing.
    """
    holding = given.get("vals")
    entries = holding.get("entries") if isinstance(holding, Mapping) else None
    found: dict[str, Json] = {}
    for entry in entries if isinstance(entries, list) else ():
        if isinstance(entry, Mapping) and (name := text(entry, "attr")) and _says_something(entry):
            found[name] = {_under(key): member for key, member in entry.items() if key != "attr"}
    return found


def shown_values(vals: Vals | None, lists: str = "i18n", **also: str) -> Json:
    """The container of these values; `also` are attributes that a value has unless it was written with them."""
    return {"entries": [shown_value(name, val, lists, **also) for name, val in (vals or {}).items()]}


def _says_something(entry: JsonObject) -> bool:
    return any(bool(member) for name, member in entry.items() if name not in ATTRIBUTES["val"])


def _under(key: str) -> str:
    return "i18n" if key in _LISTS else key


def shown_value(name: str, val: Json, lists: str = "i18n", **also: str) -> Json:
    """One of them."""
    members = val if isinstance(val, Mapping) else {}
    return {"attr": name, **also, **{lists if key == "i18n" else key: one for key, one in members.items()}}


def written(values: Mapping[str, Json] | None) -> dict[str, Json]:
    """Values as a client writes them: a text, a list, `{locale: text}`, `{locale: [text, …]}`."""
    return {name: _written(value) for name, value in (values or {}).items()}


def _written(value: Json) -> Json:
    if isinstance(value, list):
        return {"type": "multiple", "itm": _placed(value)}
    if not isinstance(value, Mapping):
        return {"itm": [str(value)]}
    if all(isinstance(one, list) for one in value.values()):
        return {"type": "multi_loc", "i18n": [{"loc": loc, "itm": _placed(one)} for loc, one in value.items()]}
    return {"type": "localized", "itm": [{"loc": loc, "value": one} for loc, one in value.items()]}


def _placed(values: Json) -> list[Json]:
    each = values if isinstance(values, list) else []
    return [{"pos": str(place), "value": one} for place, one in enumerate(each)]
