"""Live schedules out of all answers, and the proof that these are all (OA-R66 to OA-R71)."""

from __future__ import annotations

from collections.abc import Container, Iterator, Mapping
from typing import Final

from reconciler.model.call import Request, listing_of
from reconciler.model.json import Json, JsonObject, Missing, pick
from reconciler.model.kind import Kind
from reconciler.model.live import Collection, Demand, Proof, Replies, Resource
from reconciler.model.record import replace
from reconciler.providers.omni_analytics.schedule_asked import (
    OWNER,
    RECIPIENTS,
    USERS,
    Asked,
    again,
    place_of,
    texts,
)
from reconciler.providers.omni_analytics.schedule_lists import (
    PATH,
    documents,
    following,
    of_all,
    page,
    recipients_of,
    relisted,
)
from reconciler.providers.rest.parse import unique
from reconciler.providers.rest.reads import records

A_TILE: Final = "(a tile)"
"""Which tile it is no read tells, only that it is one."""
UNLISTED: Final = "unlisted"
DOUBTFUL: Final = "doubtful"


def parse(kind: Kind, demand: Demand, replies: Replies) -> Collection:
    """All schedules of the documents concerned. `seen.unlisted`: recorded ids that answer, and that no list shows;
    `seen.doubtful`: id -> why its recipients are not believed. Raises ValueError where a record has no id, no name
    or no identifier."""
    lists = tuple((r, body) for r, body in replies if r.path == PATH)
    owned = _owners(kind, lists)
    main = tuple((r, body) for r, body in lists if "ownerId" not in dict(r.query)) or lists
    places = {*documents(demand)}
    listed = {r.id: (r, record) for r, record in ((_resource(record), record) for record in records(kind, main))}
    whole = of_all(demand)
    here = {i: at for i, at in listed.items() if whole or at[0].scope[0] in places or i in demand.ids}
    singles = {request.path: body for request, body in replies if request.path != PATH}
    asked, doubtful = Asked.of(demand), dict[str, Json]()
    found: list[Resource] = []
    for remote_id, (one, record) in here.items():
        told, why = _told(demand, asked, remote_id, record, singles)
        doubtful |= {remote_id: why} if why else {}
        held = {**one.fields, **_owner(remote_id, record, owned), **told}
        found.append(replace(one, fields=held, names=_names(told)))
    found += _alone(demand, asked, singles, here) if demand.singly else []
    lost = list(_unlisted(demand, asked, singles, here)) if again(demand) is None else []
    seen: JsonObject = {UNLISTED: [r.id for r in lost], DOUBTFUL: doubtful}
    return Collection(kind.name, unique([*found, *lost]), _proof(kind, demand, lists), seen)


def _resource(record: Json) -> Resource:
    remote_id, name, place = pick(record, "/id"), pick(record, "/name"), pick(record, "/identifier")
    if not isinstance(remote_id, str) or not remote_id or not isinstance(name, str) or not isinstance(place, str):
        raise ValueError("a schedule record has no usable id, name and identifier")
    return Resource(remote_id, name, dict(_fields(record)), name, scope=(place,))


def _fields(record: Json) -> Iterator[tuple[str, Json]]:
    """What a list shows, under the schema's names (OA-R71)."""
    plain = {
        "document": "/identifier",
        "name": "/name",
        "cron": "/schedule",
        "timezone": "/timezone",
        "format": "/format",
        "destination": "/destinationType",
    }
    for name, at in plain.items():
        value = pick(record, at)
        if not isinstance(value, Missing):
            yield name, value
    disabled, content, alert = (pick(record, at) for at in ("/disabledAt", "/content", "/alert"))
    if not isinstance(disabled, Missing):
        yield "paused", disabled is not None
    if content in ("dashboard", "single tile"):
        yield "tile", A_TILE if content == "single tile" else None
    if not isinstance(alert, Missing):
        when = pick(alert, "/conditionType") if isinstance(alert, dict) else alert
        yield "alert", {"when": when} if isinstance(when, str) else None
    if pick(record, "/systemDisabledAt") not in (None, "") and "systemDisabledAt" in _keys(record):
        reason = pick(record, "/systemDisabledReason")
        yield "systemDisabled", reason if isinstance(reason, str) and reason else "the API gives no reason"


def _keys(record: Json) -> set[str]:
    return set(record) if isinstance(record, dict) else set()


# Owners


def _owners(kind: Kind, lists: Replies) -> dict[str, set[str]]:
    """Owner -> ids of his schedules, for each whose listing was read (OA-R70)."""
    found: dict[str, set[str]] = {}
    for request, body in lists:
        owner = dict(request.query).get("ownerId")
        if owner is not None:
            found.setdefault(owner, set()).update(str(pick(r, "/id")) for r in records(kind, ((request, body),)))
    return found


def _owner(remote_id: str, record: Json, owned: Mapping[str, set[str]]) -> JsonObject:
    """His id if one of those asked about owns it; else, if anybody was asked about, the name in the list."""
    if not owned:
        return {}
    name = pick(record, "/ownerName")
    his = next((owner for owner, ids in owned.items() if remote_id in ids), None)
    return {OWNER: his or (f"somebody else ({name})" if isinstance(name, str) else "somebody else")}


