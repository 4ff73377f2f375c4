"""A key renamed in a list without a word, and lists that are exact no more."""

from __future__ import annotations

from typing import Any

import pytest

from reconciler.model.change import Change, Verb
from reconciler.model.document import Document, Nest
from reconciler.model.json import Json
from reconciler.model.record import replace
from reconciler.model.recorded import Bond
from tests.unit.diff.samples import address, bond, compared, desired_of, label, rules, team
from tests.world import catalog, doc

ACME = address("Label", "acme")
"""Stands for any document that holds others; nothing but its address is looked at."""


def inside(name: str, around: str = "acme", **words: Any) -> Document:
    spec: dict[str, Json] = {"name": name.rpartition("/")[2]}
    return doc("Label", name, spec, nest=Nest(address("Label", around)), **words)


def gone(name: str, **words: object) -> Bond:
    return bond("Label", name, name.rpartition("/")[2], **{"made": True, "on_remove": "delete", **words})


def held(found: dict[str, Change]) -> set[str]:
    return {name for name, change in found.items() if "rename-unconfirmed" in rules(change)}


def test_both_wait_and_say_the_line_and_the_consent() -> None:
    found = compared([inside("acme/About us")], [label("About")], [gone("acme/About")])

    assert held(found) == {"acme/About", "acme/About us"}
    for change in found.values():
        (hold,) = change.holds
        assert not hold.final
        assert "previously: {key: About}" in hold.way_out
        assert "lifecycle: {allow: [new-key]}" in hold.way_out
    assert "acme/About us" in found["acme/About"].holds[0].reason


@pytest.mark.parametrize("word", [{"allow": ["new-key"]}, {"manage": "observe"}])
def test_one_that_is_none_of_ours_or_says_so_keeps_nothing_waiting(word: dict[str, Any]) -> None:
    found = compared([inside("acme/About us", **word)], [label("About")], [gone("acme/About")])

    assert held(found) == set()
    assert found["acme/About"].holds == ()


def test_what_was_there_before_or_lies_elsewhere_is_not_new_to_the_list() -> None:
    left, live = gone("acme/About"), [label("About")]
    again = bond("Label", "acme/About us", "About us", made=True)

    assert held(compared([inside("acme/About us")], live, [left, again])) == set()
    assert held(compared([inside("other/About us", "other")], live, [left])) == set()
    assert held(compared([replace(inside("acme/About us"), nest=None)], live, [left])) == set()
    assert held(compared([inside("acme/About us")], live, [gone("acme/x/About")])) == set()


def test_what_is_live_no_more_or_is_another_documents_now_is_not_meant() -> None:
    new = inside("acme/About us")
    other = doc("Label", "own", {"name": "About"})

    assert held(compared([new], [], [gone("acme/About")])) == set()
    found = compared([new, other], [label("About")], [gone("acme/About", on_remove="release")])
    assert (held(found), found["acme/About us"].notes) == (set(), ())


def test_what_is_let_go_is_told_in_a_note() -> None:
    found = compared([inside("acme/About us")], [label("About")], [gone("acme/About", on_remove="release")])

    assert (held(found), found["acme/About"].verb) == (set(), Verb.RELEASE)
    (note,) = found["acme/About us"].notes
    assert "previously: {key: About}" in note


@pytest.mark.parametrize(("rename", "instead"), [("by hand", "by hand"), ("replace", "keep the former key")])
def test_of_a_kind_that_cannot_be_renamed_the_loss_waits_for_consent(rename: str, instead: str) -> None:
    known = catalog()
    fixed = {at: replace(k, rename=rename) if k.name == "Label" else k for at, k in known.kinds.items()}
    words = {"known": replace(known, kinds=fixed)}
    new, live = inside("acme/About us"), [label("About")]

    found = compared([new], live, [gone("acme/About")], **words)  # type: ignore[arg-type]
    let_go = compared([new], live, [gone("acme/About", on_remove="release")], **words)  # type: ignore[arg-type]

    assert held(found) == {"acme/About", "acme/About us"}
    for change in found.values():
        (hold,) = change.holds
        assert "a Label cannot be renamed" in hold.reason
        assert hold.way_out.startswith(f"{instead}; if one is to be deleted and another made, ")
        assert "previously" not in hold.way_out
        assert "lifecycle: {allow: [new-key]}" in hold.way_out
    assert let_go["acme/About us"].notes == (
        "'About' left this list and stays live: a Label cannot be renamed, so another one is made",
    )


@pytest.mark.parametrize("exact", [True, False])
def test_a_name_may_have_more_parts_than_the_key(exact: bool) -> None:
    """Such as the locale and the type of an entry: which list it was in says the ledger, or the names do."""
    lists = (f"{ACME}.below",) if exact else ()
    new = inside("acme/de_DE/About us")

    assert held(compared([new], [label("About")], [gone("acme/de_DE/About", exact_in=lists)])) == {
        "acme/de_DE/About", "acme/de_DE/About us",
    }  # fmt: skip
    elsewhere = gone("acme/de_DE/About", exact_in=(f"{address('Label', 'acme/de_DE')}.below",))
    assert held(compared([new], [label("About")], [elsewhere])) == set()


