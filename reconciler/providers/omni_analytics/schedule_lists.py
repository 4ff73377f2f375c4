"""Which requests read schedules: by document, all pages, or by owner; and thing by thing what no list shows
(OA-R67 to OA-R70)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from math import ceil
from typing import Final

from reconciler.model.call import Request, listing_of, quoted
from reconciler.model.document import Document
from reconciler.model.json import Json, JsonObject, Missing, canonical, pick
from reconciler.model.kind import Kind
from reconciler.model.live import Collection, Demand, Replies
from reconciler.model.plan import Call
from reconciler.model.recorded import Bond
from reconciler.providers.rest.reads import get, records, unasked, with_query

PATH: Final = "/v1/schedules"
USERS: Final = "recipientUsers"
RECIPIENTS: Final = "recipients"
OWNER: Final = "owner"
DESTINATION: Final = (RECIPIENTS, USERS, "everybody", "url", "address", "port", "username")
"""The fields that only the read of one schedule's recipients shows."""
MOST_PAGES: Final = 10_000
BATCH: Final = 8


# What is to be asked


def details(
    kind: Kind,  # noqa: ARG001 - the verb's shape
    documents: Sequence[Document],
    bonds: Sequence[Bond],
    others: Mapping[str, Collection],
) -> tuple[JsonObject, ...]:
    """Per document one entry on its destination and, where an owner is declared, one on him; per bond one that
    says what is recorded. Each says by `id`, or by `document` and `names`, which live schedule it is about.
    `users`: ids of recipients declared as users, `were`: of those that the ledger knows as such; `mails`:
    addresses of the others."""
    known = {b.address: b for b in bonds}
    ids = {str(r.key).casefold(): r.id for r in others.get("User", Collection("User")).resources}
    found: list[JsonObject] = []
    for one in documents:
        former = replace(one.address, name=one.previous_name or one.address.name)
        bond = known.get(one.address) or known.get(former)
        found += _entries(one, bond, ids)
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
    were = {n.removeprefix(f"{USERS}/") for n in bond.digests if n.startswith(f"{USERS}/")} if bond else set()
    yield {
        **about,
        "fields": [*DESTINATION],
        "sets": [n for n in (RECIPIENTS, USERS) if n in one.spec],
        "users": [*sorted(users - {""})],
        "were": [*sorted(were - users)],
        "mails": [*_addresses(one, RECIPIENTS)],
    }
    owner = ids.get(str(one.spec.get(OWNER)).casefold())
    if owner is not None:
        yield {**about, "fields": [OWNER], OWNER: owner}


def _addresses(one: Document, name: str) -> list[str]:
    declared = one.spec.get(name)
    return [str(a).casefold() for a in declared] if isinstance(declared, list) else []


def _recorded(bond: Bond) -> JsonObject:
    return {"recorded": bond.id, "key": bond.key, "document": bond.by.get("document", "")}


def about(entry: Mapping[str, Json], record: Json) -> bool:
    """Whether an entry speaks of this listed schedule."""
    if entry.get("id") is not None and entry.get("id") == pick(record, "/id"):
        return True
    names = entry.get("names")
    here = pick(record, "/identifier") == entry.get("document")
    return here and isinstance(names, list) and pick(record, "/name") in names


def _meant(entry: Mapping[str, Json], listed: Mapping[str, Json]) -> list[str]:
    """The ids of the listed schedules that an entry may mean: the one with its id, else those of its names. Where
    two bear one name both are refused, and nothing is asked about them (OA-R66)."""
    own = entry.get("id")
    if isinstance(own, str) and own in listed:
        return [own]
    by_name: dict[str, list[str]] = {}
    for remote_id, record in listed.items():
        if about(entry, record):
            by_name.setdefault(str(pick(record, "/name")), []).append(remote_id)
    return [ids[0] for ids in by_name.values() if len(ids) == 1]


# The least that must be read again


def narrow(kind: Kind, demand: Demand, ids: Sequence[str], pages: int) -> Demand:  # noqa: ARG001 - the verb's shape
    """First, as a precondition: one listing per document, and what the details that are left ask about, of these
    alone. From there: what no list shows of these, and no list (OA-R77, OA-C17)."""
    if again(demand) is not None:
        return _marked(demand, lists=False, owners=(), fresh=ids)
    asking = [d for d in demand.details if RECIPIENTS in texts(d.get("fields")) and d.get("id") in (None, *ids)]
    fresh = {str(d["id"]) for d in asking if d.get("id") is not None}
    if len(fresh) < len(asking):  # some are known by name alone: whichever of the others they are
        fresh |= set(ids) - {str(d.get("recorded")) for d in demand.details}
    return _marked(replace(demand, details=tuple(asking)), lists=True, owners=(), fresh=fresh & set(ids))


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
    return _marked(demand, lists=lists, owners=sorted(owners), fresh=fresh)


def again(demand: Demand) -> JsonObject | None:
    """How a reading that is made again is to go; None where it is the first one."""
    return next((d for d in demand.details if "lists" in d), None)


def _marked(demand: Demand, *, lists: bool, owners: Sequence[str], fresh: Sequence[str] | set[str]) -> Demand:
    kept = tuple(d for d in demand.details if "lists" not in d)
    mark: JsonObject = {"lists": lists, "owners": [*owners]}
    found = tuple(sorted({i for i in fresh if i}))
    return replace(demand, details=(*kept, mark), fresh=found, ids=(), singly=not lists)


