"""Answers of OMN Core, and what they tell of each assumption about attribute definitions and sources."""

from __future__ import annotations

from collections.abc import Mapping

from reconciler.model.doctor import Told
from reconciler.model.json import Json

C, R, U = Told.CONFIRMED, Told.REFUTED, Told.UNTOLD
DEFINITIONS, CHANNELS = "/pim/attribute-definitions/retrieve", "/cm/channels/retrieve"
GLOSSARIES = "/common/glossaries/retrieve"
RNCS, COMPONENTS = "/dam/rncs/retrieve", "/common/components/retrieve"
BARE: Json = {"tid": "a", "type": "text", "name": {}}
FULL: Json = {"tid": "a", "type": "text", "name": {"itm": [{"loc": "en", "value": "A"}]}}
MAM: Json = {"rncs": {"entries": [{"tid": "MAM"}]}}


def definitions(*records: Json) -> Json:
    return {"attrDefs": {"entries": [*records]}}


def channels(*tids: str) -> Json:
    return {"projects": {"entries": [{"tid": t} for t in tids]}}


def glossaries(target: str = "2", count: str = "2", at: str = "7") -> Json:
    """One that counts entries, and an entry with a translation that is entry 2."""
    link: Json = {"id": target, "loc": "en_EN", "itm": [{"key": "value", "loc": "en_EN", "value": "shoe"}]}
    said: list[tuple[str, str, list[Json]]] = [("de_DE", "Schuh", [link]), ("en_EN", "shoe", [])]
    entries: list[Json] = [
        {
            "id": str(n),
            "parentId": at,
            "loc": loc,
            "meta": {"itm": [{"key": "value", "value": value}]},
            "links": {"itms": links},
        }
        for n, (loc, value, links) in enumerate(said, 1)
    ]
    known: Json = {"id": "7", "name": "Shoes", "meta": {"numberOfAllEntries": count}}
    return {"glossaries": {"entries": [known]}, "glossaryEntries": {"entries": entries}}


CORE: list[tuple[str, Told, Mapping[str, Json]]] = [
    ("OC-A24", C, {DEFINITIONS: definitions(FULL)}),
    ("OC-A24", R, {DEFINITIONS: definitions(FULL, BARE)}),
    ("OC-A24", U, {DEFINITIONS: definitions()}),
    ("OC-A24", U, {DEFINITIONS: 403}),
    ("OC-A26", C, {CHANNELS: channels()}),
    ("OC-A26", R, {CHANNELS: 404}),
    ("OC-A26", R, {CHANNELS: channels("AWS")}),
    ("OC-A26", R, {CHANNELS: {"classes": {"entries": []}}}),
    ("OC-A26", U, {CHANNELS: 403}),
    ("OC-A27", C, {RNCS: MAM, COMPONENTS: {"omn-search": "active"}}),
    ("OC-A27", R, {RNCS: MAM, COMPONENTS: []}),
    ("OC-A27", R, {RNCS: {}, COMPONENTS: {}}),
    ("OC-A27", U, {RNCS: MAM, COMPONENTS: 403}),
    ("OC-A40", C, {GLOSSARIES: glossaries()}),
    ("OC-A40", R, {GLOSSARIES: glossaries(at="8")}),
    ("OC-A40", U, {GLOSSARIES: glossaries(count="0")}),
    ("OC-A40", U, {GLOSSARIES: 403}),
    ("OC-A41", C, {GLOSSARIES: glossaries()}),
    ("OC-A41", R, {GLOSSARIES: glossaries("3")}),
    ("OC-A41", U, {GLOSSARIES: {"glossaries": {"entries": []}}}),
    ("OC-A41", U, {GLOSSARIES: 403}),
]
"""(assumption, what is told, answers by path)."""
