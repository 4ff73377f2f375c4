"""Which safe calls the probes of Omni Analytics make, and what their answers show together. Of one thing out of a
list it is always the first that will do."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence

from reconciler.model.call import Request
from reconciler.model.doctor import Heard, Known
from reconciler.model.json import JsonObject, pick
from reconciler.providers.omni_analytics.endpoints import ENDPOINTS, NEWER, to
from reconciler.providers.probing import get, rows, text

LABELS, USERS = ENDPOINTS["listLabels"], ENDPOINTS["listUsers"]
PAGE = {"pageSize": "100"}
FOLDERS = {"include": "_count", "scope": "organization", "sortField": "path", "sortDirection": "asc", **PAGE}
SCHEDULES = {"sortField": "scheduleName", "sortDirection": "asc", **PAGE}
DOCUMENTS = {"include": "labels", "sortField": "name", "sortDirection": "asc", **PAGE}
ACCESS = {"accessSource": "direct", "sortField": "name", "sortDirection": "asc", **PAGE}
MODELS = {"modelKind": "SHARED", "sortField": "name", "sortDirection": "asc", **PAGE}
EMAIL_ONLY = {"pageSize": "20", "sortDirection": "asc"}
FIRST = {"count": "100", "startIndex": "1"}
UNPLAIN = ("/", "%", "?", "#")


def labels_read(known: Known) -> Request:
    return get(known.target, LABELS)


def folders_read(known: Known) -> Request:
    return get(known.target, ENDPOINTS["listFolders"], FOLDERS)


def users_read(known: Known) -> Request:
    return get(known.target, USERS, FIRST)


def groups_read(known: Known) -> Request:
    return get(known.target, ENDPOINTS["listUserGroups"], FIRST)


def schedules_read(known: Known) -> Request:
    return get(known.target, ENDPOINTS["listSchedules"], SCHEDULES)


def documents_read(known: Known) -> Request:
    return get(known.target, ENDPOINTS["listDocuments"], DOCUMENTS)


def connections_read(known: Known) -> Request:
    return get(known.target, ENDPOINTS["listConnections"])


def environments_read(known: Known) -> Request:
    """The list that a newer edition alone has (OA-R141)."""
    return get(known.target, NEWER["listConnectionEnvironments"])


def models_read(known: Known) -> Request:
    return get(known.target, ENDPOINTS["listModels"], MODELS)


def email_only_read(known: Known) -> Request:
    return get(known.target, ENDPOINTS["listEmailOnlyUsers"], EMAIL_ONLY)


def asks(*of: Callable[[Known], Request]) -> Callable[[Known, Heard], Sequence[Request]]:
    return lambda known, heard: [one(known) for one in of]  # noqa: ARG005 - always the same


def records(heard: Heard, request: Request) -> list[JsonObject]:
    return rows(heard, request, "/records", "/Resources", "/labels", "/connections") or []


def only_page(heard: Heard, request: Request) -> bool:
    """Whether a first page says that it is the only one."""
    answer = heard.of(request)
    body = answer.body if answer else None
    total, shown = pick(body, "/totalResults"), pick(body, "/itemsPerPage")
    if isinstance(total, int) and isinstance(shown, int):
        return shown >= total
    return pick(body, "/pageInfo/hasNextPage") is False


def slash_read(known: Known, heard: Heard) -> list[Request]:
    """The read of one label whose name has to be encoded in a path."""
    names = [
        name for r in records(heard, labels_read(known)) if any(c in (name := text(r, "/name")) for c in UNPLAIN)
    ]
    return [get(known.target, to("getLabel", name)) for name in sorted(names, key=no_slash)[:1]]


def no_slash(name: str) -> bool:
    return "/" not in name


def turned_read(known: Known, heard: Heard) -> list[tuple[str, Request]]:
    """(id, the search for it) of one listed user, his address in the other case."""
    for user in records(heard, users_read(known)):
        name = text(user, "/userName")
        turned = name.swapcase()
        if turned != name and turned.casefold() == name.casefold() and not set('"\\') & set(name):
            query = {"filter": f'userName eq "{turned}"'}
            return [(text(user, "/id"), get(known.target, USERS, query))]
    return []


def largest_read(known: Known, heard: Heard) -> list[tuple[JsonObject, Request]]:
    groups = sorted(records(heard, groups_read(known)), key=lambda g: -len(members_of(g)))
    found = ((g, text(g, "/id")) for g in groups)
    return [(g, get(known.target, to("getUserGroup", i))) for g, i in found if i][:1]


def members_of(group: object) -> Counter[str]:
    members = group.get("members") if isinstance(group, dict) else None
    return Counter(text(m, "/value") for m in members) if isinstance(members, list) else Counter()


def mailed_read(known: Known, heard: Heard) -> list[tuple[int, Request]]:
    """(number of recipients, the read of them) of one schedule that mails."""
    for one in records(heard, schedules_read(known)):
        count, remote_id = one.get("recipientCount"), text(one, "/id")
        if one.get("destinationType") == "email" and isinstance(count, int) and remote_id:
            return [(count, get(known.target, to("listScheduleRecipients", remote_id)))]
    return []


def access_read(known: Known, heard: Heard) -> list[Request]:
    """The access list of one listed document, asked for by its identifier."""
    listed = (d for d in records(heard, documents_read(known)) if d.get("deleted") is not True)
    names = (name for d in listed if (name := text(d, "/identifier")))
    return [get(known.target, to("listDocumentAccessList", name), ACCESS) for name in names][:1]


def git_read(known: Known, heard: Heard) -> list[Request]:
    return [get(known.target, to("getModelGitConfig", i)) for i in ids_of(heard, models_read(known))][:1]


def roles_read(known: Known, heard: Heard) -> list[Request]:
    """The roles of one listed user."""
    return [get(known.target, to("getUserModelRoles", i)) for i in ids_of(heard, users_read(known))][:1]


def ids_of(heard: Heard, request: Request) -> list[str]:
    """The ids of what is listed, and not marked as deleted."""
    return [i for r in records(heard, request) if (i := text(r, "/id")) and not text(r, "/deletedAt")]
