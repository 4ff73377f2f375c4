"""Plain fields: what is declared is compared, in normal form; what is not is not ours to change."""

from __future__ import annotations

import pytest

from reconciler.model.catalog import Catalog
from reconciler.model.change import Verb
from reconciler.model.json import ABSENT, Json, digest
from reconciler.model.kind import Field
from reconciler.model.record import replace
from tests.unit.diff.samples import JANE, bond, compared, folder, kind_of, label, rules, team
from tests.world import catalog, doc


def test_presence_is_scope() -> None:
    found = compared(
        [doc("Label", "a", {"name": "x1", "verified": True})], [label("x1", verified=False, homepage=True)]
    )

    assert found["a"].changed == {"verified"}
    assert [f.path for f in found["a"].fields] == [("verified",)]


def test_true_is_not_one() -> None:
    assert compared([doc("Label", "a", {"name": "x1", "verified": True})], [label("x1", verified=1)])["a"].changed


def test_a_create_shows_every_declared_field_and_nothing_before_it() -> None:
    found = compared([doc("Label", "a", {"name": "x1", "verified": False})])["a"]

    assert [(f.path, f.before, f.after) for f in found.fields] == [
        (("name",), ABSENT, "x1"),
        (("verified",), ABSENT, False),
    ]
    assert found.wire == {"name": "x1", "verified": False}


@pytest.mark.parametrize("entry", ["spec.verified", "verified"])
def test_an_ignored_field_is_set_at_creation_and_then_left_alone(entry: str) -> None:
    wanted = doc("Label", "a", {"name": "x1", "verified": True}, ignore=[entry])

    assert compared([wanted])["a"].wire["verified"] is True
    found = compared([wanted], [label("x1", verified=False)])["a"]
    assert (found.fields, found.writes) == ((), False)


def test_an_ignored_field_is_remembered_as_it_was() -> None:
    """What was not sent does not pass for sent."""
    wanted = doc("Label", "a", {"name": "x1", "verified": True}, ignore=["spec.verified"])

    assert "verified" not in compared([wanted], [label("x1", verified=False)])["a"].digests
    known = bond("Label", "a", "x1", digests={"verified": "sha256:1"})
    assert compared([wanted], [label("x1", verified=False)], [known])["a"].digests["verified"] == "sha256:1"


def test_a_field_that_is_fixed_is_refused_with_the_remedy_and_not_remembered() -> None:
    wanted = doc("Folder", "a", {"path": "Finance", "owner": "bob@example.com"})

    found = compared([wanted], [folder("f", "Finance")])["a"]

    assert rules(found) == {"immutable"}
    assert found.holds[0].way_out == "transfer the folder in the product"
    assert found.holds[0].final
    assert [(f.before, f.after, f.access) for f in found.fields] == [(JANE, "bob@example.com", True)]
    assert "owner" not in found.digests
    assert not found.changed


def test_a_reference_is_compared_by_id() -> None:
    wanted = doc("Folder", "a", {"path": "Finance", "owner": "JANE@example.com"})

    found = compared([wanted], [folder("f", "Finance")])["a"]

    assert (found.fields, found.wire["owner"]) == ((), "id of jane")
    assert found.digests["owner"] == digest("id of jane")


def test_a_name_that_leads_nowhere_says_where_it_stands_and_which_is_near() -> None:
    wanted = doc("Folder", "a", {"path": "Finance", "owner": "jame@example.com"})

    found = compared([wanted])["a"]

    assert rules(found) == {"unresolved"}
    assert found.holds[0].final
    assert found.holds[0].reason.startswith("manifests/a.yaml:1:1: no User 'jame@example.com'")
    assert "did you mean jane@example.com" in found.holds[0].reason


def test_what_the_ledger_will_remember_is_what_was_declared() -> None:
    found = compared([doc("Label", "a", {"name": "Größe", "verified": True})])["a"]

    assert found.digests == {"name": digest("grösse"), "verified": digest(True)}


