"""Who goes into which request, as values: what a schedule is made of, and what has to be chosen for one."""

from __future__ import annotations

from reconciler.model.record import Record, field
from reconciler.providers.omn_core.piece import Piece, Values


class Step(Record, frozen=True):
    """One thing in one request. `values`: what it is persisted with. `path`: where that leads to, as the paths
    are by then. `lies`: what it lies in then. `after`: steps that must have worked."""

    id: str
    piece: Piece
    values: Values = field(default_factory=dict)
    path: tuple[str, ...] = ()
    after: frozenset[str] = frozenset()
    lies: str = ""


class Schedule(Record, frozen=True):
    """The steps of each request, in their order. `sown`, `grown`, `late`: what is made by its path, before the
    moves, after them, and at the end. `values`: what those get besides, with `second` if nothing is `late`.
    `ahead`: what is `sown` goes before `first`, and its values along with that."""

    freeing: tuple[Step, ...] = ()
    first: tuple[Step, ...] = ()
    sown: tuple[Step, ...] = ()
    moves: tuple[Step, ...] = ()
    grown: tuple[Step, ...] = ()
    second: tuple[Step, ...] = ()
    late: tuple[Step, ...] = ()
    values: tuple[Step, ...] = ()
    deletes: tuple[Step, ...] = ()
    ahead: bool = False

    @property
    def cost(self) -> tuple[int, int]:
        """The requests of all that nothing holds, then of all."""
        return self._requests(free=True), self._requests(free=False)

    def _requests(self, *, free: bool) -> int:
        """A reading before the values counts as well: only that tells the ids."""

        def any_of(steps: tuple[Step, ...]) -> bool:
            return any(not free or not s.piece.change.holds for s in steps)

        paths = (self.sown, self.grown, self.late)
        parts = (self.freeing, self.first, *paths, self.moves, self.second, self.deletes)
        along = () if self.late else self.first if self.ahead else self.second
        values = any_of(self.values)
        return sum(map(any_of, parts)) + values + (values and not any_of(along))


class Choice(Record, frozen=True):
    """What has been decided so far: who waits for the second persist, who gets temporary values, who goes early.
    `patient`: whoever can wait until it has moved does, before anything is deleted early for it. `ahead`: as of a
    schedule."""

    waits: frozenset[str] = frozenset()
    aside: frozenset[str] = frozenset()
    early: frozenset[str] = frozenset()
    patient: bool = False
    ahead: bool = False


class Stuck(Exception):
    """This way does not lead through; `better` is the next to try."""

    def __init__(self, better: Choice) -> None:
        super().__init__()
        self.better = better
