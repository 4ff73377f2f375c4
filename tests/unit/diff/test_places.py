"""A hold says where in the files it stands, to the very word."""

from __future__ import annotations

from reconciler.model.change import Change
from reconciler.model.document import Document
from reconciler.model.json import Json
from reconciler.model.live import Resource
from reconciler.model.place import Place, SpecPath
from reconciler.model.record import replace
from tests.unit.diff import hard
from tests.unit.diff.anywhere import told
from tests.unit.diff.samples import compared, team
from tests.world import doc

NOBODY = "nobody@example.com"


def placed(document: Document, *paths: SpecPath) -> Document:
    """The document with each of these paths in a line of its own, beginning with the second."""
    places = {("spec", *path): Place("m.yaml", line) for line, path in enumerate(paths, 2)}
    return replace(document, place=Place("m.yaml"), places=places)


def lines(change: Change) -> list[list[int]]:
    """For each hold the lines that it names."""
    words = [h.reason.replace(",", " ").replace(";", " ").split() for h in change.holds]
    return [[int(w.split(":")[1]) for w in one if w.startswith("m.yaml:")] for one in words]


def test_a_reference_stands_at_its_field() -> None:
    wanted = placed(doc("Folder", "a", {"path": "A", "owner": NOBODY}), ("path",), ("owner",))

    assert lines(compared([wanted])["a"]) == [[3]]


def test_what_lies_in_nothing_stands_at_its_path() -> None:
    wanted = placed(doc("Folder", "a", {"scope": "organization", "path": "Nowhere/A"}), ("scope",), ("path",))

    assert lines(compared([wanted])["a"]) == [[3]]


def test_a_name_in_an_object_stands_at_its_part() -> None:
    spec: dict[str, Json] = {"subject": {"user": NOBODY}, "roles": []}

    wanted = placed(doc("ModelRoles", "a", spec), ("subject",), ("subject", "user"), ("roles",))

    assert lines(compared([wanted])["a"]) == [[3]]


def test_names_that_are_keys_of_nothing_stand_where_they_are_however_deep() -> None:
    values: Json = [
        {"id": "one", "labels": {"en_GB": "One"}},
        {"id": "two", "labels": {"en_GB": "Two", "xx": "Z"}},
    ]
    at: SpecPath = ("domain", "values", 1, "labels")
    spec: dict[str, Json] = {"identifier": "care", "type": "text", "domain": {"values": values}}
    wanted = placed(doc("core/AttributeDefinition", "a", spec), ("domain",), at[:3], at, (*at, "xx"))

    [hold] = told([wanted], {"core/Locale": [Resource("en_GB", "en_GB", {"tid": "en_GB"})]})["a"].holds

    assert hold.reason.startswith("m.yaml:5:1: no Locale 'xx' is ")


def crew(*members: Json, lead: bool = False) -> Document:
    spec: dict[str, Json] = {"slug": "p", "name": "P", **({"lead": NOBODY} if lead else {}), "members": [*members]}
    return doc("Pod", "a", spec)


def test_entries_that_lead_nowhere_are_told_once_with_every_place_of_the_name() -> None:
    wanted = placed(
        crew({"user": NOBODY}, {"user": "jane@example.com"}, {"user": "none@example.com"}, lead=True),
        ("members", 0), ("members", 1), ("members", 2), ("lead",), ("members", 0, "user"),
    )  # fmt: skip

    people = [Resource("u1", "jane@example.com", {"email": "jane@example.com"})]
    found = told([wanted], {"studio/User": people})["a"]

    assert lines(found) == [[5], [6, 5], [4]]
    assert found.holds[1].reason.startswith(f"members: {NOBODY} left out; m.yaml:6:1, m.yaml:5:1: no User ")


def test_what_goes_over_the_wire_whole_stands_at_each_entry_that_leads_nowhere() -> None:
    wanted = placed(doc("UserGroup", "a", {"name": "G", "members": [NOBODY]}), ("members",), ("members", 0))
    found = compared([wanted])["a"]

    assert lines(found) == [[3]]


def test_one_and_the_same_stands_at_the_second_one() -> None:
    members: list[Json] = [{"user": "jane@example.com"}, {"user": "JANE@example.com"}]
    wanted = placed(
        doc("ClientTeam", "a", {"slug": "t", "name": "T", "members": members}), ("members", 0), ("members", 1)
    )

    assert lines(compared([wanted], [team("t1", "t", "T", {})])["a"]) == [[3]]


def test_what_cannot_be_made_again_stands_where_it_is_mentioned() -> None:
    live = [hard.there("Rota", "1", "R", best="Old")]
    wanted = placed(
        hard.declared("Rota", "r", {"name": "R", "best": "Red"}, allow=["replace"]), ("name",), ("best",)
    )

    assert lines(hard.told([wanted], live, [hard.bound("Rota", "r", "1", key="R")])["r"]) == [[3]]


def test_a_name_in_one_set_stands_wherever_else_in_the_document_it_is() -> None:
    """In the entries of another set, and in an object."""
    spec: dict[str, Json] = {
        "name": "Spring",
        "scope": {"from": "2026-04-20", "to": "2026-05-17", "users": [NOBODY, "jane@example.com"]},
        "bookings": [{"user": NOBODY, "date": "2026-04-21", "jobNumber": "1", "hours": 4}],
    }
    wanted = placed(
        doc("BookingPlan", "a", spec), ("bookings", 0), ("scope",), ("scope", "users", 0), ("scope", "users", 1)
    )

    people = [Resource("u1", "jane@example.com", {"email": "jane@example.com"})]
    found = told([wanted], {"studio/User": people})["a"]

    assert lines(found) == [[2, 4]]
