"""Who is meant where a key may be left out, and files that begin as they should (OP-R34, OP-R42)."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.unit.load.projects import PROJECT, load, said, write

OPS = PROJECT.replace("  studio:", "  ops: {provider: omg-platform}\n  studio:")


def user(name: str, spec: str, metadata: str = "") -> str:
    head = f"apiVersion: omg-platform/v1\nkind: User\nmetadata: {{name: {name}{metadata}}}\n"
    return f"---\n{head}spec: {{{spec}}}\n"


@pytest.mark.parametrize(
    ("spec", "metadata"), [("email: j@example.com", ""), ("staffId: S1", ""), ("firstName: J", ", id: '3'")]
)
def test_one_of_three_says_who_it_is(tmp_path: Path, spec: str, metadata: str) -> None:
    assert len(load(write(tmp_path, user("j", spec, metadata), OPS)).documents) == 1


@pytest.mark.parametrize(
    ("spec", "metadata", "told"),
    [
        ("firstName: J", "", "which User is it? (write exactly one of `email` or `staffId` or metadata.id)"),
        ("email: j@example.com, staffId: S1", "", "`email` and `staffId` both say which User it is"),
        ("email: j@example.com", ", id: '3'", "`email` and metadata.id both say which User it is"),
        ("staffId: S1", ", id: '3'", "`staffId` and metadata.id both say which User it is"),
        ("staffId: S1", ", previously: {key: j@example.com}", "changes `email`, which is not written"),
        ("email: j@example.com", ", previously: {key: jane}", "'jane' is not an e-mail address"),
        ("email: j@example.com", ", lifecycle: {onRemove: delete}", "'delete' is not one of release"),
    ],
)
def test_anything_else_is_one_problem(tmp_path: Path, spec: str, metadata: str, told: str) -> None:
    [found] = said(tmp_path, user("j", spec, metadata), OPS)

    assert told in found


def test_a_staff_id_stands_in_one_document(tmp_path: Path) -> None:
    [found] = said(tmp_path, user("a", "staffId: S1") + user("b", "staffId: S1"), OPS)

    assert "the same User as ops/User/a" in found


@pytest.mark.parametrize("name", ["firstName", "lastName", "owningAgency", "jobRole"])
@pytest.mark.parametrize("value", ["null", "''"])
def test_op_r38_nothing_can_be_cleared(tmp_path: Path, name: str, value: str) -> None:
    assert len(said(tmp_path, user("j", f"email: j@example.com, {name}: {value}"), OPS)) == 1


def test_a_number_is_quoted(tmp_path: Path) -> None:
    [found] = said(tmp_path, user("j", "email: j@example.com, owningAgencyId: 12"), OPS)

    assert "quote it" in found


@pytest.mark.parametrize(
    ("data", "told"),
    [
        (b"\x89PNG\r\n", "begins with 89 50 4E, not with FF D8 FF"),
        (b"\xff\xd8", "begins with FF D8, not with FF D8 FF"),
        (b"", "begins with nothing: it is empty, not with FF D8 FF"),
    ],
)
def test_a_picture_is_a_jpeg(tmp_path: Path, data: bytes, told: str) -> None:
    text = user("j", "email: j@example.com, avatar: faces/j.jpg")
    [found] = said(tmp_path, {"manifests/a.yaml": text, "faces/j.jpg": data}, OPS)

    assert found.startswith("manifests/a.yaml:5:38: ops/User/j: spec.avatar: 'faces/j.jpg' begins")
    assert told in found


def test_a_jpeg_is_taken(tmp_path: Path) -> None:
    text = user("j", "email: j@example.com, avatar: faces/j.jpg")
    files: dict[str, str | bytes] = {"manifests/a.yaml": text, "faces/j.jpg": b"\xff\xd8\xff\xe0"}

    [one] = load(write(tmp_path, files, OPS)).documents

    assert isinstance(one.spec["avatar"], dict)
