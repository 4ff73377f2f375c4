"""Effects that no answer proved are looked at once more, and what else that brings to light is told."""

from __future__ import annotations

import asyncio

from reconciler.apply.book import Book
from reconciler.apply.verify import by_itself, verify
from reconciler.model.document import Address
from reconciler.model.faults import ProviderFailed
from reconciler.model.json import Json, digest
from reconciler.model.live import Collection, Resource
from reconciler.model.outcome import End, Fact, Outcome
from reconciler.model.plan import Call, Effect, Phase
from reconciler.model.record import replace
from tests.unit.apply.samples import PART, TEAM, Eyes, book, call, clock, keep, kinds, label, labels
from tests.world import OMNI, TRACKER

FLAG = Effect(fields={"verified": True})


def done(*calls: Call, check: str = "1") -> Book:
    found = book(*calls, **{f"c{c.id}": End.DONE for c in calls})
    found.to_verify = set(check)
    return found


def verified(found: Book, look: Eyes, before: dict[tuple[str, str], Collection] | None = None) -> list[str]:
    calls = found.calls.values()
    slept: list[float] = []
    notes = asyncio.run(verify(found, kinds(*calls), look, clock(slept), before or {}))
    keep(notes, found.outcomes, look.groups, slept)
    return notes


def ends(found: Book) -> dict[str, End]:
    return {i: o.end for i, o in found.outcomes.items()}


def flag(number: int, name: str = "Live") -> Call:
    return call(number, live_id=name, effect=FLAG)


def test_what_live_shows_stays_done() -> None:
    found, look = done(flag(1)), Eyes([labels(label("LIVE", verified=True))])

    assert verified(found, look) == []
    assert (ends(found), look.groups) == ({"1": End.DONE}, ["verify"])


def test_what_live_does_not_show_twice_has_failed() -> None:
    found, look = done(flag(1)), Eyes([labels(label("Live", verified=False))])

    verified(found, look)

    told = found.outcomes["1"]
    assert told.message == "the server accepted it, but live does not show it: it made something else of verified"
    assert told.result == {Fact.DIFFERS: {"verified": digest(False)}}
    assert (ends(found), look.groups, found.results) == ({"1": End.FAILED}, ["verify"] * 2, {})


def test_entries_that_live_does_not_show_are_named() -> None:
    flags = (("u1", {"isPrimary": True}), ("u2", {"isPrimary": False}))
    effect = Effect(set_field="members", present=flags, absent=("u3", "u4"))
    found = done(call(1, CREW, live_id="t1", effect=effect))

    verified(found, Eyes([Collection(TEAM.name, (team(on("u1", False), on("u3", False)),))]))

    said = "the server accepted it, but live does not show it: members u1, u2, u3"
    assert found.outcomes["1"].message == said


def test_a_list_may_lag() -> None:
    found, look = done(flag(1)), Eyes([labels(), labels(label("Live", verified=True))])

    verified(found, look)

    assert (ends(found), len(look.groups)) == ({"1": End.DONE}, 2)


def test_a_field_nobody_can_read_counts_as_shown() -> None:
    found = done(flag(1))

    verified(found, Eyes([labels(label("Live"))]))

    assert ends(found) == {"1": End.DONE}


def test_without_a_reading_nobody_knows() -> None:
    found = done(flag(1), flag(2, "Other"), check="12")
    fault = ProviderFailed("it broke", target=OMNI, request="GET /v1/labels", status=500)

    verified(found, Eyes([fault]))

    assert ends(found) == {"1": End.IN_DOUBT, "2": End.IN_DOUBT}
    assert found.outcomes["1"].message == "could not be verified: it broke"


def test_one_reading_serves_a_kind_and_only_what_is_open() -> None:
    found = done(flag(1), flag(2, "Other"), flag(3, "Third"), check="12")
    look = Eyes([labels(label("Live", verified=True), label("Other", verified=False))])

    verified(found, look)

    assert ends(found) == {"1": End.DONE, "2": End.FAILED, "3": End.DONE}
    assert len(look.groups) == 2


def test_what_has_failed_already_is_not_looked_at() -> None:
    found, look = done(flag(1)), Eyes([labels()])
    found.end(Outcome("1", End.FAILED))

    verified(found, look)

    assert look.groups == []


def test_a_created_or_renamed_thing_is_found_by_its_new_id() -> None:
    made = call(1, phase=Phase.CREATE, effect=FLAG, new_id="/id")
    moved = call(2, live_id="Old", effect=Effect(key="New"), becomes="New")
    found = done(made, moved, check="12")
    found.end(Outcome("1", End.DONE, result={Fact.ID: "Made"}))
    found.end(Outcome("2", End.DONE, result={Fact.BECOMES: "New"}))

    verified(found, Eyes([labels(label("Made", verified=True), label("New"))]))

    assert ends(found) == {"1": End.DONE, "2": End.DONE}


# What changed by itself

CREW = Address(TRACKER, "ClientTeam", "crew")


def team(*members: Json, remote_id: str = "t1") -> Resource:
    return Resource(remote_id, "crew", {"slug": "crew", "members": list(members)})


