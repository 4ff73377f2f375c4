"""A file's form explained from its schema: the project file, and what stands around the spec of a manifest."""

from __future__ import annotations

from collections.abc import Mapping

from reconciler.model.json import Json, JsonObject
from reconciler.report.escape import safe
from reconciler.report.schema_words import UnknownField, examples, flow, limits, type_words
from reconciler.report.style import Look, Piece, Sheet, Style

_DEEPEST = 3  # levels of fields that are told at once


def explain_form(name: str, schema: Mapping[str, Json], path: tuple[str, ...], style: Style) -> str:
    """What may stand at `path` of a file, with all fields below it. `name`: how that place is called. Raises
    UnknownField."""
    sheet = Sheet(style)
    node = _at(schema, path)
    sheet.line(Piece(safe(name), Look.HEAD), f" - {safe(_description(node))}")
    words = [*([type_words(node)] if type_words(node) else []), *limits(node), *examples(node)]
    for said in words if path else []:
        sheet.line(safe(said), indent=2)
    if _fields(node):
        sheet.title("Fields")
        _tell(sheet, node, 2)
    return sheet.text()


def _at(schema: Mapping[str, Json], path: tuple[str, ...]) -> Mapping[str, Json]:
    node = schema
    for step in path:
        fields = _fields(node)
        if step not in fields:
            raise UnknownField(step, tuple(fields))
        node = fields[step]
    return node


def _mapping(node: Mapping[str, Json]) -> Mapping[str, Json]:
    """The schema that names fields: this one or, where every name is free, that of each entry."""
    free = node.get("additionalProperties")
    return node if isinstance(node.get("properties"), dict) or not isinstance(free, dict) else free


def _fields(node: Mapping[str, Json]) -> dict[str, JsonObject]:
    """The fields of a mapping, or those that each of its entries has."""
    named = _mapping(node).get("properties")
    return {name: own for name, own in named.items() if isinstance(own, dict)} if isinstance(named, dict) else {}


def _tell(sheet: Sheet, node: Mapping[str, Json], indent: int) -> None:
    required = _mapping(node).get("required")
    entries = "" if isinstance(node.get("properties"), dict) else "of each entry: "
    for name, own in _fields(node).items():
        words = ["required"] if isinstance(required, list) and name in required else []
        words += [type_words(own)] if type_words(own) else []
        words += [f"default {flow(own['default'])}"] if "default" in own else []
        words += [*limits(own), *examples(own)[:1]]
        sheet.line(entries, Piece(safe(name), Look.HEAD), f"  {safe(', '.join(words))}", indent=indent)
        sheet.line(safe(_description(own)), indent=indent + 4, hang=0)
        if indent < 2 + 4 * _DEEPEST:
            _tell(sheet, own, indent + 4)


def _description(node: Mapping[str, Json]) -> str:
    return " ".join(str(node.get("description", "")).split())
