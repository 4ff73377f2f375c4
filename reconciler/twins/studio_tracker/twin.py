"""The twin of Studio Tracker: its kinds, its order of checks, its beginnings."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import ClassVar

from reconciler.twins.core.kinds import Kind
from reconciler.twins.core.knobs import Knob
from reconciler.twins.core.routes import READ_METHODS, Found, Routes, WrongMethod
from reconciler.twins.core.values import Answer, Json, Refused, Request
from reconciler.twins.studio_tracker import (
    bookings,
    bulk_import,
    client_teams,
    feed,
    health,
    invitations,
    members,
    people,
    pod_members,
    pods,
    projects,
    reports,
    small_reads,
    things,
)
from reconciler.twins.studio_tracker.access import caller, is_public, session_token
from reconciler.twins.studio_tracker.call import Call, TrackerRoute
from reconciler.twins.studio_tracker.set_up import SetUp
from reconciler.twins.studio_tracker.world import seed

API_KEY = "k1"
USUAL_TEXTS: Mapping[int, str] = {
    401: "Unauthorized",
    403: "Forbidden",
    404: "Not found",
    405: "Method not allowed",
    429: "Too many requests",
    500: "Internal server error",
}
# A new kind is one module and one word here.
KINDS: tuple[Kind[TrackerRoute], ...] = (
    bookings.KIND,
    bulk_import.KIND,
    client_teams.KIND,
    feed.KIND,
    health.KIND,
    invitations.KIND,
    members.KIND,
    people.KIND,
    pod_members.KIND,
    pods.KIND,
    projects.KIND,
    reports.KIND,
    small_reads.KIND,
    things.KIND,
)


class TrackerTwin(SetUp):
    """Studio Tracker on this machine. Begins with one organisation, one administrator, one pipeline template."""

    provider = "studio-tracker"
    base_path = "/loreal-prod-tracker"
    epoch = "2026-04-20T09:59:59.000Z"
    default_key = API_KEY
    records = tuple(record for kind in KINDS for record in kind.records)
    questions = (
        *(knob for kind in KINDS for knob in kind.questions),
        Knob("ST-P6", "answer of every delete", "200 {ok: true}", "204"),
        Knob("ST-P9", "keys in a body that the server does not know", "ignored", "400"),
        Knob("ST-P14", "the first organisation in the seeded world", "the only one", "somebody else's"),
    )
    routes: ClassVar[Routes[TrackerRoute]] = Routes(route for kind in KINDS for route in kind.routes)

    @property
    def default_headers(self) -> Mapping[str, str]:
        return {"X-API-Key": self.default_key, "X-Org-Id": self.org_id}

    def begin_world(self) -> None:
        self.org_id = self.add_org("Example Studio")
        self.add_user("admin@example.com", "Admin", "ADMIN")
        self.add_template()

    def seed_world(self) -> None:
        seed(self)

    # A request's way through.

    def perform(self, request: Request) -> Answer:
        """Key, organisation and route are checked in this order; the rest is the operation's own."""
        try:
            return self._answered(request)
        except Refused as refused:
            return replace(self.error(refused.status, refused.text), headers=refused.headers)

    def _answered(self, request: Request) -> Answer:
        segments = request.segments(self.base_path)
        if segments is None:
            raise Refused(404, "")
        who = None if is_public(segments) else caller(self.state, request, self.default_key)
        found = self._found(request.method, segments)
        return found.route.answer(Call(self, request, found.ids, self.feed, who))

    def _found(self, method: str, segments: tuple[str, ...]) -> Found[TrackerRoute]:
        found = self.routes.find(method, segments)
        if found is None:
            raise Refused(404, "")
        if isinstance(found, WrongMethod):
            raise Refused(405, "", {"allow": ", ".join(sorted(found.allowed))})
        return found

    # What faults and limits look like here.

    def is_write(self, request: Request) -> bool:
        segments = request.segments(self.base_path)
        found = self.routes.find(request.method, segments) if segments is not None else None
        return found.route.writes(request) if isinstance(found, Found) else request.method not in READ_METHODS

    def token(self, request: Request) -> str:
        return request.headers.get("x-api-key") or session_token(request.headers)

    def error(self, status: int, text: str = "") -> Answer:
        return Answer(status, {"error": text or USUAL_TEXTS.get(status, f"Error {status}")})

    def shortened(self, body: Json, omit: int) -> Json:
        if isinstance(body, list):
            return body[: max(0, len(body) - omit)]
        if isinstance(body, Mapping) and isinstance(users := body.get("users"), list):
            return {**body, "users": users[: max(0, len(users) - omit)]}
        return body
