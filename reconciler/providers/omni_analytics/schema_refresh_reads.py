"""Which schedules of which connections are read, and which of them each document means (OA-R148, OA-R149)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Final

from reconciler.model.call import Request, quoted
from reconciler.model.document import Address, Document
from reconciler.model.json import Json, JsonObject, Missing, canonical, pick
from reconciler.model.kind import Kind
from reconciler.model.live import Collection, Demand, Proof, Replies, Resource
from reconciler.model.normalise import cron
from reconciler.model.plan import Call, Phase
from reconciler.model.record import replace
from reconciler.model.recorded import Bond
from reconciler.providers.omni_analytics.endpoints import ENDPOINTS, to
from reconciler.providers.rest.parse import resource, unique
from reconciler.providers.rest.reads import get, unasked

TIMES: Final = "times"
"""The field that holds the cron text as it is live; the key is what the document says."""
LISTING: Final = "listSchemaRefreshSchedules"
ABOVE: Final = ENDPOINTS[LISTING].partition(" ")[2].partition("{")[0]
"""What stands before a connection's id in the path of its schedules."""
ALONE: Final = "getSchemaRefreshSchedule"


def details(
    kind: Kind,  # noqa: ARG001 - the verb's shape
    documents: Sequence[Document],
    bonds: Sequence[Bond],
    others: Mapping[str, Collection],
) -> tuple[JsonObject, ...]:
    """What tells which live schedule is whose: per document its times and the id that is pinned or recorded; per
    bond without a document the id of one that we made."""
    recorded = {b.address: b for b in bonds}
    connections = others.get("Connection", Collection("Connection")).names
    declared = {d.address for d in documents} | {
        d.address._replace(name=d.previous_name) for d in documents if d.previous_name
    }
    return (
        *(_meant(d, _bond(d, recorded), connections) for d in sorted(documents, key=lambda d: d.address)),
        *({"left": b.id, **_where(b)} for b in bonds if b.address not in declared and b.made),
    )


def _bond(document: Document, recorded: Mapping[Address, Bond]) -> Bond | None:
    former = document.address._replace(name=document.previous_name or document.address.name)
    return recorded.get(document.address) or recorded.get(former)


def _meant(document: Document, bond: Bond | None, connections: Mapping[str, str]) -> JsonObject:
    return {
        "cron": document.spec.get("cron"),
        "timezone": document.spec.get("timezone"),
        "connection": connections.get(str(document.spec.get("connection"))),
        "id": document.pinned_id or (bond.id if bond else None),
        **(_where(bond) if bond else {}),
    }


def _where(bond: Bond) -> JsonObject:
    """The connection that a recorded schedule was on."""
    return {"on": bond.by["connection"]} if "connection" in bond.by else {}


# Reading


def showing(kind: Kind, demand: Demand, calls: Sequence[Call]) -> Demand:  # noqa: ARG001 - the verb's shape
    """The connections that these calls write to; one that was made meanwhile is known from the path."""
    at = {str(c.address): place for c in calls if isinstance(place := c.args.get("connectionId"), str)}
    made = [c for c in calls if c.phase is Phase.CREATE and str(c.address) in at]
    details = list(demand.details)
    for call in made:
        place = next((n for n, d in enumerate(details) if _made(d, call, at[str(call.address)])), None)
        if place is not None:  # whatever was recorded of it is about the one before
            kept = {name: value for name, value in details[place].items() if name != "on"}
            details[place] = {**kept, "id": None, "connection": at[str(call.address)]}
    return replace(
        demand,
        by=tuple({"connection": one} for one in sorted({*at.values()})),
        details=tuple(details),
        ids=tuple(c.live_id for c in calls if c.live_id),
    )


def _made(detail: JsonObject, call: Call, at: str) -> bool:
    """Whether it is about what this call makes: on a connection that was not there yet, or on another one than
    the schedule that is recorded."""
    if "left" in detail or detail["connection"] not in (None, at) or detail.get("on") == at:
        return False
    return (detail["cron"], detail["timezone"]) == (call.effect.key, next(reversed(call.effect.scope), None))


def reads(kind: Kind, demand: Demand, replies: Replies) -> list[Request]:
    """One list per connection, then each recorded schedule that these do not show (OA-R148, OA-C27)."""
    lists = [_listing(demand, one) for one in sorted({b["connection"] for b in demand.by if "connection" in b})]
    if first := unasked(lists, replies):
        return first
    shown = {r.id for r in _found(kind, replies)}
    return unasked(
        [_alone(demand, i, at) for i, at in _known(demand) if i not in shown and i in demand.ids], replies
    )


def _listing(demand: Demand, connection: str) -> Request:
    return get(demand.target, to(LISTING, connection), may_be_gone=True)


