"""Which lists of models are read, and the models that they show (OA-R160, OA-R162)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from reconciler.model.call import Request
from reconciler.model.document import Document
from reconciler.model.json import Json, JsonObject, Missing, pick
from reconciler.model.kind import Kind
from reconciler.model.live import Collection, Demand, Replies, Resource
from reconciler.model.plan import Call
from reconciler.model.record import replace
from reconciler.model.recorded import Bond
from reconciler.providers.omni_analytics.model_check import EXTENSION, KINDS, SCHEMA, SHARED, UNNAMED
from reconciler.providers.rest.parse import proof, unique
from reconciler.providers.rest.reads import further, get, records, unasked


def details(
    kind: Kind,  # noqa: ARG001 - the verb's shape
    documents: Sequence[Document],
    bonds: Sequence[Bond],  # noqa: ARG001 - the verb's shape
    others: Mapping[str, Collection],
) -> tuple[JsonObject, ...]:
    """Each declared model that needs its connection's schema model, should it have to be made."""
    ids = others["Connection"].names if "Connection" in others else {}
    return tuple(
        {
            "model": d.spec.get("name"),
            "of": d.spec.get("modelKind"),
            "connection": ids.get(str(d.spec["connection"])),
        }
        for d in documents
        if d.spec.get("modelKind") in (SHARED, EXTENSION)
    )


def reads(kind: Kind, demand: Demand, replies: Replies) -> list[Request]:
    """One list per kind of model that is declared, recorded or named, to its end; where a name is not among the
    shared ones, the extensions; where a declared one is to be made, the schema models (OA-R160)."""
    firsts = [_list(kind, demand, what) for what in _kinds(demand)]
    pages = unasked([*firsts, *further(kind, replies)], replies)
    if pages:
        return pages
    found = {(r.fields.get("modelKind"), r.scope, r.key) for r in _models(kind, replies)}
    return unasked([*_follow_up(kind, demand, found)], replies)


def _kinds(demand: Demand) -> list[str]:
    declared = {b["modelKind"] for b in demand.by if "modelKind" in b}
    return [what for what in KINDS if what in declared or (what == SHARED and (demand.wanted or not declared))]


def _follow_up(kind: Kind, demand: Demand, found: set[tuple[Json, tuple[Json, ...], Json]]) -> Iterator[Request]:
    names = {name for _, _, name in found}
    if any(name not in names for name in demand.wanted):
        yield _list(kind, demand, EXTENSION)
    if any((d["of"], (d["connection"],), d["model"]) not in found for d in demand.details if "of" in d):
        yield _list(kind, demand, SCHEMA)


def _list(kind: Kind, demand: Demand, what: str) -> Request:
    listing = kind.rest.list
    if listing is None:
        raise ValueError("models are listed")
    return get(demand.target, listing.call, {"modelKind": what, **listing.query})


def parse(kind: Kind, demand: Demand, replies: Replies) -> Collection:
    """All models that are not deleted (OA-R160). `seen.kinds`: of which lists were read. Raises ValueError on an
    answer of another shape."""
    asked: list[Json] = [*dict.fromkeys(dict(r.query).get("modelKind") for r, _ in replies)]
    unnamed = ((str(pick(r, "/id")), "it has no name") for r in records(kind, replies) if _nameless(r))
    return Collection(
        kind.name,
        unique(_models(kind, replies)),
        proof(kind, demand, replies),
        seen={"kinds": asked},
        unmanaged=tuple(dict(unnamed).items()),
    )


def _nameless(record: Json) -> bool:
    return pick(record, "/modelKind") in (SHARED, EXTENSION) and not _text(record, "/name")


def _models(kind: Kind, replies: Replies) -> Iterator[Resource]:
    for record in records(kind, replies):
        deleted, what = pick(record, "/deletedAt"), pick(record, "/modelKind")
        remote_id, connection = pick(record, kind.rest.id), pick(record, "/connectionId")
        if not isinstance(remote_id, str) or not remote_id:
            raise ValueError("a model has no usable id")
        name = UNNAMED if what == SCHEMA else _text(record, "/name")
        if (isinstance(deleted, Missing) or deleted is None) and isinstance(connection, str) and name:
            fields: JsonObject = {"connection": connection, "modelKind": str(what), "name": name}
            if what == EXTENSION and (base := _text(record, "/baseModelId")):
                fields["extends"] = base
            yield Resource(remote_id, name, fields, name, scope=(connection,))


def _text(record: Json, at: str) -> str:
    found = pick(record, at)
    return found if isinstance(found, str) else ""


def showing(kind: Kind, demand: Demand, calls: Sequence[Call]) -> Demand:  # noqa: ARG001 - the verb's shape
    """The lists of the kinds of models that these calls make, and nothing that is only asked before (OA-C29)."""
    made = sorted({str(c.effect.fields["modelKind"]) for c in calls if "modelKind" in c.effect.fields})
    return replace(demand, by=tuple({"modelKind": what} for what in made), details=(), wanted=())
