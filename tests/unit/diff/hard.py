"""A made-up provider whose kinds are odd: a tree that can be renamed, things known only within a box, letters that
no list shows, and a set that goes over the wire whole."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from reconciler.diff import compare
from reconciler.model.catalog import Catalog
from reconciler.model.change import Change
from reconciler.model.document import Address, Desired, Document, Lifecycle, Target
from reconciler.model.json import Json
from reconciler.model.kind import Field, Kind, Prune, Rest, SetCalls, WriteCall
from reconciler.model.live import Collection, Live, Proof, Resource
from reconciler.model.place import Place
from reconciler.model.recorded import Bond, Recorded
from reconciler.providers.rest import VERBS
from tests.kept import changes_text, keep_in_test

AT = "far"
WHOLE = Proof(True, "test")
PRUNE = Prune("release", ("release", "archive", "delete"))
ROOM = Kind(
    "odd",
    "Room",
    "path",
    {"path": Field("path", normalise=("segments",), wire="/path")},
    {},
    tree=True,
    prune=PRUNE,
)
BOX = Kind("odd", "Box", "name", {"name": Field("name", wire="/name")}, {})
THING = Kind(
    "odd",
    "Thing",
    "key",
    {
        "box": Field("box", wire="/box", ref="Box", immutable="make it anew there"),
        "key": Field("key", wire="/key"),
        "above": Field("above", wire="/above", ref="Thing"),
        "size": Field("size", ("integer",), wire="/size"),
        "make": Field("make", wire="/make", replaces=True),
        "code": Field("code", ("object",), wire="/code", write_only=True),
    },
    {},
    scope=("box",),
)
POT = Kind(
    "odd",
    "Pot",
    "key",
    {"box": Field("box", wire="/box", ref="Box", replaces=True), "key": Field("key", wire="/key")},
    {},
    scope=("box",),
)
LETTER = Kind(
    "odd", "Letter", "title", {"title": Field("title", wire="/title")}, {}, findable=False, tokens=("send",)
)
CREW = Kind(
    "odd",
    "Crew",
    "name",
    {"name": Field("name", wire="/name"), "members": Field("members", ("array",), wire="/members", is_set=True)},
    {},
    rest=Rest(update=WriteCall("PUT /crews/{id}", "declared"), sets={"members": SetCalls(whole=True)}),
)
NAME = Field("name", wire="/name")
SHIFTS = Field("shifts", ("array",), wire="/shifts", is_set=True, entry_key="day", entries={
    "day": Field("day", wire="/day"), "box": Field("box", wire="/box", mentions="Box"),
})  # fmt: skip
ROTA = Kind(
    "odd",
    "Rota",
    "name",
    {
        "name": NAME,
        "box": Field("box", wire="/box", mentions="Box"),
        "best": Field("best", wire="/best", mentions="Box", replaces=True),
        "shifts": SHIFTS,
    },
    {},
)
KINDS = (ROOM, BOX, THING, POT, LETTER, CREW, ROTA)
CATALOG = Catalog({("odd", k.name): k for k in KINDS}, {("odd", k.name): VERBS for k in KINDS}, {})


def declared(
    kind: str, name: str, spec: Mapping[str, Json], *, allow: Sequence[str] = (), **words: Any
) -> Document:
    """A document; `allow` goes into its lifecycle."""
    life = Lifecycle(allow=frozenset(allow))
    place = Place(f"manifests/{name}.yaml")
    return Document(Address(AT, kind, name), "odd", dict(spec), place, lifecycle=life, **words)


def there(
    kind: str, remote_id: str, key: Json, parent: str | None = None, *, scope: Sequence[Json] = (), **fields: Json
) -> tuple[str, Resource]:
    """A live thing of a kind."""
    key_field = CATALOG.kind("odd", kind).key
    return kind, Resource(remote_id, key, {key_field: key, **fields}, str(key), parent, scope=tuple(scope))


def bound(kind: str, name: str, remote_id: str, **words: object) -> Bond:
    return Bond(Address(AT, kind, name), remote_id, **words)  # type: ignore[arg-type]


def told(
    documents: Sequence[Document],
    live: Sequence[tuple[str, Resource]] = (),
    bonds: Sequence[Bond] = (),
    recorded: Recorded | None = None,
    *,
    aside: Sequence[Document] = (),
    proof: Proof = WHOLE,
) -> dict[str, Change]:
    """What the comparison says, by the name in the address; in full it is kept beside this file."""
    collections = {
        (AT, k.name): Collection(k.name, tuple(r for kind, r in live if kind == k.name), proof) for k in KINDS
    }
    desired = Desired(tuple(documents), {AT: Target(AT, "odd")}, "digest", declared=(*documents, *aside))
    known = recorded or Recorded({b.address: b for b in bonds}, exists=True)
    found = compare(desired, Live(collections), known, CATALOG)
    keep_in_test(Path(__file__).with_name("changes.txt"), changes_text(found.changes))
    return {c.address.name: c for c in found.changes}


def rules(change: Change) -> list[str]:
    return [h.rule for h in change.holds]
