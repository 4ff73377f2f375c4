"""One request to the twin of OMG Platform, once it is known what it asks for and whose tenant it is about."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TypeVar

from reconciler.twins.core.routes import Route
from reconciler.twins.core.state import Record
from reconciler.twins.core.twin import Twin
from reconciler.twins.core.values import Answer, Json, JsonObject, NotJson, Refused, Request

UNKNOWN_ROUTE = "Route not found"
R = TypeVar("R", bound=Record)


@dataclass(frozen=True, slots=True, kw_only=True)
class OmgRoute(Route):
    """One operation. `missing` is the text of its 404; `{id}` in it stands for the id in the path."""

    answer: Callable[[Call], Answer]
    missing: str = UNKNOWN_ROUTE


@dataclass(frozen=True, slots=True)
class Call:
    """What an operation's function is given."""

    twin: Twin
    request: Request
    tenant: str
    route: OmgRoute
    ids: Mapping[str, str]

    def table(self, kind: type[R]) -> dict[str, R]:
        """All things of one kind, of every tenant, by `place`."""
        return self.twin.state.of(kind)

    def place(self, number: str | int) -> str:
        """The key in a table of this tenant's thing with this id."""
        return place(self.tenant, number)

    def asked(self, kind: type[R]) -> R:
        """The thing that the path names, if it is one of this tenant's. Raises Refused."""
        found = self.table(kind).get(self.place(self.ids["id"]))
        if found is None:
            raise self.missing()
        return found

    def missing(self) -> Refused:
        """The 404 of this operation."""
        return Refused(404, self.route.missing.format(**self.ids))

    def hard(self, question: str) -> bool:
        """Does the adversarial reading of this question hold?"""
        return self.twin.knobs.hard(question)

    def moment(self) -> str:
        """To be called once, when all checks have passed: moves the clock on; the time of the change."""
        return self.twin.clock.tick()

    def body(self) -> JsonObject:
        """The body, an object. Raises Refused."""
        try:
            body = self.request.json()
        except NotJson:
            body = None
        if not isinstance(body, Mapping):
            raise Refused(400, "Request body must be a JSON object")
        return body


def place(tenant: str, number: str | int) -> str:
    """The key in a table of a tenant's thing with this id."""
    return f"{tenant}/{number}"


def success(message: str, data: Json, status: int = 200) -> Answer:
    """The envelope of every success (OP-R3)."""
    return Answer(status, {"data": data, "message": message})