def crew(name: str, slug: str, title: str) -> Document:
    spec: dict[str, Json] = {"slug": slug, "name": title}
    return doc("ClientTeam", name, spec, nest=Nest(address("ClientTeam", "acme")))


@pytest.mark.parametrize(
    ("slug", "title", "waits"),
    [
        ("brand-eu", "Other", True),
        ("zoo", "Brand", True),
        ("zoo", "Other", False),
        ("bravo", "Other", True),
        ("brick", "Other", False),
    ],
)
def test_likeness_is_of_the_key_or_of_most_that_is_declared(slug: str, title: str, waits: bool) -> None:
    left = bond("ClientTeam", "acme/brand", "t1", "brand", made=True, on_remove="delete")

    found = compared([crew(f"acme/{slug}", slug, title)], [team("t1", "brand", "Brand")], [left])

    assert (held(found) == {"acme/brand", f"acme/{slug}"}) is waits


def test_of_several_the_most_alike_wait_each_with_one() -> None:
    new = [inside("acme/" + name) for name in ("About us", "Jobs now", "Zebra", "About them")]
    left = [gone("acme/About"), gone("acme/Jobs")]

    found = compared(new, [label("About"), label("Jobs")], left)

    assert held(found) == {"acme/About", "acme/About us", "acme/Jobs", "acme/Jobs now"}


@pytest.mark.parametrize("said", [True, False])
def test_a_list_inside_what_is_renamed_is_the_same_list(said: bool) -> None:
    outer = inside("acme/Us", **({"previous_name": "acme/About", "previous_key": "About"} if said else {}))
    bonds = [gone("acme/About"), gone("acme/About/Imprint")]

    found = compared([outer, inside("acme/Us/Legal", "acme/Us")], [label("About"), label("Imprint")], bonds)

    inner = {"acme/About/Imprint", "acme/Us/Legal"}
    assert held(found) == (inner if said else {*inner, "acme/About", "acme/Us"})


def test_what_may_be_renamed_is_known_before_what_lies_in_it() -> None:
    """Whatever kind of thing is around it."""
    outer = replace(inside("acme/Us"), nest=Nest(address("UserGroup", "acme")))
    bonds = [gone("acme/About"), gone("acme/About/Imprint")]

    found = compared([outer, inside("acme/Us/Legal", "acme/Us")], [label("About"), label("Imprint")], bonds)

    assert held(found) == {"acme/About", "acme/Us", "acme/About/Imprint", "acme/Us/Legal"}


# Lists that are exact no more.


@pytest.mark.parametrize(
    ("around", "let_go"),
    [
        ({}, False),
        ({"acme": True}, False),
        ({"acme": False}, True),
        ({"acme/a": True, "acme": False}, False),
        ({"acme/a": False, "acme": True}, True),
    ],
)
def test_the_nearest_declared_list_decides(around: dict[str, bool], let_go: bool) -> None:
    lists = tuple(f"{address('Label', name)}.below" for name in ("acme/a", "acme"))
    documents = [
        doc("Label", name, {"name": name}, exact=frozenset({"below"} if exact else ()))
        for name, exact in around.items()
    ]
    left = gone("acme/a/x", exact_in=lists)

    found = compared(documents, [label("x"), *(label(name) for name in around)], [left])

    assert found["acme/a/x"].verb is (Verb.RELEASE if let_go else Verb.DELETE)


def test_a_list_that_was_not_selected_or_has_another_name_now_decides_as_well() -> None:
    left = gone("acme/x", exact_in=(f"{ACME}.below",))
    renamed = doc("Label", "new", {"name": "new"}, previous_name="acme")

    found = compared([renamed], [label("x"), label("new")], [left])
    part = compared([], [label("x")], [left], desired=desired_of(declared=(renamed,)))

    assert found["acme/x"].verb is part["acme/x"].verb is Verb.RELEASE


def test_a_key_that_is_let_go_with_its_thing_is_not_free() -> None:
    around = doc("Label", "acme", {"name": "acme"})
    wanting = doc("Label", "y", {"name": "x"}, previous_key="y")
    left = gone("acme/x", exact_in=(f"{ACME}.below",))

    staying = compared(
        [wanting], [label("x"), label("y")], [gone("x", on_remove="release"), bond("Label", "y", "y")]
    )
    assert "name-taken" in rules(staying["y"])
    kept = compared([around, wanting], [label("acme"), label("x"), label("y")], [left, bond("Label", "y", "y")])
    going = compared([wanting], [label("x"), label("y")], [left, bond("Label", "y", "y")])

    assert "name-taken" in rules(kept["y"])
    assert "name-taken" not in rules(going["y"])
