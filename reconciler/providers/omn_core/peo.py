"""Peo: no list shows them all and no name is unique, so they are looked for by name, read by id, and never made
twice."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from reconciler.model.catalog import Verdict
from reconciler.model.change import Change, Hold
from reconciler.model.document import Document
from reconciler.model.json import Json, pick
from reconciler.model.kind import Kind
from reconciler.model.live import Collection
from reconciler.model.place import Problem
from reconciler.model.plan import Call, Phase
from reconciler.model.record import replace
from reconciler.model.shows import find
from reconciler.providers.omn_core import answers
from reconciler.providers.omn_core.peo_reading import SINGLY, details, guarding, narrow, parse, reads
from reconciler.providers.omn_core.peo_writing import MADE, bound, calls
from reconciler.providers.omn_core.texts import amiss

__all__ = [
    "bound",
    "calls",
    "check",
    "details",
    "guarding",
    "narrow",
    "parse",
    "reads",
    "review",
    "settled",
    "verdicts",
]


def check(kind: Kind, documents: Sequence[Document]) -> list[Problem]:
    """Names that the server could not keep as they are (OC-R20)."""
    return [p for document in documents for p in _unfit(kind, document)]


def _unfit(kind: Kind, document: Document) -> Iterator[Problem]:
    for name in (*kind.scope, kind.key):
        value = document.spec.get(name)
        if isinstance(value, str) and (why := amiss(value)):
            yield Problem(document.at("spec", name), f"{document.address}: {name} {value!r} {why}", rule="OC-R20")


def review(kind: Kind, changes: Sequence[Change], live: Collection) -> list[Change]:  # noqa: ARG001 - the verb's shape
    """What cannot be made without the template's id or was made with another's, and a rename that the server did
    not carry out."""
    return [_another_way(kind, _other_template(_without_template(change))) for change in changes]


def _other_template(change: Change) -> Change:
    """The name of a template follows from the id that the peo was made with (OC-R130)."""
    own = [hold for hold in change.holds if hold.rule == "changed-by-server" and hold.only == "template"]
    if not own or change.live is None:
        return change
    shown = change.live.fields.get("template")
    reason = f"made with this `templateId`, it has the template '{shown}': the id is most likely that one's"
    way_out = f"correct `templateId` and allow `replace`, or declare `template: {shown}`"
    told = replace(own[0], reason=reason, way_out=way_out)
    return replace(change, holds=tuple(told if hold in own else hold for hold in change.holds))


def _without_template(change: Change) -> Change:
    if change.verb not in MADE or "templateId" in change.wire:
        return change
    reason = "a peo is made by the id of its template, and nothing tells which id that name has"
    way_out = "add `templateId`, as OMN shows it in its configuration"
    return replace(change, holds=(*change.holds, Hold("template-id", reason, way_out, final=True)))


def _another_way(kind: Kind, change: Change) -> Change:
    """A rename that was answered with success and has done nothing is not sent again (OC-R134)."""
    way_out = (
        f"go back to the name that it has, or declare another peo: a new metadata.name with this {kind.key}, and "
        "`onRemove: delete` for this one before it leaves"
    )
    holds = tuple(
        replace(h, reason="the server answered this rename with success and kept the old name", way_out=way_out)
        if h.rule == "changed-by-server" and h.only == kind.key
        else h
        for h in change.holds
    )
    return replace(change, holds=holds) if holds != change.holds else change


def verdicts(kind: Kind, carrier: Call, riders: Sequence[Call], body: Json) -> Mapping[str, Verdict]:
    """As everywhere; and what is new is told by the ids that come with success, in the order in which it was sent.
    Where some failed, nobody knows whose they are: what was made is among them (OC-R131)."""
    found = answers.verdicts(kind, carrier, riders, body)
    new = [r for r in riders if r.phase is Phase.CREATE]
    said = answers.entries(body)
    ids = [i for e in said if pick(e, "/status") != "ERROR" and isinstance(i := pick(e, "/id"), str)]
    if all(found[r.id].done for r in new) and len(ids) == len(new):
        return {**found, **{r.id: replace(found[r.id], id=i) for r, i in zip(new, ids, strict=True)}}
    none_made = not ids and len(said) == len(riders)
    return {**found, **{r.id: _unsure(found[r.id], ids, none_made=none_made) for r in new}}


def _unsure(verdict: Verdict, ids: Sequence[str], *, none_made: bool) -> Verdict:
    if verdict.done is False or none_made:
        return replace(verdict, done=False)
    return replace(verdict, done=None, among=tuple(ids))


def settled(kind: Kind, call: Call, live: Collection) -> bool | None:
    """A peo is there if one of its product, template and name is, where none was before. What a query does not
    find may be there all the same, so only a reading by ids says that it is not (OC-R132)."""
    if call.phase is not Phase.CREATE:
        return answers.settled(kind, call, live)
    found = find(kind, live, call.effect.key, call.effect.scope)
    if len(found) == 1:
        return True
    return False if not found and SINGLY in live.seen else None