# A field that no read returns.


def with_note(**words: object) -> Catalog:
    """Labels with a `note`."""
    known, kind = catalog(), kind_of("Label")
    note = Field("note", wire="/note", **words)  # type: ignore[arg-type]
    changed = replace(kind, fields={**kind.fields, "note": note})
    return replace(known, kinds={**known.kinds, ("omni-analytics", "Label"): changed})


NOTED = doc("Label", "a", {"name": "x1", "note": "hello"})


@pytest.mark.parametrize("live", [{}, {"note": "something"}])
def test_a_field_that_cannot_be_read_is_sent_only_if_it_was_not_sent_before(live: dict[str, Json]) -> None:
    known = with_note(unreadable=True)
    sent = bond("Label", "a", "x1", digests={"note": digest("hello")})
    other = bond("Label", "a", "x1", digests={"note": digest("earlier")})

    again = compared([NOTED], [label("x1", **live)], [sent], known=known)["a"]
    assert (again.verb, again.writes) == (Verb.NONE, False)
    assert again.notes == ("not verifiable: note (last sent as declared)",)
    for bonds in ([], [other]):
        assert compared([NOTED], [label("x1", **live)], bonds, known=known)["a"].changed == {"note"}


def test_a_record_that_lacks_a_field_is_no_other_value() -> None:
    """A readable field that did not come is treated like one that cannot be read."""
    sent = bond("Label", "a", "x1", digests={"note": digest("hello")})

    assert not compared([NOTED], [label("x1")], [sent], known=with_note())["a"].changed


def test_what_is_fixed_and_not_shown_is_not_sent_and_not_taken_as_sent() -> None:
    """Nobody knows whether it differs, and no call would change it."""
    found = compared([NOTED], [label("x1")], known=with_note(immutable="make another one"))["a"]

    assert (found.fields, found.changed, found.holds) == ((), frozenset(), ())
    assert found.notes == ("not verifiable: note (it counts when one is made)",)
    assert "note" not in found.digests


def test_what_is_fixed_and_not_shown_is_refused_where_it_was_sent_as_something_else() -> None:
    sent = bond("Label", "a", "x1", digests={"note": digest("earlier")})

    found = compared([NOTED], [label("x1")], [sent], known=with_note(immutable="make another one"))["a"]

    assert [(h.rule, h.way_out, h.final) for h in found.holds] == [("immutable", "make another one", True)]
    assert found.digests["note"] == digest("earlier")
    assert not found.changed


@pytest.mark.parametrize("word", ["read_only", "local"])
def test_the_servers_own_and_what_is_for_people_is_not_compared(word: str) -> None:
    found = compared([NOTED], [label("x1", note="other")], known=with_note(**{word: True}))["a"]

    assert "note" not in found.wire
    assert not found.writes


def test_free_form_values_are_explained_by_path() -> None:
    wanted = doc("Label", "a", {"name": "x1", "note": {"a": {"b": 1, "c": [1]}, "new": None}})
    live = label("x1", note={"a": {"b": 2, "c": [1]}, "old": True})

    found = compared([wanted], [live], known=with_note())["a"]

    assert [(f.path, f.before, f.after) for f in found.fields] == [
        (("note", "a", "b"), 2, 1),
        (("note", "new"), ABSENT, None),
        (("note", "old"), True, ABSENT),
    ]
    assert found.changed == {"note"}


def test_a_team_is_known_by_its_name_and_a_label_by_its_key() -> None:
    assert compared([doc("ClientTeam", "a", {"slug": "brand", "name": "Brand!"})])["a"].label == "Brand!"
    assert compared([doc("Label", "a", {"name": "x1"})])["a"].label == "x1"
    assert compared([doc("Folder", "a", {"path": ["A", "B/C"]})])["a"].label == "A/B/C"
    assert compared([], [team("t", "brand")]) == {}
