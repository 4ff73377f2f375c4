"""Moving and copying directories to other places (OC-P28, OC-P45)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from reconciler.twins.core.kinds import Kind
from reconciler.twins.core.knobs import Knob
from reconciler.twins.omn_core.answers import NotDone, accident, marred
from reconciler.twins.omn_core.call import Call, Moved, OmnRoute
from reconciler.twins.omn_core.dam_things import Directory, Rnc
from reconciler.twins.omn_core.dir_persist import INSIDE, made, unknown_directory
from reconciler.twins.omn_core.directories import Place, Tree, place_of, segments
from reconciler.twins.omn_core.performing import Action
from reconciler.twins.omn_core.replies import Detailed, Reply, told
from reconciler.twins.omn_core.stored_assets import StoredAssets

MOVING = "Error during moving: "
NOT_THERE = "The directory does not exist"
TO_WHERE = ("destinationDirTid", "destinationDirId", "destinationDirPath")
Echo = Mapping[str, str | None]


def addressed(call: Call, tree: Tree, action: Action) -> Directory:
    """The directory that an action is about. Raises NotDone."""
    if action.tid is not None:
        found, missing = tree.get(action.tid), unknown_directory(action.tid)
    elif action.id is not None:
        found, missing = tree.by_id(action.id), NOT_THERE
    else:
        found, missing = tree.by_path(action.path or ""), NOT_THERE
    if found is None:
        raise NotDone(missing, **action.echo)
    if call.caller.user in found.denied:
        raise NotDone(MOVING + "No access to source objects", **_echo(tree, found))
    return found


def _echo(tree: Tree, directory: Directory) -> Echo:
    return {"tid": directory.tid, "id": directory.id, "path": tree.path(directory)}


@dataclass(slots=True)
class Moves:
    """One call."""

    call: Call
    tree: Tree
    assets: StoredAssets

    def move(self, action: Action) -> Reply:
        directory = addressed(self.call, self.tree, action)
        echo, place = _echo(self.tree, directory), self._destination(action)
        self._check_outside(directory, place, echo)
        self._make_room(directory, place, action, echo)
        mishap = accident(self.call, directory.name, **echo)
        self._delay(directory)
        rnc, parent = place
        self.tree.put(replace(directory, rnc=rnc, parent=parent, modified=self.call.moment()))
        shown = {**echo, "path": None} if self.call.hard("OC-P28") else echo
        return marred(self._monitored(told("dir", "dir has been moved", "move", **shown)), mishap)

    def copy(self, action: Action) -> Reply:
        directory = addressed(self.call, self.tree, action)
        echo, place = _echo(self.tree, directory), self._destination(action)
        self._make_room(directory, place, action, echo)
        mishap = accident(self.call, directory.name, **echo)
        self._copy_branch(directory, place)
        return marred(self._monitored(told("dir", "dir has been copied", "copy", **echo)), mishap)

    def _destination(self, action: Action) -> Place:
        """Where to. Raises NotDone."""
        tid, key, path = (action.parameter(name) for name in TO_WHERE)
        if tid is None and key is None and path is not None:
            parts = segments(path)
            if len(parts) == 1 and parts[0] in self.call.table(Rnc):
                return parts[0], None
        found = self.tree.get(tid) if tid is not None else self._by(key, path)
        if found is None:
            raise NotDone(NOT_THERE, **action.echo)
        if self.call.caller.user in found.denied:
            source = addressed(self.call, self.tree, action)
            below = "".join(f"/{one.name}" for one in self.tree.chain(found))
            no_access = f"{MOVING}No access to destination object '{below}'"
            raise NotDone(no_access, **_echo(self.tree, source))
        return None, found.tid

    def _by(self, key: str | None, path: str | None) -> Directory | None:
        return self.tree.by_path(path or "") if key is None else self.tree.by_id(key)

    def _check_outside(self, directory: Directory, place: Place, echo: Echo) -> None:
        """Neither into itself, nor beneath, nor to where it is already. Raises NotDone."""
        above = self.tree.get(place[1]) if place[1] is not None else None
        if place == place_of(directory) or (above is not None and directory in self.tree.chain(above)):
            raise NotDone(INSIDE, **echo)

    def _make_room(self, directory: Directory, place: Place, action: Action, echo: Echo) -> None:
        """Nothing of the same name may be there, unless it is to be overwritten. Raises NotDone."""
        other = self.tree.named(place, directory.name)
        if other is None:
            return
        above = self.tree.chain(directory)
        if action.parameter("overwrite") != "true" or other in above:
            text = f"Collision during {action.type}. Collision dir name:'{directory.name}'"
            raise Detailed(text, {"collision": "true", "monitorId": self.call.new_id()}, **echo)
        self.assets.drop(self.tree.drop(other))

    def _delay(self, directory: Directory) -> None:
        """Lists go on to show it where it was, for so many reads."""
        reads = max(self.call.traffic.move_delay, int(self.call.hard("OC-P45")))
        if reads:
            self.call.traffic.moves[directory.tid] = Moved(directory.rnc, directory.parent, reads)

    def _copy_branch(self, directory: Directory, place: Place) -> None:
        copies: dict[str, str] = {}
        for one in [directory, *self.tree.branches((None, directory.tid))]:
            to = place if one is directory else (None, copies[one.parent or ""])
            copied = made(self.call, to, one.name, dict(one.vals or {}))
            self.tree.put(copied)
            self.assets.copy(one.tid, copied.tid)
            copies[one.tid] = copied.tid

    def _monitored(self, reply: Reply) -> Reply:
        return {**reply, "details": {"monitorId": self.call.new_id()}}


KIND: Kind[OmnRoute] = Kind(
    questions=(
        Knob(
            "OC-P28", "the path that a move echoes", "the new one of a keyword", "the old one, none of directories"
        ),
        Knob("OC-P45", "a list right after a move of a directory", "shows it there", "shows it at its old place"),
    )
)
