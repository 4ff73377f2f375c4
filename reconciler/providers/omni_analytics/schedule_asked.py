"""What has to be asked about schedules one by one, as data; and the least that must be asked again (OA-R68 to
OA-R70, OA-R77, OA-R84)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Final

from reconciler.model.document import Document
from reconciler.model.json import Json, JsonObject, Missing, pick
from reconciler.model.kind import Kind
from reconciler.model.live import Collection, Demand
from reconciler.model.plan import Call
from reconciler.model.record import Record, field, replace
from reconciler.model.recorded import Bond
from reconciler.providers.omni_analytics.schedule_check import MADE_ELSEWHERE

USERS: Final = "recipientUsers"
RECIPIENTS: Final = "recipients"
OWNER: Final = "owner"
DESTINATION: Final = (RECIPIENTS, USERS, "everybody", "url", "address", "port", "username")
"""The fields that only the read of one schedule's recipients shows."""


def details(
    kind: Kind,  # noqa: ARG001 - the verb's shape
    documents: Sequence[Document],
    bonds: Sequence[Bond],
    others: Mapping[str, Collection],
) -> tuple[JsonObject, ...]:
    """Per document one entry on its destination and, where an owner is declared, one on him; per bond one that
    says what is recorded. Each says by `id`, or by `document` and `names`, which live schedule it is about.
    `users`: ids of recipients declared as users, `were`: of those that the ledger knows as such while some are;
    `mails`: addresses of the others."""
    known = {b.address: b for b in bonds}
    ids = {str(r.key).casefold(): r.id for r in others.get("User", Collection("User")).resources}
    found: list[JsonObject] = []
    for one in documents:
        former = one.address._replace(name=one.previous_name or one.address.name)
        found += _entries(one, known.get(one.address) or known.get(former), ids)
    return (*found, *(_recorded(b) for b in bonds))


def _entries(one: Document, bond: Bond | None, ids: Mapping[str, str]) -> Iterator[JsonObject]:
    name = one.spec.get("name")
    about: JsonObject = {
        "id": one.pinned_id or (bond.id if bond else None),
        "key": name,
        "names": [n for n in (name, one.previous_key) if n is not None],
        "document": one.spec.get("document"),
    }
    users = {ids.get(a, "") for a in _addresses(one, USERS)}
    # Where nobody is declared as a user, everybody is meant by address: the API knows one list alone (OA-R69).
    applied = bond.digests if bond and USERS in one.spec else ()
    were = {n.removeprefix(f"{USERS}/") for n in applied if n.startswith(f"{USERS}/")}
    if one.spec.get("destination") not in MADE_ELSEWHERE:
        yield {**about, **_destination(one, users, were)}
    owner = ids.get(str(one.spec.get(OWNER)).casefold())
    if owner is not None:
        yield {**about, "fields": [OWNER], OWNER: owner}


def _destination(one: Document, users: set[str], were: set[str]) -> JsonObject:
    return {
        "fields": [*DESTINATION],
        "sets": [n for n in (RECIPIENTS, USERS) if n in one.spec],
        "users": [*sorted(users - {""})],
        "were": [*sorted(were - users)],
        "mails": [*_addresses(one, RECIPIENTS)],
    }


def _addresses(one: Document, name: str) -> list[str]:
    return [str(a).casefold() for a in texts(one.spec.get(name))]


def _recorded(bond: Bond) -> JsonObject:
    return {"recorded": bond.id, "key": bond.key, "document": bond.by.get("document", "")}


def texts(value: Json | Missing) -> list[Json]:
    return value if isinstance(value, list) else []


def place_of(record: Json) -> tuple[str, str]:
    """What singles a listed schedule out: its document and its name."""
    return str(pick(record, "/identifier")), str(pick(record, "/name"))


def places_of(entry: Mapping[str, Json]) -> list[tuple[str, str]]:
    """The same of what an entry may be about."""
    return [(str(entry.get("document")), str(name)) for name in texts(entry.get("names"))]


