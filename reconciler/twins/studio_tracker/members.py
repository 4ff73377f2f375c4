"""Who is in a team, and for whom it is the primary one (ST-R18 to ST-R24)."""

from __future__ import annotations

from dataclasses import replace

from reconciler.twins.core.kinds import Kind
from reconciler.twins.core.knobs import Knob
from reconciler.twins.core.values import Answer, Refused
from reconciler.twins.studio_tracker.call import Call, TrackerRoute
from reconciler.twins.studio_tracker.checks import flag, text
from reconciler.twins.studio_tracker.client_teams import asked_team
from reconciler.twins.studio_tracker.things import Team, User

ALL = "/api/client-teams/{teamId}/members"


def add(call: Call) -> Answer:
    team = asked_team(call)
    call.require_admin()
    body = call.body("userId", "isPrimary")
    user_id, primary = text(body, "userId"), flag(body, "isPrimary")
    user = call.table(User).get(user_id)
    if user is None or user.org_id != call.user.org_id:
        raise Refused(404, "Not found")
    if user_id in team.members and call.hard("ST-P7"):
        raise Refused(400, "Already a member")
    call.moment()
    settled = team.members.get(user_id, False) if primary is None else primary
    if primary and not call.hard("ST-P8"):
        _clear_primaries(call, user_id)
    call.table(Team)[team.id] = replace(team, members={**team.members, user_id: settled})
    return Answer(201, {"userId": user_id, "isPrimary": settled})


def remove(call: Call) -> Answer:
    team = asked_team(call)
    call.require_admin()
    user_id = call.request.parameter("userId")
    if not user_id:
        raise Refused(400, "userId: Required")
    if user_id not in team.members:
        raise Refused(404, "Not found")
    call.moment()
    left = {member: primary for member, primary in team.members.items() if member != user_id}
    call.table(Team)[team.id] = replace(team, members=left)
    return call.deleted()


def _clear_primaries(call: Call, user_id: str) -> None:
    for team in list(call.table(Team).values()):
        if team.members.get(user_id) and team.org_id == call.user.org_id:
            call.table(Team)[team.id] = replace(team, members={**team.members, user_id: False})


KIND: Kind[TrackerRoute] = Kind(
    routes=(
        TrackerRoute(method="POST", path=ALL, answer=add),
        TrackerRoute(method="DELETE", path=ALL, answer=remove),
    ),
    questions=(
        Knob("ST-P7", "adding a present member", "upsert", "400"),
        Knob("ST-P8", "a flag set to true", "clears the person's other primaries", "clears nothing"),
    ),
)
