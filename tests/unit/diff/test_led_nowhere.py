"""Names within a scope that lead nowhere, and names that lead to more than one."""

from __future__ import annotations

from reconciler.model.change import Change, Hold, Verb
from reconciler.model.document import Document
from reconciler.model.json import Json
from reconciler.model.live import Resource
from tests.unit.diff import hard
from tests.unit.diff.anywhere import known, told
from tests.unit.diff.hard import declared, there
from tests.world import doc

BOXES = [there("Box", "b0", "red"), there("Box", "b1", "blue")]
TRAY = declared("Thing", "flat", {"box": "blue", "key": "tray"})


def cup(above: str, box: str = "blue") -> Document:
    return declared("Thing", "cup", {"box": box, "key": "cup", "above": above})


def why(change: Change) -> list[str]:
    return [h.reason.partition(": ")[2] for h in change.holds if h.rule == "unresolved"]


def test_what_was_not_selected_is_named_by_its_key_within_the_same_box_alone() -> None:
    aside = "far/Thing/flat is not live; it is declared, but left out by the selection"

    assert why(hard.told([cup("tray")], BOXES, aside=[TRAY])["cup"]) == [aside]
    assert why(hard.told([cup("tray", "red")], BOXES, aside=[TRAY])["cup"]) == [
        "no Thing 'tray' is declared or live"
    ]


def test_what_left_git_is_named_by_its_name_where_its_box_is_not_known_any_more() -> None:
    left = [hard.bound("Thing", "flat", "9", key="tray")]
    gone = "far/Thing/flat is declared no more: its document left git with this plan"

    assert why(hard.told([cup("flat")], BOXES, left)["cup"]) == [gone]
    assert why(hard.told([cup("tray")], BOXES, left)["cup"]) == ["no Thing 'tray' is declared or live"]


def test_a_thing_in_another_box_is_proposed_only_if_it_is_called_otherwise() -> None:
    live = [*BOXES, there("Thing", "1", "tray", scope=("b0",), box="b0")]

    assert why(hard.told([cup("tray")], live)["cup"]) == ["no Thing 'tray' is declared or live"]
    assert why(hard.told([cup("trays")], live)["cup"]) == [
        "no Thing 'trays' is declared or live; did you mean tray?"
    ]


# Trees within a scope.

RNC = Resource("r1", "MAM", {"tid": "MAM"})


def directory(name: str, path: str, **words: object) -> Document:
    return doc("core/Directory", name, {"rnc": "MAM", "path": path}, **words)


def placed(own: str, *path: Json, parent: str | None = None) -> Resource:
    return Resource(own, [*path], {"rnc": "r1", "path": [*path]}, str(path[-1]), parent, scope=("r1",))


def test_what_a_directory_lies_in_may_be_what_was_not_selected() -> None:
    found = told([directory("leaf", "Mode/Schuhe")], {"core/Rnc": [RNC]}, aside=[directory("root", "Mode")])

    assert why(found["leaf"]) == ["core/Directory/root is not live; it is declared, but left out by the selection"]


def test_a_directory_tells_its_old_place_in_old_words_or_new_ones() -> None:
    live = {"core/Rnc": [RNC], "core/Directory": [placed("1", "Mode"), placed("2", "Mode", "Schuhe", parent="1")]}
    above = directory("fashion", "Fashion", previous_key="Mode")

    for before in ("Mode/Schuhe", "Fashion/Schuhe"):
        found = told([above, directory("shoes", "Fashion/Shoes", previous_key=before)], live)
        assert [(c.verb, c.live.id if c.live else None) for c in found.values()] == [
            (Verb.RENAME, "1"), (Verb.RENAME, "2"),
        ]  # fmt: skip


# People.


def person(own: str, email: str = "new@example.com") -> Resource:
    return Resource(own, email, {"email": email})


def crew(name: str = "t") -> Document:
    members: list[Json] = [{"user": "new@example.com"}]
    return doc("ClientTeam", name, {"slug": name, "name": name, "members": members})


def test_two_people_of_one_address_are_nobody_and_nobody_can_be_declared() -> None:
    [hold] = told([crew()], {"studio/User": [person("u1"), person("u2")]})["t"].holds

    assert hold.reason.endswith("'new@example.com' is more than one User (u1, u2)")
    assert hold.way_out == "correct the name, or make it in the product, it is only read here"


def test_who_is_live_is_not_still_to_come_because_an_invitation_is() -> None:
    """The ledger knows another id, and that is no word of somebody to come."""
    invited = doc("Invitation", "new", {"email": "new@example.com", "role": "member"})
    was = known("studio/ClientTeam/other", "t2", names={"User/new@example.com": "u9"})

    [hold] = told([crew(), invited], {"studio/User": [person("u1")]}, [was])["t"].holds

    assert hold.reason.endswith("'new@example.com' is u1 live, and u9 in the ledger")
    assert told([crew(), invited], {}, [was])["t"].holds == ()


def test_who_is_taken_on_trust_is_said_of_what_is_about_to_be_written() -> None:
    """In an entry of several parts as well."""
    booked: dict[str, Json] = {"user": "new@example.com", "date": "2026-04-21", "jobNumber": "1", "hours": 4}
    scope: Json = {"from": "2026-04-20", "to": "2026-05-17", "users": ["new@example.com"]}
    plan = doc("BookingPlan", "p", {"name": "P", "scope": scope, "bookings": [booked]})
    was = known("studio/ClientTeam/other", "t2", names={"User/new@example.com": "u9"})
    note = "not verifiable: that new@example.com is u9 (no list was asked that could tell)"

    assert note in told([plan], {}, [was])["p"].notes
    live = Resource("p1", "P", {"name": "P", "bookings": [{**booked, "user": "u9"}]})
    assert note not in told([plan], {"studio/BookingPlan": [live]}, [was])["p"].notes
    assert note not in told([plan], {"studio/User": [person("u9")]}, [was])["p"].notes


def test_a_reference_from_a_set_that_goes_as_a_whole_holds_all_of_it() -> None:
    group = doc("UserGroup", "g", {"name": "G", "members": ["none@example.com"]})

    assert told([group], {})["g"].holds == (
        Hold("unresolved", "manifests/g.yaml:1:1: no User 'none@example.com' is declared or live",
             "correct the name, or declare what it refers to", final=True),
    )  # fmt: skip
