"""Renames never need two things under one name; the bound counts the same from the changes alone."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import permutations

import pytest

from reconciler.model.change import Change, Delta
from reconciler.model.kind import Kind
from reconciler.model.normalise import normal
from reconciler.model.plan import Call, Phase
from reconciler.providers.rest.bound import bound, circles
from reconciler.providers.rest.calls import calls
from reconciler.providers.rest.renames import cycles
from tests.unit.providers.samples import LABEL, TEAM, asked, change, member, named, shorts


def carried_out(kind: Kind, changes: Sequence[Change], found: Sequence[Call]) -> dict[str, str]:
    """Every order that the edges allow, tried at once by always taking the last ready call; name -> address."""
    names = {str(normal(kind.key_field, c.live.key)): c.address.name for c in changes if c.live}
    done: set[str] = set()
    while len(done) < len(found):
        call = [c for c in found if c.id not in done and c.after <= done][-1]
        own = next((n for n, who in names.items() if who == call.address.name), None)
        if own is not None:
            del names[own]
        if call.phase is not Phase.DELETE:
            new = str(normal(kind.key_field, call.effect.key))
            assert new not in names, f"{call.id}: {new} is taken"
            names[new] = call.address.name
        done.add(call.id)
    return names


def rename(kind: Kind, was: str, to: str) -> Change:
    return change(kind, was.lower(), was=was, to=to)


@pytest.mark.parametrize("kind", [LABEL, TEAM], ids=["id is the name", "id of its own"])
@pytest.mark.parametrize("size", [2, 3, 4])
def test_a_ring_takes_one_call_more(kind: Kind, size: int) -> None:
    letters = "abcd"[:size]
    for shift in permutations(letters):
        changes = [rename(kind, a, b) for a, b in zip(letters, shift, strict=True) if a != b]

        found = calls(kind, changes)

        assert carried_out(kind, changes, found) == {c.key: c.address.name for c in changes}
        assert len(found) == len(changes) + len(cycles(kind, changes)) == bound(kind, changes)


def test_a_swap_goes_aside_first() -> None:
    found = named(calls(LABEL, [rename(LABEL, "A", "B"), rename(LABEL, "B", "A")]))

    aside, one, two = found["a#aside"], found["a#update"], found["b#update"]
    name = aside.becomes
    assert name is not None
    assert len(name) == 14
    assert name.startswith("tmp-")
    assert (aside.body, aside.expect, aside.effect.fields) == ({"name": name}, {"/name": name}, {"name": name})
    assert (asked(aside), asked(two), asked(one)) == ("/v1/labels/A", "/v1/labels/B", f"/v1/labels/{name}")
    assert [shorts(c.after) for c in (aside, two, one)] == [set(), {"a#aside"}, {"a#aside", "b#update"}]
    assert (one.live_id, one.becomes) == (name, "B")


def test_a_thing_with_an_id_of_its_own_keeps_it_aside() -> None:
    found = named(calls(TEAM, [rename(TEAM, "a", "b"), rename(TEAM, "b", "a")]))

    assert {asked(found["a#aside"]), asked(found["a#update"])} == {"/api/client-teams/id-a"}
    assert (found["a#aside"].becomes, found["a#update"].live_id) == (None, "id-a")


def test_the_temporary_name_is_the_same_every_time_and_everybodys_own() -> None:
    ring = [rename(LABEL, a, b) for a, b in ("ab", "ba", "cd", "dc")]
    asides = [c.becomes for c in calls(LABEL, ring) if c.id.endswith("#aside")]

    assert len(set(asides)) == 2
    assert asides == [c.becomes for c in calls(LABEL, ring) if c.id.endswith("#aside")]


def test_other_fields_wait_for_the_last_step() -> None:
    changes = [
        change(LABEL, "a", was="A", to="B", changed={"verified"}, verified=True),
        change(LABEL, "b", was="B", to="A"),
    ]

    found = named(calls(LABEL, changes))

    assert found["a#aside"].body is not None
    assert "verified" not in found["a#aside"].expect.keys() | found["a#aside"].effect.fields.keys()
    assert found["a#update"].body == {"name": "B", "verified": True}


def test_a_chain_needs_no_temporary_name() -> None:
    changes = [rename(LABEL, "A", "B"), rename(LABEL, "B", "C")]

    found = named(calls(LABEL, changes))

    assert set(found) == {"a#update", "b#update"}
    assert shorts(found["a#update"].after) == {"b#update"}
    assert found["b#update"].after == frozenset()


def test_a_name_freed_by_a_delete_is_taken_after_it() -> None:
    gone = change(LABEL, "b", was="B", delete=True)

    renamed = named(calls(LABEL, [rename(LABEL, "A", "b"), gone]))
    created = named(calls(LABEL, [change(LABEL, "new", to="b"), gone]))

    assert shorts(renamed["a#update"].after) == {"b#delete"}
    assert shorts(created["new#create"].after) == {"b#delete"}


def test_a_name_freed_by_a_rename_is_taken_after_it() -> None:
    found = named(calls(LABEL, [change(LABEL, "new", to="A"), rename(LABEL, "A", "B")]))

    assert shorts(found["new#create"].after) == {"a#update"}


def test_a_change_of_case_alone_waits_for_nobody() -> None:
    changes = [change(LABEL, "a", was="live", to="Live")]

    (call,) = calls(LABEL, changes)

    assert (call.after, call.becomes, asked(call)) == (frozenset(), "Live", "/v1/labels/live")
    assert bound(LABEL, changes) == 1


def test_names_of_teams_are_compared_with_case() -> None:
    changes = [change(TEAM, "a", was="a", to="B"), change(TEAM, "b", was="b", to="A")]

    assert cycles(TEAM, changes) == []
    assert all(not c.after for c in calls(TEAM, changes))


def test_the_bound_counts_objects_and_entries() -> None:
    delta = Delta(add=(member("a"),), change=(member("b"),), remove=(member("c"),), kept=(member("d"),))
    changes = [
        change(TEAM, "new", name="New"),
        change(TEAM, "old", was="old", delete=True),
        change(TEAM, "same", was="same"),
        change(TEAM, "both", was="both", to="two", changed={"name"}, name="N", deltas={"members": delta}),
    ]

    assert bound(TEAM, changes) == 1 + 1 + 0 + (1 + 3)
    assert bound(TEAM, changes) == sum(not c.contingent for c in calls(TEAM, changes))


def test_circles_in_the_bound_are_those_of_the_calls() -> None:
    ring = [rename(LABEL, a, b) for a, b in ("ab", "bc", "ca", "xy", "yx", "pq")]

    assert circles(LABEL, ring) == len(cycles(LABEL, ring)) == 2
