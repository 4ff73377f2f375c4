"""What looks as declared is found so at once, and only what is: each time as when it is compared in full."""

from __future__ import annotations

from typing import Any

import pytest

from reconciler.diff import compare
from reconciler.model.catalog import Catalog
from reconciler.model.change import Reason, Verb
from reconciler.model.document import Document
from reconciler.model.json import Json, JsonObject, digest
from reconciler.model.kind import Field
from reconciler.model.live import Resource
from reconciler.model.record import replace
from reconciler.model.recorded import Recorded
from tests.unit.diff import hard
from tests.unit.diff.anywhere import known, told
from tests.unit.diff.samples import BOB, bond, compared, desired_of, kind_of, label, live_of
from tests.world import OMNI, catalog, doc


def with_note(**words: Any) -> Catalog:
    """Labels with a `note`."""
    kinds, kind = catalog().kinds, kind_of("Label")
    changed = replace(kind, fields={**kind.fields, "note": Field("note", wire="/note", **words)})
    return replace(catalog(), kinds={**kinds, ("omni-analytics", "Label"): changed})


def noted(value: Json) -> Document:
    return doc("Label", "a", {"name": "x1", "note": value})


OURS = bond("Label", "a", "x1")


def person(attributes: JsonObject) -> Document:
    return doc("EmailOnlyUser", "bo", {"email": BOB, "attributes": attributes})


@pytest.mark.parametrize(
    ("live", "declared", "changed"),
    [
        ({"region": "EU"}, {"region": "US"}, True),
        ({"region": "US"}, {"region": "US"}, False),
        ({"region": "US", "level": "2"}, {"region": "US"}, False),
        ({"level": "2"}, {"region": "US"}, True),
        ({"level": 2}, {"level": "2"}, False),
        (None, {"region": "US"}, True),
        ({"level": 2, "region": "EU"}, {"level": "2", "region": "US"}, True),
    ],
)
def test_each_declared_name_of_a_merged_object_counts(live: Json, declared: JsonObject, changed: bool) -> None:
    there = "EmailOnlyUser", Resource("u1", BOB, {"email": BOB, "attributes": live}, BOB)

    found = compared([person(declared)], [there], [bond("EmailOnlyUser", "bo", "u1", BOB)])["bo"]

    assert found.changed == ({"attributes"} if changed else frozenset())


def test_each_is_looked_at_in_the_fields_that_it_declares_itself() -> None:
    documents = [doc("Label", "a", {"name": "x1"}), doc("Label", "b", {"name": "x2", "verified": True})]
    bonds = [OURS, bond("Label", "b", "x2")]

    found = compared(documents, [label("x1"), label("x2", verified=False)], bonds)

    assert {n: c.changed for n, c in found.items()} == {"a": frozenset(), "b": frozenset({"verified"})}


@pytest.mark.parametrize(("live", "verb"), [(True, Verb.NONE), (None, Verb.UPDATE), (1, Verb.UPDATE)])
def test_nothing_live_is_not_as_declared(live: Json, verb: Verb) -> None:
    found = compared([doc("Label", "a", {"name": "x1", "verified": True})], [label("x1", verified=live)], [OURS])

    assert found["a"].verb is verb


@pytest.mark.parametrize(("name", "changed"), [("Bob", False), (None, True), ("bob", True)])
def test_whose_key_is_fixed_is_not_as_declared_for_having_it(name: Json, changed: bool) -> None:
    live = Resource("u1", BOB, {"email": BOB, "name": name})
    wanted = doc("User", "bo", {"email": BOB, "name": "Bob"})

    found = told([wanted], {"analytics/User": [live]}, [known("analytics/User/bo", "u1", key=BOB)])["bo"]

    assert found.changed == ({"name"} if changed else frozenset())


def test_what_no_read_returns_is_not_as_declared_because_it_looks_so() -> None:
    """What was sent last is what counts."""
    found = compared([noted("hello")], [label("x1", note="hello")], [OURS], known=with_note(unreadable=True))["a"]

    assert (found.verb, found.changed) == (Verb.UPDATE, frozenset({"note"}))


def test_what_is_for_people_only_is_nothing_to_be_sent() -> None:
    found = compared([noted("hello")], [label("x1")], [OURS], known=with_note(local=True))["a"]

    assert (found.verb, dict(found.wire)) == (Verb.NONE, {"name": "x1"})


def test_what_is_mentioned_and_was_not_selected_is_told_of_what_is_as_declared_too() -> None:
    red, live = hard.declared("Box", "red", {"name": "Red"}), [hard.there("Rota", "1", "R", box="Red")]
    wanted, was = hard.declared("Rota", "r", {"name": "R", "box": "Red"}), [hard.bound("Rota", "r", "1")]

    assert hard.told([wanted], live, was, aside=[red])["r"].aside == {"box": red.address}


