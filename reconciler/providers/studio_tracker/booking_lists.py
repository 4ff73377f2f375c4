"""Which weeks are read for which plan, and the bookings that their answers show (ST-R76 to ST-R79)."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from difflib import get_close_matches
from typing import Final

from reconciler.model.call import Request
from reconciler.model.document import Document
from reconciler.model.entries import entry_text, identity
from reconciler.model.json import Json, JsonObject, pick
from reconciler.model.kind import Kind
from reconciler.model.live import Collection, Demand, Proof, Replies, Resource
from reconciler.model.plan import Call
from reconciler.model.record import replace
from reconciler.model.recorded import Bond
from reconciler.model.shows import same_subfield
from reconciler.providers.rest.reads import get, unasked
from reconciler.providers.studio_tracker.booking_days import (
    bookings_of,
    day,
    days_of,
    mondays,
    users_of,
    weeks_between,
)

BOOKINGS: Final = "bookings"
WEEK: Final = "/api/resources/bookings"
NUMBERS: Final = "/api/resources/job-numbers"
USER, PROJECT = "User", "Project"


def details(
    kind: Kind, documents: Sequence[Document], bonds: Sequence[Bond], others: Mapping[str, Collection]
) -> tuple[JsonObject, ...]:
    """One entry per plan: its name, weeks, days and people, and what it wants; of a plan that left git to be
    deleted, the bookings that the ledger says we made. Then what is known of the jobs, where the projects are
    read anyway (ST-R78)."""
    people = others[USER].names if USER in others else {}
    names = _ids(documents, bonds)
    found: list[JsonObject] = [_of_document(kind, d, names[i], people) for i, d in enumerate(documents)]
    found += _of_leavers(bonds, documents, {*names})
    numbers = sorted({str(b["jobNumber"]) for d in documents for b in bookings_of(d)})
    if PROJECT in others and numbers:
        found.append({"unknown": _unknown(numbers, [str(p.key) for p in others[PROJECT].resources])})
    return tuple(found)


def _ids(documents: Sequence[Document], bonds: Sequence[Bond]) -> list[str]:
    """What stands for the id of each plan: the one it was recorded under, else its name (ST-R72)."""
    known = {b.address: b.id for b in bonds}
    former = {d.address: d.address._replace(name=d.previous_name or d.address.name) for d in documents}
    recorded = {d.address: known.get(d.address) or known.get(former[d.address]) for d in documents}
    taken = {*recorded.values()}

    def own(document: Document) -> str:
        name = str(document.spec.get("name"))
        return f"{name} ({document.address.name})" if name in taken else name

    return [recorded[d.address] or own(d) for d in documents]


def _of_document(kind: Kind, document: Document, own: str, people: Mapping[str, str]) -> JsonObject:
    first, last = days_of(document)
    weeks: list[Json] = [*weeks_between(first, last)]
    named = users_of(document)
    return {
        "plan": own,
        "name": document.spec.get(kind.key),
        "weeks": weeks,
        "from": first.isoformat(),
        "to": last.isoformat(),
        "users": [people[u] for u in named if u in people],
        "nobody": [u for u in named if u not in people],
        "wanted": [{**b, "user": people.get(str(b["user"]))} for b in bookings_of(document)],
    }


def _of_leavers(bonds: Sequence[Bond], documents: Sequence[Document], taken: set[str]) -> Iterator[JsonObject]:
    declared = {d.address for d in documents}
    for bond in bonds:
        if bond.address not in declared and bond.id not in taken:
            ours = [*bond.entries.get(BOOKINGS, ())]
            weeks: list[Json] = [*mondays(day(json.loads(text)[1]) for text in ours)]
            yield {"plan": bond.id, "name": bond.key, "weeks": weeks, "only": [*ours]}


def _unknown(numbers: Sequence[str], known: Sequence[str]) -> JsonObject:
    """Those of the numbers that are no job's, each with the nearest that are."""
    there = {*known}
    return {n: [*get_close_matches(n, known, n=3, cutoff=0.6)] for n in numbers if n not in there}


def reads(kind: Kind, demand: Demand, replies: Replies) -> list[Request]:
    """All weeks side by side, each once; then the job numbers, if a booking is to be made and nothing else tells
    which jobs there are (ST-R76, ST-R78)."""
    weeks = sorted({str(w) for d in _plans(demand) for w in _list(d.get("weeks"))})
    asked = unasked([get(demand.target, f"GET {WEEK}", {"weekStart": w}) for w in weeks], replies)
    if asked or not any(_missing(kind, d, replies) for d in _plans(demand)) or _told(demand) is not None:
        return asked
    return unasked([replace(get(demand.target, f"GET {NUMBERS}"), may_fail=True)], replies)


def _plans(demand: Demand) -> list[JsonObject]:
    return [d for d in demand.details if "plan" in d]


def _told(demand: Demand) -> Json:
    return next((d["unknown"] for d in demand.details if "unknown" in d), None)


def _list(value: Json) -> list[Json]:
    return value if isinstance(value, list) else []


def _missing(kind: Kind, detail: JsonObject, replies: Replies) -> list[str]:
    """The job numbers of what a plan wants and the answers do not show as it is wanted."""
    field = kind.fields[BOOKINGS]
    there = {entry_text(identity(field, b)): b for b in _inside(kind, detail, replies)}
    found = []
    for wanted in _list(detail.get("wanted")):
        if isinstance(wanted, dict):
            live = there.get(entry_text(identity(field, wanted)))
            names = [n for n in wanted if n not in field.keys]
            if live is None or not all(same_subfield(field, n, live.get(n), wanted[n]) for n in names):
                found.append(str(wanted["jobNumber"]))
    return found


