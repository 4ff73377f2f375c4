"""Glossaries and their entries, as one list shows them all (OC-R85 to OC-R88)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Final

from reconciler.model.call import Request
from reconciler.model.json import Json, JsonObject, pick
from reconciler.model.kind import Kind
from reconciler.model.live import Collection, Demand, Proof, Replies, Resource
from reconciler.providers.omn_core.notation import items

PATH: Final = "/common/glossaries/retrieve"
ENTRIES: Final[JsonObject] = {"retrieveEntries": True}
BOTH: Final[JsonObject] = {"retrieveEntries": True, "retrieveLinks": True}
REFUSALS: Final = frozenset({400, 422})
"""What code 1001 may come with (OC-Q15)."""
ALONE: Final = "entriesAlone"
"""What a demand's details say where the server has refused both flags together: nobody asks so again."""


def reads(kind: Kind, demand: Demand, replies: Replies) -> list[Request]:  # noqa: ARG001 - the verb's shape
    """One list for both kinds; where both flags are refused, once more with one of them (OC-R85)."""
    if not replies:
        alone = any(detail.get(ALONE) is True for detail in demand.details)
        return [_ask(demand, ENTRIES) if alone else _ask(demand, BOTH, REFUSALS)]
    return [_ask(demand, ENTRIES)] if len(replies) == 1 and _refused(replies[0][1]) else []


def _ask(demand: Demand, body: JsonObject, refusals: frozenset[int] = frozenset()) -> Request:
    return Request(demand.target, "POST", PATH, body=body, safe=True, refusals=refusals)


def _refused(body: Json) -> bool:
    return isinstance(body, dict) and "$refused" in body


def _learnt(demand: Demand, replies: Replies) -> tuple[JsonObject, ...] | None:
    """The demand's details, with what the answers have taught us."""
    return (*demand.details, {ALONE: True}) if any(_refused(body) for _, body in replies) else None


def parse_glossaries(kind: Kind, demand: Demand, replies: Replies) -> Collection:
    """Every glossary, with the ids of what is in it. One that counts entries and shows none may hold anything
    (OC-R86). Raises ValueError on another shape."""
    if not replies:
        return Collection(kind.name)
    body = replies[-1][1]
    inside: dict[str, list[str]] = {}
    for record in _entries(body):
        inside.setdefault(_text(record, "parentId"), []).append(_id(record, "an entry"))
    found = tuple(_glossary(record, inside) for record in _glossaries(body))
    return Collection(kind.name, found, Proof(True, "whole list in one answer"), details=_learnt(demand, replies))


def _glossary(record: Json, inside: Mapping[str, list[str]]) -> Resource:
    own, name = _id(record, "a glossary"), _text(record, "name")
    there = sorted(inside.get(own, ()))
    fields: JsonObject = {"name": name, "attributes": values(record), "contained": list[Json](there)}
    hidden = not there and _counted(record) > 0
    return Resource(own, name, fields, name, contents={"entries": None} if hidden else {})


def _counted(record: Json) -> int:
    """How many entries it says that it has; the sample of an empty one says nothing."""
    said = items(pick(record, "/meta") or None).get("numberOfAllEntries", "")
    return int(said) if said.isdecimal() else 0


def values(record: Json) -> JsonObject:
    """Custom values by their attributes: a text, several, or what else stands there, as it stands."""
    vals = pick(record, "/vals/entries")
    found: JsonObject = {}
    for one in vals if isinstance(vals, list) else []:
        if isinstance(one, dict) and isinstance(attr := one.get("attr"), str):
            bare = one.get("itm")
            plain = one.keys() == {"attr", "itm"} and isinstance(bare, list)
            several = bare if isinstance(bare, list) else []
            rest: JsonObject = {k: v for k, v in one.items() if k != "attr"}
            found.setdefault(attr, (several[0] if len(several) == 1 else several) if plain else rest)
    return found


def parse_entries(kind: Kind, demand: Demand, replies: Replies) -> Collection:
    """Every entry of every glossary, with its translations and what it is a translation of. One that only
    translates others has no key of its own (OC-R88). Raises ValueError on another shape."""
    if not replies:
        return Collection(kind.name)
    body = replies[-1][1]
    distinct = {_id(record, "an entry"): record for record in _entries(body)}
    links = {own: _links(record) for own, record in distinct.items()}
    sources: dict[str, list[str]] = {}
    for own, targets in links.items():
        for one in targets:
            sources.setdefault(str(one.get("id")), []).append(own)
    meant = {own for own in distinct if links[own] or not sources.get(own)}
    found = tuple(
        _entry(record, links[own], sorted(sources.get(own, ())), placed=own in meant)
        for own, record in distinct.items()
    )
    return Collection(kind.name, found, _proof(body), details=_learnt(demand, replies))


def _proof(body: Json) -> Proof:
    shown = {_text(record, "parentId") for record in _entries(body)}
    hidden = [_text(g, "name") for g in _glossaries(body) if _counted(g) > 0 and _id(g, "a glossary") not in shown]
    if hidden:
        return Proof(False, f"the glossary '{hidden[0]}' counts entries, and the list shows none of it")
    return Proof(True, "whole list in one answer")


def _entry(record: Json, links: list[JsonObject], sources: list[str], *, placed: bool) -> Resource:
    own, text, scope = _id(record, "an entry"), _value(record), _scope(record)
    glossary, locale, word = scope
    fields: JsonObject = {
        "glossary": glossary,
        "locale": locale,
        "type": word,
        "text": text,
        "translations": list[Json](links),
        "translates": list[Json](sources),
    }
    placed = placed and bool(text)
    key = text if placed else f"{text} (id {own})"
    return Resource(own, key, fields, text or f"(id {own})", scope=scope, placed=placed)


def _scope(record: Json) -> tuple[str, str, str]:
    return _text(record, "parentId"), _text(record, "loc"), _text(record, "type")


def _value(record: Json) -> str:
    return items(pick(record, "/meta") or None).get("value", "")


def _links(record: Json) -> list[JsonObject]:
    """The translations of an entry, in the words of the manifest; `id` is that of the entry that each is. One that
    does not say that it is forbidden is not (OC-A48)."""
    found: list[JsonObject] = []
    for one in _list(pick(record, "/links/itms")):
        said = items(one)
        link: JsonObject = {"locale": _text(one, "loc"), "text": said.get("value", "")}
        if (similarity := said.get("similarity", "")) != "":
            link["similarity"] = int(similarity) if similarity.isdecimal() else similarity
        forbidden = said.get("forbidden", "") or "false"
        link["forbidden"] = {"true": True, "false": False}.get(forbidden, forbidden)
        if own := pick(one, "/id"):
            link["id"] = str(own)
        found.append(link)
    return found


def _glossaries(body: Json) -> list[Json]:
    found = pick(body, "/glossaries/entries")
    if not isinstance(found, list):
        raise ValueError("the answer holds no list of glossaries")  # noqa: TRY004 - the server's mistake
    return found


def _entries(body: Json) -> Iterator[Json]:
    """Nothing where there are none: no sample shows an empty list of them."""
    yield from _list(pick(body, "/glossaryEntries/entries"))


def _list(value: object) -> list[Json]:
    return value if isinstance(value, list) else []


def _text(record: Json, name: str) -> str:
    found = pick(record, f"/{name}")
    return found if isinstance(found, str) else ""


def _id(record: Json, what: str) -> str:
    if not (own := _text(record, "id")):
        raise ValueError(f"{what} has no id")
    return own
