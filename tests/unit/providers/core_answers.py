"""Answers of OMN Core, and what they tell of each assumption about attribute definitions and sources."""

from __future__ import annotations

from collections.abc import Mapping

from reconciler.model.doctor import Told
from reconciler.model.json import Json, canonical

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


CLASSES, ATTRIBUTES, ROOT = "/pim/classes/retrieve", "/pim/attributes/retrieve", "/pim/nodes/retrieve"
DIRS = "/dam/dirs/retrieve"


def classes(*nodes: Json) -> Json:
    return {"classes": {"entries": [{"tid": "S"}]}, "nodes": {"entries": [*nodes]}}


def node(id_: str, path: str, *keys: str, above: str = "") -> Json:
    parent: Mapping[str, Json] = {"parentId": above} if above else {}
    return {"id": id_, "path": path, "class": "S", **parent, "attr": [{"key": k} for k in keys]}


TREE = classes(node("1", "/S", "a"), node("2", "/S/T", "b", above="1"))


def attributes(*ids: str) -> Json:
    return {"attrs": {"entries": [{"id": i, "key": "k"} for i in ids]}}


def asked(path: str, body: Mapping[str, Json]) -> str:
    """One of several questions to a path."""
    return f"{path} {canonical(body)}"


def of_nodes(*paths: str) -> str:
    return asked(ATTRIBUTES, {"nodePaths": [*paths], "withDefaultValues": True})


def dirs(*pairs: tuple[str, str]) -> Json:
    return {"dirs": {"entries": [{"tid": t, "parent": p} if p else {"tid": t, "rnc": "MAM"} for t, p in pairs]}}


IN_MAM, IN_D = asked(DIRS, {"rncTid": "MAM", "level": -1}), asked(DIRS, {"dirTid": "D", "level": -1})

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
    ("OC-A34", C, {CLASSES: TREE}),
    ("OC-A34", R, {CLASSES: classes(node("2", "/S/T", "b", above="1"))}),
    ("OC-A34", R, {CLASSES: classes({"id": "1", "path": "/S", "node": [{"id": "2"}]})}),
    ("OC-A34", R, {CLASSES: {"classes": {"entries": []}}}),
    ("OC-A34", U, {CLASSES: classes(node("1", "/S"))}),
    ("OC-A35", C, {CLASSES: TREE, of_nodes("/S", "/S/T"): attributes("7", "8"), of_nodes("/S"): attributes("7"),
                   of_nodes("/S/T"): attributes("8")}),
    ("OC-A35", R, {CLASSES: TREE, of_nodes("/S", "/S/T"): attributes("7"), of_nodes("/S"): attributes("7"),
                   of_nodes("/S/T"): attributes("8")}),
    ("OC-A35", U, {CLASSES: TREE, ATTRIBUTES: attributes()}),
    ("OC-A35", U, {CLASSES: classes(node("1", "/S", "a"))}),
    ("OC-A38", C, {CLASSES: TREE, ROOT: 403}),
    ("OC-A38", U, {CLASSES: TREE, ROOT: {"nodes": {"entries": []}}}),
    ("OC-A40", C, {GLOSSARIES: glossaries()}),
    ("OC-A40", R, {GLOSSARIES: glossaries(at="8")}),
    ("OC-A40", U, {GLOSSARIES: glossaries(count="0")}),
    ("OC-A40", U, {GLOSSARIES: 403}),
    ("OC-A41", C, {GLOSSARIES: glossaries()}),
    ("OC-A41", R, {GLOSSARIES: glossaries("3")}),
    ("OC-A41", U, {GLOSSARIES: {"glossaries": {"entries": []}}}),
    ("OC-A41", U, {GLOSSARIES: 403}),
    ("OC-A50", C, {RNCS: MAM, IN_MAM: dirs(("D", ""), ("E", "D")), IN_D: dirs(("E", "D"))}),
    ("OC-A50", R, {RNCS: MAM, IN_MAM: dirs(("D", ""), ("E", "D")), IN_D: dirs(("E", "D"), ("F", "E"))}),
    ("OC-A50", R, {RNCS: MAM, IN_MAM: dirs(("D", ""), ("E", "D")), IN_D: dirs()}),
    ("OC-A50", U, {RNCS: MAM, IN_MAM: dirs(("D", ""))}),
    ("OC-A50", U, {RNCS: {"rncs": {"entries": []}}}),
]  # fmt: skip
"""(assumption, what is told, answers by path)."""
