"""Schema files -> kinds. A word nobody knows, or one that points nowhere, is an error that names the file."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Final

from reconciler.load import events
from reconciler.load.access_words import kind_access
from reconciler.load.endpoints import rest
from reconciler.load.fields import STANDARD, fields, modes
from reconciler.load.kinds_across import across
from reconciler.load.refused import refused_kind, refuses
from reconciler.load.schema_file import SchemaFile
from reconciler.load.shipped import shipped
from reconciler.model.faults import ManifestInvalid
from reconciler.model.json import Json, JsonObject
from reconciler.model.kind import Field, Kind, Prune
from reconciler.model.lazily import Lazily
from reconciler.model.place import Place, Problem, SpecPath
from reconciler.model.record import replace

# fmt: off
KIND_WORDS: Final = frozenset({
    "x-key", "x-title", "x-source", "x-tree", "x-rename", "x-prune", "x-rest", "x-findable", "x-once",
    "x-makes", "x-remembered", "x-consents", "x-refused", "x-follows", "x-data",
    "x-access", "x-can", "x-joins",
})
# fmt: on
PRUNES: Final = ("release", "archive", "deactivate", "delete")
"""What leaving git may mean, each stronger than the one before."""
WAYS: Final = ("create", "update", "rename")
"""What can be done with a thing that is there to stay."""
_CONSENT: Final = re.compile(r"[a-z]{1,30}(-[a-z]{1,30}){0,5}")
_JOINS: Final = re.compile(rb"^x-joins: *(\w+)", re.MULTILINE)
_TOKEN: Final = re.compile(r"[a-z][A-Za-z0-9]{0,59}")


def load_kinds(folder: Path | None = None) -> dict[tuple[str, str], Kind]:
    """Every kind of a folder of schemas (default: the shipped ones), by provider and name.

    Raises ManifestInvalid with all problems of all schema files, FileNotFoundError where nothing is shipped.
    """
    root = folder or shipped("schemas")
    found: dict[tuple[str, str], Kind] = {}
    problems: list[Problem] = []
    sources: dict[tuple[str, str], SchemaFile] = {}
    for path in sorted(root.glob("*/*.yaml")):
        file = f"schemas/{path.parent.name}/{path.name}"
        kind, source = read_kind(path.read_bytes(), path.parent.name, path.stem, file)
        found[kind.provider, kind.name], sources[kind.provider, kind.name] = kind, source
    for key, kind in found.items():
        across(sources[key], kind, found)
        problems += sources[key].problems
    if problems:
        raise ManifestInvalid(problems)
    return {at: replace(kind, joined=_family(kind, found)) for at, kind in found.items()}


def kinds_as_needed() -> Mapping[tuple[str, str], Kind]:
    """The shipped kinds, each read when it is first asked for: a command rarely needs more than a few. What one
    file says of others is not looked at; `load_kinds` does that, and the shipped ones agree.

    Looking one up raises ManifestInvalid where its file is wrong. Raises FileNotFoundError where nothing is
    shipped.
    """
    paths = {(path.parent.name, path.stem): path for path in sorted(shipped("schemas").glob("*/*.yaml"))}
    joining: dict[str, dict[str, list[str]]] = {}

    def plain(provider: str, name: str) -> Kind:
        path = paths[provider, name]
        kind, source = read_kind(path.read_bytes(), provider, name, f"schemas/{provider}/{path.name}")
        if source.problems:
            raise ManifestInvalid(source.problems)
        return kind

    def whole(at: tuple[str, str]) -> Kind:
        provider, name = at
        if provider not in joining:
            joining[provider] = _joining([p for (owner, _), p in paths.items() if owner == provider])
        kind = plain(provider, name)
        joined = {one: plain(provider, one) for one in joining[provider].get(name, ())}
        return replace(kind, joined={name: kind, **joined}) if joined else kind

    return Lazily(paths, whole)


def _joining(paths: Sequence[Path]) -> dict[str, list[str]]:
    """Which kinds join another, by that other, as their files say in a line of their own."""
    found: dict[str, list[str]] = {}
    for path in paths:
        if line := _JOINS.search(path.read_bytes()):
            found.setdefault(line[1].decode(), []).append(path.stem)
    return found


def _family(kind: Kind, kinds: Mapping[tuple[str, str], Kind]) -> dict[str, Kind]:
    """The kinds that are written in the requests of this one, itself included; none where it stands alone."""
    here = {one.name: one for one in kinds.values() if one.provider == kind.provider}
    own = {name: one for name, one in here.items() if one.joins == kind.name}
    return {kind.name: kind, **own} if own else {}


def read_kind(data: bytes, provider: str, name: str, file: str) -> tuple[Kind, SchemaFile]:
    """One schema file, with its problems. Raises ManifestInvalid where it is not even a YAML mapping."""
    reading = events.read(data, file)
    schema = reading.documents[0].value if reading.documents else None
    if reading.problems or len(reading.documents) != 1 or not isinstance(schema, dict):
        one = Problem(Place(file), "a schema file is one mapping", rule="kind-schema")
        raise ManifestInvalid(reading.problems or (one,))
    source = SchemaFile(reading.documents[0].positions)
    return _kind(source, provider, name, schema), source


def _kind(source: SchemaFile, provider: str, name: str, schema: JsonObject) -> Kind:
    source.only(schema, (), STANDARD | KIND_WORDS)
    if source.text(schema, (), "title") != name:
        source.say(("title",), f"the title must be the file's name, {name}")
    if refuses(schema):
        return refused_kind(source, provider, name, schema)
    if schema.get("additionalProperties") is not False:
        source.say((), "additionalProperties must be false, or a misspelt field would go unnoticed")
    _no_lookups(source, schema, ())
    found = fields(source, schema)
    found |= {mode: replace(found[mode], local=True) for mode in modes(found)}
    *scope, key = _key(source, schema, found)
    kind = Kind(
        provider=provider,
        name=name,
        key=key,
        fields=found,
        schema=schema,
        rest=rest(source, schema, found),
        prune=_prune(source, schema),
        source=source.flag(schema, (), "x-source"),
        tree=bool(roots := _roots(source, schema)) or source.flag(schema, (), "x-tree"),
        roots=roots,
        rename=source.text(schema, (), "x-rename", "yes"),
        title=_named_field(source, schema, "x-title", found) if "x-title" in schema else "name",
        description=source.text(schema, (), "description"),
        scope=tuple(scope),
        findable="x-findable" not in schema or source.flag(schema, (), "x-findable"),
        tokens=_tokens(source, schema),
        makes=source.text(schema, (), "x-makes"),
        consents=_consents(source, schema),
        remembered=source.flag(schema, (), "x-remembered"),
        data=source.flag(schema, (), "x-data"),
        refused=source.text(schema, (), "x-refused"),
        access=kind_access(source, schema),
        follows=_follows(source, schema),
        joins=source.text(schema, (), "x-joins"),
    )
    _findable(source, kind)
    return replace(kind, abilities=tuple(abilities(kind, _said(source, schema, found))))


def _roots(source: SchemaFile, schema: JsonObject) -> str:
    """The kind whose things are the roots of a tree (`x-tree: Classification`); empty where it has its own."""
    return source.text(schema, (), "x-tree") if isinstance(schema.get("x-tree"), str) else ""


def _follows(source: SchemaFile, schema: JsonObject) -> dict[str, str]:
    """Kind -> the field that says which of its things is followed, empty for all of them (a plain list)."""
    if isinstance(schema.get("x-follows"), dict):
        return dict(source.texts_by_name(schema, (), "x-follows"))
    return dict.fromkeys(source.texts(schema, (), "x-follows"), "")


def _no_lookups(source: SchemaFile, node: Json, path: SpecPath) -> None:
    """`$ref` and its like, wherever they stand: a schema says all it has to say itself."""
    if isinstance(node, list):
        for i, item in enumerate(node):
            _no_lookups(source, item, (*path, i))
    for word, below in node.items() if isinstance(node, dict) else ():
        if word.startswith("$"):
            source.say((*path, word), f"`{word}` is not followed", "write the schema out")
        elif word not in {"examples", "default", "const", "enum"}:
            _no_lookups(source, below, (*path, word))


def _key(source: SchemaFile, schema: JsonObject, known: Mapping[str, Field]) -> tuple[str, ...]:
    """The fields that single a thing out, the key itself last; each must be written in every manifest, but for a
    key in whose place another field, or its default, may stand."""
    names = source.texts(schema, (), "x-key")
    if not names:
        source.say((), "x-key is missing")
    required = source.texts(schema, (), "required")
    for name in names:
        source.one_of(name, known, ("x-key",))
        if name not in required and not (name == names[-1] and _unwritten(schema, name, known)):
            source.say(("required",), f"the key '{name}' must be required")
    return names or ("",)


def _unwritten(schema: JsonObject, key: str, known: Mapping[str, Field]) -> bool:
    """Whether a key may be left out: another field stands in its place, or its default does."""
    properties = schema.get("properties")
    node = properties.get(key) if isinstance(properties, dict) else None
    return any(one.lookup for one in known.values()) or (isinstance(node, dict) and "default" in node)


def _named_field(source: SchemaFile, schema: JsonObject, word: str, known: Mapping[str, Field]) -> str:
    name = source.text(schema, (), word)
    source.one_of(name, known, (word,))
    return name


def _tokens(source: SchemaFile, schema: JsonObject) -> tuple[str, ...]:
    tokens = source.texts(schema, (), "x-once")
    for token in tokens:
        if not _TOKEN.fullmatch(token):
            source.say(("x-once",), f"'{token[:60]}' cannot be the name of a token", "write it as reissue")
    return tokens


def _consents(source: SchemaFile, schema: JsonObject) -> tuple[str, ...]:
    """Rules of this kind alone that a manifest may allow; they share their names with no way of removal."""
    words = source.texts(schema, (), "x-consents")
    for word in words:
        if not _CONSENT.fullmatch(word) or word in PRUNES:
            source.say(("x-consents",), f"'{word[:60]}' cannot be the name of a consent", "write it as past")
    return words


def _said(source: SchemaFile, schema: JsonObject, known: Mapping[str, Field]) -> tuple[str, ...]:
    """What a kind can do by its own word, since it writes by itself and its endpoints do not tell."""
    words = source.texts(schema, (), "x-can")
    for word in words:
        source.one_of(word, [*WAYS, *(name for name, one in known.items() if one.is_set)], ("x-can",))
    return words


def _findable(source: SchemaFile, kind: Kind) -> None:
    """What no list shows is read by its id alone."""
    if not kind.findable and kind.rest.list is not None:
        source.say(("x-findable",), "a kind that no read can find has no list", "take x-rest.list out")


def _prune(source: SchemaFile, schema: JsonObject) -> Prune:
    node = source.mapping(schema, (), "x-prune")
    if not node:
        return Prune()
    path = ("x-prune",)
    source.only(node, path, ("default", "allowed", "keepLast"))
    allowed = source.texts(node, path, "allowed") or ("release",)
    for word in allowed:
        source.one_of(word, PRUNES, (*path, "allowed"))
    default = source.text(node, path, "default", "release")
    source.one_of(default, allowed, (*path, "default"))
    return Prune(default, allowed, source.flag(node, path, "keepLast"))


def abilities(kind: Kind, said: Sequence[str] = ()) -> Iterator[str]:
    """What can be done with a kind, as words: what its schema says (`said`), else what its endpoints allow; and
    what leaving git may mean."""
    if kind.source:
        yield "refer"
        return
    yield from said or _by_endpoints(kind)
    yield from (word for word in PRUNES[1:] if word in kind.prune.allowed)


def _by_endpoints(kind: Kind) -> Iterator[str]:
    if kind.rest.create:
        yield "create"
    if kind.rest.update:
        yield "update"
        if kind.rename in {"yes", "consent"}:
            yield "rename"
    yield from _sets(kind)


def _sets(kind: Kind) -> Iterator[str]:
    """Sets whose entries come and go, by endpoints of their own or with the thing itself."""
    writes = kind.rest.create or kind.rest.update or kind.rest.sets
    for name, one in kind.fields.items():
        fixed = one.read_only or one.local or one.immutable or one.refused or one.nested
        if name in kind.rest.sets or (writes and one.is_set and one.entries and not fixed):
            yield name
