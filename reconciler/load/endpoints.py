"""The `x-rest` word of a schema -> the endpoints of a kind."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Final

from reconciler.load.schema_file import SchemaFile
from reconciler.model.json import JsonObject
from reconciler.model.kind import Field, ListCall, Page, Rest, SetCalls, WriteCall
from reconciler.model.place import SpecPath

_WORDS: Final = ("id", "list", "read", "create", "update", "delete", "sets", "contents")
_LIST: Final = ("call", "items", "page", "query", "by", "after")
_READ: Final = ("call", "when", "fresh")
_WRITE: Final = ("call", "body", "query", "answer", "id", "refused", "verify", "media", "repeat")
_VERBS: Final = ("add", "change", "remove")
_CALL: Final = re.compile(r"(GET|POST|PUT|PATCH|DELETE) /[^\s?#]*")
_AT: Final[SpecPath] = ("x-rest",)


def rest(source: SchemaFile, schema: JsonObject, fields: Mapping[str, Field]) -> Rest:
    """All endpoints; a schema without the word has none, and a module of its own must do everything."""
    node = source.mapping(schema, (), "x-rest")
    source.only(node, _AT, _WORDS)
    writes = {verb: _write(source, node, _AT, verb, fields) for verb in ("create", "update", "delete")}
    read, when, fresh = _read(source, node, fields)
    return Rest(
        id=_pointer(source, node, _AT, "id", "/id"),
        list=_list(source, node, fields),
        read=read,
        when=when,
        fresh=fresh,
        create=writes["create"],
        update=writes["update"],
        delete=writes["delete"],
        sets=_sets(source, node, fields),
        contents=source.texts_by_name(node, _AT, "contents"),
    )


def _read(
    source: SchemaFile, rest_node: JsonObject, fields: Mapping[str, Field]
) -> tuple[str | None, tuple[str, ...], bool]:
    """The call that reads one thing, the fields for which that is needed, and whether a write needs it too."""
    if not isinstance(rest_node.get("read"), dict):
        call = source.text(rest_node, _AT, "read") or None
        return (_call(source, call, (*_AT, "read")) if call else None), (), False
    node, path = source.mapping(rest_node, _AT, "read"), (*_AT, "read")
    source.only(node, path, _READ)
    when = source.texts(node, path, "when")
    for name in when:
        source.one_of(name, fields, (*path, "when"))
    call = _call(source, source.text(node, path, "call"), (*path, "call"))
    return call, when, source.flag(node, path, "fresh")


def _list(source: SchemaFile, rest_node: JsonObject, fields: Mapping[str, Field]) -> ListCall | None:
    if "list" not in rest_node:
        return None
    node, path = source.mapping(rest_node, _AT, "list"), (*_AT, "list")
    source.only(node, path, _LIST)
    page = source.text(node, path, "page", Page.NONE.value)
    by = source.texts(node, path, "by")
    for name in by:
        source.one_of(name, fields, (*path, "by"))
    return ListCall(
        call=_call(source, source.text(node, path, "call"), (*path, "call")),
        items=_pointer(source, node, path, "items", ""),
        page=Page(page) if source.one_of(page, [p.value for p in Page], (*path, "page")) else Page.NONE,
        query=source.texts_by_name(node, path, "query"),
        by=by,
        after=source.texts(node, path, "after"),
    )


def _sets(source: SchemaFile, rest_node: JsonObject, fields: Mapping[str, Field]) -> dict[str, SetCalls]:
    node, path = source.mapping(rest_node, _AT, "sets"), (*_AT, "sets")
    found: dict[str, SetCalls] = {}
    for name in node:
        verbs, below = source.mapping(node, path, name), (*path, name)
        if source.one_of(name, [n for n, f in fields.items() if f.is_set], below):
            source.only(verbs, below, (*_VERBS, "whole"))
            entry, whole = fields[name].entries, source.flag(verbs, below, "whole")
            if whole and len(verbs) > 1:
                source.say((*below, "whole"), "a set that goes whole has no calls of its own", "take them out")
            add, change, remove = (_write(source, verbs, below, verb, entry) for verb in _VERBS)
            found[name] = SetCalls(add, change, remove, whole)
    return found


def _write(
    source: SchemaFile, above: JsonObject, path: SpecPath, verb: str, fields: Mapping[str, Field]
) -> WriteCall | None:
    if verb not in above:
        return None
    node, path = source.mapping(above, path, verb), (*path, verb)
    source.only(node, path, _WRITE)
    query = source.texts_by_name(node, path, "query")
    _subfields(source, query.values(), fields, (*path, "query"))
    refused = source.texts(node, path, "refused")
    for fallback in refused:
        source.one_of(fallback, _VERBS, (*path, "refused"))
    verify = source.text(node, path, "verify", "answer")
    source.one_of(verify, ("answer", "always"), (*path, "verify"))
    return WriteCall(
        call=_call(source, source.text(node, path, "call"), (*path, "call")),
        body=_body(source, node, path, fields),
        query=query,
        answer=_pointer(source, node, path, "answer", "") if "answer" in node else None,
        id=_pointer(source, node, path, "id", "/id"),
        refused=refused,
        verify=verify,
        media=source.text(node, path, "media", "json"),
        repeat="repeat" not in node or source.flag(node, path, "repeat"),
    )


def _body(
    source: SchemaFile, node: JsonObject, path: SpecPath, fields: Mapping[str, Field]
) -> str | Mapping[str, str]:
    if isinstance(node.get("body"), dict):
        names = source.texts_by_name(node, path, "body")
        _subfields(source, names.values(), fields, (*path, "body"))
        return names
    word = source.text(node, path, "body", "none")
    source.one_of(word, ("declared", "changed", "none"), (*path, "body"))
    return word


def _subfields(source: SchemaFile, names: Iterable[str], fields: Mapping[str, Field], path: SpecPath) -> None:
    for name in names:
        source.one_of(name, fields, path)


def _call(source: SchemaFile, call: str, path: SpecPath) -> str:
    if not _CALL.fullmatch(call):
        source.say(path, f"'{call[:80]}' is no call", "write it as `METHOD /path`")
    return call


def _pointer(source: SchemaFile, node: JsonObject, path: SpecPath, word: str, default: str) -> str:
    pointer = source.text(node, path, word, default)
    if pointer and not pointer.startswith("/"):
        source.say((*path, word), f"'{pointer[:80]}' is no JSON pointer", "it begins with a slash, or is empty")
    return pointer
