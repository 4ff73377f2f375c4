"""Creating and updating keywords, many in one call (OC-R20 to OC-R25)."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

from reconciler.twins.core.kinds import Kind
from reconciler.twins.core.knobs import Knob
from reconciler.twins.core.values import Answer, Json, JsonObject
from reconciler.twins.omn_core.answers import (
    ERROR,
    SUCCESS,
    WARNING,
    NotDone,
    accident,
    answer_each,
    marred,
    said,
)
from reconciler.twins.omn_core.call import Call, OmnRoute, Takes, text
from reconciler.twins.omn_core.forest import ROOT, Forest
from reconciler.twins.omn_core.naming import Name, check_unique, sent_name
from reconciler.twins.omn_core.things import Keyword

PATH = "/common/keywords/persist"
CREATED = "The keyword has been created successfully"
SAVED = "The keyword has been saved successfully"
SAVED_PARTLY = "The keyword has been saved with warnings"


def persist(call: Call) -> Answer:
    objects = call.entries("kwds")
    return answer_each(call, objects, _Persist(call, Forest(call.table(Keyword))).one)


@dataclass(slots=True)
class _Persist:
    """One call. `made` are the ids it has made so far."""

    call: Call
    forest: Forest
    made: set[str] = field(default_factory=set)

    def one(self, given: JsonObject) -> Json:
        updates = "id" in given or "path" in given
        try:
            return self._update(given) if updates else self._create(given)
        except NotDone as refused:
            return said(ERROR, refused.description, "update" if updates else "create", **refused.echo)

    def _create(self, given: JsonObject) -> Json:
        parent = self._parent(given)
        parent_id = parent.id if parent is not None else None
        name = sent_name(self.call, given)
        check_unique(self.call, self.forest.children(parent_id), name.value, name.labels)
        mishap = accident(self.call, name.value)
        moment = self.call.moment()
        keyword = Keyword(self.call.new_id(), parent_id, name.value, name.labels, moment)
        self.forest.put(keyword)
        self.made.add(keyword.id)
        if self.call.hard("OC-P13"):
            self.call.traffic.made(keyword.id)
        key = None if self.call.hard("OC-P7") else keyword.id
        return marred(_done(CREATED, name, "create", key, self.forest.path(keyword)), mishap)

    def _update(self, given: JsonObject) -> Json:
        old = self._addressed(given)
        echo = {"id": old.id, "path": self.forest.path(old)}
        if self.call.caller.user in old.denied:
            raise NotDone("The keyword is not available by access rights", **echo)
        name = sent_name(self.call, given, **echo)
        siblings = (other for other in self.forest.children(old.parent_id) if other.id != old.id)
        check_unique(self.call, siblings, name.value, name.labels, **echo)
        mishap = accident(self.call, name.value, **echo)
        self.call.moment()
        kept = {} if self.call.hard("OC-P5") else old.labels
        changed = replace(old, value=name.value, labels={**kept, **name.labels})
        self.forest.put(changed)
        return marred(_done(SAVED, name, "update", old.id, self._echoed_path(changed)), mishap)

    def _addressed(self, given: JsonObject) -> Keyword:
        """The keyword that is to be updated. Raises NotDone."""
        key, path = text(given, "id"), text(given, "path")
        found = self.forest.get(key or "") if "id" in given else self.forest.find(path or "")
        if found is not None:
            return found
        raise NotDone(_unknown_id(key) if "id" in given else _unknown_path(path), id=key, path=path)

    def _parent(self, given: JsonObject) -> Keyword | None:
        """The keyword to create below; None for the root. Raises NotDone, which echoes the parent's path."""
        key, path = text(given, "parentId"), text(given, "parentPath")
        if key is None and path in (None, ROOT):
            return None
        parent = self.forest.find(path or "") if key is None else self.forest.get(key)
        if key is None and parent is not None and parent.id in self.made and self.call.hard("OC-P9"):
            parent = None
        if parent is None:
            raise NotDone(_unknown_path(path) if key is None else _unknown_id(key), path=path)
        if self.call.caller.user in parent.denied:
            raise NotDone("Parent keyword is not available by access rights", path=self.forest.path(parent))
        return parent

    def _echoed_path(self, keyword: Keyword) -> str:
        path = self.forest.path(keyword)
        if not keyword.labels or not self.call.hard("OC-P6"):
            return path
        return path.removesuffix(keyword.value) + next(iter(keyword.labels.values()))


def _done(description: str, name: Name, action: str, key: str | None, path: str) -> dict[str, Json]:
    if not name.unknown:
        return said(SUCCESS, description, action, id=key, path=path)
    dropped = "".join(f"|Cannot find language id with code '{loc}'." for loc in name.unknown)
    return said(WARNING, SAVED_PARTLY + dropped, action, id=key, path=path)


def _unknown_id(key: str | None) -> str:
    return f"Entity class com.meylemueller.obj.isy.KeywordEntity with identity={key or ''} not found"


def _unknown_path(path: str | None) -> str:
    return f"No keyword by path '{path or ''}'"


KIND: Kind[OmnRoute] = Kind(
    routes=(OmnRoute(method="POST", path=PATH, answer=persist, takes=Takes.DOCUMENT),),
    questions=(
        Knob("OC-P5", "the name in an update", "given locales are set", "replaces all"),
        Knob("OC-P6", "the path that an update echoes", "of unlocalized values", "ends in the first label"),
        Knob("OC-P7", "the answer to a create", "id and path", "path alone"),
        Knob("OC-P9", "a parent created earlier in the same call", "found by its path", "not found"),
        Knob("OC-P13", "a list right after a create", "shows it", "does not show it"),
    ),
)
