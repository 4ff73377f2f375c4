"""What a few safe calls can tell of our assumptions about Omni Analytics (OA-A1 …).

At most 17 calls of the 60 a minute. Ten lists, a page each: labels, folders, users, groups, schedules, documents,
connections, environments of these (which a newer server alone has), shared models, email-only users. Seven single
ones, where the lists hold what it takes: a label with a `/`, a user by a filter, a group, the recipients of a
schedule, an access list, a repository, a user's roles. What needs folders times people, or a write, is left.
"""

from __future__ import annotations

from reconciler.model.call import quoted
from reconciler.model.doctor import Finding, HealthRead, Heard, Known, Probe, Probes, confirmed, refuted, untold
from reconciler.model.json import pick
from reconciler.providers.omni_analytics import probe_content as content
from reconciler.providers.omni_analytics import probe_people as people
from reconciler.providers.omni_analytics.probe_reads import (
    LABELS,
    USERS,
    asks,
    folders_read,
    groups_read,
    labels_read,
    largest_read,
    mailed_read,
    members_of,
    only_page,
    records,
    schedules_read,
    slash_read,
    turned_read,
    users_read,
)
from reconciler.providers.probing import get, rows, settled, some, text


def _paths(known: Known, heard: Heard) -> Finding:
    request = folders_read(known)
    if (finding := settled(heard, request)) is not None:
        return finding
    paths = ["/" + text(f, "/path").lstrip("/") for f in records(heard, request)]
    twice = len(paths) - len(set(paths))
    if twice:
        return refuted(f"{twice} of {some(len(paths), 'folder')} have the path of another")
    nested = [path for path in paths if path.count("/") > 1]
    lost = sum(path.rpartition("/")[0] not in paths for path in nested)
    if not nested or (lost and not only_page(heard, request)):
        return untold(f"{some(len(paths), 'folder')} on the first page, which tells nothing of parents")
    seen = f"{len(paths)} paths, {len(nested)} of them nested, {lost or 'none'} without its parent"
    return refuted(seen) if lost else confirmed(seen)


def _page_size(known: Known, heard: Heard) -> Finding:
    request = folders_read(known)
    if (answer := heard.of(request)) is not None and answer.status == 400:
        return refuted("a page of 100 folders is refused")
    return settled(heard, request) or confirmed(
        f"100 asked for, {some(len(records(heard, request)), 'folder')} came"
    )


def _totals(known: Known, heard: Heard) -> Finding:
    counted = 0
    for request, at in ((folders_read(known), "/pageInfo/totalRecords"), (users_read(known), "/totalResults")):
        if (finding := settled(heard, request)) is not None:
            return finding
        answer, came = heard.of(request), len({text(r, "/id") for r in records(heard, request)})
        total = pick(answer.body if answer else None, at)
        if only_page(heard, request) and total != came:
            return refuted(f"the only page of `{request.path}` holds {came}, and its total says otherwise")
        counted += only_page(heard, request)
    if counted < 2:
        return untold("a list has more pages than the one that is read here")
    return confirmed("folders and users: as many on their only page as the total says")


def _encoded(known: Known, heard: Heard) -> Finding:
    if (finding := settled(heard, labels_read(known))) is not None:
        return finding
    for request in slash_read(known, heard):
        answer = heard.of(request)
        if answer is not None and answer.status in (400, 404):
            return refuted(f"the read of a listed label whose name is encoded {answer}")
        same = answer is not None and request.path.endswith("/" + quoted(text(answer.body, "/name")))
        return settled(heard, request) or (confirmed if same else refuted)("a label was read by its encoded name")
    return untold("no label has a name that must be encoded so")


def _any_case(known: Known, heard: Heard) -> Finding:
    if (finding := settled(heard, users_read(known))) is not None:
        return finding
    for remote_id, request in turned_read(known, heard):
        if (finding := settled(heard, request)) is not None:
            return finding
        there = any(text(r, "/id") == remote_id for r in records(heard, request))
        return (confirmed if there else refuted)(
            f"a listed user's address in the other case finds {'him' if there else 'nobody'}"
        )
    return untold("no user has an address with letters")


def _inactive(known: Known, heard: Heard) -> Finding:
    if (finding := settled(heard, users_read(known))) is not None:
        return finding
    users = records(heard, users_read(known))
    inactive = sum(u.get("active") is False for u in users)
    if inactive:
        return confirmed(
            f"{some(len(users), 'user')}, {inactive} of them inactive; that these are all, no read tells"
        )
    return untold(f"{some(len(users), 'user')}, none inactive")


