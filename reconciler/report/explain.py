"""A kind, or one of its fields, explained from its schema: what it is, what it may hold, how it is treated."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping

from reconciler.model.json import Json, JsonObject
from reconciler.model.kind import Field, Kind
from reconciler.model.record import Record, field
from reconciler.report.escape import safe
from reconciler.report.explain_change import FIXED, fixed, on_change, read_back, renaming
from reconciler.report.kinds import can, known_by, leaving, never, observed
from reconciler.report.schema_words import UnknownField, a, examples, flow, limits, type_words
from reconciler.report.style import Look, Piece, Sheet, Style

BYTES = "bytes"
"""The word of a field whose value is a file itself."""
SINKS = ("{toFile: path}", "{toKeyring: name}", "{toCommand: name}")
SECRETS = (
    "{fromEnv: NAME, version: 1}",
    "{fromFile: path, version: 1}",
    "{fromKeyring: name, version: 1}",
    "{fromCommand: name, version: 1}",
)


class Page(Record, frozen=True):
    """What is being written, and of which kind. `notes`: remedies that stand at several fields, and would be
    repeated, with their numbers."""

    sheet: Sheet
    kind: Kind
    notes: Mapping[str, int] = field(default_factory=dict)


def explain_text(kind: Kind, path: tuple[str, ...], style: Style) -> str:
    """The kind (`path` empty) or the field at `path`, e.g. `("members", "isPrimary")`. Raises UnknownField."""
    sheet = Sheet(style)
    if path:
        _tell_field(Page(sheet, kind), path)
    else:
        _tell_kind(Page(sheet, kind, {text: n for n, text in enumerate(_repeated(kind), 1)}))
    return sheet.text()


def _repeated(kind: Kind) -> list[str]:
    """The remedies of what is fixed that stand at more than one field, in their order."""
    found = Counter(text for path in _paths(kind.fields) if (text := fixed(kind, path)))
    return [text for text, times in found.items() if times > 1]


def _paths(fields: Mapping[str, Field], above: tuple[str, ...] = ()) -> Iterator[tuple[str, ...]]:
    for name, one in fields.items():
        yield (*above, name)
        yield from _paths(one.entries, (*above, name))


def _tell_kind(page: Page) -> None:
    sheet, kind = page.sheet, page.kind
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
    _tell_fields(page, (), kind.fields, kind.schema, required if isinstance(required, list) else [])
    if page.notes:
        sheet.title("Fixed once created")
    for text, number in page.notes.items():
        sheet.line(f"[{number}] {safe(text)}", indent=2, hang=4)
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
        sheet.line(f"creating one brings about {a(safe(kind.makes))} with the same key, to which others may refer")


def _tell_fields(
    page: Page,
    above: tuple[str, ...],
    fields: Mapping[str, Field],
    schema: Mapping[str, Json],
    required: list[Json],
    deep: int = 2,
) -> None:
    sheet = page.sheet
    for name, one in fields.items():
        own, path = schema_of(schema, name), (*above, name)
        words = [
            *(["required"] if name in required else []),
            *_words(one, own),
            *limits(own),
            *([] if one.refused else examples(own)[:1]),
        ]
        sheet.line(Piece(safe(name), Look.HEAD), f"  {safe(', '.join(words))}", indent=deep)
        sheet.line(safe(str(own.get("description", ""))), indent=deep + 4, hang=0)
        for line in _treated(page, path):
            sheet.line(Piece(safe(line), Look.QUIET), indent=deep + 4, hang=2)
        if one.entries:
            _tell_inner(page, path, one, own, deep + 4)


def _tell_inner(page: Page, path: tuple[str, ...], outer: Field, own: JsonObject, deep: int) -> None:
    below = inner(own)
    required = below.get("required")
    needed = required if isinstance(required, list) else []
    _tell_fields(page, path, outer.entries, below, needed, deep=deep)


def _treated(page: Page, path: tuple[str, ...]) -> list[str]:
    """Whether a read shows it, where that is not plain, and what another value does."""
    back, then = read_back(page.kind, path), on_change(page.kind, path)
    number = page.notes.get(fixed(page.kind, path))
    then = f"{FIXED}: see [{number}]" if number else then
    return [*([f"read back: {back}"] if back else []), *([f"a change: {then}"] if then else [])]


def _tell_field(page: Page, path: tuple[str, ...]) -> None:
    sheet, kind = page.sheet, page.kind
    one, own = find(kind, path)
    name = f"{kind.provider}/{kind.name}.{'.'.join(path)}"
    sheet.line(Piece(safe(name), Look.HEAD), f" - {safe(str(own.get('description', '')))}")
    sheet.gap()
    for words in _words(one, own):
        sheet.line(safe(words), indent=2)
    shown = [] if one.refused else examples(own, f"{path[-1]}: ")
    for words in (*limits(own), *shown, *_treated(page, path)):
        sheet.line(safe(words), indent=2)
    if one.entries:
        sheet.title("Fields of an entry" if "items" in own else "Its fields")
        _tell_inner(page, path, one, own, 2)


def find(kind: Kind, path: tuple[str, ...]) -> tuple[Field, JsonObject]:
    """The field at a path, and its schema. Raises UnknownField."""
    fields: Mapping[str, Field] = kind.fields
    schema: Mapping[str, Json] = kind.schema
    for step in path:
        if step not in fields:
            raise UnknownField(step, tuple(fields))
        found = fields[step]
        own = schema_of(schema, step)
        fields, schema = found.entries, inner(own)
    return found, own


def inner(schema: JsonObject) -> JsonObject:
    """Where the fields of a set's entries, or of an object, stand."""
    items = schema.get("items", schema)
    return items if isinstance(items, dict) else {}


