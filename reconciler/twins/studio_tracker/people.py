"""The two places where a person's id can be found: pending invitations, and the workload (ST-R27)."""

from __future__ import annotations

from reconciler.twins.core.kinds import Kind
from reconciler.twins.core.knobs import Knob
from reconciler.twins.core.values import Answer, Json
from reconciler.twins.studio_tracker.call import Call, TrackerRoute
from reconciler.twins.studio_tracker.things import Invitation, User


def list_invitations(call: Call) -> Answer:
    pending = [item for item in call.table(Invitation).values() if item.org_id == call.user.org_id]
    if call.hard("no-people"):
        pending = []
    return Answer(200, [_shown_invitation(call, invitation) for invitation in pending])


def read_workload(call: Call) -> Answer:
    people = [user for user in call.table(User).values() if user.org_id == call.user.org_id]
    if call.hard("no-people"):
        people = []
    shown = [_shown_person(call, user) for user in people]
    return Answer(200, shown if call.hard("ST-P13") else {"users": shown})


def _shown_invitation(call: Call, invitation: Invitation) -> Json:
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


def _shown_person(call: Call, user: User) -> Json:
    return {
        "id": user.id,
        "name": user.name,
        "email": user.email.upper() if call.hard("ST-P13") else user.email,
        "role": user.role,
        "homePodId": user.home_pod_id,
    }


KIND: Kind[TrackerRoute] = Kind(
    routes=(
        TrackerRoute(method="GET", path="/api/org/invitations", answer=list_invitations),
        TrackerRoute(method="GET", path="/api/workload", answer=read_workload),
    ),
    questions=(
        Knob("ST-P12", "a listed invitation", "with userId", "without"),
        Knob("ST-P13", "the workload", "{users: [...]}", "the bare array, addresses in upper case"),
        Knob("no-people", "invitations and workload", "list people", "are empty", switch=True),
    ),
)