def _same_members(known: Known, heard: Heard) -> Finding:
    if (finding := settled(heard, groups_read(known))) is not None:
        return finding
    for listed, request in largest_read(known, heard):
        if (finding := settled(heard, request)) is not None:
            return finding
        answer = heard.of(request)
        one, other = members_of(listed), members_of(answer.body if answer else None)
        seen = f"{some(one.total(), 'member')} in the list, {other.total()} in the group by itself"
        return confirmed(seen) if one == other else refuted(seen)
    return untold("there is no group")


def _recipients(known: Known, heard: Heard) -> Finding:
    if (finding := settled(heard, schedules_read(known))) is not None:
        return finding
    for count, request in mailed_read(known, heard):
        if (finding := settled(heard, request)) is not None:
            return finding
        shown = len(rows(heard, request, "/recipients") or [])
        seen = f"`recipientCount` says {count}, and {shown} are shown"
        return confirmed(seen) if shown == count else refuted(seen)
    return untold("no schedule that mails is listed")


WRITE = "it shows only after a write"
GRANTS = "it would take a call for each pair of folder and person"

PROBES = Probes(
    health=(
        HealthRead(get("", LABELS), "it answers, and takes the key"),
        HealthRead(
            get("", USERS, {"count": "1", "startIndex": "1"}),
            "the key is the organisation's",
            harmless=frozenset({401, 403}),
            meaning="with a personal token, documents that name a person or a group are refused (OA-R2)",
            way_out="give the operator's configuration an organisation key",
        ),
    ),
    probes=(
        Probe(
            "OA-A1",
            "`path` is the chain of slugs, one segment per level, unique in a listing",
            "folders whose parent is not found are unplaced (OA-R28); nothing is created beside them",
            asks(folders_read),
            _paths,
        ),
        Probe(
            "OA-A5",
            "`pageSize=100` is accepted, or silently reduced",
            "folders stop at a 400",
            asks(folders_read),
            _page_size,
        ),
        Probe(
            "OA-A6",
            "`totalRecords` and `totalResults` count exactly what the parameters select",
            "no proof: the kind stops after a second try",
            asks(folders_read, users_read),
            _totals,
        ),
        Probe(
            "OA-A11",
            "`%2F` in a path reaches the server as part of the name",
            "404 at its PUT or DELETE; reported, nothing changed",
            lambda known, heard: [labels_read(known), *slash_read(known, heard)],
            _encoded,
        ),
        Probe(
            "OA-A13",
            "`filter=userName eq` ignores case",
            "the user counts as unknown (OA-R17): write the address as the list shows it",
            lambda known, heard: [users_read(known), *(request for _, request in turned_read(known, heard))],
            _any_case,
        ),
        Probe(
            "OA-A22",
            "the list of users holds all standard users, inactive ones included",
            "an address that it lacks is unknown (OA-R17)",
            asks(users_read),
            _inactive,
        ),
        Probe(
            "OA-A24",
            "the group list shows every member of every group",
            "the read before a PUT shows more, and the group is held (OA-R47)",
            lambda known, heard: [groups_read(known), *(request for _, request in largest_read(known, heard))],
            _same_members,
        ),
        Probe(
            "OA-A44",
            "`recipients` answers all recipients",
            "the schedule's recipients are held (OA-R69)",
            lambda known, heard: [schedules_read(known), *(request for _, request in mailed_read(known, heard))],
            _recipients,
        ),
        *content.PROBES,
        *people.PROBES,
    ),
    left={
        "OA-A2": "it would take a listing for each owner",
        **dict.fromkeys(("OA-A29", "OA-A33", "OA-A34", "OA-A35"), GRANTS),
        "OA-A36": "it would take a dashboard known to have no schedule",
        **dict.fromkeys(("OA-A38", "OA-A39", "OA-A41", "OA-A42"), WRITE),
        "OA-A43": "nothing that is read says in another way whether a schedule is an alert",
        "OA-A52": "it would take a listing for each folder",
        "OA-A55": WRITE,
        **dict.fromkeys(("OA-A62", "OA-A69"), WRITE),
        "OA-A67": "it would take a dashboard known to have filters",
        **dict.fromkeys(("OA-A73", "OA-A77"), WRITE),
        "OA-A75": "it would take a group within a group",
        "OA-A76": "it would take a call that is a beta one",
        "OA-A83": "it would put a part of somebody's address into a request",
        "OA-A105": "a filter that finds nobody tells nothing, and no embed user's name is known",
    },
)
