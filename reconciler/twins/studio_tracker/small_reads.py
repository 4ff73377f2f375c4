"""What the user interface asks for besides: job numbers to choose from, and the login of a person."""

from __future__ import annotations

import hmac

from reconciler.twins.core.kinds import Kind
from reconciler.twins.core.knobs import Knob
from reconciler.twins.core.values import Answer, Refused
from reconciler.twins.studio_tracker.access import COOKIE
from reconciler.twins.studio_tracker.call import Call, TrackerRoute
from reconciler.twins.studio_tracker.checks import text
from reconciler.twins.studio_tracker.projects import visible
from reconciler.twins.studio_tracker.things import Session, User

LOGIN = "/api/local-auth/login"


def job_numbers(call: Call) -> Answer:
    numbered = [project for project in visible(call) if project.omg_job_number is not None]
    if call.hard("ST-P38"):
        return Answer(200, [project.omg_job_number for project in numbered])
    return Answer(200, [{"jobNumber": project.omg_job_number, "name": project.name} for project in numbered])


def log_in(call: Call) -> Answer:
    body = call.body("email", "password")
    email, password = text(body, "email"), text(body, "password")
    user = next((user for user in call.table(User).values() if _is(user, email, password)), None)
    if user is None:
        raise Refused(401, "Unauthorized")
    call.moment()
    token = f"session{call.twin.counters.next('session')}"
    call.table(Session)[token] = Session(token, user.id)
    return Answer(200, {"ok": True}, {"set-cookie": f"{COOKIE}={token}; Path=/; HttpOnly; SameSite=Lax"})


def _is(user: User, email: str, password: str) -> bool:
    if user.password is None or user.email.lower() != email.lower():
        return False
    return hmac.compare_digest(*(word.encode("utf-8", "surrogatepass") for word in (user.password, password)))


KIND: Kind[TrackerRoute] = Kind(
    routes=(
        TrackerRoute(method="GET", path="/api/resources/job-numbers", answer=job_numbers),
        TrackerRoute(method="POST", path=LOGIN, answer=log_in),
    ),
    questions=(Knob("ST-P38", "job numbers to choose from", "with names", "the bare numbers"),),
)
