"""A kind, or one of its fields, explained from its schema: what it is, what it may hold, how it is treated."""

from __future__ import annotations

from collections.abc import Mapping

from reconciler.model.json import Json, JsonObject
from reconciler.model.kind import Field, Kind
from reconciler.report.escape import safe
from reconciler.report.explain_change import on_change, read_back, renaming
from reconciler.report.kinds import can, known_by, leaving, never, observed
from reconciler.report.schema_words import UnknownField, examples, flow, limits, type_words
from reconciler.report.style import Look, Piece, Sheet, Style

BYTES = "bytes"
"""The word of a field whose value is a file itself."""
SINKS = ("{toFile: path}", "{toKeyring: name}", "{toCommand: name}")
SECRETS = tuple(f"{{{word}: …, version: 1}}" for word in ("fromEnv", "fromFile", "fromKeyring", "fromCommand"))


def explain_text(kind: Kind, path: tuple[str, ...], style: Style) -> str:
    """The kind (`path` empty) or the field at `path`, e.g. `("members", "isPrimary")`. Raises UnknownField."""
    sheet = Sheet(style)
    if path:
        _tell_field(sheet, kind, path)
    else:
        _tell_kind(sheet, kind)
    return sheet.text()


def _tell_kind(sheet: Sheet, kind: Kind) -> None:
    sheet.line(Piece(f"{safe(kind.provider)}/{safe(kind.name)}", Look.HEAD), f" - {safe(kind.description)}")
    sheet.gap()
    if never(kind):
        sheet.line(f"Cannot be managed: {safe(kind.refused)}.")
        return
    if kind.source:
        more = f": {safe(kind.refused)}" if kind.refused else ""
        sheet.line(f"Only read, so that other kinds can refer to it; it is not declared in manifests{more}.")
    else:
        _tell_ways(sheet, kind)
    sheet.title("Fields of spec")
    required = kind.schema.get("required")
    _tell_fields(sheet, kind, (), kind.fields, kind.schema, required if isinstance(required, list) else [])
    if not kind.source:
        _tell_example(sheet, kind)


def _tell_ways(sheet: Sheet, kind: Kind) -> None:
    """How a thing of this kind is told from others, and what can be done with it."""
    sheet.line(f"recognised by: {safe(known_by(kind))}")
    sheet.line(f"can: {safe(', '.join(can(kind)))}")
    if not observed(kind):
        sheet.line(f"when its document leaves git: {leaving(kind)}")
    if kind.findable and not observed(kind):
        sheet.line(f"renaming: {safe(renaming(kind))}")
    if kind.tokens:
        sheet.line(f"one-shot tokens (metadata.once): {safe(', '.join(kind.tokens))}; a new value acts once")
    if kind.consents:
        sheet.line(f"may be allowed (lifecycle.allow): {safe(', '.join(kind.consents))}")
    if kind.makes:
        sheet.line(f"creating one brings about a {safe(kind.makes)} with the same key, to which others may refer")


def _tell_fields(
    sheet: Sheet,
    kind: Kind,
    above: tuple[str, ...],
    fields: Mapping[str, Field],
    schema: Mapping[str, Json],
    required: list[Json],
    deep: int = 2,
) -> None:
    for name, field in fields.items():
        own, path = _schema_of(schema, name), (*above, name)
        words = [
            *(["required"] if name in required else []),
            *_words(field, own),
            *limits(own),
            *([] if field.refused else examples(own)[:1]),
        ]
        sheet.line(Piece(safe(name), Look.HEAD), f"  {safe(', '.join(words))}", indent=deep)
        sheet.line(safe(str(own.get("description", ""))), indent=deep + 4, hang=0)
        for line in _treated(kind, path, field):
            sheet.line(Piece(safe(line), Look.QUIET), indent=deep + 4, hang=2)
        if field.entries:
            _tell_inner(sheet, kind, path, field, own, deep + 4)


def _tell_inner(sheet: Sheet, kind: Kind, path: tuple[str, ...], field: Field, own: JsonObject, deep: int) -> None:
    inner = _inner(own)
    required = inner.get("required")
    needed = required if isinstance(required, list) else []
    _tell_fields(sheet, kind, path, field.entries, inner, needed, deep=deep)


def _treated(kind: Kind, path: tuple[str, ...], field: Field) -> list[str]:
    """Whether a read shows it, where that is not plain, and what another value does."""
    back, then = read_back(kind, field), on_change(kind, path, field)
    return [*([f"read back: {back}"] if back else []), *([f"a change: {then}"] if then else [])]


