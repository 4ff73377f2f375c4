"""What the lists of people and one person's roles tell, and which edition of the reference is spoken (OA-A100 to
OA-A103)."""

from __future__ import annotations

from collections.abc import Iterator

from reconciler.model.call import Request
from reconciler.model.doctor import Finding, Heard, Known, Probe, confirmed, refuted, untold
from reconciler.model.json import Missing, pick
from reconciler.providers.omni_analytics.probe_content import there
from reconciler.providers.omni_analytics.probe_reads import (
    asks,
    email_only_read,
    environments_read,
    folders_read,
    only_page,
    records,
    roles_read,
    users_read,
)
from reconciler.providers.probing import filled, rows, settled, some, text

ATTRIBUTES = "/urn:omni:params:1.0:UserAttribute"
ORIGINS = frozenset({"user role", "user", "group role", "group", "connection base role", "base", "org"})
"""What `from.type` says of a role in either edition, whatever the case (OA-R177)."""
NOT_SERVED = frozenset({400, 404, 405})
"""What a server answers to a list that it does not have."""
LARGEST = 20


def roles(known: Known, heard: Heard) -> Finding:
    if (finding := settled(heard, users_read(known))) is not None:
        return finding
    for request in roles_read(known, heard):
        return settled(heard, request) or _results(heard, request)
    return untold("no user is listed")


def _results(heard: Heard, request: Request) -> Finding:
    found = rows(heard, request, "/results")
    if found is None:
        return refuted("the answer holds no such list of objects")
    if not found:
        return untold("a listed user has no role at all")
    bare = sum(not (text(r, "/connectionId") and text(r, "/roleName") and there(r, "modelId")) for r in found)
    strange = sum(text(r, "/from/type").casefold() not in ORIGINS for r in found)
    seen = f"{some(len(found), 'role')}, {bare or 'none'} without its place, {strange or 'none'} of unknown origin"
    return refuted(seen) if bare or strange else confirmed(seen)


def email_only(known: Known, heard: Heard) -> Finding:
    request = email_only_read(known)
    if (answer := heard.of(request)) is not None and answer.status == 400:
        return refuted("a page of 20 email-only users is refused")
    if (finding := settled(heard, request)) is not None:
        return finding
    found = rows(heard, request, "/records")
    if found is None:
        return refuted("the answer holds no such list of objects")
    if len(found) > LARGEST or filled(found, ("/email", "/user_id")) < len(found):
        return refuted(f"{some(len(found), 'email-only user')}: more than 20, or not each with address and id")
    total = pick(answer.body if answer else None, "/pageInfo/totalRecords")
    if only_page(heard, request):
        return (confirmed if total == len(found) else refuted)(
            f"{some(len(found), 'email-only user')} on the only page, and its total is "
            + ("the same" if total == len(found) else "another")
        )
    more = bool(text(answer.body if answer else None, "/pageInfo/nextCursor"))
    seen = f"{some(len(found), 'email-only user')} on the first of several pages, "
    return confirmed(seen + "which names the next") if more else refuted(seen + "which names no next one")


def attributes(known: Known, heard: Heard) -> Finding:
    if (finding := settled(heard, users_read(known))) is not None:
        return finding
    users = records(heard, users_read(known))
    shown = sum(not isinstance(pick(u, ATTRIBUTES), Missing) for u in users)
    if shown:
        return confirmed(f"{shown} of {some(len(users), 'user')} with attributes")
    return untold(f"{some(len(users), 'user')}, none with attributes: a list without them may be hiding them")


def edition(known: Known, heard: Heard) -> Finding:
    """By what the two editions do differently in what is read anyhow, and one list that the newer alone has."""
    newer, signs = [n for n, is_newer in _signs(known, heard) if is_newer], [*_signs(known, heard)]
    if not signs:
        return settled(heard, environments_read(known)) or untold("nothing was read that tells")
    seen = f"{len(signs) - len(newer)} of {some(len(signs), 'sign')} are of this edition"
    return refuted(f"{seen}; newer: {', '.join(newer)}") if newer else confirmed(seen)


def _signs(known: Known, heard: Heard) -> Iterator[tuple[str, bool]]:
    """What tells an edition, and whether it is the newer one."""
    answer = heard.of(environments_read(known))
    if answer is not None and (answer.good or answer.status in NOT_SERVED):
        yield "the list of connection environments", answer.good
    if users := records(heard, users_read(known)):
        yield "users without `meta`", not any(there(u, "meta") for u in users)
    if folders := records(heard, folders_read(known)):
        yield "folders without `owner`", not any(there(f, "owner") for f in folders)


PROBES = (
    Probe(
        "OA-A100",
        "a person's roles come with connection, model and role, and where each comes from",
        "a role of another origin counts as not his own: it is sent again, then held as contended (OA-R83)",
        lambda known, heard: [users_read(known), *roles_read(known, heard)],
        roles,
    ),
    Probe(
        "OA-A101",
        "email-only users come 20 to a page, each with address and id, and are counted",
        "no proof: the kind stops after a second try",
        asks(email_only_read),
        email_only,
    ),
    Probe(
        "OA-A102",
        "the list of users shows the attributes of those who have some",
        "one call more for each declared user with declared attributes (OA-C11)",
        asks(users_read),
        attributes,
    ),
    Probe(
        "OA-A103",
        "the server speaks the edition of the reference that docs/apis restates",
        "a newer one's answers are read too (OA-R35); a call that it has moved is a 4xx, reported",
        asks(environments_read, users_read, folders_read),
        edition,
    ),
)
