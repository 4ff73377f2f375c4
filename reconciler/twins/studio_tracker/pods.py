"""Pods: groups for planning capacity, perhaps with a lead; nobody sees more for being in one (ST-P28)."""

from __future__ import annotations

from dataclasses import replace

from reconciler.twins.core.kinds import Kind
from reconciler.twins.core.knobs import Knob
from reconciler.twins.core.values import Answer, Json, JsonObject, Refused
from reconciler.twins.studio_tracker.call import Call, TrackerRoute
from reconciler.twins.studio_tracker.checks import invalid, text
from reconciler.twins.studio_tracker.slugs import check_free, new_slug
from reconciler.twins.studio_tracker.things import Pod, User

ALL = "/api/pods"
ONE = "/api/pods/{podId}"
FIELDS = ("name", "slug", "leadUserId")


def list_all(call: Call) -> Answer:
    pods = _own(call)
    if call.hard("ST-P28"):
        pods.reverse()
    return Answer(200, [_shown(call, pod) for pod in pods])


def create(call: Call) -> Answer:
    call.require_admin()
    body = call.body(*FIELDS)
    name = text(body, "name")
    slug = new_slug(call, body, name, _slugs(call))
    lead = _lead(call, body) if "leadUserId" in body else None
    call.moment()
    pod = Pod(call.new_id("pod"), call.user.org_id, name, slug, lead)
    call.table(Pod)[pod.id] = pod
    return Answer(201, _written(call, pod))


def update(call: Call) -> Answer:
    pod = asked_pod(call)
    call.require_admin()
    body = call.body(*FIELDS)
    name = text(body, "name") if "name" in body else pod.name
    slug = text(body, "slug") if "slug" in body else pod.slug
    if slug != pod.slug:
        check_free(call, slug, _slugs(call))
    lead = _lead(call, body) if "leadUserId" in body else pod.lead_user_id
    call.moment()
    changed = replace(pod, name=name, slug=slug, lead_user_id=lead)
    call.table(Pod)[pod.id] = changed
    return Answer(200, _written(call, changed))


def delete(call: Call) -> Answer:
    """Whoever is at home in it has no home pod any more."""
    pod = asked_pod(call)
    call.require_admin()
    call.moment()
    del call.table(Pod)[pod.id]
    for user in _members(call, pod):
        call.table(User)[user.id] = replace(user, home_pod_id=None)
    return call.deleted()


def asked_pod(call: Call) -> Pod:
    """The pod that the path names, if it is one of the caller's organisation. Raises Refused."""
    pod = call.table(Pod).get(call.ids["podId"])
    if pod is None or pod.org_id != call.user.org_id:
        raise Refused(404, "Not found")
    return pod


def _own(call: Call) -> list[Pod]:
    return [pod for pod in call.table(Pod).values() if pod.org_id == call.user.org_id]


def _slugs(call: Call) -> set[str]:
    return {pod.slug for pod in _own(call)}


def _lead(call: Call, body: JsonObject) -> str | None:
    """The lead that was sent, somebody of the organisation or nobody. Raises Refused."""
    if body["leadUserId"] is None and not call.hard("ST-P33"):
        return None
    user = call.table(User).get(text(body, "leadUserId"))
    if user is None or user.org_id != call.user.org_id:
        raise invalid("leadUserId")
    return user.id


def _members(call: Call, pod: Pod) -> list[User]:
    return [user for user in call.table(User).values() if user.home_pod_id == pod.id]


def _written(call: Call, pod: Pod) -> Json:
    if call.hard("ST-P29"):
        return {"id": pod.id, "name": pod.name, "slug": pod.slug}
    return _shown(call, pod)


def _shown(call: Call, pod: Pod) -> Json:
    shown: dict[str, Json] = {
        "id": pod.id,
        "name": pod.name,
        "slug": pod.slug,
        "leadUserId": pod.lead_user_id,
    }
    if not call.hard("pod-members-hidden"):
        people = _members(call, pod)
        shown["members"] = [{"id": user.id, "name": user.name, "email": user.email} for user in people]
    return shown


KIND: Kind[TrackerRoute] = Kind(
    routes=(
        TrackerRoute(method="GET", path=ALL, answer=list_all),
        TrackerRoute(method="POST", path=ALL, answer=create),
        TrackerRoute(method="PATCH", path=ONE, answer=update),
        TrackerRoute(method="DELETE", path=ONE, answer=delete),
    ),
    questions=(
        Knob("ST-P28", "the pod list", "oldest first", "newest first"),
        Knob("ST-P29", "answer of pod POST and PATCH", "the pod as listed", "id, name and slug only"),
        Knob("ST-P33", "null for a pod's lead", "clears", "400"),
        Knob("pod-members-hidden", "pod list and workload", "tell who is in a pod", "do not", switch=True),
    ),
)
