"""The twin of Omni Analytics: its kinds, its order of checks, its beginnings."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import ClassVar

from reconciler.twins.core.kinds import Kind
from reconciler.twins.core.knobs import Knob
from reconciler.twins.core.routes import READ_METHODS, Found, Routes, WrongMethod
from reconciler.twins.core.twin import Turn
from reconciler.twins.core.values import Answer, Json, JsonObject, NotJson, Refused, Request
from reconciler.twins.omni_analytics import (
    access_list,
    branches,
    connections,
    content,
    dashboard_filters,
    document_content,
    document_labels,
    document_making,
    document_moves,
    document_permissions,
    documents,
    email_only,
    embed_users,
    environments,
    folders,
    groups,
    jobs,
    labels,
    model_files,
    model_git,
    model_roles,
    model_things,
    models,
    paging,
    permissions,
    queries,
    recipients,
    refreshes,
    schedule_list,
    schedule_runs,
    schedules,
    things,
    users,
    validation,
)
from reconciler.twins.omni_analytics.call import Call, Lag, OmniRoute, Style
from reconciler.twins.omni_analytics.checks import is_uuid, unknown_keys
from reconciler.twins.omni_analytics.errors import error_answer
from reconciler.twins.omni_analytics.estate import grow
from reconciler.twins.omni_analytics.operations import WRONG_METHOD_TEXTS, known_operations
from reconciler.twins.omni_analytics.set_up import SetUp
from reconciler.twins.omni_analytics.things import Key, Org
from reconciler.twins.omni_analytics.world import seed
from reconciler.twins.omni_analytics.wrong_pages import endless, shortened

ORG_KEY = "omni_osk_test"
PERSONAL_TOKEN = "omni_pat_test"  # noqa: S105 - opens nothing but this twin
# A new kind is one module and one word here.
KINDS: tuple[Kind[OmniRoute], ...] = (
    access_list.KIND,
    dashboard_filters.KIND,
    document_labels.KIND,
    document_moves.KIND,
    document_permissions.KIND,
    documents.KIND,
    content.KIND,
    document_content.KIND,
    document_making.KIND,
    queries.KIND,
    folders.KIND,
    groups.KIND,
    labels.KIND,
    branches.KIND,
    connections.KIND,
    email_only.KIND,
    embed_users.KIND,
    environments.KIND,
    jobs.KIND,
    model_files.KIND,
    model_git.KIND,
    model_roles.KIND,
    model_things.KIND,
    models.KIND,
    refreshes.KIND,
    validation.KIND,
    paging.KIND,
    permissions.KIND,
    recipients.KIND,
    schedule_list.KIND,
    schedule_runs.KIND,
    schedules.KIND,
    things.KIND,
    users.KIND,
)


class OmniTwin(SetUp):
    """Omni Analytics on this machine. Begins with one organisation, an organisation key that acts for user 1 (an
    administrator) and a personal token of user 2 (not one).
    """

    provider = "omni-analytics"
    base_path = "/api"
    content_type = "application/json; charset=utf-8"
    epoch = "2026-01-01T00:00:00.000Z"
    default_key = ORG_KEY
    records = tuple(record for kind in KINDS for record in kind.records)
    questions = (
        *(knob for kind in KINDS for knob in kind.questions),
        Knob("OA-P1", "error bodies", "as in the reference's examples", "as in its schema"),
        Knob("OA-P2", "429", "with Retry-After; refused requests do not count", "without; they count"),
        Knob("OA-P7", "unknown query and body keys", "ignored", "400"),
        Knob(
            "newer-answers", "the shape of answers", "the reference's", "a newer edition's (OA-R35)", switch=True
        ),
        Knob("OA-P18", "keys in answers that the reference does not know", "none", "some"),
    )
    routes: ClassVar[Routes[OmniRoute]] = Routes(
        [*(route for kind in KINDS for route in kind.routes), *known_operations()], any_case=("scim",)
    )

    @property
    def default_headers(self) -> Mapping[str, str]:
        return {"Authorization": f"Bearer {self.default_key}"}

    def begin_world(self) -> None:
        self.lag = Lag()
        self.state.of(Org)["acme"] = Org("acme", "acme")
        admin = self.add_user("admin@example.com", "Admin")
        other = self.add_user("pat@example.com", "Pat")
        keys = self.state.of(Key)
        keys[ORG_KEY] = Key(ORG_KEY, admin)
        keys[PERSONAL_TOKEN] = Key(PERSONAL_TOKEN, other, personal=True, org_admin=False)

    def seed_world(self) -> None:
        seed(self)

    def seed_organisation(self) -> None:
        seed(self)
        grow(self)

    # A request's way through.

    def edit(self, method: str, path: str, body: Json = None, headers: Mapping[str, str] | None = None) -> Answer:
        with self.lock:
            answer = super().edit(method, path, body, headers)
            self.lag.show_all()
            return answer

    def take_effect(self, turn: Turn) -> Answer:
        with self.lock:
            self.lag.next_request()
            return super().take_effect(turn)

    def perform(self, request: Request) -> Answer:
        """Route, token, path, query and body are checked in this order; the rest is the operation's own."""
        style = Style.PLAIN
        try:
            found = self._found(request)
            style = found.route.style if found.route.style is not Style.TITLED else Style.PLAIN
            caller = self._caller(request)
            style = found.route.style
            return self._answered(found, request, caller)
        except Refused as refused:
            return error_answer(refused, style, hard=self.knobs.hard("OA-P1"))

    def _found(self, request: Request) -> Found[OmniRoute]:
        segments = request.segments(self.base_path)
        found = self.routes.find(request.method, segments) if segments is not None else None
        if found is None:
            raise Refused(404, "")
        if isinstance(found, WrongMethod):
            if (text := WRONG_METHOD_TEXTS.get(found.path)) is not None:
                raise Refused(400, text)
            raise Refused(405, "", {"allow": ", ".join(sorted(found.allowed))})
        return found

    def _caller(self, request: Request) -> Key:
        key = self.state.of(Key).get(self.token(request))
        if key is None:
            raise Refused(401, "")
        return key

    def _answered(self, found: Found[OmniRoute], request: Request, caller: Key) -> Answer:
        route = found.route
        if route.answer is None:
            raise Refused(501, f"The twin does not serve {route.method} {route.path} yet")
        query = dict(reversed(request.parameters()))
        _check_caller(route, query, caller)
        for name in route.uuids:
            if not is_uuid(found.ids[name]):
                text = route.bad_id.format(found.ids[name]) or f"{route.prefix}{name}: Invalid uuid"
                raise Refused(400, text)
        self._check_query(route, query)
        body = self._body(route, request)
        return route.answer(Call(self, self.lag, route, caller, found.ids, query, body))

    def _check_query(self, route: OmniRoute, query: Mapping[str, str]) -> None:
        known = (*route.query, "userId") if route.on_behalf else route.query
        if route.strict is None:
            self._check_keys(query, known)
        elif (refused := unknown_keys(query, known)) is not None:
            named = refused.text.rpartition(": ")[2]
            raise Refused(400, route.strict.replace("{}", named)) if route.strict else refused

    def _body(self, route: OmniRoute, request: Request) -> JsonObject:
        if route.fields is None or (route.body_optional and not request.body):
            return {}
        try:
            body = request.json()
        except NotJson:
            body = None
        if not isinstance(body, Mapping):
            raise Refused(400, f"{route.prefix}Invalid JSON")
        self._check_keys(body, route.fields)
        return body

    def _check_keys(self, given: Iterable[str], known: Iterable[str]) -> None:
        if self.knobs.hard("OA-P7") and (refused := unknown_keys(given, known)) is not None:
            raise refused

    # What faults and limits look like here.

    def is_write(self, request: Request) -> bool:
        segments = request.segments(self.base_path)
        found = self.routes.find(request.method, segments) if segments is not None else None
        return found.route.write if isinstance(found, Found) else request.method not in READ_METHODS

    def token(self, request: Request) -> str:
        scheme, _, token = request.headers.get("authorization", "").partition(" ")
        return token.strip() if scheme.lower() == "bearer" else ""

    def error(self, status: int, text: str = "") -> Answer:
        return error_answer(Refused(status, text), Style.PLAIN, hard=self.knobs.hard("OA-P1"))

    def throttled(self, wait: float) -> Answer:
        return self.error(429) if self.knobs.hard("OA-P2") else super().throttled(wait)

    def counts_refused(self) -> bool:
        return self.knobs.hard("OA-P2")

    def endless(self, body: Json) -> Json:
        return endless(body)

    def shortened(self, body: Json, omit: int) -> Json:
        return shortened(body, omit)


def _check_caller(route: OmniRoute, query: Mapping[str, str], caller: Key) -> None:
    if not caller.personal:
        return
    if route.org_key_only:
        raise Refused(403, "Forbidden: Organization API key required")
    if route.on_behalf and query.get("userId", caller.user_id) != caller.user_id:
        text = "User-scoped API keys can only be used to act on behalf of the authenticated user."
        raise Refused(403, text)
