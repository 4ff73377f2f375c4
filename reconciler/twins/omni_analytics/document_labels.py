"""Which labels a document carries: many at once, all or nothing, or one by one."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from functools import partial

from reconciler.twins.core.kinds import Kind
from reconciler.twins.core.knobs import Knob
from reconciler.twins.core.values import Answer, Refused
from reconciler.twins.omni_analytics.call import Call, OmniRoute, Style
from reconciler.twins.omni_analytics.checks import is_uuid
from reconciler.twins.omni_analytics.documents import asked_document, store
from reconciler.twins.omni_analytics.labels import LENGTHS
from reconciler.twins.omni_analytics.rights import check_may
from reconciler.twins.omni_analytics.things import Document, Label, fold

MANY = "/v1/documents/{documentId}/labels"
ONE = "/v1/documents/{documentId}/labels/{labelName}"
MAY_NOT = "You do not have permission to modify labels on this document."
LENGTH = "Label name must be between 2 and 25 characters"

_one = partial(OmniRoute, path=ONE, style=Style.TITLED, on_behalf=True)


def change(call: Call) -> Answer:
    """Add and remove; refused as a whole if one label is wrong."""
    if call.hard("OA-P43") and not is_uuid(call.ids["documentId"]):
        raise Refused(400, "documentId: Invalid uuid")
    add, remove = _asked_names(call, "add"), _asked_names(call, "remove")
    if not add and not remove:
        raise call.bad("At least one label must be specified in add or remove")
    if {fold(name) for name in add} & {fold(name) for name in remove}:
        raise call.bad("Labels cannot appear in both add and remove arrays")
    document = asked_document(call)
    labels = [_known(call, name) for name in [*add, *remove]]
    missing = [name for name in remove if fold(name) not in document.labels]
    if missing:
        named = ", ".join(f'"{name}"' for name in missing)
        raise Refused(404, f"Labels not found on this document: {named}")
    _check_may_label(call, document, labels)
    gone = {fold(name) for name in remove}
    left = [key for key in document.labels if key not in gone]
    changed = replace(document, labels=tuple(dict.fromkeys([*left, *map(fold, add)])))
    store(call, changed, call.moment())
    known = call.table(Label)
    return Answer(200, {"labels": [known[key].name for key in changed.labels if key in known]})


def apply(call: Call) -> Answer:
    """The same answer whether or not the document carried it."""
    name = call.ids["labelName"]
    if len(name) not in LENGTHS:
        raise call.bad(f"labelName: {LENGTH}")
    document = asked_document(call)
    label = _known(call, name)
    _check_may_label(call, document, [label])
    labels = tuple(dict.fromkeys([*document.labels, fold(name)]))
    store(call, replace(document, labels=labels), call.moment())
    return Answer(204)


def remove(call: Call) -> Answer:
    name = call.ids["labelName"]
    document = asked_document(call)
    label = call.table(Label).get(fold(name))
    if label is None or fold(name) not in document.labels:
        raise Refused(404, f'Label "{name}" not found on this document')
    _check_may_label(call, document, [label])
    left = tuple(key for key in document.labels if key != fold(name))
    store(call, replace(document, labels=left), call.moment())
    return Answer(204)


def _asked_names(call: Call, name: str) -> list[str]:
    given = call.body.get(name, [])
    if not isinstance(given, list):
        raise call.bad(f"{name}: Invalid value")
    for place, value in enumerate(given):
        if not isinstance(value, str):
            raise call.bad(f"{name}.{place}: Invalid value")
        if len(value) not in LENGTHS:
            raise call.bad(f"{name}.{place}: {LENGTH}")
    return [str(value) for value in given]


def _known(call: Call, name: str) -> Label:
    label = call.table(Label).get(fold(name))
    if label is None:
        raise Refused(404, f'Label "{name}" not found')
    return label


def _check_may_label(call: Call, document: Document, labels: Iterable[Label]) -> None:
    check_may(call, document, "MANAGER", MAY_NOT)
    for label in labels:
        if label.marked and not call.caller.org_admin:
            kind = "Verified" if label.verified else "Homepage"
            raise Refused(403, f"You do not have permission to modify {kind} labels on this document")


KIND: Kind[OmniRoute] = Kind(
    routes=(
        OmniRoute(
            method="PATCH",
            path=MANY,
            answer=change,
            style=Style.TITLED,
            prefix="Bad Request: ",
            on_behalf=True,
            fields=("add", "remove"),
        ),
        _one(method="PUT", answer=apply),
        _one(method="DELETE", answer=remove),
    ),
    questions=(Knob("OA-P43", "the labels of a document by its short identifier", "done", "400"),),
)
