"""All content at once: folders and documents in one paged list."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

from reconciler.twins.core.kinds import Kind
from reconciler.twins.core.values import Answer, Json
from reconciler.twins.omni_analytics.call import Call, OmniRoute
from reconciler.twins.omni_analytics.checks import one_of
from reconciler.twins.omni_analytics.documents import (
    DIRECTIONS,
    LARGEST,
    asked_id,
    asked_words,
    carries,
    check_user,
    limited_page_size,
    record,
    sort_value,
    visible,
)
from reconciler.twins.omni_analytics.folders import SCOPES, chain, counted_documents, path_of
from reconciler.twins.omni_analytics.paging import asked_order, page_of
from reconciler.twins.omni_analytics.things import Document, Folder, Label, User

SORT_FIELDS = ("favorites", "name", "updatedAt")
INCLUDES = ("_count", "labels")
QUERY = (
    "labels",
    "scope",
    "sortField",
    "sortDirection",
    "include",
    "folderId",
    "path",
    "creatorId",
    "pageSize",
    "cursor",
)
SIZES = {"least": "Page size must be at least 1", "most": f"Page size cannot exceed {LARGEST}"}


@dataclass(frozen=True, slots=True)
class _Asked:
    """What of the content is asked for. `path` is None for all; ids are those of a folder and of a user."""

    scope: str
    folder_id: str | None
    path: str | None
    creator_id: str | None


def list_page(call: Call) -> Answer:
    size = limited_page_size(call, 20, SIZES)
    field = call.query.get("sortField", "name")
    if field not in SORT_FIELDS:
        raise call.bad("Invalid sort field")
    direction = one_of(call, "sortDirection", call.query.get("sortDirection", "asc"), DIRECTIONS)
    order = asked_order(call, field, direction)
    include = asked_words(call, INCLUDES)
    asked = _asked(call)
    folders = [folder for folder in call.listed(Folder) if _has_folder(call, asked, folder)]
    documents = [one for one in call.listed(Document) if _has_document(call, asked, one)]
    rows: list[tuple[str, str, Folder | Document]] = [
        *((_folder_value(folder, field), folder.id, folder) for folder in folders),
        *((sort_value(one, field), one.identifier, one) for one in documents),
    ]
    page = page_of(call, rows, order, size)
    counted = counted_documents(call)
    shown = [
        record(call, one, include) if isinstance(one, Document) else _folder(call, one, include, counted)
        for one in page.items
    ]
    return Answer(200, {"records": shown, "pageInfo": page.info})


def _asked(call: Call) -> _Asked:
    scope = one_of(call, "scope", call.query.get("scope", "organization"), SCOPES)
    folder_id, creator_id = asked_id(call, "folderId"), asked_id(call, "creatorId")
    path = call.query.get("path")
    if folder_id is not None and path is not None:
        raise call.bad("folderId and path cannot be used together")
    if scope == "restricted" and creator_id is None:
        raise call.bad("creatorId required when scope is restricted")
    check_user(call, "creatorId")
    return _Asked(scope, folder_id, None if path in (None, "/") else "/" + path.removeprefix("/"), creator_id)


def _has_folder(call: Call, asked: _Asked, folder: Folder) -> bool:
    if folder.scope != asked.scope or not carries(folder.labels, call.query):
        return False
    if asked.creator_id not in (None, folder.owner_id) or asked.folder_id not in (None, folder.parent_id):
        return False
    return asked.path is None or _folder_on(call, asked.path, folder)


def _has_document(call: Call, asked: _Asked, document: Document) -> bool:
    shown = not document.deleted and visible(call, document)
    if not shown or document.scope != asked.scope or not carries(document.labels, call.query):
        return False
    if asked.creator_id not in (None, document.creator_id) or asked.folder_id not in (None, document.folder_id):
        return False
    return asked.path is None or _document_on(call, asked.path, document)


def _folder_on(call: Call, path: str, folder: Folder) -> bool:
    """Is this the folder of the path or one directly in it; with `/*`, one anywhere below it?"""
    above = _paths(call, folder)
    return path.removesuffix("/*") in above[:-1] if path.endswith("/*") else path in above[-2:]


def _document_on(call: Call, path: str, document: Document) -> bool:
    """Does it lie in the folder of the path; with `/*`, in this one or anywhere below it?"""
    folder = call.table(Folder).get(document.folder_id or "")
    above = _paths(call, folder) if folder is not None else []
    return path.removesuffix("/*") in above if path.endswith("/*") else path in above[-1:]


def _paths(call: Call, folder: Folder) -> list[str]:
    """The paths of the chain of folders that ends here."""
    folders = call.table(Folder)
    return [path_of(folders, one) for one in chain(folders, folder)]


def _folder_value(folder: Folder, field: str) -> str:
    if field == "favorites":
        return f"{folder.favorites:012d}"
    return folder.updated_at if field == "updatedAt" else folder.name.lower()


def _folder(call: Call, folder: Folder, include: frozenset[str], counted: Counter[str]) -> Json:
    path = path_of(call.table(Folder), folder)
    owner = call.table(User).get(folder.owner_id)
    shown: dict[str, Json] = {
        "type": "folder",
        "id": folder.id,
        "name": folder.name,
        "path": path.removeprefix("/") if call.hard("OA-P3") else path,
        "scope": folder.scope,
        "owner": {"id": folder.owner_id, "name": owner.display_name if owner is not None else None},
        "url": f"https://acme.omniapp.co/f{path}",
    }
    if "labels" in include:
        known = call.table(Label)
        shown["labels"] = [known[key].name for key in folder.labels if key in known]
    if "_count" in include:
        shown["_count"] = {"documents": counted[folder.id], "favorites": folder.favorites}
    return shown


KIND: Kind[OmniRoute] = Kind(
    routes=(
        OmniRoute(
            method="GET",
            path="/v1/content",
            answer=list_page,
            query=QUERY,
            strict="Unrecognized query parameters",
        ),
    )
)
