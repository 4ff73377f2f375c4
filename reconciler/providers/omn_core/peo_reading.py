"""Peos as they are live: looked for by name, read by what that finds, and by the ids that are known (OC-R126 to
OC-R129)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Final

from reconciler.model.call import Request
from reconciler.model.document import Document
from reconciler.model.json import Json, JsonObject, canonical, pick
from reconciler.model.kind import Kind
from reconciler.model.live import Collection, Demand, Proof, Replies, Resource
from reconciler.model.normalise import normal
from reconciler.model.plan import Call, Phase
from reconciler.model.record import replace
from reconciler.model.recorded import Bond
from reconciler.providers.omn_core.batch import USUAL, batches

QUERY: Final = "/peo/peos/query"
RETRIEVE: Final = "/peo/peos/retrieve"
EVER: Final[JsonObject] = {"modifiedFrom": "1970-01-01T00:00:00.000"}
"""The criterion that everything meets: an empty query is no query (OC-Q21)."""
SINGLY: Final = "singly"
"""The mark, in what was seen, of a reading that asked for each by its id: what it lacks is not there."""


def details(
    kind: Kind,
    documents: Sequence[Document],
    bonds: Sequence[Bond],
    others: Mapping[str, object],  # noqa: ARG001 - nothing is read before
) -> tuple[JsonObject, ...]:
    """The names of all that is declared or recorded, by now or before, and the ids that are pinned."""
    said = [v for d in documents for v in (d.spec.get(kind.key), d.previous_key)]
    said += [b.key for b in bonds]
    pins = {d.pinned_id for d in documents if d.pinned_id is not None}
    names: list[Json] = [*sorted({v for v in said if isinstance(v, str)})]
    return ({"names": names, "ids": list[Json](sorted(pins))},) if names or pins else ()


def reads(kind: Kind, demand: Demand, replies: Replies) -> list[Request]:  # noqa: ARG001 - the verb's shape
    """The query; what it finds; then whatever is known by its id and was not among that. What a server refuses to
    show together, because one of it is not there, is asked for one by one (OC-Q34)."""
    asked = {canonical(r.body) for r, _ in replies}
    begun = [*_query(demand), *_retrieves(demand, "ids", demand.fresh)]
    steps = ([*begun, *_found(demand, replies)], _known(demand, replies), _apart(demand, replies))
    for step in steps:
        if fresh := [r for r in step if canonical(r.body) not in asked]:
            return fresh
    return []


def _ask(demand: Demand, path: str, body: JsonObject) -> Request:
    return Request(demand.target, "POST", path, body=body, safe=True, refusals=frozenset({404}))


def _query(demand: Demand) -> list[Request]:
    wanted = demand.details[0] if demand.details and not demand.singly else {}
    if wanted.get("every") is True:
        return [_ask(demand, QUERY, dict(EVER))]
    names = wanted.get("names")
    return [_ask(demand, QUERY, {"names": names})] if names else []


def _found(demand: Demand, replies: Replies) -> list[Request]:
    shown = demand.details[0].get("shown") if demand.details else None
    known = {*map(str, shown if isinstance(shown, list) else [])}
    tids = [t for r, body in replies if r.path == QUERY for t in tids_of(body) if t not in known]
    return _retrieves(demand, "tids", tids)


def _known(demand: Demand, replies: Replies) -> list[Request]:
    pinned = demand.details[0].get("ids") if demand.details and not demand.singly else None
    known = {*demand.ids, *map(str, pinned if isinstance(pinned, list) else [])}
    seen = {remote_id(r) for r in records(replies) if "ids" not in r[0]} | {*demand.fresh}
    return _retrieves(demand, "ids", sorted(known - seen))


def _apart(demand: Demand, replies: Replies) -> list[Request]:
    return [
        one
        for request, body in replies
        for word in ("tids", "ids")
        if pick(body, "/$refused") and isinstance(many := pick(request.body, f"/{word}"), list) and len(many) > 1
        for one in _retrieves(demand, word, [str(i) for i in many], 1)
    ]


def _retrieves(demand: Demand, word: str, ids: Sequence[str], most: int = USUAL) -> list[Request]:
    some = batches([*dict.fromkeys(ids)], most)
    return [_ask(demand, RETRIEVE, {word: list[Json](i), "withMetadata": True}) for i in some]


def tids_of(body: Json) -> list[str]:
    """What a query has found. Raises ValueError where it is no answer to one."""
    if not isinstance(body, dict):
        raise ValueError("the answer to a query is no object")  # noqa: TRY004 - the server's mistake
    tids = body.get("tids")
    return [t for t in tids if isinstance(t, str)] if isinstance(tids, list) else []


def records(replies: Replies) -> Iterator[tuple[JsonObject, Json]]:
    """(what was asked, record) of all that was shown. Raises ValueError where an answer holds no list."""
    for request, body in replies:
        if request.path != RETRIEVE or pick(body, "/$refused"):
            continue
        entries = pick(body, "/peos/entries")
        if not isinstance(entries, list):
            raise ValueError("the answer holds no list of peos")  # noqa: TRY004 - the server's mistake
        yield from ((request.body if isinstance(request.body, dict) else {}, record) for record in entries)


def remote_id(shown: tuple[JsonObject, Json]) -> str:
    found = pick(shown[1], "/meta/id")
    return found if isinstance(found, str) else ""


def parse(kind: Kind, demand: Demand, replies: Replies) -> Collection:
    """Every peo shown, each once. Raises ValueError on another shape."""
    found: dict[str, Resource] = {}
    for shown in records(replies):
        if not (own := remote_id(shown)):
            raise ValueError("a peo has no id, though its metadata was asked for")
        found.setdefault(own, _peo(kind, own, shown[1]))
    by = "each asked for by its id" if demand.singly else "every name, and every recorded id, was asked for"
    return Collection(
        kind.name, tuple(found.values()), Proof(True, by), seen={SINGLY: True} if demand.singly else {}
    )


def _peo(kind: Kind, own: str, record: Json) -> Resource:
    known = ("product", "template", "name", "tid", "default")
    fields: JsonObject = {n: v for n in known if isinstance(v := pick(record, f"/{n}"), str)}
    projects = _projects(record)
    if projects is not None:
        fields["projects"] = projects
    name, scope = fields.get("name"), [fields.get(n) for n in kind.scope]
    placed = isinstance(name, str) and None not in scope
    label = str(name) if name else f"peo {own}"
    within = tuple(normal(kind.fields[n], v) for n, v in zip(kind.scope, scope, strict=True))
    return Resource(own, name if name is not None else label, fields, label, placed=placed, scope=within)


def _projects(record: Json) -> list[Json] | None:
    """The identifiers of its projects; None where they are not shown, or not all by identifier."""
    entries = pick(record, "/nodes/entries")
    if not isinstance(entries, list):
        return None
    tids = [e if isinstance(e, str) else pick(e, "/tid") or pick(e, "/value") for e in entries]
    return (
        list(dict.fromkeys(t for t in tids if isinstance(t, str)))
        if all(isinstance(t, str) for t in tids)
        else None
    )


def narrow(kind: Kind, demand: Demand, ids: Sequence[str], pages: int) -> Demand:  # noqa: ARG001 - the verb's shape
    """What is known by its id is read by that, never looked for: a query may lag (OC-R129)."""
    wanted = tuple(sorted({*ids}))
    if not pages or not wanted:
        return demand
    return replace(demand, details=(), ids=(), fresh=wanted, singly=True)


def guarding(kind: Kind, demand: Demand, calls: Sequence[Call]) -> Demand:  # noqa: ARG001 - the verb's shape
    """Where something is made, the query once more, and what it finds; what is written to, or deleted, by its id
    (OC-C52)."""
    makes = any(c.phase is Phase.CREATE for c in calls)
    known = tuple(sorted({c.live_id for c in calls if c.live_id is not None}))
    shown = {str(tid) for c in calls if (tid := c.args.get("tid")) is not None}
    names = demand.details[0].get("names") if demand.details else None
    one: JsonObject = {"names": names, "shown": list[Json](sorted(shown))}
    details: tuple[JsonObject, ...] = (one,) if makes else ()
    return replace(demand, details=details, ids=(), fresh=known, singly=not makes)
