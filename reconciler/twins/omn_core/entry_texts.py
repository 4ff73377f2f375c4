"""The text of an entry, or of a translation, as it was sent."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from reconciler.twins.core.clock import instant, parse_instant
from reconciler.twins.core.values import Json, JsonObject
from reconciler.twins.omn_core.call import text


@dataclass(frozen=True, slots=True)
class Sent:
    """A text in one locale; what is None was not sent. `id` is that of a translation which is there already."""

    id: str | None
    loc: str
    type: str
    value: str | None
    forbidden: bool | None
    similarity: str | None
    editor: str | None
    edited: str | None
    links: tuple[Sent, ...] = ()


def sent_text(given: JsonObject) -> Sent:
    """An entry with its translations. A translation is of the entry's type unless it says otherwise."""
    meta = given.get("meta")
    type_ = text(given, "type") or ""
    links = tuple(_sent(one, one, type_, ()) for one in _links(given))
    return _sent(given, meta if isinstance(meta, Mapping) else {}, type_, links)


def _sent(given: JsonObject, items: JsonObject, type_: str, links: tuple[Sent, ...]) -> Sent:
    forbidden = text(items, "forbidden")
    return Sent(
        text(given, "id"),
        text(given, "loc") or "",
        text(given, "type") or type_,
        _value(items),
        None if forbidden is None else forbidden == "true",
        text(items, "similarity"),
        text(items, "lastEditedUsername"),
        _date(items),
        links,
    )


def _date(items: JsonObject) -> str | None:
    """A date that is one; any other was not sent."""
    sent = text(items, "lastEditedDate")
    try:
        return None if sent is None else instant(parse_instant(sent))
    except ValueError:
        return None


def _links(given: JsonObject) -> list[JsonObject]:
    links = given.get("links")
    items = links.get("itms") if isinstance(links, Mapping) else None
    return [one for one in items if isinstance(one, Mapping)] if isinstance(items, list) else []


def _value(items: JsonObject) -> str | None:
    """The item of key `value`, whether it names its locale or not. An empty text says nothing."""
    loose: Json = items.get("itm")
    for item in loose if isinstance(loose, list) else ():
        if isinstance(item, Mapping) and item.get("key") == "value":
            return text(item, "value") or None
    return text(items, "value") or None
