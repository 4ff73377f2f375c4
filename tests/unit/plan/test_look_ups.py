"""What comes about beside what is created: one reading for all of a kind, after all that bring it about."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest

from reconciler.model.call import Request
from reconciler.model.document import Address
from reconciler.model.json import Json
from reconciler.model.live import Collection, Demand, Live
from reconciler.model.plan import Call, Effect, Phase, Precondition, Role
from reconciler.model.record import replace
from reconciler.plan.look_ups import looked_up, with_look_ups
from reconciler.plan.promised import fill_ids, promises
from tests.world import PROVIDERS, TRACKER, catalog

AT = ("studio-tracker", "User")
ASKED = Request(TRACKER, "POST", "/api/people", query=(("q", "7"),))
MADE: Mapping[str, Json] = {"by": "studio/Invitation/i", "kind": "User", "key": "n@example.com"}


def put(number: str, kind: str, name: str, phase: Phase = Phase.UPDATE, **words: Any) -> Call:
    return Call(number, TRACKER, kind, Address(TRACKER, kind, name), "PUT", "/x", phase, **words)


INVITES = put("1", "Invitation", "i", Phase.CREATE, new_id="/id", effect=Effect(key="n@example.com"))
OTHER = put("2", "Invitation", "j", Phase.CREATE, new_id="/id")
LEAVES = put("3", "Invitation", "k", Phase.DELETE)
NAMES = put("4", "ClientTeam", "t", body={"lead": {"$made": dict(MADE)}, "more": [{"$id": "studio/Invitation/j"}]})


def read(*calls: Call, live: Live | None = None) -> tuple[list[Call], tuple[Precondition, ...], list[Any]]:
    """The calls, the readings, and what the kind's own verbs were given."""
    given: list[Any] = []

    def narrow(*words: Any) -> Demand:
        given.append(words)
        return Demand(TRACKER, "User", ids=("narrowed",))

    def reads(*words: Any) -> list[Request]:
        given.append(words)
        return [ASKED, ASKED]

    known = catalog()
    words: dict[str, Any] = {"narrow": narrow, "reads": reads}
    only = replace(known, verbs={AT: replace(known.verbs[AT], **words)})  # to make every kind's takes long
    found = with_look_ups(calls, live or Live({}), only, PROVIDERS.__getitem__)
    return *found, given


FOUND: Json = {"$find": {"read": "studio/User/(made)", "key": "n@example.com", "scope": []}}


def test_the_id_of_what_comes_about_is_told_by_a_reading() -> None:
    assert looked_up(INVITES, MADE) == FOUND

    filled = fill_ids([INVITES, OTHER, NAMES])[2]
    assert filled.body == {"lead": FOUND, "more": [{"$from": {"call": "2", "path": "/id"}}]}
    assert filled.after == {"2", "studio/User/(made)"}


def test_of_what_nobody_makes_the_promise_stays() -> None:
    assert fill_ids([NAMES])[0] == NAMES
    assert promises(NAMES.body) == {"studio/Invitation/i", "studio/Invitation/j"}
    assert promises([{"$id": "a", "b": 1}, {"$made": "x"}, "text"]) == set()
    contingent = replace(INVITES, role=Role.CONTINGENT)
    assert fill_ids([contingent, NAMES])[1].body == NAMES.body


def test_one_reading_follows_all_that_bring_something_about() -> None:
    again = replace(NAMES, id="5", body=None, query={"q": {"$made": {**MADE, "key": "a@example.com"}}})
    seen = {(TRACKER, "User"): Collection("User", seen={"way": 1})}
    before = Demand(TRACKER, "User", details=({"first": True},))
    calls = fill_ids([INVITES, OTHER, LEAVES, NAMES, again])

    found, readings, given = read(*calls, live=Live(seen, demands={(TRACKER, "User"): before}))

    user = catalog().kind(*AT)
    wanted = replace(before, wanted=("a@example.com", "n@example.com"), details=({"first": True}, {"way": 1}))
    narrowed = Demand(TRACKER, "User", ids=("narrowed",))
    assert given == [(user, wanted, (), 0), (user, narrowed, ())]
    assert found[:-1] == calls
    assert found[-1] == Call(
        "studio/User/(made)", TRACKER, "User", Address(TRACKER, "User", "(made)"), "POST", "/api/people",
        Phase.CREATE, query={"q": "7"}, role=Role.FIND, summary="look up each User that came about",
        after=frozenset({"1", "2"}), requests=2,
    )  # fmt: skip
    assert readings == (Precondition(narrowed, (), 2),)


def test_without_a_reading_before_it_asks_for_the_keys_alone() -> None:
    _, _, given = read(*fill_ids([INVITES, NAMES]))

    assert given[0][1] == Demand(TRACKER, "User", wanted=("n@example.com",))


@pytest.mark.parametrize(
    "body", [None, {"$find": {"read": "9", "key": "k", "scope": []}}, {"$from": {"call": "1"}}]
)
def test_what_names_nothing_of_the_sort_needs_no_reading(body: Json) -> None:
    calls = [INVITES, replace(NAMES, body=body)]

    assert read(*calls) == (calls, (), [])
