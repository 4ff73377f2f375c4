"""What there is to see of OMN Core at the end: everything by its key, without ids and times."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from reconciler.model.recorded import Bond
from reconciler.twins import OmnCoreTwin
from tests.faults.referred import by_name

State = Mapping[str, Mapping[str, Mapping[str, Any]]]


def views(twin: OmnCoreTwin) -> dict[str, list[Any]]:
    """Table -> its records as `[name, what it is]`; what is there twice shows twice."""
    return {
        "keywords": [[one["path"], one] for one in _objects(twin.without_ids())],
        "definitions": [[one["tid"], one] for one in _objects(twin.definitions_without_ids())],
        **_classes(_objects(twin.classes_without_ids())),
        **_glossaries(_objects(twin.glossaries_without_ids())),
        "directories": [[one["path"], one] for one in _objects(twin.directories_without_ids())],
        "peos": [["/".join(map(str, one[:3])), one] for one in _objects(twin.peos_without_ids())],
        "products": [[one["tid"], one] for one in _objects(twin.products_without_ids())],
    }


def _objects(shown: Any) -> list[Any]:
    return list(shown)


def _classes(shown: list[Any]) -> dict[str, list[Any]]:
    nodes = [node for one in shown for node in one["nodes"]]
    return {
        "classes": [[one["tid"], _without(one, "nodes")] for one in shown],
        "nodes": [[node["path"], _without(node, "attributes")] for node in nodes],
        "attributes": [[f"{node['path']}/{a['key']}", a] for node in nodes for a in node["attributes"]],
    }


def _glossaries(shown: list[Any]) -> dict[str, list[Any]]:
    """Of an entry its type, locale and text are its name, and so is its glossary."""
    entries = [(one["name"], text) for one in shown for text in one["entries"]]
    return {
        "glossaries": [[one["name"], _without(one, "entries")] for one in shown],
        "entries": [[f"{name}>{' '.join(map(str, text[:3]))}", text[3:]] for name, text in entries],
    }


def _without(one: Mapping[str, Any], field: str) -> dict[str, Any]:
    return {k: v for k, v in one.items() if k != field}


def names(twin: OmnCoreTwin) -> dict[str, dict[str, str]]:
    """Kind -> remote id -> the name of the live thing."""
    state: Any = twin.dump()["state"]
    nodes = {i: _path(state["nodes"], i, "tid", "parent_id") for i in state["nodes"]}
    return {
        "Keyword": {i: _path(state["keywords"], i, "value", "parent_id") for i in state["keywords"]},
        "AttributeDefinition": {i: i for i in state["definitions"]},
        "Classification": {i: i for i in state["classes"]},
        "ClassificationNode": nodes,
        "NodeAttribute": {
            f"{a['node_id']}/{a['key']}": f"{nodes[a['node_id']]}/{a['key']}" for a in state["attributes"].values()
        },
        "Glossary": {i: str(one["name"]) for i, one in state["glossaries"].items()},
        "GlossaryEntry": {i: _entry(state, i) for i in state["entries"]},
        "Directory": {i: _directory(state["dirs"], i) for i in state["dirs"]},
        "Peo": {p["id"]: f"{p['product']}/{p['template_id']}/{p['name']}" for p in state["peos"].values()},
        "Product": {i: i for i in state["products"]},
    }


def _path(table: Mapping[str, Any], i: str, name: str, above: str) -> str:
    one = table[i]
    return (_path(table, one[above], name, above) if one[above] else "") + "/" + str(one[name])


def _directory(table: Mapping[str, Any], i: str) -> str:
    one = table[i]
    return (_directory(table, one["parent"]) if one["parent"] else f"/{one['rnc']}") + "/" + str(one["name"])


def _entry(state: State, i: str) -> str:
    one = state["entries"][i]
    return f"{state['glossaries'][one['glossary_id']]['name']}>{one['type']} {one['loc']} {one['value']}"


def fact(bond: Bond, known: Mapping[str, Mapping[str, str]]) -> dict[str, Any]:
    """A bond with the name of its live thing in place of the id: `DEAD` where there is none."""
    every = {i: name for ids in known.values() for i, name in ids.items()}
    of_what = {"digests": by_name(bond, known)}
    told = {k: v for k, v in (bond.to_json() | of_what).items() if k not in ("by", "sent", "id")}
    return {**_renamed(told, every), "id": known[bond.address.kind].get(bond.id, "DEAD")}


def _renamed(value: Any, every: Mapping[str, str]) -> Any:
    if isinstance(value, dict):
        return {every.get(k, k): _renamed(v, every) for k, v in value.items()}
    if isinstance(value, list):
        return sorted((_renamed(v, every) for v in value), key=str)
    return every.get(value, value) if isinstance(value, str) else value
