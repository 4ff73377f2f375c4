"""Brief: known by its id alone, and changed in two ways that exclude each other: fields, or one transition."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from reconciler.model.call import Request
from reconciler.model.change import Change, Hold, Verb
from reconciler.model.json import Json, digest, pick
from reconciler.model.kind import Field, Kind
from reconciler.model.live import Collection, Demand, Proof, Replies, Resource
from reconciler.model.plan import Call, Effect, Phase
from reconciler.model.record import replace
from reconciler.model.shows import by_id, shows
from reconciler.providers import rest
from reconciler.providers.rest.calls import object_calls
from reconciler.providers.rest.parse import fields
from reconciler.providers.rest.reads import ids, one
from reconciler.providers.rest.sets import own_id

TOKEN = "changeRequest"  # noqa: S105 - the name of a one-shot token, no secret
OPEN = "change_request"
DAY = len("2026-06-30")
UNTOUCHED = (Verb.OBSERVE, Verb.RELEASE)


def reads(kind: Kind, demand: Demand, replies: Replies) -> list[Request]:
    """One call per brief, side by side; the first of a plan goes alone: a bad key shows at it (OP-R5, OP-R11)."""
    wanted = rest.reads(kind, demand, replies)
    return wanted if replies or demand.singly else wanted[:1]


def parse(kind: Kind, demand: Demand, replies: Replies) -> Collection:
    """Every brief that answered, under the id it was asked for; one that is not there says nothing of others.
    Raises ValueError where an answer holds no brief, or another one (OP-R11)."""
    asked = {one(kind, demand, i).path: i for i in ids(kind, demand)}
    found = (_brief(kind, asked[request.path], body) for request, body in replies if body is not None)
    return Collection(kind.name, tuple(found), Proof(complete=True, by="each asked for by its id"))


def _brief(kind: Kind, remote_id: str, body: Json) -> Resource:
    record = pick(body, "/data")
    if not isinstance(record, dict) or as_text(record.get("id", remote_id)) != remote_id:
        raise ValueError(f"the answer does not hold the brief {remote_id}")
    held = {name: _cut(kind.fields[name], value) for name, value in fields(kind, record).items()}
    title = held.get(kind.key)
    label = title if isinstance(title, str) else ""
    return Resource(remote_id, label, held, label)


def as_text(remote_id: Json) -> str:
    """An id as text: `812` and `"812"` are one (OP-R9)."""
    return str(remote_id) if isinstance(remote_id, str | int) and not isinstance(remote_id, bool) else ""


def _cut(field: Field, value: Json) -> Json:
    """Of a day only the day: the API may add a time to it (OP-R16)."""
    return value[:DAY] if field.name == "deadline" and isinstance(value, str) else value


def review(kind: Kind, changes: Sequence[Change], live: Collection) -> list[Change]:  # noqa: ARG001 - the verb's shape
    """Whether the transition is still to be asked for, and which deletes might surprise (OP-R19, OP-R23)."""
    return [_deleted(c) if c.removes else c if c.verb in UNTOUCHED else _asked(c) for c in changes]


def _status(change: Change) -> str | None:
    """The live status; None where no read shows it."""
    status = change.live.fields.get("status") if change.live else None
    return status if isinstance(status, str) else None


def _asked(change: Change) -> Change:
    """What the token means for this brief, and the status that the ledger will remember of it."""
    status, waiting = _status(change), change.once.get(TOKEN)
    if waiting is None:
        return _remembering(replace(change, notes=(*change.notes, *_moved_on(change, status))), status)
    if status == OPEN:
        note = f"is in a change request already: the token {waiting} is recorded, nothing is sent"
        once = {token: value for token, value in change.once.items() if token != TOKEN}
        return _remembering(replace(change, once=once, notes=(*change.notes, note)), status)
    effect = "asks for a change request, which cannot be taken back"
    return _remembering(replace(change, effects=(*change.effects, effect)), OPEN)


def _moved_on(change: Change, status: str | None) -> Iterator[str]:
    """A request that was made, and what people have made of it since, is never made again (OP-R19)."""
    declared = change.document.once.get(TOKEN) if change.document else None
    if declared is not None and status not in (None, OPEN):
        yield f"its change request {declared} was asked for, and its status is {status} now: nothing is sent again"


def _remembering(change: Change, status: str | None) -> Change:
    """The status goes into the record beside what was applied: a delete compares with it."""
    before = change.bond.digests.get("status") if change.bond and change.live else None
    seen = digest(status) if status is not None else before
    return replace(change, digests={**change.digests, "status": seen}) if seen else change


def _deleted(change: Change) -> Change:
    """A brief that may have been worked on since we last saw it is not deleted unasked (OP-R23)."""
    status = _status(change)
    known = change.bond.digests.get("status") if change.bond else None
    if status is None:
        reason = "no read shows its status, so nobody knows whether people work on it"
    elif known is None:
        reason = f"its status is {status}, and none was recorded to compare it with"
    elif known != digest(status):
        reason = f"its status is {status}, another one than when it was last applied"
    else:
        return change
    way_out = "look at it in OMG Platform, then override this rule, or delete it by hand"
    return replace(change, holds=(*change.holds, Hold("status", reason, way_out)))


def calls(kind: Kind, changes: Sequence[Change]) -> list[Call]:
    """Per brief at most one call for its fields and one for the transition, in that order unless its document says
    otherwise; briefs have nothing to do with each other (OP-R17, OP-R18, OP-R25)."""
    return [call for change in changes if change.writes for call in _calls(kind, change)]


def _calls(kind: Kind, change: Change) -> list[Call]:
    own = [_by_id(call) for call in object_calls(kind, change)]
    if change.removes or TOKEN not in change.once or kind.rest.update is None:
        return own
    request = _transition(kind, change, kind.rest.update.call)
    if not own:
        return [request]
    if own[0].phase is not Phase.CREATE and change.document and change.document.spec.get("changeRequestFirst"):
        return [request, replace(own[0], after=frozenset({request.id}))]
    return [own[0], replace(request, after=frozenset({own[0].id}))]


def _by_id(call: Call) -> Call:
    """A title is no key: an effect shows by the id alone. A brief that has moved on is not deleted (OP-R10)."""
    clobbers = ("status",) if call.phase is Phase.DELETE else ()
    return replace(call, effect=replace(call.effect, key=None), clobbers=clobbers)


def _transition(kind: Kind, change: Change, endpoint: str) -> Call:
    """An event: exactly one field, never repeated blindly. `was` tells a reading afterwards whether it happened
    (OP-R18, OP-R19, OP-R21)."""
    method, path = endpoint.split(" ", 1)
    return Call(
        id=f"{change.address}#{TOKEN}",
        target=change.address.target,
        kind=kind.name,
        address=change.address,
        method=method,
        path=path,
        args={"id": own_id(change), "was": _status(change)},
        phase=Phase.CHANGE,
        body={"status": OPEN},
        summary=f"ask for a change request on {kind.name} {change.label}",
        expect={"/data/status": OPEN},
        effect=Effect(fields={"status": OPEN}),
        live_id=change.live.id if change.live else None,
        repeat=False,
        clobbers=("status",),
        once={TOKEN: change.once[TOKEN]},
    )


def bound(kind: Kind, changes: Sequence[Change]) -> int:  # noqa: ARG001 - the verb's shape
    """One per brief created or deleted, one per brief with changed fields, one per transition (OP-C2)."""
    writing = [c for c in changes if c.writes]
    objects = sum(c.verb in (Verb.CREATE, Verb.DELETE) or bool(c.changed) for c in writing)
    return objects + sum(TOKEN in c.once for c in writing if c.verb is not Verb.DELETE)


def settled(kind: Kind, call: Call, live: Collection) -> bool | None:
    """A create: nobody can tell. A transition: the status after it, or the one before. Fields are absolute values:
    what no read shows is sent again (OP-R20, OP-R21)."""
    brief = by_id(live, call.live_id)
    if call.phase is Phase.CREATE:
        return None
    if call.phase is Phase.DELETE:
        return brief is None
    if brief is None:
        return None
    if call.once:
        return _happened(brief.fields.get("status"), call.args.get("was"))
    return shows(kind, call.effect, brief) is True


def _happened(status: Json, was: Json) -> bool | None:
    if status == OPEN:
        return True
    return False if isinstance(status, str) and status == was else None