def _tell_field(sheet: Sheet, kind: Kind, path: tuple[str, ...]) -> None:
    field, own = find(kind, path)
    name = f"{kind.provider}/{kind.name}.{'.'.join(path)}"
    sheet.line(Piece(safe(name), Look.HEAD), f" - {safe(str(own.get('description', '')))}")
    sheet.gap()
    for words in _words(field, own):
        sheet.line(safe(words), indent=2)
    shown = [] if field.refused else examples(own, f"{path[-1]}: ")
    for words in (*limits(own), *shown, *_treated(kind, path, field)):
        sheet.line(safe(words), indent=2)
    if field.entries:
        sheet.title("Fields of an entry" if "items" in own else "Its fields")
        inner = _inner(own)
        required = inner.get("required")
        needed = required if isinstance(required, list) else []
        _tell_fields(sheet, kind, path, field.entries, inner, needed, deep=2)


def find(kind: Kind, path: tuple[str, ...]) -> tuple[Field, JsonObject]:
    """The field at a path, and its schema. Raises UnknownField."""
    fields: Mapping[str, Field] = kind.fields
    schema: Mapping[str, Json] = kind.schema
    for step in path:
        if step not in fields:
            raise UnknownField(step, tuple(fields))
        field = fields[step]
        own = _schema_of(schema, step)
        fields, schema = field.entries, _inner(own)
    return field, own


def _inner(schema: JsonObject) -> JsonObject:
    """Where the fields of a set's entries, or of an object, stand."""
    items = schema.get("items", schema)
    return items if isinstance(items, dict) else {}


def _schema_of(schema: Mapping[str, Json], name: str) -> JsonObject:
    properties = schema.get("properties")
    found = properties.get(name) if isinstance(properties, dict) else None
    return found if isinstance(found, dict) else {}


def _words(field: Field, schema: JsonObject) -> list[str]:
    """What the field is and how it is treated, a few words each."""
    treated = {
        f"default {flow(schema.get('default'))}": "default" in schema,
        f"names a {field.ref}": field.ref,
        f"entries are told apart by {(' and ' if field.entry_parts else ' or ').join(field.keys)}": field.keys,
        f"the id of what `{field.pins}` names": field.pins,
        f"the key of a {field.mentions}, made first if it is declared": field.mentions,
        "the API's own, never sent": field.read_only,
        f"a file of the project, whose text is the value of `{field.file}`": field.file not in ("", BYTES),
        "a file of the project, compared by its sha256": field.file == BYTES,
        f"begins with the bytes {field.begins}": field.begins,
        "says which one it is where the key is not written": field.lookup,
        f"where a value goes that is shown once: {' or '.join(SINKS)}": field.sink,
        **_nested(field),
        "never sent": field.local and not (field.sink or field.file or field.lookup or field.nested),
        f"a secret reference: {' or '.join(SECRETS)}": field.write_only,
        f"the secret has {field.secret_rule.says if field.secret_rule else ''}": field.secret_rule,
        "grants access": field.access,
        "only the declared names count, and only those that differ are sent": field.merged,
    }
    if field.refused:
        return [f"cannot be managed: {field.refused}"]
    return [_type(field, schema), *(words for words, holds in treated.items() if holds)]


def _nested(field: Field) -> dict[str, bool]:
    """What is said of documents that are written inside this one."""
    if field.nested is None:
        return {}
    kind, given = field.nested.kind, " and ".join(f"`{name}`" for name in field.nested.given)
    return {
        f"each item is a {kind} of its own, as its bare spec or as {{metadata, spec}}": True,
        "its name is that of this document, a slash, and its key": True,
        f"{given} follow{'' if ' and ' in given else 's'} from this document": bool(given),
    }


def _type(field: Field, schema: JsonObject) -> str:
    if field.is_set:
        return "set of objects" if field.entries else "set"
    return type_words(schema) or " or ".join(field.type)


def _tell_example(sheet: Sheet, kind: Kind) -> None:
    given = kind.schema.get("examples")
    if not isinstance(given, list) or not given or not isinstance(given[0], dict):
        return
    sheet.title("Example")
    sheet.line(f"apiVersion: {safe(kind.provider)}/v1", indent=2)
    sheet.line(f"kind: {safe(kind.name)}", indent=2)
    sheet.line("metadata: {name: example}", indent=2)
    sheet.line("spec:", indent=2)
    for name, value in given[0].items():
        sheet.line(safe(f"{name}: {flow(value)}"), indent=4)
