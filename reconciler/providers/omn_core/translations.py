"""The translations of an entry: each is an entry itself, known by the id of its link (OC-R97 to OC-R100)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Final

from reconciler.model.change import Change, Delta, Verb
from reconciler.model.json import Json, JsonObject
from reconciler.model.live import Resource

FIELD: Final = "translations"
ALONG: Final = "along"
"""Where `review`, which sees every entry, leaves word for `calls` of the translations that go with an entry."""


def links(live: Resource | None) -> list[JsonObject]:
    """The live translations of an entry."""
    found = live.fields.get(FIELD) if live else None
    return [one for one in found if isinstance(one, dict)] if isinstance(found, list) else []


def delta(change: Change) -> Delta:
    return change.deltas.get(FIELD, Delta())


def removed(change: Change) -> Iterator[tuple[str, str]]:
    """(locale, id of the entry) of each translation that is to be taken away."""
    if change.verb is Verb.DELETE:
        return
    at = {str(one.get("locale")): str(one.get("id", "")) for one in links(change.live)}
    yield from ((str(e.id), at.get(str(e.id), "")) for e in delta(change).remove)


def along(change: Change) -> list[tuple[str, list[str]]]:
    """The translations that are deleted with an entry, each with the ids of the other entries that it is a
    translation of: these go before it."""
    found = change.live.fields.get(ALONG) if change.live and change.verb is Verb.DELETE else None
    pairs = [one for one in found if isinstance(one, list)] if isinstance(found, list) else []
    return [(str(own), [str(i) for i in others]) for own, *others in pairs]


def goes_along(change: Change) -> list[str]:
    """The ids of the translations that are deleted with an entry."""
    return [own for own, _ in along(change)]


def leaves(change: Change) -> Iterator[str]:
    """The entries that are no more in their glossary after a change. Whether a move takes translations along is
    not documented: they count as staying."""
    if change.live is None:
        return
    if change.verb is Verb.DELETE or "glossary" in change.changed:
        yield change.live.id
    yield from goes_along(change)
    yield from (target for _, target in removed(change))


def mark(locale: str) -> str:
    """Under what name the ledger remembers that the server has kept a translation."""
    return f"{FIELD}/{locale}"


def wire(type_: str, one: Mapping[str, Json]) -> JsonObject:
    """One link as it is sent, with all that is known of it; `mode` as in the samples (OC-R98)."""
    found: JsonObject = {}
    if "id" in one:
        found["id"] = one["id"]
    found |= {"loc": one["locale"], "mode": "delta", "type": type_}
    if "similarity" in one:
        found["similarity"] = str(one["similarity"])
    found["itm"] = [{"key": "value", "loc": one["locale"], "value": one["text"]}]
    if "forbidden" in one:
        found["forbidden"] = truth(one["forbidden"])
    return found


def truth(value: Json) -> str:
    return {True: "true", False: "false"}.get(value, str(value)) if isinstance(value, bool) else str(value)


def overlaid(change: Change) -> list[JsonObject]:
    """All translations as they are to be: the live ones with what is declared of them, then the new ones. What is
    to be taken away is left out (OC-R98)."""
    declared = {str(e.id): dict(e.wire) for e in (*delta(change).kept, *delta(change).change, *delta(change).add)}
    going = {str(e.id) for e in delta(change).remove}
    found: list[JsonObject] = []
    for one in links(change.live):
        locale = str(one.get("locale"))
        if locale not in going:
            found.append({**one, **declared.pop(locale, {})})
    return found + [declared[locale] for locale in sorted(declared)]