def on(user: str, primary: bool) -> Json:
    return {"user": user, "isPrimary": primary}


def noticed(before: Resource, after: Resource, *calls: Call) -> list[str]:
    sent = done(*calls)
    return list(by_itself(TEAM, Collection("ClientTeam", (before,)), Collection("ClientTeam", (after,)), sent))


def touching(user: str, live_id: str = "t1") -> Call:
    effect = Effect(set_field="members", present=((user, {}),))
    return call(1, CREW, live_id=live_id, set_field="members", effect=effect)


def test_a_flag_that_flips_without_a_call_is_told() -> None:
    (note,) = noticed(team(on("ann", True), on("bob", True)), team(on("ann", False), on("bob", True)))

    assert note.startswith('crew: members ann changed by itself: {"isPrimary":true,"user":"ann"} -> ')


def test_what_a_call_changes_along_with_the_thing_is_our_own() -> None:
    effect = Effect(key="crew", set_field="members", present=(("ann", {}),))
    along = call(1, CREW, live_id="t1", effect=effect)

    assert noticed(team(on("ann", True)), team(on("ann", False)), along) == []


def test_our_own_changes_are_not_told() -> None:
    before, after = team(on("ann", True)), team(on("ann", False))

    assert noticed(before, after, touching("ann")) == []
    assert len(noticed(before, after, touching("bob"))) == 1
    assert len(noticed(before, after, touching("ann", live_id="t2"))) == 1


def test_entries_that_came_or_went_and_new_things_are_not_told() -> None:
    assert noticed(team(on("ann", True)), team(on("bob", True))) == []
    assert noticed(team(on("ann", True)), team(on("ann", False), remote_id="t2")) == []


def test_what_the_reading_shows_besides_is_told_with_it() -> None:
    one = touching("bob")
    before = {(TRACKER, "ClientTeam"): Collection("ClientTeam", (team(on("ann", True), on("bob", False)),))}
    after = Collection("ClientTeam", (team(on("ann", False), on("bob", True)),))

    (note,) = verified(done(one), Eyes([after]), before)

    assert "ann" in note


# Ids that only this reading tells


def test_a_create_gets_its_id_from_the_reading() -> None:
    effect = Effect(key="live", fields={"verified": True})
    made = call(1, phase=Phase.CREATE, effect=effect, summary="create Label live")
    found = done(made)

    verified(found, Eyes([labels(label("Live", verified=True))]))

    assert found.outcomes["1"].result == {Fact.ID: "Live", Fact.KEY: "live", Fact.LABEL: "live"}


def test_a_create_that_is_nowhere_has_failed_and_is_looked_for_once_more() -> None:
    """The server said yes: its lists may lag for longer than a run looks, and what shows later is ours."""
    found = done(call(1, phase=Phase.CREATE, effect=Effect(key="live")))
    found.know("1", {Fact.OUTPUT: {"url": "x"}})

    verified(found, Eyes([labels()]))

    told = found.outcomes["1"]
    assert (told.end, told.result) == (End.FAILED, {Fact.OUTPUT: {"url": "x"}, Fact.ACCEPTED: True})
    assert told.open


def test_an_addition_that_does_not_show_is_looked_for_once_more_and_a_change_is_not() -> None:
    effect = Effect(set_field="members", present=(("u1", {}),))
    added = call(1, CREW, phase=Phase.ADD, live_id="t1", set_field="members", effect=effect)
    changed, nobody = replace(added, phase=Phase.UPDATE), Collection(TEAM.name, (team(),))
    opens = []
    for one in (added, changed):
        found = done(one)
        verified(found, Eyes([nobody]))
        opens.append((found.outcomes["1"].end, found.outcomes["1"].open))

    assert opens == [(End.FAILED, True), (End.FAILED, False)]


def test_a_create_that_is_there_without_all_it_should_hold_is_ours() -> None:
    effect = Effect(key="crew", set_field="members", present=(("u1", {}),))
    found = done(call(1, CREW, phase=Phase.CREATE, effect=effect, summary="create ClientTeam crew"))

    verified(found, Eyes([Collection(TEAM.name, (team(),))]))

    told = found.outcomes["1"]
    begun = {Fact.ID: "t1", Fact.KEY: "crew", Fact.LABEL: "crew"}
    assert (told.end, told.result, told.open) == (End.FAILED, {Fact.BEGUN: begun}, False)


def test_only_fields_count_as_made_into_something_else() -> None:
    found = done(call(1, live_id="Live", effect=Effect(key="New", fields={"verified": True})))

    verified(found, Eyes([labels(label("Live", verified=False))]))

    assert (ends(found), found.outcomes["1"].result) == ({"1": End.FAILED}, {})


def test_where_the_reading_proves_nothing_the_call_is_in_doubt() -> None:
    for one in (flag(1), replace(flag(1), phase=Phase.DELETE, effect=Effect(gone=True))):
        found, look = done(one), Eyes([labels(proof=PART)])

        verified(found, look)

        assert (ends(found), look.groups) == ({"1": End.IN_DOUBT}, ["verify"] * 2)
        assert found.outcomes["1"].message == "could not be verified: no reading can tell"
