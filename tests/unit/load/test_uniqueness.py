"""Nothing may be declared twice, in whatever spelling."""

# ruff: noqa: E501 - whole messages

from __future__ import annotations

from pathlib import Path

from tests.unit.load.projects import FOLDER, LABEL, TEAM, TWO, partner, said

A, B = "manifests/a.yaml", "manifests/b.yaml"


def label(name: str, key: str, more: str = "") -> str:
    return LABEL.replace("{name: production}", f"{{name: {name}{more}}}").replace("Production", key)


def test_one_address_twice(tmp_path: Path) -> None:
    assert said(tmp_path, {A: label("x", "One"), B: "\n" + label("x", "Two")}) == [
        (
            "manifests/b.yaml:4:18: analytics/Label/x: metadata.name: this document stands here a second time;"
            " the first is at manifests/a.yaml:3:18"
        )
    ]


def test_one_key_twice_whatever_its_case(tmp_path: Path) -> None:
    assert said(tmp_path, {A: label("x", "Draft"), B: label("y", "DRAFT")}) == [
        (
            "manifests/b.yaml:4:14: analytics/Label/y: spec.name: the same Label as analytics/Label/x;"
            " the first is at manifests/a.yaml:4:14"
        )
    ]


def test_one_key_twice_where_pins_tell_them_apart(tmp_path: Path) -> None:
    """Two live things of one key are two documents, if each says which it means."""
    pinned, other = label("x", "Draft", ", id: one"), label("y", "Draft", ", id: two")
    assert said(tmp_path, {A: pinned, B: other}) == []
    assert len(said(tmp_path, {A: pinned, B: label("y", "Draft")})) == 1
    assert len(said(tmp_path, {A: label("x", "Draft"), B: other})) == 1


def test_one_path_in_two_forms(tmp_path: Path) -> None:
    other = FOLDER.replace("reports}", "other}").replace("Finance/Reports", "[Finance, Reports]")

    assert said(tmp_path, {A: FOLDER, B: other}) == [
        (
            "manifests/b.yaml:4:14: analytics/Folder/other: spec.path: the same Folder as analytics/Folder/reports;"
            " the first is at manifests/a.yaml:4:14"
        )
    ]


def test_the_same_key_of_another_kind_or_target_is_another_thing(tmp_path: Path) -> None:
    assert said(tmp_path, {A: label("x", "Draft"), B: partner("draft")}) == []
    texts = {A: label("x", "Draft", ", target: analytics"), B: label("x", "Draft", ", target: playground")}
    assert said(tmp_path, {**texts}, TWO) == []


def test_one_pinned_id_twice(tmp_path: Path) -> None:
    assert said(tmp_path, {A: label("x", "One", ", id: '7'"), B: label("y", "Two", ", id: '7'")}) == [
        (
            "manifests/b.yaml:3:25: analytics/Label/y: metadata.id: the same id as analytics/Label/x;"
            " the first is at manifests/a.yaml:3:25"
        )
    ]


def test_one_former_key_twice(tmp_path: Path) -> None:
    before = ", previously: {key: Old}"

    assert said(tmp_path, {A: label("x", "One", before), B: label("y", "Two", before.replace("Old", "OLD"))}) == [
        (
            "manifests/b.yaml:3:39: analytics/Label/y: metadata.previously.key: the same former key as analytics/Label/x;"
            " the first is at manifests/a.yaml:3:39"
        )
    ]


def test_one_former_name_twice_or_still_there(tmp_path: Path) -> None:
    before = ", previously: {name: z}"

    assert said(tmp_path, {A: label("x", "One", before), B: label("y", "Two", before)}) == [
        (
            "manifests/b.yaml:3:40: analytics/Label/y: metadata.previously.name: the same former name as analytics/Label/x;"
            " the first is at manifests/a.yaml:3:40"
        )
    ]
    assert said(tmp_path, {A: label("x", "One", before), B: label("z", "Two")}) == [
        (
            "manifests/a.yaml:3:40: analytics/Label/x: metadata.previously.name: analytics/Label/z is still declared,"
            " at manifests/b.yaml:1:1 (remove one of the two)"
        )
    ]


def test_labels_may_swap_their_names(tmp_path: Path) -> None:
    one = label("x", "One", ", previously: {key: Two}")
    two = label("y", "Two", ", previously: {key: One}")

    assert said(tmp_path, {A: one, B: two}) == []


def test_a_reference_twice_in_a_plain_set(tmp_path: Path) -> None:
    assert said(tmp_path, {A: partner("acme", friends="[One, Two, One]")}) == [
        (
            "manifests/a.yaml:6:23: analytics/Partner/acme: spec.friends[2]: the same as the item at"
            " manifests/a.yaml:6:13 (remove one)"
        )
    ]


def test_a_member_in_two_teams_is_fine(tmp_path: Path) -> None:
    other = (
        TEAM.replace("brand", "social").replace("Brand", "Social").replace("isPrimary: true", "isPrimary: false")
    )

    assert said(tmp_path, {A: TEAM, B: other}) == []
