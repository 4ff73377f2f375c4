"""Which safe calls the probes of Omni Analytics make, and what their answers show together."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence

from reconciler.model.call import Request, quoted
from reconciler.model.doctor import Heard, Known
from reconciler.model.json import JsonObject, pick
from reconciler.providers.probing import get, rows, text

LABELS = "GET /v1/labels"
PAGE = {"pageSize": "100"}
FOLDERS = {"include": "_count", "scope": "organization", "sortField": "path", "sortDirection": "asc", **PAGE}
SCHEDULES = {"sortField": "scheduleName", "sortDirection": "asc", **PAGE}
FIRST = {"count": "100", "startIndex": "1"}
UNPLAIN = ("/", "%", "?", "#")


def labels_read(known: Known) -> Request:
    return get(known.target, LABELS)


def folders_read(known: Known) -> Request:
    return get(known.target, "GET /v1/folders", FOLDERS)


def users_read(known: Known) -> Request:
    return get(known.target, "GET /scim/v2/users", FIRST)


def groups_read(known: Known) -> Request:
    return get(known.target, "GET /scim/v2/groups", FIRST)


def schedules_read(known: Known) -> Request:
    return get(known.target, "GET /v1/schedules", SCHEDULES)


def asks(*of: Callable[[Known], Request]) -> Callable[[Known, Heard], Sequence[Request]]:
    return lambda known, heard: [one(known) for one in of]  # noqa: ARG005 - always the same


def records(heard: Heard, request: Request) -> list[JsonObject]:
    return rows(heard, request, "/records", "/Resources", "/labels") or []


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
    return [get(known.target, f"GET /v1/labels/{quoted(name)}") for name in sorted(names, key=no_slash)[:1]]


def no_slash(name: str) -> bool:
    return "/" not in name


def turned_read(known: Known, heard: Heard) -> list[tuple[str, Request]]:
    """(id, the search for it) of one listed user, his address in the other case."""
    for user in records(heard, users_read(known)):
        name = text(user, "/userName")
        turned = name.swapcase()
        if turned != name and turned.casefold() == name.casefold() and not set('"\\') & set(name):
            query = {"filter": f'userName eq "{turned}"'}
            return [(text(user, "/id"), get(known.target, "GET /scim/v2/users", query))]
    return []


def largest_read(known: Known, heard: Heard) -> list[tuple[JsonObject, Request]]:
    groups = sorted(records(heard, groups_read(known)), key=lambda g: -len(members_of(g)))
    found = ((g, text(g, "/id")) for g in groups)
    return [(g, get(known.target, f"GET /scim/v2/groups/{quoted(i)}")) for g, i in found if i][:1]


def members_of(group: object) -> Counter[str]:
    members = group.get("members") if isinstance(group, dict) else None
    return Counter(text(m, "/value") for m in members) if isinstance(members, list) else Counter()


def mailed_read(known: Known, heard: Heard) -> list[tuple[int, Request]]:
    """(number of recipients, the read of them) of one schedule that mails."""
    for one in records(heard, schedules_read(known)):
        count, remote_id = one.get("recipientCount"), text(one, "/id")
        if one.get("destinationType") == "email" and isinstance(count, int) and remote_id:
            return [(count, get(known.target, f"GET /v1/schedules/{quoted(remote_id)}/recipients"))]
    return []
