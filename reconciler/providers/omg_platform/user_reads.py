"""How users are read: one alone by a look-up, several by the list; singly what that does not show (OP-R35)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Final

from reconciler.model.call import Request
from reconciler.model.document import Address, Document
from reconciler.model.json import Json, JsonObject, Missing, digest, pick, same
from reconciler.model.kind import Kind
from reconciler.model.live import Collection, Demand, Proof, Replies, Resource
from reconciler.model.record import replace
from reconciler.model.recorded import Bond
from reconciler.providers.omg_platform.brief import as_text
from reconciler.providers.omg_platform.seen import Seen, address, listing
from reconciler.providers.rest.parse import fields
from reconciler.providers.rest.reads import get, one, unasked

LOOK_UP: Final = "GET /user"
STAFF_ID: Final = "staffId"
PAIRS: Final[Mapping[str, tuple[str, str]]] = {
    "Agency": ("/owning_agency_id", "/owning_agency_name"),
    "JobRole": ("/job_role", "/job_role_name"),
}
"""Of what kind a user shows one, and where its id and its name stand."""
IDS: Final = ("owningAgency", "owningAgencyId", "jobRole", "jobRoleName")


def details(
    kind: Kind,
    documents: Sequence[Document],
    bonds: Sequence[Bond],
    others: Mapping[str, Collection],  # noqa: ARG001 - the verb's shape
) -> tuple[JsonObject, ...]:
    """Per document who is meant, as `{email, staffId, former, id}`; and what must be shown of that person, as
    `{key, former, id, staffId, fields}`."""
    known = {b.address: b for b in bonds}
    return tuple(d for document in documents for d in _wanted(kind, document, known))


def _wanted(kind: Kind, document: Document, known: Mapping[Address, Bond]) -> Iterator[JsonObject]:
    former = document.address._replace(name=document.previous_name or document.address.name)
    bond = known.get(document.address) or known.get(former)
    email, staff = document.spec.get(kind.key), document.spec.get(STAFF_ID)
    told = bond is not None and (staff is None or bond.digests.get(STAFF_ID) == digest(staff))
    who = document.pinned_id or (bond.id if bond and told else None)
    over = bond is not None and same(address(kind, bond.key), address(kind, email))
    former_email = None if over else document.previous_key
    yield {"email": email, "staffId": staff, "former": former_email, "id": who}
    shown = [n for n in document.spec if n in kind.fields and n != kind.key and _readable(kind, n)]
    if shown:
        whose: JsonObject = {"key": address(kind, email), "former": former_email, "id": who, "staffId": staff}
        yield {**whose, "fields": list[Json](shown)}


def _readable(kind: Kind, name: str) -> bool:
    return not (kind.fields[name].local or kind.fields[name].unreadable)


def narrow(kind: Kind, demand: Demand, ids: Sequence[str], pages: int) -> Demand:  # noqa: ARG001 - the verb's shape
    """These users afresh: each singly, or the list and singly those whom it does not show whole, whichever is less
    (OP-C5)."""
    wanted = tuple(sorted(set(ids)))
    known = tuple(d for d in demand.details if d.get("id") in wanted)
    alone = tuple(i for i in wanted if any(d.get("id") == i and d.get("alone") is True for d in known))
    singly = demand.singly or len(wanted) <= 1 + len(alone)
    return replace(
        demand,
        details=(*known, {"again": True}),
        fresh=wanted if singly else alone,
        singly=singly,
        ids=tuple(i for i in demand.ids if i in wanted),
    )


def reads(kind: Kind, demand: Demand, replies: Replies) -> list[Request]:
    """One who is declared: one look-up. Several: the list. Then a look-up of each id and of each address that has
    not shown, and one by id for each listed person of whom the list lacks something declared. The first question
    goes alone: a bad key shows at it (OP-R5)."""
    again = any("again" in d for d in demand.details)
    if demand.singly or again:
        whole = [] if demand.singly else [listing(kind, demand)]
        return unasked([*whole, *(one(kind, demand, i) for i in demand.fresh)], replies)
    people = [d for d in demand.details if "fields" not in d]
    seen = Seen.of(kind, demand, replies)
    if sum(1 for p in people if p["email"] or p["id"]) > 1 and not seen.asked(listing(kind, demand)):
        return [listing(kind, demand)]
    looks = [r for p in people for r in _looks(kind, demand, p, seen)]
    left = unasked([*looks, *(one(kind, demand, i) for i in _lacking(kind, demand, seen))], replies)
    return left if replies else left[:1]


def _by_staff_id(demand: Demand, person: JsonObject) -> Request:
    """Exactly one parameter, never an empty second one (OP-R35)."""
    return get(demand.target, LOOK_UP, {"staffid": str(person["staffId"])}, may_be_gone=True)


def _looks(kind: Kind, demand: Demand, person: JsonObject, seen: Seen) -> Iterator[Request]:
    """What is still to be asked of somebody: first by the id, if one is known; by an address only where that did
    not show it."""
    remote_id = person["id"]
    if isinstance(remote_id, str) and remote_id not in seen.people:
        by_id = one(kind, demand, remote_id)
        if not seen.asked(by_id):
            yield by_id
            return
    elif person["staffId"] and remote_id is None:
        yield _by_staff_id(demand, person)
    for email in (person["email"], person["former"]):
        if isinstance(email, str) and address(kind, email) not in seen.emails:
            yield get(demand.target, LOOK_UP, {"email": email}, may_be_gone=True)


def _lacking(kind: Kind, demand: Demand, seen: Seen) -> Iterator[str]:
    """The ids of those listed of whom the list did not show a declared field."""
    for wanted in demand.details:
        remote_id = seen.meant(kind, wanted) if "fields" in wanted else None
        if remote_id is not None and seen.lacks(kind, remote_id, wanted["fields"]):
            yield remote_id


def parse(kind: Kind, demand: Demand, replies: Replies) -> Collection:
    """Everybody whom an answer shows, and what agencies and job roles they name. Only those asked for are looked
    up: absence is proven for them and nobody else. Raises ValueError on an answer of another shape."""
    seen = Seen.of(kind, demand, replies)
    staff = {remote_id: name for name, remote_id in seen.staff.items()}
    people = (_person(kind, i, record, staff.get(i)) for i, record in seen.people.items())
    return Collection(
        kind.name,
        tuple(people),
        Proof(complete=True, by="everybody asked for who was not listed was looked up"),
        seen={name: _pairs(seen, *at) for name, at in PAIRS.items()},
        details=tuple(_answered(kind, d, seen) for d in demand.details),
    )


def _person(kind: Kind, remote_id: str, record: JsonObject, staff: str | None) -> Resource:
    held = {name: value for name, value in fields(kind, record).items() if _readable(kind, name)}
    held |= {name: as_text(held[name]) for name in IDS if held.get(name) is not None}
    held |= {STAFF_ID: staff} if staff is not None else {}
    email = held.get(kind.key)
    key = email if isinstance(email, str) else ""
    return Resource(remote_id, key, held, key)


def _pairs(seen: Seen, id_at: str, name_at: str) -> Json:
    """Each id with each name that a user shows beside it (OP-R40)."""
    told = ((as_text(_value(r, id_at)), _value(r, name_at)) for r in seen.people.values())
    return [[i, name] for i, name in dict.fromkeys((i, n) for i, n in told if i and isinstance(n, str) and n)]


def _value(record: JsonObject, at: str) -> Json:
    value = pick(record, at)
    return None if isinstance(value, Missing) else value


def _answered(kind: Kind, wanted: JsonObject, seen: Seen) -> JsonObject:
    """A detail with the id of who was meant, and whether only a look at that person alone shows what is asked."""
    if "again" in wanted:
        return wanted
    remote_id = seen.meant(kind, wanted)
    if remote_id is None:
        return wanted
    asks = wanted.get("fields")
    alone = seen.lacks(kind, remote_id, asks) if asks is not None else remote_id not in seen.listed
    return {**wanted, "id": remote_id, "alone": alone}
