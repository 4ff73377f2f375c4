"""ClassificationNode: a tree beneath each classification; all it writes goes in the requests of Classification."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

from reconciler.model.call import Request
from reconciler.model.change import Change
from reconciler.model.document import Document
from reconciler.model.json import Json, JsonObject, pick
from reconciler.model.kind import Kind
from reconciler.model.live import Collection, Demand, Proof, Replies
from reconciler.model.normalise import segments
from reconciler.model.plan import Call
from reconciler.model.record import replace
from reconciler.model.recorded import Bond
from reconciler.providers.omn_core.class_answers import made, settled
from reconciler.providers.omn_core.class_around import AROUND, amiss, guarded
from reconciler.providers.omn_core.class_check import check_nodes as check
from reconciler.providers.omn_core.class_list import everything, tree
from reconciler.providers.omn_core.class_parse import nodes
from reconciler.providers.omn_core.labels import kept

__all__ = ["check", "details", "guarding", "made", "parse", "reads", "review", "settled", "showing"]

RETRIEVE: Final = "/pim/nodes/retrieve"
GOING: Final = "going"
ADMIN: Final = "admin"
"""In `seen`: whether the token may delete nodes, where that was asked."""


def details(
    kind: Kind,
    documents: Sequence[Document],
    bonds: Sequence[Bond],
    others: Mapping[str, Collection],  # noqa: ARG001 - the verb's shape
) -> tuple[JsonObject, ...]:
    """The recorded ids of the nodes that may have to be deleted (OC-R75)."""
    declared, names = {d.address: d for d in documents}, {d.previous_name for d in documents}
    left = (b for b in bonds if b.address not in declared and b.address.name not in names)
    going = [b.id for b in left if b.on_remove == "delete"]
    for bond in (b for b in bonds if b.address in declared):
        document = declared[bond.address]
        moves = segments(document.spec.get(kind.key)) != segments(bond.key)
        going += [bond.id] if moves and "replace" in document.lifecycle.allow else []
    return ({GOING: list[Json](sorted(going))},) if going else ()


def reads(kind: Kind, demand: Demand, replies: Replies) -> list[Request]:  # noqa: ARG001 - the verb's shape
    """The list; then, if nodes are to be deleted, whether this token may (OC-R75)."""
    if not replies:
        return [everything(demand.target)]
    going = [i for d in demand.details for i in _list(d.get(GOING))]
    if not going or any(r.path == RETRIEVE for r, _ in replies):
        return []
    live = tree(replies)
    tids = sorted({live.nodes[i].chain[0] for i in map(str, going) if i in live.nodes})
    body: JsonObject = {"classificationTid": tids[0]} if tids else {}
    refusals = frozenset({403})
    return [Request(demand.target, "POST", RETRIEVE, body=body, safe=True, refusals=refusals)] if tids else []


def parse(kind: Kind, demand: Demand, replies: Replies) -> Collection:
    """Every node, in one answer."""
    if not replies:
        return Collection(kind.name)
    live = tree(replies)
    asked = [body for r, body in replies if r.path == RETRIEVE]
    seen: dict[str, Json] = {ADMIN: pick(asked[0], "/$refused") != 403} if asked else {}
    proof = Proof(True, "whole list in one answer")
    return Collection(kind.name, tuple(nodes(live)), proof, seen=seen, amiss=amiss(demand, live))


def guarding(kind: Kind, demand: Demand, calls: Sequence[Call]) -> Demand:  # noqa: ARG001 - the verb's shape
    """The list alone, and whether what is sent along is still as it was (OC-R69)."""
    return guarded(replace(demand, details=()), calls)


def showing(kind: Kind, demand: Demand, calls: Sequence[Call]) -> Demand:  # noqa: ARG001 - the verb's shape
    """The list alone shows what was written."""
    return replace(demand, details=tuple(d for d in demand.details if AROUND not in d and GOING not in d))


def review(kind: Kind, changes: Sequence[Change], live: Collection) -> list[Change]:  # noqa: ARG001 - the verb's shape
    """Labels are never taken away (OC-R21)."""
    return [kept(change) for change in changes]


def _list(value: Json) -> list[Json]:
    return value if isinstance(value, list) else []
