"""Creating, renaming and describing directories, many in one call (OC-P33)."""

from __future__ import annotations

from dataclasses import dataclass, replace

from reconciler.twins.core.kinds import Kind
from reconciler.twins.core.knobs import Knob
from reconciler.twins.core.values import Answer, Json, JsonObject
from reconciler.twins.omn_core.answers import NotDone, accident, answer_each, marred
from reconciler.twins.omn_core.call import Call, OmnRoute, Takes, text
from reconciler.twins.omn_core.custom_values import sent_values
from reconciler.twins.omn_core.dam_things import Directory, Rnc
from reconciler.twins.omn_core.directories import Place, Tree, place_of
from reconciler.twins.omn_core.guids import new_guid
from reconciler.twins.omn_core.replies import Reply, refused, told

PATH = "/dam/dirs/persist"
SAVED = "The directory has been saved successfully"
INSIDE = '"Target directory is itself or target parent directory"'


def persist(call: Call) -> Answer:
    return answer_each(call, call.entries("dirs"), _Persist(call, Tree(call.table(Directory))).one, "OC-P30")


def permissions_missing(tid: str) -> str:
    return f"Permissions missing for directory with tid '{tid}'"


def unknown_rnc(tid: str) -> str:
    return f"Cannot find RNC with identifier '{tid}'"


def unknown_directory(tid: str) -> str:
    return f"Cannot find directory with tid '{tid}'"


def made(call: Call, place: Place, name: str, vals: dict[str, Json]) -> Directory:
    """A new directory, not yet in any table."""
    moment, guid = call.moment(), new_guid(call.twin, call.traffic).upper()
    return Directory(guid, call.new_id(), *place, name, moment, moment, vals)


@dataclass(slots=True)
class _Persist:
    """One call. Errors echo nothing of the directory."""

    call: Call
    tree: Tree

    def one(self, given: JsonObject) -> Json:
        updates = "tid" in given
        try:
            return self._update(given) if updates else self._create(given)
        except NotDone as why:
            return refused("dir", why, "update" if updates else "create")

    def _create(self, given: JsonObject) -> Reply:
        # The stray quote is the reference's.
        name = self._name(given, "Missing directory parameter 'name'\"")
        self._check_above(given)
        place = self._place(given)
        self._check_name(place, name)
        mishap = accident(self.call, name)
        directory = made(self.call, place, name, sent_values(given))
        self.tree.put(directory)
        return marred(told("dir", SAVED, "create", tid=directory.tid), mishap)

    def _update(self, given: JsonObject) -> Reply:
        name = self._name(given, "Missing directory parameter 'name'")
        self._check_above(given)
        tid = text(given, "tid") or ""
        if (old := self.tree.get(tid)) is None:
            raise NotDone(unknown_directory(tid))
        place = self._place(given)
        if self.call.caller.user in old.denied:
            raise NotDone(permissions_missing(old.tid))
        self._check_target(old, place)
        if (place, name) != (place_of(old), old.name):
            self._check_name(place, name)
        mishap = accident(self.call, name)
        rnc, parent = place
        vals = {**(old.vals or {}), **sent_values(given)}
        moment = self.call.moment()
        self.tree.put(replace(old, rnc=rnc, parent=parent, name=name, vals=vals, modified=moment))
        return marred(told("dir", SAVED, "update", tid=old.tid), mishap)

    def _name(self, given: JsonObject, missing: str) -> str:
        name = text(given, "name") or ""
        if not name:
            raise NotDone(missing)
        return name

    def _check_above(self, given: JsonObject) -> None:
        known = [name for name in ("rnc", "parent") if text(given, name)]
        if not known:
            raise NotDone("Directory attributes missing: 'rnc' or 'parent' attribute must be")
        if len(known) > 1:
            raise NotDone("There must be only one of the attributes - 'rnc' or 'parent'")

    def _place(self, given: JsonObject) -> Place:
        rnc, parent = text(given, "rnc"), text(given, "parent")
        if rnc:
            if rnc not in self.call.table(Rnc):
                raise NotDone(unknown_rnc(rnc))
            return rnc, None
        if (above := self.tree.get(parent or "")) is None:
            raise NotDone("Directory not found")
        if self.call.caller.user in above.denied:
            raise NotDone(permissions_missing(above.tid))
        return None, above.tid

    def _check_target(self, old: Directory, place: Place) -> None:
        """May the directory go there, or stay? Raises NotDone."""
        if place == place_of(old):
            return
        above = self.tree.get(place[1]) if place[1] is not None else None
        if self.call.hard("OC-P33") or (above is not None and old in self.tree.chain(above)):
            raise NotDone(INSIDE)

    def _check_name(self, place: Place, name: str) -> None:
        if self.tree.named(place, name) is not None:
            raise NotDone(f"Directory with name '{name}' already exists")


KIND: Kind[OmnRoute] = Kind(
    routes=(OmnRoute(method="POST", path=PATH, answer=persist, takes=Takes.DOCUMENT),),
    questions=(Knob("OC-P33", "a directory persisted with another parent", "it is moved", "refused"),),
)
