"""The fields of a kind on one line each: type, whether it is required, and what it may hold."""

from __future__ import annotations

from collections.abc import Mapping

from reconciler.model.json import Json, JsonObject
from reconciler.model.kind import Field, Kind
from reconciler.report.escape import safe
from reconciler.report.explain import find, inner, kind_of_value, schema_of
from reconciler.report.schema_words import a
from reconciler.report.style import Look, Piece, Sheet, Style


def explain_short(kind: Kind, path: tuple[str, ...], style: Style) -> str:
    """The fields of a kind (`path` empty) or those in the field at `path`; of one without any, itself. What nobody
    can declare is left out. Raises UnknownField."""
    sheet = Sheet(style)
    sheet.line(Piece(safe(".".join((f"{kind.provider}/{kind.name}", *path))), Look.HEAD))
    if not path:
        _tell(sheet, kind.fields, kind.schema, 2)
        return sheet.text()
    one, own = find(kind, path)
    if one.entries:
        _tell(sheet, one.entries, inner(own), 2)
    else:
        sheet.line(safe(_words(one, own)), indent=2)
    return sheet.text()


def _tell(sheet: Sheet, fields: Mapping[str, Field], schema: JsonObject | Mapping[str, Json], deep: int) -> None:
    given = schema.get("required")
    required = given if isinstance(given, list) else []
    shown = {name: one for name, one in fields.items() if not (one.refused or one.read_only)}
    column = max(map(len, shown), default=0) + 2
    for name, one in shown.items():
        own = schema_of(schema, name)
        words = f"{'required, ' if name in required else ''}{_words(one, own)}"
        sheet.line(Piece(safe(name).ljust(column), Look.HEAD), safe(words), indent=deep, hang=column)
        _tell(sheet, one.entries, inner(own), deep + 2)


def _words(one: Field, own: JsonObject) -> str:
    if one.write_only:
        return "secret reference"
    return f"{kind_of_value(one, own)} ({a(one.ref)})" if one.ref else kind_of_value(one, own)
