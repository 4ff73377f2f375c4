"""The twin of OMN Core: its kinds, its order of checks, its beginnings."""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar

from reconciler.twins.core.clock import Counters
from reconciler.twins.core.knobs import Knob
from reconciler.twins.core.routes import READ_METHODS, Found, Routes, WrongMethod
from reconciler.twins.core.twin import Turn
from reconciler.twins.core.values import Answer, Json, JsonObject, NotJson, Refused, Request, encode
from reconciler.twins.omn_core import documents
from reconciler.twins.omn_core.call import Call, OmnRoute, Takes, Traffic
from reconciler.twins.omn_core.errors import error_answer
from reconciler.twins.omn_core.every_kind import KINDS
from reconciler.twins.omn_core.media import COMPACT, JSON, XML, bare, check_accept, check_content, preferred
from reconciler.twins.omn_core.notation import ENTRY, NAMESPACE
from reconciler.twins.omn_core.operations import known_operations
from reconciler.twins.omn_core.set_up import SetUp
from reconciler.twins.omn_core.set_up_directories import DirectorySetUp
from reconciler.twins.omn_core.set_up_glossaries import GlossarySetUp
from reconciler.twins.omn_core.set_up_nodes import NodeSetUp
from reconciler.twins.omn_core.set_up_peos import PeoSetUp
from reconciler.twins.omn_core.things import Locale, Token
from reconciler.twins.omn_core.world import LOCALES, begin, seed

TOKEN = "omn_token_test"  # noqa: S105 - opens nothing but this twin
USER_TOKEN = "omn_token_user"  # noqa: S105 - the same


class OmnCoreTwin(NodeSetUp, GlossarySetUp, DirectorySetUp, PeoSetUp, SetUp):
    """OMN Core on this machine. Begins with four locales, the token of an administrator and that of a user who is
    none, two components and the system's own glossary, and no keywords.
    """

    provider = "omn-core"
    base_path = "/api/core/v1"
    content_type = XML
    epoch = "2022-11-29T21:55:49.197Z"
    default_key = TOKEN
    records = tuple(record for kind in KINDS for record in kind.records)
    questions = (
        *(knob for kind in KINDS for knob in kind.questions),
        Knob("OC-P14", "the form of XML answers", "as in the samples", "prefixed, reordered, with less and more"),
        Knob("OC-P15", "the body of a 401", "a response", "empty"),
        Knob("OC-P32", "the status of the codes 1001 and 1003", "400 and 409", "422"),
    )
    routes: ClassVar[Routes[OmnRoute]] = Routes(
        [*(route for kind in KINDS for route in kind.routes), *known_operations()]
    )

    @property
    def default_headers(self) -> Mapping[str, str]:
        return {"Authorization": f"Bearer {self.default_key}"}

    def begin_world(self) -> None:
        self.traffic = Traffic()
        self.failures = Counters()
        table = self.state.of(Locale)
        for number, tid, name, language, country in LOCALES:
            first = not table
            table[tid] = Locale(
                number, tid, name, language, country, default_content=first, default_frontend=first
            )
        self.add_token(TOKEN, "admin@example.com", admin=True)
        self.add_token(USER_TOKEN, "pat@example.com")
        begin(self)

    def seed_world(self) -> None:
        seed(self)

    # A request's way through.

    def take_effect(self, turn: Turn) -> Answer:
        """A call changed something if one of its objects was done, whatever became of the rest of it."""
        with self.lock:
            self.traffic.next_request()
            before = self.traffic.effects
            answer = super().take_effect(turn)
            turn.entry.changed = self.traffic.effects > before
            return answer

    def perform(self, request: Request) -> Answer:
        """Route, token, content type, accept, right and body are checked in this order; then the objects."""
        try:
            return self._answered(request)
        except Refused as refused:
            if refused.status == 401 and self.knobs.hard("OC-P15"):
                return Answer(401)
            odd = self.knobs.hard("OC-P32")
            return error_answer(refused, self._support_id(), preferred(request) or XML, odd=odd)

    def _answered(self, request: Request) -> Answer:
        route = self._found(request).route
        caller = self.state.of(Token).get(self.token(request))
        if caller is None:
            raise Refused(401, "")
        if route.answer is None:
            raise Refused(501, f"The twin does not serve {route.method} {route.path} yet")
        takes_document = route.takes is Takes.DOCUMENT
        media = ""
        if takes_document or request.body:
            media = check_content(request, (bare(XML), COMPACT) if takes_document else (JSON,))
        accept = JSON if route.plain else check_accept(request)
        if route.admin_only and not caller.admin:
            raise Refused(403, f"Nodes {route.admin_only} API is restricted for users")
        body = documents.read(request, media) if takes_document else _object(request)
        return route.answer(Call(self, self.traffic, caller, accept, body))

    def _found(self, request: Request) -> Found[OmnRoute]:
        segments = request.segments(self.base_path)
        found = self.routes.find(request.method, segments) if segments is not None else None
        if found is None:
            raise Refused(404, "Unknown resource path")
        if isinstance(found, WrongMethod):
            raise Refused(405, "", {"allow": ", ".join(sorted(found.allowed))})
        return found

    def _support_id(self) -> str:
        return f"5A990000-0000-4000-8000-{self.failures.next('failure'):012X}"

    # What answers, faults and limits look like here.

    def rendered(self, answer: Answer) -> Answer:
        if answer.content is not None or not isinstance(answer.body, Mapping):
            return answer
        media = answer.headers.get("content-type", XML)
        if media != XML and not (media == JSON and "schemaVersion" in answer.body):
            return answer
        odd = self.knobs.hard("OC-P14")
        content = documents.write_oddly(answer.body) if odd else documents.write(answer.body)
        if media == JSON:  # a document as a text (OC-P39)
            content = encode(content.decode())
        return Answer(answer.status, answer.body, answer.headers, content)

    def is_write(self, request: Request) -> bool:
        segments = request.segments(self.base_path)
        found = self.routes.find(request.method, segments) if segments is not None else None
        return found.route.write if isinstance(found, Found) else request.method not in READ_METHODS

    def token(self, request: Request) -> str:
        scheme, _, token = request.headers.get("authorization", "").partition(" ")
        return token.strip() if scheme.lower() == "bearer" else ""

    def error(self, status: int, text: str = "") -> Answer:
        return error_answer(Refused(status, text), self._support_id(), XML)

    def shortened(self, body: Json, omit: int) -> Json:
        if not isinstance(body, Mapping):
            return body
        return {name: _without_last(member, omit) if name in ENTRY else member for name, member in body.items()}

    def padded(self) -> tuple[bytes, bytes]:
        return f'<pim xmlns="{NAMESPACE}"><padding>'.encode(), b"</padding></pim>"

    def nested(self, depth: int) -> bytes:
        return f'<pim xmlns="{NAMESPACE}">'.encode() + b"<a>" * depth + b"</a>" * depth + b"</pim>"


def _object(request: Request) -> JsonObject:
    """The plain request object; none at all is an empty one. Raises Refused."""
    try:
        body = request.json() if request.body else {}
    except NotJson:
        body = None
    if not isinstance(body, Mapping):
        raise Refused(400, "Malformed request body")
    return body


def _without_last(container: Json, omit: int) -> Json:
    if not isinstance(container, Mapping) or not isinstance(entries := container.get("entries"), list):
        return container
    return {**container, "entries": entries[: max(0, len(entries) - omit)]}
