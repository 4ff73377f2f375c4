"""One way to carry everything out, played through on the values as they are: who can go in which request, and what
to decide otherwise where somebody cannot."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence

from reconciler.model.record import replace
from reconciler.providers.omn_core.forest import Forest
from reconciler.providers.omn_core.piece import PLAIN, Piece, Slot, Values, slots, temporary
from reconciler.providers.omn_core.steps import Choice, Schedule, Step, Stuck

FOREIGN = "?"
"""The holder of a value that nobody in the plan lets go of."""


class Play:
    """One play-through of a choice. `forced`: who cannot go goes all the same, for the server to refuse it."""

    def __init__(self, forest: Forest, choice: Choice, *, forced: bool = False) -> None:
        self.forest, self.choice, self.forced = forest, choice, forced
        self.has = {p.name: dict(p.was) for p in forest.pieces}
        self.lies = {p.name: p.out_of for p in forest.pieces}
        self.holder: dict[Slot, str] = dict.fromkeys(forest.foreign, FOREIGN)
        self.freed: dict[Slot, str] = {}
        self.last: dict[str, str] = {}
        self.moved = self.waited = False
        for one in forest.pieces:
            self.holder.update(dict.fromkeys(slots(one.out_of, one.was), one.name))

    def schedule(self) -> Schedule:
        """Raises Stuck with a better choice."""
        pieces, waits, aside = self.forest.pieces, self.choice.waits, self.choice.aside
        written, planted, ahead = self.forest.persisted, self.forest.sown, self.choice.ahead
        freeing = [self._delete(p, "free") for p in self._doomed(early=True)]
        sowing = [p for p in planted if p.name not in waits]
        before = self._all(sowing, self._sow, self._sowing_needs) if ahead else []
        told = self._all_values()  # by a reading that comes before anything is persisted
        sooner = [p for p in pieces if p.name in aside - self._patient]
        opening = [self._persist(p, self._set_aside(p), "aside") for p in sooner]
        now = [p for p in written if p.name not in waits | aside]
        first = [*opening, *self._all(now, self._persisted, self._first_needs)]
        sown = before if ahead else self._all(sowing, self._sow, self._sowing_needs)
        self.moved = True
        moves = self._all([p for p in pieces if p.moved], self._move, self._move_needs)
        later = [p for p in written if p.name in waits]
        later += [p for p in pieces if p.name in aside - waits and not p.doomed]
        waiting = [p for p in planted if p.name in waits]
        grown = self._all(waiting, self._sow, self._sowing_needs) if self._can_grow(waiting, later) else []
        values = told if ahead else self._all_values()
        self.waited = True
        second = [self._persist(p, self._set_aside(p), "aside") for p in pieces if p.name in self._patient]
        second += self._all(later, self._persisted, self._second_needs)
        late = self._all([] if grown else waiting, self._sow, self._sowing_needs)
        if late:  # what is read then stands where it is to stand
            values = self._all_values()
        deletes = [self._delete(p, "delete") for p in self._doomed(early=False)]
        return Schedule(
            freeing=(*freeing,),
            first=(*first,),
            sown=(*sown,),
            moves=(*moves,),
            grown=(*grown,),
            second=(*second,),
            late=(*late,),
            values=(*values,),
            deletes=(*deletes,),
            ahead=ahead,
        )

    @property
    def _patient(self) -> frozenset[str]:
        """Who is to go, and gets temporary values in the second persist, where nobody needs its own before."""
        both = self.choice.aside & self.choice.waits
        return frozenset(p.name for p in self.forest.pieces if p.doomed and p.name in both)

    def _can_grow(self, waiting: Sequence[Piece], later: Sequence[Piece]) -> bool:
        """Whether what waits to be made by its path needs nothing that is persisted after the moves."""
        made = {p.name for p in later if p.created}
        return all(p.into not in made and self._held(slots(p.into, p.will), p) is None for p in waiting)

    def _doomed(self, *, early: bool) -> list[Piece]:
        found = [p for p in self.forest.pieces if p.doomed and (p.name in self.choice.early) is early]
        return sorted(found, key=lambda p: (-len(p.old_path), p.change.address))

    def _all(
        self,
        todo: list[Piece],
        step: Callable[[Piece], Step],
        needs: Callable[[Piece, set[str]], str | None],
    ) -> list[Step]:
        """Everybody who can go, until all have gone. Raises Stuck, or lets the rest wait."""
        done: list[Step] = []
        todo = sorted(todo, key=lambda p: (p.created, len(p.path), p.change.address))
        while todo:
            left = {p.name for p in todo}
            stay: list[Piece] = []
            for one in todo:
                if needs(one, left) is None:
                    done.append(step(one))
                    left.discard(one.name)
                else:
                    stay.append(one)
            if len(stay) == len(todo) and not self.forced:
                raise Stuck(self._better(stay, needs))
            if len(stay) == len(todo):
                done.append(step(stay.pop(0)))
            todo = stay
        return done

    def _first_needs(self, one: Piece, left: set[str]) -> str | None:
        """Whom a new or changed one has to wait for in the first persist: a parent, a path, a value."""
        if one.nested:
            named = [p.name for p in self._renaming(one)]
            if one.into in left | self.choice.waits or named:
                return next(iter(named), one.into)
        return self._held(slots(one.into if one.created else self.lies[one.name], one.will), one)

    def _sowing_needs(self, one: Piece, left: set[str]) -> str | None:
        """Whom one that is made by its path has to wait for: a parent, a value."""
        if one.nested and (one.into in left or (not self.moved and one.into in self.choice.waits)):
            return one.into
        return self._held(slots(one.into, one.will), one)

    def _renaming(self, one: Piece) -> list[Piece]:
        """The ones above a new one whose renaming in the first persist changes the path it is created under. What
        cannot wait goes along under their temporary values; what has a request of its own sees what became of
        them."""
        if one.name in self.forest.planted:
            return []
        done = self.choice.waits | (self.choice.aside if one.name in self.forest.awaited else frozenset())
        return [p for p in self.forest.renamed_above(one) if p.name not in done]

    def _second_needs(self, one: Piece, left: set[str]) -> str | None:
        """The same for the second: everything has moved by then."""
        if one.created:
            above = [p.name for p in self.forest.above(one) if p.name in left]
            if above:
                return above[-1]
        return self._held(slots(one.into, one.will), one)

    def _move_needs(self, one: Piece, left: set[str]) -> str | None:
        """Whom a move has to wait for: a new parent, what it must not end up beneath, a value."""
        if one.into in self.choice.waits:
            parent = self.forest.by_name[one.into]
            if parent.created:
                return one.into
        for other in self.forest.first(one):
            if other.name in left:
                return other.name
        return self._held(slots(one.into, self.has[one.name]), one)

    def _held(self, wanted: set[Slot], one: Piece) -> str | None:
        return next((h for s in sorted(wanted) if (h := self.holder.get(s)) not in (None, one.name)), None)

    def _persisted(self, one: Piece) -> Step:
        return self._persist(one, one.will, "persist")

    def _persist(self, one: Piece, values: Values, word: str) -> Step:
        return self._go(one, one.into if one.created else self.lies[one.name], values, word)

    def _sow(self, one: Piece) -> Step:
        return self._go(one, one.into, one.will, "create")

    def _all_values(self) -> list[Step]:
        """Of all that is made by its path by now, by the paths as they are now."""
        return [self._values(p) for p in self.forest.later if p.name in self.last]

    def _values(self, one: Piece) -> Step:
        step = f"{one.change.address}#values"
        return Step(step, one, dict(one.will), self._path(one), frozenset({self.last[one.name]} - {step}))

    def _move(self, one: Piece) -> Step:
        return self._go(one, one.into, self.has[one.name], "move")

    def _delete(self, one: Piece, word: str) -> Step:
        return self._go(one, one.out_of, {}, word)

    def _go(self, one: Piece, above: str, values: Values, word: str) -> Step:
        """The step, and what it leaves behind: who frees a value comes before who takes it."""
        step = f"{one.change.address}#{word}"
        had, takes = slots(self.lies[one.name], self.has[one.name]), slots(above, values)
        after = {self.freed[s] for s in takes - had if s in self.freed}
        after |= {self.last[n] for n in (one.name, *self._makes_way(one, above)) if n in self.last}
        for slot in had - takes:
            self.holder.pop(slot, None)
            self.freed[slot] = step
        self.holder.update(dict.fromkeys(takes, one.name))
        self.has[one.name], self.lies[one.name], self.last[one.name] = dict(values), above, step
        return Step(step, one, dict(values), self._path(one), frozenset(after - {step}), above)

    def _makes_way(self, one: Piece, above: str) -> Iterator[str]:
        """Whose steps so far a path or a move of this one relies on."""
        if above.startswith("$"):
            yield above
            yield from (p.name for p in self.forest.above(one) if p.renamed or p.moved)
        elif self.moved and one.moved:
            yield from (p.name for p in self.forest.first(one))

    def _path(self, one: Piece) -> tuple[str, ...]:
        """Where it stands now: moves change what lies above, renames the names on the way."""
        final = self.moved or not any(p.moved for p in self.forest.above(one))
        where, at = (one.path, self.forest.by_path) if final else (self._old(one), self.forest.by_old_path)
        names = []
        for n, name in enumerate(where, 1):
            there = at.get(where[:n])
            names.append(self.has[there.name].get(PLAIN, name) if there is not None else name)
        return (*names[:-1], self.has[one.name].get(PLAIN, where[-1]))

    def _old(self, one: Piece) -> tuple[str, ...]:
        return one.old_path or (*self.forest.old_place(one.path[:-1]), one.path[-1])

    def _set_aside(self, one: Piece) -> Values:
        contested = self.forest.contested(one)
        return {**one.was, **{locale: temporary(one, locale) for locale in contested}}

    def _better(self, stay: Sequence[Piece], needs: Callable[[Piece, set[str]], str | None]) -> Choice:
        """What to do about everybody who cannot go."""
        left = {p.name for p in stay}
        blocked = {p.name: str(needs(p, left)) for p in stay}
        doomed = [p for n in blocked.values() if (p := self.forest.by_name.get(n)) is not None and p.doomed]
        if doomed and (late := self._could_wait(stay, {p.name for p in doomed}, blocked)):
            return replace(self.choice, waits=self.choice.waits | late)
        if doomed:
            return self._without(doomed[0])
        waiting = {n for p in stay if (n := self._passing(p, blocked[p.name])) is not None}
        if not self.moved:
            awaited = self.forest.awaited
            waiting |= {n for n, other in blocked.items() if other not in left and n not in awaited}
            waiting |= {r.name for p in stay if p.name in awaited for r in self._renaming(p)}
        if waiting:
            return replace(self.choice, waits=self.choice.waits | waiting)
        return self._give_way(blocked)

    def _could_wait(self, stay: Sequence[Piece], doomed: set[str], blocked: Mapping[str, str]) -> set[str]:
        """Of a patient choice, whoever needs a value of something doomed only until it has moved."""
        if not self.choice.patient or self.moved:
            return set()
        return {p.name for p in stay if blocked[p.name] in doomed and p.moved and p.spoken}

    def _passing(self, one: Piece, other: str) -> str | None:
        """Whoever has a value that another one is to have, but only on its way to another place: it can move
        first."""
        there = self.forest.by_name.get(other)
        if there is None or not (there.spoken and there.moved) or other in self.choice.waits | self.choice.aside:
            return None
        takes = slots(one.into, self.has[one.name] if self.moved else one.will)
        return other if takes & (slots(there.out_of, there.will) - slots(there.out_of, there.was)) else None

    def _without(self, doomed: Piece) -> Choice:
        """A doomed one gives its value up by going early, or by a temporary one."""
        if self.forest.untouched(doomed):
            early = {p.name for p in self.forest.branch(doomed)}
            return replace(self.choice, early=self.choice.early | early)
        waits = self.choice.waits | {doomed.name} if self.waited else self.choice.waits - {doomed.name}
        return replace(self.choice, aside=self.choice.aside | {doomed.name}, waits=waits)

    def _give_way(self, blocked: dict[str, str]) -> Choice:
        """The live one that somebody waits for gets temporary values; where that one is where it belongs, or
        has them already, whoever waits for it does. The same choice where nobody can."""
        for start in sorted(blocked):
            trail: list[str] = []
            here = start
            while here in blocked and here not in trail:
                trail.append(here)
                here = blocked[here]
            for name in (here, *reversed(trail)):
                one = self.forest.by_name.get(name)
                if one is not None and one.name not in self.choice.aside and self._can_step_aside(one):
                    return replace(
                        self.choice, aside=self.choice.aside | {one.name}, waits=self.choice.waits - {one.name}
                    )
        return self.choice

    def _can_step_aside(self, one: Piece) -> bool:
        return not one.created and (one.spoken or one.moved) and bool(self.forest.contested(one))
