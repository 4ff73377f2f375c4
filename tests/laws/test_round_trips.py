"""Every property of every schema there and back, over HTTP, with the far end's own state as the judge.

What each step costs, and what holds it, stands in the table of every kind and is checked by its tests, which also
find a property that is not in it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import pytest

from reconciler.model.json import Json
from tests.contract.every_git import Git, applied, brought_about, planned, settled
from tests.contract.every_kind import TABLES
from tests.contract.every_row import Row, Table, put
from tests.contract.test_every_kind import required, said, writable
from tests.laws.pair_grounds import Ground, Grounds, grounds
from tests.laws.pair_values import drawn_kinds
from tests.laws.round_trips import Says, apart, held_texts, shown_texts, state_of, walk_of, words_of
from tests.world import catalog

ROWS = [pytest.param(t, r, id=words_of(t, r)) for t in TABLES for r in t.rows]


@pytest.fixture(scope="module")
def stand() -> Iterator[Grounds]:
    with grounds("http") as made:
        yield made


@pytest.fixture(autouse=True)
def _no_repository(monkeypatch: pytest.MonkeyPatch) -> None:
    """The files of these tests lie in no repository: nobody asks git for their commit."""
    monkeypatch.setattr("reconciler.load.git.commit", lambda *_: None)


def begun(stand: Grounds, table: Table) -> tuple[Ground, Git]:
    ground = stand.of(table, "plain")
    return ground, Git(ground.begin(catalog()), table, "plain")


def bare_spec(table: Table, row: Row) -> Mapping[str, Any]:
    """The least document in which the row's property is left out, where that is possible."""
    spec = {**table.spec, **row.more}
    return spec if row.needed or required(table, row.path) else put(table, spec, row.path, row.begins)


@pytest.mark.parametrize(("table", "row"), ROWS)
def test_a_property_there_and_back(stand: Grounds, table: Table, row: Row) -> None:
    """Value, other value, cleared, left out; then once more: the far end holds what is declared, each time the
    same, and nothing is left of what was declared before."""
    ground, git = begun(stand, table)
    bare = bare_spec(table, row)
    brought_about(git, said(row, bare), *row.beside)
    walk, empty = walk_of(row), state_of(ground)
    first = [said_by(ground, git, row, one) for one in walk.values]
    for one, state in zip(walk.values, first, strict=True):
        holds_it(git, row, one.value, empty, state)
    if len(walk.values) > 1:
        again = [said_by(ground, git, row, one) for one in walk.values]
        assert apart(first[-1], again[-1]) == []
    for nothing in walk.clears:
        state = said_by(ground, git, row, nothing)
        if nothing.sends:  # else the row's rule says that it stays, and the plan that it is left in place
            forgotten(git, row, walk.values, empty, state)
    for nothing in walk.leaves[-1:]:
        left_out(ground, git, row, nothing)


def spec_of(git: Git, row: Row, one: Says) -> Mapping[str, Any]:
    return put(git.table, {**git.table.spec, **one.more}, row.path, one.value)


def said_by(ground: Ground, git: Git, row: Row, one: Says) -> Json:
    """Declare one value, carry it out, and what the far end holds then."""
    deed = applied(git, planned(git, git.says(said(row, spec_of(git, row, one)), *row.beside)))
    assert deed.ends <= {"done"}, deed.report.outcomes
    settled(git)
    return state_of(ground)


def holds_it(git: Git, row: Row, value: Any, empty: Json, state: Json) -> None:
    """Its texts are in the far end: more of them than before, or as they were."""
    before, now = held_texts(empty), held_texts(state)
    for text in shown_texts(git, catalog(), row, value):
        assert now[text] > before[text] or before[text], f"{row.path}: {text!r} is nowhere in the far end"


def forgotten(git: Git, row: Row, values: Sequence[Says], empty: Json, state: Json) -> None:
    before, now = held_texts(empty), held_texts(state)
    for one in values:
        for text in shown_texts(git, catalog(), row, one.value):
            assert now[text] <= before[text], f"{row.path} is cleared, and {text!r} still in the far end"


def left_out(ground: Ground, git: Git, row: Row, nothing: Says) -> None:
    """What is left out and sends nothing changes nothing by itself either, stamps included."""
    before = ground.twin.digest()
    plan = planned(git, git.says(said(row, spec_of(git, row, nothing)), *row.beside))
    deed = applied(git, plan)
    assert plan.writes or ground.twin.digest() == before
    assert deed.ends <= {"done"}
    settled(git)


@pytest.mark.parametrize("at", sorted(drawn_kinds()), ids="/".join)
def test_no_property_of_a_schema_is_left_out(at: tuple[str, str]) -> None:
    kind = drawn_kinds()[at]
    table = next(t for t in TABLES if t.at == at)

    assert {path for path, *_ in writable(kind.schema)} - {kind.key} <= {row.path for row in table.rows}
