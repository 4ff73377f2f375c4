"""Grants on documents, what a document lets everyone do, and what one person may do with it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from functools import partial

from reconciler.twins.core.kinds import Kind
from reconciler.twins.core.values import Answer, Json
from reconciler.twins.omni_analytics.call import Call, OmniRoute
from reconciler.twins.omni_analytics.documents import asked_document, store
from reconciler.twins.omni_analytics.grants import (
    FIELDS,
    PRINCIPALS,
    ROLES,
    Grants,
    Place,
    asked_user,
    check_managed,
    granted_to,
    known_user,
)
from reconciler.twins.omni_analytics.rights import caller_may
from reconciler.twins.omni_analytics.things import NEW_SETTINGS, Document, Folder, Group, Org, Permit, User

PATH = "/v1/documents/{documentId}/permissions"

_route = partial(OmniRoute, path=PATH)


def read(call: Call) -> Answer:
    """What concerns the asked user: as one of the organisation, by the document, by its folder."""
    user_id = asked_user(call)
    document = asked_document(call)
    user = known_user(call, user_id)
    check_managed(_place(call))
    everyone = _everyone(call, document)
    direct = _entries(call, document.identifier, document.owner_id, user, "direct")
    folder = call.table(Folder).get(document.folder_id or "")
    inherited = _entries(call, folder.id, folder.owner_id, user, "folder") if folder is not None else []
    return Answer(200, {"permits": [*everyone, *direct, *inherited]})


def change_settings(call: Call) -> Answer:
    """What is left out stays."""
    for name, value in call.body.items():
        good = value in ROLES if name == "organizationRole" else isinstance(value, bool)
        if name in NEW_SETTINGS and not good:
            raise call.bad(f"{name}: Invalid {name}")
    document = asked_document(call)
    check_managed(_place(call))
    given = {name: value for name, value in call.body.items() if name in NEW_SETTINGS}
    store(call, replace(document, settings={**document.settings, **given}), call.moment())
    return Answer(200, {"success": True})


def check_manager(call: Call, document: Document) -> None:
    """Raises Refused where the caller may not manage who else may see the document."""
    check_managed(Place(document.identifier, "document", caller_may(call, document, "MANAGER")))


def _place(call: Call) -> Place:
    document = asked_document(call)
    return Place(document.identifier, "document", caller_may(call, document, "MANAGER"))


def _everyone(call: Call, document: Document) -> list[Json]:
    """Everyone's role, once more as if by the folder where there is one: that adds nothing."""
    org = next(iter(call.table(Org).values()))
    sources = ["direct", "folder"] if document.folder_id is not None else ["direct"]
    held: Json = {"accessBoost": False, "isOwner": False, "role": document.organization_role}
    who = {"id": org.id, "name": "Organization", "type": "user"}
    return [{"description": "Organization", source: held, **who} for source in sources]


def _entries(call: Call, container: str, owner_id: str, user: User, source: str) -> Sequence[Json]:
    """The owner's entry or the user's own, then those of his groups by name."""
    granted = granted_to(call, container, user.id)
    if owner_id != user.id:
        return [_shown(call, one, source) for one in granted]
    owned: Json = {
        "id": user.id,
        "name": user.display_name,
        "description": "Owner",
        "type": "user",
        source: {"accessBoost": False, "isOwner": True, "role": "MANAGER"},
    }
    return [owned, *(_shown(call, one, source) for one in granted if one.is_group)]


def _shown(call: Call, permit: Permit, source: str) -> Json:
    if permit.is_group:
        name = call.table(Group)[permit.principal].name
    else:
        name = call.table(User)[permit.principal].display_name
    return {
        "id": permit.principal,
        "name": name,
        "description": "User group" if permit.is_group else "User",
        "type": "userGroup" if permit.is_group else "user",
        source: {"accessBoost": permit.access_boost, "isOwner": False, "role": permit.role},
    }


WRITES = Grants(_place, "userId: userId must be provided", "userId: Invalid userId")
KIND: Kind[OmniRoute] = Kind(
    routes=(
        _route(method="GET", answer=read, query=("userId",)),
        _route(method="POST", answer=WRITES.grant, fields=FIELDS),
        _route(method="PATCH", answer=WRITES.change, fields=FIELDS),
        _route(method="PUT", answer=change_settings, fields=tuple(NEW_SETTINGS)),
        _route(method="DELETE", answer=WRITES.revoke, fields=PRINCIPALS, body_optional=True),
    )
)
