"""What people will try to declare and nobody can: one problem, with the reason and what to do instead."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.unit.load.projects import LABEL, PROJECT, said, write
from tests.unit.load.projects import problems as all_problems

BOTH = PROJECT.replace("  studio:", "  ops: {provider: omg-platform}\n  studio:")
TEAM = "apiVersion: studio-tracker/v1\nkind: {kind}\nmetadata: {{name: x}}\nspec: {{stages: [a], name: 7}}\n"
BRIEF = """\
apiVersion: omg-platform/v1
kind: Brief
metadata: {name: q3, lifecycle: {ignore: []}}
spec:
  title: Q3
  summary: Overview
  deadline: 2026-06-30
  businessArea: UK
  status: approved
"""


@pytest.mark.parametrize(
    "kind",
    ["Role", "Deliverable", "Stage", "Revision", "Comment", "Annotation", "PipelineTemplate", "Organisation"],
)
def test_a_refused_kind_is_one_problem_with_its_line(tmp_path: Path, kind: str) -> None:
    """Whatever else is wrong with the document does not matter (ST-R63)."""
    [told] = said(tmp_path, "---\n" + TEAM.format(kind=kind))

    assert told.startswith(f"manifests/a.yaml:3:7: studio-tracker/{kind} cannot be managed: ")


@pytest.mark.parametrize("kind", ["Deliverable", "Project", "Library", "Debug"])
@pytest.mark.parametrize("spec", ["spec: {}", "spec: [x]", "specs: {a: '${var.none}'}", ""])
def test_op_r26_kinds_without_paths(tmp_path: Path, kind: str, spec: str) -> None:
    text = f"apiVersion: omg-platform/v1\nkind: {kind}\nmetadata: {{name: x, target: nowhere}}\n{spec}\n"
    [told] = said(tmp_path, text, BOTH)

    assert told.startswith(f"manifests/a.yaml:2:7: omg-platform/{kind} cannot be managed: ")
    assert "the reference prints no paths for" in told


def test_other_documents_are_judged_as_ever(tmp_path: Path) -> None:
    refused, wrong = (
        TEAM.format(kind="Role"),
        LABEL.replace("production", "p").replace("spec: {name", "spec: {nam"),
    )

    assert len(said(tmp_path, {"manifests/a.yaml": refused, "manifests/b.yaml": wrong})) == 2


def test_a_refused_kind_of_a_provider_without_a_target_is_refused_all_the_same(tmp_path: Path) -> None:
    [told] = said(tmp_path, "apiVersion: omg-platform/v1\nkind: Library\nmetadata: {name: x}\nspec: {}\n")

    assert "omg-platform/Library cannot be managed" in told


def test_a_refused_field_is_one_problem_and_not_unknown(tmp_path: Path) -> None:
    [told] = said(tmp_path, BRIEF, BOTH)

    assert told == (
        "manifests/a.yaml:9:3: ops/Brief/q3: spec.status: cannot be managed: a status cannot be set; "
        "one transition can be asked for, by `metadata.once: {changeRequest: <new value>}`"
    )
    assert [p.rule for p in all_problems(write(tmp_path, BRIEF, BOTH))] == ["refused"]


def test_fields_of_the_studios_own(tmp_path: Path) -> None:
    text = "apiVersion: studio-tracker/v1\nkind: Project\nmetadata: {name: x}\n"
    [told] = said(tmp_path, text + 'spec: {omgJobNumber: "1", customFields: {a: 1}}\n')

    assert "spec.customFields: cannot be managed: the job feed writes them" in told


def test_a_refused_field_is_no_proposal(tmp_path: Path) -> None:
    [told] = said(tmp_path, BRIEF.replace("status: approved", "statu: approved"), BOTH)

    assert "unknown field" in told
    assert "'status'" not in told


def test_a_refused_field_cannot_be_ignored(tmp_path: Path) -> None:
    text = BRIEF.replace("ignore: []", "ignore: [spec.status]").replace("  status: approved\n", "")
    [told] = said(tmp_path, text, BOTH)

    assert "is no field of Brief that can be ignored" in told


def test_people_of_the_studio_are_invited(tmp_path: Path) -> None:
    text = "apiVersion: studio-tracker/v1\nkind: User\nmetadata: {name: x}\nspec: {email: jane@example.com}\n"
    [told] = said(tmp_path, text)

    assert "a User cannot be declared" in told
    assert "invite with Invitation" in told


@pytest.mark.parametrize("kind", ["Agency", "JobRole"])
def test_agencies_and_job_roles_are_named_and_not_declared(tmp_path: Path, kind: str) -> None:
    text = f"apiVersion: omg-platform/v1\nkind: {kind}\nmetadata: {{name: x}}\nspec: {{name: Producer}}\n"
    [told] = said(tmp_path, text, BOTH)

    article = "an" if kind == "Agency" else "a"
    assert f"{article} {kind} cannot be declared: it is only read" in told
    assert "a User names one" in told


def test_a_session_is_no_part_of_the_cms(tmp_path: Path) -> None:
    text = "apiVersion: omni-cms/v1\nkind: Session\nmetadata: {name: x}\nspec: {}\n"
    [told] = said(tmp_path, text)

    assert "omni-cms/Session cannot be managed: it is no part of the API" in told
