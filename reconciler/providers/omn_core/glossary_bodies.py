"""What is sent of a glossary and of an entry: whole where anything of it is to change (OC-R92, OC-R98)."""

from __future__ import annotations

from collections.abc import Mapping

from reconciler.model.change import Change, Value
from reconciler.model.json import Json, JsonObject
from reconciler.model.plan import Effect
from reconciler.providers.omn_core.translations import FIELD, delta, links, overlaid, truth, wire


def glossary(change: Change, name: str) -> JsonObject:
    """Its name, what is declared of what no read shows, and all custom values, the live ones overlaid."""
    body: JsonObject = {"id": change.live.id} if change.live else {}
    body["name"] = name
    if "multipleTranslations" in change.wire:
        body["meta"] = {"multipleTranslations": truth(change.wire["multipleTranslations"])}
    if vals := _values(change):
        body["vals"] = {"entries": vals}
    return body


def _values(change: Change) -> list[Json]:
    live = change.live.fields.get("attributes") if change.live else None
    declared = change.wire.get("attributes")
    every: JsonObject = {
        **(live if isinstance(live, dict) else {}),
        **(declared if isinstance(declared, dict) else {}),
    }
    return [_value(attr, value) for attr, value in every.items()]


def _value(attr: str, value: Json) -> JsonObject:
    if isinstance(value, dict):
        return {"attr": attr, **value}
    return {"attr": attr, "itm": value if isinstance(value, list) else [value]}


def glossary_fields(change: Change, names: frozenset[str] | None = None) -> dict[str, Value]:
    """What a reading must show of it afterwards, or nobody will ever see: all that is declared, or just these."""
    own = {"attributes", "multipleTranslations"} if names is None else names
    return {n: v for n, v in change.wire.items() if n in own}


def entry(change: Change, glossary_id: Value) -> JsonObject:
    """An entry with its text and all its links; always with its glossary (OC-R95)."""
    locale, word = str(change.wire["locale"]), str(change.wire["type"])
    meta: JsonObject = {"itm": [{"key": "value", "loc": locale, "value": change.key}]}
    if "forbidden" in change.wire:
        meta["forbidden"] = truth(change.wire["forbidden"])
    body: JsonObject = {"id": change.live.id} if change.live else {}
    body |= {"parentId": glossary_id, "loc": locale, "type": word, "meta": meta}
    if every := overlaid(change):
        body["links"] = {"itms": [wire(word, one) for one in every]}
    return body


def entry_effect(effect: Effect, change: Change) -> Effect:
    """With the translations that are declared; what others add is nobody's business."""
    need = delta(change)
    present = tuple((str(e.id), dict(e.wire)) for e in (*need.kept, *need.change, *need.add))
    if not present:
        return effect
    return Effect(
        effect.key, effect.gone, effect.fields, FIELD, tuple(sorted(present, key=_locale)), (), effect.scope
    )


def _locale(entry: tuple[Value, Mapping[str, Value]]) -> str:
    return str(entry[0])


def link(change: Change, locale: str) -> JsonObject:
    """The live translation into a locale."""
    return next((one for one in links(change.live) if one["locale"] == locale), {})
