"""`--changed-since`: what means something else than at an earlier commit."""

from __future__ import annotations

import subprocess
from collections.abc import Mapping
from pathlib import Path

import pytest

from reconciler.load.changed import changed_since
from reconciler.model.faults import UsageWrong
from tests.unit.load.projects import FOLDER, LABEL, PROJECT, TEAM, catalog, load, write

A, F, T = "manifests/a.yaml", "manifests/f.yaml", "manifests/t.yaml"
VALUED = LABEL.replace("name: Production", "name: 'In ${var.region}'")


def git(root: Path, *words: str) -> None:
    who = ["-c", "user.name=Jane", "-c", "user.email=jane@example.com", "-c", "commit.gpgsign=false"]
    subprocess.run(["git", "-C", str(root), *who, *words], check=True, capture_output=True)


def committed(root: Path, files: Mapping[str, str | bytes], project: str = PROJECT) -> Path:
    root.mkdir(exist_ok=True)
    write(root, files, project)
    git(root, "init", "-q")
    git(root, "add", "-A")
    git(root, "commit", "-q", "-m", "first")
    return root


def changed(root: Path, revision: str = "HEAD", **options: object) -> set[str]:
    found = changed_since(load(root, **options), root, revision, catalog(), **options)  # type: ignore[arg-type]
    return {str(a) for a in found}


@pytest.fixture
def root(tmp_path: Path) -> Path:
    return committed(tmp_path / "p", {A: VALUED, F: FOLDER, T: TEAM})


def test_nothing_has_changed_in_a_fresh_checkout(root: Path) -> None:
    assert changed(root) == set()
    assert changed(root, environment="prod") == set()


def test_layout_comments_and_files_do_not_count(root: Path) -> None:
    (root / A).unlink()
    (root / F).write_text(
        "# a comment\n" + FOLDER.replace("{path: Finance/Reports}", "\n    path: 'Finance/Reports'")
    )
    write(root, {"manifests/deep/b.yml": VALUED})

    assert changed(root) == set()


def test_what_differs_is_new_or_is_gone(root: Path) -> None:
    write(root, {A: VALUED.replace("In ", "At "), "manifests/n.yaml": LABEL.replace("production", "new")})
    (root / F).unlink()

    assert changed(root) == {"analytics/Label/production", "analytics/Label/new", "analytics/Folder/reports"}


@pytest.mark.parametrize(
    "metadata",
    [
        "{name: brand, labels: {a: b}}", "{name: brand, lifecycle: {protect: true}}", "{name: brand, id: '7'}",
        "{name: brand, description: d}", "{name: brand, previously: {name: b}}",
    ],
)  # fmt: skip
def test_the_metadata_counts(metadata: str, root: Path) -> None:
    write(root, {T: TEAM.replace("{name: brand}", metadata)})

    assert changed(root) == {"studio/ClientTeam/brand"}


def test_true_is_not_one(tmp_path: Path) -> None:
    from tests.unit.load.projects import partner

    root = committed(tmp_path / "p", {A: partner("acme", choice="1")})
    write(root, {A: partner("acme", choice="2")})

    assert changed(root) == {"analytics/Partner/acme"}


def test_variables_and_settings_count(root: Path) -> None:
    write(root, {}, PROJECT.replace("region: EMEA", "region: APAC"))
    assert changed(root) == {"analytics/Label/production"}
    assert changed(root, environment="prod") == set()

    write(root, {}, PROJECT.replace("organisation: acme", "organisation: other"))
    assert changed(root) == {"studio/ClientTeam/brand"}


def test_an_earlier_file_that_was_wrong_counts_as_different(tmp_path: Path) -> None:
    root = committed(tmp_path / "p", {A: "a: [", F: FOLDER.replace("path:", "paths:"), T: TEAM})
    write(root, {A: LABEL, F: FOLDER})

    assert changed(root) == {"analytics/Label/production", "analytics/Folder/reports"}


def test_an_earlier_project_file_that_was_missing_or_wrong_is_today_s(tmp_path: Path) -> None:
    root = committed(tmp_path / "p", {A: VALUED}, "kind: [")
    write(root, {})

    assert changed(root) == set()
    git(root, "rm", "-q", "-f", "reconciler.yaml")
    git(root, "commit", "-q", "-m", "second")
    write(root, {})
    assert changed(root) == set()


def test_a_project_may_lie_below_the_top_of_its_repository(tmp_path: Path) -> None:
    (tmp_path / "top/project").mkdir(parents=True)
    write(tmp_path / "top/project", {A: LABEL, "manifests/ü ä.yaml": TEAM})
    write(tmp_path / "top", {"manifests/other.yaml": FOLDER})
    git(tmp_path / "top", "init", "-q")
    git(tmp_path / "top", "add", "-A")
    git(tmp_path / "top", "commit", "-q", "-m", "first")
    root = tmp_path / "top/project"

    assert changed(root) == set()
    (root / "manifests/ü ä.yaml").unlink()
    assert changed(root) == {"studio/ClientTeam/brand"}


def test_the_environment_of_a_hook_does_not_lead_elsewhere(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GIT_DIR", "/nowhere")

    assert changed(root) == set()
    assert load(root).commit is not None


@pytest.mark.parametrize(
    "revision", ["nothing", "", "--output=x", "-h", "HEAD~5", "a\nb", "\x00", "HEAD:reconciler.yaml"]
)
def test_an_unknown_revision_is_said_to_be(revision: str, root: Path) -> None:
    with pytest.raises(UsageWrong):
        changed(root, revision)


def test_outside_a_repository_there_is_no_revision(tmp_path: Path) -> None:
    with pytest.raises(UsageWrong, match="this is not a git repository"):
        changed(write(tmp_path, LABEL))


def test_without_git_there_is_no_revision(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    desired = load(root)
    monkeypatch.setenv("PATH", "/nowhere")

    assert load(root).commit is None
    with pytest.raises(UsageWrong, match="there is no git on this machine"):
        changed_since(desired, root, "HEAD", catalog())
