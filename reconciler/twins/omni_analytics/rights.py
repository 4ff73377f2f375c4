"""What a user may do with a document: the most that anything lets him."""

from __future__ import annotations

from reconciler.twins.core.values import Refused
from reconciler.twins.omni_analytics.call import Call
from reconciler.twins.omni_analytics.grants import ROLES, granted_to
from reconciler.twins.omni_analytics.things import Document, Folder


def may(call: Call, user_id: str, document: Document, role: str) -> bool:
    """Does this user have this role on the document, or a higher one? A lower grant takes nothing away."""
    wanted = ROLES.index(role)
    return any(ROLES.index(one) >= wanted for one in _roles(call, user_id, document))


def caller_may(call: Call, document: Document, role: str) -> bool:
    """The same for whoever sent the request. An organisation key may everything."""
    caller = call.caller
    return not caller.personal or caller.org_admin or may(call, caller.user_id, document, role)


def check_may(call: Call, document: Document, role: str, text: str) -> None:
    """Raises Refused, with this text, where the caller may not."""
    if not caller_may(call, document, role):
        raise Refused(403, text)


def _roles(call: Call, user_id: str, document: Document) -> list[str]:
    """By the document, as its owner or by a grant; by its folder likewise; as one of the organisation."""
    found = [one.role for one in granted_to(call, document.identifier, user_id)]
    folder = call.table(Folder).get(document.folder_id or "")
    if folder is not None:
        found += [one.role for one in granted_to(call, folder.id, user_id)]
    if user_id == document.owner_id or (folder is not None and user_id == folder.owner_id):
        found.append("MANAGER")
    if document.scope == "organization":
        found.append(document.organization_role)
    return found
