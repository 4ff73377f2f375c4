"""Invitations: each one issues a token for somebody's account, new or old (ST-R53 to ST-R61)."""

from __future__ import annotations

from dataclasses import replace

from reconciler.twins.core.kinds import Kind
from reconciler.twins.core.knobs import Knob
from reconciler.twins.core.twin import Twin
from reconciler.twins.core.values import Answer, Json, JsonObject, Refused
from reconciler.twins.studio_tracker.call import Call, TrackerRoute
from reconciler.twins.studio_tracker.checks import address, flag, invalid, word
from reconciler.twins.studio_tracker.things import Booking, Invitation, Pod, Session, Team, User

ALL = "/api/org/invitations"
ONE = "/api/org/invitations/{id}"
ROLES = ("ADMIN", "PRODUCER", "CREATIVE", "CLIENT")


def list_all(call: Call) -> Answer:
    pending = [item for item in call.table(Invitation).values() if item.org_id == call.user.org_id]
    if call.hard("no-people"):
        pending = []
    return Answer(200, [_shown(call, invitation) for invitation in pending])


def create(call: Call) -> Answer:
    call.require_admin()
    body = call.body("email", "role", "isExternal")
    email, role = address(body, "email"), _role(body)
    is_external = flag(body, "isExternal") or False
    call.moment()
    invitation = invite(call.twin, call.user.org_id, email, role, is_external)
    shown_id = invitation.user_id if call.hard("ST-P21") else invitation.id
    return Answer(201, {"id": shown_id, "email": invitation.email, "acceptUrl": _link(call, invitation)})


def _role(body: JsonObject) -> str:
    """One of the known roles; a missing one is as wrong as an unknown one. Raises Refused."""
    if "role" not in body:
        raise invalid("role")
    return word(body, "role", ROLES)


def revoke(call: Call) -> Answer:
    invitation = call.table(Invitation).get(call.ids["id"])
    if invitation is None or invitation.org_id != call.user.org_id:
        raise Refused(404, "Not found")
    call.require_admin()
    call.moment()
    del call.table(Invitation)[invitation.id]
    if call.hard("ST-P22") and call.table(User)[invitation.user_id].invitation == "open":
        _remove_user(call, invitation.user_id)
    return call.deleted()


def invite(twin: Twin, org_id: str, email: str, role: str, is_external: bool) -> Invitation:
    """Find or make the user, set the role anew, and issue a new token; the invitation.

    It is pending afterwards, but for ST-P23: in plain one that was accepted before is not.
    """
    user = _user(twin, org_id, email) or _placeholder(twin, org_id, email)
    twin.state.of(User)[user.id] = replace(user, role=role, is_external=is_external)
    invitations = twin.state.of(Invitation)
    old = next((item for item in invitations.values() if item.user_id == user.id), None)
    invitation = Invitation(
        id=old.id if old else f"cmo7inv{twin.counters.next('inv')}",
        org_id=org_id,
        email=user.email,
        role=role,
        user_id=user.id,
        created_at=old.created_at if old else twin.clock.now(),
        is_external=is_external,
        token=f"tok{twin.counters.next('tok')}",
    )
    if user.invitation != "accepted" or twin.knobs.hard("ST-P23"):
        invitations[invitation.id] = invitation
    return invitation


def _user(twin: Twin, org_id: str, email: str) -> User | None:
    users = twin.state.of(User).values()
    return next((user for user in users if user.org_id == org_id and user.email.lower() == email.lower()), None)


def _placeholder(twin: Twin, org_id: str, email: str) -> User:
    return User(f"cmo7user{twin.counters.next('user')}", org_id, email, email, "", invitation="open")


def _remove_user(call: Call, user_id: str) -> None:
    del call.table(User)[user_id]
    for team in list(call.table(Team).values()):
        if user_id in team.members:
            left = {member: primary for member, primary in team.members.items() if member != user_id}
            call.table(Team)[team.id] = replace(team, members=left)
    for pod in [pod for pod in call.table(Pod).values() if pod.lead_user_id == user_id]:
        call.table(Pod)[pod.id] = replace(pod, lead_user_id=None)
    bookings, sessions = call.table(Booking), call.table(Session)
    for booking_id in [booking.id for booking in bookings.values() if booking.user_id == user_id]:
        del bookings[booking_id]
    for token in [session.token for session in sessions.values() if session.user_id == user_id]:
        del sessions[token]


def _link(call: Call, invitation: Invitation) -> str:
    host = call.request.headers.get("host", "127.0.0.1")
    return f"http://{host}{call.twin.base_path}/reset-password/{invitation.token}"


def _shown(call: Call, invitation: Invitation) -> Json:
    shown: dict[str, Json] = {
        "id": invitation.id,
        "email": invitation.email,
        "role": invitation.role,
        "isExternal": invitation.is_external,
        "userId": invitation.user_id,
        "createdAt": invitation.created_at,
    }
    if call.hard("ST-P12"):
        del shown["userId"]
    return shown


KIND: Kind[TrackerRoute] = Kind(
    routes=(
        TrackerRoute(method="GET", path=ALL, answer=list_all),
        TrackerRoute(method="POST", path=ALL, answer=create),
        TrackerRoute(method="DELETE", path=ONE, answer=revoke),
    ),
    questions=(
        Knob("ST-P12", "a listed invitation", "with userId", "without"),
        Knob("ST-P21", "id in the answer of an invitation", "the invitation's", "the placeholder user's"),
        Knob("ST-P22", "the user of a revoked invitation", "stays", "goes too if never accepted"),
        Knob("ST-P23", "inviting somebody who had accepted", "is not pending again", "is pending again"),
    ),
)
