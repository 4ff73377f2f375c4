"""Deleting, moving and copying directories, and making whole paths (OC-P35, OC-P47)."""

from __future__ import annotations

from dataclasses import dataclass

from reconciler.twins.core.kinds import Kind
from reconciler.twins.core.knobs import Knob
from reconciler.twins.core.values import Answer
from reconciler.twins.omn_core.answers import NotDone, accident, marred
from reconciler.twins.omn_core.call import Call, OmnRoute, Takes
from reconciler.twins.omn_core.dam_things import Directory, Rnc
from reconciler.twins.omn_core.dir_moves import Moves, addressed
from reconciler.twins.omn_core.dir_persist import SAVED, made, permissions_missing, unknown_rnc
from reconciler.twins.omn_core.directories import Place, Tree, segments
from reconciler.twins.omn_core.performing import Action, perform_each
from reconciler.twins.omn_core.replies import Reply, told
from reconciler.twins.omn_core.stored_assets import StoredAssets

PATH = "/dam/dirs/perform"
DELETED = "The directory has been deleted successfully"


def perform(call: Call) -> Answer:
    tree, assets = Tree(call.table(Directory)), StoredAssets.of(call)
    doing, moves = _Perform(call, tree, assets), Moves(call, tree, assets)
    does = {"delete": doing.delete, "createPath": doing.create_path, "move": moves.move, "copy": moves.copy}
    return perform_each(call, "dir", does)


@dataclass(slots=True)
class _Perform:
    """One call."""

    call: Call
    tree: Tree
    assets: StoredAssets

    def delete(self, action: Action) -> Reply:
        directory = addressed(self.call, self.tree, action)
        holds = self.tree.below((None, directory.tid)) or self.assets.within(directory.tid)
        if holds and self.call.hard("OC-P35"):
            raise NotDone(permissions_missing(directory.tid), tid=directory.tid)
        mishap = accident(self.call, directory.name, tid=directory.tid)
        self.call.moment()
        self.assets.drop(self.tree.drop(directory))
        return marred(told("dir", DELETED, "delete", tid=directory.tid), mishap)

    def create_path(self, action: Action) -> Reply:
        rnc, *names = segments(action.path or "") or [""]
        if rnc not in self.call.table(Rnc):
            raise NotDone(unknown_rnc(rnc), path=action.path)
        place, missing = self._reached((rnc, None), names, action)
        if not missing:
            if self.call.hard("OC-P47") and place[1] is not None:
                return told("dir", SAVED, "create", tid=place[1])
            raise NotDone(f"Directory with name '{(names or [rnc])[-1]}' already exists", path=action.path)
        mishap = accident(self.call, missing[-1], path=action.path)
        for name in missing:
            directory = made(self.call, place, name, {})
            self.tree.put(directory)
            place = (None, directory.tid)
        return marred(told("dir", SAVED, "create", tid=place[1]), mishap)

    def _reached(self, place: Place, names: list[str], action: Action) -> tuple[Place, list[str]]:
        """How far the path exists, and the names that it lacks. Raises NotDone."""
        for at, name in enumerate(names):
            found = self.tree.named(place, name)
            if found is None:
                return place, names[at:]
            if self.call.caller.user in found.denied:
                raise NotDone(permissions_missing(found.tid), path=action.path)
            place = (None, found.tid)
        return place, []


KIND: Kind[OmnRoute] = Kind(
    routes=(OmnRoute(method="POST", path=PATH, answer=perform, takes=Takes.DOCUMENT),),
    questions=(
        Knob("OC-P35", "deleting a directory with something in it", "all goes", "refused"),
        Knob("OC-P47", "createPath of a path that exists", "refused", "SUCCESS, with its tid"),
    ),
)
