"""Classification: a tree of nodes with attributes; what ClassificationNode and NodeAttribute write goes along in
its requests."""

from __future__ import annotations

from collections.abc import Sequence

from reconciler.model.call import Request
from reconciler.model.change import Change, FieldChange, Reason, Verb
from reconciler.model.document import Manage
from reconciler.model.kind import Kind
from reconciler.model.live import Collection, Demand, Proof, Replies
from reconciler.model.record import replace
from reconciler.providers.omn_core.class_answers import made, settled, verdicts
from reconciler.providers.omn_core.class_calls import calls
from reconciler.providers.omn_core.class_check import check_classes as check
from reconciler.providers.omn_core.class_list import everything, tree
from reconciler.providers.omn_core.class_need import bound
from reconciler.providers.omn_core.class_parse import classifications
from reconciler.providers.omn_core.class_together import together
from reconciler.providers.omn_core.labels import kept

__all__ = ["bound", "calls", "check", "made", "parse", "reads", "review", "settled", "together", "verdicts"]


def reads(kind: Kind, demand: Demand, replies: Replies) -> list[Request]:  # noqa: ARG001 - the verb's shape
    """One list for all three kinds (OC-R60)."""
    return [] if replies else [everything(demand.target)]


def parse(kind: Kind, demand: Demand, replies: Replies) -> Collection:  # noqa: ARG001 - the verb's shape
    """Every classification, in one answer."""
    if not replies:
        return Collection(kind.name)
    found = tuple(classifications(tree(replies)))
    return Collection(kind.name, found, Proof(True, "whole list in one answer"))


def review(kind: Kind, changes: Sequence[Change], live: Collection) -> list[Change]:  # noqa: ARG001 - the verb's shape
    """Labels are never taken away (OC-R21); a root node that is missing is made (OC-R66)."""
    return [_rooted(kept(change)) for change in changes]


def _rooted(change: Change) -> Change:
    life = change.document.lifecycle.manage if change.document else Manage.OBSERVE
    if change.live is None or life is not Manage.FULL or change.live.fields.get("rooted") is not False:
        return change
    one = FieldChange(("rooted",), before=False, after=True, reason=Reason.DRIFT)
    verb = Verb.UPDATE if change.verb is Verb.NONE else change.verb
    return replace(change, verb=verb, fields=(*change.fields, one), changed=change.changed | {"rooted"})
