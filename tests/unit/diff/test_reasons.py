"""Intent, drift, both, or nobody can say: from what is desired, what is live, and what was applied last."""

from __future__ import annotations

import pytest

from reconciler.diff.reasons import why, why_entry
from reconciler.model.change import Reason
from reconciler.model.document import Document
from reconciler.model.json import Json, JsonObject, digest
from reconciler.model.live import Resource
from tests.unit.diff import hard
from tests.unit.diff.samples import BOB, applied, bond, compared, folder, label
from tests.world import doc


@pytest.mark.parametrize(
    ("applied_last", "desired", "live", "reason"),
    [
        ("a", "a", "b", Reason.DRIFT),
        ("a", "b", "a", Reason.INTENT),
        ("a", "b", "c", Reason.BOTH),
        (True, 1, False, Reason.BOTH),
        (None, None, "x", Reason.DRIFT),
    ],
)
def test_three_sides_tell_why(applied_last: Json, desired: Json, live: Json, reason: Reason) -> None:
    assert why({"f": digest(applied_last)}, "f", desired, live) is reason


def test_without_a_record_of_the_field_nobody_can_say() -> None:
    assert why({"other": digest("a")}, "f", "a", "b") is Reason.UNKNOWN


@pytest.mark.parametrize(
    ("digests", "removed", "reason"),
    [
        ({}, False, Reason.UNKNOWN),
        ({}, True, Reason.UNKNOWN),
        ({"set": "x"}, False, Reason.INTENT),  # new in the manifest
        ({"set": "x", "set/e": "y"}, False, Reason.DRIFT),  # somebody took it out
        ({"set": "x", "set/e": "y"}, True, Reason.INTENT),  # taken out of the manifest
        ({"set": "x"}, True, Reason.DRIFT),  # somebody put it in
    ],
)
def test_entries_come_and_go_by_the_manifest_or_by_others(
    digests: dict[str, str], removed: bool, reason: Reason
) -> None:
    assert why_entry(digests, "set", "e", removed=removed) is reason


@pytest.mark.parametrize(
    ("manifest", "live", "reason"),
    [(True, False, Reason.DRIFT), (False, True, Reason.INTENT)],
)
def test_a_field_says_why_it_differs(manifest: bool, live: bool, reason: Reason) -> None:
    last = bond("Label", "a", "x1", digests=applied("Label", {"name": "x1", "verified": True}))

    found = compared(
        [doc("Label", "a", {"name": "x1", "verified": manifest})], [label("x1", verified=live)], [last]
    )

    assert [(f.path, f.before, f.after, f.reason) for f in found["a"].fields] == [
        (("verified",), live, manifest, reason)
    ]


def test_what_was_made_and_is_gone_has_drifted() -> None:
    last = bond("Label", "a", "x1", made=True, digests=applied("Label", {"name": "x1"}))

    found = compared([doc("Label", "a", {"name": "x1", "verified": True})], [], [last])

    assert {f.path[0]: f.reason for f in found["a"].fields} == {"name": Reason.DRIFT, "verified": Reason.INTENT}


def test_a_reference_whose_own_thing_was_deleted_by_hand_has_drifted() -> None:
    """What is declared leads to another id only because its thing has to be made anew."""
    sub = doc("Folder", "mine-sub", {"path": "Mine Sub"})
    paper = doc("Document", "report", {"identifier": "d1", "folder": "mine-sub"})
    finance = folder("f2", "Fin", "Ance", parent="f3")
    live = "Document", Resource("d1", "d1", {"identifier": "d1", "folder": "f2"}, "Report")
    was = bond("Document", "report", "d1", digests={"folder": digest("f1")})

    gone = compared([sub, paper], [live, finance], [bond("Folder", "mine-sub", "f1", ["Mine Sub"]), was])
    anew = compared(
        [sub, paper],
        [live, finance, folder("f9", "Mine Sub")],
        [bond("Folder", "mine-sub", "f1", ["Mine Sub"]), was],
    )
    other = compared([sub, paper], [live, finance], [was])

    told = (("folder",), "Fin/Ance", "Mine Sub")
    for found, reason in ((gone, Reason.DRIFT), (anew, Reason.DRIFT), (other, Reason.BOTH)):
        assert [(f.path, f.before, f.after, f.reason) for f in found["report"].fields] == [(*told, reason)]


def test_an_entry_whose_own_thing_was_deleted_by_hand_has_drifted() -> None:
    team = doc("UserGroup", "crew", {"name": "Crew"})
    shared = doc("Folder", "finance", {"path": "Finance", "permissions": [{"groups": "crew", "role": "VIEWER"}]})
    bonds = [
        bond("UserGroup", "crew", "g1", "Crew"),
        bond("Folder", "finance", "f1", ["Finance"], digests={"permissions": "exact", "permissions/g1": "x"}),
    ]

    found = compared([team, shared], [folder("f1", "Finance", permissions=[])], bonds)

    assert [(f.path, f.reason) for f in found["finance"].fields] == [(("permissions", "crew"), Reason.DRIFT)]


def test_an_entry_that_is_but_a_text_was_taken_out_by_others_or_is_new() -> None:
    last = hard.bound("Crew", "crew", "1", digests={"members": "exact", "members/a": "x"})
    wanted = hard.declared("Crew", "crew", {"name": "Crew", "members": ["a", "b"]})

    found = hard.told([wanted], [hard.there("Crew", "1", "Crew", members=[])], [last])["crew"]

    assert {f.path[1]: f.reason for f in found.fields} == {"a": Reason.DRIFT, "b": Reason.INTENT}


@pytest.mark.parametrize(
    ("last", "declared", "live", "reasons"),
    [
        ({"region": ["US"]}, {"regin": ["US"]}, {"region": ["US"]}, {"regin": Reason.INTENT}),
        ({"region": ["US"]}, {"region": ["US"]}, {"region": ["EU"]}, {"region": Reason.DRIFT}),
        ({"region": ["US"]}, {"region": ["DE"]}, {"region": ["US"]}, {"region": Reason.INTENT}),
        (
            {"region": ["US"]},
            {"region": ["DE"], "level": 2},
            {"region": ["EU"], "level": 1},
            {"region": Reason.BOTH, "level": Reason.INTENT},
        ),
    ],
)
def test_each_name_of_a_merged_object_has_its_own_reason(
    last: JsonObject, declared: JsonObject, live: JsonObject, reasons: dict[str, Reason]
) -> None:
    def person(attributes: JsonObject) -> Document:
        return doc("EmailOnlyUser", "bo", {"email": BOB, "attributes": attributes})

    applied_last = compared([person(last)])["bo"].digests
    there = "EmailOnlyUser", Resource("u1", BOB, {"email": BOB, "attributes": live}, BOB)

    found = compared([person(declared)], [there], [bond("EmailOnlyUser", "bo", "u1", BOB, digests=applied_last)])

    assert {f.path[1]: f.reason for f in found["bo"].fields} == reasons
