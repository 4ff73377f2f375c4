"""Directories as short expressions: live ones, changes of them, and what goes along in which request."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from reconciler.model.change import Change, Value, Verb
from reconciler.model.document import Address, Document
from reconciler.model.json import Json
from reconciler.model.live import Resource
from reconciler.model.place import Place
from reconciler.model.plan import Call, Role
from reconciler.providers.omn_core import directory
from tests.world import catalog

DIRECTORY = catalog().kind("omn-core", "Directory")
T = "core"


def live(
    tid: str, path: str, parent: str = "", *, rnc: str = "MAM", children: int = 0, values: Json = None
) -> Resource:
    """A directory as `parse` gives it. `values`: as far as the server shows any."""
    chain: list[Json] = list(path.split("/"))
    fields: dict[str, Json] = {"path": chain, "name": chain[-1], "parent": parent, "rnc": rnc}
    if values is not None:
        fields["attributes"] = values
    return Resource(tid, chain, fields, path, parent or None, {"children": children}, scope=(rnc,))


def new(name: str, path: str, parent: Value = None, *, rnc: str = "MAM", **values: Json) -> Change:
    wire: dict[str, Value] = {"attributes": dict(values)} if values else {}
    key: Json = list(path.split("/"))
    return Change(Verb.CREATE, Address(T, "Directory", name), key=key, parent=parent, scope=(rnc,), wire=wire)


def inside(name: str) -> Value:
    """The id of what that document is to make."""
    return {"$id": f"{T}/Directory/{name}"}


def changed(name: str, was: Resource, path: str | None = None, parent: Value = "same", **values: Json) -> Change:
    """`path`: another one; `parent`: the id of what it is to lie in."""
    names = ({"path"} if path else set()) | ({"attributes"} if values else set())
    return Change(
        Verb.RENAME if path else Verb.UPDATE,
        Address(T, "Directory", name),
        live=was,
        key=list(path.split("/")) if path else was.key,
        label=path or was.label,
        changed=frozenset(names),
        wire={"attributes": dict(values)} if values else {},
        parent=was.parent if parent == "same" else parent,
        scope=was.scope,
    )


def doomed(name: str, was: Resource) -> Change:
    at = Address(T, "Directory", name)
    return Change(Verb.DELETE, at, live=was, key=was.key, parent=was.parent, was_made=True, scope=was.scope)


def document(name: str, path: str, values: Mapping[str, Json] | None = None, **metadata: object) -> Document:
    spec: dict[str, Json] = {"rnc": "MAM", "path": path}
    if values is not None:
        spec["attributes"] = dict(values)
    return Document(Address(T, "Directory", name), "omn-core", spec, Place("d.yaml"), **metadata)  # type: ignore[arg-type]


def told(changes: Sequence[Change]) -> list[list[str]]:
    """What goes along in each request, and the readings between; and that the bound agrees."""
    calls = directory.calls(DIRECTORY, changes)
    sent = [c for c in calls if c.sent]
    assert directory.bound(DIRECTORY, changes) == len(sent)
    return [[c.summary] if c.role is Role.FIND else [_short(r) for r in calls if r.carrier == c.id] for c in sent]


def bodies(*changes: Change) -> list[Json]:
    return [c.body for c in directory.calls(DIRECTORY, changes) if c.carrier]


def _short(call: Call) -> str:
    return call.summary.replace("Directory ", "")
