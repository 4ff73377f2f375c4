"""What many calls wait for in common stands in a plan once, and is the same when it is read again."""

from __future__ import annotations

import json

import pytest

from reconciler.model.common_sets import AT_LEAST, common_sets
from reconciler.model.plan import Phase, Plan
from reconciler.model.plan_from_json import from_json
from reconciler.model.plan_json import plan_id, to_json
from reconciler.model.record import replace
from tests.unit.apply.samples import call, plan


def crowd(writes: int, deletes: int = 3) -> Plan:
    numbers = range(1, writes + 1)
    last = [call(writes + n, waits=numbers, phase=Phase.DELETE) for n in range(1, deletes + 1)]
    return replace(plan(*(call(n) for n in numbers), *last), made_at="2026-06-01T00:00:00Z")


def test_a_large_set_of_several_is_written_once_and_read_again() -> None:
    whole = crowd(AT_LEAST)
    value = json.loads(json.dumps(to_json(whole)))

    assert [one["waits"] for one in value["calls"][-3:]] == [0, 0, 0]
    assert value["sets"] == [[str(n) for n in range(1, AT_LEAST + 1)]]
    assert from_json(value) == whole
    assert plan_id(from_json(value)) == plan_id(whole)


@pytest.mark.parametrize(("writes", "deletes"), [(AT_LEAST - 1, 3), (AT_LEAST, 1)])
def test_a_small_one_or_that_of_one_call_alone_is_written_where_it_is_named(writes: int, deletes: int) -> None:
    whole = crowd(writes, deletes)

    assert "sets" not in to_json(whole)
    assert len(json.dumps(to_json(whole)["calls"])) > 0
    assert from_json(to_json(whole)) == whole


def test_what_follows_counts_too_and_the_order_is_that_of_the_plan() -> None:
    ids = frozenset(map(str, range(1, AT_LEAST + 1)))
    calls = [replace(call(n), follows=ids) for n in (98, 99)]

    assert common_sets([*calls, *crowd(AT_LEAST + 1).calls]) == {ids: 0, ids | {str(AT_LEAST + 1)}: 1}


@pytest.mark.parametrize("place", [1, -1])
def test_a_set_that_is_not_there_is_no_plan(place: int) -> None:
    value = json.loads(json.dumps(to_json(crowd(AT_LEAST))))
    value["calls"][-1]["waits"] = place

    with pytest.raises(ValueError, match=f"there is no set {place} of calls"):
        from_json(value)
