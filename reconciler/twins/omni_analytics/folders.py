"""Folders: a tree of names that shows itself only as paths of slugs (OA-R27 to OA-R38)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping

from reconciler.twins.core.kinds import Kind
from reconciler.twins.core.knobs import Knob
from reconciler.twins.core.slug import slugify
from reconciler.twins.core.values import Answer, Json, Refused
from reconciler.twins.omni_analytics.call import Call, OmniRoute
from reconciler.twins.omni_analytics.checks import given_text, given_uuid, is_uuid, one_of
from reconciler.twins.omni_analytics.grants import drop_grants
from reconciler.twins.omni_analytics.ids import FOLDER, next_uuid
from reconciler.twins.omni_analytics.paging import asked_order, page_of, page_size
from reconciler.twins.omni_analytics.things import Document, Folder, Label, User, fold

SCOPES = ("organization", "restricted")
SORT_FIELDS = ("name", "path", "favorites")
INCLUDES = ("_count", "labels")
FILTERS = ("include", "path", "labels", "scope", "ownerId")
ORDER = ("sortField", "sortDirection", "cursor", "pageSize")
DEEPEST = 7
WILD = ("/**", "/*")


def chain(folders: Mapping[str, Folder], folder: Folder) -> list[Folder]:
    """The folders from the root down to this one."""
    found = [folder]
    while (parent_id := found[0].parent_id) is not None:
        found.insert(0, folders[parent_id])
    return found


def path_of(folders: Mapping[str, Folder], folder: Folder) -> str:
    """`/finance/reports`: the slugs of the chain."""
    return "".join(f"/{above.slug}" for above in chain(folders, folder))


def free_slug(folders: Mapping[str, Folder], name: str, parent_id: str | None) -> str:
    """The slug of a new folder: made from its name, numbered if a sibling has it."""
    taken = {folder.slug for folder in folders.values() if folder.parent_id == parent_id}
    wanted = slugify(name) or "folder"
    slug, number = wanted, 0
    while slug in taken:
        number += 1
        slug = f"{wanted}-{number}"
    return slug


def create(call: Call) -> Answer:
    name = given_text(call, "name")
    if not name:
        raise call.bad("name: Required")
    scope = one_of(call, "scope", call.body["scope"], SCOPES) if "scope" in call.body else None
    parent_id, owner_id = given_uuid(call, "parentFolderId"), given_uuid(call, "userId")
    folders = call.table(Folder)
    if parent_id is not None and parent_id not in folders:
        raise Refused(404, f"Parent folder with id {parent_id} does not exist")
    if owner_id is not None and owner_id not in call.table(User):
        raise Refused(404, f"User with id {owner_id} does not exist")
    parent = folders[parent_id] if parent_id is not None else None
    if parent is not None:
        _check_may_manage(call, parent)
        _check_below(call, parent, scope)
    moment = call.moment()
    folder = Folder(
        id=next_uuid(call.twin.counters, FOLDER),
        name=name,
        slug=free_slug(folders, name, parent_id),
        parent_id=parent_id,
        scope=scope or (parent.scope if parent is not None else "organization"),
        owner_id=owner_id or call.caller.user_id,
        created_at=moment,
        updated_at=moment,
    )
    folders[folder.id] = folder
    call.made(Folder, folder.id)
    return Answer(201, _shown(call, folder))


def delete(call: Call) -> Answer:
    """The grants on a folder go with it."""
    folder_id = call.ids["folderId"].lower()
    folder = call.table(Folder).get(folder_id)
    if folder is None:
        raise Refused(404, f"Folder with id {call.ids['folderId']} does not exist")
    _check_may_manage(call, folder)
    if _direct_documents(call)[folder_id]:
        raise Refused(400, "Folders with documents cannot be deleted")
    if any(other.parent_id == folder_id for other in call.table(Folder).values()):
        raise Refused(400, "Only empty folders can be deleted")
    call.moment()
    del call.table(Folder)[folder_id]
    drop_grants(call, folder_id)
    return Answer(200, {"success": True})


def list_page(call: Call) -> Answer:
    size = page_size(call, 20)
    scope, owner_id = _asked_owner(call)
    field = one_of(call, "sortField", call.query.get("sortField", "name"), SORT_FIELDS, shown=("name", "path"))
    direction = one_of(call, "sortDirection", call.query.get("sortDirection", "desc"), ("asc", "desc"))
    order = asked_order(call, field, direction)
    include = _asked_include(call)
    pattern = _asked_pattern(call)
    if owner_id is not None and owner_id not in call.table(User):
        raise Refused(404, "User membership not found")
    found = _matching(call, scope, owner_id)
    if pattern is not None:
        found = _on_path(call, found, pattern)
    rows = [(_sort_value(call, folder, field), folder.id, folder) for folder in found]
    page = page_of(call, rows, order, size)
    return Answer(200, {"records": _listed(call, page.items, include), "pageInfo": page.info})


def _matching(call: Call, scope: str, owner_id: str | None) -> list[Folder]:
    found = [folder for folder in call.listed(Folder) if folder.scope == scope]
    if owner_id is not None:
        found = [folder for folder in found if folder.owner_id == owner_id]
    if "labels" in call.query:
        wanted = {fold(name.strip()) for name in call.query["labels"].split(",")}
        found = [folder for folder in found if wanted & set(folder.labels)]
    return found


def _sort_value(call: Call, folder: Folder, field: str) -> str:
    if field == "favorites":
        return f"{folder.favorites:012d}"
    return (folder.name if field == "name" else path_of(call.table(Folder), folder)).lower()


def _asked_owner(call: Call) -> tuple[str, str | None]:
    scope = one_of(call, "scope", call.query.get("scope", "organization"), SCOPES)
    owner_id = call.query.get("ownerId")
    if owner_id is None and scope == "restricted":
        raise call.bad("ownerId: ownerId is required when scope is 'restricted'")
    if owner_id is not None and not is_uuid(owner_id):
        raise call.bad("ownerId: Invalid uuid")
    return scope, owner_id.lower() if owner_id is not None else None


def _asked_include(call: Call) -> frozenset[str]:
    words = [word.strip() for word in call.query.get("include", "").split(",") if word.strip()]
    for word in words:
        if word not in INCLUDES:
            raise call.bad(f"include: Invalid value. Expected: {', '.join(INCLUDES)}, received '{word}'")
    return frozenset(words)


def _asked_pattern(call: Call) -> str | None:
    pattern = call.query.get("path")
    if pattern is None:
        return None
    rooted = "/" + pattern.removeprefix("/")
    stem = next((rooted.removesuffix(wild) for wild in WILD if rooted.endswith(wild)), rooted)
    if "*" in stem:
        raise call.bad("Invalid path pattern. Only a single wildcard (*) is allowed at the end of the pattern")
    return rooted


def _on_path(call: Call, found: Iterable[Folder], pattern: str) -> list[Folder]:
    folders = call.table(Folder)
    paths = [(path_of(folders, folder), folder) for folder in found]
    if pattern.endswith("/**"):
        return [folder for path, folder in paths if path.startswith(pattern.removesuffix("**"))]
    if pattern.endswith("/*"):
        return [folder for path, folder in paths if path.rpartition("/")[0] == pattern.removesuffix("/*")]
    exact = [folder for path, folder in paths if path == pattern]
    if not exact:
        raise Refused(404, f"Folder with path {call.query['path']} does not exist")
    return exact


def _check_may_manage(call: Call, folder: Folder) -> None:
    caller = call.caller
    if caller.personal and not caller.org_admin and folder.owner_id != caller.user_id:
        raise Refused(403, "You do not have permission to manage this folder")


def _check_below(call: Call, parent: Folder, scope: str | None) -> None:
    if len(chain(call.table(Folder), parent)) >= DEEPEST:
        raise call.bad("Maximum folder nesting depth reached")
    if scope is not None and scope != parent.scope:
        raise call.bad("Child folder scope must match parent folder scope")


def _direct_documents(call: Call) -> Counter[str]:
    """How many documents lie directly in each folder, by folder id."""
    documents = [document for document in call.table(Document).values() if not document.deleted]
    return Counter(document.folder_id for document in documents if document.folder_id is not None)


def counted_documents(call: Call) -> Counter[str]:
    """What `_count.documents` says of each folder: those directly inside, or (OA-P11) also those further down."""
    direct = _direct_documents(call)
    if not call.hard("OA-P11"):
        return direct
    folders = call.table(Folder)
    counted: Counter[str] = Counter()
    for folder_id, number in direct.items():
        for above in chain(folders, folders[folder_id]):
            counted[above.id] += number
    return counted


def _shown(call: Call, folder: Folder) -> dict[str, Json]:
    path = path_of(call.table(Folder), folder)
    owner = call.table(User).get(folder.owner_id)
    shown: dict[str, Json] = {
        "id": folder.id,
        "name": folder.name,
        "path": path.removeprefix("/") if call.hard("OA-P3") else path,
        "scope": folder.scope,
        "owner": {"id": folder.owner_id, "name": owner.display_name if owner is not None else None},
        "createdAt": folder.created_at,
        "updatedAt": folder.updated_at,
    }
    if call.hard("OA-P18") or call.newer:
        shown |= {"url": f"https://acme.example.com/f{path}", "ownerId": folder.owner_id}
    if call.newer:
        del shown["owner"]
    return shown


def _listed(call: Call, found: Iterable[Folder], include: frozenset[str]) -> list[Json]:
    counted = counted_documents(call) if "_count" in include else Counter[str]()
    labels = call.table(Label)
    records: list[Json] = []
    for folder in found:
        record = _shown(call, folder)
        if "labels" in include:
            record["labels"] = [labels[key].name for key in folder.labels if key in labels]
        if "_count" in include:
            record["_count"] = {"documents": counted[folder.id], "favorites": folder.favorites}
        records.append(record)
    return records


KIND: Kind[OmniRoute] = Kind(
    routes=(
        OmniRoute(
            method="POST",
            path="/v1/folders",
            answer=create,
            prefix="Bad Request: ",
            fields=("name", "parentFolderId", "scope", "userId"),
        ),
        OmniRoute(
            method="GET",
            path="/v1/folders",
            answer=list_page,
            prefix="Bad Request: ",
            query=(*FILTERS, *ORDER),
        ),
        OmniRoute(method="DELETE", path="/v1/folders/{folderId}", answer=delete, uuids=("folderId",)),
    ),
    questions=(
        Knob("OA-P3", "a folder's path", "with a leading slash", "without"),
        Knob("OA-P11", "_count.documents of a folder", "documents directly inside", "of the whole subtree"),
    ),
)
