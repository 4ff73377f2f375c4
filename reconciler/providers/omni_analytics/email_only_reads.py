"""How email-only users are read: few by their addresses, many by the list, in pages of twenty (OA-R202)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Final

from reconciler.model.answers import folded
from reconciler.model.call import Request
from reconciler.model.document import Document
from reconciler.model.json import Json, JsonObject, pick
from reconciler.model.kind import Kind
from reconciler.model.live import Collection, Demand, Proof, Replies, Resource
from reconciler.model.plan import Call
from reconciler.model.record import Record, field, replace
from reconciler.model.recorded import Bond
from reconciler.providers import rest
from reconciler.providers.rest.parse import proof, unique
from reconciler.providers.rest.reads import further, get, next_pages, records, unasked
from reconciler.providers.rest.shape import Shape

BY_ADDRESS: Final = "email"
ATTRIBUTES: Final = "attributes"
TIMEZONE: Final = "omni_user_timezone"
SYSTEM: Final = "omni_"


def details(
    kind: Kind,
    documents: Sequence[Document],
    bonds: Sequence[Bond],
    others: Mapping[str, Collection],  # noqa: ARG001 - the verb's shape
) -> tuple[JsonObject, ...]:
    """Everybody declared, as `{email, address}`, by which document; and whom the ledger knows under another
    address than is declared."""
    declared: list[JsonObject] = [{"email": str(d.spec[kind.key]), "address": str(d.address)} for d in documents]
    known = {str(d["email"]).casefold() for d in declared}
    left: list[JsonObject] = [
        {"email": b.key, "address": str(b.address)}
        for b in bonds
        if isinstance(b.key, str) and b.key.casefold() not in known
    ]
    return (*declared, *left)


def reads(kind: Kind, demand: Demand, replies: Replies) -> list[Request]:
    """One address: one question for it. Several: the first page, then the other pages or one question per address
    still open, whichever is less (OA-C35). A question is answered by part of an address, and so may take pages."""
    so_far = _so_far(kind, demand, replies)
    if so_far.everybody:
        return rest.reads(kind, replace(demand, details=(), ids=()), replies)
    questions, pages, open_ = so_far.questions, so_far.pages, so_far.open
    if not pages and so_far.several:
        return rest.reads(kind, _whole(demand), ())
    left = _left(pages)
    if pages and open_ and not questions and left <= len(open_):
        return further(kind, replies)
    if pages and not left:
        return []
    told = _by_address(questions)
    return unasked([q for w in sorted(open_) for q in _question(kind, demand, w, told.get(w, ()))], replies)


class _SoFar(Record):
    """Who is asked for (`everybody`, `several` people), which of them no page of the whole list has shown (`open`,
    by address), and what came: such pages, and answers to questions for one address."""

    everybody: bool
    several: bool
    open: set[str]
    pages: list[tuple[Request, Json]] = field(default_factory=list)
    questions: list[tuple[Request, Json]] = field(default_factory=list)


def _so_far(kind: Kind, demand: Demand, replies: Replies) -> _SoFar:
    def begin() -> _SoFar:
        wanted = _wanted(demand)
        return _SoFar(_everybody(demand), len(wanted) > 1, {*wanted})

    def add(found: _SoFar, request: Request, body: Json) -> None:
        (found.questions if _asked(request) else found.pages).append((request, body))
        if not _asked(request):
            page = records(kind, ((request, body),))
            found.open.difference_update(str(pick(record, "/email")).casefold() for record in page)

    return folded(replies, ("so far", kind.name), begin, add)


def _by_address(questions: Iterable[tuple[Request, Json]]) -> dict[str, Replies]:
    """The answers to the questions for each address."""
    found: dict[str, Replies] = {}
    for request, body in questions:
        found[_asked(request)] = (*found.get(_asked(request), ()), (request, body))
    return found


def _whole(demand: Demand) -> Demand:
    return replace(demand, details=(), ids=(), fresh=())


def _everybody(demand: Demand) -> bool:
    return any("everybody" in d for d in demand.details)


def _wanted(demand: Demand) -> list[str]:
    return sorted({str(d["email"]).casefold() for d in demand.details if "email" in d})


def _asked(request: Request) -> str:
    """The address that a request asks for; empty for a page of the whole list."""
    return dict(request.query).get(BY_ADDRESS, "")


def _left(pages: Sequence[tuple[Request, Json]]) -> int:
    """How many pages of the whole list have not come yet, as far as the last one tells."""
    if not pages or pick(pages[-1][1], "/pageInfo/hasNextPage") is not True:
        return 0
    total, size = pick(pages[-1][1], "/pageInfo/totalRecords"), pick(pages[-1][1], "/pageInfo/pageSize")
    if not isinstance(total, int) or not isinstance(size, int) or size < 1:
        return 1
    return max(1, -(-total // size) - len(pages))


def _question(kind: Kind, demand: Demand, address: str, mine: Replies) -> list[Request]:
    """The question for one address, and the pages of its answer until somebody has just this one."""
    if not mine:
        listing = kind.rest.list
        query = dict(listing.query) if listing else {}
        return [get(demand.target, listing.call if listing else "", {**query, BY_ADDRESS: address})]
    shown = {str(pick(r, "/email")).casefold() for r in records(kind, mine)}
    return [] if address in shown else list(next_pages(kind, mine))


def parse(kind: Kind, demand: Demand, replies: Replies) -> Collection:
    """Whoever came. Where the whole list was not read, absence is proven for those who were asked for, each by an
    answer that came to its end. Raises ValueError on answers of another shape."""
    shape = Shape(kind)
    people = unique(_person(shape, record) for record in records(kind, replies))
    return Collection(kind.name, people, _proof(kind, demand, replies, {str(p.key).casefold() for p in people}))


def _proof(kind: Kind, demand: Demand, replies: Replies, shown: set[str]) -> Proof:
    if _everybody(demand) or not any(_asked(r) for r, _ in replies):
        open_ = {*_wanted(demand)} - shown
        whole = proof(kind, replace(demand, singly=False), replies) if replies else Proof(True, "nobody asked for")
        return whole if open_ or _everybody(demand) else Proof(True, "every address asked for")
    for address, own in _by_address(replies).items():
        if address and address not in shown and not (told := proof(kind, demand, own)).complete:
            return told
    return Proof(True, "every address asked for")


def _person(shape: Shape, record: Json) -> Resource:
    """Somebody with the attributes that people set; of the system's own just the time zone."""
    found = shape.resource(record)
    held = found.fields.get(ATTRIBUTES)
    own = held if isinstance(held, dict) else {}
    kept = {n: v for n, v in own.items() if n == TIMEZONE or not n.startswith(SYSTEM)}
    return replace(found, fields={**found.fields, ATTRIBUTES: kept})


def narrow(kind: Kind, demand: Demand, ids: Sequence[str], pages: int) -> Demand:  # noqa: ARG001 - the verb's shape
    """The same people again: no read takes an id."""
    return demand


def guarding(kind: Kind, demand: Demand, calls: Sequence[Call]) -> Demand:  # noqa: ARG001 - the verb's shape
    """Just those who are written (OA-C39)."""
    written = {str(c.address) for c in calls}
    people = tuple(d for d in demand.details if d.get("address") in written)
    return replace(demand, details=people, ids=(), fresh=(), singly=False)


showing = guarding
