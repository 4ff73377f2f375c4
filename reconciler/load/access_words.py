"""`x-access`: the word of a schema that says who gets what by a field, and what a kind has to do with access."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Final

from reconciler.load.schema_file import SchemaFile
from reconciler.model.access import EVERYTHING
from reconciler.model.json import Json, JsonObject
from reconciler.model.kind import EVERYBODY, ITSELF, THIS, Field, FieldAccess, Kind, KindAccess
from reconciler.model.place import SpecPath

WORD: Final = "x-access"
FIELD_WORDS: Final = (
    "who", "role", "roleFrom", "on", "kind", "flags", "when", "member", "reaches", "inherits", "place", "opens",
)  # fmt: skip
KIND_WORDS: Final = ("person", "roles", "nothing", "alike", "inherits", "assumed", "unseen")


def field_access(source: SchemaFile, node: JsonObject, path: SpecPath) -> tuple[bool, FieldAccess | None]:
    """Whether a change of the field is one of access, and what it says of it; None where it only says that."""
    if not isinstance(node.get(WORD), dict):
        return source.flag(node, path, WORD), None
    word, at = source.mapping(node, path, WORD), (*path, WORD)
    source.only(word, at, FIELD_WORDS)
    found = FieldAccess(
        who=source.texts(word, at, "who") or (ITSELF,),
        role=source.text(word, at, "role"),
        role_from=source.text(word, at, "roleFrom"),
        on=source.texts(word, at, "on") or (THIS,),
        kind=source.text(word, at, "kind"),
        flags=source.texts(word, at, "flags"),
        when=_when(source.mapping(word, at, "when")),
        member=source.flag(word, at, "member"),
        reaches=source.flag(word, at, "reaches"),
        inherits=source.flag(word, at, "inherits"),
        place=source.flag(word, at, "place"),
        opens="opens" not in word or source.flag(word, at, "opens"),
    )
    if bool(found.role) + bool(found.role_from) + found.inherits != 1:
        source.say(at, "one of `role`, `roleFrom` and `inherits: true` was expected")
    return found.opens, found


def _when(node: JsonObject) -> dict[str, tuple[Json, ...]]:
    return {name: tuple(values) if isinstance(values, list) else (values,) for name, values in node.items()}


def kind_access(source: SchemaFile, schema: JsonObject) -> KindAccess:
    """What stands under the kind's own `x-access`."""
    word, at = source.mapping(schema, (), WORD), (WORD,)
    source.only(word, at, KIND_WORDS)
    inherits = source.flag(word, at, "inherits")
    if "assumed" in word and not inherits:
        source.say((*at, "assumed"), "is the id of an assumption about `inherits: true`")
    return KindAccess(
        person=source.flag(word, at, "person"),
        roles=source.texts(word, at, "roles"),
        nothing=source.texts(word, at, "nothing"),
        alike=source.texts_by_name(word, at, "alike"),
        inherits=inherits,
        assumed=source.text(word, at, "assumed"),
        unseen=source.texts(word, at, "unseen"),
    )


def access_problems(source: SchemaFile, kind: Kind, kinds: Iterable[str]) -> None:
    """Whether every name in `x-access` leads somewhere. `kinds`: those of the same provider."""
    known = list(kinds)
    if kind.access.inherits and not kind.tree:
        source.say((WORD, "inherits"), "only a tree has a thing above each other one")
    for one in kind.fields.values():
        if one.gives is None:
            continue
        at: SpecPath = ("properties", one.name, WORD)
        names = _names(one, kind.fields)
        for word, said, besides in (
            ("who", one.gives.who, (ITSELF, EVERYBODY)),
            ("roleFrom", (one.gives.role_from or ITSELF,), (ITSELF,)),
            ("on", one.gives.on, (ITSELF, THIS, EVERYTHING)),
            ("flags", one.gives.flags, ()),
            ("when", one.gives.when, ()),
        ):
            for name in said:
                source.one_of(name, (*names, *besides), (*at, word))
        if one.gives.kind:
            source.one_of(one.gives.kind, known, (*at, "kind"))
        if one.gives.inherits and not (one.ref or one.gives.kind):
            source.say((*at, "inherits"), "nobody says which thing the value names", "add x-ref")


def _names(one: Field, fields: Mapping[str, Field]) -> list[str]:
    """What may be named: the subfields of an entry, the fields beside it, and those in one, as `subject.user`."""
    return [*one.entries, *fields, *(f"{n}.{sub}" for n, field in fields.items() for sub in field.entries)]
