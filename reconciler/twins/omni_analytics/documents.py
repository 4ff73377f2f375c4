"""Documents as they are found: by identifier or UUID, in a paged list, and with folders among all content."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace

from reconciler.twins.core.kinds import Kind
from reconciler.twins.core.knobs import Knob
from reconciler.twins.core.values import Answer, Json, Refused
from reconciler.twins.omni_analytics.call import Call, OmniRoute
from reconciler.twins.omni_analytics.checks import is_uuid, one_of, whole_number
from reconciler.twins.omni_analytics.folders import path_of
from reconciler.twins.omni_analytics.paging import asked_order, page_of
from reconciler.twins.omni_analytics.rights import caller_may, may
from reconciler.twins.omni_analytics.things import Document, Folder, Label, User, fold

LARGEST = 100
DIRECTIONS = ("asc", "desc")
SORT_FIELDS = ("favorites", "name", "updatedAt", "visits")
INCLUDES = ("_count", "labels", "includeDeleted", "onlyFavorites")
QUERY = (
    "include",
    "labels",
    "folderId",
    "pageSize",
    "sortField",
    "sortDirection",
    "cursor",
    "userId",
    "creatorId",
)
GHOST = "d0cdead0"


def list_page(call: Call) -> Answer:
    size = limited_page_size(call, 50 if call.newer else 20)
    field = one_of(call, "sortField", call.query.get("sortField", "name"), SORT_FIELDS)
    usual = "asc" if call.newer else "desc"
    direction = one_of(call, "sortDirection", call.query.get("sortDirection", usual), DIRECTIONS)
    order = asked_order(call, field, direction)
    include = asked_words(call, INCLUDES)
    for name in ("folderId", "userId", "creatorId"):
        asked_id(call, name)
    if "onlyFavorites" in include and "userId" not in call.query:
        raise call.bad("userId: userId is required when include is 'onlyFavorites'")
    for name in ("userId", "creatorId"):
        check_user(call, name)
    found = _matching(call, include)
    rows = [(sort_value(document, field), document.identifier, document) for document in found]
    page = page_of(call, rows, order, size)
    return Answer(200, {"records": [record(call, one, include) for one in page.items], "pageInfo": page.info})


def find_document(call: Call, text: str) -> Document | None:
    """The document with this identifier or UUID, unless it lies in the trash."""
    documents = call.table(Document)
    found = documents.get(text)
    if found is None:
        found = next((one for one in documents.values() if one.uuid == text.lower()), None)
    return None if found is None or found.deleted else found


def asked_document(call: Call, text: str = 'Document with identifier "{}" not found') -> Document:
    """The document that the path names. Raises Refused, in these words, if there is none."""
    asked = call.ids["documentId"]
    found = find_document(call, asked)
    if found is None:
        raise Refused(404, text.format(asked))
    return found


def store(call: Call, document: Document, moment: str) -> None:
    """Store a changed document, changed at this moment."""
    call.table(Document)[document.identifier] = replace(document, updated_at=moment)


def visible(call: Call, document: Document) -> bool:
    """Does a list show this document to the caller? To an organisation key all but what OA-P47 hides."""
    if not caller_may(call, document, "VIEWER"):
        return False
    others = document.scope == "restricted" and document.owner_id != call.caller.user_id
    return not (others and call.hard("OA-P47"))


def record(call: Call, document: Document, include: Iterable[str]) -> dict[str, Json]:
    """A document as lists show it. `include` may name `labels` and `_count`."""
    owner = call.table(User).get(document.owner_id)
    shown: dict[str, Json] = {
        "type": "document",
        "identifier": document.identifier,
        "name": document.name,
        "scope": document.scope,
        "owner": {"id": document.owner_id, "name": owner.display_name if owner is not None else None},
        "folder": shown_folder(call, document),
        "connectionId": document.connection_id,
        "hasDashboard": document.is_dashboard,
        "deleted": document.deleted,
        "updatedAt": document.updated_at,
        "url": f"https://acme.omniapp.co/dashboards/{document.identifier}",
    }
    if call.newer:
        shown["description"] = None
    if "labels" in include:
        shown["labels"] = _labels(call, document)
    if "_count" in include:
        shown["_count"] = {"favorites": len(document.favorites), "views": document.views}
    return shown


def shown_folder(call: Call, document: Document) -> dict[str, Json] | None:
    """The folder a document lies in, as the document's record shows it."""
    folder = call.table(Folder).get(document.folder_id or "")
    if folder is None:
        return None
    path = shown_path(call, folder)
    return {"id": folder.id, "name": folder.name, "path": path, "scope": folder.scope}


