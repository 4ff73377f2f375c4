"""What has to be read of documents, part by part: their place in the lists, their access lists, their models."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Final

from reconciler.model.document import Document
from reconciler.model.json import Json, JsonObject
from reconciler.model.kind import Kind
from reconciler.model.live import Collection, Demand
from reconciler.model.plan import Call
from reconciler.model.record import Record, replace
from reconciler.model.recorded import Bond
from reconciler.providers.omni_analytics.folder_permissions import NO_ACCESS, PERMISSIONS
from reconciler.providers.omni_analytics.folder_whom import recorded, remembered

LISTED: Final = ("name", "folder", "scope", "owner", "labels")
"""The fields that a list of documents shows."""
MODEL: Final = "model"
PLACE, TRANSFER, ACCESS, ALIVE = "place", "transfer", "access", "alive"
"""The parts of a reading besides the model: the list, what else a change of owner wants to know, the access list,
whether there is such a document at all."""


class Part(Record, frozen=True):
    """One part of what is asked about one document. `folder`: where it lies, as far as anybody knows. `owner`: who
    is to own it; `settled`: whether he has a grant by now is no question any more. `pages`: how many the list of
    all has, 0 where nobody knows. `hidden`: principals whose grants no list may show (NO_ACCESS)."""

    part: str
    id: str
    folder: str | None = None
    owner: str | None = None
    settled: bool = False
    pages: int = 0
    hidden: tuple[str, ...] = ()

    @classmethod
    def of(cls, detail: JsonObject) -> Part:
        folder, owner, pages, hidden = (detail.get(n) for n in ("folder", "owner", "pages", "hidden"))
        return cls(
            str(detail["part"]),
            str(detail["id"]),
            folder if isinstance(folder, str) else None,
            owner if isinstance(owner, str) else None,
            detail.get("settled") is True,
            pages if isinstance(pages, int) else 0,
            tuple(map(str, hidden)) if isinstance(hidden, list) else (),
        )


def of_all(demand: Demand) -> bool:
    """Whether all documents are meant, whichever those are."""
    return any(d.get("everything") is True for d in demand.details)


def parts(demand: Demand, part: str) -> list[Part]:
    """What is asked for of one part."""
    return [Part.of(d) for d in demand.details if d.get("part") == part]


def asked_about(demand: Demand) -> list[str]:
    """Every document that is asked about, or is about to be written."""
    named = [str(d["id"]) for d in demand.details if "part" in d]
    return list(dict.fromkeys((*named, *demand.ids, *demand.fresh)))


def details(
    kind: Kind,
    documents: Sequence[Document],
    bonds: Sequence[Bond],
    others: Mapping[str, Collection],
) -> tuple[JsonObject, ...]:
    """Per document the parts that its declared fields make necessary, and no others (OA-R101)."""
    bond_of = {b.address: b for b in bonds}
    return tuple(
        {"key": document.spec[kind.key], "id": document.spec[kind.key], **part}
        for document in documents
        for part in _parts(kind, document, bond_of.get(document.address), others)
    )


def _parts(
    kind: Kind, document: Document, bond: Bond | None, others: Mapping[str, Collection]
) -> Iterator[JsonObject]:
    declared = [name for name in document.spec if not _ignored(document, name)]
    listed = [name for name in LISTED if name in declared]
    if listed:
        yield {
            "part": PLACE,
            "fields": list[Json](listed),
            "folder": _id_of(others, "Folder", document.spec.get("folder")),
            "pages": 0,
        }
    if "owner" in listed and (owner := _id_of(others, "User", document.spec["owner"])):
        yield {"part": TRANSFER, "fields": ["owner"], "owner": owner}
    if PERMISSIONS in declared:
        yield {"part": ACCESS, "fields": [PERMISSIONS], "hidden": list[Json](_hidden(kind, bond))}
    if MODEL in declared:
        yield {"part": MODEL, "fields": [MODEL]}
    if not {*listed, PERMISSIONS, MODEL} & {*declared}:
        yield {"part": ALIVE, "fields": []}


def _ignored(document: Document, name: str) -> bool:
    return bool({name, f"spec.{name}"} & document.lifecycle.ignore)


def _id_of(others: Mapping[str, Collection], kind: str, name: Json) -> str | None:
    """The id of the live thing that a document calls so."""
    there = others.get(kind)
    return there.names.get(name) if there is not None and isinstance(name, str) else None


def _hidden(kind: Kind, bond: Bond | None) -> list[str]:
    """Whom the ledger knows to have NO_ACCESS: a list may leave such a grant out (OA-R106)."""
    one = kind.fields[PERMISSIONS]
    return [p for p in sorted(recorded(bond)) if remembered(one, bond, p)[1] == NO_ACCESS]


def known(demand: Demand, places: Mapping[str, str | None], pages: int) -> tuple[JsonObject, ...]:
    """The details, with where each document lies and how long the list of all turned out to be (OA-R102)."""

    def one(detail: JsonObject) -> JsonObject:
        if detail.get("part") != PLACE:
            return detail
        folder = places.get(str(detail["id"]), detail.get("folder"))
        return {**detail, "folder": folder, "pages": pages or detail.get("pages", 0)}

    return tuple(one(d) for d in demand.details)


def narrow(kind: Kind, demand: Demand, ids: Sequence[str], pages: int) -> Demand:  # noqa: ARG001 - the verb's shape
    """The parts of these documents alone. Whether a new owner has a grant by now is not asked again."""
    wanted = tuple(sorted(set(ids)))
    found = tuple(_settled(d) for d in demand.details if d.get("id") in wanted)
    return replace(demand, details=found, fresh=wanted, ids=tuple(i for i in demand.ids if i in wanted))


def _settled(detail: JsonObject) -> JsonObject:
    return {**detail, "settled": True} if detail.get("part") == TRANSFER else detail


def showing(kind: Kind, demand: Demand, calls: Sequence[Call]) -> Demand:
    """The parts that show what these calls have written, in the folders that documents were moved to."""
    fields: dict[str, set[str]] = {}
    places: dict[str, str | None] = {}
    for call in calls:
        own = str(call.live_id)
        fields.setdefault(own, set()).update({*call.effect.fields, *([f] if (f := call.effect.set_field) else [])})
        if "folder" in call.effect.fields:
            to = call.effect.fields["folder"]
            places[own] = to if isinstance(to, str) else None
    least = narrow(kind, demand, [*fields], 0)
    found = (d for d in least.details if fields[str(d["id"])].intersection(_names(d)))
    told = (_as_sent(d, calls) if d["part"] == ACCESS else d for d in found)
    return replace(least, details=known(replace(least, details=tuple(told)), places, 0))


def _as_sent(detail: JsonObject, calls: Sequence[Call]) -> JsonObject:
    """What the list may leave out once these calls have worked."""
    sent = {str(i): wire.get("role") for c in calls if c.live_id == detail["id"] for i, wire in c.effect.present}
    was = [p for p in Part.of(detail).hidden if p not in sent]
    return {**detail, "hidden": [*was, *sorted(p for p, role in sent.items() if role == NO_ACCESS)]}


def _names(detail: JsonObject) -> Iterator[str]:
    names = detail.get("fields")
    yield from map(str, names if isinstance(names, list) else ())
