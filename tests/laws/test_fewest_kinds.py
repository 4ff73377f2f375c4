"""The fewest calls, for every kind: on small random worlds nothing is shorter than the plan.

The long form: `python -m tests.laws.fewest --kind PROVIDER/KIND --worlds N --seed S`.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator, Sequence
from importlib.util import find_spec

import pytest

from reconciler.model.catalog import Bound, Calls, Catalog
from reconciler.model.change import Change
from reconciler.model.kind import Kind
from reconciler.model.plan import Call
from reconciler.model.record import replace
from tests.contract.peos import product
from tests.laws.fewest import lines, main
from tests.laws.pair_grounds import Grounds, grounds
from tests.laws.pair_values import choices, drawn_kinds
from tests.laws.small_campaign import SCENES, worlds
from tests.laws.small_kinds import ALONE, BY_VALUE
from tests.laws.small_scenes import At
from tests.laws.small_trials import Unlike, carried_out, repeated
from tests.laws.small_twins import Board
from tests.world import catalog

WORLDS = 12
SEED = 1
LEAST = {("omg-platform", "User"): 1}
"""Plans looked at of a kind, at least; else 5. Most of what is drawn of these is nobody's, or so already."""
MAILS, PEOS = ("omni-analytics", "EmailOnlyUser"), ("omn-core", "Peo")


@pytest.fixture(scope="module")
def stand() -> Iterator[Grounds]:
    with grounds("process") as found:
        yield found


def test_every_kind_is_searched_or_excused_with_a_reason() -> None:
    assert drawn_kinds().keys() == SCENES.keys() | BY_VALUE.keys() | ALONE.keys()
    assert not (SCENES.keys() | BY_VALUE.keys()) & ALONE.keys()
    assert all(find_spec(f"tests.laws.{module}") for module in BY_VALUE.values())
    assert all(reason.endswith(")") for reason in ALONE.values()), "each names the rule that says so"


@pytest.mark.parametrize("at", sorted(drawn_kinds()), ids="/".join)
def test_no_way_is_shorter_than_the_plan(stand: Grounds, at: At) -> None:
    tally = worlds(stand, at, SEED, range(WORLDS))

    assert not tally.shorter, "\n".join(lines(at, tally))
    assert tally.searched >= LEAST.get(at, 5), "\n".join(lines(at, tally))
    longer = sum(n for calls, n in tally.lengths.items() if calls > 1)
    assert at not in SCENES.keys() - {MAILS} or longer, "of one call none is shorter but none at all"
    assert tally.ends["too large"] <= tally.searched / 5, "\n".join(lines(at, tally))


# The search finds what it is there for.


def wasteful(at: At, calls: Calls, bound: Bound) -> Catalog:
    """The catalog with other calls for one kind."""
    known = catalog()
    return replace(known, verbs={**known.verbs, at: replace(known.verbs[at], calls=calls, bound=bound)})


def test_people_sent_one_by_one_are_found_out(stand: Grounds) -> None:
    """A planner that makes a request for each of them, and a formula that says the same: together they are one."""
    verbs = catalog().verbs[MAILS]

    def one_by_one(kind: Kind, changes: Sequence[Change]) -> list[Call]:
        single = [verbs.calls(kind, [change]) for change in changes]
        return [_apart(call, n) for n, calls in enumerate(single) for call in calls]

    def many(kind: Kind, changes: Sequence[Change]) -> int:
        return sum(verbs.bound(kind, [change]) for change in changes)

    tally = worlds(stand, MAILS, SEED, range(0, WORLDS, 2), wasteful(MAILS, one_by_one, many))

    assert tally.shorter
    assert all(len(found.way) == 1 < len(found.plan) for found in tally.shorter)


def _apart(call: Call, n: int) -> Call:
    """The same call in, or as, a request of its own."""
    if call.carrier:
        return replace(call, carrier=f"{call.carrier}/{n}")
    own = f"{call.id}/{n}"
    return replace(call, id=own, body={"users": [{"$riders": own}]})


