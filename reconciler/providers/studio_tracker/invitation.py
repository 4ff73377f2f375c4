"""Invitation: sent once, to somebody nobody knows yet: a second one resets the credentials of an account."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Final

from reconciler.model.call import Request
from reconciler.model.change import Change, Hold, Verb
from reconciler.model.document import Document
from reconciler.model.json import Json, JsonObject, pick
from reconciler.model.kind import Kind
from reconciler.model.live import Collection, Demand, Replies, Resource
from reconciler.model.normalise import normal
from reconciler.model.place import Problem, Severity
from reconciler.model.plan import Call, Effect, Phase
from reconciler.model.record import replace
from reconciler.model.recorded import Bond
from reconciler.model.shows import still_live
from reconciler.providers import rest
from reconciler.providers.rest.bodies import body
from reconciler.providers.rest.calls import create, delete
from reconciler.providers.rest.reads import get, unasked
from reconciler.providers.studio_tracker.user import INVITATIONS, WORKLOAD, embedded, people, read_anyway

ROLES: Final = ("ADMIN", "PRODUCER")
REISSUE, EFFECTS, LINK, ID, ACCEPTED = "reissue", "effects", "link", "invitationId", "accepted"
FIXED: Final = ("role", "isExternal")
SENT: Final = "the tracker makes a placeholder user where there is none, and a link that sets a password"
RESET: Final = "another link is issued, and it resets the password of a live account"
OTHERWISE: Final = "declare what is live, or `once: {reissue: <new value>}`, which sends another invitation"


def check(kind: Kind, documents: Sequence[Document]) -> list[Problem]:  # noqa: ARG001 - the verb's shape
    """A role that the reference does not name is worth a word (ST-R53)."""
    return [
        Problem(
            d.at("spec", "role"),
            f"{d.address}: '{d.spec['role']}' is none of the documented roles",
            f"documented: {', '.join(ROLES)}; the tracker may refuse others",
            Severity.WARNING,
            "ST-R53",
        )
        for d in documents
        if d.spec.get("role") not in ROLES
    ]


def details(
    kind: Kind, documents: Sequence[Document], bonds: Sequence[Bond], others: Mapping[str, Collection]
) -> tuple[JsonObject, ...]:
    """Which lists that embed people are read anyway, and so tell whom they know; and who is not recorded as
    invited: whom no other list knows is looked up in the workload (ST-C11)."""
    recorded = {b.address for b in bonds}
    asked: list[JsonObject] = [
        {"key": normal(kind.key_field, d.spec[kind.key]), "fields": [kind.key]}
        for d in documents
        if d.address not in recorded
    ]
    return (*read_anyway(others), *asked)


def narrow(kind: Kind, demand: Demand, ids: Sequence[str], pages: int) -> Demand:  # noqa: ARG001 - the verb's shape
    """The invitations again, and the workload where somebody is to be invited: it must answer then (ST-C12)."""
    return replace(demand, details=tuple({**d, "must": True} for d in demand.details if "key" in d))


def reads(kind: Kind, demand: Demand, replies: Replies) -> list[Request]:
    """The pending invitations; teams and pods where they are read anyway; the workload if somebody is in none of
    them, nor recorded (ST-R54, ST-C11)."""
    first = unasked([get(demand.target, f"GET {INVITATIONS}"), *embedded(demand)], replies)
    known = {normal(kind.key_field, email) for email, _, _ in people(replies)}
    if first or all(d["key"] in known for d in demand.details if "key" in d):
        return first
    return unasked([replace(get(demand.target, f"GET {WORKLOAD}", {"numWeeks": "1"}), may_fail=True)], replies)


def parse(kind: Kind, demand: Demand, replies: Replies) -> Collection:
    """Everybody who has been invited: who is pending, whom a team or the workload names, whom the ledger remembers
    (ST-R54). Only what is pending has an id to revoke it by. `seen.people`: how many the workload named. Raises
    ValueError where it had to name somebody and did not: it cannot tell who has an account (ST-R55)."""
    pending = rest.parse(kind, replace(demand, details=()), tuple(r for r in replies if r[0].path == INVITATIONS))
    workload = tuple(r for r in replies if r[0].path == WORKLOAD)
    named = [email for email, _, _ in people(workload) if email]
    if workload and not named and any(d.get("must") is True for d in demand.details):
        raise ValueError("GET /api/workload names nobody: nobody can tell who has an account")
    found = {_text(kind, r.key): replace(r, contents={ACCEPTED: 0}) for r in pending.resources}
    roles = {_text(kind, email): role for email, role in _roles(workload)}
    for email in (*named, *(e for e, _, _ in people(replies) if e), *demand.ids):
        known = Resource(email, email, {"email": email, **roles.get(_text(kind, email), {})}, email)
        found.setdefault(_text(kind, email), replace(known, contents={ACCEPTED: 1}))
    return replace(pending, resources=tuple(found.values()), seen={"people": len(named)} if workload else {})


def _text(kind: Kind, email: Json) -> str:
    return str(normal(kind.key_field, email))


def _roles(workload: Replies) -> Iterator[tuple[str, JsonObject]]:
    """What the workload says of people besides who they are, where it does."""
    for _, answer in workload:
        rows = answer if isinstance(answer, list) else pick(answer, "/users")
        for row in rows if isinstance(rows, list) else []:
            email, role = pick(row, "/email"), pick(row, "/role")
            if isinstance(email, str) and isinstance(role, str):
                yield email, {"role": role}


def review(kind: Kind, changes: Sequence[Change], live: Collection) -> list[Change]:  # noqa: ARG001 - the verb's shape
    """What may be sent at all, and what cannot be repaired (ST-R55 to ST-R60)."""
    return [_reviewed(change, live) for change in changes]


def _reviewed(change: Change, live: Collection) -> Change:
    if change.verb is Verb.DELETE and change.live is not None and ID not in change.live.fields:
        why = "left git; it is not pending any more, and an account is never removed"
        return replace(change, verb=Verb.RELEASE, live=None, notes=(*change.notes, why))
    if change.removes or change.document is None or change.verb is Verb.OBSERVE:
        return change
    if change.live is None:
        holds = [h for h in change.holds if h.rule != "in-doubt" or REISSUE not in change.once]
        holds += [*_nowhere(change), *_nobody(live)]
        return replace(change, holds=tuple(holds), effects=(*change.effects, SENT))
    change = _as_it_is(change)
    if REISSUE not in change.once:
        return change
    holds = [*change.holds, *_nowhere(change), *_unconsented(change)]
    return replace(change, holds=tuple(holds), effects=(*change.effects, RESET))


def _nowhere(change: Change) -> Iterator[Hold]:
    """The link is shown once: without a place for it nothing is sent (ST-R57)."""
    if change.document is not None and LINK not in change.document.spec:
        name = change.address.name.rsplit("/", 1)[-1]
        way_out = f"declare `link`, as {{toFile: secrets/{name}.link}}"
        yield Hold("no-sink", "the link of the invitation would be lost: it is shown once", way_out, final=True)


def _nobody(live: Collection) -> Iterator[Hold]:
    """A workload that names nobody cannot tell who has an account (ST-R55)."""
    if not live.seen.get("people"):
        reason = "GET /api/workload names nobody, so this may reset somebody's password"
        yield Hold("unproven-people", reason, "plan again; if it stays so, invite by hand", final=True)


def _unconsented(change: Change) -> Iterator[Hold]:
    if change.document is not None and EFFECTS not in change.document.lifecycle.allow:
        yield Hold(EFFECTS, RESET, "add `effects` to lifecycle.allow")


def _as_it_is(change: Change) -> Change:
    """Role and isExternal are fixed once the invitation is sent: what differs is said, and 0 calls are made;
    another invitation sends them anew (ST-R59)."""
    fixed = change.changed & {*FIXED}
    if not fixed:
        return change
    shown = change.live.fields if change.live else {}
    sending = REISSUE in change.once
    holds = [
        Hold("fixed", f"`{name}` is fixed once the invitation is sent", OTHERWISE, only=name)
        for name in sorted(fixed)
        if name in shown and not sending
    ]
    unread = {name for name in fixed if name not in shown}
    notes = [f"not verifiable: {name} (shown while the invitation is pending)" for name in sorted(unread)]
    verb = Verb.NONE if change.verb is Verb.UPDATE and not change.once and not holds else change.verb
    return replace(
        change,
        verb=verb,
        changed=change.changed - fixed,
        fields=tuple(f for f in change.fields if f.path[0] not in unread),
        digests=change.digests if sending else {n: d for n, d in change.digests.items() if n not in fixed},
        holds=(*change.holds, *holds),
        notes=(*change.notes, *notes),
    )


def calls(kind: Kind, changes: Sequence[Change]) -> list[Call]:
    """One per person invited, invited once more, or whose invitation is revoked (ST-C12)."""
    made, gone = kind.rest.create, kind.rest.delete
    found: list[Call] = []
    if made is None or gone is None:
        return found
    for change in changes:
        if change.verb is Verb.DELETE and change.live is not None and change.writes:
            found.append(replace(delete(change, gone), args={"id": change.live.fields[ID]}))
        elif change.writes:
            call = replace(create(kind, change, made, body(kind, made, change)), once=dict(change.once))
            call = replace(call, expect={"/email": change.wire[kind.key]})
            found.append(call if change.live is None else _once_more(kind, change, call))
    return found


def _once_more(kind: Kind, change: Change, call: Call) -> Call:
    """The same request for somebody who is known; it makes nothing that was not there (ST-R59). It is about the
    address, so whoever is known by that alone is looked up again before it is sent."""
    sent = {name: change.wire[name] for name in (kind.key, *FIXED) if name in change.wire}
    return replace(
        call,
        id=f"{change.address}#reissue",
        phase=Phase.UPDATE,
        summary=f"send {kind.name} {change.key} once more",
        effect=Effect(fields=sent),
        new_id=None,
        live_id=change.live.id if change.live else None,
    )


def bound(kind: Kind, changes: Sequence[Change]) -> int:  # noqa: ARG001 - the verb's shape
    """ST-C12."""
    return sum(change.writes for change in changes)


def settled(kind: Kind, call: Call, live: Collection) -> bool | None:
    """A person who is invited or known by now was not before; one who is not may have been sent a link all the
    same. Of a second invitation no list tells. What is revoked is pending no more (ST-R61)."""
    if call.phase is Phase.UPDATE:
        return None
    found = still_live(kind, live, str(call.effect.key if call.phase is Phase.CREATE else call.live_id))
    if call.phase is Phase.CREATE:
        return True if found is not None else None
    return (found is None or ID not in found.fields) if live.proof.complete else None
