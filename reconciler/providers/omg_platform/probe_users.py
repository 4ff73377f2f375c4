"""What the list of users and the reads of two of them tell about OMG Platform (OP-A17, OP-A18, OP-A20, OP-A22)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from reconciler.model.call import Request, quoted
from reconciler.model.doctor import Finding, Heard, Known, confirmed, refuted, untold
from reconciler.model.json import JsonObject, pick
from reconciler.providers.omg_platform.brief import as_text
from reconciler.providers.probing import get, rows, settled, some, text

USERS = "GET /users"
SHOWN = ("email_address", "first_name", "last_name", "owning_agency_id", "job_role")
CHOSEN = ("owning_agency_id", "job_role")


def users_read(known: Known) -> Request:
    return get(known.target, USERS)


def _single(known: Known, remote_id: str) -> Request:
    return get(known.target, f"GET /user/{quoted(remote_id)}", may_be_gone=True)


def _listed(known: Known, heard: Heard) -> dict[str, JsonObject]:
    """The list by ids: an array, or an object that holds exactly one (OP-R35)."""
    answer = heard.of(users_read(known))
    data = pick(answer.body, "/data") if answer else None
    names = [name for name, value in data.items() if isinstance(value, list)] if isinstance(data, dict) else []
    at = f"/data/{names[0]}" if len(names) == 1 else "/data"
    found = rows(heard, users_read(known), at) or []
    return {i: record for record in found if (i := as_text(record.get("id")))}


def list_asks(known: Known, heard: Heard) -> Sequence[Request]:  # noqa: ARG001 - always the same
    return [users_read(known)]


def one_asks(known: Known, heard: Heard) -> Sequence[Request]:
    """Beside the list the read of one user: a recorded one that is listed, else the first."""
    return [users_read(known), *_one(known, heard)]


def _one(known: Known, heard: Heard) -> list[Request]:
    listed = [*_listed(known, heard)]
    chosen = sorted(listed, key=lambda i: (i not in known.of("User"), listed.index(i)))[:1]
    return [_single(known, i) for i in chosen]


def hidden_asks(known: Known, heard: Heard) -> Sequence[Request]:
    """Beside the list the read of a recorded user whom it does not show."""
    return [users_read(known), *_hidden(known, heard)]


def _hidden(known: Known, heard: Heard) -> list[Request]:
    answer, listed = heard.of(users_read(known)), _listed(known, heard)
    missing = [i for i in known.of("User") if i not in listed] if answer and answer.good else []
    return [_single(known, i) for i in missing[:1]]


def one_address(known: Known, heard: Heard) -> Finding:
    """That nobody shares an address proves nothing."""
    if (finding := settled(heard, users_read(known))) is not None:
        return finding
    found = [text(r, "/email_address").casefold() for r in _listed(known, heard).values()]
    twice = sum(n > 1 for address, n in Counter(found).items() if address)
    if twice:
        return refuted(f"{some(len(found), 'active user')}, and {twice} addresses that two have")
    return untold(f"{some(len(found), 'active user')}, no address twice: whether it could be, no read tells")


def all_fields(known: Known, heard: Heard) -> Finding:
    if (finding := settled(heard, users_read(known))) is not None:
        return finding
    for request in _one(known, heard):
        if (finding := settled(heard, request)) is not None:
            return finding
        answer = heard.of(request)
        record = pick(answer.body, "/data") if answer else None
        missing = [name for name in SHOWN if not (isinstance(record, dict) and name in record)]
        seen = f"the read of one user shows {len(SHOWN) - len(missing)} of {len(SHOWN)} fields"
        return refuted(seen) if missing else confirmed(seen)
    return untold("no user is listed")


def shown_ids(known: Known, heard: Heard) -> Finding:
    if (finding := settled(heard, users_read(known))) is not None:
        return finding
    singles = [pick(answer.body, "/data") for r in _one(known, heard) if (answer := heard.of(r)) and answer.good]
    records = [*_listed(known, heard).values(), *(r for r in singles if isinstance(r, dict))]
    values = [record[name] for record in records for name in CHOSEN if record.get(name) is not None]
    wrong = sum(not as_text(value) for value in values)
    if wrong:
        return refuted(f"{wrong} of {some(len(values), 'value')} are neither a number nor a text")
    return untold(f"{some(len(values), 'value')}, each a number or a text; what a PUT takes, no read tells")


def inactive_too(known: Known, heard: Heard) -> Finding:
    if (finding := settled(heard, users_read(known))) is not None:
        return finding
    for request in _hidden(known, heard):
        answer = heard.of(request)
        if answer is not None and answer.good:
            return confirmed("a recorded user whom the list of the active does not show answers by the id")
        return untold(f"a recorded user who is not listed {answer}: gone, or hidden")
    return untold("no user is recorded whom the list of the active does not show")
