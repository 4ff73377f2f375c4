"""User: never made, never deleted; what differs is one call, a picture one of its own (OP-R34 to OP-R43)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Final

from reconciler.model.change import Change, Hold, Value, Verb
from reconciler.model.document import Document
from reconciler.model.json import Json
from reconciler.model.kind import Kind
from reconciler.model.live import Collection
from reconciler.model.place import Problem
from reconciler.model.plan import Call, Effect, Phase
from reconciler.model.record import replace
from reconciler.providers.omg_platform import AVATAR_PART
from reconciler.providers.omg_platform.codec import AVATAR, as_number
from reconciler.providers.omg_platform.user_reads import details, narrow, parse, reads
from reconciler.providers.rest.calls import object_calls
from reconciler.providers.rest.renames import cycles, order_renames
from reconciler.providers.rest.settled import settled as shown

__all__ = ["bound", "calls", "check", "details", "narrow", "parse", "reads", "review", "settled"]

EITHER: Final = (("owningAgency", "owningAgencyId"), ("jobRoleName", "jobRole"))
"""The name of an agency or a job role, and its id: two ways to say the same."""
UNRESOLVED: Final = "unresolved"
UPLOAD: Final = "POST /user/{id}/avatar"


def check(kind: Kind, documents: Sequence[Document]) -> list[Problem]:  # noqa: ARG001 - the verb's shape
    """A name and an id of one thing could disagree (OP-R40)."""
    return [
        Problem(
            d.at("spec", remote_id),
            f"{d.address}: `{name}` and `{remote_id}` both stand here",
            "write one of the two",
            rule="OP-R40",
        )
        for d in documents
        for name, remote_id in EITHER
        if name in d.spec and remote_id in d.spec
    ]


def review(kind: Kind, changes: Sequence[Change], live: Collection) -> list[Change]:  # noqa: ARG001 - the verb's shape
    """What nobody can do: make a user, guess an id, or pass addresses on in a circle (OP-R37, OP-R39, OP-R40)."""
    circles = {c.address: path for path in cycles(kind, changes) for c in path}
    return [replace(c, holds=tuple(_held(c, circles.get(c.address, ())))) for c in changes]


def _held(change: Change, circle: Sequence[Change]) -> Iterator[Hold]:
    """Of somebody who is not there it does not matter which agency nobody could find."""
    other = [h for h in change.holds if h.rule != UNRESOLVED]
    nobody = change.verb is Verb.CREATE and not any(h.final for h in other)
    yield from other if nobody else map(_by_id, change.holds)
    if nobody:
        reason = "no such user in the tenant; users cannot be created here"
        way_out = (
            "correct it, or have the account made; of an inactive one whose id you know, pin that (metadata.id)"
        )
        yield Hold("no-such-user", reason, way_out, final=True)
    if circle:
        reason = f"{', '.join(str(c.address) for c in circle)} pass their addresses on in a circle"
        yield Hold("circle", reason, "give one of them another address first, and apply that", final=True)


def _by_id(hold: Hold) -> Hold:
    """A name that no user shows may exist all the same: its id is asked for."""
    if hold.rule != UNRESOLVED:
        return hold
    asked = "owningAgencyId" if "Agency '" in hold.reason or "one Agency" in hold.reason else "jobRole"
    reason = f"{hold.reason} (only the users that were read tell names)"
    return replace(hold, reason=reason, way_out=f"correct the name, or write its id: `{asked}`")


def calls(kind: Kind, changes: Sequence[Change]) -> list[Call]:
    """Per user one PUT with what differs, and after it one upload; who takes an address goes after who leaves it
    (OP-R38, OP-R39, OP-R42)."""
    writing = [c for c in changes if c.writes]
    plain = [replace(c, changed=c.changed - {AVATAR}) for c in writing]
    puts = order_renames(kind, plain, [call for c in plain for call in object_calls(kind, c)])
    found = [_with_numbers(call) for call in puts]
    before = {call.address: call.id for call in found}
    return found + [_upload(kind, c, before.get(c.address)) for c in writing if AVATAR in c.changed]


def _with_numbers(call: Call) -> Call:
    """Ids as the API gives them, in the body and in the answer that is expected (OP-A20)."""
    ids = ("owning_agency_id", "job_role")
    body = call.body if isinstance(call.body, dict) else {}
    numbers: dict[str, Value] = {name: as_number(v) if name in ids else v for name, v in body.items()}
    expect = {at: as_number(v) if at.rpartition("/")[2] in ids else v for at, v in call.expect.items()}
    return replace(call, body=numbers, expect=expect)


def _upload(kind: Kind, change: Change, before: str | None) -> Call:
    method, path = UPLOAD.split(" ", 1)
    live_id = change.live.id if change.live else None
    picture = change.wire[AVATAR]
    return Call(
        id=f"{change.address}#avatar",
        target=change.address.target,
        kind=kind.name,
        address=change.address,
        method=method,
        path=path,
        args={"id": live_id},
        phase=Phase.UPDATE,
        body={_part(change.settings): picture},
        summary=f"upload the avatar of {kind.name} {change.label}",
        effect=Effect(fields={AVATAR: picture}),
        live_id=live_id,
        after=frozenset({before} if before else ()),
        media=AVATAR,
        repeat=False,
    )


def _part(settings: Mapping[str, Json]) -> str:
    """The reference does not name the part (OP-A19)."""
    return str(settings.get(AVATAR_PART, "avatar"))


def bound(kind: Kind, changes: Sequence[Change]) -> int:  # noqa: ARG001 - the verb's shape
    """One per user with changed fields, one per picture (OP-C2)."""
    writing = [c for c in changes if c.writes]
    return sum(bool(c.changed - {AVATAR}) for c in writing) + sum(AVATAR in c.changed for c in writing)


def settled(kind: Kind, call: Call, live: Collection) -> bool | None:
    """Fields are absolute values that a read shows. No read shows a picture: one whose answer was lost counts as
    not uploaded, and goes once more with the next run (OP-R43)."""
    return False if call.media == AVATAR else shown(kind, call, live)
