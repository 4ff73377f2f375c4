"""Attribute definitions as they are live: one list, what it does not show of what is recorded (OC-R40), and which
nodes make use of those that may have to go (OC-R47)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence

from reconciler.model.call import Request
from reconciler.model.document import Document
from reconciler.model.json import Json, JsonObject, pick
from reconciler.model.kind import Kind
from reconciler.model.live import Collection, Demand, Proof, Replies, Resource
from reconciler.model.plan import Call, Phase
from reconciler.model.record import replace
from reconciler.model.recorded import Bond
from reconciler.providers.omn_core import class_list, domain, labels
from reconciler.providers.omn_core.class_parse import ATTRIBUTES
from reconciler.providers.omn_core.sources import listed
from reconciler.providers.rest.parse import unique

PATH = "/pim/attribute-definitions/retrieve"


GOING = "going"
ANEW = "anew"


def details(
    kind: Kind,
    documents: Sequence[Document],
    bonds: Sequence[Bond],
    others: Mapping[str, Collection],  # noqa: ARG001 - the verb's shape
) -> tuple[JsonObject, ...]:
    """At most one entry each: the recorded ids of those that left git to be deleted; and, of those that may be
    made anew, the types that are declared."""
    declared = {d.address: d for d in documents}
    names = {d.previous_name for d in documents}
    left = [b for b in bonds if b.address not in declared and b.address.name not in names]
    going: JsonObject = {GOING: list[Json](sorted(b.id for b in left if b.on_remove == "delete"))}
    consenting = [d for d in documents if "replace" in d.lifecycle.allow]
    anew: JsonObject = {ANEW: {str(d.spec.get(kind.key)): d.spec.get("type") for d in consenting}}
    return tuple(one for one in (going, anew) if any(one.values()))


def reads(kind: Kind, demand: Demand, replies: Replies) -> list[Request]:  # noqa: ARG001 - the verb's shape
    """All in one call; then, once, what is recorded and was not in it; and who makes use of what is to go."""
    if not replies:
        return [Request(demand.target, "POST", PATH, body={"all": True}, safe=True)]
    asked = {r.path for r, _ in replies}
    uses = [class_list.everything(demand.target)] if _doomed(demand, replies) else []
    found = [r for r in uses if r.path not in asked]
    missing = sorted(set(demand.ids) - {_tid(r) for r in _records(replies)})
    if sum(r.path == PATH for r, _ in replies) > 1 or not missing:
        return found
    body: JsonObject = {"tids": list[Json](missing)}
    return [Request(demand.target, "POST", PATH, body=body, safe=True, may_be_gone=True), *found]


def _doomed(demand: Demand, replies: Replies) -> bool:
    """Whether anything that is live may have to go, for good or to be made anew with another type."""
    types = {_tid(r): pick(r, "/type") for r in _records(replies)}
    for detail in demand.details:
        going, anew = detail.get(GOING), detail.get(ANEW)
        if any(i in types for i in (going if isinstance(going, list) else [])):
            return True
        if any(types.get(i, of) != of for i, of in (anew.items() if isinstance(anew, dict) else ())):
            return True
    return False


def guarding(kind: Kind, demand: Demand, calls: Sequence[Call]) -> Demand:  # noqa: ARG001 - the verb's shape
    """The list; who makes use of what goes, if anything goes."""
    return demand if any(c.phase is Phase.DELETE for c in calls) else replace(demand, details=())


def showing(kind: Kind, demand: Demand, calls: Sequence[Call]) -> Demand:  # noqa: ARG001 - the verb's shape
    """The list alone."""
    return replace(demand, details=())


def parse(kind: Kind, demand: Demand, replies: Replies) -> Collection:  # noqa: ARG001 - the verb's shape
    """Every definition; with how many attributes at nodes make use of it, where that was read. Raises ValueError
    on another shape."""
    found = unique(_definition(record) for record in _records(replies))
    if any(r.path == class_list.LIST for r, _ in replies):
        used = Counter(key for n in class_list.tree(replies).nodes.values() for key in n.attributes)
        found = tuple(replace(one, contents={ATTRIBUTES: used[one.id]}) for one in found)
    by = "recorded ids asked for" if sum(r.path == PATH for r, _ in replies) > 1 else "whole list in one answer"
    return Collection(kind.name, found, Proof(bool(replies), by))


def _records(replies: Replies) -> Iterator[Json]:
    mine = ((r, body) for r, body in replies if r.path == PATH)
    told = tuple((r, body) for r, body in mine if body is not None or not r.may_be_gone)
    return listed(told, "/attrDefs/entries")


def _definition(record: Json) -> Resource:
    tid, kind_of = _tid(record), pick(record, "/type")
    fields: JsonObject = {
        "identifier": tid,
        "multiValued": pick(record, "/multiValued") == "true",
        "labels": labels.parsed(record),
        "domain": domain.parsed(record),
    }
    if isinstance(kind_of, str):
        fields["type"] = kind_of
    return Resource(tid, tid, fields, tid)


def _tid(record: Json) -> str:
    tid = pick(record, "/tid")
    if not isinstance(tid, str) or not tid:
        raise ValueError("an attribute definition has no tid")
    return tid
