"""Who is at home in a pod. A person has one home pod at most, so adding somebody to one takes them out of
another (ST-P31, ST-P32)."""

from __future__ import annotations

from dataclasses import replace

from reconciler.twins.core.kinds import Kind
from reconciler.twins.core.knobs import Knob
from reconciler.twins.core.values import Answer, Refused
from reconciler.twins.studio_tracker.call import Call, TrackerRoute
from reconciler.twins.studio_tracker.checks import text
from reconciler.twins.studio_tracker.pods import asked_pod
from reconciler.twins.studio_tracker.things import User

ALL = "/api/pods/{podId}/members"


def add(call: Call) -> Answer:
    pod = asked_pod(call)
    call.require_admin()
    user = _person(call, text(call.body("userId"), "userId"))
    call.moment()
    call.table(User)[user.id] = replace(user, home_pod_id=pod.id)
    return Answer(201, {"ok": True} if call.hard("ST-P31") else {"userId": user.id, "homePodId": pod.id})


def remove(call: Call) -> Answer:
    pod = asked_pod(call)
    call.require_admin()
    user_id = call.request.parameter("userId")
    if not user_id:
        raise Refused(400, "userId: Required")
    user = _person(call, user_id)
    if user.home_pod_id != pod.id and not call.hard("ST-P32"):
        raise Refused(404, "Not found")
    call.moment()
    call.table(User)[user.id] = replace(user, home_pod_id=None)
    return call.deleted()


def _person(call: Call, user_id: str) -> User:
    user = call.table(User).get(user_id)
    if user is None or user.org_id != call.user.org_id:
        raise Refused(404, "Not found")
    return user


KIND: Kind[TrackerRoute] = Kind(
    routes=(
        TrackerRoute(method="POST", path=ALL, answer=add),
        TrackerRoute(method="DELETE", path=ALL, answer=remove),
    ),
    questions=(
        Knob("ST-P31", "answer of adding somebody to a pod", "userId and homePodId", "{ok: true}"),
        Knob("ST-P32", "removing somebody from a pod", "404 if it is not their home", "clears any home"),
    ),
)
