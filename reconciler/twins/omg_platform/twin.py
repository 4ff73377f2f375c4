"""The twin of OMG Platform: its kinds, its order of checks, its beginnings."""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar

from reconciler.twins.core.kinds import Kind
from reconciler.twins.core.knobs import Knob
from reconciler.twins.core.routes import READ_METHODS, Found, Routes
from reconciler.twins.core.values import Answer, Json, Refused, Request
from reconciler.twins.omg_platform import avatars, briefs, tasks, things, users
from reconciler.twins.omg_platform.call import UNKNOWN_ROUTE, Call, OmgRoute
from reconciler.twins.omg_platform.errors import gateway_page, problem
from reconciler.twins.omg_platform.set_up import SetUp
from reconciler.twins.omg_platform.things import Key
from reconciler.twins.omg_platform.world import seed

TENANT, API_KEY = "acme", "omg_key_test"
OTHER_TENANT, OTHER_KEY = "globex", "omg_key_other"
VERSION = "v2"
# A new kind is one module and one word here.
KINDS: tuple[Kind[OmgRoute], ...] = (
    avatars.KIND,
    briefs.KIND,
    tasks.KIND,
    things.KIND,
    users.KIND,
)


class OmgTwin(SetUp):
    """OMG Platform on this machine. Begins with two tenants that have a key each, and nothing else.

    The base path is that of the first tenant; the other's is `/globex/v2`, on the same port.
    """

    provider = "omg-platform"
    base_path = f"/{TENANT}/{VERSION}"
    epoch = "2026-05-08T00:00:00.000Z"
    default_key = API_KEY
    records = tuple(record for kind in KINDS for record in kind.records)
    questions = (
        *(knob for kind in KINDS for knob in kind.questions),
        Knob("OP-P1", "type of ids", "integers", "texts"),
        Knob("OP-P4", "fields without a value", "null", "absent"),
        Knob("OP-P6", "data of POST and of a change of fields", "the whole thing", "{id}"),
        Knob("OP-P7", "body of a 403", "a problem document", "a page of HTML"),
        Knob("OP-P8", "a key that is good for another tenant", "403", "404"),
        Knob("OP-P13", "keys in answers that the reference does not know", "none", "some"),
    )
    routes: ClassVar[Routes[OmgRoute]] = Routes([route for kind in KINDS for route in kind.routes])

    @property
    def default_headers(self) -> Mapping[str, str]:
        return {"X-Api-Key": self.default_key}

    def begin_world(self) -> None:
        self.add_tenant(TENANT, API_KEY)
        self.add_tenant(OTHER_TENANT, OTHER_KEY)

    def seed_world(self) -> None:
        seed(self)

    # A request's way through.

    def perform(self, request: Request) -> Answer:
        """Key and route are checked in this order; the rest is the operation's own."""
        try:
            return self._answered(request)
        except Refused as refused:
            return self.error(refused.status, refused.text)

    def _answered(self, request: Request) -> Answer:
        key = self.state.of(Key).get(self.token(request))
        if key is None:
            raise Refused(403, "")
        tenant, found = self._found(request)
        if tenant != key.tenant:
            raise self._foreign(found)
        if found is None:
            raise Refused(404, UNKNOWN_ROUTE)
        return found.route.answer(Call(self, request, key.tenant, found.route, found.ids))

    def _found(self, request: Request) -> tuple[str, Found[OmgRoute] | None]:
        """The tenant that the path names, and its operation if there is one."""
        tenant, *below = request.segments("") or ("",)
        found = self.routes.find(request.method, tuple(below[1:])) if below[:1] == [VERSION] else None
        return tenant, found if isinstance(found, Found) else None

    def _foreign(self, found: Found[OmgRoute] | None) -> Refused:
        """The refusal of a key that is good elsewhere (OP-P8)."""
        if not self.knobs.hard("OP-P8"):
            return Refused(403, "")
        return Refused(404, found.route.missing.format(**found.ids) if found else UNKNOWN_ROUTE)

    # What faults and limits look like here.

    def is_write(self, request: Request) -> bool:
        _, found = self._found(request)
        return found.route.write if found else request.method not in READ_METHODS

    def token(self, request: Request) -> str:
        return request.headers.get("x-api-key", "")

    def error(self, status: int, text: str = "") -> Answer:
        if status == 403 and self.knobs.hard("OP-P7"):
            return gateway_page()
        return problem(Refused(status, text))

    def shortened(self, body: Json, omit: int) -> Json:
        if isinstance(body, Mapping) and isinstance(data := body.get("data"), list):
            return {**body, "data": data[: max(0, len(data) - omit)]}
        return body