# What only the read of one schedule's recipients shows


def _told(
    demand: Demand, asked: Asked, remote_id: str, record: Json, singles: Mapping[str, Json]
) -> tuple[JsonObject, str]:
    """The destination's fields, and why they are not believed, if so: then there are none (OA-R69)."""
    path = recipients_of(demand, remote_id).path
    if path not in singles:
        return {}, ""
    answer = singles[path]
    if answer is None:
        return {}, "its recipients answer 404"
    people, count = pick(answer, "/recipients"), pick(record, "/recipientCount")
    mail = isinstance(people, list) and pick(answer, "/type") == "email"
    if mail and isinstance(people, list) and isinstance(count, int) and len(people) != count:
        return {}, f"{len(people)} recipients came, {count} are counted"
    return _destination(answer, asked.about(remote_id, place_of(record))), ""


def _destination(answer: Json, entry: Mapping[str, Json]) -> JsonObject:
    """Recipients declared as users by id, all others by address (OA-R69); where users alone are declared, all by
    id. `everybody`: each by both."""
    if pick(answer, "/type") != "email":
        values = {name: pick(answer, f"/{name}") for name in ("url", "address", "port", "username")}
        return {n: v for n, v in values.items() if not isinstance(v, Missing)}
    people: JsonObject = {}
    listed = pick(answer, "/recipients")
    for one in listed if isinstance(listed, list) else []:
        remote_id, email = pick(one, "/id"), pick(one, "/email")
        if not isinstance(remote_id, str) or not isinstance(email, str):
            raise ValueError("a recipient has no usable id and email")  # noqa: TRY004 - an answer's shape
        people[remote_id] = {"email": email, "emailOnly": pick(one, "/emailOnly") is True}
    addresses = {i: str(pick(p, "/email")).casefold() for i, p in people.items()}
    users, were, mails = (texts(entry.get(name)) for name in ("users", "were", "mails"))
    only_users = entry.get("sets") == [USERS]
    by_id = {i for i, a in addresses.items() if only_users or i in users or (i in were and a not in mails)}
    return {
        RECIPIENTS: [a for i, a in addresses.items() if i not in by_id],
        USERS: [i for i in people if i in by_id],
        "everybody": [*dict.fromkeys((*people, *addresses.values()))],
        "people": people,
    }


def _names(held: JsonObject) -> dict[str, str]:
    """What each recipient's id stands for: the address, which no list of people may tell."""
    people = held.get("people")
    return {i: str(pick(p, "/email")) for i, p in people.items()} if isinstance(people, dict) else {}


def _alone(demand: Demand, asked: Asked, singles: Mapping[str, Json], known: Container[str]) -> Iterator[Resource]:
    """What is known of schedules whose recipients alone were read."""
    for remote_id in (i for i in demand.fresh if i not in known):
        answer = singles.get(recipients_of(demand, remote_id).path)
        if answer is not None:
            held = _destination(answer, asked.about(remote_id))
            yield Resource(remote_id, None, held, scope=("",), names=_names(held))


def _unlisted(
    demand: Demand, asked: Asked, singles: Mapping[str, Json], known: Container[str]
) -> Iterator[Resource]:
    """Recorded schedules that answer when asked for singly, and that no list shows (OA-R68)."""
    for remote_id in (i for i in demand.ids if i not in known):
        entry = asked.recorded.get(remote_id)
        if entry is not None and singles.get(recipients_of(demand, remote_id).path) is not None:
            name, place = str(entry.get("key")), str(entry.get("document"))
            yield Resource(remote_id, name, {"document": place, "name": name}, name, scope=(place,))


# Proof


def _proof(kind: Kind, demand: Demand, lists: Replies) -> Proof:
    """Every listing that counts came to its end, with as many distinct ids as it says. Of all schedules and those
    of single documents the latter count, where both were begun."""
    pages: dict[object, list[tuple[Request, Json]]] = {}
    for request, body in lists:
        if not relisted(request):
            pages.setdefault(listing_of(request), []).append((request, body))
    names = {at: {k for k, _ in one[0][0].query} for at, one in pages.items()}
    if any("identifier" in n for n in names.values()):
        pages = {at: one for at, one in pages.items() if names[at] & {"identifier", "ownerId"}}
    for one in pages.values():
        if why := _short(kind, one):
            return Proof(False, why)
    if not pages and not demand.singly:
        return Proof(False, "not read")
    return Proof(True, "count equals total" if pages else "each asked for by its id")


def _short(kind: Kind, pages: list[tuple[Request, Json]]) -> str:
    """Why a listing may be short; empty if it is whole."""
    came = {page(request) for request, _ in pages}
    for request, body in pages:
        more = pick(body, "/pageInfo/hasNextPage") is True
        if more and following(page(request), body) not in came:
            return "the list does not come to its end"
    totals = [pick(body, "/pageInfo/totalRecords") for _, body in pages]
    ids = {str(pick(record, "/id")) for record in records(kind, tuple(pages))}
    if not isinstance(totals[-1], int) or any(t != totals[-1] for t in totals) or len(ids) != totals[-1]:
        return f"{len(ids)} distinct records came, the API counts {totals[-1]}"
    return ""