def shown_path(call: Call, folder: Folder) -> str:
    """A folder's path, as documents show it (OA-P34)."""
    path = path_of(call.table(Folder), folder)
    return path.removeprefix("/") if call.hard("OA-P34") else path


def sort_value(document: Document, field: str) -> str:
    """What a list of documents is sorted by."""
    match field:
        case "favorites":
            return f"{len(document.favorites):012d}"
        case "visits":
            return f"{document.views:012d}"
        case "updatedAt":
            return document.updated_at
    return document.name.lower()


def carries(labels: Iterable[str], query: Mapping[str, str]) -> bool:
    """Is one of these (folded) labels among those a query asks for, or does it ask for none?"""
    if "labels" not in query:
        return True
    return bool({fold(name.strip()) for name in query["labels"].split(",")} & set(labels))


def limited_page_size(call: Call, default: int, texts: Mapping[str, str] | None = None) -> int:
    """The asked page size, where a largest one is documented. `texts` word `least` and `most`. Raises Refused."""
    said = {
        "least": "pageSize: Page size must be at least 1",
        "most": f"pageSize: Page size cannot exceed {LARGEST}",
        **(texts or {}),
    }
    size = whole_number(call, "pageSize", default)
    if size < 1:
        raise call.bad(said["least"])
    if size > LARGEST:
        raise call.bad(said["most"])
    return size


def asked_words(call: Call, known: tuple[str, ...]) -> frozenset[str]:
    """The words of `include`. Raises Refused."""
    words = [word.strip() for word in call.query.get("include", "").split(",") if word.strip()]
    for word in words:
        if word not in known:
            raise call.bad(f"include: Invalid value. Expected: {', '.join(known)}, received '{word}'")
    return frozenset(words)


def asked_id(call: Call, name: str) -> str | None:
    """A UUID from the query. Raises Refused."""
    text = call.query.get(name)
    if text is not None and not is_uuid(text):
        raise call.bad(f"{name}: Invalid uuid")
    return text.lower() if text is not None else None


def check_user(call: Call, name: str) -> None:
    """Raises Refused if the query names a user who is not there."""
    asked = call.query.get(name)
    if asked is not None and asked.lower() not in call.table(User):
        raise Refused(404, f"User with id {asked} does not exist")


def _matching(call: Call, include: frozenset[str]) -> list[Document]:
    folder_id, user_id, creator_id = (asked_id(call, name) for name in ("folderId", "userId", "creatorId"))
    with_deleted = "includeDeleted" in include or call.hard("OA-P49")
    found = [one for one in call.listed(Document) if visible(call, one) and carries(one.labels, call.query)]
    found = [one for one in found if with_deleted or not one.deleted]
    if call.hard("OA-P49"):
        found += _ghost(found)
    if folder_id is not None:
        found = [one for one in found if one.folder_id == folder_id]
    if creator_id is not None:
        found = [one for one in found if one.creator_id == creator_id]
    if user_id is not None:
        found = [one for one in found if may(call, user_id, one, "VIEWER")]
    if "onlyFavorites" in include:
        found = [one for one in found if user_id in one.favorites]
    return found


def _ghost(found: list[Document]) -> list[Document]:
    """The like of the first document, deleted long ago, where nothing deleted is shown anyway (OA-P49)."""
    if not found or any(one.deleted for one in found):
        return []
    return [replace(found[0], identifier=GHOST, uuid=GHOST, deleted=True)]


def _labels(call: Call, document: Document) -> list[Json]:
    known = call.table(Label)
    labels = [known[key] for key in document.labels if key in known]
    if call.hard("OA-P41"):
        return [{"name": label.name, "verified": label.verified} for label in labels]
    return [label.name for label in labels]


KIND: Kind[OmniRoute] = Kind(
    routes=(OmniRoute(method="GET", path="/v1/documents", answer=list_page, query=QUERY, strict=""),),
    questions=(
        Knob("OA-P34", "folder.path inside a document's record", "with a leading slash", "without"),
        Knob("OA-P41", "labels in a document's record", "texts", "objects"),
        Knob("OA-P47", "restricted documents of others in the list", "listed", "not listed"),
        Knob("OA-P49", "records beyond the reference in lists", "none", "deleted ones among the others"),
    ),
)
