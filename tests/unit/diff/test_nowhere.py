"""What a name leads to, and what is said where it leads nowhere: word for word, with the way out."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pytest

from reconciler.diff.identity import match_all
from reconciler.diff.index import Index, Miss
from reconciler.diff.left_out import _listed
from reconciler.model.change import Hold, Named
from reconciler.model.document import Address, Document
from reconciler.model.json import Json
from reconciler.model.live import Resource
from reconciler.model.record import replace
from reconciler.model.recorded import Bond, Recorded
from tests.unit.diff import hard
from tests.unit.diff.samples import ANN, BOB, JANE, At, bond, compared, desired_of, folder, label, live_of, team
from tests.world import OMNI, TRACKER, catalog, doc


def indexed(*documents: Document, live: Sequence[At] = (), bonds: Sequence[Bond] = (), **words: Any) -> Index:
    recorded = Recorded({b.address: b for b in bonds}, exists=True)
    desired = replace(desired_of(**words), documents=documents)
    index = Index(desired, live_of(live), recorded, catalog())
    match_all(index)
    return index


GROUP = doc("UserGroup", "g", {"name": "G"})


def led(index: Index, kind: str, name: str, document: Document = GROUP) -> Any:
    found = index.resolve(document, kind, name)
    return found if not isinstance(found, Miss) else (found.why, found.otherwise, found.aside, found.source)


FINANCE = doc("Folder", "finance", {"path": "Finance"})


def test_a_document_is_named_by_its_name_or_its_key() -> None:
    there, coming = [folder("f1", "Finance")], indexed(GROUP, FINANCE)

    assert led(indexed(GROUP, FINANCE, live=there), "Folder", "finance") == "f1"
    assert led(indexed(GROUP, FINANCE, live=there), "Folder", "Finance") == "f1"
    assert led(indexed(GROUP, live=there), "Folder", "Finance") == "f1"
    for name in ("finance", "Finance"):
        assert led(coming, "Folder", name) == {"$id": "analytics/Folder/finance"}


def test_a_key_of_several_things_names_none() -> None:
    index = indexed(GROUP, live=[folder("f1", "Finance"), folder("f2", "Finance")])

    assert led(index, "Folder", "Finance") == ("'Finance' is more than one Folder (f1, f2)", "", "", False)


@pytest.mark.parametrize(("name", "more"), [
    ("Finanze", "; did you mean finance?"), ("finanse", "; did you mean finance?"), ("Xyz", ""),
    ("Legall", "; did you mean Legal?"), ("mony", "; did you mean money?"), ("Monney bags", ""),
])  # fmt: skip
def test_the_nearest_names_are_proposed(name: str, more: str) -> None:
    """Of what is declared the names of the documents."""
    bags = doc("Folder", "money", {"path": "Money bags"})
    index = indexed(GROUP, FINANCE, bags, live=[folder("f2", "Legal")])

    assert led(index, "Folder", name)[0] == f"no Folder '{name}' is declared or live{more}"


def test_people_are_only_read() -> None:
    why, _, _, source = led(indexed(doc("ClientTeam", "t", {"slug": "t"})), "User", "jan@example.com",
                            doc("ClientTeam", "t", {"slug": "t"}))  # fmt: skip

    assert why == "no User 'jan@example.com' is live; did you mean jane@example.com or ann@example.com?"
    assert source


def test_what_the_selection_left_out_is_named() -> None:
    aside = doc("Folder", "legal", {"path": "Legal"})
    index = indexed(GROUP, declared=(aside, GROUP))

    for name in ("legal", "Legal"):
        assert led(index, "Folder", name) == (
            "analytics/Folder/legal is not live; it is declared, but left out by the selection", "",
            "analytics/Folder/legal", False,
        )  # fmt: skip


def test_what_left_git_with_this_plan_is_told_as_that() -> None:
    left = bond("Folder", "legal", "f9", ["Legal"])
    index = indexed(GROUP, bonds=[left])

    for name in ("legal", "Legal"):
        assert led(index, "Folder", name) == (
            "analytics/Folder/legal is declared no more: its document left git with this plan",
            "put its document back, or name another one here, or none", "", False,
        )  # fmt: skip
    assert led(indexed(GROUP, bonds=[left]), "Folder", "Other")[0] == "no Folder 'Other' is declared or live"


def test_a_hold_says_where_the_name_stands() -> None:
    spec: dict[str, Json] = {"path": "A", "owner": "nobody@example.com"}

    (hold,) = compared([doc("Folder", "a", spec)])["a"].holds

    assert hold.rule == "unresolved"
    assert hold.final
    assert hold.reason.startswith("manifests/a.yaml:1:1: no User 'nobody@example.com' is ")


def members(*names: Json, name: str = "t") -> Document:
    return doc("ClientTeam", name, {"slug": name, "name": "T", "members": [*names]})


def test_what_a_set_names_and_nobody_has_is_left_out_and_keeps_removals_back() -> None:
    live = team("t1", "t", "T", {"jane": False, "bob": False})
    entries: list[Json] = [{"user": f"no{n}@example.com"} for n in range(7)]

    held = compared([members({"user": JANE}, *entries)], [live], [bond("ClientTeam", "t", "t1", "t")])["t"]

    unresolved = [h for h in held.holds if h.rule == "unresolved"]
    assert [h.only for h in unresolved] == ["remove"] * 7
    assert unresolved[0].reason.startswith("members: no0@example.com left out; manifests/t.yaml:1:1: no User ")
    nothing = compared([members({"user": JANE}, {"user": BOB}, *entries)], [live])["t"]
    assert {h.only for h in nothing.holds if h.rule == "unresolved"} == {"entry"}


def test_the_same_one_twice_is_no_set() -> None:
    held = compared([members({"user": JANE}, {"user": "JANE@example.com"})])["t"]

    assert (
        Hold(
            "unresolved",
            "manifests/t.yaml:1:1: JANE@example.com and jane@example.com are one and the same",
            "correct the name, or declare what it refers to",
            final=True,
        )
        in held.holds
    )


def test_what_a_reference_will_be_called() -> None:
    renamed = doc("Folder", "finance", {"path": "Money"}, previous_key="Finance")
    live = [folder("f1", "Finance"), folder("f2", "Legal")]
    index = indexed(GROUP, renamed, live=live, bonds=[bond("Folder", "finance", "f1", ["Finance"])])
    there = {r.id: r for _, r in live}

    assert index.named(GROUP, "Folder", "f1") == Named("Money", "Money", there["f1"])
    assert index.named(GROUP, "Folder", "f2") == Named(["Legal"], "Legal", there["f2"])
    assert index.named(GROUP, "Folder", "f3") == Named("f3", "f3", None)
    promised: Json = {"$id": "analytics/Folder/finance"}
    assert index.named(GROUP, "Folder", promised) == Named("Money", "Money", None)
    assert index.shown(GROUP, "Folder", "f1") == ["Finance"]
    assert index.shown(GROUP, "Folder", "f3") == "f3"


def test_what_is_only_observed_is_called_as_it_is() -> None:
    seen = doc("Folder", "finance", {"path": "Finance"}, manage="observe", pinned_id="f1")
    live = [folder("f1", "Was Finance")]
    index = indexed(GROUP, seen, live=live)

    assert index.named(GROUP, "Folder", "f1") == Named(["Was Finance"], "Was Finance", live[0][1])


def test_what_it_was_when_its_address_was_applied_last() -> None:
    anew = [folder("f7", "Finance")]
    index = indexed(GROUP, FINANCE, live=anew, bonds=[bond("Folder", "finance", "f1", ["Finance"])])

    assert index.formerly(GROUP, "Folder", "f7") == "f1"
    assert index.formerly(GROUP, "Folder", "f8") == "f8"
    assert index.meant(GROUP, "Folder", "f7") == FINANCE
    assert index.meant(GROUP, "Folder", {"$id": "analytics/Folder/finance"}) == FINANCE
    assert index.meant(GROUP, "Folder", {"$id": "analytics/Folder/other"}) is None
    assert index.meant(GROUP, "Folder", 7) is None


def test_a_person_who_comes_about_with_an_invitation() -> None:
    invited = doc("Invitation", "new", {"email": "New@example.com", "role": "member"})
    crew = members({"user": "new@example.com"})
    made = {"$made": {"by": "studio/Invitation/new", "kind": "User", "key": "new@example.com"}}

    assert led(indexed(invited, crew), "User", "new@example.com", crew) == made
    assert led(indexed(crew), "User", ANN, crew) == "id of ann"
    assert led(indexed(crew), "User", "new@example.com", crew)[0].startswith("no User 'new@example.com' is live")
    known = [("Invitation", Resource("i1", "new@example.com", {"email": "new@example.com"}))]
    assert isinstance(indexed(invited, crew, live=known).resolve(crew, "User", "new@example.com"), Miss)


def test_two_kinds_of_people_with_one_address_are_noted() -> None:
    user = doc("User", "u", {"email": JANE})
    mail = doc("EmailOnlyUser", "m", {"email": JANE})

    both = compared([user, mail])["m"]
    assert "analytics/User/u has the same email" in both.notes
    alone = compared([doc("EmailOnlyUser", "m", {"email": "JANE@example.com"})])["m"]
    assert "a User of the same email is live" in alone.notes
    assert compared([doc("EmailOnlyUser", "m", {"email": "new@example.com"})])["m"].notes == ()


def test_bonds_that_no_document_bears() -> None:
    gone, kept, elsewhere = (bond("Label", n, n) for n in ("gone", "kept", "else"))
    elsewhere = replace(elsewhere, address=Address("other", "Label", "else"))
    index = indexed(doc("Label", "kept", {"name": "kept"}), live=[label("kept"), label("gone")],
                    bonds=[gone, kept, elsewhere])  # fmt: skip

    assert [b.address.name for b in index.unmatched_bonds()] == ["gone"]
    assert {at: b.address.name for at, b in index.orphans.items()} == {(OMNI, "Label", "gone"): "gone"}
    assert TRACKER in index.desired.targets


def test_a_scope_that_leads_nowhere_matches_nothing() -> None:
    found = hard.told([hard.declared("Thing", "cup", {"box": "none", "key": "cup"})],
                      [hard.there("Thing", "1", "cup", scope=("none",), box="none")])["cup"]  # fmt: skip

    assert found.scope == ({"$missing": "none"},)
    assert found.live is None


def test_a_document_of_the_same_key_may_mean_what_leaves_git() -> None:
    live = [team("t1", "brand"), team("t2", "brand")]
    left = bond("ClientTeam", "old", "t1", "brand", made=True, on_remove="delete")

    found = compared([doc("ClientTeam", "new", {"slug": "brand", "name": "B"})], live, [left])["old"]

    assert found.holds == (
        Hold("ambiguous", "studio/ClientTeam/new has the key 'brand' and may mean it",
             "say with metadata.id which one that is", final=True),
    )  # fmt: skip


def test_two_pins_of_one_name_contradict_each_other() -> None:
    one = members({"user": "x@example.com", "userId": "u1"}, name="a")
    two = members({"user": "X@example.com", "userId": "u2"}, name="b")

    held = {n: c.holds for n, c in compared([one, two]).items()}

    reason = "members: x@example.com left out; manifests/a.yaml:1:1: 'x@example.com' is pinned to u1 and to u2"
    assert [(h.rule, h.reason, h.way_out) for h in held["a"]] == [("unresolved", reason, "pin it to one id")]


@pytest.mark.parametrize(("texts", "listed"), [
    ("a", "a"), ("a b a", "a, b"), ("a b c d e", "a, b, c, d, e"), ("a b c d e f g f", "a, b, c, d, e and 2 more"),
])  # fmt: skip
def test_only_some_of_many_are_written_out(texts: str, listed: str) -> None:
    assert _listed(texts.split()) == listed