def parse(kind: Kind, demand: Demand, replies: Replies) -> Collection:
    """The plans, each with the live bookings of its scope. `seen`: which wanted job numbers are no job's, None
    where nobody could tell; plan by plan, which addresses lead to nobody, and the ids of the others. Raises
    ValueError on an answer of another shape."""
    plans = _plans(demand)
    resources = {str(d["plan"]): _resource(kind, d, replies) for d in reversed(plans)}
    weeks = sum(r.path == WEEK for r, _ in replies)
    proof = Proof(complete=True, by=f"the whole list of each of {weeks} weeks")
    nobody: JsonObject = {str(d["plan"]): d.get("nobody", []) for d in plans}
    people: JsonObject = {str(d["plan"]): d.get("users", []) for d in plans}
    seen: JsonObject = {"unknown": _jobs(kind, demand, replies), "nobody": nobody, "people": people}
    return Collection(kind.name, tuple(resources[i] for i in sorted(resources)), proof, seen)


def _resource(kind: Kind, detail: JsonObject, replies: Replies) -> Resource:
    name = str(detail["name"])
    inside: list[Json] = [*sorted(_inside(kind, detail, replies), key=lambda b: (str(b["date"]), str(b["id"])))]
    return Resource(str(detail["plan"]), name, {"name": name, BOOKINGS: inside}, name)


def _jobs(kind: Kind, demand: Demand, replies: Replies) -> Json:
    if (told := _told(demand)) is not None:
        return told
    wanted = sorted({n for d in _plans(demand) for n in _missing(kind, d, replies)})
    body = next((body for r, body in replies if r.path == NUMBERS), None)
    numbers = [n for row in body if (n := _number(row))] if isinstance(body, list) else None
    return None if numbers is None else _unknown(wanted, numbers)


def _number(row: Json) -> str:
    """A job's number, alone or in an object (ST-P38); empty for what is none."""
    number = pick(row, "/jobNumber") if isinstance(row, dict) else row
    return str(number) if isinstance(number, str | int) and not isinstance(number, bool) else ""


def _inside(kind: Kind, detail: JsonObject, replies: Replies) -> Iterator[JsonObject]:
    """The bookings that a plan speaks of: those in its days, of its people, else those that it names."""
    field, only = kind.fields[BOOKINGS], detail.get("only")
    weeks, users = {*map(str, _list(detail.get("weeks")))}, _list(detail.get("users"))
    seen = set[str]()
    for request, body in replies:
        if request.path != WEEK or dict(request.query)["weekStart"] not in weeks:
            continue
        for booking in _bookings(request, body):
            if booking["id"] in seen:
                continue
            seen.add(str(booking["id"]))
            if isinstance(only, list):
                inside = entry_text(identity(field, booking)) in only
            else:
                days = str(detail["from"]) <= str(booking["date"]) <= str(detail["to"])
                inside = days and booking["user"] in users
            if inside:
                yield booking


def _bookings(request: Request, body: Json) -> Iterator[JsonObject]:
    """The bookings of a week; one without a job can be declared by nobody and is left alone (ST-R79)."""
    if not isinstance(body, list):
        raise ValueError(f"{request}: the answer is no list")  # noqa: TRY004
    for record in body:
        own, user = pick(record, "/id"), pick(record, "/userId")
        if not isinstance(own, str) or not own or not isinstance(user, str) or not user:
            raise ValueError(f"{request}: a booking has no usable id and userId")
        number, note, at = pick(record, "/jobNumber"), pick(record, "/note"), pick(record, "/date")
        when = day(at if isinstance(at, str) else None).isoformat()
        if isinstance(number, str | int) and not isinstance(number, bool) and str(number):
            yield {
                "user": user,
                "date": when,
                "jobNumber": str(number),
                "hours": _hours(pick(record, "/hours")),
                "note": note if isinstance(note, str) and note else None,
                "id": own,
            }


def _hours(value: object) -> Json:
    """As a number, however it is written (ST-R77)."""
    if isinstance(value, str):
        return float(value)
    return value if isinstance(value, int | float) else None


def narrow(kind: Kind, demand: Demand, ids: Sequence[str], pages: int) -> Demand:  # noqa: ARG001 - the verb's shape
    """These plans alone (all of them where everything matters, `pages` 0), and nothing of jobs."""
    wanted = {*ids} if pages else {str(d["plan"]) for d in _plans(demand)}
    again = ({k: v for k, v in d.items() if k != "wanted"} for d in _plans(demand) if d["plan"] in wanted)
    return replace(demand, details=tuple(again), ids=tuple(i for i in demand.ids if i in wanted))


def showing(kind: Kind, demand: Demand, calls: Sequence[Call]) -> Demand:
    """The weeks of the bookings that these calls speak of, and their people, who may have been invited since the
    plan (ST-R76)."""
    weeks: dict[str, set[str]] = {}
    people: dict[str, set[str]] = {}
    for call in calls:
        spoken_of = (*(i for i, _ in call.effect.present), *call.effect.absent)
        parts = [i for i in spoken_of if isinstance(i, list)]
        weeks.setdefault(str(call.live_id), set()).update(mondays(day(i[1]) for i in parts))
        people.setdefault(str(call.live_id), set()).update(i[0] for i in parts if isinstance(i[0], str))
    found = narrow(kind, demand, [*weeks], 1)

    def least(detail: JsonObject) -> JsonObject:
        plan, users = str(detail["plan"]), _list(detail.get("users"))
        more: list[Json] = [u for u in sorted(people[plan]) if u not in users]
        named: JsonObject = {"users": [*users, *more]} if "users" in detail else {}
        return {**detail, **named, "weeks": [w for w in _list(detail.get("weeks")) if w in weeks[plan]]}

    return replace(found, details=tuple(map(least, found.details)))


guarding = showing
