"""Kinds, demands and changes as short expressions."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from reconciler.model.call import Request
from reconciler.model.change import Change, Delta, Entry, Value, Verb
from reconciler.model.document import Address, Document
from reconciler.model.json import Json
from reconciler.model.kind import Field, Kind, ListCall, Page, Rest, SetCalls, WriteCall
from reconciler.model.live import Demand, Resource
from reconciler.model.place import Place
from reconciler.model.plan import Call
from reconciler.model.record import replace
from tests.world import catalog

LABEL = catalog().kind("omni-analytics", "Label")
FOLDER = catalog().kind("omni-analytics", "Folder")
PERSON = catalog().kind("omni-analytics", "User")
TEAM = catalog().kind("studio-tracker", "ClientTeam")
COLLEAGUE = catalog().kind("studio-tracker", "User")

T = "here"


def things(page: Page, items: str) -> Kind:
    """An ordinary kind with a paged list."""
    fields = {"name": Field("name", wire="/name"), "size": Field("size", ("integer",), "/size")}
    rest = Rest(
        list=ListCall("GET /things", items, page, {"count": "3"}),
        create=WriteCall("POST /things", "declared", answer="/thing", id="/thing/id"),
        update=WriteCall("PATCH /things/{id}", "declared"),
        contents={"uses": "/uses"},
    )
    return Kind("sample", "Thing", "name", fields, {}, rest)


CURSOR = things(Page.CURSOR, "/records")
SCIM = things(Page.SCIM, "/Resources")
WHOLE = things(Page.NONE, "")

CREW = replace(
    LABEL,
    fields={
        **LABEL.fields,
        "members": Field(
            "members", ("array",), "/members", is_set=True, entry_key="user",
            entries={"user": Field("user", wire="/userId")},
        ),
    },
    rest=replace(
        LABEL.rest, sets={"members": SetCalls(add=WriteCall("POST /v1/labels/{id}/members", {"userId": "user"}))}
    ),
)  # fmt: skip
"""Known by its name, which is its id too, and with a set."""


def demand(kind: Kind, **words: object) -> Demand:
    return Demand(T, kind.name, **words)  # type: ignore[arg-type]


def asked(request: Request | Call) -> str:
    """`/path?query` without the method."""
    return (request.line if isinstance(request, Call) else str(request)).split(" ", 1)[1]


def live(kind: Kind, key: str, remote_id: str = "", /, **fields: Json) -> Resource:
    own = remote_id or (key if kind.rest.id == kind.key_field.wire else f"id-{key}")
    return Resource(own, key, {kind.key: key, **fields}, key)


def change(
    kind: Kind,
    who: str,
    /,
    *,
    was: str | None = None,
    to: str | None = None,
    delete: bool = False,
    changed: Iterable[str] = (),
    deltas: Mapping[str, Delta] | None = None,
    **wire: Value,
) -> Change:
    """`was`: the live key. `to`: the desired key; another one than `was` is a rename."""
    verb = Verb.DELETE if delete else Verb.CREATE if was is None else Verb.RENAME if to else Verb.UPDATE
    key = to or was or who
    renamed = {kind.key} if was is not None and to is not None else set()
    return Change(
        verb,
        Address(T, kind.name, who),
        live=live(kind, was) if was is not None else None,
        key=key,
        label=key,
        wire={kind.key: key, **wire},
        changed=frozenset({*changed, *renamed}),
        deltas=deltas or {},
    )


def member(user: str, **wire: Value) -> Entry:
    return Entry(f"{user}@example.com", user, {"user": user, **wire})


def named(calls: Iterable[Call]) -> dict[str, Call]:
    """By what stands after the kind: `a#update`."""
    return {short(c.id): c for c in calls}


def short(call_id: str) -> str:
    return call_id.split("/", 2)[2]


def shorts(ids: Iterable[str]) -> set[str]:
    return {short(i) for i in ids}


def document(kind: Kind, name: str, /, **spec: Json) -> Document:
    return Document(Address(T, kind.name, name), kind.provider, spec, Place(f"{name}.yaml"))