def test_a_spelling_is_told_of_what_is_as_declared_too() -> None:
    for key, notes in (("x1", 0), ("X1", 1)):
        found = compared([doc("Label", "a", {"name": key})], [label("x1")], [OURS])["a"]
        assert (found.verb, len(found.notes)) == (Verb.NONE, notes)
    team = Resource("t1", "brand", {"slug": "brand", "name": "B"})
    assert told([doc("ClientTeam", "a", {"slug": "brand"})], {"studio/ClientTeam": [team]})["a"].notes == ()


@pytest.mark.parametrize(
    ("wanted", "live", "words"),
    [(None, {"of": "bob"}, {"of": Field("of", ref="User")}), ({"of": "x"}, None, {})],
)
def test_an_object_that_is_or_becomes_nothing_is_told_as_a_whole(
    wanted: Json, live: Json, words: dict[str, Field]
) -> None:
    every = with_note(type=("object",), nullable=True, entries=words)

    found = compared([noted(wanted)], [label("x1", note=live)], [OURS], known=every)["a"]

    assert [(f.path, f.before, f.after) for f in found.fields] == [(("note",), live, wanted)]


DOMAIN: JsonObject = {"allowNewValue": False, "sortDirection": "MANUAL"}


@pytest.mark.parametrize(
    ("last", "reason"),
    [
        ({"allowNewValue": False, "sortDirection": "UP"}, Reason.UNKNOWN),
        ({"allowNewValue": False}, Reason.INTENT),
        ({"allowNewValue": True}, Reason.DRIFT),
    ],
)
def test_of_an_object_that_is_compared_in_part_nobody_can_say_what_others_changed(
    last: JsonObject, reason: Reason
) -> None:
    """What is not declared any more need not have been changed by anybody."""
    path = "core/AttributeDefinition"
    spec: JsonObject = {"identifier": "care", "type": "text", "domain": {"allowNewValue": True}}
    live = Resource("care", "care", {"identifier": "care", "type": "text", "domain": DOMAIN})
    was = known(f"{path}/a", "care", key="care", digests={"domain": digest(last)})

    found = told([doc(path, "a", spec)], {path: [live]}, [was])["a"]

    assert [(f.path, f.reason) for f in found.fields] == [(("domain", "allowNewValue"), reason)]


@pytest.mark.parametrize("live", [None, 7, [], [{"id": "b"}, {"id": "b"}]])
def test_what_is_no_list_of_items_with_ids_is_told_as_it_is(live: Json) -> None:
    wanted: Json = [{"id": "a"}]

    found = compared([noted({"of": wanted})], [label("x1", note={"of": live})], [OURS], known=with_note())["a"]

    assert (found.verb, {f.path[:2] for f in found.fields}) == (Verb.UPDATE, {("note", "of")})


def test_what_was_lost_is_told_of_what_is_as_declared_too() -> None:
    was = bond("Label", "a", "x1", lost=("secret",))

    [note] = compared([doc("Label", "a", {"name": "x1"})], [label("x1")], [was])["a"].notes

    assert note.startswith("the value that `secret` is for was shown once and never seen: ")


def test_a_plain_object_that_both_have_changed_says_so() -> None:
    was = bond("Label", "a", "x1", digests={"note": digest({"a": 1})})

    found = compared([noted({"a": 2})], [label("x1", note={"a": 3})], [was], known=with_note(type=("object",)))[
        "a"
    ]

    assert [f.reason for f in found.fields] == [Reason.BOTH]


@pytest.mark.parametrize(("field", "more"), [("name", ""), ("room", ", or leave it out")])
def test_a_field_that_has_to_be_declared_is_not_proposed_to_be_left_out(field: str, more: str) -> None:
    kind = kind_of("ClientTeam")
    roomy = replace(kind, fields={**kind.fields, "room": Field("room", wire="/room")})
    every = replace(catalog(), kinds={**catalog().kinds, (kind.provider, kind.name): roomy})
    live = Resource("t1", "p", {"slug": "p", "name": "P", field: "made"})
    was = bond("ClientTeam", "a", "t1", "p", digests={field: digest("sent")}, differs={field: digest("made")})

    wanted = doc("ClientTeam", "a", {"slug": "p", field: "sent"})
    [hold] = compared([wanted], [("ClientTeam", live)], [was], known=every)["a"].holds

    assert (hold.rule, hold.way_out) == ("changed-by-server", "declare what the server makes of it" + more)


def test_how_many_things_were_read_is_counted_for_each_kind() -> None:
    """Limits on what is deleted are shares of these."""
    found = compare(desired_of(), live_of([label("x1"), label("x2")]), Recorded(), catalog())

    assert (found.live_counts[OMNI, "Label"], found.live_counts[OMNI, "Folder"]) == (2, 0)


def test_what_others_write_too_is_held_of_what_no_list_shows_as_well() -> None:
    letter, live = (
        hard.declared("Letter", "l", {"title": "Hello"}),
        [hard.there("Letter", "7", "Bye", title="Bye")],
    )
    was = hard.bound("Letter", "l", "7", digests={"title": digest("Hello")}, sent={"title": 2})

    assert hard.rules(hard.told([letter], live, [was])["l"]) == ["contended"]
