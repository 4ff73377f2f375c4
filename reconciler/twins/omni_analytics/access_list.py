"""Everyone with access to a document: one entry per principal and source, paged (OA-P35, OA-P36)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from reconciler.twins.core.kinds import Kind
from reconciler.twins.core.knobs import Knob
from reconciler.twins.core.values import Answer, Json
from reconciler.twins.omni_analytics.call import Call, OmniRoute
from reconciler.twins.omni_analytics.document_permissions import check_manager
from reconciler.twins.omni_analytics.documents import asked_document, limited_page_size, shown_path
from reconciler.twins.omni_analytics.paging import asked_order, page_of
from reconciler.twins.omni_analytics.scim import shown_address
from reconciler.twins.omni_analytics.things import Document, Folder, Group, Permit, User

SIZES = "pageSize: Must be between 1 and 100"
WORDS = {
    "sortField": ("name", "email", "role"),
    "sortDirection": ("asc", "desc"),
    "accessSource": ("direct", "folder"),
    "type": ("user", "userGroup"),
}
QUERY = ("pageSize", "cursor", *WORDS)


@dataclass(frozen=True, slots=True)
class Entry:
    """One principal by one source: the document itself, or the folder it lies in."""

    held: Permit
    is_owner: bool
    folder: Folder | None

    @property
    def source(self) -> str:
        return "direct" if self.folder is None else "folder"

    @property
    def type(self) -> str:
        return "userGroup" if self.held.is_group else "user"


def read(call: Call) -> Answer:
    for name, words in WORDS.items():
        if call.query.get(name, words[0]) not in words:
            raise call.bad(f"{name}: Must be one of: {', '.join(words)}")
    size = limited_page_size(call, 20, {"least": SIZES, "most": SIZES})
    field, direction = call.query.get("sortField", "name"), call.query.get("sortDirection", "asc")
    order = asked_order(call, field, direction)
    document = asked_document(call)
    check_manager(call, document)
    found = [entry for entry in _entries(call, document) if _asked_for(call, entry)]
    shown = [_shown(call, entry) for entry in found]
    rows = [(_sort_value(one, field, direction), f"{one['accessSource']}/{one['id']}", one) for one in shown]
    page = page_of(call, rows, order, size)
    return Answer(200, {"principals": list(page.items), "pageInfo": page.info})


def _entries(call: Call, document: Document) -> Iterator[Entry]:
    yield from _of(call, document.identifier, document.owner_id, None)
    folder = call.table(Folder).get(document.folder_id or "")
    if folder is not None:
        yield from _of(call, folder.id, folder.owner_id, folder)


def _of(call: Call, container: str, owner_id: str, folder: Folder | None) -> Iterator[Entry]:
    """The owner, who has no other entry beside, then everyone granted something here."""
    if owner_id in call.table(User):
        owner = Permit(container, owner_id, False, "MANAGER", access_boost=False)
        yield Entry(owner, folder is None, folder)
    for permit in call.table(Permit).values():
        if permit.container != container or (permit.principal == owner_id and not permit.is_group):
            continue
        if permit.role != "NO_ACCESS" or call.hard("OA-P36"):
            yield Entry(permit, False, folder)


def _asked_for(call: Call, entry: Entry) -> bool:
    wanted_source = call.query.get("accessSource", entry.source)
    return wanted_source == entry.source and call.query.get("type", entry.type) == entry.type


def _sort_value(shown: dict[str, Json], field: str, direction: str) -> str:
    """Whatever the direction, what has no such value comes last."""
    value = shown.get(field)
    known = value is not None
    return f"{int(known == (direction == 'desc'))}{str(value).lower() if known else ''}"


def _shown(call: Call, entry: Entry) -> dict[str, Json]:
    held = entry.held
    role = "INTERACTOR" if held.role == "EXPLORER" and not call.hard("OA-P35") else held.role
    if held.is_group:
        shown: dict[str, Json] = {"id": held.principal, "name": call.table(Group)[held.principal].name}
    else:
        user = call.table(User)[held.principal]
        shown = {"id": user.id, "name": user.display_name, "email": shown_address(call, user)}
    shown |= {
        "type": entry.type,
        "role": role,
        "accessBoost": held.access_boost,
        "accessSource": entry.source,
    }
    if not held.is_group:
        shown["isOwner"] = entry.is_owner
    if entry.folder is not None:
        path = shown_path(call, entry.folder)
        shown["folderInfo"] = {"id": entry.folder.id, "name": entry.folder.name, "path": path}
    return shown


KIND: Kind[OmniRoute] = Kind(
    routes=(
        OmniRoute(
            method="GET",
            path="/v1/documents/{documentId}/access-list",
            answer=read,
            query=QUERY,
        ),
    ),
    questions=(
        Knob("OA-P35", "an EXPLORER grant in an access list", "INTERACTOR", "EXPLORER"),
        Knob("OA-P36", "NO_ACCESS grants in an access list", "left out", "listed"),
    ),
)
