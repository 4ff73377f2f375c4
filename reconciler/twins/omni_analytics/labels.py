"""Labels: found whatever their case, counted by what carries them (OA-R19 to OA-R26)."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from functools import partial

from reconciler.twins.core.kinds import Kind
from reconciler.twins.core.knobs import Knob
from reconciler.twins.core.values import Answer, Json, Refused
from reconciler.twins.omni_analytics.call import Call, OmniRoute, Style
from reconciler.twins.omni_analytics.checks import given_flag, given_text
from reconciler.twins.omni_analytics.things import Document, Folder, Label, fold

LENGTHS = range(2, 26)
FIELDS = ("name", "verified", "homepage")
ALL = "/v1/labels"
ONE = "/v1/labels/{labelName}"

_route = partial(OmniRoute, style=Style.TITLED)


def create(call: Call) -> Answer:
    name = given_text(call, "name")
    if name is None:
        raise call.bad("name: Required")
    _check_length(call, name)
    label = Label(
        name=name,
        verified=given_flag(call, "verified") or False,
        homepage=given_flag(call, "homepage") or False,
        created_by=call.caller.user_id,
    )
    if label.marked:
        _check_admin(call)
    key = fold(name)
    if key in call.table(Label):
        raise _taken(name)
    call.moment()
    call.table(Label)[key] = label
    call.made(Label, key)
    return Answer(201, _shown(call, label, 0))


def list_all(call: Call) -> Answer:
    labels = call.listed(Label)
    if call.hard("OA-P10"):
        labels.sort(key=lambda label: label.name, reverse=True)
    used = _usage(call)
    return Answer(200, {"labels": [_shown(call, label, used[fold(label.name)]) for label in labels]})


def read(call: Call) -> Answer:
    label = _asked(call)
    return Answer(200, _shown(call, label, _usage(call)[fold(label.name)]))


def update(call: Call) -> Answer:
    name = given_text(call, "name")
    if name is not None:
        _check_length(call, name)
    verified, homepage = given_flag(call, "verified"), given_flag(call, "homepage")
    label = _asked(call)
    changed = replace(
        label,
        name=label.name if name is None else name,
        verified=label.verified if verified is None else verified,
        homepage=label.homepage if homepage is None else homepage,
    )
    _check_may_update(call, label, changed)
    _check_rename(call, label, changed)
    call.moment()
    _put(call, label, changed)
    return Answer(200, _shown(call, changed, _usage(call)[fold(changed.name)]))


def delete(call: Call) -> Answer:
    label = _asked(call)
    if label.marked:
        _check_admin(call)
    key = fold(label.name)
    folders = [folder for folder in call.table(Folder).values() if key in folder.labels]
    if _on_documents(call)[key] or (folders and call.hard("OA-P9")):
        raise Refused(409, f'Label "{label.name}" is currently applied to documents and cannot be deleted')
    call.moment()
    del call.table(Label)[key]
    for folder in folders:
        left = tuple(carried for carried in folder.labels if carried != key)
        call.table(Folder)[folder.id] = replace(folder, labels=left)
    return Answer(204)


def _asked(call: Call) -> Label:
    label = call.table(Label).get(fold(call.ids["labelName"]))
    if label is None:
        raise Refused(404, f'Label "{call.ids["labelName"]}" not found')
    return label


def _check_length(call: Call, name: str) -> None:
    if len(name) not in LENGTHS:
        raise call.bad("name: Label name must be between 2 and 25 characters")


def _check_admin(call: Call) -> None:
    if not call.caller.org_admin:
        raise Refused(403, "You do not have permission to manage Verified or Homepage labels")


def _check_may_update(call: Call, label: Label, changed: Label) -> None:
    if label.marked or changed.marked:
        _check_admin(call)
    if not call.caller.org_admin and label.created_by != call.caller.user_id:
        raise Refused(403, "You do not have permission to manage this label")


def _check_rename(call: Call, label: Label, changed: Label) -> None:
    other_case = fold(changed.name) == fold(label.name) and changed.name != label.name
    taken = fold(changed.name) != fold(label.name) and fold(changed.name) in call.table(Label)
    if taken or (other_case and call.hard("OA-P8")):
        raise _taken(changed.name)


def _taken(name: str) -> Refused:
    return Refused(409, f'A label named "{name}" already exists')


def _put(call: Call, label: Label, changed: Label) -> None:
    """Replace a label where it stands in the order of creation, and follow a new name into what carries it."""
    old, new = fold(label.name), fold(changed.name)
    table = call.table(Label)
    if old == new:
        table[old] = changed
        return
    renamed = {new if key == old else key: changed if key == old else kept for key, kept in table.items()}
    table.clear()
    table.update(renamed)
    for document in [document for document in call.table(Document).values() if old in document.labels]:
        carried = tuple(new if key == old else key for key in document.labels)
        call.table(Document)[document.identifier] = replace(document, labels=carried)
    for folder in [folder for folder in call.table(Folder).values() if old in folder.labels]:
        carried = tuple(new if key == old else key for key in folder.labels)
        call.table(Folder)[folder.id] = replace(folder, labels=carried)


def _on_documents(call: Call) -> Counter[str]:
    """How many documents carry each label, by folded name."""
    documents = [document for document in call.table(Document).values() if not document.deleted]
    return Counter(key for document in documents for key in document.labels)


def _usage(call: Call) -> Counter[str]:
    """How many documents and folders carry each label, by folded name."""
    return _on_documents(call) + Counter(key for folder in call.table(Folder).values() for key in folder.labels)


def _shown(call: Call, label: Label, used: int) -> Json:
    shown: dict[str, Json] = {
        "name": label.name,
        "verified": label.verified,
        "homepage": label.homepage,
        "usage_count": used,
    }
    return {**shown, "color": "#8a8a8a", "description": ""} if call.hard("OA-P18") or call.newer else shown


KIND: Kind[OmniRoute] = Kind(
    routes=(
        _route(method="POST", path=ALL, answer=create, on_behalf=True, fields=FIELDS),
        _route(method="GET", path=ALL, answer=list_all),
        _route(method="GET", path=ONE, answer=read),
        _route(method="PUT", path=ONE, answer=update, on_behalf=True, fields=FIELDS),
        _route(method="DELETE", path=ONE, answer=delete, on_behalf=True),
    ),
    questions=(
        Knob("OA-P8", "a label rename that changes only case", "200", "409"),
        Knob("OA-P9", "deleting a label that only folders carry", "204", "409"),
        Knob("OA-P10", "order of the label list", "creation", "name, descending"),
    ),
)
