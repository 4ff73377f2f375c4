"""Actions on things, many in one call: each is told apart by its data type and its own type."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from reconciler.twins.core.values import Answer, Json, JsonObject
from reconciler.twins.omn_core.answers import NotDone, answer_each
from reconciler.twins.omn_core.call import Call, text
from reconciler.twins.omn_core.replies import Reply, refused


@dataclass(frozen=True, slots=True)
class Action:
    """One action as it was sent; `meta` are its parameters."""

    data_type: str
    type: str
    id: str | None
    tid: str | None
    path: str | None
    meta: JsonObject

    @property
    def echo(self) -> dict[str, str | None]:
        return {"tid": self.tid, "id": self.id, "path": self.path}

    def parameter(self, name: str) -> str | None:
        """A parameter that says something."""
        return text(self.meta, name) or None


Does = Callable[[Action], Reply]


def perform_each(
    call: Call, data_type: str, does: Mapping[str, Does], information: str = "", *, corrected: bool = False
) -> Answer:
    """Let each action of the call be done by what is named after its type; `data_type` is theirs all.

    Another data type is echoed as it was sent, or `corrected`.
    """

    def one(given: JsonObject) -> Json:
        action = _sent(given)
        try:
            _check(action, data_type, does)
            return does[action.type](action)
        except NotDone as why:
            return refused(data_type if corrected else action.data_type, why, action.type)

    return answer_each(call, call.entries("actions"), one, "OC-P30", information)


def _check(action: Action, data_type: str, does: Mapping[str, Does]) -> None:
    """Is the action one of these? Raises NotDone."""
    if action.data_type != data_type:
        wrong = f"The data type of the passed item is wrong. It must be '{data_type}'"
        raise NotDone(wrong, **action.echo)
    if action.type not in does:
        raise NotDone(f"Unsupported action type '{action.type}'", **action.echo)


def _sent(given: JsonObject) -> Action:
    meta = given.get("meta")
    return Action(
        text(given, "dataType") or "",
        text(given, "type") or "",
        text(given, "id"),
        text(given, "tid"),
        text(given, "path"),
        meta if isinstance(meta, Mapping) else {},
    )
