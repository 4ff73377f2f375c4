"""The calls that put labels on a document and take them off: one for all, and one by one where that is refused
(OA-R117)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final

from reconciler.model.change import Change, Delta, Entry, Value
from reconciler.model.json import canonical
from reconciler.model.plan import Call, Effect, On, Phase, Role, Trigger
from reconciler.model.record import replace
from reconciler.providers.omni_analytics.endpoints import ENDPOINTS

LABELS: Final = "labels"


def label_calls(change: Change) -> Iterator[Call]:
    """One PATCH for all labels that come and go; what a guard keeps on the document is in a call of its own."""
    delta = change.deltas.get(LABELS, Delta())
    if any(h.only == "remove" for h in change.holds):
        yield from _together(change, delta.add, ())
        yield from _together(change, (), delta.remove)
    else:
        yield from _together(change, delta.add, delta.remove)


def label_price(change: Change) -> int:
    """How many calls the labels take (OA-C21)."""
    return int(bool(change.deltas.get(LABELS)))


def _together(change: Change, add: Sequence[Entry], remove: Sequence[Entry]) -> Iterator[Call]:
    if not add and not remove:
        return
    body: dict[str, Value] = {"add": [e.id for e in add]} if add else {}
    body |= {"remove": [e.id for e in remove]} if remove else {}
    patch = replace(
        _call(change, "bulkUpdateDocumentLabels", add, remove),
        body=body,
        expect=_expected(change, add, remove),
    )
    yield patch
    for entry in add:
        yield _instead(_call(change, "applyLabelToDocument", [entry], ()), patch)
    for entry in remove:
        yield _instead(_call(change, "removeLabelFromDocument", (), [entry]), patch)


def _expected(change: Change, add: Sequence[Entry], remove: Sequence[Entry]) -> dict[str, Value]:
    """What the answer shows as the labels from now on; unknown where no list shows those that are there."""
    if change.live is None or LABELS not in change.live.fields:
        return {}
    delta = change.deltas[LABELS]
    staying = () if remove or not delta.remove else delta.remove
    coming = () if add or not delta.add else delta.add
    if coming:
        return {}
    return {f"/{LABELS}": {"$set": [e.id for e in (*delta.kept, *delta.others, *add, *staying)]}}


def _instead(step: Call, refused: Call) -> Call:
    """For when one label of several is not there, or the call takes another form of the document's id."""
    return replace(
        step,
        id=f"{refused.id}:else:{step.id.partition('#')[2]}",
        role=Role.CONTINGENT,
        trigger=Trigger(refused.id, on=On.ASTRAY),
        summary=f"if refused: {step.summary}",
    )


def _call(change: Change, operation: str, add: Sequence[Entry], remove: Sequence[Entry]) -> Call:
    method, _, path = ENDPOINTS[operation].partition(" ")
    own = change.live.id if change.live else ""
    args: dict[str, Value] = {"documentId": own}
    if "{labelName}" in path:
        args["labelName"] = [*add, *remove][0].id
    said = [f"put {', '.join(e.shown for e in add)} on"] if add else []
    said += [f"take {', '.join(e.shown for e in remove)} off"] if remove else []
    at = ",".join(f"{sign}{_text(e.id)}" for sign, es in (("+", add), ("-", remove)) for e in es)
    return Call(
        id=f"{change.address}#{LABELS}:{method}:{at}",
        target=change.address.target,
        kind=change.address.kind,
        address=change.address,
        method=method,
        path=path,
        args=args,
        phase=Phase.ADD if add else Phase.REMOVE,
        summary=f"{' and '.join(said)} {change.label}",
        effect=Effect(
            set_field=LABELS,
            present=tuple((e.id, {}) for e in add),
            absent=tuple(e.id for e in remove),
        ),
        live_id=own,
        set_field=LABELS,
    )


def _text(value: Value) -> str:
    return value if isinstance(value, str) else canonical(value)
