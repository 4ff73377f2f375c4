"""The twin of Omni-CMS: its kinds, its order of checks, its beginnings."""

from __future__ import annotations

import random
from collections.abc import Mapping
from typing import ClassVar

from reconciler.twins.core.kinds import Kind
from reconciler.twins.core.routes import READ_METHODS, Found, Routes
from reconciler.twins.core.values import Answer, Json, Refused, Request
from reconciler.twins.omni_cms import (
    components,
    files,
    reads,
    search,
    sequences,
    showing,
    spaces,
    text,
    things,
    users,
)
from reconciler.twins.omni_cms.call import KEY_HEADER, Call, CmsRoute
from reconciler.twins.omni_cms.errors import error_answer, no_route, not_logged_in
from reconciler.twins.omni_cms.login import LOGIN, caller_of, cookie, log_in
from reconciler.twins.omni_cms.set_up import SetUp
from reconciler.twins.omni_cms.world import seed
from reconciler.twins.omni_cms.wrong_pages import endless, shortened

API_KEY = "cms_key_test"
# A new kind is one module and one word here.
KINDS: tuple[Kind[CmsRoute], ...] = (
    components.KIND,
    files.KIND,
    reads.KIND,
    search.KIND,
    sequences.KIND,
    showing.KIND,
    spaces.KIND,
    text.KIND,
    things.KIND,
    users.KIND,
)


class OmniCmsTwin(SetUp):
    """Omni-CMS on this machine. Begins with one active user, whose key is `cms_key_test`, and no spaces."""

    provider = "omni-cms"
    base_path = "/api/v1"
    epoch = "2025-12-31T23:59:59.000Z"
    default_key = API_KEY
    records = tuple(record for kind in KINDS for record in kind.records)
    questions = tuple(knob for kind in KINDS for knob in kind.questions)
    routes: ClassVar[Routes[CmsRoute]] = Routes(route for kind in KINDS for route in kind.routes)

    @property
    def default_headers(self) -> Mapping[str, str]:
        return {KEY_HEADER: self.default_key}

    def begin_world(self) -> None:
        # Not part of the state: what it decides is in no answer but the order of equals (CM-P3).
        self._dice = random.Random(self.counters.seed)  # noqa: S311 - the same in every run, on purpose
        self.add_user("admin@example.com", key=API_KEY)

    def seed_world(self) -> None:
        seed(self)

    # A request's way through.

    def perform(self, request: Request) -> Answer:
        """Route and key are checked in this order; the rest is the operation's own."""
        try:
            return log_in(self, request) if request.path == LOGIN else self._answered(request)
        except Refused as refused:
            return error_answer(refused)

    def _answered(self, request: Request) -> Answer:
        found = self._found(request)
        if found is None:
            raise no_route()
        caller = caller_of(self, request)
        if caller is None and not found.route.public:
            raise not_logged_in()
        return found.route.answer(Call(self, request, found.ids, self._dice, caller))

    def _found(self, request: Request) -> Found[CmsRoute] | None:
        """The operation asked for; a wrong method is as unknown as a wrong path."""
        segments = request.segments(self.base_path)
        found = self.routes.find(request.method, segments) if segments is not None else None
        return found if isinstance(found, Found) else None

    # What faults and limits look like here.

    def is_write(self, request: Request) -> bool:
        found = self._found(request)
        return found.route.write if found is not None else request.method not in READ_METHODS

    def token(self, request: Request) -> str:
        return request.headers.get(KEY_HEADER.lower()) or cookie(request)

    def error(self, status: int, text: str = "") -> Answer:
        return error_answer(Refused(status, text))

    def endless(self, body: Json) -> Json:
        return endless(body)

    def shortened(self, body: Json, omit: int) -> Json:
        return shortened(body, omit)
