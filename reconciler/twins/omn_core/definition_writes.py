"""Creating, updating and deleting attribute definitions, many in one call."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, replace

from reconciler.twins.core.kinds import Kind
from reconciler.twins.core.values import Answer, Json, JsonObject, Refused
from reconciler.twins.omn_core.answers import ERROR, SUCCESS, NotDone, accident, answer_each, marred, said
from reconciler.twins.omn_core.call import Call, OmnRoute, Takes, text
from reconciler.twins.omn_core.definitions import INFORMATION, ROOT
from reconciler.twins.omn_core.domains import saved_domain
from reconciler.twins.omn_core.labels import known_labels, merged_labels
from reconciler.twins.omn_core.performing import Action, perform_each
from reconciler.twins.omn_core.pim_things import TYPES, Attribute, Definition
from reconciler.twins.omn_core.replies import Reply, told

DATA_TYPE = "attrDefinition"
SAVED = "The attribute definition has been saved successfully"
DELETED = "The attribute definition has been deleted successfully"
UNKNOWN = "There is no attribute definition with the given tid or id"


def persist(call: Call) -> Answer:
    objects = call.entries("attrDefs")
    return answer_each(call, objects, _Persist(call).one, "OC-P30", INFORMATION)


class _Persist:
    """One call. `ids` are the tids of what has an id."""

    def __init__(self, call: Call) -> None:
        self.call = call
        self.table = call.table(Definition)
        self.ids = {one.id: one.tid for one in self.table.values()}

    def one(self, given: JsonObject) -> Json:
        echo = {"id": text(given, "id"), "tid": text(given, "tid")}
        known = echo["id"] is not None or echo["tid"] in self.table
        action = "update" if known else "create"
        try:
            return self._saved(given, echo, action)
        except NotDone as refused:
            return said(ERROR, refused.description, action, DATA_TYPE, **echo)

    def _saved(self, given: JsonObject, echo: Mapping[str, str | None], action: str) -> Json:
        old = self._addressed(**echo)
        if old is not None and self.call.caller.user in old.denied:
            raise _not_saved("access denied")
        kind = self._type(old, text(given, "type"))
        labels = merged_labels(self.call, old.labels if old else {}, known_labels(self.call, given))
        domain = saved_domain(self.call, old.domain if old else None, given)
        several = text(given, "multiValued")
        multi = several == "true" if several or old is None or self.call.hard("OC-P29") else old.multi_valued
        mishap = accident(self.call, old.tid if old else str(echo["tid"]))
        self.call.moment()
        if old is not None:
            made = replace(old, type=kind, labels=labels, multi_valued=multi, domain=domain)
        else:
            made = Definition(self.call.new_id(), str(echo["tid"]), kind, labels, multi, domain)
            self.ids[made.id] = made.tid
            self.call.made(made.id)
        self.table[made.tid] = made
        return marred(said(SUCCESS, SAVED, action, DATA_TYPE, id=echo["id"], tid=made.tid), mishap)

    def _addressed(self, id: str | None, tid: str | None) -> Definition | None:  # noqa: A002 - as it is called
        """The definition to update; None for a new one. Raises NotDone."""
        if id is None:
            if not tid:
                raise _not_saved("tid is missing")
            return self.table.get(tid)
        if id not in self.ids:
            raise NotDone(f"No attribute definition by id: {id}")
        found = self.table[self.ids[id]]
        if tid is not None and tid != found.tid:
            raise _not_saved("tid does not match id")
        return found

    def _type(self, old: Definition | None, sent: str | None) -> str:
        if old is not None and sent in (None, old.type):
            return old.type
        if sent is None:
            raise _not_saved("type is missing")
        if sent not in TYPES:
            raise _not_saved(f"unknown type '{sent}'")
        if old is not None:
            raise _not_saved("type cannot be changed")
        return sent


def _not_saved(reason: str) -> NotDone:
    return NotDone(f"The attribute definition could not be saved. Reason: {reason}")


def perform(call: Call) -> Answer:
    actions = call.entries("actions")
    if {name for action in actions for name in ("id", "tid") if name in action} == {"id", "tid"}:
        raise Refused(400, "Only one of the identifiers should be used in all actions")
    return perform_each(call, DATA_TYPE, {"delete": _Delete(call).one})


@dataclass(slots=True, init=False)
class _Delete:
    """One call. `uses` counts the attributes of a definition."""

    call: Call
    table: dict[str, Definition]
    ids: Mapping[str, str]
    uses: Mapping[str, int]

    def __init__(self, call: Call) -> None:
        self.call = call
        self.table = call.table(Definition)
        self.ids = {one.id: one.tid for one in self.table.values()}
        self.uses = Counter(attribute.key for attribute in call.table(Attribute).values())

    def one(self, action: Action) -> Reply:
        echo = {"id": action.id, "tid": action.tid}
        found = self.table.get(self.ids.get(action.id, "") if action.id is not None else action.tid or "")
        if found is None:
            raise NotDone(UNKNOWN, **echo)
        if self.call.caller.user in found.denied:
            raise _not_deleted("access denied", echo)
        if used := self.uses.get(found.tid, 0):
            raise _not_deleted(f"attribute definition is used by {used} attribute(s)", echo)
        mishap = accident(self.call, found.tid, **echo)
        self.call.moment()
        del self.table[found.tid]
        return marred(told(DATA_TYPE, DELETED, "delete", **echo), mishap)


def _not_deleted(reason: str, echo: Mapping[str, str | None]) -> NotDone:
    return NotDone(f"The attribute definition could not be deleted. Reason: {reason}", **echo)


KIND: Kind[OmnRoute] = Kind(
    routes=(
        OmnRoute(method="POST", path=f"{ROOT}/persist", answer=persist, takes=Takes.DOCUMENT),
        OmnRoute(method="POST", path=f"{ROOT}/perform", answer=perform, takes=Takes.DOCUMENT),
    )
)
