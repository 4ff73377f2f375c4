"""A thing that is deleted and made anew stays until all that its second half mentions is there."""

from __future__ import annotations

from typing import Any

import pytest

from reconciler.model.plan import Call, Phase, Role
from reconciler.model.record import replace
from reconciler.plan.edges import replaced_late
from tests.unit.plan.samples import call

GONE = call("gone", Phase.DELETE)
ANEW = call("anew", Phase.CREATE, after=frozenset({"gone"}))
MADE = call("made", Phase.CREATE, name="made")


def waits_for(*others: Call, mentioned: tuple[str, ...] = ("made",), gone: Call = GONE, anew: Call = ANEW) -> Any:
    """What the delete comes after, once the second half has come to mention these."""
    late = replace(anew, after=anew.after | {*mentioned})
    found = {c.id: c for c in replaced_late([gone, late, *others], [gone, anew, *others])}
    assert {i: c for i, c in found.items() if i != gone.id} == {c.id: c for c in (late, *others)}
    return found[gone.id].after


def test_the_delete_comes_after_what_the_new_thing_mentions() -> None:
    other = call("other", Phase.CREATE, name="other")

    assert waits_for(MADE) == {"made"}
    assert waits_for(MADE, other, mentioned=("made", "other")) == {"made", "other"}
    assert waits_for(MADE, gone=replace(GONE, after=frozenset({"child"}))) == {"made", "child"}


def test_without_a_mention_nothing_changes() -> None:
    assert waits_for(MADE, mentioned=()) == frozenset()


def test_what_the_second_half_came_after_before_is_no_mention() -> None:
    needs = replace(ANEW, after=frozenset({"gone", "made"}))

    assert waits_for(MADE, anew=needs, mentioned=("made",)) == frozenset()


def test_a_delete_of_another_thing_goes_when_it_went() -> None:
    """It frees the name that the new thing takes."""
    assert waits_for(MADE, gone=replace(GONE, address=MADE.address)) == frozenset()


def test_a_write_to_the_same_thing_is_no_first_half() -> None:
    assert waits_for(MADE, gone=replace(GONE, phase=Phase.UPDATE)) == frozenset()


def test_what_the_second_half_comes_after_may_be_missing() -> None:
    assert waits_for(MADE, anew=replace(ANEW, after=frozenset({"gone", "9"}))) == {"made"}


@pytest.mark.parametrize("edge", ["after", "waits", "follows"])
def test_what_comes_after_the_delete_itself_is_not_waited_for(edge: str) -> None:
    """Directly or not: both would wait for each other."""
    late: dict[str, Any] = {edge: frozenset({"gone"})}
    later: dict[str, Any] = {edge: frozenset({"between"})}
    behind, further = replace(MADE, **late), replace(MADE, **later)
    between = call("between", name="between", **late)

    assert waits_for(behind) == frozenset()
    assert waits_for(further, between) == frozenset()


def test_of_several_only_those_that_come_after_it_are_not_waited_for() -> None:
    behind = call("behind", Phase.CREATE, name="behind", after=frozenset({"gone"}))

    assert waits_for(MADE, behind, mentioned=("made", "behind")) == {"made"}


BATCH = call("batch", name="(batch)", body={"rows": [{"$riders": "batch"}]})


def test_what_goes_in_one_request_with_the_delete_is_not_waited_for() -> None:
    aboard = replace(GONE, carrier="batch")

    assert waits_for(replace(MADE, carrier="batch"), BATCH, gone=aboard) == frozenset()
    assert waits_for(replace(MADE, after=frozenset({"batch"})), BATCH, gone=aboard) == frozenset()
    assert waits_for(MADE, BATCH, gone=aboard) == {"made"}


def test_what_goes_in_a_request_that_comes_after_the_delete_is_not_waited_for() -> None:
    later = replace(BATCH, after=frozenset({"gone"}))

    assert waits_for(replace(MADE, carrier="batch"), later) == frozenset()
    assert waits_for(replace(MADE, carrier="batch"), BATCH) == {"made"}


def test_what_comes_after_the_preview_of_a_delete_is_not_waited_for() -> None:
    """The preview speaks of all that the request carries, and so comes after it."""
    preview = replace(BATCH, id="preview", role=Role.GATE)
    behind = replace(MADE, after=frozenset({"preview"}))

    assert waits_for(behind, preview, BATCH, gone=replace(GONE, carrier="batch")) == frozenset()


def test_a_circle_among_others_is_no_reason_to_go_round_for_ever() -> None:
    ring = [call("x", name="x", after=frozenset({"y"})), call("y", name="y", after=frozenset({"x"}))]

    assert waits_for(replace(MADE, after=frozenset({"x"})), *ring) == {"made"}