def _alone(demand: Demand, remote_id: str, connection: str) -> Request:
    return get(demand.target, to(ALONE, connection, remote_id), may_be_gone=True)


def _known(demand: Demand) -> Iterator[tuple[str, str]]:
    """The recorded schedules, each with its connection."""
    for detail in demand.details:
        remote_id, at = detail.get("id") or detail.get("left"), detail.get("on")
        if isinstance(remote_id, str) and isinstance(at, str):
            yield remote_id, at


def _found(kind: Kind, replies: Replies) -> tuple[Resource, ...]:
    """Every schedule that came, with its connection. Raises ValueError on an answer of another shape."""
    records: list[Json] = []
    for request, body in replies:
        items = pick(body, kind.rest.list.items if kind.rest.list else "") if _lists(request) else [body]
        if body is None:
            continue
        if isinstance(items, Missing) or not isinstance(items, list):
            raise ValueError(f"{request}: the answer holds no list of schedules")  # noqa: TRY004 - what a shape raises
        records += [_of(request, one) for one in items]
    return unique(resource(kind, record) for record in records)


def _of(request: Request, one: Json) -> JsonObject:
    """A record with the connection whose list it is in: calls go there. Raises ValueError for one that says it is
    another's."""
    record = one if isinstance(one, dict) else {}
    at = _connection(request)
    if quoted(str(record.get("connectionId", at))) != at:
        raise ValueError(f"{request}: a schedule of another connection is among them")
    return {"connectionId": at, **record}


def _lists(request: Request) -> bool:
    return request.path.endswith("/schedules")


def _connection(request: Request) -> str:
    return request.path.removeprefix(ABOVE).split("/", 1)[0]


# Whose is which


def parse(kind: Kind, demand: Demand, replies: Replies) -> Collection:
    """All schedules of the connections that were read. One that a document means has the key which that document
    says, whatever its times are; of the others each is its own (OA-R149)."""
    found = _found(kind, replies)
    owners = dict(_paired(demand, found))
    said = (*owners.values(), *(d for d in demand.details if _elsewhere(demand, d)))
    meant = [_times(d.get("connection"), d) for d in said]
    times = [*meant, *(_times(r.fields.get("connection"), r.fields) for r in found if r.id not in owners)]
    named = tuple(_named(one, owners.get(one.id), times) for one in found)
    return Collection(kind.name, named, Proof(complete=True, by="whole lists in one answer each"))


def _elsewhere(demand: Demand, detail: JsonObject) -> bool:
    """Whether it is about a document whose schedule this reading does not ask for: it is known to be on another
    connection."""
    at = {b.get("connection") for b in demand.by}
    return bool(detail.get("id")) and detail["id"] not in demand.ids and detail.get("on") not in {None, *at}


def _named(one: Resource, owner: JsonObject | None, times: Sequence[str]) -> Resource:
    """Under its document's key; under its own, with its id where that is another's key too."""
    fields = {name: value for name, value in one.fields.items() if name != "cron"}
    if owner is None:
        alone = times.count(_times(one.fields.get("connection"), one.fields)) == 1
        return replace(one, fields=fields, key=one.key if alone else f"{one.key} ({one.id})")
    scope = (owner["connection"] or one.fields.get("connection"), owner["timezone"])
    return replace(one, fields=fields, key=owner["cron"], scope=scope)


def _paired(demand: Demand, found: Sequence[Resource]) -> Iterator[tuple[str, JsonObject]]:
    """Live id -> the document that means it: by its id, else by its times, one each; what then is left over of
    ours goes to the documents that are left over, connection by connection."""
    meant = [dict(d) for d in demand.details if "left" not in d and not _elsewhere(demand, d)]
    by_id = {one.id: one for one in found}
    owned = {d["id"]: d for d in meant if d["id"] in by_id}
    yield from ((str(i), d) for i, d in owned.items())
    left = [d for d in meant if d["id"] not in by_id and d["connection"] is not None]
    free: dict[str, list[str]] = {}
    recorded = {d["left"] for d in demand.details if "left" in d}
    for one in sorted(found, key=lambda r: (r.id not in recorded, r.id)):
        if one.id not in owned:
            free.setdefault(_times(one.fields.get("connection"), one.fields), []).append(one.id)
    unpaired = []
    for document in left:
        alike = free.get(_times(document["connection"], document), [])
        if alike:
            yield alike.pop(0), document
        else:
            unpaired.append(document)
    ours = [i for ids in free.values() for i in ids if i in recorded]
    for document in unpaired:
        own = next((i for i in sorted(ours) if by_id[i].fields.get("connection") == document["connection"]), None)
        if own is not None:
            ours.remove(own)
            yield own, document


def _times(connection: Json, of: Mapping[str, Json]) -> str:
    return canonical([connection, cron(of.get("cron") or of.get(TIMES)), of.get("timezone")])
