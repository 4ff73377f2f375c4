"""Where a document lies, whose it is, and what model it stands on."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from reconciler.twins.core.kinds import Kind
from reconciler.twins.core.values import Answer, Refused
from reconciler.twins.omni_analytics.call import Call, OmniRoute, Style
from reconciler.twins.omni_analytics.checks import is_uuid, one_of
from reconciler.twins.omni_analytics.documents import asked_document, store
from reconciler.twins.omni_analytics.folders import SCOPES, path_of
from reconciler.twins.omni_analytics.model_things import Connection, Model
from reconciler.twins.omni_analytics.rights import check_may
from reconciler.twins.omni_analytics.things import Document, Folder, Permit, User, permit_key

MAY_NOT_EDIT = "User does not have permission to update this document"
UPDATED: Mapping[str, str | bool] = {"success": True, "message": "Document updated successfully"}


def move(call: Call) -> Answer:
    """Into a folder, or to the root; the scope is the given one, else the folder's, else it stays."""
    if "folderPath" not in call.body:
        raise call.bad("folderPath: Required")
    path = call.body["folderPath"]
    if path is not None and not isinstance(path, str):
        raise call.bad("folderPath: Invalid value")
    scope = one_of(call, "scope", call.body["scope"], SCOPES) if "scope" in call.body else None
    document = asked_document(call)
    folder = folder_at(call, path) if path is not None else None
    check_may(call, document, "EDITOR", MAY_NOT_EDIT)
    moved = replace(
        document,
        folder_id=folder.id if folder is not None else None,
        scope=agreed_scope(scope, folder) or document.scope,
    )
    store(call, moved, call.moment())
    return Answer(200, {"success": True})


def folder_at(call: Call, path: str, text: str = "Folder with path {} does not exist") -> Folder:
    """The folder with this path, with or without a leading slash. Raises Refused, in these words."""
    folders = call.table(Folder)
    wanted = "/" + path.removeprefix("/")
    found = next((folder for folder in folders.values() if path_of(folders, folder) == wanted), None)
    if found is None:
        raise Refused(404, text.format(path))
    return found


def agreed_scope(scope: str | None, folder: Folder | None) -> str | None:
    """The given scope, else the folder's, else none. Raises Refused if they disagree."""
    if folder is None:
        return scope
    if scope is not None and scope != folder.scope:
        raise Refused(400, f'Scope "{scope}" and folder scope "{folder.scope}" do not match')
    return folder.scope


def transfer(call: Call) -> Answer:
    """To somebody with a grant of his own, which then ends; the former owner is left with `MANAGER`."""
    user_id = call.body.get("userId")
    if not isinstance(user_id, str) or not user_id:
        raise Refused(400, "userId is required")
    document = asked_document(call)
    user = call.table(User).get(user_id.lower())
    if user is None:
        raise Refused(404, "User not found")
    check_may(call, document, "MANAGER", "Insufficient permissions")
    if user.id != document.owner_id:
        _hand_over(call, document, user)
    return Answer(200, {"success": True})


def _hand_over(call: Call, document: Document, user: User) -> None:
    permits = call.table(Permit)
    own = permit_key(document.identifier, user.id, is_group=False)
    if own not in permits or permits[own].role == "NO_ACCESS":
        raise Refused(400, "New owner must have explicit document permission")
    store(call, replace(document, owner_id=user.id), call.moment())
    del permits[own]
    if document.owner_id in call.table(User):
        left = Permit(document.identifier, document.owner_id, False, "MANAGER", access_boost=False)
        permits[permit_key(document.identifier, document.owner_id, is_group=False)] = left


def update_model(call: Call) -> Answer:
    """To a model of the same dialect."""
    new_id = call.body.get("newModelId")
    if new_id is None:
        raise call.bad("newModelId: Required")
    if not isinstance(new_id, str) or not is_uuid(new_id):
        raise call.bad("newModelId: Invalid uuid")
    document = asked_document(call)
    model = call.table(Model).get(new_id.lower())
    if model is None or model.deleted_at is not None:
        raise Refused(404, f"Model with id {new_id} does not exist")
    check_may(call, document, "EDITOR", MAY_NOT_EDIT)
    before, after = _dialect(call, document.connection_id), _dialect(call, model.connection_id)
    if before is not None and before != after:
        raise Refused(400, "Models must have the same dialect")
    changed = replace(document, model_id=model.id, connection_id=model.connection_id)
    store(call, changed, call.moment())
    return Answer(200, UPDATED)


def _dialect(call: Call, connection_id: str | None) -> str | None:
    connection = call.table(Connection).get(connection_id or "")
    return connection.dialect if connection is not None else None


KIND: Kind[OmniRoute] = Kind(
    routes=(
        OmniRoute(
            method="PUT",
            path="/v1/documents/{documentId}/move",
            answer=move,
            fields=("folderPath", "scope"),
        ),
        OmniRoute(
            method="PUT",
            path="/v1/documents/{documentId}/transfer-ownership",
            answer=transfer,
            style=Style.BARE,
            fields=("userId",),
        ),
        OmniRoute(
            method="PUT",
            path="/unstable/documents/{documentId}/update-model",
            answer=update_model,
            prefix="Bad Request: ",
            fields=("newModelId",),
        ),
    )
)
