"""A few projects as the API keeps them, as a value: what each call does, and the cheapest way to a goal."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import chain, combinations, product
from typing import NamedTuple, TypeAlias

SAYABLE = ("PIPELINE", "ACTIVE", "ON_HOLD")
"""The statuses that a cell can say."""


class Job(NamedTuple):
    """`outputs`: how many deliverables it has. `known`: whether anybody has been told its id."""

    name: str
    code: str | None
    status: str
    outputs: int
    known: bool = True


State: TypeAlias = "tuple[Job | None, ...]"
"""One place per job number; None: there is no such project."""


class Row(NamedTuple):
    """Blank cells are None."""

    name: str
    status: str | None = None
    outputs: int | None = None


class Wanted(NamedTuple):
    """What a document says; None: nothing."""

    name: str
    code: str | None = None
    status: str | None = None
    outputs: int | None = None


def patch(state: State, place: int, fields: Mapping[str, str]) -> State | None:
    """None where it is refused, or where nobody knows the id."""
    job = state[place]
    return _with(state, place, job._replace(**fields)) if job is not None and job.known else None  # type: ignore[arg-type]


def post(state: State, place: int, name: str, code: str, status: str | None) -> State | None:
    """A project without deliverables; what a second one of its number would be, nobody wants to know (ST-P10)."""
    return _with(state, place, Job(name, code, status or "PIPELINE", 0)) if state[place] is None else None


def delete(state: State, place: int) -> State | None:
    job = state[place]
    return _with(state, place, None) if job is not None and job.known else None


def listed(state: State) -> State:
    """From now on every id is known."""
    return tuple(job._replace(known=True) if job else None for job in state)


def committed(state: State, rows: Mapping[int, Row]) -> State | None:
    """What a workbook makes of it: filled cells overwrite, a new project has no code and its id is not told. None
    where a new one has a blank `# of outputs`: what that makes is not documented (ST-R45)."""
    for place, row in rows.items():
        job = state[place]
        if job is not None:
            state = _with(state, place, job._replace(name=row.name, status=row.status or job.status))
        elif row.outputs is None:
            return None
        else:
            state = _with(state, place, Job(row.name, None, row.status or "PIPELINE", row.outputs, known=False))
    return state


def _with(state: State, place: int, job: Job | None) -> State:
    return (*state[:place], job, *state[place + 1 :])


@dataclass(frozen=True, slots=True)
class Goal:
    """`wanted`: place -> what is declared; `gone`: places that shall be empty. All else shall be as it was."""

    start: State
    wanted: Mapping[int, Wanted]
    gone: frozenset[int]

    def reached(self, state: State) -> bool:
        return all(self._right(place, job) for place, job in enumerate(state))

    def _right(self, place: int, job: Job | None) -> bool:
        before = self.start[place]
        if place in self.gone or job is None:
            return job is None and (place in self.gone or (before is None and place not in self.wanted))
        wanted = self.wanted.get(place)
        if wanted is None:
            return job == before
        made = wanted.outputs if wanted.outputs is not None else 0
        said = Job(
            wanted.name,
            wanted.code or (before.code if before else job.code),
            wanted.status or (before.status if before else "PIPELINE"),
            before.outputs if before else made,
        )
        return job._replace(known=True) == said

    def moves(self, state: State) -> Iterator[tuple[int, State]]:
        """(calls, where they lead) of everything the API allows, with values of the goal. A preview changes
        nothing, so it may as well stand right before its commit: the two are one step of two calls."""
        for place, job in enumerate(state):
            wanted = self.wanted.get(place)
            found = [delete(state, place)]
            if wanted is not None and job is not None:
                found += [patch(state, place, fields) for fields in _some(wanted)]
            elif wanted is not None:
                found += [post(state, place, wanted.name, wanted.code or "X-1", s) for s in {None, wanted.status}]
            yield from ((1, after) for after in found if after is not None)
        yield 1, listed(state)
        places = sorted(self.wanted)
        for chosen in product(*(_rows(self.wanted[p], state[p]) for p in places)):
            rows = {p: row for p, row in zip(places, chosen, strict=True) if row is not None}
            after = committed(state, rows) if rows else None
            if after is not None:
                yield 2, after


def _some(wanted: Wanted) -> Iterator[dict[str, str]]:
    fields = {n: v for n in ("name", "code", "status") if isinstance(v := getattr(wanted, n), str)}
    for names in chain.from_iterable(combinations(fields, n) for n in range(1, len(fields) + 1)):
        yield {n: fields[n] for n in names}


def _rows(wanted: Wanted, job: Job | None) -> Iterator[Row | None]:
    """No row, and every row there can be."""
    yield None
    status = {None, wanted.status if wanted.status in SAYABLE else None}
    names = {wanted.name, *([job.name] if job else [])}
    for name, said in product(sorted(names), sorted(status, key=str)):
        yield Row(name, said, wanted.outputs)


def cheapest(goal: Goal, most: int) -> int | None:
    """The least number of calls that lead to the goal, None if it takes more than `most`; no state is left out."""
    layers: dict[int, set[State]] = {0: {goal.start}}
    seen: set[State] = set()
    for calls in range(most + 1):
        layer = layers.get(calls, set()) - seen
        if any(goal.reached(state) for state in layer):
            return calls
        seen |= layer
        for state in layer:
            for cost, after in goal.moves(state):
                if after not in seen and calls + cost <= most:
                    layers.setdefault(calls + cost, set()).add(after)
    return None
