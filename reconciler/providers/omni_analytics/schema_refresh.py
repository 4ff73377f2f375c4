"""SchemaRefresh: schedules without names, known by what was recorded and by their times (OA-R147 to OA-R153)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Final

from reconciler.model.change import Change, FieldChange, Hold, Reason, Value, Verb
from reconciler.model.document import Document
from reconciler.model.json import digest
from reconciler.model.json import same as equal
from reconciler.model.kind import Kind
from reconciler.model.live import Collection
from reconciler.model.normalise import cron, normal
from reconciler.model.place import Problem
from reconciler.model.plan import Call, Effect, Phase
from reconciler.model.record import replace
from reconciler.providers.omni_analytics.endpoints import ENDPOINTS
from reconciler.providers.omni_analytics.schedule_check import times
from reconciler.providers.omni_analytics.schema_refresh_reads import TIMES, details, parse, reads, showing
from reconciler.providers.rest.sets import own_id

__all__ = ["bound", "calls", "check", "details", "parse", "reads", "review", "showing"]

CRON: Final = "cron"
CONTENDED: Final = 2


def check(kind: Kind, documents: Sequence[Document]) -> list[Problem]:  # noqa: ARG001 - the verb's shape
    """Times as the API wants them (OA-R147)."""
    return [problem for document in documents for problem in times(document, "OA-R147")]


def review(kind: Kind, changes: Sequence[Change], live: Collection) -> list[Change]:  # noqa: ARG001 - the verb's shape
    """The cron text compared, which as a key is not; and what the server has disabled (OA-R150, OA-R152)."""
    return [_disabled(_retimed(kind, _labelled(c))) for c in changes]


def _labelled(change: Change) -> Change:
    """Its times alone do not tell whose they are: `Warehouse 0 3 * * ? *`."""
    on = change.refers.get("connection")
    return replace(change, label=f"{on.label} {change.label}") if on is not None else change


def _retimed(kind: Kind, change: Change) -> Change:
    if change.live is None or change.document is None:
        return change
    field, wanted, there = kind.fields[CRON], change.document.spec[CRON], change.live.fields.get(TIMES)
    left_alone = {CRON, f"spec.{CRON}"} & change.document.lifecycle.ignore
    if left_alone or equal(normal(field, wanted), normal(field, there)):
        return change
    change = replace(change, digests={**change.digests, TIMES: digest(normal(field, wanted))})
    differs = FieldChange((CRON,), there, wanted, _reason(kind, change))
    if _contended(change):
        reason = "`cron` was sent as declared in the last applies and differs again"
        way_out = "somebody else writes it: declare their value, or add `spec.cron` to lifecycle.ignore"
        hold = Hold("contended", reason, way_out, only=CRON)
        return replace(change, fields=(*change.fields, differs), holds=(*change.holds, hold))
    idle = change.verb in (Verb.NONE, Verb.MOVE)
    changed = change.changed if change.verb is Verb.OBSERVE else change.changed | {CRON}
    verb = Verb.UPDATE if idle else change.verb
    return replace(change, verb=verb, fields=(*change.fields, differs), changed=changed)


def _contended(change: Change) -> bool:
    """Sent twice in a row, and other than declared all the same (OA-R83)."""
    bond = change.bond
    if bond is None or bond.digests.get(TIMES) != change.digests[TIMES]:
        return False
    return bond.sent.get(TIMES, 0) >= CONTENDED


def _reason(kind: Kind, change: Change) -> Reason:
    """Whether the manifest has other times than those last applied, live has, or both."""
    if change.bond is None or change.bond.key is None or change.live is None:
        return Reason.UNKNOWN
    field, was = kind.fields[CRON], normal(kind.fields[CRON], change.bond.key)
    meant = not equal(was, normal(field, change.key))
    drifted = not equal(was, normal(field, change.live.fields.get(TIMES)))
    return Reason.BOTH if meant and drifted else Reason.INTENT if meant else Reason.DRIFT


def _disabled(change: Change) -> Change:
    """Made anew where its document says so, else left alone: no call enables it."""
    since = change.live.fields.get("disabledAt") if change.live else None
    if since is None or change.document is None or change.verb is Verb.OBSERVE:
        return change
    if change.document.spec.get("recreateIfDisabled") is True:
        note = f"disabled on the server since {since}: deleted and made anew"
        return replace(change, verb=Verb.REPLACE, notes=(*change.notes, note))
    hold = Hold(
        "disabled",
        f"disabled on the server since {since}; this API cannot enable it",
        "enable it in the product, or add `recreateIfDisabled: true`",
        final=True,
    )
    return replace(change, holds=(*change.holds, hold))


# Calls


def calls(kind: Kind, changes: Sequence[Change]) -> list[Call]:  # noqa: ARG001 - the verb's shape
    """One call per schedule made, changed or deleted, two for one made anew (OA-C28)."""
    return [call for change in changes if change.writes for call in _calls(change)]


def _calls(change: Change) -> Iterator[Call]:
    if change.removes:
        yield _delete(change)
    elif change.verb is Verb.REPLACE:
        gone = _delete(change)
        yield gone
        yield replace(_create(change), after=frozenset({gone.id}))
    elif change.verb is Verb.CREATE:
        yield _create(change)
    else:
        yield _update(change)


def _call(change: Change, word: str, operation: str, phase: Phase, args: Mapping[str, Value]) -> Call:
    method, path = ENDPOINTS[operation].split(" ", 1)
    times = f"{change.live.fields.get(TIMES)}" if change.live and phase is Phase.DELETE else change.label
    return Call(
        id=f"{change.address}#{word}",
        target=change.address.target,
        kind=change.address.kind,
        address=change.address,
        method=method,
        path=path,
        args=args,
        phase=phase,
        summary=f"{word} {change.address.kind} {times}",
        live_id=change.live.id if change.live and phase is not Phase.CREATE else None,
    )


def _create(change: Change) -> Call:
    args = {"connectionId": change.wire["connection"]}
    call = _call(change, "create", "createSchemaRefreshSchedule", Phase.CREATE, args)
    effect = Effect(key=change.key, fields={"timezone": change.wire["timezone"]}, scope=change.scope)
    return replace(call, body=_body(change), expect=_expected(change), effect=effect, new_id="/scheduleId")


def _update(change: Change) -> Call:
    """Both fields are required, whichever differs (OA-R151)."""
    connection = change.live.fields.get("connection") if change.live else change.wire["connection"]
    args = {"connectionId": connection, "scheduleId": own_id(change), "id": own_id(change)}
    call = _call(change, "update", "updateSchemaRefreshSchedule", Phase.UPDATE, args)
    fields = {"timezone": change.wire["timezone"], TIMES: change.key}
    return replace(call, body=_body(change), expect=_expected(change), effect=Effect(fields=fields))


def _delete(change: Change) -> Call:
    connection = change.live.fields.get("connection") if change.live else None
    args = {"connectionId": connection, "scheduleId": own_id(change)}
    if change.live:
        args["scheduleId"] = change.live.id
    call = _call(change, "delete", "deleteSchemaRefreshSchedule", Phase.DELETE, args)
    return replace(call, effect=Effect(gone=True))


def _body(change: Change) -> dict[str, Value]:
    """In normal form, so that the answer is the same text however the server keeps it (OA-R148)."""
    return {"schedule": cron(change.document.spec[CRON]) if change.document else None, "timezone": _zone(change)}


def _zone(change: Change) -> Value:
    return change.wire["timezone"]


def _expected(change: Change) -> dict[str, Value]:
    return {f"/{name}": value for name, value in _body(change).items()}


def bound(kind: Kind, changes: Sequence[Change]) -> int:  # noqa: ARG001 - the verb's shape
    """OA-C28, without looking at the calls."""
    return sum(2 if c.verb is Verb.REPLACE else 1 for c in changes if c.writes)
