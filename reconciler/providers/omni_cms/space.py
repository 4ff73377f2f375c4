"""Space: an ordinary list, but its ids are integers, no create need answer with one, and only looks at the
components tell whether a space is empty (CM-R9, CM-R17 to CM-R19)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from reconciler.model.call import Request, quoted
from reconciler.model.change import Change
from reconciler.model.document import Address, Document
from reconciler.model.json import Json, JsonObject, Missing, pick
from reconciler.model.kind import Kind
from reconciler.model.live import Collection, Demand, Proof, Replies, Resource
from reconciler.model.plan import Call, Phase
from reconciler.model.record import replace
from reconciler.model.recorded import Bond
from reconciler.providers import rest
from reconciler.providers.omni_cms.answers import SPACES, SPACES_AT, number, spaces, text_id
from reconciler.providers.omni_cms.listed import LISTED
from reconciler.providers.omni_cms.objects import listed_id, with_id
from reconciler.providers.omni_cms.search import CHILDREN, LEVELS, ROOT, SEARCH, WALK, found_in
from reconciler.providers.rest.parse import unique
from reconciler.providers.rest.reads import get, unasked
from reconciler.providers.rest.sets import own_id


def details(
    kind: Kind,
    documents: Sequence[Document],
    bonds: Sequence[Bond],
    others: Mapping[str, Collection],  # noqa: ARG001 - the verb's shape
) -> tuple[JsonObject, ...]:
    """Which spaces leave git to be deleted, and what may tell which live one a document means."""
    former = {d.address: d.address._replace(name=d.previous_name or d.address.name) for d in documents}
    recorded = {b.address: b.id for b in bonds}
    leaving = [b.id for b in bonds if b.address not in {*former, *former.values()}]
    declared: list[Json] = [
        {
            "name": d.address.name,
            "key": d.spec.get(kind.key),
            "was": d.previous_key,
            "id": d.pinned_id or recorded.get(d.address) or recorded.get(former[d.address]),
            **({"listed": True} if d.spec.get("order") == LISTED else {}),
        }
        for d in sorted(documents, key=lambda d: d.address)
    ]
    return ({"leaving": [*sorted(leaving)], "declared": declared},) if documents or bonds else ()


def narrow(kind: Kind, demand: Demand, ids: Sequence[str], pages: int) -> Demand:  # noqa: ARG001 - the verb's shape
    """The list again; what is in a space, just before it is deleted (CM-C6, CM-C7)."""
    return demand if demand.removing and not pages else replace(demand, details=())


def reads(kind: Kind, demand: Demand, replies: Replies) -> list[Request]:
    """The list; then each recorded space that it does not show, and two looks into each that is to be deleted."""
    wanted = [get(demand.target, SPACES)]
    if replies and kind.rest.read:
        shown = {one for one, _ in spaces(replies)}
        gone = (i for i in demand.ids if i not in shown)
        wanted += [get(demand.target, kind.rest.read.replace("{id}", quoted(i)), may_be_gone=True) for i in gone]
        leaving = [i for i in _told(demand, "leaving") if i in shown] if demand.removing else []
        wanted += [look for i in leaving for look in _looks(demand, i)]
    return unasked(wanted, replies)


def parse(kind: Kind, demand: Demand, replies: Replies) -> Collection:
    """Every space of the one answer, and recorded ones that were asked for singly. `seen` says which of them are
    declared, or leave with what is in them, which are yet to come, and whose components stand in the order of
    their documents. Raises ValueError."""
    singles = (_space(kind, body) for r, body in replies if _is_single(kind, r) and body is not None)
    listed = (Resource(i, name, {kind.key: name}, name) for i, name in spaces(replies))
    leaving, found = _told(demand, "leaving"), unique([*listed, *singles])
    found = tuple(replace(r, contents=_contents(demand, r, replies)) if r.id in leaving else r for r in found)
    meant, coming = _meant(demand, found)
    ours: list[Json] = [r.id for r in found if r.id in leaving or r.id in meant.values()]
    ordered = [str(one["name"]) for one in _declared(demand) if "listed" in one]
    in_order = [meant.get(name, str(Address(demand.target, kind.name, name))) for name in ordered]
    seen: JsonObject = {"ours": ours, "meant": meant, "coming": coming, "listed": in_order}
    return Collection(kind.name, found, Proof(bool(replies), "whole list in one answer"), seen)


def _told(demand: Demand, word: str) -> list[Json]:
    return [one for d in demand.details if isinstance(many := d.get(word), list) for one in many]


def _declared(demand: Demand) -> list[JsonObject]:
    return [d for d in _told(demand, "declared") if isinstance(d, dict)]


def _meant(demand: Demand, found: Sequence[Resource]) -> tuple[JsonObject, JsonObject]:
    """By the name and the key of each document the id of the space that it means; and of each that means none its
    key: that space is yet to come. An id says more than a former key, and that more than a key."""
    meant: JsonObject = {}
    left = _declared(demand)
    for word, of in (("id", "id"), ("was", "key"), ("key", "key")):
        for one in list(left):
            same = (r.id for r in found if one[word] is not None and getattr(r, of) == one[word])
            if own := next((i for i in same if i not in meant.values()), None):
                meant |= {str(one["key"]): own, str(one["name"]): own}
                left.remove(one)
    return meant, {str(one[word]): one["key"] for one in left for word in ("name", "key")}


def _is_single(kind: Kind, request: Request) -> bool:
    before = (kind.rest.read or "").split(" ")[-1].partition("{id}")[0]
    return request.may_be_gone and request.path.startswith(before) and request.path != SPACES_AT


def _space(kind: Kind, record: Json) -> Resource:
    name = pick(record, kind.key_field.wire)
    if not isinstance(name, str):
        raise ValueError("a space has no name")  # noqa: TRY004
    return Resource(text_id(pick(record, "/id")), name, {kind.key: name}, name)


# What is in a space that is to be deleted (CM-R19).


def _looks(demand: Demand, space: str) -> tuple[Request, Request]:
    """The number that the search counts, with the first component, and the tree itself: neither proves alone that
    nothing is left out (CM-R12, CM-R13)."""
    first: JsonObject = {"limit": 1, "offset": 0, "order": "id", "direction": "asc", "spaceId": number(space)}
    walk = get(demand.target, f"GET /component/{quoted(space)}/{ROOT}", dict(WALK), may_be_gone=True)
    return Request(demand.target, "POST", SEARCH, body=first, safe=True), walk


def _contents(demand: Demand, space: Resource, replies: Replies) -> dict[str, int | None]:
    """How many components it has besides the root; None where the two looks do not agree, or the tree goes deeper
    than the one shows."""
    search, walk = _looks(demand, space.id)
    answers = {(r.path, r.query, str(r.body)): body for r, body in replies}
    page, root = (answers.get((r.path, r.query, str(r.body))) for r in (search, walk))
    if not isinstance(root, dict) or page is None:
        return {"components": None}
    levels = list(_levels(root))
    count = sum(map(len, levels))
    shows_root = any(one.get("key") == ROOT for one in found_in(page))
    deep = len(levels) >= LEVELS or max(map(len, levels), default=0) >= CHILDREN
    return {"components": None if deep or pick(page, "/total") != count + shows_root else count}


def _levels(root: JsonObject) -> Iterator[list[JsonObject]]:
    """What lies beneath the root, level by level."""
    level = [root]
    while level := [c for one in level for c in _children(one)]:
        yield level


def _children(record: JsonObject) -> list[JsonObject]:
    children = pick(record, "/children")
    found = [] if isinstance(children, Missing) or not isinstance(children, list) else children
    return [c for c in found if isinstance(c, dict)]


# Writing.


def calls(kind: Kind, changes: Sequence[Change]) -> list[Call]:
    """The usual ones; a PUT repeats its id (CM-R3), and where a create's answer names none the list does (CM-R18,
    CM-R34)."""
    ids = {c.address: own_id(c) for c in changes if c.live}
    found = [with_id(call, ids.get(call.address)) for call in rest.calls(kind, changes)]
    return [*found, *(listed_id(call, SPACES) for call in found if call.phase is Phase.CREATE)]
