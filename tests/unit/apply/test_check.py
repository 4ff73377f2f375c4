"""What has moved since the plan, in a sentence."""

from __future__ import annotations

import pytest

from reconciler.apply.check import moved
from reconciler.model.json import Json, JsonObject
from reconciler.model.live import Collection, Resource
from reconciler.model.plan import Check
from reconciler.model.record import replace
from reconciler.model.shows import live_looks
from tests.unit.apply.samples import LABEL, PART, TEAM, A, label, labels


def as_seen(resource: Resource, *fields: str, contents: bool = False) -> Check:
    seen = live_looks(LABEL, resource, fields, contents=contents)
    return Check(A, ("1",), resource.key, id=resource.id, fields=fields, contents=contents, looks=seen)


ABSENT = Check(A, ("1",), "Live", absent=True)
SEEN = label("Live", verified=False, homepage=True)


def test_what_was_absent_is_absent() -> None:
    assert moved(LABEL, ABSENT, labels(label("Other"))) == ""


def test_what_was_absent_has_appeared_in_any_spelling() -> None:
    assert moved(LABEL, ABSENT, labels(label("LIVE"))) == "'Live' has appeared since the plan (id LIVE)"


def test_absence_needs_a_proof() -> None:
    assert moved(LABEL, ABSENT, labels(proof=PART)) == "the list is not proven complete: some of it"


def test_the_one_whose_name_the_plan_frees_may_still_bear_it() -> None:
    freeing = replace(ABSENT, id="Live")

    assert moved(LABEL, freeing, labels(label("Live"))) == ""
    second = Resource("other", "live", {})
    assert "has appeared" in moved(LABEL, freeing, labels(label("Live"), second))


@pytest.mark.parametrize(("call", "why"), [("1", "its team is gone"), ("2", "")])
def test_what_a_call_relies_on_is_no_matter_of_its_own_thing(call: str, why: str) -> None:
    live = replace(labels(label("Live", verified=False)), amiss={call: "its team is gone"})

    assert moved(LABEL, as_seen(SEEN, "verified"), live) == why
    assert moved(LABEL, ABSENT, replace(live, resources=())) == why


def test_what_has_become_of_the_thing_itself_is_told_first() -> None:
    live = replace(labels(label("Live", verified=True)), amiss={"1": "what stands around it has changed"})

    assert moved(LABEL, as_seen(SEEN, "verified"), live) == "'Live' has changed since the plan (verified)"


def test_what_was_there_is_gone() -> None:
    assert moved(LABEL, as_seen(SEEN), labels()) == "'Live' (id Live) is live no more"


@pytest.mark.parametrize(
    ("now", "sentence"),
    [
        ({"verified": False, "homepage": True}, ""),
        ({"verified": False, "homepage": False}, ""),
        ({"verified": True, "homepage": True}, "'Live' has changed since the plan (verified)"),
        ({"homepage": True}, "'Live' has changed since the plan (verified)"),
    ],
)
def test_only_what_is_overwritten_counts(now: dict[str, Json], sentence: str) -> None:
    assert moved(LABEL, as_seen(SEEN, "verified"), labels(label("Live", **now))) == sentence


def test_another_name_is_told_as_such() -> None:
    team = Resource("t1", "a", {"slug": "a", "name": "A"})
    check = Check(A, ("1",), "a", id="t1", looks=live_looks(TEAM, team, (), contents=False))

    assert moved(TEAM, check, Collection("ClientTeam", (replace(team, key="b"),))) == "'a' is now called 'b'"


def test_what_it_contains_counts_where_it_is_to_be_deleted() -> None:
    empty = replace(SEEN, contents={"uses": 0})
    used = replace(SEEN, contents={"uses": 1})

    assert moved(LABEL, as_seen(empty), labels(used)) == ""
    assert moved(LABEL, as_seen(empty, contents=True), labels(empty)) == ""
    assert moved(LABEL, as_seen(empty, contents=True), labels(used)) == (
        "'Live' has changed since the plan (what it contains)"
    )


def test_one_entry_of_a_set_is_looked_at_alone() -> None:
    def team(*members: Json) -> Resource:
        return Resource("t1", "a", {"slug": "a", "members": list(members)})

    ann: JsonObject = {"user": "ann", "isPrimary": True}
    bob: JsonObject = {"user": "bob"}
    looks = live_looks(TEAM, team(ann), ("members/ann",), contents=False)
    check = Check(A, ("1",), "a", id="t1", fields=("members/ann",), looks=looks)

    assert moved(TEAM, check, Collection("ClientTeam", (team(bob, ann),))) == ""
    for now in (team(bob), team({**ann, "isPrimary": False})):
        assert (
            moved(TEAM, check, Collection("ClientTeam", (now,))) == "'a' has changed since the plan (members/ann)"
        )
