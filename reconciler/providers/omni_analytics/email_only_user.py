"""EmailOnlyUser: made and changed alike, many in one request, and never deleted (OA-R200 to OA-R207)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

from reconciler.model.catalog import Verdict
from reconciler.model.change import Change, Verb
from reconciler.model.document import Document
from reconciler.model.json import Json, pick
from reconciler.model.kind import Kind
from reconciler.model.live import Collection
from reconciler.model.place import Problem
from reconciler.model.plan import Call, Phase
from reconciler.model.record import replace
from reconciler.providers.omni_analytics.email_only_batches import BATCH, batches
from reconciler.providers.omni_analytics.email_only_reads import details, guarding, narrow, parse, reads, showing
from reconciler.providers.omni_analytics.user import renamed
from reconciler.providers.rest.calls import create, sent, update

__all__ = [
    "bound",
    "calls",
    "check",
    "details",
    "guarding",
    "narrow",
    "parse",
    "reads",
    "review",
    "showing",
    "verdicts",
]

STAYS: Final = "no call deletes an email-only user: remove it in the product, if nobody is to mail it any more"


def check(kind: Kind, documents: Sequence[Document]) -> list[Problem]:
    """An address stays what it is for good (OA-R201)."""
    return [p for d in documents for p in renamed(kind, d)]


def review(kind: Kind, changes: Sequence[Change], live: Collection) -> list[Change]:  # noqa: ARG001 - the verb's shape
    """Whoever is let go of stays on the server, and the plan says so (OA-R207)."""
    return [replace(c, notes=(*c.notes, STAYS)) if c.verb is Verb.RELEASE else c for c in changes]


def calls(kind: Kind, changes: Sequence[Change]) -> list[Call]:
    """Up to `BATCH` people in one request, made or changed, each with just what differs (OA-R203)."""
    return batches(kind, [_rider(kind, c) for c in changes if c.writes])


def _rider(kind: Kind, change: Change) -> Call:
    """One person's part. The answer tells ids and no attributes: whoever has some is looked at (OA-R205)."""
    made, changed = kind.rest.create, kind.rest.update
    if made is None or changed is None:
        raise ValueError(f"{kind.name} has no endpoints")
    call = create(kind, change, made, {}) if change.live is None else update(kind, change, changed)
    fields = {n: v for n, v in sent(kind, change, change.wire).items() if n != kind.key}
    attributes = fields.get("attributes") or {}
    address = change.live.key if change.live is not None else change.key
    return replace(
        call,
        args={},
        body={"email": address, **({"userAttributes": attributes} if attributes else {})},
        effect=replace(call.effect, fields=fields),
        expect={},
        new_id=None,
        verify=bool(attributes),
    )


def bound(kind: Kind, changes: Sequence[Change]) -> int:  # noqa: ARG001 - the verb's shape
    """⌈N/20⌉, whoever is made or changed (OA-C38)."""
    return -(-sum(c.writes for c in changes) // BATCH)


def verdicts(kind: Kind, carrier: Call, riders: Sequence[Call], body: Json) -> Mapping[str, Verdict]:  # noqa: ARG001 - the verb's shape
    """By the address that the answer repeats, whatever its case: done, and as whom (OA-R205). Of whom it does not
    speak a reading tells."""
    results = pick(body, "/results")
    ids = {
        str(pick(one, "/email")).casefold(): remote_id
        for one in (results if isinstance(results, list) else [])
        if isinstance(remote_id := pick(one, "/userId"), str)
    }
    found: dict[str, Verdict] = {}
    for rider in riders:
        address = rider.body.get("email") if isinstance(rider.body, dict) else None
        remote_id = ids.get(str(address).casefold())
        made = rider.phase is Phase.CREATE
        found[rider.id] = Verdict(None) if remote_id is None else Verdict(True, id=remote_id if made else None)
    return found
