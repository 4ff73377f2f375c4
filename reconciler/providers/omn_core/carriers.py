"""One request for many things of a tree, which ride along in it: what keywords and directories have in common."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterator, Sequence
from typing import ClassVar

from reconciler.model.kind import Kind
from reconciler.model.normalise import spoken
from reconciler.model.plan import Call, Effect, Phase
from reconciler.model.record import replace
from reconciler.providers.omn_core import carrying
from reconciler.providers.omn_core.batch import batches
from reconciler.providers.omn_core.forest import Forest
from reconciler.providers.omn_core.steps import Schedule, Step


class Writer(ABC):
    """The requests of a schedule. `most`: things in one request; `count`: requests so far. `persist`, `perform`:
    the endpoints; `box`: the container of what is persisted; `naming`: the attribute that says which live thing is
    meant; `word`: the data type of its actions."""

    persist: ClassVar[str]
    perform: ClassVar[str]
    box: ClassVar[str]
    naming: ClassVar[str]
    word: ClassVar[str]

    def __init__(self, kind: Kind, forest: Forest, plan: Schedule, most: int) -> None:
        self.kind, self.forest, self.plan, self.most = kind, forest, plan, most
        self.count = 0

    def requests(self, steps: Sequence[Step], path: str) -> Iterator[Call]:
        """Each batch: the request, and its riders."""
        for some in batches(steps, self.most):
            carrier = self.carrier(path, some[0])
            yield carrier
            riders = [replace(r, waits=self._relies(s)) for s in some for r in [self.rider(s, carrier)]]
            yield from riders
            yield from self.repairs(some, riders)

    def carrier(self, path: str, step: Step) -> Call:
        """One request for many."""
        self.count += 1
        word, box = ("persist", self.box) if path == self.persist else ("perform", carrying.ACTIONS)
        target = step.piece.change.address.target
        return carrying.carrier(self.kind, target, self.count, path, f"{word} {self._plural}", box=box)

    @property
    def _plural(self) -> str:
        name = self.kind.name
        return f"{name[:-1]}ies" if name.endswith("y") else f"{name}s"

    def rider(self, step: Step, carrier: Call) -> Call:
        """What goes along for one step; its word is the end of the step's id."""
        word = step.id.rpartition("#")[2]
        common = Call(
            id=step.id,
            target=carrier.target,
            kind=carrier.kind,
            address=step.piece.change.address,
            method="POST",
            path=carrier.path,
            phase=Phase.UPDATE,
            media="xml",
            after=step.after,
            carrier=carrier.id,
            verify=word != "aside",
            live_id=step.piece.change.live.id if step.piece.change.live else None,
        )
        if word in ("free", "delete"):
            return self._delete(common, step)
        if word == "move":
            return self.move(common, step)
        return self.written(common, step)

    def _relies(self, step: Step) -> frozenset[str]:
        """The moves into new things that are named by a path which this step is to change afterwards."""
        if step.piece.created or all(step is not other for other in self.plan.second):
            return frozenset()
        into_new = (m for m in self.plan.moves if m.piece.into.startswith("$") and m.piece is not step.piece)
        return frozenset(m.id for m in into_new if step.piece in self.forest.above(m.piece))

    def _delete(self, common: Call, step: Step) -> Call:
        """After everything beneath it has gone or moved out, whatever the delete would do to that (OC-R28,
        OC-R116)."""
        leaving = self.forest.leaving(step.piece)
        live = step.piece.change.live
        there = live.contents.get("children") if live else None
        stays = there is None or there > sum(p.out_of == step.piece.name for p in leaving)
        path = spoken(live.key) if live else ""
        return replace(
            common,
            phase=Phase.DELETE,
            args={"beneath": {"$id": f"a {self.kind.name.lower()} beneath {path}"}} if stays else {},
            after=common.after | {f"{p.change.address}#move" for p in leaving if p.moved},
            body={"dataType": self.word, self.naming: step.piece.name, "type": "delete"},
            summary=f"delete {self.kind.name} {path}",
            effect=Effect(gone=True),
        )

    @abstractmethod
    def written(self, common: Call, step: Step) -> Call:
        """What makes or changes one."""

    @abstractmethod
    def move(self, common: Call, step: Step) -> Call:
        """What takes one to another place."""

    def repairs(self, steps: Sequence[Step], riders: Sequence[Call]) -> Iterator[Call]:  # noqa: ARG002 - of some kinds
        """What is sent where riders are refused: nothing, unless the kind knows better."""
        yield from ()
