"""NodeAttribute: the use of a definition at a node; all it writes goes in the requests of Classification."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from reconciler.model.call import Request
from reconciler.model.document import Document
from reconciler.model.json import Json, JsonObject
from reconciler.model.kind import Field, Kind
from reconciler.model.live import Collection, Demand, Proof, Replies
from reconciler.model.plan import Call
from reconciler.model.record import replace
from reconciler.model.recorded import Bond
from reconciler.providers import rest
from reconciler.providers.omn_core import attribute_reads, domain
from reconciler.providers.omn_core.attribute_review import review
from reconciler.providers.omn_core.class_answers import made, settled
from reconciler.providers.omn_core.class_around import AROUND, amiss, guarded
from reconciler.providers.omn_core.class_check import check_attributes as check
from reconciler.providers.omn_core.class_list import everything, tree
from reconciler.providers.omn_core.class_parse import attributes

__all__ = ["check", "details", "guarding", "made", "parse", "reads", "review", "same", "settled", "showing"]


def details(
    kind: Kind,  # noqa: ARG001 - the verb's shape
    documents: Sequence[Document],
    bonds: Sequence[Bond],
    others: Mapping[str, Collection],  # noqa: ARG001 - the verb's shape
) -> tuple[JsonObject, ...]:
    """What has to be asked besides the list: defaults, and the ids of what is to go (OC-R70 to OC-R72)."""
    return attribute_reads.details(documents, bonds)


def reads(kind: Kind, demand: Demand, replies: Replies) -> list[Request]:  # noqa: ARG001 - the verb's shape
    """The list; then the groups of nodes whose attributes are asked for."""
    if not replies:
        return [everything(demand.target)]
    if not demand.details:
        return []
    return attribute_reads.requests(demand.target, demand.details, tree(replies), replies)


def parse(kind: Kind, demand: Demand, replies: Replies) -> Collection:
    """Every attribute of every node itself, in one answer; what was asked besides is put to it."""
    if not replies:
        return Collection(kind.name)
    live = tree(replies)
    ids, defaults = attribute_reads.told(live, replies)
    found = tuple(attributes(live, ids, defaults))
    return Collection(kind.name, found, Proof(True, "whole list in one answer"), amiss=amiss(demand, live))


def same(field: Field, before: Json, after: Json) -> bool:
    """Of a domain what is declared counts (OC-R43)."""
    return domain.same(before, after) if field.name == "domain" else rest.same_value(field, before, after)


def guarding(kind: Kind, demand: Demand, calls: Sequence[Call]) -> Demand:  # noqa: ARG001 - the verb's shape
    """The list, whether what is sent along is still as it was (OC-R69), and the defaults if one is overwritten."""
    return guarded(_with_defaults(demand, calls), calls)


def showing(kind: Kind, demand: Demand, calls: Sequence[Call]) -> Demand:  # noqa: ARG001 - the verb's shape
    """The list, and the defaults if one was written."""
    return _with_defaults(demand, calls)


def _with_defaults(demand: Demand, calls: Sequence[Call]) -> Demand:
    words = [attribute_reads.GOING, attribute_reads.ANEW, AROUND]
    words += [] if any("default" in c.effect.fields for c in calls) else [attribute_reads.DEFAULTS]
    return replace(demand, details=attribute_reads.without(demand.details, *words))
