"""Creating and updating glossaries. A name that is taken breaks the whole call off (OC-P53)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from reconciler.twins.core.kinds import Kind
from reconciler.twins.core.knobs import Knob
from reconciler.twins.core.values import Answer, Json, JsonObject, Refused
from reconciler.twins.omn_core.answers import NotDone, accident, answer_each, marred
from reconciler.twins.omn_core.call import Call, OmnRoute, Takes, text
from reconciler.twins.omn_core.custom_values import sent_values
from reconciler.twins.omn_core.glossary_things import Glossary
from reconciler.twins.omn_core.guids import new_guid
from reconciler.twins.omn_core.replies import Reply, refused, told

PATH = "/common/glossaries/persist"
CREATED = "The glossary has been created successfully"
UPDATED = "The glossary has been updated successfully"


def persist(call: Call) -> Answer:
    table = call.table(Glossary)
    before, effects = dict(table), call.traffic.effects
    try:
        return answer_each(call, call.entries("glossaries"), _Persist.of(call).one, "OC-P30")
    except _Taken:
        if call.hard("OC-P53"):
            table.clear()
            table.update(before)
            call.traffic.effects = effects
        raise


class _Taken(Refused):
    """Another glossary has the name."""

    def __init__(self, name: str) -> None:
        text = f"Unable to create the glossary: glossary with name '{name}' already exists."
        super().__init__(500, text)


@dataclass(slots=True)
class _Persist:
    """One call. `names` are those of all glossaries, with their ids; `tids` tell which id a tid has."""

    call: Call
    table: dict[str, Glossary]
    names: dict[str, str]
    tids: dict[str, str]

    @classmethod
    def of(cls, call: Call) -> _Persist:
        table = call.table(Glossary)
        every = table.values()
        return cls(call, table, {one.name: one.id for one in every}, {one.tid: one.id for one in every})

    def one(self, given: JsonObject) -> Json:
        updates = "id" in given or "tid" in given
        try:
            return self._update(given) if updates else self._create(given)
        except NotDone as why:
            return refused("glossary", why, "update" if updates else "create")

    def _create(self, given: JsonObject) -> Reply:
        name = text(given, "name") or ""
        if not name:
            raise NotDone("Glossary name is missing")
        self._check_name(name)
        mishap = accident(self.call, name)
        moment, user = self.call.moment(), self.call.caller.user
        guid, multiple = new_guid(self.call.twin, self.call.traffic), _multiple(given)
        made = Glossary(
            self.call.new_id(), guid, name, moment, moment, user, user, multiple is True, sent_values(given)
        )
        self._put(made)
        self.call.made(made.id)
        key = None if self.call.hard("OC-P54") else made.id
        return marred(told("glossary", CREATED, "create", id=key), mishap)

    def _update(self, given: JsonObject) -> Reply:
        old = self._addressed(given)
        name = text(given, "name") or old.name
        self._check_name(name, old.id)
        mishap = accident(self.call, name, id=old.id)
        kept = {} if self.call.hard("OC-P29") else old.vals or {}
        multiple = _multiple(given)
        del self.names[old.name]
        self._put(
            replace(
                old,
                name=name,
                modified=self.call.moment(),
                modifier=self.call.caller.user,
                multiple=old.multiple if multiple is None else multiple,
                vals={**kept, **sent_values(given)},
            )
        )
        return marred(told("glossary", UPDATED, "update", id=old.id), mishap)

    def _addressed(self, given: JsonObject) -> Glossary:
        """The glossary that is to be updated. Raises NotDone."""
        key, tid = text(given, "id"), text(given, "tid")
        found = self.table.get(key or "" if "id" in given else self.tids.get(tid or "", ""))
        if found is None:
            by, what = ("id", key) if "id" in given else ("tid", tid)
            raise NotDone(f'The glossary with {by} "{what or ""}" does not exist.', id=key, tid=tid)
        return found

    def _check_name(self, name: str, own: str = "") -> None:
        if self.names.get(name, own) != own:
            raise _Taken(name)

    def _put(self, glossary: Glossary) -> None:
        self.table[glossary.id] = glossary
        self.names[glossary.name] = glossary.id
        self.tids[glossary.tid] = glossary.id


def _multiple(given: JsonObject) -> bool | None:
    meta = given.get("meta")
    value = text(meta, "multipleTranslations") if isinstance(meta, Mapping) else None
    return None if value is None else value == "true"


KIND: Kind[OmnRoute] = Kind(
    routes=(OmnRoute(method="POST", path=PATH, answer=persist, takes=Takes.DOCUMENT),),
    questions=(
        Knob("OC-P53", "a glossary name that is taken", "what stood before is saved", "nothing of the call is"),
        Knob("OC-P54", "what a new glossary, a new entry answers", "an id, a tid", "neither"),
    ),
)
