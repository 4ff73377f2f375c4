"""The workload: everyone who has an account, placeholders included (ST-R27, ST-R54)."""

from __future__ import annotations

from reconciler.twins.core.kinds import Kind
from reconciler.twins.core.knobs import Knob
from reconciler.twins.core.values import Answer, Json
from reconciler.twins.studio_tracker.call import Call, TrackerRoute
from reconciler.twins.studio_tracker.things import User


def read_workload(call: Call) -> Answer:
    people = [user for user in call.table(User).values() if user.org_id == call.user.org_id]
    if call.hard("no-people"):
        people = []
    shown = [_shown_person(call, user) for user in people]
    return Answer(200, shown if call.hard("ST-P13") else {"users": shown})


def _shown_person(call: Call, user: User) -> Json:
    shown: dict[str, Json] = {
        "id": user.id,
        "name": user.name,
        "email": user.email.upper() if call.hard("ST-P13") else user.email,
        "role": user.role,
    }
    if not call.hard("pod-members-hidden"):
        shown["homePodId"] = user.home_pod_id
    return shown


KIND: Kind[TrackerRoute] = Kind(
    routes=(TrackerRoute(method="GET", path="/api/workload", answer=read_workload),),
    questions=(
        Knob("ST-P13", "the workload", "{users: [...]}", "the bare array, addresses in upper case"),
        Knob("no-people", "invitations and workload", "list people", "are empty", switch=True),
    ),
)