def test_a_call_for_nothing_is_found_out(stand: Grounds) -> None:
    """A planner that writes one thing twice, with a formula that says the same."""
    at = ("omni-analytics", "User")
    verbs = catalog().verbs[at]

    def twice(kind: Kind, changes: Sequence[Change]) -> list[Call]:
        found = [*verbs.calls(kind, changes)]
        again = [replace(c, id=f"{c.id}/again", after=c.after | {c.id}) for c in found if c.method == "PUT"]
        return [*found, *again]

    def many(kind: Kind, changes: Sequence[Change]) -> int:
        return verbs.bound(kind, changes) + sum(c.method == "PUT" for c in verbs.calls(kind, changes))

    tally = worlds(stand, at, SEED, range(WORLDS), wasteful(at, twice, many))

    assert tally.shorter
    assert all(len(found.way) < len(found.plan) for found in tally.shorter)


def test_things_persisted_one_by_one_are_found_out(stand: Grounds) -> None:
    """A planner of OMN Core that makes two requests of a batch, one thing each, with a formula that says so."""
    verbs = catalog().verbs[PEOS]

    def halved(kind: Kind, changes: Sequence[Change]) -> list[Call]:
        return [*_unbatched(verbs.calls(kind, changes))]

    def many(kind: Kind, changes: Sequence[Change]) -> int:
        return sum(not c.carrier for c in _unbatched(verbs.calls(kind, changes)))

    tally = worlds(stand, PEOS, SEED, range(0, WORLDS, 2), wasteful(PEOS, halved, many))

    assert tally.shorter
    assert all(len(found.way) < len(found.plan) for found in tally.shorter)
    assert any(len({*found.plan}) < len(found.plan) for found in tally.shorter)


def _unbatched(calls: Sequence[Call]) -> Iterator[Call]:
    """Every request once for each that rides along in it."""
    riders = Counter(call.carrier for call in calls)
    seen = Counter[str]()
    for call in calls:
        if call.carrier:
            seen[call.carrier] += 1
            yield replace(call, carrier=f"{call.carrier}/{seen[call.carrier]}")
        else:
            yield from (_under(call, f"{call.id}/{n}") for n in range(1, 1 + riders[call.id]))


def _under(call: Call, own: str) -> Call:
    """The same request under another name."""
    return replace(call, id=own, body=json.loads(json.dumps(call.body).replace(f'"{call.id}"', f'"{own}"')))


FOUND = (
    (("omn-core", "Product"), 9, 7),
    (("omn-core", "NodeAttribute"), 12, 11),
    (("omn-core", "Glossary"), 42, 6),
    (("omn-core", "Keyword"), 101, 60),
)
"""Worlds in which a plan once took a call too many: a place that is given at creation alone, an attribute made
anew where there was one, entries of two glossaries that went one after the other, a temporary value that nobody
needed before the second persist."""


@pytest.mark.parametrize(("at", "seed", "number"), FOUND)
def test_what_was_found_once_is_not_found_again(stand: Grounds, at: At, seed: int, number: int) -> None:
    tally = worlds(stand, at, seed, [number])

    assert not tally.shorter, "\n".join(lines(at, tally))
    assert tally.searched


def test_the_way_of_a_plan_is_one_that_the_search_could_take(stand: Grounds) -> None:
    """Rules of order that forbid what a plan does would hide every shorter way behind them."""
    ground = stand.of(choices(PEOS).table, "plain")
    w = ground.begin(catalog())
    SCENES[PEOS].begin(w)
    w.documents = [product("one", name="One")]
    done = carried_out(w, ground.twin, w.plan())
    board = Board(ground.twin, done.start)

    assert board.key(repeated(board, done, board.key(done.goal), lambda *_: True)[-1]) == board.key(done.goal)
    with pytest.raises(Unlike, match="the rules of order forbid POST /pim/products/persist"):
        repeated(board, done, board.key(done.goal), lambda *_: False)


def test_the_long_form_says_what_it_found(capsys: pytest.CaptureFixture[str]) -> None:
    ended = main(["--kind", "omni-analytics/EmailOnlyUser", "--worlds", "4", "--seed", "7"])

    said = capsys.readouterr().out
    assert ended == 0
    assert said.startswith("omni-analytics/EmailOnlyUser ")
    assert "0 shorter ways; too large: 0 (0.0 %); seed 7" in said
