"""Space: an ordinary list, but its ids are integers (CM-R9)."""

from __future__ import annotations

from reconciler.model.call import Request
from reconciler.model.json import Json, pick
from reconciler.model.kind import Kind
from reconciler.model.live import Collection, Demand, Proof, Replies, Resource
from reconciler.providers.omni_cms.answers import SPACES, spaces, text_id
from reconciler.providers.rest.parse import unique
from reconciler.providers.rest.reads import get, unasked


def reads(kind: Kind, demand: Demand, replies: Replies) -> list[Request]:
    """The list; then each recorded space that it does not show."""
    wanted = [get(demand.target, SPACES)]
    if replies and kind.rest.read:
        shown = {one for one, _ in spaces(replies)}
        gone = (i for i in demand.ids if i not in shown)
        wanted += [get(demand.target, kind.rest.read.replace("{id}", i), may_be_gone=True) for i in gone]
    return unasked(wanted, replies)


def parse(kind: Kind, demand: Demand, replies: Replies) -> Collection:  # noqa: ARG001 - the verb's shape
    """Every space of the one answer, and recorded ones that were asked for singly. Raises ValueError."""
    singles = (_space(kind, body) for request, body in replies if request.may_be_gone and body is not None)
    listed = (Resource(i, name, {"name": name}, name) for i, name in spaces(replies))
    return Collection(kind.name, unique([*listed, *singles]), Proof(bool(replies), "whole list in one answer"))


def _space(kind: Kind, record: Json) -> Resource:
    name = pick(record, kind.key_field.wire)
    if not isinstance(name, str):
        raise ValueError("a space has no name")  # noqa: TRY004
    return Resource(text_id(pick(record, "/id")), name, {"name": name}, name)
