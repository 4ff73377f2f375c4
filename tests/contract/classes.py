"""Steps of a story about classifications, planned and counted as for keywords (OC-C20 to OC-C25)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

from reconciler.model.document import Address, Document
from reconciler.model.json import Json
from tests.world import CORE, World, doc

LIST: Final = "/pim/classes/retrieve"
PERSIST: Final = "/pim/classes/persist"
CLASSES: Final = "/pim/classes/perform"
NODES: Final = "/pim/nodes/perform"
ATTRIBUTES: Final = "/pim/attributes/perform"
LOOK: Final = "/pim/attributes/retrieve"
ADMIN: Final = "/pim/nodes/retrieve"
GONE: Final[Mapping[str, Any]] = {"on_remove": "delete", "allow": ["delete"]}
ANEW: Final[Mapping[str, Any]] = {"allow": ["replace"]}


def cl(identifier: str, /, *, name: str = "", **words: object) -> Document:
    """A classification's document; words of five letters are locales, all else is metadata."""
    labels, metadata = _split(words)
    return doc("core/Classification", name or identifier, {"identifier": identifier, **labels}, **metadata)


def nd(path: str, /, *, name: str = "", **words: object) -> Document:
    """A node's document."""
    labels, metadata = _split(words)
    return doc("core/ClassificationNode", name or path.replace("/", "-"), {"path": path, **labels}, **metadata)


def at(node: str, definition: str, /, *, name: str = "", values: Sequence[Any] = (), **words: Any) -> Document:
    """An attribute's document; `values` are ids, or whole values; fields stand for themselves, all else is
    metadata."""
    fields = {k: v for k, v in words.items() if k in FIELDS}
    spec: dict[str, Any] = {"node": node, "definition": definition, **fields}
    if values:
        spec["domain"] = {"values": [{"id": v} if isinstance(v, str) else v for v in values]}
    metadata = {k: v for k, v in words.items() if k not in FIELDS}
    return doc("core/NodeAttribute", name or f"{node}-{definition}".replace("/", "-"), spec, **metadata)


FIELDS: Final = ("level", "inheritance", "restriction", "localized", "default", "domain")


def _split(words: Mapping[str, object]) -> tuple[dict[str, Json], dict[str, object]]:
    labels: list[Json] = [{"locale": k, "text": str(v)} for k, v in words.items() if _is_locale(k)]
    metadata = {k: v for k, v in words.items() if not _is_locale(k)}
    return ({"labels": labels} if labels else {}), metadata


def _is_locale(word: str) -> bool:
    return len(word) == 5 and word[2] == "_"


def of(kind: str, name: str) -> Address:
    return Address(CORE, kind, name)


def hard(k: World) -> bool:
    return k.core.knobs.profile == "adversarial"


def tree(k: World) -> dict[str, dict[str, str]]:
    """Every live node by its path without the slash, with its labels; of a root node those of its class."""
    found: dict[str, dict[str, str]] = {}
    for one in _all(k):
        for node in one["nodes"]:
            root = node["path"] == f"/{one['tid']}"
            found[node["path"].strip("/")] = one["labels"] if root else node["labels"]
    return found


def attributes(k: World) -> dict[str, list[str]]:
    """Path -> the definitions used there, where there are any."""
    nodes = [node for one in _all(k) for node in one["nodes"]]
    return {n["path"].strip("/"): [a["key"] for a in n["attributes"]] for n in nodes if n["attributes"]}


def values(k: World, path: str, key: str) -> list[str]:
    """The ids of an attribute's domain, in their order."""
    held: Any = k.core.attribute(path, key).domain
    return [one["tid"] for one in held["values"]]


def _all(k: World) -> list[Any]:
    return k.core.classes_without_ids()
