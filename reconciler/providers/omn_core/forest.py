"""All things of a tree in a plan together: who stands where, and whose path another one's change touches."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from reconciler.model.record import Record, field
from reconciler.providers.omn_core.piece import Piece, Slot, beneath, slots


class Forest(Record):
    """`pieces`: every one the plan knows and nothing holds for good, also those it leaves as they are.
    `foreign`: values in the way of a move that somebody has whom the plan does not touch. `awaited`: new ones
    that something is moved into, or beneath. `planted`: new ones that are made by their path alone, in a request
    of their own after what is persisted, since nothing persisted can name what is above them (OC-R110)."""

    pieces: Sequence[Piece]
    planted: frozenset[str] = frozenset()
    by_name: dict[str, Piece] = field(default_factory=dict)
    by_path: dict[tuple[str, ...], Piece] = field(default_factory=dict)
    by_old_path: dict[tuple[str, ...], Piece] = field(default_factory=dict)
    foreign: set[Slot] = field(default_factory=set)
    awaited: set[str] = field(default_factory=set)
    entered: set[str] = field(default_factory=set)
    children: dict[str, list[Piece]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for one in self.pieces:
            self.by_name[one.name] = one
            self.foreign |= one.foreign
            if not one.doomed:
                self.by_path[one.path] = one
            if not one.created:
                self.by_old_path[one.old_path] = one
                self.children.setdefault(one.out_of, []).append(one)
            if one.created or one.moved:
                self.entered.add(one.into)
        for one in self.pieces:
            self.awaited |= {a.name for a in self.above(one) if a.created} if one.moved else set()

    @property
    def persisted(self) -> list[Piece]:
        """What is made or changed by persisting it."""
        return [p for p in self.pieces if (p.created and p.name not in self.planted) or p.spoken]

    @property
    def sown(self) -> list[Piece]:
        """What is made by its path."""
        return [p for p in self.pieces if p.name in self.planted]

    @property
    def later(self) -> list[Piece]:
        """What is made by its path and has more to be written, once its id is known."""
        return [p for p in self.sown if p.more]

    def above(self, one: Piece) -> Iterator[Piece]:
        """The declared keywords that it is to stand under, the root first."""
        for n in range(1, len(one.path)):
            if (found := self.by_path.get(one.path[:n])) is not None:
                yield found

    def old_place(self, path: Sequence[str]) -> tuple[str, ...]:
        """Where the keywords of a path stand as yet; what is new among them, under what is live."""
        n, there = self._anchor(path)
        return (*there, *path[n:])

    def _anchor(self, path: Sequence[str]) -> tuple[int, tuple[str, ...]]:
        """How many names of a path lead to the last live keyword that is declared on it, and where that stands."""
        for n in range(len(path), 0, -1):
            found = self.by_path.get(tuple(path[:n]))
            if found is not None and not found.created:
                return n, found.old_path
        return 0, ()

    def renamed_above(self, one: Piece) -> list[Piece]:
        """The live ones above a new one, as they stand now, that get another unlocalized value."""
        _, old = self._anchor(one.path[:-1])
        found = (self.by_old_path.get(old[:n]) for n in range(1, len(old) + 1))
        return [p for p in found if p is not None and p.renamed]

    def first(self, one: Piece) -> list[Piece]:
        """What has to be moved before this one is: what it would else be moved beneath itself with, and whatever
        gives the path of a new parent its last form."""
        moving = [p for p in self.above(one) if p.moved]
        return moving if one.into.startswith("$") else [p for p in moving if beneath(p.old_path, one.old_path)]

    def inside(self, doomed: Piece) -> Iterator[Piece]:
        """The keywords of the plan that lie beneath it as yet."""
        waiting = [*self.children.get(doomed.name, ())]
        while waiting:
            one = waiting.pop()
            yield one
            waiting += self.children.get(one.name, ())

    def untouched(self, doomed: Piece) -> bool:
        """Whether nothing of the plan but deletes concerns its branch (OC-R31)."""
        inside = [*self.inside(doomed)]
        names = {doomed.name, *(p.name for p in inside)}
        return all(p.doomed for p in inside) and not names & self.entered

    def branch(self, doomed: Piece) -> list[Piece]:
        """What goes with it, the deepest first."""
        found = [doomed, *(p for p in self.inside(doomed) if p.doomed)]
        return sorted(found, key=lambda p: (-len(p.old_path), p.change.address))

    def leaving(self, doomed: Piece) -> list[Piece]:
        """What is moved out of its branch, and what in it is deleted as well."""
        return [p for p in self.inside(doomed) if p.moved or p.doomed]

    def contested(self, one: Piece) -> list[str]:
        """The locales in which somebody else takes a value that this one has, or has the one it would bring
        along."""
        others = [p for p in self.pieces if p is not one]
        takes = {s for p in others for s in taken(p)}
        holds = self.foreign.union(*(slots(p.out_of, p.was) | slots(p.into, p.will) for p in others))
        brought = {s for p in others if p.moved for s in slots(p.into, p.was)}
        brings = {locale: (one.into, locale, value) for locale, value in one.was.items()}
        return sorted(
            locale
            for locale, value in one.was.items()
            if (one.out_of, locale, value) in takes | brought or (one.moved and brings[locale] in holds | brought)
        )


def taken(one: Piece) -> set[Slot]:
    """The values it takes that it has not had, on the way too: by a rename before its move."""
    passing = slots(one.out_of, one.will) if one.spoken and one.moved else set()
    return (slots(one.into, one.will) | passing) - slots(one.out_of, one.was) if not one.doomed else set()