def schema_of(schema: Mapping[str, Json], name: str) -> JsonObject:
    """What a schema says of one of its fields."""
    properties = schema.get("properties")
    found = properties.get(name) if isinstance(properties, dict) else None
    return found if isinstance(found, dict) else {}


def _words(one: Field, schema: JsonObject) -> list[str]:
    """What the field is and how it is treated, a few words each."""
    treated = {
        f"default {flow(schema.get('default'))}": "default" in schema,
        f"names {a(one.ref or '')}": one.ref,
        f"entries are told apart by {(' and ' if one.entry_parts else ' or ').join(one.keys)}": one.keys,
        f"also as a mapping, {one.entry_key}: {one.entry_value}": one.entry_value,
        f"each name in it is that of {a(one.names or '')}": one.names,
        f"the id of what `{one.pins}` names": one.pins,
        f"the key of {a(one.mentions or '')}, made first if it is declared": one.mentions,
        "the API's own, never sent": one.read_only,
        f"a file of the project, whose text is the value of `{one.file}`": one.file not in ("", BYTES),
        "a file of the project, compared by its sha256": one.file == BYTES,
        f"begins with the bytes {one.begins}": one.begins,
        "says which one it is where the key is not written": one.lookup,
        f"where a value goes that is shown once: {' or '.join(SINKS)}": one.sink,
        **_nested(one),
        "never sent": one.local and not (one.sink or one.file or one.lookup or one.nested),
        f"a secret reference: {' or '.join(SECRETS)}": one.write_only,
        f"the secret has {one.secret_rule.says if one.secret_rule else ''}": one.secret_rule,
        "grants access": one.access,
        "only the declared names count, and only those that differ are sent": one.merged,
    }
    if one.refused:
        return [f"cannot be managed: {one.refused}"]
    return [kind_of_value(one, schema), *(words for words, holds in treated.items() if holds)]


def _nested(one: Field) -> dict[str, bool]:
    """What is said of documents that are written inside this one."""
    if one.nested is None:
        return {}
    kind, given = one.nested.kind, " and ".join(f"`{name}`" for name in one.nested.given)
    short = "its key alone, as " if one.nested.short else ""
    return {
        f"each item is {a(kind)} of its own, as {short}its bare spec or as {{metadata, spec}}": True,
        "its name is that of this document, a slash, and its key": True,
        f"{given} follow{'' if ' and ' in given else 's'} from this document": bool(given),
    }


def kind_of_value(one: Field, schema: JsonObject) -> str:
    """`string`, `set of objects`, `one of full, observe`."""
    if one.is_set:
        return "set of objects" if one.entries else "set"
    return type_words(schema) or " or ".join(one.type)


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
