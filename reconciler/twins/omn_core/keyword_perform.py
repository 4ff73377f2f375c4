"""Moving and deleting keywords, many in one call (OC-R26, OC-R28)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from reconciler.twins.core.kinds import Kind
from reconciler.twins.core.knobs import Knob
from reconciler.twins.core.values import Answer, Json, JsonObject
from reconciler.twins.omn_core.answers import ERROR, SUCCESS, NotDone, accident, answer_each, marred, said
from reconciler.twins.omn_core.call import Call, OmnRoute, Takes, text
from reconciler.twins.omn_core.forest import ROOT, Forest
from reconciler.twins.omn_core.naming import check_unique
from reconciler.twins.omn_core.things import Keyword

PATH = "/common/keywords/perform"
DELETED = "The keyword has been deleted successfully"
MOVED = "keyword has been moved"
MOVING = "Error during moving: "


def perform(call: Call) -> Answer:
    actions = call.entries("actions")
    return answer_each(call, actions, _Perform(call, Forest(call.table(Keyword))).one)


@dataclass(slots=True)
class _Perform:
    """One call."""

    call: Call
    forest: Forest

    def one(self, given: JsonObject) -> Json:
        action = text(given, "type")
        try:
            return self._done(given, action or "")
        except NotDone as refused:
            return said(ERROR, refused.description, action, **refused.echo)

    def _done(self, given: JsonObject, action: str) -> Json:
        key, path = text(given, "id"), text(given, "path")
        if text(given, "dataType") != "keyword":
            wrong = "The data type of the passed item is wrong. It must be 'keyword'"
            raise NotDone(wrong, id=key, path=path)
        if action not in {"delete", "move"}:
            raise NotDone(f"Unsupported action type '{action}'", id=key, path=path)
        keyword = self.forest.find(path) if key is None and path is not None else self.forest.get(key or "")
        if keyword is None:
            by = "path" if key is None and path is not None else "id"
            raise NotDone(f"There is no keyword with the given {by}", id=key, path=path)
        echo = {"id": keyword.id, "path": self.forest.path(keyword)}
        if self.call.caller.user in keyword.denied:
            raise NotDone(MOVING + "No access to source objects", **echo)
        if action == "delete":
            return self._delete(keyword, echo)
        return self._move(keyword, given.get("meta"), echo)

    def _delete(self, keyword: Keyword, echo: Mapping[str, str]) -> Json:
        if self.call.hard("OC-P12") and self.forest.children(keyword.id):
            raise NotDone("Keyword has child keywords", **echo)
        mishap = accident(self.call, keyword.value, **echo)
        self.call.moment()
        self.forest.drop(keyword)
        return marred(said(SUCCESS, DELETED, "delete", **echo), mishap)

    def _move(self, keyword: Keyword, meta: Json, echo: Mapping[str, str]) -> Json:
        parent_id = self._destination(keyword, meta if isinstance(meta, Mapping) else {}, echo)
        siblings = (other for other in self.forest.children(parent_id) if other.id != keyword.id)
        check_unique(self.call, siblings, keyword.value, keyword.labels, **echo)
        mishap = accident(self.call, keyword.value, **echo)
        self.call.moment()
        moved = replace(keyword, parent_id=parent_id)
        self.forest.put(moved)
        path = echo["path"] if self.call.hard("OC-P28") else self.forest.path(moved)
        return marred(said(SUCCESS, MOVED, "move", id=moved.id, path=path), mishap)

    def _destination(self, keyword: Keyword, meta: JsonObject, echo: Mapping[str, str]) -> str | None:
        """The id to move below; None for the root. Raises NotDone."""
        key, path = text(meta, "destinationKwdId"), text(meta, "destinationKwdPath")
        if key is None and path == ROOT:
            return None
        found = self.forest.find(path or "") if key is None else self.forest.get(key)
        if found is None or self.call.caller.user in found.denied:
            raise NotDone(f"{MOVING}No access to destination object '{key or path or ''}'", **echo)
        if keyword in self.forest.chain(found):
            raise NotDone(MOVING + "destination is inside the source", **echo)
        return found.id


KIND: Kind[OmnRoute] = Kind(
    routes=(OmnRoute(method="POST", path=PATH, answer=perform, takes=Takes.DOCUMENT),),
    questions=(Knob("OC-P12", "deleting a keyword with others below", "the branch goes too", "refused"),),
)
