"""Manifests of briefs, as the loader reads them: what a person may write, and what is refused (OP-R14, OP-R15)."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from reconciler.model.document import Document
from reconciler.model.faults import ManifestInvalid
from reconciler.workflow import Options, validate

SPEC: Mapping[str, Any] = {
    "title": "Q3",
    "summary": "Overview",
    "deadline": "2026-06-30",
    "businessArea": "UK/Marketing",
}


def loaded(folder: Path, *documents: tuple[Mapping[str, Any], Mapping[str, Any]]) -> tuple[Document, ...]:
    """(metadata, spec) of each document."""
    (folder / "manifests").mkdir()
    project = {"apiVersion": "reconciler/v1", "kind": "Project", "targets": {"ops": {"provider": "omg-platform"}}}
    (folder / "reconciler.yaml").write_text(json.dumps(project), encoding="utf-8")
    for i, (metadata, spec) in enumerate(documents):
        one = {"apiVersion": "omg-platform/v1", "kind": "Brief", "metadata": metadata, "spec": spec}
        (folder / "manifests" / f"{i}.yaml").write_text(json.dumps(one), encoding="utf-8")
    return validate(Options(project=folder)).documents


def refused(folder: Path, metadata: Mapping[str, Any], spec: Mapping[str, Any]) -> list[str]:
    with pytest.raises(ManifestInvalid) as caught:
        loaded(folder, ({"name": "q3", **metadata}, spec))
    return [p.message for p in caught.value.problems]


def test_a_whole_brief(tmp_path: Path) -> None:
    metadata = {"name": "q3", "once": {"changeRequest": "r1"}, "lifecycle": {"ignore": ["spec.title"]}}
    [one] = loaded(tmp_path, (metadata, {**SPEC, "slipstream": "Digital", "changeRequestFirst": True}))

    assert str(one.address) == "ops/Brief/q3"
    assert (one.spec["deadline"], one.once) == ("2026-06-30", {"changeRequest": "r1"})


def test_op_r15_an_unquoted_day_is_a_text(tmp_path: Path) -> None:
    loaded(tmp_path)
    text = "\n".join(f"  {name}: {value}" for name, value in SPEC.items())
    head = "apiVersion: omg-platform/v1\nkind: Brief\nmetadata: {name: q3}\nspec:\n"
    (tmp_path / "manifests" / "q3.yaml").write_text(head + text, encoding="utf-8")

    [one] = validate(Options(project=tmp_path)).documents

    assert one.spec["deadline"] == "2026-06-30"


def test_op_r10_two_briefs_may_have_one_title(tmp_path: Path) -> None:
    assert len(loaded(tmp_path, ({"name": "a"}, SPEC), ({"name": "b"}, SPEC))) == 2


def test_op_r14_two_documents_with_one_id_are_refused(tmp_path: Path) -> None:
    with pytest.raises(ManifestInvalid, match="the same id as ops/Brief/a"):
        loaded(tmp_path, ({"name": "a", "id": "7"}, SPEC), ({"name": "b", "id": "7"}, SPEC))


@pytest.mark.parametrize("name", SPEC)
def test_op_r15_four_fields_are_required(tmp_path: Path, name: str) -> None:
    [said] = refused(tmp_path, {}, {k: v for k, v in SPEC.items() if k != name})

    assert f"'{name}' is missing" in said


@pytest.mark.parametrize("name", [*SPEC, "slipstream", "externalReference"])
@pytest.mark.parametrize("value", [None, "", 7, True, ["x"]])
def test_op_r15_nothing_can_be_cleared(tmp_path: Path, name: str, value: Any) -> None:
    assert len(refused(tmp_path, {}, {**SPEC, name: value})) == 1


@pytest.mark.parametrize("value", ["30/6", "2026-02-30", "2026-06-30T00:00:00Z", "26-06-30"])
def test_op_r16_a_deadline_is_a_day(tmp_path: Path, value: str) -> None:
    [said] = refused(tmp_path, {}, {**SPEC, "deadline": value})

    assert f"'{value}' is not a date" in said


@pytest.mark.parametrize(
    ("metadata", "spec", "said"),
    [
        (
            {},
            {"status": "draft"},
            "one transition can be asked for, by `metadata.once: {changeRequest: <new value>}`",
        ),
        ({}, {"brief_title": "x"}, "brief_title"),
        ({"once": {"reissue": "x"}}, {}, "knows no one-shot token 'reissue'"),
        ({"previously": {"key": "Old"}}, {}, "cannot be renamed from here"),
        ({"lifecycle": {"onRemove": "delete"}}, {}, "'delete' goes further than 'release'"),
        ({"lifecycle": {"onRemove": "archive"}}, {}, "archive"),
    ],
)
def test_op_r15_what_is_no_part_of_a_brief(
    tmp_path: Path, metadata: dict[str, Any], spec: dict[str, Any], said: str
) -> None:
    [found] = refused(tmp_path, metadata, {**SPEC, **spec})

    assert said in found
