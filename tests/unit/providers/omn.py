"""Keywords as short expressions: live ones, changes of them, and what a schedule looks like."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from reconciler.model.change import Change, Delta, Entry, Value, Verb
from reconciler.model.document import Address, Document
from reconciler.model.json import Json
from reconciler.model.live import Resource
from reconciler.model.place import Place
from reconciler.model.plan import Call
from reconciler.providers.omn_core import keyword
from tests.world import catalog

KEYWORD = catalog().kind("omn-core", "Keyword")
LOCALE = catalog().kind("omn-core", "Locale")
T = "core"


def live(
    remote_id: str, path: str, parent: str = "", assets: int = 0, children: int = 0, **labels: str
) -> Resource:
    """A keyword as `parse` gives it."""
    chain: list[Json] = list(path.split("/"))
    known: list[Json] = [{"locale": k, "text": v} for k, v in labels.items()]
    fields: dict[str, Json] = {"path": chain, "value": chain[-1], "parent": parent, "labels": known}
    contents = {"children": children, "linked assets": assets}
    return Resource(remote_id, chain, fields, path, parent or None, contents)


def new(name: str, path: str, parent: Value = None, **labels: str) -> Change:
    return Change(
        Verb.CREATE, Address(T, "Keyword", name), key=list(path.split("/")), parent=parent, deltas=delta(labels)
    )


def changed(name: str, was: Resource, path: str | None = None, parent: Value = "same", **labels: str) -> Change:
    """`path`: another one; `parent`: the id of another parent."""
    key: Json = list(path.split("/")) if path else was.key
    return Change(
        Verb.RENAME if path else Verb.UPDATE,
        Address(T, "Keyword", name),
        live=was,
        key=key,
        label=path or was.label,
        changed=frozenset({"path"} if path else ()),
        parent=was.parent if parent == "same" else parent,
        deltas=delta(labels),
    )


def doomed(name: str, was: Resource) -> Change:
    return Change(
        Verb.DELETE, Address(T, "Keyword", name), live=was, key=was.key, parent=was.parent, was_made=True
    )


def delta(labels: Mapping[str, str]) -> dict[str, Delta]:
    entries = tuple(Entry(k, k, {"locale": k, "text": v}) for k, v in labels.items())
    return {"labels": Delta(add=entries)} if entries else {}


def document(name: str, path: str, labels: Mapping[str, str] | None = None, **metadata: object) -> Document:
    spec: dict[str, Json] = {"path": path}
    if labels is not None:
        spec["labels"] = [{"locale": k, "text": v} for k, v in labels.items()]
    return Document(Address(T, "Keyword", name), "omn-core", spec, Place("k.yaml"), **metadata)  # type: ignore[arg-type]


def told(changes: Sequence[Change]) -> list[list[str]]:
    """What goes along in each request that is sent for certain, request by request, and that the bound agrees."""
    calls = keyword.calls(KEYWORD, changes)
    carriers = [c for c in calls if c.sent and not c.contingent]
    assert keyword.bound(KEYWORD, changes) == len(carriers)
    assert all(c.carrier for c in calls if not c.sent)
    return [[_short(r) for r in calls if r.carrier == c.id] for c in carriers]


def _short(call: Call) -> str:
    return call.summary.replace("Keyword ", "")