def texts(value: Json | Missing) -> list[Json]:
    return value if isinstance(value, list) else []


# Which requests that takes


def reads(kind: Kind, demand: Demand, replies: Replies) -> list[Request]:
    """The lists with all their pages; then what they leave open."""
    mark = again(demand)
    if mark is not None:
        places = documents(demand) if mark["lists"] else []
        listings = [_listing(kind, demand, "identifier", name) for name in places]
        listings += [_listing(kind, demand, "ownerId", str(owner)) for owner in texts(mark["owners"])]
        singles = [recipients_of(demand, i) for i in demand.fresh]
        return unasked([*listings, *singles, *_pages(listings, replies)], replies)
    lists = _first(kind, demand, replies)
    pages = unasked([*lists, *_pages(lists, replies)], replies)
    return pages or unasked([*_singly(kind, demand, replies)], replies)


def documents(demand: Demand) -> list[str]:
    return sorted({b["document"] for b in demand.by if "document" in b})


def recipients_of(demand: Demand, remote_id: str) -> Request:
    """A 404 says that the schedule is gone (OA-R68)."""
    return get(demand.target, f"GET {PATH}/{quoted(remote_id)}/recipients", may_be_gone=True)


def _listing(kind: Kind, demand: Demand, by: str = "", value: str = "") -> Request:
    query = dict(kind.rest.list.query) if kind.rest.list else {}
    return get(demand.target, f"GET {PATH}", {**query, **({by: value} if by else {})})


def _first(kind: Kind, demand: Demand, replies: Replies) -> list[Request]:
    """One document: its own listing. Several: all schedules, unless that would take more further pages than there
    are documents (OA-C15)."""
    own = [_listing(kind, demand, "identifier", name) for name in documents(demand)]
    if len(own) < 2:
        return own
    everything = _listing(kind, demand)
    head = next((body for request, body in replies if request == everything), None)
    return own if head is not None and _count(head) - 1 > len(own) else [everything]


def _pages(lists: Sequence[Request], replies: Replies) -> Iterator[Request]:
    """The further pages of these listings: once the first is in, those that it counts, in growing batches; then
    whatever follows the last one. A page number that does not grow leads nowhere, nor does a page that comes
    twice."""
    for first in lists:
        own = {page(r): b for r, b in replies if listing_of(r) == listing_of(first) and not relisted(r)}
        ids = [canonical([pick(r, "/id") for r in texts(pick(body, "/records"))]) for body in own.values()]
        if not own or len(set(ids)) < len(ids):
            continue
        batch = min(_count(own[1]) if 1 in own else 1, 2 * max(own) + BATCH)
        after = {n for here, body in own.items() if (n := following(here, body))}
        for number in sorted({*range(2, batch + 1), *after}):
            yield with_query(first, "cursor", str(number))


def page(request: Request) -> int:
    cursor = dict(request.query).get("cursor", "1")
    return int(cursor) if cursor.isdecimal() else 1


def relisted(request: Request) -> bool:
    """A look for something recorded that no list showed; it says its page, and is no page of the listing."""
    return dict(request.query).get("cursor") == "1"


def following(here: int, body: Json) -> int | None:
    """The page after this one: as it says, else the next number; None at the end, or where that does not grow."""
    if pick(body, "/pageInfo/hasNextPage") is not True:
        return None
    told = pick(body, "/pageInfo/nextCursor")
    text = str(told) if isinstance(told, str | int) and not isinstance(told, bool) else ""
    number = int(text) if text.isdecimal() and len(text) < 9 else here + 1
    return number if number > here else None


def _count(body: Json) -> int:
    """How many pages a listing has, going by its first one."""
    total, size = pick(body, "/pageInfo/totalRecords"), pick(body, "/pageInfo/pageSize")
    if pick(body, "/pageInfo/hasNextPage") is not True or not isinstance(total, int) or not isinstance(size, int):
        return 1
    return min(ceil(total / size), MOST_PAGES) if size > 0 else 1


def _singly(kind: Kind, demand: Demand, replies: Replies) -> Iterator[Request]:
    """What the lists do not tell of declared schedules, and whether recorded ones that they lack are gone; one
    that answers is looked for in a list once more."""
    main = tuple(reply for reply in replies if not any(k == "ownerId" for k, _ in reply[0].query))
    listed = {str(pick(r, "/id")): r for r in records(kind, main)}
    for entry in demand.details:
        mine = _meant(entry, listed)
        if RECIPIENTS in texts(entry.get("fields")):
            yield from (recipients_of(demand, i) for i in mine)
        elif OWNER in entry and mine:
            first = _listing(kind, demand, "ownerId", str(entry[OWNER]))
            yield from (first, *_pages([first], replies))
    answers = {request.path: body for request, body in replies}
    for lost in (i for i in demand.ids if i not in listed):
        request = recipients_of(demand, lost)
        yield request
        place = next((str(d["document"]) for d in demand.details if d.get("recorded") == lost), "")
        if answers.get(request.path) is not None:
            yield with_query(_listing(kind, demand, "identifier", place), "cursor", "1")
