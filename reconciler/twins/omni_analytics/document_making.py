"""Documents made over the API: new, as a copy, or (as a shape only) from an export."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from reconciler.twins.core.kinds import Kind
from reconciler.twins.core.values import Answer, Json, Refused
from reconciler.twins.omni_analytics.call import Call, OmniRoute
from reconciler.twins.omni_analytics.checks import check_name, given_text, is_uuid, one_of
from reconciler.twins.omni_analytics.document_moves import agreed_scope, folder_at
from reconciler.twins.omni_analytics.documents import asked_document, check_user, find_document
from reconciler.twins.omni_analytics.folders import SCOPES
from reconciler.twins.omni_analytics.ids import DOCUMENT, next_identifier, next_uuid
from reconciler.twins.omni_analytics.model_things import Model
from reconciler.twins.omni_analytics.rights import check_may
from reconciler.twins.omni_analytics.things import Document, Org

IMPORTED = ("baseModelId", "dashboard", "document", "workbookModel", "exportVersion")
VERSION = "0.1"
MAY_NOT_CREATE = "User does not have access to create content on the specified connection"


def create(call: Call) -> Answer:
    """At the root, for the caller."""
    model_id, name = call.body.get("modelId"), given_text(call, "name")
    if model_id is None:
        raise call.bad("modelId: Required")
    if not is_uuid(model_id):
        raise call.bad("modelId: Invalid uuid")
    if not name:
        raise call.bad("name: Required")
    model = call.table(Model).get(str(model_id).lower())
    if model is None:
        raise Refused(404, f"Model with id {model_id} does not exist")
    moment = call.moment()
    document = Document(
        identifier=next_identifier(call.twin.counters),
        uuid=next_uuid(call.twin.counters, DOCUMENT),
        name=name,
        owner_id=call.caller.user_id,
        creator_id=call.caller.user_id,
        updated_at=moment,
        model_id=model.id,
        connection_id=model.connection_id,
    )
    call.table(Document)[document.identifier] = document
    call.made(Document, document.identifier)
    return Answer(201 if call.newer else 200, _made(call, document))


def duplicate(call: Call) -> Answer:
    """A copy of what is published, without grants, labels and draft."""
    name = check_name(call, 255)
    path = call.body.get("folderPath")
    if path is not None and not isinstance(path, str):
        raise call.bad("folderPath: Invalid value")
    scope = one_of(call, "scope", call.body["scope"], SCOPES) if "scope" in call.body else None
    document = asked_document(call)
    if not document.published:
        raise Refused(404, f'Published document with id "{call.ids["documentId"]}" does not exist')
    check_user(call, "userId")
    folder = folder_at(call, path, 'Folder with path "{}" does not exist') if path is not None else None
    check_may(call, document, "VIEWER", MAY_NOT_CREATE)
    scope = agreed_scope(scope, folder) or "restricted"
    owner = call.query.get("userId", call.caller.user_id).lower()
    copy = replace(
        document,
        identifier=next_identifier(call.twin.counters),
        uuid=next_uuid(call.twin.counters, DOCUMENT),
        name=name,
        owner_id=owner,
        creator_id=owner,
        updated_at=call.moment(),
        folder_id=folder.id if folder is not None else None,
        scope=scope,
        labels=(),
        has_draft=False,
        favorites=(),
        views=0,
    )
    call.table(Document)[copy.identifier] = copy
    call.made(Document, copy.identifier)
    shown = {"identifier": copy.identifier, "name": copy.name, "workbookId": copy.uuid}
    return Answer(201, {"dashboardId": copy.uuid, **shown} if copy.is_dashboard else shown)


def export(call: Call) -> Answer:
    document = find_document(call, call.ids["dashboardId"])
    if document is None or not document.is_dashboard:
        raise Refused(404, "Dashboard not found")
    shown: Json = {
        "dashboard": {"name": document.name},
        "document": {"identifier": document.identifier, "name": document.name},
        "exportVersion": VERSION,
        "workbookModel": {"modelId": document.model_id},
        "fileUploads": [],
    }
    return Answer(200, shown)


def import_(call: Call) -> Answer:
    """The shape of an answer: nothing is made."""
    for name in IMPORTED:
        value = call.body.get(name)
        if value is None:
            raise call.bad(f"{name}: Required")
        if name in ("dashboard", "document", "workbookModel") and not isinstance(value, Mapping):
            raise call.bad(f"{name}: Invalid value")
    if not is_uuid(call.body["baseModelId"]):
        raise call.bad("baseModelId: Invalid uuid")
    if call.body["exportVersion"] != VERSION:
        raise call.bad("exportVersion: Invalid value")
    made = next_uuid(call.twin.counters, DOCUMENT)
    shown: Json = {"dashboard": {"dashboardId": made}, "miniUuidMap": {}, "workbook": {}}
    return Answer(201 if call.newer else 200, shown)


def _made(call: Call, document: Document) -> Json:
    """A new document as its create shows it: the only answer with its settings."""
    moment, org = document.updated_at, next(iter(call.table(Org).values()))
    dashboard: Json = {
        "id": document.uuid,
        "createdAt": moment,
        "updatedAt": moment,
        "metadata": {},
        "metadataVersion": 1,
        "refreshInterval": None,
        "facetFilters": False,
        "organizationId": org.id,
        "workbookId": document.uuid,
        "creatorId": document.creator_id,
        "updaterId": document.creator_id,
        "dashboardId": document.uuid,
    }
    workbook: Json = {
        "id": document.uuid,
        "createdAt": moment,
        "updatedAt": moment,
        "deletedAt": None,
        "publishedAt": moment,
        "isDraft": False,
        "identifier": document.identifier,
        "name": document.name,
        **document.settings,
        "organizationId": org.id,
        "ownerId": document.owner_id,
        "updaterId": document.creator_id,
        "folderId": None,
        "documentId": document.uuid,
    }
    return {"dashboard": dashboard, "workbook": workbook}


KIND: Kind[OmniRoute] = Kind(
    routes=(
        OmniRoute(
            method="POST",
            path="/v1/documents",
            answer=create,
            fields=("modelId", "name", "queryPresentations"),
        ),
        OmniRoute(
            method="POST",
            path="/v1/documents/{documentId}/duplicate",
            answer=duplicate,
            on_behalf=True,
            fields=("name", "folderPath", "scope"),
        ),
        OmniRoute(
            method="GET",
            path="/unstable/documents/{dashboardId}/export",
            answer=export,
            org_key_only=True,
        ),
        OmniRoute(
            method="POST",
            path="/unstable/documents/import",
            answer=import_,
            org_key_only=True,
            fields=(*IMPORTED, "identifier", "folderPath", "fileUploads"),
        ),
    )
)