class Asked(Record, frozen=True):
    """The entries on destinations, by what they are about, and those on what is recorded."""

    by_id: dict[str, JsonObject] = field(default_factory=dict)
    by_place: dict[tuple[str, str], JsonObject] = field(default_factory=dict)
    recorded: dict[str, JsonObject] = field(default_factory=dict)

    @classmethod
    def of(cls, demand: Demand) -> Asked:
        found = cls()
        for entry in demand.details:
            if "recorded" in entry:
                found.recorded[str(entry["recorded"])] = entry
            if "sets" in entry:
                # Whose name it is comes before whose it was.
                former = {place: entry for place in places_of(entry)[1:] if place not in found.by_place}
                found.by_place.update({**former, **dict.fromkeys(places_of(entry)[:1], entry)})
                found.by_id.update({str(entry["id"]): entry} if entry["id"] is not None else {})
        return found

    def about(self, remote_id: str, place: tuple[str, str] | None = None) -> JsonObject:
        """The entry on this live schedule; empty where there is none."""
        return self.by_id.get(remote_id) or (self.by_place.get(place, {}) if place else {})


# The least that must be asked again


def narrow(kind: Kind, demand: Demand, ids: Sequence[str], pages: int) -> Demand:  # noqa: ARG001 - the verb's shape
    """First, as a precondition: one listing per document, and what the details that are left ask about, of these
    alone; of all of them, where one is known by its name alone. From there: what no list shows of these, and no
    list (OA-R77, OA-C17)."""
    if again(demand) is not None:
        return _marked(demand, lists=False, owners=(), fresh=ids)
    asking = [d for d in demand.details if "sets" in d]
    own = {str(d["id"]) for d in asking} & set(ids)
    fresh = own if len(own) == len(asking) else set(ids)
    return _marked(replace(demand, details=tuple(asking)), lists=True, owners=(), fresh=fresh)


def showing(kind: Kind, demand: Demand, calls: Sequence[Call]) -> Demand:  # noqa: ARG001 - the verb's shape
    """The list if anything but recipients and owner was sent; the recipients of each schedule whose destination
    was sent; each new owner's listing (OA-R84, OA-C18)."""
    touched = [(c, {*c.effect.fields, *([c.set_field] if c.set_field else [])}) for c in calls]
    fresh = {c.live_id for c, names in touched if c.live_id and names.intersection(DESTINATION)}
    owners = {str(c.effect.fields[OWNER]) for c, names in touched if OWNER in names}
    lists = any(c.effect.gone or c.live_id is None or names - {*DESTINATION, OWNER} for c, names in touched)
    places = {str(v): {"document": str(v)} for c in calls for v in c.effect.scope if isinstance(v, str)}
    places |= {b["document"]: dict(b) for b in demand.by}
    demand = replace(demand, by=tuple(places[name] for name in sorted(places)))
    demand = replace(demand, details=tuple(_with_users(d, calls) for d in demand.details))
    return _marked(demand, lists=lists, owners=sorted(owners), fresh=fresh)


def _with_users(detail: JsonObject, calls: Sequence[Call]) -> JsonObject:
    """With the ids of recipients who were no users yet when it was planned (OA-R195)."""
    if "sets" not in detail:
        return detail
    named = {str(i) for c in calls if _about(detail, c) for i in _sent_users(c)}
    return {**detail, "users": [*sorted({*map(str, texts(detail["users"])), *named})]}


def _about(detail: JsonObject, call: Call) -> bool:
    """Whether a call writes to the schedule that an entry is about; one that is made has no id there."""
    made = detail["id"] is None and (*call.effect.scope, call.effect.key) == (detail["document"], detail["key"])
    return made or call.live_id == detail["id"]


def _sent_users(call: Call) -> list[Json]:
    sent = call.effect.fields.get(USERS)
    added = [i for i, _ in call.effect.present] if call.set_field == USERS else []
    return [i for i in (*(sent if isinstance(sent, list) else []), *added) if isinstance(i, str)]


def again(demand: Demand) -> JsonObject | None:
    """How a reading that is made again is to go; None where it is the first one."""
    return next((d for d in demand.details if "lists" in d), None)


def _marked(demand: Demand, *, lists: bool, owners: Sequence[str], fresh: Sequence[str] | set[str]) -> Demand:
    kept = tuple(d for d in demand.details if "lists" not in d)
    mark: JsonObject = {"lists": lists, "owners": [*owners]}
    found = tuple(sorted({i for i in fresh if i}))
    return replace(demand, details=(*kept, mark), fresh=found, ids=(), singly=not lists)
