"""One small world: what was live, what a plan did with it, and whether fewer calls would have done."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Final

from reconciler.model.change import UNKNOWN_PAST
from reconciler.model.outcome import End, Report
from reconciler.model.plan import Plan, Role
from reconciler.twins import Twin
from reconciler.twins.core.values import Answer, Request
from reconciler.workflow import Override
from reconciler.workflow.binding import released
from tests.laws.small_twins import Board, Key, Node, Sent, heard
from tests.world import World

MOST: Final = 5
"""Calls of a plan that is looked at."""
STATES: Final = 6_000
"""Calls that one search performs: a world that takes more is too large."""


@dataclass(frozen=True, slots=True)
class Rules:
    """What the search may do: the calls in a state, at least how many are left, what a call costs, and whether the
    rules of order let it be sent by then."""

    moves: Callable[[Node], Iterable[Sent]]
    far: Callable[[Board, Node, Node], int]
    cost: Callable[[Node, Sent, Node], int]
    allowed: Callable[[Node, Sent], bool]


@dataclass(frozen=True, slots=True)
class Done:
    """A plan that was carried out. `calls`: its writes as they were sent, without the looks between them."""

    plan: Plan
    report: Report
    calls: tuple[Sent, ...]
    start: Node
    goal: Node

    @property
    def clean(self) -> bool:
        """Whether all that differs was sent, and all was done at the first go."""
        held = any(h.rule != UNKNOWN_PAST for a in self.plan.actions for h in a.holds) or bool(self.plan.held)
        ends = {o.end for o in self.report.outcomes}
        return not held and ends <= {End.DONE, End.UNNEEDED}


@dataclass(frozen=True, slots=True)
class Verdict:
    """`end`: `fewest`, `shorter`, `too large`, or why there is nothing to look at. `shorter`: calls that do it."""

    end: str
    calls: int = 0
    states: int = 0
    shorter: tuple[Sent, ...] = ()


def carried_out(w: World, twin: Twin, plan: Plan) -> Done:
    told = len(plan.writes) == plan.bound or (plan.held and len(plan.writes) > plan.bound)
    assert told, "what the plan takes is not what its formula says"
    counters, clock = twin.counters.dump(), twin.clock.now()
    start = Node(twin.state.copy(), counters)
    new = [Override(h.rule, a.address, "new") for a in plan.actions for h in a.holds if h.rule == UNKNOWN_PAST]
    with heard(twin) as exchanged:
        report = w.apply(plan, *new)
    goal = Node(twin.state.copy(), twin.counters.dump())
    twin.clock.set(clock)
    found = tuple(_sent(twin, request) for request, answer in exchanged if _writes(twin, request, answer))
    return Done(released(plan, new), report, found, start, goal)


def _writes(twin: Twin, request: Request, answer: Answer) -> bool:
    return twin.is_write(request) and answer.ok


def _sent(twin: Twin, request: Request) -> Sent:
    query = f"?{request.query}" if request.query else ""
    path = request.path.removeprefix(twin.base_path) + query
    return Sent(request.method, path, request.body, request.headers.get("content-type", "application/json"))


def counted(plan: Plan, *, looks: bool) -> int:
    """The calls of a plan that can be compared: lists and previews between the writes change nothing, and are left
    out on both sides; `looks`: those at what a write has done are counted on both."""
    writes = [c for c in plan.writes if c.role not in (Role.FIND, Role.GATE)]
    return sum(looks or c.method != "GET" for c in writes)


def judged(board: Board, done: Done, rules: Rules, *, blind: bool = False, looks: bool = False) -> Verdict:
    """Is there a way with fewer calls? `blind`: the plan sends what nobody can read; a call of it that changes
    nothing, or is refused because it is so already, could not be left out."""
    count = counted(done.plan, looks=looks)
    if not done.clean:
        return Verdict("held or refused")
    if not count:
        return Verdict("nothing to write")
    if count > MOST:
        return Verdict("too large", count)
    board.performed = 0
    aim = board.key(done.goal)
    way = repeated(board, done, aim, rules.allowed)
    keys = [board.key(node) for node in way]
    refused = max(counted(done.plan, looks=False) - len(done.calls), 0)
    idle = sum(one == after for one, after in pairwise(keys)) + refused if blind else 0
    try:
        found = _search(board, done, rules, aim, count - idle - 1)
    except TooLarge:
        return Verdict("too large", count, board.performed)
    return Verdict("shorter" if found is not None else "fewest", count, board.performed, found or ())


class TooLarge(Exception):
    """More states than are looked at."""


class Unlike(AssertionError):
    """The plan's own calls, sent again from the same start, lead somewhere else, or are none that the search may
    send: nothing can be compared."""


def repeated(board: Board, done: Done, aim: Key, allowed: Callable[[Node, Sent], bool]) -> list[Node]:
    """The states on the plan's own way."""
    way = [done.start]
    for call in done.calls:
        if not allowed(way[-1], call):
            raise Unlike(f"the rules of order forbid {call}")
        way.append(board.after(way[-1], call)[0])
    if board.key(way[-1]) != aim:
        raise Unlike(sorted(board.key(way[-1]) ^ aim))
    return way


Layer = dict[Key, tuple[Node, tuple[Sent, ...]]]


def _search(board: Board, done: Done, rules: Rules, aim: Key, most: int) -> tuple[Sent, ...] | None:
    """Cost by cost: the calls of the cheapest way, if it costs `most` at most."""
    layers: list[Layer] = [{} for _ in range(most + 3)]
    layers[0][board.key(done.start)] = done.start, ()
    seen: set[Key] = set()
    for calls in range(most + 1):
        layer = {key: found for key, found in layers[calls].items() if key not in seen}
        if aim in layer:
            return layer[aim][1]
        seen |= layer.keys()
        for node, way in layer.values():
            left = rules.far(board, node, done.goal)
            for call, after in _ahead(board, node, rules) if left <= most - calls else ():
                key, cost = board.key(after), rules.cost(node, call, after)
                if key not in seen and calls + cost <= most:
                    assert rules.far(board, after, done.goal) >= left - cost, f"as good as two calls: {call}"
                    layers[calls + cost].setdefault(key, (after, (*way, call)))
    return None


def _ahead(board: Board, node: Node, rules: Rules) -> Iterator[tuple[Sent, Node]]:
    for call in (c for c in dict.fromkeys(rules.moves(node)) if rules.allowed(node, c)):
        after, answer = board.after(node, call)
        if board.performed > STATES:
            raise TooLarge
        if answer.ok:
            yield call, after


def in_words(calls: Sequence[Sent]) -> str:
    return "; ".join(map(str, calls))
