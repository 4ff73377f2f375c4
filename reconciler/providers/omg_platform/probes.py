"""What safe calls can tell of our assumptions about OMG Platform (OP-A1 …).

At most 6 calls: up to three briefs, the list of users, one of them, and one who is not listed. No list shows
briefs, so those that the ledger or a manifest names are asked for; without one nothing can be told of them.
"""

from __future__ import annotations

from collections.abc import Sequence

from reconciler.model.call import Request, quoted
from reconciler.model.doctor import (
    Answer,
    Finding,
    HealthRead,
    Heard,
    Known,
    Probe,
    Probes,
    confirmed,
    refuted,
    untold,
)
from reconciler.model.json import JsonObject, pick
from reconciler.providers.omg_platform.brief import DAY, as_text
from reconciler.providers.omg_platform.probe_users import (
    USERS,
    all_fields,
    hidden_asks,
    inactive_too,
    list_asks,
    one_address,
    one_asks,
    shown_ids,
)
from reconciler.providers.probing import get, some, text

BRIEFS = 3
ALWAYS = ("brief_title", "brief_summary", "brief_deadline", "business_area")
"""Fields that every brief of ours has (OP-R15)."""
FIELDS = (*ALWAYS, "slipstream", "external_reference")


def _one(known: Known, remote_id: str) -> Request:
    return get(known.target, f"GET /briefs/{quoted(remote_id)}", may_be_gone=True)


def _asks(known: Known, heard: Heard) -> Sequence[Request]:  # noqa: ARG001 - always the same
    return [_one(known, i) for i in known.of("Brief")[:BRIEFS]]


def _answers(known: Known, heard: Heard) -> list[tuple[str, Answer]]:
    asked = ((i, heard.of(_one(known, i))) for i in known.of("Brief")[:BRIEFS])
    return [(i, answer) for i, answer in asked if answer is not None]


def _briefs(known: Known, heard: Heard) -> list[tuple[str, JsonObject]]:
    """(id asked for, what was shown) of every brief that answered."""
    shown = ((i, pick(answer.body, "/data")) for i, answer in _answers(known, heard) if answer.good)
    return [(i, record) for i, record in shown if isinstance(record, dict)]


def _nothing(known: Known, heard: Heard) -> Finding | None:
    """Why nothing can be told; None where a brief was seen."""
    if not known.of("Brief"):
        return untold("no brief is recorded")
    answers = _answers(known, heard)
    if _briefs(known, heard):
        return None
    if any(answer.good for _, answer in answers):
        return refuted("the answer holds no object under `data`")
    return untold(f"a recorded brief {answers[0][1]}" if answers else "none was asked for")


def _id(known: Known, heard: Heard) -> Finding:
    if (finding := _nothing(known, heard)) is not None:
        return finding
    briefs = _briefs(known, heard)
    good = sum(as_text(record.get("id")) == remote_id for remote_id, record in briefs)
    seen = f"{good} of {some(len(briefs), 'brief')} with the id that was asked for"
    return confirmed(seen) if good == len(briefs) else refuted(seen)


def _names(known: Known, heard: Heard) -> Finding:
    """Optional fields may be missing because they are empty; the four that every brief of ours has may not."""
    if (finding := _nothing(known, heard)) is not None:
        return finding
    records = [record for _, record in _briefs(known, heard)]
    missing = [name for name in ALWAYS if any(name not in record for record in records)]
    seen = f"{some(len(records), 'brief')}, {len(ALWAYS) - len(missing)} of {len(ALWAYS)} fields in each"
    return refuted(seen) if missing else confirmed(seen)


def _status(known: Known, heard: Heard) -> Finding:
    if (finding := _nothing(known, heard)) is not None:
        return finding
    briefs = _briefs(known, heard)
    good = sum(bool(text(record, "/status")) for _, record in briefs)
    seen = f"{good} of {some(len(briefs), 'brief')} with a status"
    return confirmed(seen) if good == len(briefs) else refuted(seen)


def _types(known: Known, heard: Heard) -> Finding:
    if (finding := _nothing(known, heard)) is not None:
        return finding
    records = [record for _, record in _briefs(known, heard)]
    values = [record[name] for record in records for name in FIELDS if record.get(name) is not None]
    dates = [text(record, "/brief_deadline") for record in records if record.get("brief_deadline") is not None]
    if not values:
        return untold("no field has a value")
    texts, good = sum(isinstance(v, str) for v in values), sum(map(_is_day, dates))
    seen = f"{texts} of {some(len(values), 'value')} are texts, {good} of {some(len(dates), 'deadline')} a date"
    return confirmed(seen) if (texts, good) == (len(values), len(dates)) else refuted(seen)


def _is_day(date: str) -> bool:
    day = date[:DAY].split("-")
    return [len(part) for part in day] == [4, 2, 2] and all(part.isdigit() for part in day)


PROBES = Probes(
    health=(HealthRead(get("", USERS), "it answers, and takes the key"),),
    probes=(
        Probe(
            "OP-A1",
            "the id of a brief is `data.id`, in a create's answer as in a read",
            "a create is in doubt and asked about (OP-R20); no second one is sent",
            _asks,
            _id,
        ),
        Probe(
            "OP-A2",
            "a read shows the fields under the names they are written with",
            'those fields are "not verifiable" (OP-R16); recorded digests decide',
            _asks,
            _names,
        ),
        Probe(
            "OP-A3",
            "a read shows `status`",
            "the recorded token alone prevents a repeat (OP-R19); deletes are held (OP-R23)",
            _asks,
            _status,
        ),
        Probe(
            "OP-A4",
            "the six fields are texts, `brief_deadline` a date",
            "400, reported, nothing done",
            _asks,
            _types,
        ),
        Probe(
            "OP-A17",
            "the address of a user is unique in a tenant",
            "users of one address are refused; `metadata.id` singles one out",
            list_asks,
            one_address,
        ),
        Probe(
            "OP-A18",
            "the read of a user shows all fields under the names they are written with",
            'those fields are "not verifiable" (OP-R38)',
            one_asks,
            all_fields,
        ),
        Probe(
            "OP-A20",
            "`owning_agency_id` and `job_role` take what a read shows",
            "400 or 422, reported, nothing changed",
            one_asks,
            shown_ids,
        ),
        Probe(
            "OP-A22",
            "the read of a user by id shows inactive ones too",
            "a recorded one shows as missing: held (OP-R37), nothing is changed",
            hidden_asks,
            inactive_too,
        ),
    ),
    left={"OP-A11": "it would take a key of another tenant"},
)
